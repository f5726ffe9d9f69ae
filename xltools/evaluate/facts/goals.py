"""Goals with a number each, on every sheet that names them."""

from __future__ import annotations

from xltools.evaluate.facts.number_keys import number_texts
from xltools.evaluate.quarter_model import Model


def derive(model: Model) -> None:
    """Number goals on alignment, tasks and review."""
    names = (("alignment", "supporting_goal"), ("tasks", "goal"), ("review", "goal"))
    number_texts(
        model, "goal_key", [(model.grid("goals", sheet), column) for sheet, column in names]
    )
