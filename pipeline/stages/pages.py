"""Which of a feed's entries are pages new to us, and what became of each?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from pipeline.errors import FetchError, NotArchivedError, TransientError
from pipeline.protocols import ArchiveWriter, Clock, SeenState
from pipeline.records import Capture, CaptureKind, Entry, Feed, FeedKind, Reason, Reject
from pipeline.stages.asking import Asking
from pipeline.stages.ledger import Ledger
from pipeline.urls import page_key

# Answers that will be the same tomorrow: asking for the page again would only be rude.
_FINAL = frozenset({Reason.REDIRECTS, Reason.OVERSIZE})
_GONE = ("status 404", "status 410")
# A name that led to an address that is not public may lead elsewhere after so long. Nothing is sent to find out.
BARRED_FOR = timedelta(days=1)


def is_final(reject: Reject) -> bool:
    """Whether what was rejected need not be asked for again."""
    gone = reject.reason is Reason.HTTP_ERROR and reject.detail.startswith(_GONE)
    return gone or reject.reason in _FINAL


class Pages:
    """The pages that an outlet's memory knows, and those that its feeds list in this run."""

    def __init__(
        self,
        memory: SeenState,
        *,
        asking: Asking,
        writer: ArchiveWriter,
        ledger: Ledger,
        clock: Clock,
        now: Callable[[], datetime],
    ) -> None:
        """``now``: the time of what has no response to date it."""
        self.seen, self.ids, self.barred = dict(memory.seen), dict(memory.ids), dict(memory.barred)
        self._asking, self._writer, self._ledger, self._clock, self._now = asking, writer, ledger, clock, now
        self._adopted = {
            capture.url: capture for capture in writer.adopted if capture.kind is CaptureKind.PAGE
        }
        self._asked: set[str] = set()  # keys of pages that an entry of this run has dealt with
        self._listed: set[str] = set()  # keys of pages seen before that are still listed

    @property
    def listed(self) -> AbstractSet[str]:
        """Keys of all pages that this run's documents list."""
        return self._listed | self._asked

    def take(self, feed: Feed, entries: Sequence[Entry]) -> Counter[str]:
        """How many of the entries were new, seen, skipped and failed, each captured where it is new."""
        names = _distinct_ids(feed, entries)
        return Counter(self._page(feed, entry, names.get(entry.url)) for entry in entries)

    def is_known(self, entry: Entry) -> bool:
        """Dealt with in this run or an earlier one, so that it need not be kept to look at."""
        return page_key(entry.url) in self._asked or self._is_seen(entry)

    def _page(self, feed: Feed, entry: Entry, name: str | None) -> str:
        """What became of one entry: new, seen, skipped or failed; ``name``: what its feed knows it by."""
        key = page_key(entry.url)
        if key in self._asked or self._is_seen(entry, name):
            return "seen"
        self._asked.add(key)
        outcome = self._captured(feed, entry)
        if name is not None and outcome in ("new", "seen"):
            self.ids[name] = key
        return outcome

    def _captured(self, feed: Feed, entry: Entry) -> str:
        if (adopted := self._adopted.get(entry.url)) is not None:
            return self._keep(entry, adopted)
        try:
            response = self._asking.fetch(entry.url)
        except NotArchivedError as error:
            if error.elsewhere:
                return "seen"
            # These need not date their links, so this one may be older than the archive.
            undated = entry.published_at is None and entry.updated_at is None
            if feed.kind is FeedKind.LISTING or (feed.kind is FeedKind.SITEMAP and undated):
                return "skipped"
            self._ledger.gap(Reason.NOT_ARCHIVED, entry.url, error.detail, entry)
            return "failed"
        except TransientError as error:
            self._ledger.gap(Reason(error.reason), entry.url, error.detail, entry)
            return "failed"
        except FetchError as error:
            return self._reject(entry, Reason(error.reason), error.detail)
        final_key = page_key(response.final_url)
        if final_key != page_key(entry.url) and final_key in self._asked:
            return "seen"  # another entry led to the same page
        return self._keep(entry, self._writer.write(response, CaptureKind.PAGE))

    def _is_seen(self, entry: Entry, name: str | None = None) -> bool:
        """Captured before, under this address or this name, and not said to have changed since; or barred."""
        barred_at = self.barred.get(page_key(entry.url))
        if barred_at is not None and self._now() < barred_at + BARRED_FOR:
            return True
        captured_at = self.seen.get(page_key(entry.url))
        if captured_at is None and name is not None and (moved_from := self.ids.get(name)) is not None:
            captured_at = self.seen.get(moved_from)
        if captured_at is None:
            return False
        self._listed.update((page_key(entry.url), self.ids.get(name, "") if name is not None else ""))
        changes = (at for at in (entry.updated_at, entry.published_at) if at is not None)
        # A change that is still to come is a wrong clock, and would be fetched again in every run.
        return not any(captured_at < at <= self._clock.now() for at in changes)

    def _keep(self, entry: Entry, capture: Capture) -> str:
        if capture.status != 200:
            return self._reject(entry, Reason.HTTP_ERROR, f"status {capture.status}", capture.fetched_at)
        self._ledger.captures.append(capture)
        self._ledger.entries.append(entry)
        for key in {page_key(entry.url), page_key(capture.final_url)}:
            self._asked.add(key)
            self.seen[key] = capture.fetched_at
            self.barred.pop(key, None)
        return "new"

    def _reject(self, entry: Entry, reason: Reason, detail: str, at: datetime | None = None) -> str:
        when = at or self._now()
        if is_final(self._ledger.reject(reason, entry.url, detail, when, entry)):
            self.seen[page_key(entry.url)] = when
        elif reason is Reason.FORBIDDEN_ADDRESS:
            self.barred[page_key(entry.url)] = when
        return "failed"


def _distinct_ids(feed: Feed, entries: Iterable[Entry]) -> dict[str, str]:
    """By URL: the name of an entry in its feed, where its id names it alone and is not its address.

    Feeds exist that give every entry the same id; there, as everywhere else, the address decides.
    """
    counts = Counter(entry.entry_id for entry in entries)
    return {
        entry.url: f"{feed.feed_id} {entry.entry_id}"
        for entry in entries
        if entry.entry_id and counts[entry.entry_id] == 1 and page_key(entry.entry_id) != page_key(entry.url)
    }
