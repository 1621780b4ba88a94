"""The command line: what goes to stdout, what to stderr, and how it ends."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import cast

import pytest

from pipeline.cli import main

ROOT = Path(__file__).resolve().parent.parent.parent
STORY = (
    "Anvil-The old quarry will reopen in spring, the Ministry of Mines said on Sunday.\n"
    '"We have found 40 people to work there," foreman Odile Marchetti said.\n'
    "He told reporters that the northern face was safe, and that nobody would be sent below it before May.\n"
)


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote where."""

    returncode: int
    stdout: bytes
    stderr: bytes


def wirewatch(*arguments: str, data: Path, stdin: bytes = b"") -> Ended:
    """Run a command in this process, as its user would see it end."""
    out, err = TextIOWrapper(BytesIO(), "utf-8"), TextIOWrapper(BytesIO(), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WIREWATCH_DATA", str(data))
        patch.setenv("COLUMNS", "200")
        patch.delenv("WIREWATCH_CATALOG", raising=False)
        patch.chdir(ROOT)
        patch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin), "utf-8"))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        for stream in (out, err):
            stream.flush()
    code = ended.value.code
    assert code is None or isinstance(code, int)
    return Ended(code or 0, *(cast("BytesIO", stream.buffer).getvalue() for stream in (out, err)))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    result = wirewatch("run", "--offline", "--date", "2016-03-27", data=folder)
    assert result.returncode == 0, result.stderr.decode()
    assert b"2016-03-27: 9 outlets" in result.stderr
    assert result.stdout == b""
    return folder


@pytest.fixture(scope="module")
def two_outlets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two")
    only = ("--outlet", "meridian-wire", "--outlet", "le-fanal")
    result = wirewatch("run", "--offline", "--date", "2016-03-27", *only, data=folder)
    assert result.returncode == 0, result.stderr.decode()
    return folder


@pytest.fixture
def kept(two_outlets: Path, tmp_path: Path) -> Path:
    """A data folder whose archive may be hurt: two outlets' day, published."""
    return Path(shutil.copytree(two_outlets, tmp_path / "kept"))


def published(folder: Path) -> bytes:
    return wirewatch(
        "query", "select outlet_id, count(*) from articles group by all order by all", data=folder
    ).stdout


def test_a_rebuild_without_an_archive_replaces_nothing(kept: Path) -> None:
    before = published(kept)
    (kept / "archive").rename(kept / "elsewhere")
    result = wirewatch("rebuild", data=kept)
    assert result.returncode == 3
    assert b"holds nothing to rebuild from" in result.stderr
    assert published(kept) == before


def test_a_rebuild_that_would_drop_rows_says_which_and_does_it_only_when_told(kept: Path) -> None:
    before = published(kept)
    shutil.rmtree(kept / "archive" / "le-fanal")
    refused = wirewatch("rebuild", data=kept)
    assert refused.returncode == 3
    assert b"le-fanal 2016-03-27" in refused.stderr
    assert b"--drop-missing" in refused.stderr
    assert published(kept) == before
    told = wirewatch("rebuild", "--drop-missing", data=kept)
    assert told.returncode == 0, told.stderr.decode()
    assert b"le-fanal" not in published(kept)


def test_a_rebuild_from_a_damaged_archive_names_the_lost_page_and_ends_with_losses(kept: Path) -> None:
    (file,) = (kept / "archive" / "le-fanal").rglob("*.warc.gz")
    file.write_bytes(file.read_bytes()[:3000])
    result = wirewatch("rebuild", data=kept)
    assert result.returncode == 1
    assert b"cannot be read" in result.stderr
    assert file.name.encode() in result.stderr


def test_reprocessing_what_the_archive_has_let_go_keeps_the_rows_says_so_and_ends_with_losses(
    kept: Path,
) -> None:
    before = published(kept)
    shutil.rmtree(kept / "archive" / "le-fanal")
    result = wirewatch("reprocess", "--date", "2016-03-27", data=kept)
    assert result.returncode == 1
    assert b"le-fanal, 2016-03-27: " in result.stderr
    assert b"could not be read again" in result.stderr
    assert published(kept) == before


def test_a_folder_that_cannot_be_written_is_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands here")
    result = wirewatch("run", "--offline", "--date", "2016-03-27", data=tmp_path / "data")
    assert result.returncode == 3
    assert b"cannot be used: Not a directory" in result.stderr


def test_a_day_with_a_broken_feed_ends_with_losses_and_names_them(tmp_path: Path) -> None:
    result = wirewatch(
        "run", "--offline", "--date", "2016-03-25", "--outlet", "levant-monitor", data=tmp_path
    )
    assert result.returncode == 1
    assert b"Lost or incomplete (1)" in result.stderr
    assert b"feed malformed" in result.stderr


def test_trends_answer_as_csv_on_stdout_alone(data: Path) -> None:
    result = wirewatch(
        "trend", "attention", "--start", "2016-03-27", "--end", "2016-03-27", "--format", "csv", data=data
    )
    assert result.returncode == 0
    assert len(result.stdout.splitlines()) > 1
    assert result.stderr == b""


def test_without_a_name_the_trends_are_listed(data: Path) -> None:
    result = wirewatch("trend", "--format", "json", data=data)
    names = {row["trend"] for row in json.loads(result.stdout)}
    assert {
        "attention",
        "share_of_voice",
        "who_quotes_whom",
        "source_diversity",
        "spikes",
        "syndication",
        "wire_provenance",
        "first_to_report",
    } <= names


def test_a_query_reads_and_may_not_write(data: Path) -> None:
    asked = wirewatch("query", "select count(*) as articles from articles", "--format", "json", data=data)
    assert json.loads(asked.stdout)[0]["articles"] > 0
    refused = wirewatch("query", "delete from articles", data=data)
    assert refused.returncode == 2
    assert refused.stdout == b""


def test_an_answer_for_programs_that_is_cut_says_so_and_is_no_success(data: Path) -> None:
    cut = wirewatch("query", "from range(5)", "--max-rows", "3", "--format", "csv", data=data)
    assert (cut.returncode, cut.stdout.split()) == (1, [b"range", b"0", b"1", b"2"])
    assert b"3 rows are written, and there are more: allow them with --max-rows" in cut.stderr
    whole = wirewatch("query", "from range(5)", "--max-rows", "5", "--format", "csv", data=data)
    assert (whole.returncode, whole.stderr) == (0, b"")


def test_a_day_without_an_end_is_wrong_use(data: Path) -> None:
    ended = wirewatch("run", "--offline", "--date", "9999-12-31", data=data)
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert b"name an earlier one" in ended.stderr
    assert b"Traceback" not in ended.stderr


def test_a_search_shows_lines_that_tell_why_and_how_many_more_there_are(data: Path) -> None:
    result = wirewatch("search", "palmyra", "--limit", "2", "--end", "2016-03-27", data=data)
    assert result.returncode == 0
    assert "*Palmyra*" in result.stdout.decode()
    assert b"articles fit; these are the best 2" in result.stderr


def test_a_search_for_programs_leads_to_evidence(data: Path) -> None:
    result = wirewatch("search", "palmyra source:putin", "--format", "json", "--limit", "1", data=data)
    (hit,) = json.loads(result.stdout)
    assert result.stderr == b""
    assert hit["snippet_end"] - hit["snippet_start"] == len(hit["snippet"])
    shown = wirewatch("evidence", str(hit["article_id"]), "--format", "json", data=data)
    assert json.loads(shown.stdout)[0]["title"] == hit["title"]


def test_a_search_counts_instead(data: Path) -> None:
    result = wirewatch("search", "palmyra", "--by", "outlet", "--format", "csv", data=data)
    assert result.stdout.splitlines()[0] == b"outlet,articles"


def test_evidence_of_an_article_names_its_capture(data: Path) -> None:
    asked = wirewatch("query", "select article_id from articles limit 1", "--format", "json", data=data)
    number = json.loads(asked.stdout)[0]["article_id"]
    shown = wirewatch("evidence", str(number), "--format", "json", data=data)
    assert json.loads(shown.stdout)[0]["digest"].startswith("sha256:")


def test_export_writes_a_file_a_table(data: Path, tmp_path: Path) -> None:
    result = wirewatch("export", "--out", str(tmp_path / "out"), "--format", "csv", data=data)
    assert result.returncode == 0
    assert (tmp_path / "out" / "articles.csv").stat().st_size > 1000


def test_reprocessing_says_that_nothing_changed(data: Path) -> None:
    result = wirewatch("reprocess", "--date", "2016-03-27", data=data)
    assert result.returncode == 0
    assert b"the same counts" in result.stderr


def test_attribute_reads_stdin_and_its_offsets_slice_back(tmp_path: Path) -> None:
    result = wirewatch("attribute", "-", data=tmp_path, stdin=STORY.encode())
    found = json.loads(result.stdout)
    assert {"the Ministry of Mines", "foreman Odile Marchetti"} <= {one["source_text"] for one in found}
    for one in found:
        parts = [STORY[start:end] for start, end in one["content"]]
        assert all(part in one["content_text"] for part in parts)


def test_extract_of_plain_text_names_its_outlet_and_who_is_cited(tmp_path: Path) -> None:
    file = tmp_path / "story.txt"
    file.write_text(STORY, encoding="utf-8")
    result = wirewatch("extract", str(file), data=tmp_path)
    page = json.loads(result.stdout)
    assert page["article"]["outlet"] == "Anvil"
    assert len(page["attributions"]) >= 2
    assert page["rejects"] == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n1 0 obj <<>>", "pdf"),
        (b'{"a": [1, 2, 3]}', "json"),
        (bytes(range(256)) * 4096, "binary"),
    ],
)
def test_extract_rejects_what_is_no_page_and_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "page"
    file.write_bytes(content)
    result = wirewatch("extract", str(file), data=tmp_path)
    assert result.returncode == 1
    page = json.loads(result.stdout)
    assert page["article"] is None
    assert [reject["reason"] for reject in page["rejects"]] == [reason]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("run", "--date", "2016-03-27", "--start", "2016-03-21"), "either --date or --start and --end"),
        (("run", "--start", "2016-03-21"), "give both --start and --end"),
        (("run", "--start", "2016-03-22", "--end", "2016-03-21"), "is before"),
        (("collect", "--outlet", "levant-moniter", "--date", "2016-03-27"), "levant-moni"),
        (("trend", "atention"), "no trend atention"),
        (("trend", "attention", "--param", "top"), "name=value"),
        (("search", '"palmyra'), "a quotation mark is not closed"),
        (("search", "palmyra", "--by", "author"), "counted by day, month, outlet"),
        (("search", "palmyra", "--start", "2016-03-27", "--end", "2016-03-01"), "lies before the first"),
        (("trend", "attention", "--start", "2016-03-22", "--end", "2016-03-21"), "lies before the first"),
        (("extract", "no-such-file"), "cannot read no-such-file"),
        (("import-warc", "no-such-file"), "no-such-file cannot be read"),
        (("import-warc", "README.md"), "README.md cannot be read as a WARC file"),
        (("query", "select 1", "--max-rows", "-5"), "--max-rows"),
        (("query", "select 1", "--max-rows", "0"), "--max-rows"),
        (("query", "select 1", "--max-seconds", "-1"), "--max-seconds"),
        (
            ("query", "select count(*) from range(1000000) a, range(1000000) b", "--max-seconds", "0.1"),
            "stopped after 0.1 seconds: narrow the question, or allow more time with --max-seconds",
        ),
    ],
)
def test_wrong_use_ends_with_two_and_says_what_is_wrong(
    data: Path, arguments: tuple[str, ...], says: str
) -> None:
    result = wirewatch(*arguments, data=data)
    assert result.returncode == 2
    assert says in result.stderr.decode()
    assert result.stdout == b""


@pytest.mark.parametrize("command", ["run", "collect", "process", "load", "reprocess"])
def test_a_day_on_which_no_outlet_is_watched_ends_with_three(tmp_path: Path, command: str) -> None:
    result = wirewatch(command, "--start", "2015-01-01", "--end", "2015-01-03", data=tmp_path)
    assert result.returncode == 3
    assert b"2015-01-01 and 2 more days: no outlet is watched; set watched_from" in result.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", [("extract",), ("outlet", "discover")])
def test_the_network_is_not_asked_when_that_is_forbidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("WIREWATCH_OFFLINE", "1")
    result = wirewatch(*command, "https://paper.example/", data=tmp_path)
    assert result.returncode == 2
    assert b"the network is not asked" in result.stderr


def test_text_that_is_not_utf_8_is_refused_rather_than_guessed(tmp_path: Path) -> None:
    result = wirewatch("attribute", "-", data=tmp_path, stdin="Le café a fermé, a-t-il dit.".encode("cp1252"))
    assert result.returncode == 2
    assert b"not text in UTF-8" in result.stderr


def test_extract_says_why_a_text_in_another_language_has_no_attributions(tmp_path: Path) -> None:
    story = "Der Minister sagte am Dienstag, die Brücke bleibe wegen der Arbeiten am Ufer geschlossen. " * 6
    result = wirewatch("extract", "-", data=tmp_path, stdin=story.encode())
    page = json.loads(result.stdout)
    assert page["attributions"] == []
    assert page["attribution_skipped"] == "language: de"


def test_help_says_what_holds_when_an_option_is_not_given() -> None:
    shown = wirewatch("collect", "--help", data=ROOT).stdout.decode()
    assert all(said in shown for said in ("today", "all that are watched", "$WIREWATCH_DATA or ./data"))


def test_asking_an_empty_data_folder_ends_with_three(tmp_path: Path) -> None:
    result = wirewatch("trend", "attention", data=tmp_path)
    assert result.returncode == 3
    assert b"wirewatch run" in result.stderr or b"make run" in result.stderr


def test_outlets_are_listed_and_their_files_checked(data: Path) -> None:
    listed = wirewatch("outlet", "list", data=data)
    assert b"levant-monitor" in listed.stdout
    checked = wirewatch("outlet", "check", "levant-monitor", data=data)
    assert checked.returncode == 0
    assert b"article" in checked.stdout
    assert b"wirewatch outlet learn levant-monitor" in checked.stderr


def test_what_was_extracted_is_shown_for_any_archived_day_by_whole_addresses(data: Path) -> None:
    (day,) = json.loads(
        wirewatch(
            "query",
            "select cast(min(day) as varchar) as first, arg_min(url, day) as url, arg_min(title, day) as title"
            " from articles where outlet_id = 'levant-monitor'",
            "--format",
            "json",
            data=data,
        ).stdout
    )
    checked = wirewatch("outlet", "check", "levant-monitor", "--date", day["first"], data=data)
    assert checked.returncode == 0
    assert day["url"] in checked.stdout.decode().splitlines()
    assert day["title"] in checked.stdout.decode()
    never = wirewatch("outlet", "check", "levant-monitor", "--date", "2001-01-01", data=data)
    assert never.returncode == 2
    assert b"nothing of 2001-01-01 is archived; the newest day that is" in never.stderr


def test_each_line_of_a_page_is_shown_as_taken_or_left(data: Path) -> None:
    listed = wirewatch("outlet", "check", "levant-monitor", "--page", "https://nowhere.example/", data=data)
    assert listed.returncode == 2
    assert b"no page of" in listed.stderr
    (row,) = json.loads(
        wirewatch(
            "query",
            "select url from articles where outlet_id = 'levant-monitor' order by collected_at desc, url limit 1",
            "--format",
            "json",
            data=data,
        ).stdout
    )
    shown = wirewatch("outlet", "check", "levant-monitor", "--page", row["url"], data=data)
    assert shown.returncode == 0
    assert b"yes" in shown.stdout


def test_too_few_pages_teach_nothing(data: Path) -> None:
    learnt = wirewatch("outlet", "learn", "levant-monitor", "--since", "2016-03-01", data=data)
    assert learnt.returncode == 3
    assert b"nothing was learnt" in learnt.stderr


def test_a_proposed_outlet_joins_the_catalogue_once_and_takes_nobodys_place(tmp_path: Path) -> None:
    (tmp_path / "outlets").mkdir()
    proposed = b"""id = "my-paper"
name = "My Paper"
kind = "paper"
homepage = "https://www.mypaper.example/"
language = "en"
"""
    adopt = ("outlet", "adopt", "-", "--catalog", str(tmp_path))
    for _ in range(2):
        assert wirewatch(*adopt, data=tmp_path, stdin=proposed).returncode == 0
    assert (tmp_path / "outlets" / "my-paper.toml").read_bytes() == proposed
    for changed, complaint in (
        (proposed.replace(b'"My Paper"', b'"Another"'), b"has another outlet of this id"),
        (proposed.replace(b'"my-paper"', b'"other"').replace(b"My Paper", b"Other"), b"is my-paper's too"),
        (proposed.replace(b'"my-paper"', b'"../x"'), b"'../x' is none"),
        (proposed.replace(b'"paper"', b'"blog"').replace(b'"my-paper"', b'"new"'), b"new.toml: kind"),
        (b"id = ", b"the proposed file: TOML"),
    ):
        refused = wirewatch(*adopt, data=tmp_path, stdin=changed)
        assert refused.returncode == 2
        assert complaint in refused.stderr
    assert [file.name for file in (tmp_path / "outlets").iterdir()] == ["my-paper.toml"]


def test_the_doctor_asks_for_a_contact(data: Path) -> None:
    result = wirewatch("doctor", data=data)
    assert result.returncode == 1
    assert b"WIREWATCH_CONTACT" in result.stdout


def test_help_names_every_command() -> None:
    result = wirewatch("--help", data=ROOT)
    for command in (
        "run",
        "collect",
        "process",
        "load",
        "check",
        "publish",
        "extract",
        "attribute",
        "trend",
        "query",
        "import-warc",
        "reprocess",
        "outlet",
        "evidence",
        "export",
        "doctor",
    ):
        assert command in result.stdout.decode()


def test_the_module_is_the_same_door() -> None:
    shown = subprocess.run([sys.executable, "-m", "pipeline", "--help"], capture_output=True, check=True)
    assert b"who_quotes_whom" in shown.stdout


def test_who_is_cited_and_in_no_entry_is_proposed_for_the_registry(data: Path) -> None:
    review = wirewatch("sources", "review", "--least", "2", "--limit", "5", data=data)
    assert review.returncode == 0
    assert 1 <= review.stdout.count(b"wirewatch evidence") <= 5
    checked = wirewatch("sources", "check", data=data)
    assert (checked.returncode, checked.stdout) == (0, b"")
