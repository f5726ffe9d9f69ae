"""How a row's months add up beside the desk's target: ``15 + 18 = 33 / 50``, live and cached."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.generate.layout.form_layout import Form
from xltools.generate.live.live_checks import TOLERANCE, target_lookup

PERCENT, RATIO = 'ISNUMBER(SEARCH("%",{unit}))', 'LEFT({unit},2)="1:"'


def tally_formula(form: Form) -> str:
    """A second line for the check column; nothing until a month is typed."""
    sheet = form.sheet
    unit = form.cell(sheet.column("target").unit_from)
    percent, ratio = PERCENT.format(unit=unit), RATIO.format(unit=unit)

    def written(number: str) -> str:
        scaled = f"ROUND({number}*IF({percent},100,1),4)"
        return f'IF({ratio},"1:","")&{scaled}&IF({percent},"%","")'

    months = [form.cell(name) for name in sheet.tallied]
    total, typed = form.cell("target"), ",".join(months)
    parts = "&".join(f'IF(ISNUMBER({one})," + "&{written(one)},"")' for one in months)
    adds_up = f"ABS(SUM({typed})-{total})<={TOLERANCE:.6f}*MAX(ABS({total}),1)"
    sums = f'IF(AND(COUNT({typed})>1,{adds_up}),MID({parts},4,99)&" = ","")'
    text = f'CHAR(10)&{sums}&{written(total)}&" / "&{written(target_lookup(form, "tgt_target"))}'
    return f'IF(COUNT({typed})=0,"",IFERROR({text},""))'


def tally(months: Sequence[object], total: object, said: float | None, unit: str) -> str:
    """The same for one row's values."""
    typed = [one for one in months if isinstance(one, int | float)]
    if not typed or said is None or not isinstance(total, int | float):
        return ""

    def written(number: float) -> str:
        text = f"{round(number * (100 if '%' in unit else 1), 4):.15g}"
        return f"{'1:' if unit.startswith('1:') else ''}{text}{'%' if '%' in unit else ''}"

    adds_up = abs(sum(typed) - total) <= TOLERANCE * max(abs(total), 1)
    sums = f"{' + '.join(map(written, typed))} = " if len(typed) > 1 and adds_up else ""
    return f"\n{sums}{written(total)} / {written(said)}"
