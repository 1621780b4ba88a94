"""The warehouse's readers' side: what do the published tables answer?

Every question opens the published file anew, read-only, in an engine of its own that can reach nothing
else: no other file, no network, no setting. Whoever reads while a new file is published keeps the old.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

import duckdb

from pipeline import bundled
from pipeline.adapters import dictionary, exporting, named_sql
from pipeline.adapters.asking import asked, failed, fetched, reason
from pipeline.adapters.dictionary import DescribedTable
from pipeline.adapters.kept import KeptEngine
from pipeline.adapters.named_sql import NamedQuery, Param
from pipeline.adapters.permitted import permitted
from pipeline.adapters.snapshot import Snapshot, add_macros
from pipeline.adapters.steps import STEPS
from pipeline.adapters.tables import Table
from pipeline.errors import QueryError, QueryTimeoutError, UsageError, WarehouseError

PUBLISHED = "wirewatch.duckdb"

AT_ONCE = 4  # questions of anybody that are answered at one time: each has that part of the memory
_NAMED = ("outlet", "source", "language")  # parameters whose values name a thing of the tables
_NO_DAY = date(1970, 1, 1)  # of a warehouse without articles: defaults that count on the newest day


@dataclass(frozen=True, kw_only=True, slots=True)
class TrendInfo:
    """What one file of ``sql/trends`` says of itself."""

    name: str
    title: str
    question: str
    grain: str
    params: tuple[Param, ...]
    method: str


class Lake(Protocol):
    """A store of many machines, whose readers open a snapshot."""

    def attach_published(self, con: duckdb.DuckDBPyConnection) -> None:
        """As ``wirewatch``, read-only, so that it can be read when all else is forbidden."""
        ...


class Reader:
    """Questions to the published file of a warehouse's folder, or to the published snapshot of a lake."""

    def __init__(self, directory: Path, *, lake: Lake | None = None) -> None:
        self.published = directory / PUBLISHED
        self._lake = lake
        self._engine = KeptEngine(self._opened)
        # Which file was last asked for its search index, and what it said.
        self._searched: tuple[tuple[int, int, int] | None, str | None] = (None, None)

    # ---- named questions -------------------------------------------------------------------------

    def trends(self) -> tuple[TrendInfo, ...]:
        """The named trends, by name; they can be listed before anything was published."""
        return tuple(
            TrendInfo(
                name=query.name,
                title=query.title,
                question=query.question,
                grain=query.grain,
                params=query.params,
                method=query.method,
            )
            for query in named_sql.folder(bundled.path("sql/trends"))
        )

    def listing(self) -> Table:
        """The named trends as a table for people."""
        return Table(
            columns=("trend", "question", "parameters"),
            types=("VARCHAR",) * 3,
            rows=tuple(
                (info.name, info.question, ", ".join(_described(param) for param in info.params))
                for info in self.trends()
            ),
        )

    def trend(
        self,
        name: str,
        params: Mapping[str, str | None],
        start: date | None = None,
        end: date | None = None,
    ) -> Table:
        """The answer of a named trend; start and end are days, both included."""
        queries = {query.name: query for query in named_sql.folder(bundled.path("sql/trends"))}
        if name not in queries:
            raise UsageError(f"there is no trend {name}; there are: {', '.join(queries)}")
        query = queries[name]
        given: dict[str, str | None] = dict(params)
        for bound, day in (("start", start), ("end", end)):
            if day is not None:
                given[bound] = day.isoformat()
        with self._open() as con:
            table = answered(con, query, query.bound(given, last=_newest_day(con)))
        if not table.rows:
            for kind in _NAMED:
                if value := given.get(kind):
                    self.refuse_unknown(kind, value)
        return table

    def named(self, name: str, values: Mapping[str, Any]) -> Table:
        """The rows of ``sql/<name>.sql``; parameters that are not given take their defaults."""
        query = named_sql.parsed(name, bundled.text(f"sql/{name}.sql"))
        with self._open() as con:
            last = _newest_day(con)
            left = {
                param.name: param.value(None, last=last) for param in query.params if param.name not in values
            }
            return asked(con, query.sql, {**left, **values})

    def refuse_unknown(self, kind: str, name: str, *, is_part: bool = False) -> None:
        """UsageError, with the nearest names, where no outlet, source or language is called so.

        ``is_part``: words of a source's name are enough.
        """
        rows = self.named("names_like", {"kind": kind, "given": name, "is_part": is_part}).rows
        if not any(is_same for _, is_same, _ in rows):
            near = f"; the nearest: {', '.join(known for known, _, _ in rows)}" if rows else ""
            raise UsageError(f"no {kind} {name!r} is known here{near}")

    def newest_day(self) -> date:
        """The last day that holds articles."""
        with self._open() as con:
            return _newest_day(con)

    def evidence(self, number: int) -> Table:
        """What an article or attribution rests on: sentence, offsets, capture; UsageError for no such id."""
        query = named_sql.parsed("evidence", bundled.text("sql/evidence.sql"))
        with self._open() as con:
            table = asked(con, query.sql, {"id": number})
        if not table.rows:
            raise UsageError(f"{number} is the id of no article and no attribution")
        return table

    def newest_articles(self, outlet_id: str, rows: int) -> Table:
        """What was collected last of an outlet; no rows where nothing of it is published."""
        query = named_sql.parsed("newest_articles", bundled.text("sql/newest_articles.sql"))
        with self._open() as con:
            return asked(con, query.sql, {"outlet": outlet_id, "rows": rows})

    def search_generation(self) -> str | None:
        """The name of the search index that says what the published tables say; None where they have none."""
        identity = self._identity()
        if identity is None or identity != self._searched[0]:
            with self._open() as con:
                try:
                    row = con.execute("select generation from search_state").fetchone()
                except duckdb.CatalogException:  # written by an older version
                    row = None
            self._searched = (identity, None if row is None else row[0])
        return self._searched[1]

    def dictionary(self) -> tuple[DescribedTable, ...]:
        """What the tables and their columns mean, as this version writes them."""
        return dictionary.tables()

    def published_at(self) -> datetime | None:
        """When the published file was last renamed into place; None of a lake, or before there is one."""
        if self._lake is not None or not self.published.is_file():
            return None
        return datetime.fromtimestamp(int(self.published.stat().st_mtime), UTC)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One published state, for several questions of the views."""
        identity = self._identity()
        # A lake tells of a new state only when it is asked, so it is opened each time.
        opened = self._open() if identity is None else self._engine.connection(identity)
        with opened as con:
            con.execute("use wirewatch")
            add_macros(con)
            yield Snapshot(con)

    # ---- any question ----------------------------------------------------------------------------

    def query(self, sql: str, *, max_seconds: float = 30.0, max_rows: int = 10_000) -> Table:
        """The answer to one statement that only reads; QueryError says why it was refused or failed."""
        with self._open(share=AT_ONCE) as con:
            statement = permitted(con, sql)
            alarm = threading.Timer(max_seconds, con.interrupt)
            alarm.start()
            try:
                return fetched(con.execute(statement), max_rows)
            except duckdb.InterruptException as error:
                raise QueryTimeoutError(
                    f"stopped after {max_seconds:g} seconds: narrow the question"
                ) from error
            except duckdb.Error as error:
                raise QueryError(reason(error)) from error
            finally:
                alarm.cancel()

    def export(self, out: Path, output: str = "parquet") -> Iterator[tuple[Path, int]]:
        """Write every table to a file of its own, and name each with its rows; parquet or csv."""
        writers = {"parquet": exporting.write_parquet, "csv": exporting.write_csv}
        if output not in writers:
            raise UsageError(f"--format {output}: tables are exported as {' or '.join(writers)}")
        out.mkdir(parents=True, exist_ok=True)
        with self._open() as con:
            tables = con.execute(
                "select table_name from duckdb_tables() "
                "where database_name = 'wirewatch' and schema_name = 'main' order by table_name"
            ).fetchall()
            for (table,) in tables:
                path = out / f"{table}.{output}"
                yield path, writers[output](con.execute(f'from "{table}"'), path)

    # ---- the file --------------------------------------------------------------------------------

    def _identity(self) -> tuple[int, int, int] | None:
        """Of the published file: another one after each publish; None of a lake, or before there is one."""
        if self._lake is not None or not self.published.is_file():
            return None
        file = self.published.stat()
        return file.st_ino, file.st_mtime_ns, file.st_size

    @contextmanager
    def _open(self, *, share: int = 1) -> Iterator[duckdb.DuckDBPyConnection]:
        con = self._opened(share)
        try:
            yield con
        except duckdb.IOException as error:
            raise WarehouseError(f"{self.published} cannot be read: {error}") from error
        finally:
            con.close()

    def _opened(self, share: int = 1) -> duckdb.DuckDBPyConnection:
        """``share``: of how many such engines at once the memory must suffice for."""
        # An engine of its own, rather than the file opened: settings are the engine's, and a second
        # reader in this process must be able to make its own before they are locked.
        con = duckdb.connect(":memory:", config={"python_enable_replacements": "false", "temp_directory": ""})
        try:
            con.execute("set global TimeZone = 'UTC'")
            con.execute(f"set memory_limit = '{_part_of_memory(con, share)}'")
            self._attach(con)
            con.execute("set enable_external_access = false")
            con.execute("set lock_configuration = true")
        except duckdb.IOException as error:
            con.close()
            raise WarehouseError(f"{self.published} cannot be read: {error}") from error
        except BaseException:
            con.close()
            raise
        return con

    def _attach(self, con: duckdb.DuckDBPyConnection) -> None:
        if self._lake is not None:
            self._lake.attach_published(con)
            return
        if not self.published.is_file():
            raise WarehouseError(
                f"{self.published} does not exist: nothing was published yet; run `wirewatch run`"
            )
        con.execute(f"attach '{_quoted(self.published)}' as wirewatch (read_only)")
        con.execute("use wirewatch")


def _part_of_memory(con: duckdb.DuckDBPyConnection, share: int) -> str:
    """Of what an engine takes by itself, which is most of the machine's: "18.6 GiB"."""
    ((limit,),) = con.execute("select current_setting('memory_limit')").fetchall()
    size, unit = limit.split()
    return f"{float(size) / share:.3f} {unit}"


def answered(con: duckdb.DuckDBPyConnection, query: NamedQuery, values: Mapping[str, Any]) -> Table:
    """The answer of a named question: its statement's rows, and what its step makes of them."""
    bound = {name: value for name, value in values.items() if name not in query.step_params}
    if not query.step:
        return asked(con, query.sql, bound)
    try:
        rows = con.execute(query.sql, bound).to_arrow_table()
    except duckdb.Error as error:
        raise failed(error, query.sql) from error
    return STEPS[query.step](rows, **{name: values[name] for name in query.step_params})


def _newest_day(con: duckdb.DuckDBPyConnection) -> date:
    row = con.execute(bundled.text("sql/newest_day.sql")).fetchone()
    return row[0] if row and row[0] is not None else _NO_DAY


def _described(param: Param) -> str:
    return param.name if param.default is None else f"{param.name} = {param.default}"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
