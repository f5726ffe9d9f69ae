"""What every verb starts from: definitions, settings, the period and the teams asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from xltools.check.reading_plan import ReadingPlan
from xltools.definition import Catalog, Definition, load_catalog, survey
from xltools.definition.default_settings import default_settings
from xltools.errors import DefinitionError, UsageError
from xltools.ground.folding import fold
from xltools.ground.period import Quarter
from xltools.locale import LANGUAGES
from xltools.settings import Settings
from xltools.workspace import Workspace


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What every verb starts from: definitions, settings, the period and teams asked for."""

    catalog: Catalog
    settings: Settings
    period: Quarter | None = None
    teams: tuple[str, ...] = ()
    lang: str = LANGUAGES[0]
    workspace: Workspace | None = None

    @property
    def database(self) -> str:
        """The settings' database; a file's name counts from the settings' folder. "" for none."""
        scheme, mark, path = self.settings.database.partition(":///")
        if not mark or not scheme.startswith("sqlite") or not path:
            return self.settings.database
        return f"{scheme}:///{(Path(self.settings.file).absolute().parent / path).as_posix()}"

    def plan(self, template: str = "") -> ReadingPlan:
        """How workbooks are read; a definition's name is taken where they do not say theirs."""
        return ReadingPlan(
            self.catalog,
            self.settings,
            template=template,
            team=self.teams[0] if len(self.teams) == 1 else "",
            teams=self.teams,
            period=self.period,
            lang=self.lang,
        )


def start(
    *,
    settings: Path | str | None = None,
    templates: Path | str | None = None,
    period: str | Quarter | None = None,
    teams: Sequence[str] = (),
    lang: str = LANGUAGES[0],
    folder: Path | str | None = None,
) -> Run:
    """Load definitions and settings; inside a workspace (``folder``) its own are the default.

    Raises DefinitionError, SettingsError, UsageError (a period or team that cannot be).

    >>> run = start(period="2024 Q3", lang="en")
    >>> run.period, run.settings.parameters["attainment_cap"]
    (Quarter(year=2024, number=3), 1.2)
    """
    workspace = Workspace.around(Path(folder).absolute()) if folder is not None else None
    if templates is None and workspace and workspace.templates.is_dir():
        templates = workspace.templates
    catalog = load_catalog(Path(templates) if templates is not None else None)
    if templates is not None:
        from xltools.expressions import verify

        verify(catalog)
    if settings is None and workspace:
        settings = workspace.settings
    if settings is None:
        chosen = default_settings(catalog, lang)
    else:
        from xltools.check.settings.settings_workbook import read_settings

        chosen = read_settings(Path(settings), catalog, lang)
    return Run(
        catalog=catalog.with_choices(chosen.choices),
        settings=chosen,
        period=quarter(period) or chosen.period,
        teams=tuple(dict.fromkeys(known_team(chosen, team) for team in teams)),
        lang=lang,
        workspace=workspace,
    )


def quarter(period: str | Quarter | None) -> Quarter | None:
    """A quarter as people write it; UsageError for what is none."""
    if period is None or isinstance(period, Quarter):
        return period
    try:
        return Quarter.parse(period)
    except ValueError:
        raise UsageError("usage.period", value=period) from None


def known_team(settings: Settings, name: str) -> str:
    """A team as settings call it today; UsageError where they do not know it."""
    if not fold(name):
        raise UsageError("usage.nameless_team")
    if not settings.teams:
        return name
    found = settings.team(name)
    if found is None:
        raise UsageError.unknown("team", name, [team.team for team in settings.teams])
    return found.team


def find_definition(catalog: Catalog, name: str) -> Definition:
    """A definition by name or by title in either language; UsageError with the nearest one.

    >>> find_definition(load_catalog(), "Market expansion").name
    'expansion'
    """
    for definition in catalog:
        if fold(name) in {fold(definition.name), *map(fold, definition.title.all)}:
            return definition
    words = [one for definition in catalog for one in (definition.name, *definition.title.all)]
    known = [definition.name for definition in catalog]
    raise UsageError.unknown("template", name, known, words)


def load_definition(name: str, templates: Path | str | None = None) -> Definition:
    """One definition, shipped or from a folder of your own.

    >>> load_definition("goals").sheet("tasks").title.en
    'Tasks'
    """
    return find_definition(load_catalog(Path(templates) if templates else None), name)


def definition_mistakes(templates: Path | str | None = None) -> list[DefinitionError]:
    """Everything that keeps the definitions of a folder from being used; [] where nothing does.

    >>> definition_mistakes()
    []
    """
    from xltools.expressions import mistaken

    catalog, faults = survey(Path(templates) if templates is not None else None)
    # An expression over names that are wrong themselves would only repeat the fault.
    return faults or list(mistaken(catalog))
