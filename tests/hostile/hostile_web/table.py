"""The cases as a table for people: docs/hostile-web.md."""

from __future__ import annotations

from collections.abc import Iterator

from hostile_web import CASES, Case, Kind

_HEAD = """# A hostile web

What the tests' servers do on purpose, and what a collecting run records of it. Every case runs over real
sockets (`tests/hostile/`), beside two outlets that behave: their pages are all captured, and time, memory and
bytes read stay bounded whatever the server sends. This table is printed from the tests by
`python scripts/hostile_table.py`.
"""


def document() -> str:
    """The whole page."""
    return "\n".join([_HEAD, f"{len(CASES)} cases.", *(line for kind in Kind for line in _section(kind)), ""])


def _section(kind: Kind) -> Iterator[str]:
    yield from ("", f"## {kind.value[0].upper()}{kind.value[1:]}", "")
    yield from ("| case | the server … | what is recorded |", "| --- | --- | --- |")
    for case in CASES:
        if case.kind is kind:
            yield f"| {case.name} | {case.server} | {_recorded(case)} |".replace("\n", " ")


def _recorded(case: Case) -> str:
    runs = " → ".join(str(outcome) for outcome in case.outcomes)
    if case.verdicts is None:
        return runs
    verdict = case.verdicts["/bad"]
    return f"{runs}; read as {'an article' if verdict is None else verdict.value}"
