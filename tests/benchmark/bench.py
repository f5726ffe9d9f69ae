"""All comparisons in one run: ``python tests/benchmark/bench.py [NAME...] [--full]``.

Ratios are of medians of interleaved runs; read these, not the times. Without ``--full`` the
numbers of workbooks are smaller, so that a run takes minutes.
"""

from __future__ import annotations

import argparse
import os
import platform

from consolidating import compare_consolidation, show_scale
from drafting import compare_drafting
from making import compare_evaluation, compare_generation, compare_marks
from reading import compare_reading, compare_safety
from starting import compare_start
from storing import compare_database

COMPARISONS = {
    "start": compare_start,
    "reading": compare_reading,
    "safety": compare_safety,
    "consolidation": compare_consolidation,
    "scale": show_scale,
    "database": compare_database,
    "generation": compare_generation,
    "marks": compare_marks,
    "evaluation": compare_evaluation,
    "drafting": compare_drafting,
}


def main() -> None:
    """Run the comparisons that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *COMPARISONS], metavar="NAME")
    parser.add_argument("--full", action="store_true", help="500 workbooks and more")
    chosen = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores")
    for name in chosen.names or COMPARISONS:
        COMPARISONS[name](chosen.full)


if __name__ == "__main__":
    main()
