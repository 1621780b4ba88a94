"""Channels, against a real SMTP server and a real HTTP server on this machine."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from pipeline.adapters.channels import Channels, letter_of, variable_of
from pipeline.alerts import Message
from pipeline.errors import DeliveryError

AT = datetime(2016, 3, 27, 1, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
MESSAGE = Message(
    message_id="ab" * 32,
    subject="Palmyra: 8 articles",
    text="Hello «Пальмира»\n.\nafter a dot\n",
    html='<p>Hello</p><img src="cid:plot0">',
    payload=json.dumps({"kind": "alerts"}),
    slack=json.dumps({"text": "hi"}),
    images=(("plot0", PNG),),
)


@dataclass
class PostOffice:
    """Takes mail, or refuses it as it is told."""

    letters: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)  # recipient: answer
    answers: list[str] = field(default_factory=list)  # to the next letters, in order

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers and not (answer := self.answers.pop(0)).startswith("250"):
            return answer
        content = cast("bytes", envelope.content)
        letter = email.message_from_bytes(content, policy=email.policy.default)
        self.letters.append((list(envelope.rcpt_tos), cast("EmailMessage", letter)))
        return "250 OK"


class AnyPort(Controller):
    """On a port that the system chose."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def office() -> Iterator[tuple[PostOffice, str]]:
    handler = PostOffice()
    controller = AnyPort(handler, hostname="127.0.0.1", port=0, ready_timeout=200)
    controller.start()
    try:
        yield handler, f"smtp+plain://127.0.0.1:{controller.port}/?from=watch@paper.example"
    finally:
        controller.stop()


@dataclass
class Receiver:
    """Takes POSTs, and answers as it is told; 204 where it is not."""

    posts: list[tuple[dict[str, str], Any]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[tuple[Receiver, str]]:
    taken = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.posts.append((dict(self.headers), json.loads(body)))
            status, headers = taken.answers.pop(0) if taken.answers else (204, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield taken, f"127.0.0.1:{server.server_port}/hook"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def channels(address: str, pauses: list[float] | None = None, **more: str) -> Channels:
    return Channels(
        {variable_of("my-desk"): address, **more}, pause=(pauses if pauses is not None else []).append
    )


def test_a_mail_arrives_whole(office: tuple[PostOffice, str]) -> None:
    taken, address = office
    channels(f"{address}&to=desk@paper.example,night@paper.example").send("my-desk", MESSAGE, AT)
    ((recipients, letter),) = taken.letters
    assert recipients == ["desk@paper.example", "night@paper.example"]
    assert letter["Subject"] == MESSAGE.subject
    assert letter["Message-ID"] == f"<{MESSAGE.message_id}@wirewatch.invalid>"
    assert letter["Auto-Submitted"] == "auto-generated"
    parts = {part.get_content_type(): part for part in letter.walk() if not part.is_multipart()}
    assert parts["text/plain"].get_content().replace("\r\n", "\n") == MESSAGE.text
    assert parts["image/png"].get_content() == PNG
    assert parts["image/png"]["Content-ID"] == "<plot0>"


def test_what_comes_from_the_web_adds_no_header() -> None:
    hostile = Message(
        message_id="x",
        subject="Hello\r\nBcc: all@paper.example\n\n<script>",
        text="",
        html="",
        payload="{}",
        slack="{}",
    )
    letter = letter_of(hostile, sender="a@b.example", recipients=["c@d.example"], at=AT)
    again = email.message_from_bytes(letter.as_bytes(), policy=email.policy.default)
    assert again["Bcc"] is None
    assert again["Subject"] == "Hello Bcc: all@paper.example <script>"


def test_a_server_that_is_busy_is_asked_again(office: tuple[PostOffice, str]) -> None:
    taken, address = office
    taken.answers = ["451 later", "250 OK"]
    pauses: list[float] = []
    channels(f"{address}&to=desk@paper.example", pauses).send("my-desk", MESSAGE, AT)
    assert len(taken.letters) == 1
    assert len(pauses) == 1


def test_a_server_that_says_no_is_not_asked_again(office: tuple[PostOffice, str]) -> None:
    taken, address = office
    taken.answers = ["554 no"]
    pauses: list[float] = []
    with pytest.raises(DeliveryError, match="answered 554 no"):
        channels(f"{address}&to=desk@paper.example", pauses).send("my-desk", MESSAGE, AT)
    assert pauses == []


def test_who_has_it_does_not_get_it_twice(office: tuple[PostOffice, str]) -> None:
    taken, address = office
    taken.refuses = {"night@paper.example": "550 unknown"}
    through = channels(f"{address}&to=desk@paper.example,night@paper.example")
    with pytest.raises(DeliveryError, match=r"night@paper\.example: 550 unknown") as refused:
        through.send("my-desk", MESSAGE, AT)
    assert refused.value.accepted == ("desk@paper.example",)
    taken.refuses = {}
    through.send("my-desk", MESSAGE, AT, skip=refused.value.accepted)
    assert [recipients for recipients, _ in taken.letters] == [
        ["desk@paper.example"],
        ["night@paper.example"],
    ]


def test_passwords_go_over_no_open_line(office: tuple[PostOffice, str]) -> None:
    taken, address = office
    with pytest.raises(DeliveryError, match="STARTTLS"):
        channels(f"{address.replace('smtp+plain', 'smtp')}&to=desk@paper.example").send(
            "my-desk", MESSAGE, AT
        )
    assert taken.letters == []


def test_nobody_listening_is_told_as_that() -> None:
    pauses: list[float] = []
    with pytest.raises(DeliveryError, match="no answer"):
        channels("smtp+plain://127.0.0.1:1/?from=a@b.example&to=c@d.example", pauses).send(
            "my-desk", MESSAGE, AT
        )
    assert len(pauses) == 2


def test_a_webhook_takes_json_and_can_know_it_again(receiver: tuple[Receiver, str]) -> None:
    taken, place = receiver
    more = {f"{variable_of('my-desk')}_HEADERS": '{"Authorization": "Bearer x"}'}
    channels(f"http://{place}", **more).send("my-desk", MESSAGE, AT)
    ((headers, body),) = taken.posts
    assert body == {"kind": "alerts"}
    assert headers["Idempotency-Key"] == MESSAGE.message_id
    assert headers["Authorization"] == "Bearer x"


def test_what_speaks_slack_gets_its_text(receiver: tuple[Receiver, str]) -> None:
    taken, place = receiver
    channels(f"slack+http://{place}").send("my-desk", MESSAGE, AT)
    assert [body for _, body in taken.posts] == [{"text": "hi"}]


@pytest.mark.parametrize(("status", "goes"), [(503, 3), (429, 3), (404, 1), (400, 1)])
def test_only_what_may_help_is_tried_again(receiver: tuple[Receiver, str], status: int, goes: int) -> None:
    taken, place = receiver
    taken.answers = [(status, {})] * 3
    with pytest.raises(DeliveryError, match=f"answered {status}"):
        channels(f"http://{place}").send("my-desk", MESSAGE, AT)
    assert len(taken.posts) == goes


def test_a_webhook_that_moved_is_not_followed(receiver: tuple[Receiver, str]) -> None:
    taken, place = receiver
    taken.answers = [(302, {"Location": f"http://{place}/elsewhere"})]
    with pytest.raises(DeliveryError, match="answered 302"):
        channels(f"http://{place}").send("my-desk", MESSAGE, AT)
    assert len(taken.posts) == 1


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "it has no address. Set WIREWATCH_CHANNEL_MY_DESK"),
        ("ftp://paper.example", "is no address of one"),
        ("smtp://mail.example/?from=a@b.example", "names no sender or recipient"),
    ],
)
def test_a_channel_that_is_not_set_up_says_what_to_set(address: str, says: str) -> None:
    problem = channels(address).problem("my-desk")
    assert problem is not None
    assert says in problem


def test_a_failure_does_not_tell_the_address() -> None:
    with pytest.raises(DeliveryError) as failed:
        channels("slack+http://127.0.0.1:1/services/SECRET").send("my-desk", MESSAGE, AT)
    assert "SECRET" not in str(failed.value)
