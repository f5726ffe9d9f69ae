"""The quarter in a few lines that somebody pastes into a group chat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xltools.check.respond.issue_sentences import located
from xltools.consolidate.combine.submission_status import Status
from xltools.definition import Catalog
from xltools.locale import say
from xltools.settings import Settings


def chat_text(status: Status, settings: Settings, catalog: Catalog, lang: str) -> str:
    """Who has not sent what, who must mend what, and until when; thanks where nothing is left."""
    deadline = status.deadline.isoformat() if status.deadline else say("chat.no_deadline", lang)
    period = status.period or "-"
    counts = {"due": status.due, "sent": status.sent}
    lines = [say("chat.head", lang, period=period, deadline=deadline, **counts)]
    missing: dict[str, list[str]] = {}
    faulty: dict[str, list[str]] = {}
    for one in status.workbooks:
        known = one.template in catalog.definitions
        title = catalog[one.template].title[lang] if known else one.template
        if one.state == "missing":
            missing.setdefault(one.team, []).append(title)
        elif one.errors:
            errors = say("chat.errors", lang, title=title, count=one.errors)
            faulty.setdefault(one.team, []).append(errors)
    if missing:
        lines += [say("chat.missing", lang), *_teams(missing, status, settings, lang)]
    if faulty:
        lines += [say("chat.faulty", lang), *_teams(faulty, status, settings, lang)]
    if status.excluded:
        reasons = (located(why, lang, catalog) for one in status.excluded for why in one.reasons)
        lines += [
            say("chat.excluded", lang),
            *(f"· {' '.join(reason.split())}" for reason in reasons),
        ]
    if len(lines) == 1:
        lines.append(say("chat.complete", lang))
    return "\n".join(lines) + "\n"


def _teams(
    teams: Mapping[str, Iterable[str]], status: Status, settings: Settings, lang: str
) -> Iterable[str]:
    """A line a team, with its own deadline where that is another one."""
    for team, words in teams.items():
        listed = say("check.comma", lang).join(words)
        due = settings.due(team)
        line = say("chat.team", lang, team=" ".join(team.split()), told=listed)
        yield line + (say("chat.until", lang, day=due) if due and due != status.deadline else "")
