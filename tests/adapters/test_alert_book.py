"""The book of alerts: nothing is lost, nothing is owed twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pipeline.adapters.alert_book import AlertBook
from pipeline.alerts import Alert, Evidence

AT = datetime(2016, 3, 27, 1, tzinfo=UTC)


def alert(number: int, watch_id: str = "w") -> Alert:
    return Alert(
        alert_id=number,
        watch_id=watch_id,
        subject="s",
        day=date(2016, 3, 26),
        reason=f"reason {number}",
        value=8.0,
        usual=None,
        evidence=(Evidence(article_id=7, outlet="Kald Post", title=None, url="u", sentence="It drifted."),),
    )


def test_a_finding_is_kept_once_and_owed_once(tmp_path: Path) -> None:
    book = AlertBook(tmp_path)
    assert len(book.record([alert(1), alert(2)], ["desk", "hook"], AT)) == 2
    assert [one.alert_id for one in book.record([alert(2), alert(3)], ["desk", "hook"], AT)] == [3]
    assert {one.alert_id for one in book.known("w")} == {1, 2, 3}
    assert book.known("w")[0].evidence == alert(1).evidence
    assert {(owed.channel, owed.items) for owed in book.due()} == {
        ("desk", ("1", "2", "3")),
        ("hook", ("1", "2", "3")),
    }


def test_what_was_sent_is_owed_no_more_even_when_found_again(tmp_path: Path) -> None:
    book = AlertBook(tmp_path)
    book.record([alert(1)], ["desk"], AT)
    (owed,) = book.due()
    book.begin(owed, "m1", AT)
    book.sent(owed, AT)
    book.record([alert(1)], ["desk"], AT)
    assert book.due() == ()
    assert book.told("w")[0].states == (("desk", "sent", ""),)


def test_what_was_begun_and_never_marked_is_the_same_message_again(tmp_path: Path) -> None:
    book = AlertBook(tmp_path)
    book.record([alert(1), alert(2)], ["desk"], AT)
    (owed,) = book.due()
    book.begin(owed, "m1", AT)  # and here the process is killed
    book = AlertBook(tmp_path)
    book.record([alert(3)], ["desk"], AT)
    assert [(again.items, again.message_id) for again in book.due()] == [(("1", "2"), "m1"), (("3",), None)]


def test_a_failure_stays_owed_with_its_reason_and_who_has_it_already(tmp_path: Path) -> None:
    book = AlertBook(tmp_path)
    book.record([alert(1)], ["desk"], AT)
    (owed,) = book.due()
    book.begin(owed, "m1", AT)
    book.failed(owed, AT, "refused for b@c", ["a@c"])
    (again,) = book.due()
    assert again.accepted == ("a@c",)
    assert book.owed() == (("w", "desk", 1, "refused for b@c"),)
    assert book.forget("w") == 1
    assert book.due() == ()


def test_a_digest_is_owed_once_a_period(tmp_path: Path) -> None:
    book = AlertBook(tmp_path)
    assert book.owe_digest("week", date(2016, 4, 3), ["desk"])
    assert not book.owe_digest("week", date(2016, 4, 3), ["desk"])
    assert book.owe_digest("week", date(2016, 4, 10), ["desk"])
    assert [owed.items for owed in book.due()] == [("week 2016-04-03",), ("week 2016-04-10",)]


def test_a_digest_that_was_given_up_is_not_owed_again(tmp_path: Path) -> None:
    book = AlertBook(tmp_path)
    book.owe_digest("week", date(2016, 4, 3), ["desk"])
    assert book.forget("digest:week") == 1
    assert not book.owe_digest("week", date(2016, 4, 3), ["desk"])
    assert (book.due(), book.owed(), book.forget("digest:week")) == ((), (), 0)
    assert book.owners() == ("digest:week",)


def test_giving_up_waits_for_a_delivery_under_way(tmp_path: Path) -> None:
    book = AlertBook(tmp_path)
    book.record([alert(1)], ["desk"], AT)
    (owed,) = book.due()
    with ThreadPoolExecutor(1) as pool:
        with book.delivering():
            book.begin(owed, "m1", AT)
            given_up = pool.submit(AlertBook(tmp_path).forget, "w")
            book.sent(owed, AT)
        assert given_up.result() == 0
    assert [told.states for told in book.told("w")] == [(("desk", "sent", ""),)]


def test_what_went_wrong_last_is_the_latest_and_not_the_last_of_the_alphabet(tmp_path: Path) -> None:
    book = AlertBook(tmp_path)
    for number, detail in enumerate(("zone unknown", "answered 410")):
        book.record([alert(number)], ["desk"], AT)
        owed = book.due()[-1]
        book.begin(owed, f"m{number}", AT)
        book.failed(owed, AT + timedelta(hours=number), detail, [])
    assert book.owed() == (("w", "desk", 2, "answered 410"),)


def test_nothing_was_found_before_there_is_a_file(tmp_path: Path) -> None:
    book = AlertBook(tmp_path / "none")
    assert book.known("w") == ()
    assert book.due() == ()
    assert book.owed() == ()
    assert not (tmp_path / "none").exists()


def test_many_at_once_keep_each_finding_once(tmp_path: Path) -> None:
    def keep(_: int) -> int:
        return len(AlertBook(tmp_path).record([alert(number) for number in range(20)], ["desk"], AT))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(keep, range(8))) == 20


WRITER = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from pipeline.adapters.alert_book import AlertBook
from pipeline.alerts import Alert
book, at = AlertBook(Path(sys.argv[1])), datetime(2016, 3, 27, tzinfo=UTC)
for number in range(100_000):
    one = Alert(alert_id=number, watch_id="w", subject="s", day=date(2016, 3, 26), reason="r", value=1.0, usual=None)
    book.record([one], ["desk"], at)
    print(number, flush=True)
"""


def test_a_kill_leaves_every_finding_with_what_it_is_owed(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    for _ in range(5):
        last = int(process.stdout.readline())
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    book = AlertBook(tmp_path)
    kept = {str(one.alert_id) for one in book.known("w")}
    assert {str(number) for number in range(last + 1)} <= kept
    assert {item for owed in book.due() for item in owed.items} == kept
