"""The bundled archive: the same bytes from the same sources, and everything in it that the field contains."""

from __future__ import annotations

import gzip
import importlib.util
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from pipeline import feeds
from pipeline.adapters.catalog import load
from pipeline.extract.decoding import decode
from pipeline.records import FeedStatus, Reason

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
FILES = sorted((SAMPLES / "archive").glob("*.warc.gz"))
DAYS = [date(2016, 3, 21) + timedelta(days=number) for number in range(14)]
# "https://www.northgate.example/av"; not "www.northgate.example" without its scheme.
HOST = re.compile(r"https?://([^/\s\"'<>?#:]+)")
# Names of vocabularies look like addresses; nobody fetches them.
VOCABULARIES = {"www.w3.org", "schema.org", "purl.org", "www.sitemaps.org", "www.google.com"}


def _loaded(name: str, file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def build() -> Iterator[ModuleType]:
    """The script, with the folder on the path that a run of it would have there."""
    sys.path.insert(0, str(SAMPLES))
    yield _loaded("samples_build", SAMPLES / "build.py")
    sys.path.remove(str(SAMPLES))


@pytest.fixture(scope="module")
def visited(build: ModuleType) -> object:
    return build.visit_all()


@pytest.fixture(scope="module")
def responses() -> list[tuple[str, str, datetime, str, bytes]]:
    """Outlet, URL, moment, status and body of every response, read by warcio."""
    read = []
    for file in FILES:
        with file.open("rb") as stream:
            for record in WarcioIterator(stream, check_digests="raise"):
                if record.rec_type != "response":
                    continue
                header = record.rec_headers
                at = datetime.fromisoformat(header["WARC-Date"])
                status = record.http_headers.get_statuscode()
                body = record.content_stream().read()
                read.append((file.name.removesuffix(".warc.gz"), header["WARC-Target-URI"], at, status, body))
    return read


def test_building_twice_gives_the_same_bytes(build: ModuleType, tmp_path: Path) -> None:
    first, second = (dict(build.archive_files(build.visit_all(), tmp_path)) for _ in range(2))
    assert first == second


def test_the_committed_archive_is_what_the_sources_give(build: ModuleType, visited: object) -> None:
    built = dict(build.archive_files(visited, SAMPLES / "archive"))
    assert sorted(built) == FILES
    for file, content in built.items():
        assert gzip.decompress(file.read_bytes()) == gzip.decompress(content), (
            f"run samples/build.py: {file.name}"
        )


def test_the_committed_examples_are_what_the_sources_give(build: ModuleType, visited: object) -> None:
    built = dict(build.example_files(visited))
    assert {file for file in build.EXAMPLES.rglob("*") if file.is_file()} >= set(built)
    for file, content in built.items():
        assert file.read_bytes() == content, f"run samples/build.py --examples: {file}"


def test_the_readme_counts_what_is_there(build: ModuleType, visited: object) -> None:
    file, content = build.readme_file(visited)
    assert file.read_bytes() == content, "run samples/build.py --table"


def test_no_record_tells_when_it_was_written() -> None:
    for file in FILES:
        raw = file.read_bytes()
        with io.BytesIO(raw) as stream:
            starts = [record.stream_pos for record in FastIterator(stream, parse_http=False)]
        assert {raw[start + 4 : start + 8] for start in starts} == {b"\0\0\0\0"}


def test_fastwarc_reads_the_same_responses_as_warcio(
    responses: list[tuple[str, str, datetime, str, bytes]],
) -> None:
    read = []
    for file in FILES:
        with file.open("rb") as stream:
            for record in FastIterator(stream, record_types=WarcRecordType.response, verify_digests=True):
                status = str(record.http_headers.status_code)
                read += [(record.headers["WARC-Target-URI"], status, record.reader.read())]
    assert read == [(url, status, body) for _, url, _, status, body in responses]


def test_every_outlet_of_the_catalogue_marked_a_sample_has_its_archive() -> None:
    samples = [outlet for outlet in load(ROOT / "catalog").outlets if outlet.sample]
    assert len(samples) >= 8
    assert [f"{outlet.outlet_id}.warc.gz" for outlet in samples] == [file.name for file in FILES]
    for outlet in samples:
        assert (outlet.watched_from, outlet.watched_until) == (DAYS[0], DAYS[-1] + timedelta(days=1))


def test_each_day_has_robots_and_every_feed_of_every_outlet(
    responses: list[tuple[str, str, datetime, str, bytes]],
) -> None:
    captured = {(url, at.date()) for _, url, at, _, _ in responses}
    for outlet in load(ROOT / "catalog").outlets:
        if outlet.sample:
            urls = [f"{outlet.homepage}robots.txt", *(feed.url for feed in outlet.feeds)]
            assert {(url, day) for url in urls for day in DAYS} <= captured


def test_captures_follow_each_other_at_the_outlets_pace(
    responses: list[tuple[str, str, datetime, str, bytes]],
) -> None:
    pace = {outlet.outlet_id: outlet.delay_seconds for outlet in load(ROOT / "catalog").outlets}
    for (outlet_id, _, before, _, _), (following, _, at, _, _) in pairwise(responses):
        if outlet_id == following:
            assert at - before >= timedelta(seconds=pace[outlet_id])


def test_a_url_is_captured_at_most_once_a_day(responses: list[tuple[str, str, datetime, str, bytes]]) -> None:
    counts = Counter((url, at.date()) for _, url, at, _, _ in responses)
    assert max(counts.values()) == 1


def test_there_are_at_least_eighty_articles(visited: tuple[object, ...]) -> None:
    articles = [story for one in visited for story in one.stories if not story.captured]  # type: ignore[attr-defined]
    assert len(articles) >= 80
    assert len({story.outlet_id for story in articles}) >= 8
    assert sum(story.copy_of is not None for story in articles) >= 5


@pytest.mark.parametrize(
    "kind",
    [
        "404",
        "404 served as 200",
        "PDF",
        "bot wall",
        "broken feed",
        "consent wall",
        "corrected under the same URL",
        "disallowed by robots.txt",
        "empty body",
        "gallery",
        "paywall stub",
        "section front",
        "video page",
        "wrong charset",
    ],
)
def test_the_trap_is_set(build: ModuleType, visited: object, kind: str) -> None:
    assert kind in {found for found, _ in build.census.traps(visited)}


def test_reasons_expected_of_traps_are_words_of_the_pipeline(visited: tuple[object, ...]) -> None:
    expected = [trap.expect for one in visited for trap in one.site.traps]  # type: ignore[attr-defined]
    assert expected
    assert set(expected) <= {str(reason) for reason in Reason}


def test_feeds_are_well_formed_but_for_the_broken_one(
    responses: list[tuple[str, str, datetime, str, bytes]],
) -> None:
    known = {feed.url: (feed, outlet) for outlet in load(ROOT / "catalog").outlets for feed in outlet.feeds}
    lost = []
    for _, url, at, _, body in responses:
        if url in known:
            feed, outlet = known[url]
            parsed = feeds.parse(body, feed, base_url=url, content_type=None, timezone=outlet.timezone)
            if parsed.status.is_loss:
                lost.append((outlet.outlet_id, at.date(), parsed.status, len(parsed.entries)))
    assert lost == [("levant-monitor", date(2016, 3, 25), FeedStatus.MALFORMED, 0)]


def test_what_the_broken_feed_withheld_is_captured_the_day_after(
    responses: list[tuple[str, str, datetime, str, bytes]],
) -> None:
    pages = {
        (url.rsplit("/", 1)[1], at.day)
        for outlet_id, url, at, _, _ in responses
        if outlet_id == "levant-monitor"
    }
    assert {("flag-over-the-citadel", 26), ("kerry-bows-to-calendar", 26)} <= pages
    assert ("flag-over-the-citadel", 25) not in pages


def test_a_corrected_page_is_captured_in_both_states(
    responses: list[tuple[str, str, datetime, str, bytes]],
) -> None:
    states = {at.day: body.decode() for _, url, at, _, body in responses if "palmyra-falls-to-army" in url}
    assert len(states) >= 2
    assert [("amended on" in states[day]) for day in sorted(states)] == [False] * (len(states) - 1) + [True]


def test_mislabelled_pages_are_really_in_another_charset(visited: tuple[object, ...]) -> None:
    for one in visited:
        for fetch, got in one.pages:  # type: ignore[attr-defined]
            if fetch.item.story and fetch.item.encoding.is_mislabelled:
                label = fetch.item.encoding.header or fetch.item.encoding.meta
                assert fetch.item.title in decode(got.body, fetch.item.encoding.header).text
                assert "é" in got.body.decode(fetch.item.encoding.bytes)
                assert "é" not in got.body.decode(label, "replace")


def test_the_disallowed_page_is_linked_and_never_captured(
    responses: list[tuple[str, str, datetime, str, bytes]],
) -> None:
    quiz = "https://www.haldencourier.example/puzzles/weekly-quiz-1204"
    assert any(
        quiz in body.decode() for outlet_id, _, _, _, body in responses if outlet_id == "halden-courier"
    )
    assert quiz not in {url for _, url, _, _, _ in responses}


def test_every_host_is_fictional(responses: list[tuple[str, str, datetime, str, bytes]]) -> None:
    named = {
        host for _, url, _, _, body in responses for host in HOST.findall(f"{url} {body.decode('latin-1')}")
    }
    assert {host for host in named if not host.endswith(".example")} <= VOCABULARIES


def test_each_sample_outlet_has_examples_and_each_says_what_is_expected() -> None:
    folder = ROOT / "tests" / "examples" / "outlets"
    for file in FILES:
        cases = sorted((folder / file.name.removesuffix(".warc.gz")).glob("*/expected.json"))
        assert len(cases) >= 2
        for case in cases:
            expected = json.loads(case.read_text(encoding="utf-8"))
            assert ("reject" in expected) != ("body" in expected)


GOOD = """+++
title = "A title"
published = 2016-03-27T18:40:00+02:00
+++

First.

- one
- two
"""


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("27-march.md", GOOD, "file name"),
        ("2016-03-27-a.md", GOOD.replace("title =", "titel ="), "title: is missing"),
        ("2016-03-27-a.md", GOOD.replace("+++\n\n", 'mood = "grim"\n+++\n\n'), "mood: is no key"),
        ("2016-03-27-a.md", GOOD.replace('"A title"', "7"), "title: must be str"),
        ("2016-03-28-a.md", GOOD, "not on the day of the file name"),
        ("2016-03-27-a.md", GOOD.replace(":00+02:00", ":00"), "needs an offset"),
        ("2016-03-27-a.md", GOOD.replace("First.", "**First.**"), "markup"),
        ("2016-03-27-a.md", GOOD.partition("First.")[0], "a body or copy_of"),
        ("2016-03-27-a.corrected.md", GOOD, "captured"),
        ("2016-03-27-a.md", "no front matter", "front matter"),
    ],
)
def test_wrong_prose_is_refused_with_its_file_and_key(
    build: ModuleType, tmp_path: Path, name: str, text: str, complaint: str
) -> None:
    file = tmp_path / "meridian-wire" / name
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    with pytest.raises(build.ProseError, match=re.escape(str(file))) as caught:
        sys.modules["press.prose"].read(file)
    assert complaint in str(caught.value)


def test_right_prose_is_read_block_by_block(build: ModuleType, tmp_path: Path) -> None:
    assert build.ProseError
    file = tmp_path / "2016-03-27-a.md"
    file.write_text(GOOD, encoding="utf-8")
    story = sys.modules["press.prose"].read(file)
    assert [(str(block.kind), block.lines) for block in story.blocks] == [
        ("paragraph", ("First.",)),
        ("list", ("one", "two")),
    ]
