"""docs/api.md is true: what it asks is answered, and the paths it lists are all there are."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "api.md"
TEXT = PAGE.read_text(encoding="utf-8")
API = "$AIRFLOW/wirewatch/api/"
BLOCKS = re.findall(r"^```bash\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
# A command may go on after a backslash.
COMMANDS = [line for block in BLOCKS for line in block.replace("\\\n", " ").splitlines() if API in line]


def read(command: str) -> tuple[str, list[tuple[str, str]], str | None]:
    """The path, the parameters, and the body of what would be posted."""
    words = shlex.split(command)
    (url,) = [word for word in words if word.startswith(API)]
    data = [words[at + 1] for at, word in enumerate(words) if word in ("-d", "--data-urlencode")]
    if words[0] == "curl":
        (body,) = data
        return url.removeprefix(API), [], body
    pairs = [tuple(one.split("=", 1)) for one in data]
    return url.removeprefix(API), [(name, value) for name, value in pairs], None


def test_there_are_examples() -> None:
    assert len(COMMANDS) >= 10


@pytest.mark.parametrize("command", COMMANDS)
def test_every_example_is_answered(sample: Any, command: str) -> None:
    path, params, body = read(command)
    if body is not None:
        answer = sample.post(path, **json.loads(body))
    else:
        answer = sample.response(path, **{name: [v for n, v in params if n == name] for name, _ in params})
    assert answer.status_code == 200, answer.text
    assert len(answer.content) > 20


def test_the_paths_it_lists_are_those_that_are_there(sample: Any) -> None:
    listed = {
        path
        for row in re.findall(r"^\| (`[^|]+`) \|", TEXT, re.MULTILINE)
        for path in re.findall(r"`([a-z_./{}]+)`", row)
    }
    there = {path.removeprefix("/api/") for path in sample.get("openapi.json")["paths"]} | {"openapi.json"}
    filters = {"start", "end", "outlet", "language", "source"}
    assert listed - filters == there
