"""Threads for the analyst's pages and the watch: teams that send at once cannot take them all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

P = ParamSpec("P")
T = TypeVar("T")

_OURS = CapacityLimiter(12)


async def beside(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that takes time, while other requests are answered."""
    return await to_thread.run_sync(partial(function, *args, **kwargs), limiter=_OURS)
