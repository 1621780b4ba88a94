"""Write the real output of every ``$ wirewatch …`` example of README.md below its command.

Run after `make run`, with the sample days in ``./data``: ``python scripts/readme_outputs.py``. A test
fails when an example's output is no longer what the command prints.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
WIDTH = 110

# A fenced block that starts with a command: "```console\n$ wirewatch trend …\n…output…\n```"; its command
# may go on over lines that end in a backslash or stand inside quotes.
_EXAMPLE = re.compile(r"```console\n\$ (wirewatch (?:[^\n\"]|\"[^\"]*\")*)\n(.*?)```", re.DOTALL)

Run = Callable[[list[str]], str]


def examples(text: str) -> list[tuple[list[str], str]]:
    """Each example: the arguments after ``wirewatch``, and the output that stands below."""
    return [(shlex.split(command)[1:], output) for command, output in _EXAMPLE.findall(text)]


def refreshed(text: str, run: Run) -> str:
    """The text with every example's output as the command prints it now."""

    def again(match: re.Match[str]) -> str:
        output = run(shlex.split(match.group(1))[1:])
        return f"```console\n$ {match.group(1)}\n{trimmed(output)}```"

    return _EXAMPLE.sub(again, text)


def trimmed(output: str) -> str:
    """Lines without the padding at their ends, and no empty ones around them."""
    return "\n".join(line.rstrip() for line in output.strip("\n").splitlines()) + "\n"


def _printed(arguments: list[str]) -> str:
    environ = {**os.environ, "COLUMNS": str(WIDTH), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "pipeline", *arguments]
    return subprocess.run(command, env=environ, cwd=ROOT, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    README.write_text(refreshed(README.read_text(encoding="utf-8"), _printed), encoding="utf-8")
