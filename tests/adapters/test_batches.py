from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.adapters.batches import Batches
from pipeline.adapters.warehouse.rows import as_table, rows_of
from pipeline.errors import ArchiveError
from pipeline.interval import Interval
from pipeline.records import (
    Article,
    Attribution,
    Batch,
    Capture,
    CaptureKind,
    Document,
    Entry,
    FeedReading,
    Figure,
    Gap,
    Manifest,
    Mention,
    Reject,
)

DAY = Interval.of_day(date(2016, 3, 27))

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
instants = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
counts = st.integers(0, 2**31 - 1)
spans = st.tuples(st.integers(0, 99), st.integers(0, 99))
numbers = st.floats(allow_nan=False)
intervals = instants.map(lambda start: Interval(start, start + timedelta(hours=1)))

for kind, values in (
    (str, words),
    (int, counts),
    (float, numbers),
    (datetime, instants),
    (Interval, intervals),
    (bytes, st.binary(max_size=9)),
):
    st.register_type_strategy(kind, values)


def some(kind: type, **fields: Any) -> st.SearchStrategy[Any]:
    """Any record of a kind, all of whose fields are drawn, also those with a default."""
    return st.builds(kind, **dict.fromkeys(kind.__dataclass_fields__, ...) | fields)  # type: ignore[attr-defined]


def few(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(items, max_size=2).map(tuple)


texts = few(words)
attributions = some(Attribution, source=few(spans), cue=few(spans), content=few(spans), inside=st.none())
articles = some(Article, authors=texts, tags=texts)
documents = some(
    Document,
    result=articles | some(Reject),
    attributions=few(attributions),
    mentions=few(some(Mention)),
    figures=few(some(Figure, attribution=st.none())),
)
manifests = some(
    Manifest,
    captures=few(some(Capture, warc_offset=st.integers(0, 2**62))),
    entries=few(some(Entry, authors=texts)),
    readings=few(some(FeedReading)),
    rejects=few(some(Reject)),
    gaps=few(some(Gap)),
)
batches = some(
    Batch,
    outlet_id=st.just("port-wire"),
    interval=intervals,
    manifests=few(manifests),
    documents=few(documents),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(batch=batches)
def test_a_batch_comes_back_equal(tmp_path_factory: pytest.TempPathFactory, batch: Batch) -> None:
    store = Batches(tmp_path_factory.mktemp("batches"))
    store.write(batch)
    assert store.read(batch.outlet_id, batch.interval) == batch
    assert store.rows(batch.outlet_id, batch.interval) == rows_of(batch)


def test_instants_come_back_in_utc(tmp_path: Path) -> None:
    store = Batches(tmp_path)
    manifest = Manifest(outlet_id="port-wire", interval=DAY)
    store.write(Batch(outlet_id="port-wire", interval=DAY, manifests=(manifest,), documents=()))
    read = store.read("port-wire", DAY)
    assert read is not None
    assert read.manifests[0].interval.start.tzinfo is UTC


def test_what_was_never_written_is_none(tmp_path: Path) -> None:
    assert Batches(tmp_path).read("port-wire", DAY) is None


def test_an_empty_batch_is_not_a_missing_one(tmp_path: Path) -> None:
    empty = Batch(outlet_id="port-wire", interval=DAY, manifests=(), documents=())
    Batches(tmp_path).write(empty)
    assert Batches(tmp_path).read("port-wire", DAY) == empty


def test_writing_again_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    store = Batches(tmp_path)
    for _ in range(2):
        store.write(Batch(outlet_id="port-wire", interval=DAY, manifests=(), documents=()))
    assert [path.name for path in (tmp_path / "port-wire").iterdir()] == ["2016-03-27.arrow"]


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    store = Batches(tmp_path)
    path = store.path("port-wire", DAY)
    path.parent.mkdir()
    path.write_bytes(b"half a file")
    with pytest.raises(ArchiveError, match="process the interval again"):
        store.read("port-wire", DAY)


def test_a_field_that_an_older_file_lacks_takes_its_default(tmp_path: Path) -> None:
    store = Batches(tmp_path)
    manifest = Manifest(outlet_id="port-wire", interval=DAY)
    batch = Batch(outlet_id="port-wire", interval=DAY, manifests=(manifest,), documents=())
    store.write(batch)
    path = store.path("port-wire", DAY)
    with pa.ipc.open_file(path) as file:
        table = file.read_all()
    column = table["manifest"].combine_chunks()
    kept = [field.name for field in column.type if field.name != "gaps"]
    older = column.from_arrays([column.field(name) for name in kept], names=kept)
    table = table.set_column(0, "manifest", older)
    with pa.ipc.new_file(path, table.schema) as writing:
        writing.write_table(table)
    assert store.read("port-wire", DAY) == batch


def test_a_row_without_a_column_of_its_table_or_with_one_more_is_refused() -> None:
    schema = pa.schema([("url", pa.string()), ("status", pa.int32())])
    assert as_table([{"url": "u", "status": 200}], schema).to_pylist() == [{"url": "u", "status": 200}]
    for row in ({"url": "u"}, {"url": "u", "status": 200, "size": 7}):
        with pytest.raises(ValueError, match=r"'(status|size)'} is not a column of both"):
            as_table([row], schema)


def test_rows_made_by_other_code_are_made_anew(tmp_path: Path) -> None:
    store = Batches(tmp_path)
    capture = Capture(
        outlet_id="port-wire",
        kind=CaptureKind.ROBOTS,
        url="https://port-wire.example/robots.txt",
        final_url="https://port-wire.example/robots.txt",
        status=200,
        fetched_at=DAY.start,
        digest="sha256:0",
        warc_file="a.warc.gz",
        warc_offset=0,
    )
    manifest = Manifest(outlet_id="port-wire", interval=DAY, captures=(capture,))
    batch = Batch(outlet_id="port-wire", interval=DAY, manifests=(manifest,), documents=())
    for kept in (["manifest", "document"], ["manifest", "document", "articles"], "captures", None):
        store.write(batch)
        path = store.path("port-wire", DAY)
        with pa.ipc.open_file(path) as file:
            table = file.read_all()
        if kept == "captures":  # as written before that table had its last column
            rows = table[kept].combine_chunks()
            names = [field.name for field in rows.type.value_type][:-1]
            fewer = pa.StructArray.from_arrays([rows.values.field(name) for name in names], names)
            made = pa.ListArray.from_arrays(rows.offsets, fewer)
            table = table.set_column(table.column_names.index(kept), kept, made)
        elif kept:  # as written before there were rows, or before there was another table
            table = table.select(kept)
        else:
            table = table.set_column(2, "captures", pa.nulls(1, table["captures"].type))
            table = table.replace_schema_metadata(table.schema.metadata | {b"rows": b"older"})
        with pa.ipc.new_file(path, table.schema) as file:
            file.write_table(table)
        assert store.rows("port-wire", DAY) == rows_of(batch)
        some = store.rows("port-wire", DAY, ("captures", "gaps"))
        assert some is not None
        assert some.tables == {name: rows_of(batch).tables[name] for name in ("captures", "gaps")}
