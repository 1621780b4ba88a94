"""Named SQL: what does a file under ``sql/`` ask, and which parameters does it take?

A file is one statement under a header of comments: ``-- field: value``, its lines continued by comments
that are indented further. Parameters are written ``name type`` or ``name type = default``. ``step`` names what
``pipeline.adapters.steps`` makes of the statement's rows, and the parameters that go there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from pipeline.errors import UsageError, WarehouseError

# "-- title:    Who is cited"; not "-- a remark: between others" (two words before the colon).
_FIELD = re.compile(r"--[ ](?P<name>[a-z_]+):\s*(?P<value>.*)")
# "--           and continued", indented by two or more; not "-- a remark".
_CONTINUED = re.compile(r"--\s{2,}(?P<value>\S.*)")
# "top integer = 20", "start date"; not "top".
_PARAM = re.compile(
    r"(?P<name>[a-z_]+)\s+(?P<kind>date|integer|double|varchar\[\]|varchar|boolean|timestamp)(?:\s*=\s*(?P<default>.+))?"
)
# "last", "last - 13": the newest day that has articles, and so many days before; not "last + 1".
_LAST = re.compile(r"last(?:\s*-\s*(?P<days>\d+))?")

Value = date | int | float | str | bool | list[str] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Param:
    name: str
    kind: (
        str  # date, integer, double, varchar, boolean; of checks: timestamp; of views and watches: varchar[]
    )
    default: str | None = None  # as written; None: it must be given

    def value(self, given: str | None, *, last: date) -> Value:
        """The value to bind; ``last`` is the newest day there is, on which defaults may count."""
        if given is None:
            if self.default is None:
                raise UsageError(f"parameter {self.name} ({self.kind}) must be given")
            given = None if self.default == "null" else self.default
        if given is None:
            return None
        try:
            return _read(self.kind, given.strip(), last)
        except ValueError as error:
            raise UsageError(f"parameter {self.name}: {given!r} is no {self.kind}") from error


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedQuery:
    """One file: what its header says, and its statement."""

    name: str
    title: str
    question: str
    sql: str
    grain: str = ""
    reads: tuple[str, ...] = ()
    method: str = ""
    params: tuple[Param, ...] = ()
    severity: str = ""  # of a check: "error" or "warn"
    step: str = ""  # what the rows go through, where SQL ends
    step_params: tuple[str, ...] = ()

    def bound(self, given: Mapping[str, str | None], *, last: date) -> dict[str, Value]:
        """Values for all parameters; UsageError where one is unknown, missing or unreadable."""
        known = {param.name for param in self.params}
        if unknown := sorted(set(given) - known):
            raise UsageError(
                f"{self.name} has no parameter {', '.join(unknown)}; it takes {', '.join(sorted(known))}"
            )
        return {param.name: param.value(given.get(param.name), last=last) for param in self.params}


def parsed(name: str, text: str) -> NamedQuery:
    """A file's text as a named query; WarehouseError where its header is not what it must be."""
    header: dict[str, str] = {}
    field = ""
    for line in text.splitlines():
        if match := _FIELD.fullmatch(line):
            field = match["name"]
            header[field] = match["value"].strip()
        elif field and (match := _CONTINUED.fullmatch(line)):
            header[field] = f"{header[field]} {match['value'].strip()}"
        elif not line.startswith("--"):
            break
        else:
            field = ""
    if missing := [word for word in ("title", "question") if not header.get(word)]:
        raise WarehouseError(f"{name}.sql: its header lacks {', '.join(missing)}")
    return NamedQuery(
        name=name,
        title=header["title"],
        question=header["question"],
        sql=text,
        grain=header.get("grain", ""),
        reads=tuple(_listed(header.get("reads", ""))),
        method=header.get("method", ""),
        params=tuple(_param(name, words) for words in _listed(header.get("params", ""))),
        severity=header.get("severity", ""),
        step=next(iter(header.get("step", "").split()), ""),
        step_params=tuple(header.get("step", "").split()[1:]),
    )


@cache
def folder(path: Path) -> tuple[NamedQuery, ...]:
    """All named queries of a folder, by name."""
    return tuple(parsed(file.stem, file.read_text(encoding="utf-8")) for file in sorted(path.glob("*.sql")))


def _param(name: str, words: str) -> Param:
    match = _PARAM.fullmatch(words)
    if match is None:
        raise WarehouseError(f"{name}.sql: parameter {words!r} is not written as: name type [= default]")
    return Param(name=match["name"], kind=match["kind"], default=match["default"])


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _read(kind: str, text: str, last: date) -> Value:
    if kind == "date":
        if match := _LAST.fullmatch(text):
            return last - timedelta(days=int(match["days"] or 0))
        return date.fromisoformat(text)
    if kind == "integer":
        return int(text)
    if kind == "double":
        return float(text)
    if kind == "varchar[]":
        return [part.strip() for part in text.split(";") if part.strip()]
    if kind == "boolean":
        if text.lower() not in ("true", "false"):
            raise ValueError(text)
        return text.lower() == "true"
    return text
