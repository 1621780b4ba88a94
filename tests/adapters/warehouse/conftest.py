"""A small invented press, to load and load again: outlets, days, pages, copies, corrections, losses."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from pipeline import dedup
from pipeline.adapters.warehouse import Warehouse
from pipeline.adapters.warehouse.plain_file import PlainFile
from pipeline.adapters.warehouse.rows import rows_of
from pipeline.identity import digest
from pipeline.interval import DAY, Interval
from pipeline.records import (
    Actor,
    ActorKind,
    Article,
    Attribution,
    AttributionKind,
    Batch,
    Capture,
    CaptureKind,
    Document,
    Feed,
    FeedKind,
    FeedReading,
    FeedStatus,
    Figure,
    Gap,
    Manifest,
    Mention,
    MentionKind,
    Outlet,
    OutletKind,
    Reason,
    Reject,
    SourceKind,
    Stage,
)

FIRST_DAY = date(2016, 3, 21)
WHOLE = Interval(datetime(2016, 1, 1, tzinfo=UTC), datetime(2017, 1, 1, tzinfo=UTC))
VOCABULARY = """
harbour quay dredger pilot ferry buoy fairway mole lighthouse clerk council levy bridge tram
depot orchard frost greenhouse cooperative seed valley meadow reservoir dam spillway gauge
engineer survey museum archive gallery curator fresco vault market stall grain mill baker oven
tariff ledger auditor court bailiff petition verdict appeal witness school pupil lantern parade
brass drum festival choir
"""
WORDS = VOCABULARY.split()
ACTORS = (
    Actor(source_id="harbour-office", name="Harbour Office of Kaldmouth", kind=ActorKind.INSTITUTION),
    Actor(
        source_id="ilse-varn", name="Ilse Varn", kind=ActorKind.PERSON, parent_id="harbour-office", gender="f"
    ),
)


def sentence(random: Random) -> str:
    return " ".join(random.choices(WORDS, k=12)).capitalize() + "."


def prose(seed: str, sentences: int = 8) -> str:
    random = Random(seed)  # noqa: S311
    return "\n\n".join(sentence(random) for _ in range(sentences))


def outlet(outlet_id: str) -> Outlet:
    feed = Feed(
        feed_id=f"{outlet_id}/main", url=f"https://{outlet_id}.example/feed", kind=FeedKind.SYNDICATION
    )
    return Outlet(
        outlet_id=outlet_id,
        name=outlet_id.replace("-", " ").title(),
        kind=OutletKind.PAPER,
        homepage=f"https://{outlet_id}.example/",
        language="en",
        country=None,
        feeds=(feed,),
        watched_from=FIRST_DAY,
        sample=True,
    )


OUTLETS = tuple(outlet(outlet_id) for outlet_id in ("kald-post", "port-wire", "valley-echo"))


def day(number: int) -> Interval:
    return Interval.of_day(FIRST_DAY + number * DAY)


def page(
    outlet_id: str,
    name: str,
    at: datetime,
    *,
    body: str | None = None,
    noise: str = "",
    published_at: datetime | None = None,
    interval: Interval | None = None,
    **fields: Any,
) -> Document:
    """A page of an outlet: its text, one attribution with a figure, a mention; ``noise``: other bytes."""
    url = f"https://{outlet_id}.example/{name}"
    lead = "The quay stays closed for 3 days, Ilse Varn said on Monday."
    text = f"{lead}\n\n{prose(name) if body is None else body}"
    capture = Capture(
        outlet_id=outlet_id,
        kind=CaptureKind.PAGE,
        url=url,
        final_url=url,
        status=200,
        fetched_at=at,
        digest=digest(f"{url}{text}{noise}".encode()),
        warc_file=f"{outlet_id}/pages.warc.gz",
        warc_offset=int(sha256(name.encode()).hexdigest()[:6], 16),
    )
    article = Article(
        url=url,
        canonical_url=url,
        title=f"Report on {name}",
        body=text,
        language="en",
        outlet_id=outlet_id,
        authors=("Bo Tarn",),
        published_at=published_at or at - timedelta(hours=1),
        published_from="meta",
    )
    article = replace(article, **fields)
    return Document(
        capture=capture,
        interval=interval or Interval.of_day(at.date()),
        result=article,
        attributions=(varn(lead),),
        mentions=(
            Mention(name="Ilse Varn", kind=MentionKind.PERSON, source_id="ilse-varn", start=33, end=42),
        ),
        figures=(
            Figure(
                value=3,
                low=None,
                high=None,
                qualifier=None,
                unit=None,
                counted="days",
                attribution=0,
                start=26,
                end=27,
            ),
        ),
        signature=dedup.signature(text),
    )


def varn(lead: str) -> Attribution:
    said = lead.index(" said")
    return Attribution(
        source=((lead.index("Ilse"), said),),
        cue=((said + 1, said + 5),),
        content=((0, lead.index(",")),),
        kind=AttributionKind.INDIRECT,
        source_kind=SourceKind.NAMED,
        name="Ilse Varn",
        source_id="ilse-varn",
        parent_source_id="harbour-office",
        via=None,
        rule="surname",
        inside=None,
        confidence=0.9,
    )


def rejected(outlet_id: str, name: str, at: datetime) -> Document:
    document = page(outlet_id, name, at)
    reject = Reject(stage=Stage.PROCESS, key=document.capture.url, reason=Reason.NO_BODY, at=at)
    return Document(capture=document.capture, interval=document.interval, result=reject)


def batch(
    outlet_id: str,
    interval: Interval,
    documents: Iterable[Document],
    *,
    gaps: tuple[Gap, ...] = (),
    seen: int = 0,
) -> Batch:
    """What a day of collecting comes to when it found these pages, and lost those of the gaps."""
    documents = tuple(documents)
    reading = FeedReading(
        feed_id=f"{outlet_id}/main",
        outlet_id=outlet_id,
        url=f"https://{outlet_id}.example/feed",
        at=interval.start,
        status=FeedStatus.OK,
        found_count=len(documents) + len(gaps) + seen,
        new_count=len(documents),
        seen_count=seen,
        failed_count=len(gaps),
    )
    manifest = Manifest(
        outlet_id=outlet_id,
        interval=interval,
        captures=tuple(document.capture for document in documents),
        readings=(reading,),
        gaps=gaps,
    )
    return Batch(outlet_id=outlet_id, interval=interval, manifests=(manifest,), documents=documents)


def fortnight(days: int = 5, *, pages: int = 3) -> dict[Interval, list[Batch]]:
    """Days of three outlets with own stories in two languages, copies, a corrected page, re-captured pages and losses."""
    press: dict[Interval, list[Batch]] = {}
    for number in range(days):
        interval = day(number)
        noon = interval.start + timedelta(hours=12)
        for outlet_ in OUTLETS:
            outlet_id = outlet_.outlet_id
            documents = [
                page(
                    outlet_id,
                    f"{outlet_id}-{number}-{at}",
                    noon + timedelta(minutes=at),
                    language="en" if at < 2 else "fr",
                )
                for at in range(pages)
            ]
            if outlet_id != "port-wire":  # the wire's first story of the day, with a line of its own
                body = prose(f"port-wire-{number}-0") + "\n\n" + prose(f"{outlet_id}{number}", 1)
                documents.append(page(outlet_id, f"copy-{number}", noon + timedelta(hours=2), body=body))
            else:  # one page captured every day: corrected once, otherwise with other advertisements
                text = prose("bulletin" if number < 2 else "bulletin corrected")
                documents.append(page(outlet_id, "bulletin", noon, body=text, noise=str(number)))
            documents.append(rejected(outlet_id, f"section-{number}", noon))
            lost = Gap(
                outlet_id=outlet_id,
                interval=interval,
                reason=Reason.TIMEOUT,
                key=f"https://{outlet_id}.example/lost-{number}",
            )
            gaps = (lost,) if number == 1 else ()
            press.setdefault(interval, []).append(batch(outlet_id, interval, documents, gaps=gaps, seen=2))
    return press


def table_hashes(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, str]]:
    """Rows and a hash over the rows of every table, whatever their order: equal if no row differs.

    But of ``unchecked``: which days loads have touched, until a check has looked at them, hangs on their order.
    """
    tables = con.execute(
        "select table_schema, table_name from information_schema.tables "
        "where table_type = 'BASE TABLE' and table_catalog = current_database() and table_name <> 'unchecked'"
    ).fetchall()
    hashes = {}
    for schema, table in sorted(tables):
        count, total = con.execute(
            f"select count(*), coalesce(sum(hash(t)), 0) from {schema}.{table} t"  # noqa: S608
        ).fetchall()[0]
        hashes[f"{schema}.{table}"] = (count, str(total))
    return hashes


@dataclass(frozen=True)
class Press:
    """The invented press as the tests take it."""

    page = staticmethod(page)
    rejected = staticmethod(rejected)
    batch = staticmethod(batch)
    day = staticmethod(day)
    prose = staticmethod(prose)
    fortnight = staticmethod(fortnight)
    table_hashes = staticmethod(table_hashes)
    outlets = OUTLETS
    actors = ACTORS

    @staticmethod
    def load(warehouse: Warehouse, interval: Interval, *batches: Batch) -> Any:
        return warehouse.load(interval, OUTLETS, ACTORS, [rows_of(batch) for batch in batches])

    @staticmethod
    def hashes(warehouse: Warehouse) -> dict[str, tuple[int, str]]:
        with warehouse.store.writing(threads=1) as con:
            return table_hashes(con)

    @staticmethod
    def ask(warehouse: Warehouse, sql: str) -> list[tuple[Any, ...]]:
        with warehouse.store.writing(threads=1) as con:
            return con.execute(sql).fetchall()

    @staticmethod
    def file(warehouse: Warehouse) -> Any:
        """The store, of a warehouse whose store is a file."""
        return warehouse.store

    @staticmethod
    def publish(warehouse: Warehouse) -> None:
        """Check all that was loaded, and give it to the readers."""
        assert [f for f in warehouse.check(WHOLE) if f.severity == "error"] == []
        warehouse.publish()

    @staticmethod
    def noon(number: int) -> datetime:
        return datetime(2016, 3, 21, 12, tzinfo=UTC) + number * DAY


@pytest.fixture
def press() -> Press:
    return Press()


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of today's schema in which nothing is yet: making it takes as long as a small load."""
    file = PlainFile(tmp_path_factory.mktemp("empty"))
    with file.writing(threads=1):
        """It is made."""
    return file.build


@pytest.fixture
def new_warehouse(empty: Path, tmp_path: Path) -> Callable[[str], Warehouse]:
    def made(name: str) -> Warehouse:
        file = PlainFile(tmp_path / name)
        file.build.parent.mkdir()
        shutil.copyfile(empty, file.build)
        return Warehouse(file, near=dedup)

    return made


@pytest.fixture
def warehouse(new_warehouse: Callable[[str], Warehouse]) -> Warehouse:
    return new_warehouse("warehouse")
