from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))

import duplicates

STORY = " ".join(f"word{number}" for number in range(100))


def test_copies_are_found_and_stories_in_own_words_are_not() -> None:
    random = Random(3)  # noqa: S311
    figures = duplicates.quality(duplicates.generated(random, articles=40), random)
    assert figures["pairs_of_copies"] > 100
    assert figures["recall"] >= 0.95
    assert figures["precision"] >= 0.98


@pytest.mark.parametrize(
    ("other", "similarity"), [(STORY, 1.0), (STORY.upper(), 1.0), (STORY[::-1], 0.0), (STORY[:-7], 96 / 97)]
)
def test_the_true_similarity_is_the_share_of_shingles_in_common(other: str, similarity: float) -> None:
    assert duplicates.true_similarity(STORY, other) == pytest.approx(similarity)
