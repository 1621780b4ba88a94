"""Processing: what an archived page becomes, and what the feed may add."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from pipeline import attribution
from pipeline.adapters.batches import Batches
from pipeline.adapters.warc import WarcArchive
from pipeline.extract import extract
from pipeline.interval import HOUR, Interval
from pipeline.records import (
    Article,
    Batch,
    Capture,
    CaptureKind,
    Entry,
    Manifest,
    Outlet,
    OutletKind,
    Reason,
    Reject,
    Response,
)
from pipeline.stages.process import let_go, process

DAY = Interval(datetime(2016, 3, 27, tzinfo=UTC), datetime(2016, 3, 28, tzinfo=UTC))
FETCHED_AT = datetime(2016, 3, 27, 21, tzinfo=UTC)
URL = "https://anvil.example/quarry"
OUTLET = Outlet(
    outlet_id="anvil",
    name="Anvil",
    kind=OutletKind.ONLINE,
    homepage="https://anvil.example/",
    language="en",
    country=None,
)
STORY = (
    '"The quarry will reopen in spring," foreman Odile Marchetti said on Sunday. She added that at least '
    "40 people would find work there, most of them from the two villages below the northern face. "
)
PAGE = f"<html><body><article><p>{STORY}</p><p>{STORY}</p><p>{STORY}</p></article></body></html>".encode()


class Shelf:
    """An archive, its batches, and one call to process what stands in it."""

    def __init__(self, root: Path) -> None:
        self.archive = WarcArchive(root / "archive")
        self.batches = Batches(root / "batches")

    def put(
        self,
        body: bytes,
        *,
        entry: Entry | None = None,
        content_type: str = "text/html",
        url: str = URL,
        interval: Interval = DAY,
    ) -> Capture:
        response = Response(
            url=url,
            final_url=url,
            status=200,
            headers=(("Content-Type", content_type),),
            body=body,
            fetched_at=FETCHED_AT,
        )
        with self.archive.writer("anvil", interval) as writer:
            capture = writer.write(response, CaptureKind.PAGE)
            writer.commit()
        entries = (entry,) if entry else ()
        self.archive.save_manifest(
            Manifest(outlet_id="anvil", interval=interval, captures=(capture,), entries=entries)
        )
        return capture

    def process(
        self, interval: Interval = DAY, engine: attribution.Engine | None = None, **options: Any
    ) -> Batch:
        return process(
            OUTLET,
            interval,
            archive=self.archive,
            batches=self.batches,
            lexicon=attribution.default_lexicon(),
            engine=engine,
            **options,
        )

    def readings(self, *, recipe: str, again: bool = False) -> int:
        """How many pages a processing reads."""
        read: list[str] = []

        def extractor(html: bytes, url: str, **given: Any) -> Article | Reject:
            read.append(url)
            return extract(html, url, **given)

        self.process(extractor=extractor, recipe=recipe, again=again)
        return len(read)

    def processed(self) -> Article | Reject:
        batch = self.process()
        assert len(batch.documents) == 1
        assert self.batches.read("anvil", DAY) == batch
        return batch.documents[0].result


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_an_article_belongs_to_its_outlet(shelf: Shelf) -> None:
    shelf.put(PAGE)
    article = shelf.processed()
    assert isinstance(article, Article)
    assert article.outlet_id == "anvil"
    assert "Odile Marchetti" in article.body


def test_what_the_page_does_not_say_its_feed_may(shelf: Shelf) -> None:
    published_at = datetime(2016, 3, 27, 18, 40, tzinfo=UTC)
    shelf.put(
        PAGE,
        entry=Entry(
            feed_id="anvil/front",
            url=URL,
            title="Quarry to reopen",
            authors=("Wilf Garrow",),
            published_at=published_at,
        ),
    )
    article = shelf.processed()
    assert isinstance(article, Article)
    assert (article.title, article.authors) == ("Quarry to reopen", ("Wilf Garrow",))
    assert (article.published_at, article.published_from) == (published_at, "feed")


def test_a_page_that_is_no_article_is_a_reject_with_its_url_and_moment(shelf: Shelf) -> None:
    shelf.put(b"%PDF-1.7 ...", content_type="application/pdf")
    reject = shelf.processed()
    assert isinstance(reject, Reject)
    assert (reject.reason, reject.key, reject.outlet_id, reject.at) == (
        Reason.PDF,
        URL,
        "anvil",
        FETCHED_AT,
    )


def test_a_parser_that_fails_costs_one_page_and_names_itself(shelf: Shelf) -> None:
    def brittle(html: bytes, url: str, **about: object) -> Article | Reject:
        raise RecursionError(f"{len(html)} bytes of {url}, {sorted(about)}")

    shelf.put(PAGE)
    batch = process(
        OUTLET,
        DAY,
        archive=shelf.archive,
        batches=shelf.batches,
        lexicon=attribution.default_lexicon(),
        extractor=brittle,
    )
    reject = batch.documents[0].result
    assert isinstance(reject, Reject)
    assert reject.reason is Reason.PARSER_FAILED
    assert "RecursionError" in reject.detail


def test_a_damaged_archive_is_a_reject_and_not_a_crash(shelf: Shelf, tmp_path: Path) -> None:
    capture = shelf.put(PAGE)
    warc = tmp_path / "archive" / capture.warc_file
    warc.write_bytes(warc.read_bytes()[:200])
    reject = shelf.processed()
    assert isinstance(reject, Reject)
    assert reject.reason is Reason.ARCHIVE_DAMAGED
    assert capture.warc_file in reject.detail


def test_processing_twice_gives_the_same_batch(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put(PAGE)
    shelf.processed()
    files = [path.read_bytes() for path in sorted((tmp_path / "batches").rglob("*.arrow"))]
    shelf.processed()
    assert files == [path.read_bytes() for path in sorted((tmp_path / "batches").rglob("*.arrow"))]
    assert len(files) == 1


def test_an_interval_without_manifests_has_no_documents(shelf: Shelf) -> None:
    batch = process(
        OUTLET,
        DAY,
        archive=shelf.archive,
        batches=shelf.batches,
        lexicon=attribution.default_lexicon(),
    )
    assert batch.documents == ()
    assert batch.manifests == ()


def test_an_article_in_a_language_that_is_not_read_says_so(shelf: Shelf) -> None:
    sentence = (
        "Minister powiedział w niedzielę, że most zostanie otwarty, a prace nie będą przerwane przez zimę. "
    )
    shelf.put(
        f"<html><body><article><p>{sentence * 4}</p><p>{sentence * 4}</p></article></body></html>".encode()
    )
    batch = process(
        OUTLET,
        DAY,
        archive=shelf.archive,
        batches=shelf.batches,
        lexicon=attribution.default_lexicon(),
    )
    (document,) = batch.documents
    assert isinstance(document.result, Article)
    assert (document.attributions, document.attribution_skipped) == ((), "language: pl")


def test_a_text_that_breaks_the_attribution_stays_an_article_and_the_others_are_read(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    hard, easy = shelf.put(PAGE.replace(b"spring", b"autumn")), "https://anvil.example/other"
    shelf.put(PAGE, url=easy, interval=Interval(DAY.end, DAY.end + timedelta(days=1)))

    def engine(text: str) -> tuple[()]:
        if "autumn" in text:
            raise OverflowError("date value out of range")
        return ()

    batch = shelf.process(engine=engine, interval=Interval(DAY.start, DAY.end + timedelta(days=1)))
    broken, read = batch.documents
    assert broken.capture == hard
    assert isinstance(broken.result, Article)
    assert "autumn" in broken.result.body
    assert (broken.attributions, broken.figures) == ((), ())
    assert broken.attribution_skipped == "failed: OverflowError"
    assert read.attribution_skipped is None
    assert [figure.value for figure in read.figures][:1] == [40]
    assert "1 articles stay without attributions" in caplog.text


def test_what_the_same_recipe_has_read_is_read_only_when_asked_again(shelf: Shelf) -> None:
    shelf.put(PAGE)
    assert shelf.readings(recipe="one") == 1
    assert shelf.readings(recipe="one") == 0
    assert shelf.readings(recipe="one", again=True) == 1
    assert shelf.readings(recipe="another") == 1
    shelf.put(PAGE, entry=Entry(feed_id="anvil/front", url=URL, title="Quarry to reopen"))
    assert shelf.readings(recipe="another") > 0
    assert shelf.readings(recipe="") > 0
    assert shelf.readings(recipe="") > 0, "an unknown recipe equals nothing"


def test_what_the_archive_has_let_go_of_stays_as_it_was_read(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put(PAGE)
    shelf.processed()
    before = shelf.batches.read("anvil", DAY)
    rmtree(tmp_path / "archive")
    shelf.archive = WarcArchive(tmp_path / "archive")
    assert shelf.readings(recipe="one", again=True) == 0
    assert shelf.batches.read("anvil", DAY) == before
    assert before is not None
    assert before.documents


def test_of_a_day_half_of_which_the_archive_has_let_go_the_other_half_is_read_again(
    shelf: Shelf, tmp_path: Path
) -> None:
    morning, evening = Interval(DAY.start, DAY.start + HOUR), Interval(DAY.end - HOUR, DAY.end)
    shelf.put(PAGE, url=f"{URL}/morning", interval=morning)
    shelf.put(PAGE, url=f"{URL}/evening", interval=evening)
    assert shelf.readings(recipe="one") == 2
    for file in (tmp_path / "archive" / "anvil").glob(f"{morning.name}*"):
        file.unlink()
    assert shelf.readings(recipe="two") == 1
    batch = shelf.batches.read("anvil", DAY)
    assert batch is not None
    assert [document.capture.url for document in batch.documents] == [f"{URL}/morning", f"{URL}/evening"]
    assert [gone.interval for gone in let_go(batch, shelf.archive.manifests("anvil", DAY))] == [morning]
    assert shelf.readings(recipe="two") == 0


def test_a_batch_that_cannot_be_read_is_made_again(shelf: Shelf) -> None:
    shelf.put(PAGE)
    shelf.readings(recipe="one")
    shelf.batches.path("anvil", DAY).write_bytes(b"no batch")
    assert shelf.readings(recipe="one") == 1
    assert shelf.batches.read("anvil", DAY) is not None
