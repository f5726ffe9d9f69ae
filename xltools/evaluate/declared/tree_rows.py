"""Rows that name the row above them, in the order of the tree."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.evaluate.figures.figure_grid import Grid
from xltools.ground.folding import fold

_DEEPEST = 6


def tree(grid: Grid, key: str, above: str) -> tuple[Sequence[int], Sequence[int]]:
    """Rows below the row that they name, and how deep each is; team by team."""
    columns = zip(*(grid[name].values for name in ("key", key, above)), strict=True)
    names = [(team, fold(str(own)), fold(str(parent or ""))) for team, own, parent in columns]
    known = {(team, own) for team, own, _ in names}
    children: dict[object, list[int]] = {}
    for row, (team, own, parent) in enumerate(names):
        there = (team, parent) in known and parent != own
        children.setdefault((team, parent if there else ""), []).append(row)
    depths: dict[int, int] = {}

    def visit(row: int, depth: int) -> None:
        if row not in depths:
            depths[row] = min(depth, _DEEPEST)
            for child in children.get(names[row][:2], []):
                visit(child, depth + 1)

    for team in sorted({team for team, _, _ in names}, key=lambda team: int(str(team or 0))):
        circles = (row for row, name in enumerate(names) if name[0] == team)
        for row in (*children.get((team, ""), []), *circles):
            visit(row, 0)
    return list(depths), list(depths.values())
