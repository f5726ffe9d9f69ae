"""A receipt as a text to keep: what was received, when, and how it can be proved."""

from __future__ import annotations

from xltools.desk.rendered_pages import text
from xltools.desk.teams.team_view import Told


def receipt_text(one: Told, lang: str) -> bytes:
    """The receipt of a sending, for any editor."""
    sending = one.sending
    lines = [
        text("team.receipt.heading", lang),
        "",
        _line(text("team.receipt.time", lang), one.time),
        _line(text("team.receipt.team", lang), sending.team),
        _line(text("team.receipt.original", lang), sending.original),
    ]
    if one.title:
        lines.append(_line(text("team.receipt.workbook", lang), f"{one.title} · {sending.period}"))
    if sending.name:
        lines.append(_line(text("team.receipt.name", lang), sending.name))
    if sending.sha256:
        lines.append(_line("SHA-256", sending.sha256))
    if one.sheets:
        lines += ["", text("team.receipt.rows", lang)]
        lines += [_line(f"  {sheet.title}", str(sheet.rows)) for sheet in one.sheets]
    lines += ["", one.verdict, *([one.reason] if one.reason else [])]
    return "\r\n".join([*lines, ""]).encode("utf-8-sig")  # Windows' own editor needs both


def _line(label: str, value: str) -> str:
    return f"{label}: {value}"
