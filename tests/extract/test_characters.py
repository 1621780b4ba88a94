"""Counting over all texts at once says what counting in each says."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.characters import counted

DIGIT = re.compile(r"\d")
CAPITAL = re.compile(r"(?<!\w)[A-ZÀ-ÖØ-ÞА-ЯЁ\u0386-\u03ab]")
SENTENCE_END = re.compile("[.!?…]['\"”’»)]{0,2} |[。！？]")

TEXTS = st.lists(
    st.text(st.sampled_from("aB3 .!»)'”。？ÉЯ日\u0661\U0001f600-"), min_size=1, max_size=20),
    min_size=1,
    max_size=5,
)


@given(TEXTS)
def test_every_text_has_the_counts_it_has_alone(texts: list[str]) -> None:
    digits, capitals, sentences, words = (column.tolist() for column in counted(texts))
    assert digits == [len(DIGIT.findall(text)) for text in texts]
    assert capitals == [len(CAPITAL.findall(text)) for text in texts]
    assert sentences == [len(SENTENCE_END.findall(text)) for text in texts]
    assert words == [text.count(" ") + 1 for text in texts]
