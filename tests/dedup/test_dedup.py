from __future__ import annotations

from array import array
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pipeline import dedup
from pipeline.records import Member

NOON = datetime(2016, 3, 27, 12, tzinfo=UTC)

STORY = (
    "The harbour office of Kaldmouth said on Sunday that the northern quay would stay closed until the "
    "dredging is finished, because two buoys had drifted over the fairway during the night. Pilots were "
    "told to wait for daylight, and the ferry to the islands left from the old mole instead. A clerk of "
    "the office added that the work costs less than last year and that no ship had been damaged."
)
OTHER = (
    "Farmers in the upper valley began to count their losses after hail broke the glass of forty "
    "greenhouses, and the cooperative asked the province for help with seed. The frost had already taken "
    "the early apricots, its chairwoman told a meeting in the school hall, where the mayor listened and "
    "promised an answer before the end of the month."
)


def member(number: int, text: str, *, hours: float = 0, digest: str | None = None) -> Member:
    return Member(
        article_id=number,
        at=NOON + timedelta(hours=hours),
        text_digest=digest or f"sha256:{number}",
        signature=dedup.signature(text),
    )


def test_the_bands_of_many_are_the_bands_of_each() -> None:
    signatures = [signed(STORY), signed(OTHER), signed(STORY)]
    each = [number for signature in signatures for number in dedup.bands(signature)]
    assert array("i", each).tobytes() == dedup.bands_of_all(signatures)
    assert dedup.bands(bytes(range(128)))[:2] == (0x020100, 1 << 24 | 0x050403)
    assert dedup.bands_of_all([]) == b""


def test_a_copy_with_a_new_lead_and_a_credit_is_recognised() -> None:
    copy = "KALDMOUTH (Wire) - " + STORY.replace("on Sunday ", "") + " Reporting by our desk."
    assert dedup.similarity(signed(STORY), signed(copy)) > 0.7
    assert set(dedup.bands(signed(STORY))) & set(dedup.bands(signed(copy)))


def test_another_story_has_nothing_in_common() -> None:
    assert dedup.similarity(signed(STORY), signed(OTHER)) < 0.05
    assert not set(dedup.bands(signed(STORY))) & set(dedup.bands(signed(OTHER)))


def test_case_and_punctuation_make_no_difference() -> None:
    assert dedup.signature(STORY) == dedup.signature(STORY.upper().replace(",", " -"))


def test_a_signature_is_the_same_on_every_machine() -> None:
    """Signatures are stored for years: a change here needs the warehouse to be rebuilt."""
    assert len(signed(STORY)) == dedup.PLACES
    assert signed(STORY)[:8].hex() == "75cb207b3885af26"


def test_a_very_short_text_has_no_signature() -> None:
    assert dedup.signature("Watch: the harbour at night") is None


def test_a_text_without_spaces_has_words_too() -> None:
    text = "港务局星期天说北码头将继续关闭直到疏浚工程结束因为夜里有两个浮标漂过了航道"
    assert dedup.similarity(signed(text), signed(text + "领航员在等天亮")) > 0.5


def test_the_first_published_leads_its_cluster() -> None:
    late, early, alone = member(1, STORY, hours=5), member(2, STORY), member(3, OTHER)
    first, second = dedup.clusters([late, early, alone], [(1, 2), (1, 3), (2, 3)])
    assert (first.article_id, first.cluster_id, first.is_first, first.lag) == (2, 2, True, timedelta())
    assert (second.article_id, second.cluster_id, second.is_first) == (1, 2, False)
    assert (second.lag, second.similarity) == (timedelta(hours=5), 1.0)


def test_of_two_at_the_same_instant_the_smaller_id_leads() -> None:
    placements = dedup.clusters([member(9, STORY), member(4, STORY)], [(9, 4)])
    assert [placement.article_id for placement in placements] == [4, 9]


def test_copies_more_than_a_window_apart_are_not_joined() -> None:
    year = member(1, STORY), member(2, STORY, hours=24 * 365)
    assert dedup.clusters(year, [(1, 2)]) == ()


def test_short_texts_are_copies_only_if_equal() -> None:
    brief = "Power is back in Kaldmouth."
    same = [member(1, brief, digest="a"), member(2, brief, digest="a"), member(3, brief, digest="b")]
    assert [placement.article_id for placement in dedup.clusters(same, [(1, 2), (1, 3), (2, 3)])] == [1, 2]


@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 30), min_size=2, max_size=12))
def test_clusters_do_not_depend_on_any_order(random: Random, hours: list[int]) -> None:
    texts = [STORY, OTHER, STORY + " " + OTHER]
    members = [member(at, texts[hour % 3], hours=hour * 24) for at, hour in enumerate(hours)]
    pairs = [(one, other) for one in range(len(hours)) for other in range(one)]
    expected = dedup.clusters(members, pairs)
    random.shuffle(members)
    random.shuffle(pairs)
    turned = [pair if random.random() < 0.5 else (pair[1], pair[0]) for pair in pairs]
    assert dedup.clusters(members, turned) == expected
    for placement in expected:
        assert placement.is_first == (placement.article_id == placement.cluster_id)
        assert placement.lag >= timedelta()


@given(st.text(max_size=300))
def test_any_text_has_a_whole_signature_or_none(text: str) -> None:
    signature = dedup.signature(text)
    assert signature is None or len(dedup.bands(signature)) == dedup.BANDS


def signed(text: str) -> bytes:
    signature = dedup.signature(text)
    assert signature is not None
    return signature
