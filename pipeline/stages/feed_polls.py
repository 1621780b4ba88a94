"""How does each of an outlet's feeds fare: when is it due, and what is it asked with?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pipeline import feeds, polling
from pipeline.feeds import Parsed
from pipeline.protocols import SeenState
from pipeline.records import Poll, Response, Validators

_LONGEST_VALIDATOR = 1_000


class FeedPolls:
    """What an outlet's memory knows of its feeds, by address, and what this run adds to it."""

    def __init__(self, memory: SeenState, now: Callable[[], datetime]) -> None:
        self.validators, self.by_url = dict(memory.validators), dict(memory.polls)
        self._now = now

    def of(self, url: str) -> Poll | None:
        return self.by_url.get(url)

    def asked_with(self, url: str) -> Validators | None:
        """What to ask "has it changed?" with; None where it is time to ask for the feed itself."""
        return None if polling.asks_in_full(self.of(url), self._now()) else self.validators.get(url)

    def succeeded(
        self,
        url: str,
        response: Response,
        parsed: Parsed | None,
        *,
        seen_share: float,
        comes_back: bool = False,
    ) -> None:
        """``parsed``: None where the server said "unchanged"; ``comes_back``: something is left to fetch."""
        now = self._now()
        hints = feeds.Hints() if parsed is None else parsed.hints
        asked_for = [
            wait
            for wait in (
                polling.lifetime(response.header("Cache-Control"), _date(response.header("Expires")), now),
                None if hints.ttl_minutes is None else timedelta(minutes=hints.ttl_minutes),
            )
            if wait is not None
        ]
        self.by_url[url] = polling.after_success(
            self.of(url),
            now,
            seen_share=seen_share,
            in_full=parsed is not None,
            asked_for=max(asked_for, default=None),
            skip_hours=hints.skip_hours,
            comes_back=comes_back,
        )

    def failed(self, url: str, failure: polling.Failure, retry_after: timedelta | None = None) -> None:
        self.by_url[url] = polling.after_failure(self.of(url), self._now(), failure, retry_after=retry_after)

    def believe(self, url: str, response: Response) -> None:
        """Ask with this response's validators next time."""
        self.validators[url] = Validators(
            etag=_validator(response, "ETag"), last_modified=_validator(response, "Last-Modified")
        )

    def doubt(self, url: str) -> None:
        """Ask for all of it next time."""
        self.validators.pop(url, None)


def _validator(response: Response, name: str) -> str | None:
    """A header that can be sent back as it came: printable, and no longer than a request may be."""
    value = response.header(name)
    usable = (
        value is not None and value.isascii() and value.isprintable() and len(value) <= _LONGEST_VALIDATOR
    )
    return value if usable else None


def _date(value: str | None) -> datetime | None:
    """An HTTP date; None where there is none, or "0" and other ways to say "expired"."""
    try:
        at = parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
    return None if at is None else at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
