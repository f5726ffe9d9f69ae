"""The commands, from their own ``--help``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache

from sources.words import code, table, told
from xltools.cli import COMMANDS

_RUN = """
import sys
from xltools.cli import COMMANDS, cli
from xltools.cli.shared.run_language import choose
import click
choose(["--lang", sys.argv[1]])
group = click.Context(cli, info_name="xltools", max_content_width=100)
for verb in ("", *COMMANDS):
    command = cli.get_command(group, verb) if verb else cli
    within = click.Context(command, info_name=verb, parent=group) if verb else group
    print(command.get_help(within), end="\\0")
"""


_SHELLS = """\
```sh
eval "$(_XLTOOLS_COMPLETE=bash_source xltools)"     # ~/.bashrc
eval "$(_XLTOOLS_COMPLETE=zsh_source xltools)"      # ~/.zshrc
_XLTOOLS_COMPLETE=fish_source xltools | source      # ~/.config/fish/config.fish
```"""


@cache
def helps(lang: str) -> dict[str, str]:
    """What ``--help`` says of the program (under "") and of every command."""
    made = subprocess.run(
        [sys.executable, "-c", _RUN, lang],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "82", "PYTHONUTF8": "1"},
    )
    return dict(zip(("", *COMMANDS), made.stdout.split("\0"), strict=False))


def page(lang: str) -> str:
    """The page of all commands."""
    words = {name: both[lang] for name, both in told("pages")["commands"].items()}
    found = helps(lang)
    lines = [f"# {words['title']}", "", words["about"], "", "```text", found[""].rstrip(), "```"]
    for verb in COMMANDS:
        lines += ["", f"## {verb}", "", "```text", found[verb].rstrip(), "```"]
    exits = [(code(name), text) for name, text in words.items() if name.isdigit()]
    names = [(code(name), text) for name, text in words.items() if re.match("[A-Z]", name)]
    lines += ["", f"## {words['codes']}", "", *table((words["code"], words["means"]), exits)]
    lines += ["", f"## {words['variables']}", ""]
    lines += table((words["variable"], words["means"]), names)
    lines += ["", f"## {words['completion']}", "", words["completed"], ""]
    return "\n".join([*lines, _SHELLS])
