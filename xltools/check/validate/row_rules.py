"""Defaults, computed columns and row rules of a batch, in pandas, all files of a kind at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xltools.check.submission import Submission
from xltools.check.validate.recomputed_values import differs, shown_value
from xltools.check.validate.stacked_rows import GROUP, Block, StackedRows, plain, series
from xltools.definition import Catalog, ColumnDef, Definition, Rule, SheetDef
from xltools.expressions import Expression, Scope, computation_order, parse
from xltools.issues import Code, Severity
from xltools.settings import Settings

if TYPE_CHECKING:
    from xltools.expressions import Tables


def apply_rules(batch: Sequence[Submission], catalog: Catalog, settings: Settings) -> None:
    """Fill in defaults, recompute computed columns, and report broken rules; changes the batch."""
    for definition in catalog:
        own = [one for one in batch if one.template == definition.name and not one.excluded]
        if own:
            _RuleRun(definition, own, catalog, settings).run()


class _RuleRun:
    """All submissions of one definition while their rules run."""

    def __init__(
        self,
        definition: Definition,
        submissions: Sequence[Submission],
        catalog: Catalog,
        settings: Settings,
    ) -> None:
        self.definition = definition
        self.catalog = catalog
        self.stacks = {sheet.name: StackedRows(sheet) for sheet in definition.sheets}
        for number, submission in enumerate(submissions):
            for name, stack in self.stacks.items():
                stack.push(submission, number, f"{definition.name}.{name}")
        self.tables = _tables(self.stacks, catalog, settings)

    def run(self) -> None:
        filled = [stack for stack in self.stacks.values() if stack.size]
        for stack in filled:
            for column in stack.sheet.columns:
                if column.default:
                    self._fill_default(stack, column)
        for sheet, name in self._computation_order(filled):
            self._recompute(self.stacks[sheet], self.definition.sheet(sheet).column(name))
        for stack in filled:
            for rule in stack.sheet.rules:
                self._check(stack, rule)

    def _computation_order(self, filled: Sequence[StackedRows]) -> list[tuple[str, str]]:
        return computation_order(
            {
                (stack.sheet.name, column.name): self._parsed(stack.sheet, column.compute)
                for stack in filled
                for column in stack.sheet.columns
                if column.computed
            }
        )

    def _fill_default(self, stack: StackedRows, column: ColumnDef) -> None:
        values = stack.values(column.name)
        defaults = self._computed(stack, column, column.default)
        for block, at, row in stack.cells():
            if values[at] is None and defaults[at] is not None:
                if block.is_faulty(column.name, row):
                    continue
                values[at] = defaults[at]
                if column.name in block.rows.places:
                    block.issues.add(
                        Code.CELL_NORMALISED,
                        column.name,
                        row,
                        text="cell-normalised.default",
                        reading=self._shown(defaults[at], column, block),
                    )
        self._put(stack, column, values)

    def _recompute(self, stack: StackedRows, column: ColumnDef) -> None:
        in_file = stack.values(column.name)
        values = self._computed(stack, column, column.compute)
        if not column.hidden:
            for block, at, row in stack.cells():
                old, new = in_file[at], values[at]
                if old is None or old == new or column.name not in block.rows.places:
                    continue
                if differs(old, new):
                    self._report_recomputed(block, column, row, (old, new))
        self._put(stack, column, values)

    def _report_recomputed(
        self, block: Block, column: ColumnDef, row: int, pair: tuple[object, object]
    ) -> None:
        """Report a computed cell, as info where its formula read cells that were interpreted."""
        live = row in block.rows.formulas.get(column.name, ())
        excused = live and block.rows.title in block.interpreted
        if pair[1] is None:
            excused = bool(block.interpreted)
        block.issues.add(
            Code.CELL_RECOMPUTED,
            column.name,
            row,
            severity=Severity.INFO if excused else None,
            text=f"cell-recomputed.{form}" if (form := _form(live, pair[1])) else "",
            value=self._shown(pair[0], column, block),
            suggestion=self._shown(pair[1], column, block),
        )

    def _check(self, stack: StackedRows, rule: Rule) -> None:
        from xltools.expressions import violations

        check = self._parsed(stack.sheet, rule.check)
        broken = violations(check, stack.sheet.name, self.tables, group=GROUP)
        if not broken.any():
            return
        flags = broken.to_numpy()
        reported: set[int] = set()
        for block, at, row in stack.cells():
            if flags[at] and not (rule.once and block.start in reported):
                reported.add(block.start)
                self._report_broken(stack.sheet, rule, block, at, row)

    def _report_broken(self, sheet: SheetDef, rule: Rule, block: Block, at: int, row: int) -> None:
        """Report a broken rule at its first column in the file, unless a cell is faulty already."""
        placed = [name for name in rule.columns if name in block.rows.places]
        if not placed or any(block.is_faulty(name, row) for name in placed):
            return
        column = sheet.column(placed[0])
        value = block.rows.columns[column.name][at - block.start]
        block.issues.add(
            Code(rule.code),
            column.name,
            row,
            severity=Severity(rule.severity),
            value="" if value is None else self._shown(value, column, block),
            sentence={"zh": rule.message.zh, "en": rule.message.en},
            rule=rule.name,
            cells=" ".join(block.issues.cell(name, row) for name in placed),
        )

    def _computed(self, stack: StackedRows, column: ColumnDef, text: str) -> list[object]:
        from xltools.expressions import evaluate

        expression = self._parsed(stack.sheet, text)
        found = evaluate(expression, stack.sheet.name, self.tables, group=GROUP)
        return plain(found, column)

    def _parsed(self, sheet: SheetDef, text: str) -> Expression:
        return parse(text, Scope.of(self.catalog, self.definition, sheet))

    def _put(self, stack: StackedRows, column: ColumnDef, values: list[object]) -> None:
        """Write a column back to the submissions and to the table that later expressions see."""
        stack.put(column.name, values)
        frame = self.tables.sheets[stack.sheet.name]
        frame[column.name] = series(values, column)

    def _shown(self, value: object, column: ColumnDef, block: Block) -> str:
        lang = block.submission.lang
        return shown_value(value, column, self.catalog, self.definition, lang)


def _tables(stacks: dict[str, StackedRows], catalog: Catalog, settings: Settings) -> Tables:
    import pandas as pd

    from xltools.expressions import Tables

    names = list(catalog.settings.sheet("metrics").names)
    library = pd.DataFrame(settings.library(), columns=names, dtype=object)
    frames = {name: stack.frame() for name, stack in stacks.items()}
    return Tables(frames, library, dict(settings.parameters))


def _form(live: bool, computed: object) -> str:
    """Which sentence says it best."""
    return "blank" if computed is None else "formula" if live else ""
