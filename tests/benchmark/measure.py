"""Measuring contenders in turn, so that a busy machine hurts all of them alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

Contenders = Mapping[str, Callable[[], object]]


def medians(contenders: Contenders, rounds: int) -> dict[str, float]:
    """Median seconds of each, every round all of them one after the other."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            seconds[name].append(timed(contender))
    return {name: statistics.median(found) for name, found in seconds.items()}


class Cost(NamedTuple):
    """What a contender took: seconds that passed, and those of processors.

    The latter are of this process and those that it waited for; a busy machine stretches them less.
    """

    seconds: float
    processor: float


def costs(contenders: Contenders, rounds: int) -> dict[str, Cost]:
    """The medians of both of each, every round all of them one after the other."""
    found: dict[str, list[Cost]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            before = sum(os.times()[:4])
            seconds = timed(contender)
            found[name].append(Cost(seconds, sum(os.times()[:4]) - before))
    return {
        name: Cost(*(statistics.median(one) for one in zip(*many, strict=True)))
        for name, many in found.items()
    }


def timed(contender: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    contender()
    return time.perf_counter() - start


def python(*arguments: str) -> Callable[[], object]:
    """A fresh interpreter with these arguments; faults in workbooks are no failure here.

    It keeps byte code, as an installed program has it, whatever this shell says.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def call() -> None:
        done = subprocess.run(
            [sys.executable, *arguments], capture_output=True, check=False, env=environment
        )
        if done.returncode not in (0, 1):
            raise RuntimeError(done.stderr.decode())

    return call


def section(title: str) -> None:
    """The heading of a comparison."""
    print(f"\n{title}", flush=True)


def row(name: str, *cells: str) -> None:
    """One line of it."""
    print(f"  {name:<46}" + "".join(f"{cell:>14}" for cell in cells), flush=True)


def ratio(name: str, ours: float, theirs: float, wanted: str) -> None:
    """How ours compares, and what is wanted of it: ``≥ 10`` times as fast, or ``≤ 1.5`` times."""
    at_least = wanted.startswith("≥")
    found = theirs / ours if at_least else ours / theirs
    limit = float(wanted[1:])
    verdict = "ok" if (found >= limit if at_least else found <= limit) else "MISSED"
    row(name, f"{found:.2f} x", f"want {wanted}", verdict)


def each(seconds: float, count: int) -> str:
    """Milliseconds a piece."""
    return f"{seconds / count * 1000:.1f} ms"


def table(found: Mapping[str, float], count: int, unit: str) -> None:
    """Every contender's time a piece."""
    for name, seconds in found.items():
        row(name, f"{each(seconds, count)} / {unit}")


def evenly(paths: Sequence[str], count: int) -> list[str]:
    """So many of them, spread over the whole."""
    step = max(1, len(paths) // count)
    return list(paths[::step][:count])
