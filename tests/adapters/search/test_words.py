from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.search.words import All, Any, Days, Not, Words, parsed
from pipeline.errors import UsageError

QUAY, FERRY, FROST = (Words(text=text) for text in ("quay", "ferry", "frost"))


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("quay", QUAY),
        ("quay ferry", All(parts=(QUAY, FERRY))),
        ("quay AND ferry", All(parts=(QUAY, FERRY))),
        ("quay OR ferry frost", Any(parts=(QUAY, All(parts=(FERRY, FROST))))),
        ("(quay OR ferry) frost", All(parts=(Any(parts=(QUAY, FERRY)), FROST))),
        ("quay -ferry", All(parts=(QUAY, Not(part=FERRY)))),
        ("quay NOT ferry", All(parts=(QUAY, Not(part=FERRY)))),
        ("quay -(ferry frost)", All(parts=(QUAY, Not(part=All(parts=(FERRY, FROST)))))),
        ("+quay", QUAY),
        ('"quay and ferry"', Words(text="quay and ferry")),
        ("“quay ferry”~3", Words(text="quay ferry", slop=3)),
        ("fer*", Words(text="fer", is_prefix=True)),
        ("title:quay", Words(text="quay", field="title")),
        ('Source:"Ilse Varn"', Words(text="Ilse Varn", field="source")),
        ("date:2016-03", Days(first=date(2016, 3, 1), last=date(2016, 3, 31))),
        ("date:2016-03-21..2016-04", Days(first=date(2016, 3, 21), last=date(2016, 4, 30))),
        ("well-known don't l'armée U.S. 9:30", All(
            parts=tuple(Words(text=text) for text in ("well-known", "don't", "l'armée", "U.S.", "9:30"))
        )),
        ("and or not", All(parts=tuple(Words(text=text) for text in ("and", "or", "not")))),
    ],
)  # fmt: skip
def test_a_search_is_read_as_it_is_meant(text: str, node: object) -> None:
    assert parsed(text) == node


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "nothing to search for"),
        ("   ", "nothing to search for"),
        ('"quay', "a quotation mark is not closed"),
        ('""', "nothing between the quotation marks"),
        ("(quay", "a bracket is not closed"),
        ("quay)", "a closing bracket has no opening one"),
        ("()", "a bracket is closed where a word is due"),
        ("quay OR", "ends where another word is due"),
        ("OR quay", "OR stands between two words"),
        ("quay NOT", "ends where another word is due"),
        ("-quay", "not only what to leave out"),
        ("quay OR -ferry", "not only what to leave out"),
        ("author:x", "there is no field author; there are title, body, source, outlet, language, date"),
        ("title: quay", "after title: a word or a phrase is due, without a space"),
        ("title:(quay ferry)", "after title: a word or a phrase is due"),
        ("https://kald-post.example/quay", "an address is looked for in quotation marks"),
        ("date:yesterday", "write 2016-03-21, 2016-03"),
        ("date:2016-02-30", "is no date"),
        ("date:2016-03-22..2016-03-21", "2016-03-21 is before 2016-03-22"),
        ("q*", "before a \\* stand at least 2 letters"),
        ("x " * 501, "a search may have 1000 characters"),
        ("x " * 65, "a search may have 64 words and phrases"),
        ("(" * 70 + "x", "brackets are too deep"),
    ],
)
def test_a_misspelt_search_says_what_is_wrong(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        parsed(text)


@given(st.text(alphabet=st.sampled_from('ab"()-+*:~ .ORNT§é„\x00\x1b'), max_size=60))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        node = parsed(text)
    except UsageError:
        return
    assert isinstance(node, Words | Days | All | Any | Not)
