"""What can go wrong with the world, named for what the caller should do about it.

    WirewatchError
    ├── UsageError              the call is wrong: say it differently
    ├── CatalogError            an edited file is wrong: fix it where the message points
    ├── FetchError              no response to use
    │   ├── TransientError      try later (unreachable, timed out, overloaded)
    │   ├── RefusedError        do not try again (robots, blocked, forbidden address)
    │   ├── OversizeError       larger than we read
    │   └── NotArchivedError    replaying, and the archive has no such capture
    ├── DeliveryError           a channel did not take a message; it waits, and the next run tries again
    ├── StoppedError            told to stop: what was finished is kept
    ├── ArchiveError            an archived file is missing or not what was written
    └── WarehouseError          the store cannot do it
        ├── WarehouseBusyError  another process writes: try later
        └── QueryError          the SQL was refused or failed: the message says why
            └── QueryTimeoutError   it took longer than it may

One bad page is no exception but data: a ``Reject``.
"""

from __future__ import annotations

from pathlib import Path


class WirewatchError(Exception):
    """Root of all our errors; its text is shown to people and says what to do next."""


class UsageError(WirewatchError):
    """The call cannot be carried out as it was made."""


class CatalogError(WirewatchError):
    """A file that people edit is wrong: which file, which key, what is wrong, how to mend it."""

    def __init__(self, file: Path | str, key: str, problem: str, remedy: str) -> None:
        super().__init__(f"{file}: {key}: {problem}. {remedy}")
        self.file = file
        self.key = key
        self.problem = problem
        self.remedy = remedy


class FetchError(WirewatchError):
    """A URL gave no response that can be used. ``reason`` is a word of ``records.Reason``."""

    def __init__(self, url: str, reason: str, detail: str = "") -> None:
        super().__init__(f"{url}: {reason}" + (f" ({detail})" if detail else ""))
        self.url = url
        self.reason = reason
        self.detail = detail


class TransientError(FetchError):
    """Trying later may help; ``retry_after`` is in seconds, where the server said so."""

    def __init__(self, url: str, reason: str, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(url, reason, detail)
        self.retry_after = retry_after


class RefusedError(FetchError):
    """We may not have it: robots rules, a block, or an address that must not be asked."""


class OversizeError(FetchError):
    """The response is larger than we read."""


class NotArchivedError(FetchError):
    """A replay has no capture of this URL in the interval; ``elsewhere``: but in another interval."""

    def __init__(self, url: str, *, elsewhere: bool) -> None:
        where = "archived in another interval" if elsewhere else "not in the archive"
        super().__init__(url, "not_archived", where)
        self.elsewhere = elsewhere


class DeliveryError(WirewatchError):
    """A channel did not take a message.

    ``accepted``: the recipients that did all the same, who must not get it twice.
    """

    def __init__(
        self, channel: str, detail: str, *, may_help_later: bool, accepted: tuple[str, ...] = ()
    ) -> None:
        super().__init__(f"channel {channel}: {detail}")
        self.channel = channel
        self.may_help_later = may_help_later
        self.accepted = accepted


class StoppedError(WirewatchError):
    """A person or the system ended the run; the same call later does the rest."""


class ArchiveError(WirewatchError):
    """The archive does not hold what a manifest says it holds."""


class WarehouseError(WirewatchError):
    """The warehouse cannot do what was asked."""


class WarehouseBusyError(WarehouseError):
    """Another process is writing the warehouse; trying later helps."""


class QueryError(WarehouseError):
    """A query was refused or failed."""


class QueryTimeoutError(QueryError):
    """A query was stopped; whoever set the limit knows how it is raised, if it can be."""
