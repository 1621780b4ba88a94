"""Where two parts meet: what a stage asks of the adapters that ``wiring`` hands it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from pipeline.interval import Interval
from pipeline.records import (
    Actor,
    Batch,
    Capture,
    CaptureKind,
    Manifest,
    Member,
    Outlet,
    Placement,
    Poll,
    Response,
    Validators,
)


class Clock(Protocol):
    def now(self) -> datetime: ...


Permit = Callable[[str], None]


class Transport(Protocol):
    """Gives the response to a URL, from the network or from an archive in its place."""

    def fetch(
        self, url: str, *, validators: Validators | None = None, permit: Permit | None = None
    ) -> Response:
        """The response, whatever its status; a ``FetchError`` where there is none to use.

        ``permit`` is asked before each redirect is followed, and may wait, or refuse by an error.
        """
        ...


class HostRules(Protocol):
    """What a host's robots.txt allows us."""

    @property
    def delay_seconds(self) -> float | None:
        """Its Crawl-delay for us."""
        ...

    @property
    def response(self) -> Response | None:
        """What the rules were read from."""
        ...

    @property
    def detail(self) -> str:
        """Why there are no rules to read, where there are none."""
        ...

    def allows(self, url: str) -> bool: ...


class Robots(Protocol):
    def rules(self, url: str) -> HostRules:
        """The rules of a URL's host."""
        ...

    def are_known(self, url: str) -> bool:
        """Whether the rules are at hand, so that asking for them takes no request."""
        ...


class Pace(Protocol):
    """Keeps requests to one host apart."""

    def turn(self, url: str, seconds: float) -> AbstractContextManager[None]:
        """Wait as ``wait`` does, and let no other turn at this host begin before this one has ended."""
        ...

    def wait(self, url: str, seconds: float) -> None:
        """Sleep until this request may start, and keep the following one ``seconds`` away from it."""
        ...

    def hold(self, url: str, seconds: float) -> None:
        """Let no request to this host start sooner than in ``seconds``, as it asked."""
        ...


class ArchiveWriter(Protocol):
    """Appends captures of one outlet and interval; what it wrote counts only once committed."""

    @property
    def adopted(self) -> Sequence[Capture]:
        """What the interval's file held already, left by a killed run or by an earlier commit."""
        ...

    def write(self, response: Response, kind: CaptureKind) -> Capture: ...

    def commit(self) -> None: ...


class Archive(Protocol):
    """Captures kept verbatim, and the manifests that list them."""

    def writer(
        self, outlet_id: str, interval: Interval, *, revisits: bool = True
    ) -> AbstractContextManager[ArchiveWriter]:
        """``revisits``: whether bytes that the archive has already are referred to rather than kept again."""
        ...

    def read(self, capture: Capture) -> bytes:
        """The decoded body; ArchiveError where it is missing or its digest differs."""
        ...

    def save_manifest(self, manifest: Manifest) -> None: ...

    def manifest(self, outlet_id: str, interval: Interval) -> Manifest | None:
        """The manifest of exactly this interval."""
        ...

    def manifests(self, outlet_id: str, interval: Interval) -> Sequence[Manifest]:
        """All manifests whose interval starts in the given one, in time order."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenState:
    """What one outlet's collecting remembers between runs."""

    validators: dict[str, Validators]  # by feed URL
    seen: dict[str, datetime]  # by page key: when it was last captured
    polls: dict[str, Poll] = field(default_factory=dict)  # by the URL of a feed or of a child sitemap
    ids: dict[str, str] = field(default_factory=dict)  # by feed and entry id: the page key it led to
    barred: dict[str, datetime] = field(default_factory=dict)  # by page key: when its address was refused


class StateStore(Protocol):
    def load(self, outlet_id: str) -> SeenState: ...

    def save(self, outlet_id: str, state: SeenState) -> None: ...


class NearDuplicates(Protocol):
    """Deciding which articles are copies of each other; the module ``dedup`` is one."""

    @property
    def WINDOW(self) -> timedelta:  # noqa: N802 - a module's constant
        """Articles further apart in time are never copies."""
        ...

    def bands_of_all(self, signatures: Sequence[bytes], /) -> bytes:
        """Numbers of which similar texts share at least one: as many for each, of 32 bits, one after the other."""
        ...

    def are_copies(self, one: Member, other: Member, /) -> bool: ...

    def clusters(
        self, members: Iterable[Member], candidates: Iterable[tuple[int, int]], /
    ) -> tuple[Placement, ...]:
        """The articles that have copies, each in its cluster; pairs that are no copies are ignored."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchRows:
    """What a batch comes to in the warehouse: rows by table, each table in Arrow's columns."""

    outlet_id: str
    tables: Mapping[str, Any]


class BatchStore(Protocol):
    def write(self, batch: Batch) -> None: ...

    def read(self, outlet_id: str, interval: Interval) -> Batch | None: ...

    def rows(
        self, outlet_id: str, interval: Interval, names: Collection[str] | None = None
    ) -> BatchRows | None:
        """The rows of a batch, without its records, in all tables or those named; None where there is no batch."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadCounts:
    """What one load came to, by table."""

    articles: int
    attributions: int
    mentions: int
    figures: int
    rejects: int
    gaps: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one check found: no rows means it passed."""

    check: str
    severity: str  # "error" stops the publish, "warn" does not
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


class Warehouse(Protocol):
    """The build side of the store: one writer at a time."""

    def load(
        self,
        interval: Interval,
        outlets: Sequence[Outlet],
        actors: Sequence[Actor],
        batches: Iterable[BatchRows],
    ) -> LoadCounts:
        """Replace the interval's rows of these outlets, all in one transaction."""
        ...

    def check(self, interval: Interval) -> Sequence[Finding]: ...

    def audit(self) -> Sequence[Finding]:
        """What is wrong in all that was ever loaded: errors only."""
        ...

    def publish(self, *, reindex: bool = False) -> None:
        """Swap the audited build in for readers, atomically, with its search index; ``reindex``: written anew."""
        ...
