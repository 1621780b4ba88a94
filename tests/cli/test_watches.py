"""Watches from the command line: found once, told once, and never green when somebody was not told."""

from __future__ import annotations

import email
import email.policy
import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from pipeline.cli import main

ROOT = Path(__file__).resolve().parent.parent.parent
WATCH = """
id = "palmyra"
title = "Palmyra in the news"
kind = "words"
threshold = "spike"
words = "palmyra"
deliver = ["hook"]
"""
DIGEST = 'id = "day"\ntitle = "The day"\nevery = "day"\ndeliver = ["hook"]\n'


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of the samples' first week, read by the rules."""
    data = tmp_path_factory.mktemp("week")
    ended = command("run", "--offline", "--start", "2016-03-21", "--end", "2016-03-27", data=data)
    assert ended.returncode == 1, ended.stderr  # the feed that is broken on purpose
    return data


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """The catalogue's outlets with a watch and a digest of the test's own."""
    folder = tmp_path / "catalog"
    (folder / "watches").mkdir(parents=True)
    (folder / "digests").mkdir()
    (folder / "outlets").symlink_to(ROOT / "catalog" / "outlets")
    (folder / "watches" / "palmyra.toml").write_text(WATCH, encoding="utf-8")
    (folder / "digests" / "day.toml").write_text(DIGEST, encoding="utf-8")
    return folder


@pytest.fixture
def data(published: Path, tmp_path: Path) -> Path:
    """What was published, with a book of alerts of the test's own."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "warehouse").symlink_to(published / "warehouse")
    return folder


@pytest.fixture
def hook() -> Iterator[tuple[str, list[Any], list[int]]]:
    """A webhook's address, what it took, and the answers it is to give (204 where there are none left)."""
    taken: list[Any] = []
    answers: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = answers.pop(0) if answers else 204
            if status == 204:
                taken.append(body)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", taken, answers
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote where."""

    returncode: int
    stdout: str
    stderr: str


def command(*arguments: str, data: Path, **environ: str) -> Ended:
    """Run a command in this process, as its user would see it end."""
    out, err = StringIO(), StringIO()
    given = {"WIREWATCH_ATTRIBUTION": "rules", "WIREWATCH_DATA": str(data), "COLUMNS": "200", **environ}
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("WIREWATCH_")]:
            patch.delenv(name)
        for name, value in given.items():
            patch.setenv(name, value)
        patch.chdir(ROOT)
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
    code = ended.value.code
    assert code is None or isinstance(code, int)
    return Ended(code or 0, out.getvalue(), err.getvalue())


def test_a_finding_is_told_once_however_often_its_day_is_run(
    data: Path, catalog: Path, hook: tuple[str, list[Any], list[int]]
) -> None:
    address, taken, _ = hook
    run = ("watch", "run", "--date", "2016-03-27", "--catalog", str(catalog))
    first = command(*run, data=data, WIREWATCH_CHANNEL_HOOK=address)
    assert first.returncode == 0, first.stderr
    assert "“palmyra”: " in first.stdout
    (told,) = taken
    (alert,) = told["alerts"]
    assert alert["day"] == "2016-03-27"
    assert "almyr" in alert["evidence"][0]["sentence"]
    assert alert["evidence"][0]["link"].endswith(f"article={alert['evidence'][0]['article_id']}")
    again = command(*run, data=data, WIREWATCH_CHANNEL_HOOK=address)
    assert (again.returncode, again.stdout) == (0, "")
    assert len(taken) == 1
    listed = command("watch", "alerts", data=data)
    assert "hook: sent" in listed.stdout


def test_whoever_publishes_a_day_has_its_watches_look_and_tell(
    published: Path, catalog: Path, hook: tuple[str, list[Any], list[int]], tmp_path: Path
) -> None:
    address, taken, _ = hook
    data = tmp_path / "whole"
    shutil.copytree(published, data)
    on = ("--date", "2016-03-27", "--outlet", "le-fanal", "--catalog", str(catalog))
    silent = command("reprocess", *on, "--no-watches", data=data, WIREWATCH_CHANNEL_HOOK=address)
    assert (silent.returncode, taken) == (0, [])
    told = command("run", "--offline", *on, data=data, WIREWATCH_CHANNEL_HOOK=address)
    assert told.returncode == 0, told.stderr
    assert "delivered: palmyra to hook" in told.stderr
    assert [one["kind"] for one in taken] == ["alerts"]
    (catalog / "watches" / "palmyra.toml").write_text("id = 1", encoding="utf-8")
    wrong = command("reprocess", *on, data=data)
    assert wrong.returncode == 1
    assert "the watches could not look: " in wrong.stderr


def test_what_could_not_be_delivered_is_not_green_and_is_delivered_later(
    data: Path, catalog: Path, hook: tuple[str, list[Any], list[int]]
) -> None:
    address, taken, answers = hook
    run = ("watch", "run", "--date", "2016-03-27", "--catalog", str(catalog))
    nowhere = command(*run, data=data)
    assert nowhere.returncode == 1
    assert "Set WIREWATCH_CHANNEL_HOOK" in nowhere.stderr
    answers.append(410)
    gone = command(*run, data=data, WIREWATCH_CHANNEL_HOOK=address)
    assert gone.returncode == 1
    assert "answered 410" in gone.stderr
    assert (
        "owed: 1 of palmyra to hook" in command("watch", "list", "--catalog", str(catalog), data=data).stderr
    )
    looked_after = command("doctor", "--catalog", str(catalog), data=data, WIREWATCH_CHANNEL_HOOK=address)
    assert looked_after.returncode == 1
    assert "owed: 1 of palmyra to hook" in looked_after.stdout
    later = command(*run, data=data, WIREWATCH_CHANNEL_HOOK=address)
    assert later.returncode == 0, later.stderr
    assert len(taken) == 1


def test_check_says_how_often_it_would_have_told_and_keeps_nothing(data: Path, catalog: Path) -> None:
    checked = command(
        "watch", "check", "--catalog", str(catalog), data=data, WIREWATCH_CHANNEL_HOOK="https://hook.example/"
    )
    assert checked.returncode == 0, checked.stderr
    assert "palmyra: 1 alert from" in checked.stderr
    assert "nothing was found yet" in command("watch", "alerts", data=data).stderr


def test_a_test_goes_through_the_channels(
    data: Path, catalog: Path, hook: tuple[str, list[Any], list[int]]
) -> None:
    address, taken, _ = hook
    tested = command(
        "watch", "test", "palmyra", "--catalog", str(catalog), data=data, WIREWATCH_CHANNEL_HOOK=address
    )
    assert tested.returncode == 0, tested.stderr
    assert [one["kind"] for one in taken] == ["note"]


def test_a_digest_is_sent_once_and_can_be_looked_at(
    data: Path, catalog: Path, hook: tuple[str, list[Any], list[int]], tmp_path: Path
) -> None:
    address, taken, _ = hook
    digest = ("watch", "digest", "--date", "2016-03-27", "--catalog", str(catalog))
    for _ in range(2):
        sent = command(*digest, data=data, WIREWATCH_CHANNEL_HOOK=address)
        assert sent.returncode == 0, sent.stderr
    assert [one["kind"] for one in taken] == ["digest"]
    command(*digest, "--out", str(tmp_path / "day.eml"), data=data)
    letter = email.message_from_bytes((tmp_path / "day.eml").read_bytes(), policy=email.policy.default)
    kinds = [part.get_content_type() for part in letter.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "image/png", "image/png"]


def test_a_watch_that_is_misspelt_says_where(data: Path, catalog: Path) -> None:
    (catalog / "watches" / "palmyra.toml").write_text(WATCH.replace("spike", "spke"), encoding="utf-8")
    wrong = command("watch", "list", "--catalog", str(catalog), data=data)
    assert wrong.returncode == 2
    assert "palmyra.toml: threshold: 'spke' is none of its words. Did you mean 'spike'?" in wrong.stderr


def test_an_unknown_watch_is_said_with_the_nearest(data: Path, catalog: Path) -> None:
    wrong = command("watch", "test", "palmira", "--catalog", str(catalog), data=data)
    assert wrong.returncode == 2
    assert "Did you mean 'palmyra'?" in wrong.stderr


@pytest.mark.parametrize("name", ["alerts", "forget", "digest"])
def test_an_unknown_id_is_wrong_use_and_the_known_are_named(name: str, data: Path, catalog: Path) -> None:
    wrong = command("watch", name, "nosuch", "--catalog", str(catalog), data=data)
    assert wrong.returncode == 2
    assert ("day" if name == "digest" else "palmyra") in wrong.stderr


def test_a_digest_that_is_named_is_sent_alone(
    data: Path, catalog: Path, hook: tuple[str, list[Any], list[int]]
) -> None:
    address, taken, _ = hook
    (catalog / "digests" / "other.toml").write_text(DIGEST.replace('"day"', '"other"', 1), encoding="utf-8")
    on = ("--date", "2016-03-27", "--catalog", str(catalog))
    command("watch", "run", "--no-send", *on, data=data)
    sent = command("watch", "digest", "day", *on, data=data, WIREWATCH_CHANNEL_HOOK=address)
    assert sent.returncode == 0, sent.stderr
    assert [one["kind"] for one in taken] == ["digest"]
    assert "delivered: digest:day to hook" in sent.stderr


def test_of_several_digests_one_is_named_or_all_are_asked_for(
    data: Path, catalog: Path, hook: tuple[str, list[Any], list[int]]
) -> None:
    address, taken, _ = hook
    (catalog / "digests" / "other.toml").write_text(DIGEST.replace('"day"', '"other"', 1), encoding="utf-8")
    on = ("--date", "2016-03-27", "--catalog", str(catalog))
    command("watch", "run", "--no-send", *on, data=data)
    unnamed = command("watch", "digest", *on, data=data, WIREWATCH_CHANNEL_HOOK=address)
    assert (unnamed.returncode, taken) == (2, [])
    assert "day, other" in unnamed.stderr
    assert "--all" in unnamed.stderr
    sent = command("watch", "digest", "--all", *on, data=data, WIREWATCH_CHANNEL_HOOK=address)
    assert sent.returncode == 0, sent.stderr
    assert [one["kind"] for one in taken] == ["digest", "digest"], "the alerts that are owed are no digests"


def test_a_digest_that_was_given_up_is_not_sent(
    data: Path, catalog: Path, hook: tuple[str, list[Any], list[int]]
) -> None:
    address, taken, _ = hook
    digest = ("watch", "digest", "day", "--date", "2016-03-27", "--catalog", str(catalog))
    assert command(*digest, data=data).returncode == 1  # the channel has no address yet
    given_up = command("watch", "forget", "digest:day", "--catalog", str(catalog), data=data)
    assert "1 deliveries of digest:day were given up" in given_up.stderr
    assert command(*digest, data=data, WIREWATCH_CHANNEL_HOOK=address).returncode == 0
    assert taken == []


def test_a_digest_without_channels_says_so(data: Path, catalog: Path) -> None:
    (catalog / "digests" / "day.toml").write_text(
        DIGEST.replace('deliver = ["hook"]\n', ""), encoding="utf-8"
    )
    ended = command("watch", "digest", "day", "--date", "2016-03-27", "--catalog", str(catalog), data=data)
    assert "day has no channels" in ended.stderr


def test_the_day_that_a_watch_looks_at_unasked_is_the_newest_published(data: Path) -> None:
    for name in ("run", "digest"):
        assert "newest published day)" in command("watch", name, "--help", data=data).stdout


def test_a_watch_of_a_source_that_nobody_knows_by_that_id_says_how_to_write_it(
    data: Path, catalog: Path
) -> None:
    text = 'id = "who"\ntitle = "Who"\nkind = "sources"\nthreshold = "spike"\n'
    sources = 'sources = ["Dmitry Peskov", "Abel Nobody", "vladimir-putin", "name:Abel Nobody"]\n'
    (catalog / "watches" / "who.toml").write_text(text + sources, encoding="utf-8")
    ended = command("watch", "check", "who", "--catalog", str(catalog), data=data)
    assert ended.returncode == 1
    told = [line for line in ended.stderr.splitlines() if "no source has the id" in line]
    assert told == [
        "who: no source has the id 'Dmitry Peskov', so it is never found; write \"dmitry-peskov\"",
        "who: no source has the id 'Abel Nobody', so it is never found; write \"name:Abel Nobody\", or add it to sources.toml",
    ]
