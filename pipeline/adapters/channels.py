"""How does a message leave the house? Mail by SMTP, JSON to a webhook, or text to what speaks Slack's.

A channel is an address, given by who runs us (``WIREWATCH_CHANNEL_<NAME>``, or an Airflow connection):

    smtp://user:password@host:587/?from=a@b&to=c@d,e@f     STARTTLS, refused where the server has none
    smtps://…                                               TLS from the start
    smtp+plain://localhost:25/?from=…&to=…                  no TLS: for a relay on the same machine
    https://host/path                                       a POST of JSON
    slack+https://hooks.slack.com/services/…                a POST as Slack's incoming webhooks take it
"""

from __future__ import annotations

import json
import smtplib
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import requests

from pipeline.alerts import Message
from pipeline.errors import DeliveryError
from pipeline.text import clean_line

_SECONDS = 20.0  # for the other side to answer
_PAUSES = (1.0, 4.0)  # seconds before the second and third go, where trying later may help
_MAIL = ("smtp", "smtps", "smtp+plain")
_WEB = ("http", "https", "slack+http", "slack+https")
_PREFIX = "WIREWATCH_CHANNEL_"
_OVERLOADED = (408, 425, 429)

Pause = Callable[[float], None]


def variable_of(channel: str) -> str:
    """The environment variable that holds the channel's address."""
    return f"{_PREFIX}{channel.upper().replace('-', '_')}"


class Channels:
    """Sends through the channels that the variables describe."""

    def __init__(self, variables: Mapping[str, str], *, pause: Pause = time.sleep) -> None:
        self._variables = {name: value for name, value in variables.items() if name.startswith(_PREFIX)}
        self._pause = pause

    def problem(self, channel: str) -> str | None:
        """Why nothing can be sent through it, in a sentence; None where its address is right."""
        try:
            self._address(channel)
        except DeliveryError as error:
            return str(error)
        return None

    def send(self, channel: str, message: Message, at: datetime, *, skip: Sequence[str] = ()) -> None:
        """Send it, trying again where that may help; DeliveryError where it was not taken.

        ``skip``: recipients that have it already.
        """
        address = self._address(channel)
        taken = list(skip)
        for pause in (*_PAUSES, None):
            try:
                if address.scheme in _MAIL:
                    _mail(channel, address, message, at, taken)
                else:
                    self._post(channel, address, message)
            except DeliveryError as error:
                taken += error.accepted
                if pause is None or not error.may_help_later:
                    raise DeliveryError(
                        channel,
                        str(error).partition(": ")[2],
                        may_help_later=error.may_help_later,
                        accepted=tuple(taken[len(skip) :]),
                    ) from error
                self._pause(pause)
            else:
                return

    def _address(self, channel: str) -> SplitResult:
        name = variable_of(channel)
        given = self._variables.get(name, "").strip()
        if not given:
            raise DeliveryError(
                channel,
                f"it has no address. Set {name}, or in Airflow the connection "
                f"wirewatch_channel_{channel.replace('-', '_')}",
                may_help_later=False,
            )
        parts = urlsplit(given)
        if parts.scheme not in (*_MAIL, *_WEB) or not parts.hostname:
            raise DeliveryError(
                channel,
                f"{name} is no address of one: begin it with {', '.join(f'{scheme}://' for scheme in (*_MAIL, *_WEB))}",
                may_help_later=False,
            )
        if parts.scheme in _MAIL and not (_listed(parts, "from") and _listed(parts, "to")):
            raise DeliveryError(
                channel,
                f"{name} names no sender or recipient: end it with ?from=a@b&to=c@d",
                may_help_later=False,
            )
        return parts

    def _post(self, channel: str, address: SplitResult, message: Message) -> None:
        is_slack = address.scheme.startswith("slack+")
        target = address._replace(scheme=address.scheme.removeprefix("slack+")).geturl()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Wirewatch",
            "Idempotency-Key": message.message_id,
        }
        with suppress(ValueError):
            headers |= json.loads(self._variables.get(f"{variable_of(channel)}_HEADERS") or "{}")
        try:
            answer = requests.post(
                target,
                data=(message.slack if is_slack else message.payload).encode(),
                headers=headers,
                timeout=_SECONDS,
                allow_redirects=False,  # what is addressed to one host goes to no other
                stream=True,  # its body says nothing to us
            )
        except requests.RequestException as error:
            # Its text may hold the address, which is a secret of Slack's.
            raise DeliveryError(channel, f"no answer ({type(error).__name__})", may_help_later=True) from None
        with answer:
            if not 200 <= answer.status_code < 300:
                raise DeliveryError(
                    channel,
                    f"answered {answer.status_code} {clean_line(answer.reason or '')}",
                    may_help_later=answer.status_code >= 500 or answer.status_code in _OVERLOADED,
                )


def _mail(channel: str, address: SplitResult, message: Message, at: datetime, skip: Sequence[str]) -> None:
    recipients = [one for one in _listed(address, "to") if one not in skip]
    if not recipients:
        return
    letter = letter_of(message, sender=_listed(address, "from")[0], recipients=recipients, at=at)
    try:
        with _connected(address) as server:
            if address.username:
                server.login(unquote(address.username), unquote(address.password or ""))
            refused = server.send_message(letter, to_addrs=recipients)
    except smtplib.SMTPRecipientsRefused as error:
        raise _refusal(channel, error.recipients, ()) from error
    except smtplib.SMTPResponseException as error:
        detail = clean_line(
            error.smtp_error.decode("utf-8", "replace")
            if isinstance(error.smtp_error, bytes)
            else error.smtp_error
        )
        raise DeliveryError(
            channel, f"answered {error.smtp_code} {detail}", may_help_later=400 <= error.smtp_code < 500
        ) from error
    except ssl.SSLError as error:
        raise DeliveryError(channel, f"TLS: {error}", may_help_later=False) from error
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        raise DeliveryError(channel, str(error), may_help_later=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(
            channel, f"no answer ({str(error) or type(error).__name__})", may_help_later=True
        ) from error
    if refused:
        raise _refusal(channel, refused, [one for one in recipients if one not in refused])


def _refusal(
    channel: str, refused: Mapping[str, tuple[int, bytes]], accepted: Sequence[str]
) -> DeliveryError:
    said = "; ".join(
        f"{recipient}: {code} {clean_line(text.decode('utf-8', 'replace'))}"
        for recipient, (code, text) in sorted(refused.items())
    )
    return DeliveryError(
        channel,
        f"refused for {said}",
        may_help_later=any(400 <= code < 500 for code, _ in refused.values()),
        accepted=tuple(accepted),
    )


def _connected(address: SplitResult) -> smtplib.SMTP:
    host = address.hostname or ""
    if address.scheme == "smtps":
        return smtplib.SMTP_SSL(
            host, address.port or 465, timeout=_SECONDS, context=ssl.create_default_context()
        )
    server = smtplib.SMTP(host, address.port or (587 if address.scheme == "smtp" else 25), timeout=_SECONDS)
    if address.scheme == "smtp":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server


def letter_of(message: Message, *, sender: str, recipients: Sequence[str], at: datetime) -> EmailMessage:
    """The mail: text, HTML and its pictures; every header one line, whatever the message holds."""
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = clean_line(message.subject)
    letter["From"] = _mailbox(sender)
    letter["To"] = [_mailbox(recipient) for recipient in recipients]
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = f"<{message.message_id}@wirewatch.invalid>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.text, cte="quoted-printable")
    letter.add_alternative(message.html, subtype="html", cte="quoted-printable")
    html = letter.get_payload()[1]  # type: ignore[index]  # of a multipart it is a list
    for name, image in message.images:
        html.add_related(  # type: ignore[union-attr]  # a part of a multipart is a message
            image, "image", "png", cid=f"<{name}>", filename=f"{name}.png", disposition="inline"
        )
    return letter


def _mailbox(text: str) -> Address:
    user, at, domain = text.strip().rpartition("@")
    if not (user and at and domain):
        raise ValueError(f"{text!r} is no mail address")
    return Address(username=user, domain=domain)


def _listed(address: SplitResult, key: str) -> list[str]:
    return [
        one.strip()
        for value in parse_qs(address.query).get(key, [])
        for one in value.split(",")
        if one.strip()
    ]
