"""Messages: what they say, and that nothing from the web is more than text in them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

from pipeline.alerts import Alert, Digest, Every, Evidence, Threshold, Watch, WatchKind
from pipeline.watching import alerts_message, text_message
from pipeline.watching.digest import Part, digest_message, period_start

SITE = "https://news.example"
WATCH = Watch(
    watch_id="w", title="Our watch", kind=WatchKind.SOURCES, threshold=Threshold.SPIKE, over=3, least=3
)
HOSTILE = "<img src=x onerror=alert(1)>\r\nBcc: all@paper.example\n<!channel> <https://evil.example|click>"


def alert(text: str = "Three buoys drifted.", number: int = 1) -> Alert:
    return Alert(
        alert_id=number,
        watch_id="w",
        subject=text,
        day=date(2016, 3, 26),
        reason=" ".join(text.split()),
        value=8,
        usual=1.0,
        evidence=(
            Evidence(article_id=2**62, outlet=text, title=text, url="https://kald.example/1", sentence=text),
        ),
    )


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not any(name.startswith("on") for name, _ in attrs)


def test_a_message_leads_to_its_evidence() -> None:
    message = alerts_message(WATCH, [alert()], site=SITE)
    link = f"{SITE}/plugin/coverage?view=article&article={2**62}"
    assert message.subject == "Our watch: Three buoys drifted."
    assert link in message.text
    assert Tags(message.html).links == [link, f"{SITE}/plugin/coverage?view=watches&watch=w"]
    (told,) = json.loads(message.payload)["alerts"]
    assert told["evidence"][0]["link"] == link
    assert told["evidence"][0]["article_id"] == str(2**62)
    assert link in json.loads(message.slack)["text"]


def test_hostile_text_is_text() -> None:
    message = alerts_message(WATCH, [alert(HOSTILE)], site=SITE)
    assert "\n" not in message.subject
    assert "\r" not in message.subject
    shown = Tags(message.html)
    assert shown.tags <= {
        "html",
        "head",
        "meta",
        "title",
        "body",
        "h1",
        "p",
        "strong",
        "blockquote",
        "br",
        "a",
    }
    assert all(link.startswith(SITE) for link in shown.links)
    chat = json.loads(message.slack)["text"]
    assert "<!channel>" not in chat
    assert "<https://evil.example" not in chat


def test_the_same_alerts_make_the_same_message_id() -> None:
    one, two = alert(number=1), alert(number=2)
    forwards, backwards = (
        alerts_message(WATCH, [one, two], site=SITE),
        alerts_message(WATCH, [two, one], site=SITE),
    )
    assert forwards.message_id == backwards.message_id
    assert forwards.message_id != alerts_message(WATCH, [one], site=SITE).message_id
    assert forwards.subject.endswith("(and 1 more)")


def test_a_note_is_escaped_too() -> None:
    message = text_message(HOSTILE, HOSTILE, identity="x")
    assert "img" not in Tags(message.html).tags
    assert "<!channel>" not in json.loads(message.slack)["text"]


DIGEST = Digest(digest_id="week", title="The week", every=Every.WEEK, deliver=("desk",))


def test_a_week_ends_with_its_day() -> None:
    assert period_start(Every.WEEK, date(2016, 4, 3)) == date(2016, 3, 28)
    assert period_start(Every.DAY, date(2016, 4, 3)) == date(2016, 4, 3)


def test_a_digest_shows_pictures_with_words_for_those_who_see_none() -> None:
    parts = [
        Part(
            title="Most cited",
            columns=("source", "statements"),
            rows=((HOSTILE, "3"),),
            if_none="",
            image=b"png",
        ),
        Part(title="Missing", columns=("day",), rows=(), if_none="Nothing is known to be missing."),
    ]
    message = digest_message(DIGEST, date(2016, 4, 3), parts, [alert(HOSTILE)], site=SITE)
    assert message.images == (("plot0", b"png"),)
    shown = Tags(message.html)
    assert "cid:plot0" in shown.links
    assert "x" not in shown.links
    assert "Nothing is known to be missing." in message.text
    assert message.subject == "The week: 2016-03-28 to 2016-04-03"


def test_a_digest_in_a_chat_calls_nobody_and_keeps_to_its_line() -> None:
    digest = replace(DIGEST, title="Ours <!channel>\n| theirs")
    chat = json.loads(digest_message(digest, date(2016, 4, 3), [], [], site=SITE).slack)["text"]
    assert chat.splitlines()[0] == "*Ours &lt;!channel&gt; ¦ theirs: 2016-03-28 to 2016-04-03*"
