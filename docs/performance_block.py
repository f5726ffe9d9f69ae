"""Puts what the benchmarks print into performance.md: ``python docs/performance_block.py``."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parent
PAGE = DOCS / "performance.md"
BENCH = DOCS.parent / "tests" / "benchmark" / "bench.py"
BLOCK = re.compile(r"(<!-- bench[^>]*-->\n).*?(<!-- /bench -->)", re.DOTALL)


def main() -> None:
    """Run the benchmarks that are named, or all, and keep what they print."""
    done = subprocess.run(
        [sys.executable, str(BENCH), *sys.argv[1:]], check=True, stdout=subprocess.PIPE, text=True
    )
    text = PAGE.read_text(encoding="utf-8")
    printed = f"\n```text\n{done.stdout.strip()}\n```\n\n"
    PAGE.write_text(BLOCK.sub(lambda block: block[1] + printed + block[2], text), "utf-8")


if __name__ == "__main__":
    main()
