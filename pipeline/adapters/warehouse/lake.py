"""The store of many machines: how do several writers and readers share a lake of Parquet files?

DuckLake keeps the tables as Parquet files in a folder or bucket, and what they are in a catalogue: SQLite on
one machine, PostgreSQL for many. A commit is a snapshot. Readers open the last snapshot that was published,
and keep it; writers go on behind it.

DuckLake sees two deletions or updates of the same rows meet, not two insertions: two loads of the same new
keys would both stay. So whoever writes waits for its turn, by a lock that ends with whoever holds it, and updates
the lock row of what it owns in the same transaction: should two meet all the same, the later commit fails and is
tried again. Articles of all outlets share clusters, rollups and the registry, hence one range: all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import duckdb

from pipeline.adapters.warehouse.schema import migrate
from pipeline.adapters.warehouse.store import refuse_unchecked, retried, transaction
from pipeline.adapters.warehouse.turns import Turn, locked_file, locked_session, waited_for
from pipeline.errors import UsageError, WarehouseError

PREFIX = "ducklake:"

_SCANNERS = {"sqlite": "sqlite_scanner", "postgres": "postgres_scanner"}
_OWNERS = """
create table owners (key_range varchar, taken bigint);
insert into owners values ('all', 0);
"""
_PUBLICATIONS = "create table publications (snapshot_id bigint, published_at timestamptz)"
# Of a new lake, before it has tables. Rows that stand in the catalogue rather than in files are asked for by two
# statements more, of each table in each question.
_OPTIONS = {"parquet_compression": "zstd", "data_inlining_row_limit": "0"}
# Of tables with few rows that every load or publish writes, and no question reads.
_INLINED_ROWS = 10
_KEPT = "7 days"  # of snapshots that no reader is sent to any more


# In "host=db.example password='a b'", and in "postgres://ann:secret@db.example": what nobody needs to read.
_PASSWORD = re.compile(
    r"(?P<before>\bpassword\s*=\s*|://[^\s:/@]*:)(?:'(?:[^'\\]|\\.)*'|[^\s@']+)(?P<after>@?)", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True, slots=True)
class LakeAddress:
    """Where the catalogue and the data are."""

    catalogue: str  # sqlite:FILE, or postgres:dbname=… host=…
    data: str  # a folder, or s3://bucket/prefix
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)  # AWS_… of an object store

    @property
    def kind(self) -> str:
        return self.catalogue.partition(":")[0]

    @property
    def database(self) -> str:
        """The file of SQLite; how PostgreSQL is connected to."""
        return self.catalogue.partition(":")[2]

    @property
    def shown(self) -> str:
        """The catalogue as messages and logs may say it: without a password."""
        return _without_password(self.catalogue)


def _without_password(text: str) -> str:
    return _PASSWORD.sub(r"\g<before>…\g<after>", text)


def lake_address(given: str, data: str, environ: Mapping[str, str]) -> LakeAddress:
    """``ducklake:sqlite:FILE`` or ``ducklake:postgres:dbname=…``; UsageError for anything else."""
    catalogue = given.removeprefix(PREFIX)
    kind, _, rest = catalogue.partition(":")
    if not given.startswith(PREFIX) or kind not in _SCANNERS or not rest:
        raise UsageError(
            f"WIREWATCH_WAREHOUSE={_without_password(given)!r}: write ducklake:sqlite:FILE or ducklake:postgres:dbname=NAME host=HOST"
        )
    return LakeAddress(catalogue=catalogue, data=data, environ=dict(environ))


class Lake:
    """A store that several processes write, on one machine or many."""

    attempts = 30
    patience_seconds = 1_800.0  # while another process has its turn

    def __init__(self, address: LakeAddress) -> None:
        self.address = address

    @contextmanager
    def writing(self, *, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        con = self._engine(threads)
        try:
            with self._turn(con, Turn.MAKING):
                self._attach(con, "")
                self._prepare(con)
            yield con
        finally:
            con.close()

    @contextmanager
    def claimed(self, con: duckdb.DuckDBPyConnection) -> Iterator[None]:
        with self._turn(con, Turn.LOADING), transaction(con):
            con.execute("update owners set taken = taken + 1 where key_range = 'all'")
            yield

    @contextmanager
    def publishing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self.writing(threads=1) as con:
            refuse_unchecked(con)
            yield con
            retried(lambda: self._publish(con), self.attempts)

    def attach_published(self, con: duckdb.DuckDBPyConnection) -> None:
        """The published snapshot as ``wirewatch``, read-only, for an engine that may read nothing else after."""
        _load_extensions(con, self.address)
        _set_up_s3(con, self.address)
        self._attach(con, ", read_only")
        try:
            row = con.execute("select max(snapshot_id) from publications").fetchone()
        except duckdb.CatalogException:
            row = None
        if row is None or row[0] is None:
            raise WarehouseError(f"{self.address.shown}: nothing was published yet; run `wirewatch run`")
        con.execute("use memory")
        con.execute("detach wirewatch")
        self._attach(con, f", read_only, snapshot_version {row[0]}")
        con.execute("set allowed_directories = $folders", {"folders": [self.address.data]})

    def compact(self) -> None:
        """Merge small files, forget old snapshots but not the published one, remove what nothing refers to."""
        with self.writing() as con:
            con.execute("call ducklake_merge_adjacent_files('wirewatch')")
            row = con.execute(
                f"select least(now() - interval '{_KEPT}', max(published_at)) from publications"  # noqa: S608
            ).fetchone()
            if row is not None and row[0] is not None:
                con.execute("call ducklake_expire_snapshots('wirewatch', older_than => $at)", {"at": row[0]})
                con.execute(
                    f"call ducklake_cleanup_old_files('wirewatch', older_than => now() - interval '{_KEPT}')"
                )

    def _publish(self, con: duckdb.DuckDBPyConnection) -> None:
        with self.claimed(con):
            refuse_unchecked(con)
            con.execute(
                "insert into publications select max(snapshot_id), now() from ducklake_snapshots('wirewatch')"
            )

    @contextmanager
    def _turn(self, con: duckdb.DuckDBPyConnection, turn: Turn) -> Iterator[None]:
        """Wait until nobody else is in the block of this turn; over when the process or its connection ends."""
        database = self.address.database
        locked = (
            locked_file(database, turn)
            if self.address.kind == "sqlite"
            else locked_session(con, database, turn)
        )
        with locked as taking, waited_for(turn, taking, self.patience_seconds):
            yield

    def _engine(self, threads: int | None) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect(
            config={"autoinstall_known_extensions": "false", "threads": threads or os.cpu_count() or 1}
        )
        _load_extensions(con, self.address)
        _set_up_s3(con, self.address)
        con.execute("set TimeZone = 'UTC'")
        return con

    def _attach(self, con: duckdb.DuckDBPyConnection, options: str) -> None:
        if self.address.kind == "sqlite":
            Path(self.address.database).parent.mkdir(parents=True, exist_ok=True)
            # With the default journal a writer keeps readers out, and is ten times slower.
            options += ", meta_journal_mode 'WAL', meta_busy_timeout 30000"
        if "://" not in self.address.data:
            Path(self.address.data).mkdir(parents=True, exist_ok=True)
        attach = (
            f"attach 'ducklake:{_quoted(self.address.catalogue)}' as wirewatch "
            f"(data_path '{_quoted(self.address.data.rstrip('/'))}/'{options})"
        )
        try:
            retried(lambda: con.execute(attach), self.attempts)  # of several that come first, one makes it
        except duckdb.Error as error:
            raise WarehouseError(
                f"the lake {self.address.shown} cannot be opened: {_without_password(str(error))}"
            ) from error
        con.execute("use wirewatch")

    def _prepare(self, con: duckdb.DuckDBPyConnection) -> None:
        """Today's schema, and what only a lake needs; several processes may come first at once."""

        def prepare() -> None:
            if _has(con, "publications"):  # which comes last
                migrate(con, dialect=_portable)
                return
            if not _has(con, "schema_migrations"):
                migrate(con, ())
            if not _has(con, "owners"):
                with transaction(con):
                    con.execute(_OWNERS)
            _keep_inlined(con, "schema_migrations", "owners")
            for name, value in _OPTIONS.items():
                con.execute(f"call wirewatch.set_option('{name}', '{value}')")
            migrate(con, dialect=_portable)
            con.execute(_PUBLICATIONS)
            _keep_inlined(con, "unchecked", "publications")

        def prepare_unless_beaten() -> None:
            try:
                prepare()
            except (duckdb.CatalogException, WarehouseError) as error:
                if "already exists" in str(error):  # made by another since we looked
                    raise duckdb.TransactionException(str(error)) from error
                raise

        retried(prepare_unless_beaten, self.attempts)


def _has(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(
        con.execute(
            "from duckdb_tables() where database_name = 'wirewatch' and table_name = $table", {"table": table}
        ).fetchall()
    )


def _keep_inlined(con: duckdb.DuckDBPyConnection, *tables: str) -> None:
    for table in tables:
        con.execute(
            f"call wirewatch.set_option('data_inlining_row_limit', '{_INLINED_ROWS}', table_name => '{table}')"
        )


def _portable(sql: str) -> str:
    """Parquet files are compressed as a whole; DuckLake refuses the clause."""
    return sql.replace(" using compression zstd", "")


def _load_extensions(con: duckdb.DuckDBPyConnection, address: LakeAddress) -> None:
    names = ["ducklake", _SCANNERS[address.kind]]
    if address.data.startswith("s3://"):
        names.append("httpfs")
    for name in names:
        try:
            folder = resources.files(f"duckdb_extension_{name}")
        except ModuleNotFoundError as error:
            raise WarehouseError(
                f"a lake needs the package duckdb-extension-{name.replace('_', '-')}: "
                "pip install 'wirewatch[cluster]'"
            ) from error
        file = folder / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
        con.execute(f"load '{_quoted(str(file))}'")


def _set_up_s3(con: duckdb.DuckDBPyConnection, address: LakeAddress) -> None:
    """Keys and endpoint by the names that every S3 tool knows."""
    if not address.data.startswith("s3://"):
        return
    environ = address.environ
    endpoint = environ.get("AWS_ENDPOINT_URL_S3") or environ.get("AWS_ENDPOINT_URL") or ""
    parts = {
        "key_id": environ.get("AWS_ACCESS_KEY_ID"),
        "secret": environ.get("AWS_SECRET_ACCESS_KEY"),
        "session_token": environ.get("AWS_SESSION_TOKEN"),
        "region": environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or "us-east-1",
        "endpoint": endpoint.partition("://")[2].rstrip("/") or None,
        "url_style": "path" if endpoint else None,
    }
    given = [f"{name} '{_quoted(value)}'" for name, value in parts.items() if value]
    if endpoint.startswith("http://"):
        given.append("use_ssl false")
    con.execute(f"create or replace secret lake (type s3, {', '.join(given)})")


def _quoted(words: str) -> str:
    return words.replace("'", "''")
