"""Starting: ``--help`` against importing click, one workbook checked against importing pandas."""

from __future__ import annotations

from inbox import inbox, returned
from measure import medians, python, ratio, row, section

from xltools import cli

_CLI = cli.__name__


def compare_start(full: bool) -> None:
    """Both, from the shell."""
    saver = returned()
    section(f"Start (whole processes; the workbook saved by {saver})")
    run = ("-c", f"from {_CLI} import main; main()")
    one = str(inbox(100, saver=saver).paths[0])
    found = medians(
        {
            "python -c 'import click'": python("-c", "import click"),
            "xltools --help": python(*run, "--help"),
            "python -c 'import pandas'": python("-c", "import pandas"),
            "xltools check one.xlsx": python(*run, "check", one, "--period", "2024Q3"),
        },
        9 if full else 5,
    )
    for name, seconds in found.items():
        row(name, f"{seconds * 1000:.0f} ms")
    ratio("--help", found["xltools --help"], found["python -c 'import click'"], "≤ 1.5")
    ratio("check", found["xltools check one.xlsx"], found["python -c 'import pandas'"], "≤ 1.5")
