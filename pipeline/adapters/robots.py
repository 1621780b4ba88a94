"""What do a host's robots rules allow us? RFC 9309, with Protego matching the lines.

A file that is not there (4xx) allows everything; one that cannot be had (5xx, no connection) allows
nothing. Rules are kept for a day at most.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from pipeline.errors import FetchError, NotArchivedError, RefusedError
from pipeline.protocols import Clock, Transport
from pipeline.records import Reason, Response

_KEPT_FOR = timedelta(hours=24)
_KEPT_WHERE_UNREACHABLE = timedelta(minutes=30)
_READ_BYTES = 512_000  # RFC 9309, 2.5: at least 500 KiB
# Waits beyond a minute are typing errors or a no; collecting hourly, a minute is what can be kept.
_MAX_DELAY_SECONDS = 60.0
# A page served in the file's place: "<!DOCTYPE html>", "<html>"; not "User-agent: *".
_MARKUP = re.compile(r"\s*<")


@dataclass(frozen=True, kw_only=True, slots=True)
class HostRules:
    """One host's rules as they were fetched."""

    agent: str
    lines: Protego | None  # None: no lines, and ``open`` says what that means
    open: bool
    detail: str
    response: Response | None  # what they were read from, to archive
    until: datetime

    def allows(self, url: str) -> bool:
        return self.open if self.lines is None else bool(self.lines.can_fetch(url, self.agent))

    @property
    def delay_seconds(self) -> float | None:
        """The Crawl-delay for us."""
        delay = None if self.lines is None else self.lines.crawl_delay(self.agent)
        return None if delay is None else min(max(float(delay), 0.0), _MAX_DELAY_SECONDS)


class RobotsRules:
    """The rules of every host asked about, fetched through a transport and kept for a day."""

    def __init__(self, transport: Transport, user_agent: str, clock: Clock) -> None:
        self._transport = transport
        self._agent = user_agent.partition("/")[0].strip()
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, HostRules] = {}

    def are_known(self, url: str) -> bool:
        """Whether the rules for a URL's host are at hand, and no older than a day."""
        with self._lock:
            kept = self._kept.get(_root(url))
        return kept is not None and kept.until > self._clock.now()

    def rules(self, url: str) -> HostRules:
        """The rules for a URL's host, fetched where unknown or older than a day."""
        root = _root(url)
        now = self._clock.now()
        with self._lock:
            kept = self._kept.get(root)
        if kept is None or kept.until <= now:
            kept = self._fetched(f"{root}/robots.txt", now)
            with self._lock:
                self._kept[root] = kept
        return kept

    def _fetched(self, url: str, now: datetime) -> HostRules:
        try:
            response = self._transport.fetch(url)
        except NotArchivedError as error:  # collected without them, as other archives are
            return self._without_lines(True, error.detail, None, now + _KEPT_FOR)
        except RefusedError as error:
            # A block is a 4xx like others, unless its wall answers with a 5xx; where the address itself is
            # refused, so will be the page.
            broken = error.reason == Reason.BLOCKED and error.detail.startswith("status 5")
            kept_for = _KEPT_WHERE_UNREACHABLE if broken else _KEPT_FOR
            return self._without_lines(not broken, error.detail, None, now + kept_for)
        except FetchError as error:
            return self._without_lines(
                False, f"{error.reason}: {error.detail}", None, now + _KEPT_WHERE_UNREACHABLE
            )
        detail = f"status {response.status}"
        if 200 <= response.status < 300:
            return self._read(response, now + _KEPT_FOR)
        if response.status >= 500:
            return self._without_lines(False, detail, response, now + _KEPT_WHERE_UNREACHABLE)
        return self._without_lines(True, detail, response, now + _KEPT_FOR)

    def _read(self, response: Response, until: datetime) -> HostRules:
        text = _text(response.body[:_READ_BYTES])
        if _MARKUP.match(text):
            return self._without_lines(True, "a page in place of robots.txt", response, until)
        return HostRules(
            agent=self._agent,
            lines=Protego.parse(text),
            open=True,
            detail="",
            response=response,
            until=until,
        )

    def _without_lines(
        self, allowed: bool, detail: str, response: Response | None, until: datetime
    ) -> HostRules:
        return HostRules(
            agent=self._agent, lines=None, open=allowed, detail=detail, response=response, until=until
        )


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _text(body: bytes) -> str:
    """UTF-8, as the standard wants it, or the UTF-16 of some editors, by its mark."""
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return body.decode(encoding, "replace").replace("\0", "")
