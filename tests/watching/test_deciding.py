"""Which sightings become alerts, and which were told before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alerts import Alert, Evidence, Sighting, Threshold, Watch, WatchKind
from pipeline.watching import decide, sightings_of_counts
from pipeline.watching.usual import robust_z

DAY = date(2016, 3, 26)


def watch(threshold: Threshold, *, over: float, least: int = 1, kind: WatchKind = WatchKind.SOURCES) -> Watch:
    return Watch(watch_id="w", title="W", kind=kind, threshold=threshold, over=over, least=least)


SPIKES = watch(Threshold.SPIKE, over=3, least=3)
CALM = Sighting(
    subject="ilse-varn", name="Ilse Varn", day=DAY, value=8, usual=1.0, deviation=0.0, known_days=10
)


def test_a_spike_is_told_with_what_is_usual() -> None:
    (alert,) = decide(SPIKES, [CALM], [])
    assert alert.reason == "Ilse Varn: 8 statements on 2016-03-26, usually 1 a day"
    assert (alert.subject, alert.day, alert.value, alert.usual) == ("ilse-varn", DAY, 8, 1.0)


@pytest.mark.parametrize(
    "other",
    [
        replace(CALM, value=4),  # z is 3, not over it
        replace(CALM, known_days=4),  # too few days to know what is usual
        replace(CALM, deviation=3.0),  # it always varies so
        replace(CALM, value=2, usual=0.0),  # below least
    ],
)
def test_what_does_not_stand_out_is_not_told(other: Sighting) -> None:
    assert decide(SPIKES, [other], []) == ()


def test_the_same_finding_is_known_again_though_its_counts_grew() -> None:
    told = decide(SPIKES, [CALM], [])
    assert decide(SPIKES, [replace(CALM, value=11, usual=2.0)], told) == ()


def test_another_day_or_subject_is_another_finding() -> None:
    told = decide(SPIKES, [CALM], [])
    others = [replace(CALM, day=DAY + timedelta(days=1)), replace(CALM, subject="odo-marsh")]
    assert len(decide(SPIKES, others, told)) == 2


def test_ids_are_the_same_on_any_machine() -> None:
    (alert,) = decide(SPIKES, [CALM], [])
    assert alert.alert_id == 4397587648204065618


def test_the_most_striking_comes_first() -> None:
    found = decide(SPIKES, [CALM, replace(CALM, subject="odo-marsh", value=20)], [])
    assert [alert.subject for alert in found] == ["odo-marsh", "ilse-varn"]


FIRST = watch(Threshold.FIRST_MENTION, over=30)
NEW = Sighting(subject="odo-marsh", name="Odo Marsh", day=DAY, value=2, known_days=20)


def test_who_was_not_cited_for_long_is_told() -> None:
    (alert,) = decide(FIRST, [NEW], [])
    assert alert.reason == "Odo Marsh: 2 statements on 2016-03-26, and not once in the 30 days before"


def test_of_a_warehouse_that_knows_few_days_nobody_is_new() -> None:
    assert decide(FIRST, [replace(NEW, known_days=3)], []) == ()


def test_over_no_days_every_day_with_a_mention_is_told_once() -> None:
    any_mention = watch(Threshold.FIRST_MENTION, over=0)
    first, again = replace(NEW, known_days=0), replace(NEW, known_days=0, day=DAY + timedelta(days=1))
    told = decide(any_mention, [first, again], [])
    assert [alert.reason for alert in told] == [
        "Odo Marsh: 2 statements on 2016-03-26",
        "Odo Marsh: 2 statements on 2016-03-27",
    ]
    assert decide(any_mention, [first, again], told) == ()


def test_an_earlier_first_mention_that_a_backfill_brings_is_the_same_finding() -> None:
    told = decide(FIRST, [NEW], [])
    assert decide(FIRST, [replace(NEW, day=DAY - timedelta(days=2))], told) == ()
    assert len(decide(FIRST, [replace(NEW, day=DAY + timedelta(days=31))], told)) == 1


def test_two_first_days_of_one_call_are_one_finding() -> None:
    assert len(decide(FIRST, [NEW, replace(NEW, day=DAY + timedelta(days=1))], [])) == 1


def test_figures_of_too_few_sources_or_too_near_are_not_told() -> None:
    conflicts = watch(Threshold.CONFLICTING_FIGURES, over=1.5, least=2)
    differing = Sighting(
        subject="buoys",
        name="buoys",
        day=DAY,
        value=5,
        usual=3.0,
        count=2,
        detail="Ilse Varn: 3; Odo Marsh: 5",
    )
    (alert,) = decide(conflicts, [differing], [])
    assert alert.reason == "buoys on 2016-03-26: from 3 to 5 (Ilse Varn: 3; Odo Marsh: 5)"
    assert decide(conflicts, [replace(differing, count=1)], []) == ()
    assert decide(conflicts, [replace(differing, value=4.5)], []) == ()


def test_a_silence_is_told_once_however_long_it_lasts() -> None:
    silent = watch(Threshold.SILENT, over=2, kind=WatchKind.OUTLETS)
    quiet = Sighting(
        subject="kald-post", name="Kald Post", day=DAY, value=3, last_day=DAY - timedelta(days=1)
    )
    told = decide(silent, [quiet], [])
    assert told[0].reason == "Kald Post: no article for 3 days, since 2016-03-25"
    assert decide(silent, [replace(quiet, value=9)], told) == ()
    assert len(decide(silent, [replace(quiet, last_day=DAY + timedelta(days=9))], told)) == 1
    assert decide(silent, [replace(quiet, value=2)], []) == ()


def test_a_story_is_told_once_even_when_an_earlier_copy_turns_up() -> None:
    copies = watch(Threshold.COPIES, over=2, kind=WatchKind.CLUSTERS)
    story = Sighting(subject="11", name="Buoys adrift", day=DAY, value=3, count=2, members=(12, 13, 14))
    (alert,) = decide(copies, [story], [])
    assert alert.reason == "“Buoys adrift”: 3 copies in 2 other outlets, first on 2016-03-26"
    shown = replace(alert, evidence=(Evidence(article_id=12, outlet="K", title=None, url="u", sentence=""),))
    # The first article is another now, so the cluster's id is too.
    assert decide(copies, [replace(story, subject="9", value=4, members=(11, 12, 13, 14))], [shown]) == ()


def test_counts_become_sightings_beside_the_days_before() -> None:
    days = [DAY - timedelta(days=back) for back in (4, 3, 2, 1)]
    counts = {DAY: 6, days[1]: 2, days[3]: 1}
    (seen,) = sightings_of_counts("w", "“w”", counts, [*days, DAY], start=DAY, back=28)
    assert (seen.value, seen.usual, seen.deviation, seen.known_days) == (6, 0.5, 0.5, 4)
    assert seen.last_day == days[3]


@given(
    value=st.integers(0, 10_000),
    usual=st.floats(0, 1e4),
    deviation=st.floats(0, 1e4),
    more=st.integers(1, 100),
)
def test_more_stands_out_more(value: int, usual: float, deviation: float, more: int) -> None:
    assert robust_z(value + more, usual, deviation) > robust_z(value, usual, deviation)


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 5), st.integers(3, 30)), max_size=12))
def test_deciding_twice_finds_nothing_more(rows: list[tuple[str, int, int]]) -> None:
    seen = [
        replace(CALM, subject=subject, day=DAY + timedelta(days=after), value=value)
        for subject, after, value in rows
    ]
    told: tuple[Alert, ...] = decide(SPIKES, seen, [])
    assert decide(SPIKES, seen, told) == ()
    assert len({alert.alert_id for alert in told}) == len(told)
