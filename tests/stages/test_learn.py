"""Learning: what earlier days of an archive teach of a later one, the same however often it is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import attribution
from pipeline.adapters.batches import Batches
from pipeline.adapters.templates import Templates
from pipeline.adapters.warc import WarcArchive
from pipeline.errors import ArchiveError
from pipeline.extract import extract
from pipeline.interval import Interval
from pipeline.records import Article, CaptureKind, Manifest, Outlet, OutletKind, Response
from pipeline.stages.learn import FEWEST, learn
from pipeline.stages.process import process

FIRST = datetime(2016, 3, 21, 9, tzinfo=UTC)
OUTLET = Outlet(
    outlet_id="anvil",
    name="Anvil",
    kind=OutletKind.ONLINE,
    homepage="https://anvil.example/",
    language="en",
    country=None,
)
PROMPT = (
    "Every morning the desk sends its readers what the valley will talk about, before the shops have opened."
)
TOPICS = ("quarry", "ferry", "orchard", "mill", "harbour", "school", "railway", "tannery")


def page(number: int) -> bytes:
    topic = TOPICS[number]
    story = "".join(
        f"<p>The {topic} will reopen in spring, foreman Odile Marchetti said on day {number}, and {line} of the {topic}"
        " would find work there, most of them from the two villages below the northern face.</p>"
        for line in ("the old hands", "their daughters", "some former owners")
    )
    return (
        f"<html><head><title>The {topic}</title></head><body><article><h1>The {topic} reopens</h1>{story}"
        f"<p>{PROMPT}</p></article></body></html>"
    ).encode()


def archive_of(root: Path, numbers: range) -> WarcArchive:
    archive = WarcArchive(root / "archive")
    for number in numbers:
        at = FIRST + timedelta(days=number)
        day = Interval.of_day(at.date())
        url = f"https://anvil.example/{TOPICS[number]}"
        response = Response(
            url=url,
            final_url=url,
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=page(number),
            fetched_at=at,
        )
        with archive.writer("anvil", day) as writer:
            capture = writer.write(response, CaptureKind.PAGE)
            writer.commit()
        archive.save_manifest(Manifest(outlet_id="anvil", interval=day, captures=(capture,)))
    return archive


def test_what_a_week_taught_is_used_on_the_day_after(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, range(8))
    since = date(2016, 3, 28)
    template = learn(OUTLET, since, archive=archive, extractor=extract)
    assert template is not None
    assert len(template.learnt_from) == 7

    def article(**options: object) -> Article:
        batch = process(
            OUTLET,
            Interval.of_day(since),
            archive=archive,
            batches=Batches(tmp_path / "batches"),
            lexicon=attribution.default_lexicon(),
            engine=None,
            again=True,
            **options,  # type: ignore[arg-type]
        )
        result = batch.documents[0].result
        assert isinstance(result, Article)
        return result

    alone, known = article(), article(template=template)
    assert PROMPT in alone.body
    assert PROMPT not in known.body
    assert "tannery" in known.body
    assert (alone.extractor_version, alone.known_share) == ("1", None)
    assert (known.extractor_version, known.known_share) == ("1+2016-03-28", 1.0)


def test_pages_of_the_day_itself_and_of_later_ones_teach_it_nothing(tmp_path: Path) -> None:
    since = date(2016, 3, 26)
    before = learn(OUTLET, since, archive=archive_of(tmp_path / "a", range(5)), extractor=extract)
    after = learn(OUTLET, since, archive=archive_of(tmp_path / "b", range(8)), extractor=extract)
    assert before is not None
    assert before == after


def test_too_few_articles_teach_nothing(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, range(FEWEST - 1))
    assert learn(OUTLET, date(2016, 4, 1), archive=archive, extractor=extract) is None


def test_a_day_is_read_with_the_newest_template_of_before_it(tmp_path: Path) -> None:
    archive, kept = archive_of(tmp_path, range(8)), Templates(tmp_path / "templates")
    for since in (date(2016, 3, 26), date(2016, 3, 29)):
        template = learn(OUTLET, since, archive=archive, extractor=extract)
        assert template is not None
        path = kept.save(template)
        written = path.read_bytes()
        kept.save(template)
        assert path.read_bytes() == written
    assert kept.of_day("anvil", date(2016, 3, 25)) is None
    for day, since in ((26, 26), (28, 26), (29, 29), (31, 29)):
        found = kept.of_day("anvil", date(2016, 3, day))
        assert found is not None
        assert found.since == date(2016, 3, since)
        assert found == learn(OUTLET, found.since, archive=archive, extractor=extract)


def test_a_damaged_template_says_how_to_mend_it(tmp_path: Path) -> None:
    folder = tmp_path / "anvil"
    folder.mkdir()
    (folder / "2016-03-26.json").write_text('{"outlet_id": 3}', encoding="utf-8")
    with pytest.raises(ArchiveError, match="wirewatch outlet learn anvil --since 2016-03-26"):
        Templates(tmp_path).of_day("anvil", date(2016, 3, 27))
