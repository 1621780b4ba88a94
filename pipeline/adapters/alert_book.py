"""Which findings were there, and who was told? One SQLite file beside the archive.

A finding and the deliveries it is owed are written in one transaction, so that a kill loses neither. A
delivery is begun, sent and marked; one that was begun and never marked is sent again under the same
message id, by which receivers can know it: nothing is lost, and nothing doubled by us that could be known.
"""

from __future__ import annotations

import fcntl
import json
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from pipeline.adapters.plain import of_plain, to_plain
from pipeline.alerts import Alert

_log = logging.getLogger("wirewatch.alerts")

_SCHEMA = """
create table if not exists alerts (
    alert_id integer primary key,
    watch_id text not null,
    day text not null,
    found_at text not null,
    record text not null
);
create index if not exists alerts_of_watch on alerts (watch_id, day);
create table if not exists deliveries (
    item text not null,
    owner text not null,
    channel text not null,
    state text not null,
    message_id text,
    attempts integer not null default 0,
    at text,
    detail text not null default '',
    accepted text not null default '[]',
    primary key (item, channel)
);
"""
DUE, BEGUN, SENT, GIVEN_UP = "due", "begun", "sent", "given_up"
DIGEST = "digest"  # the owner of deliveries that are no watch's: no watch's id has a colon


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """What is owed to one channel: items of one owner that go in one message."""

    owner: str  # a watch's id, or ``digest:`` and a digest's
    channel: str
    items: tuple[str, ...]  # alert ids, or the last day of the digest
    message_id: str | None  # of one that was begun before and never marked
    accepted: tuple[str, ...]  # recipients that have it


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An alert with what became of its deliveries."""

    alert: Alert
    states: tuple[tuple[str, str, str], ...]  # channel, state, what went wrong last


class AlertBook:
    """Findings and deliveries of one data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "alerts.sqlite"

    # ---- findings --------------------------------------------------------------------------------

    def known(self, watch_id: str) -> tuple[Alert, ...]:
        """All that the watch has found so far, newest day first."""
        return tuple(told.alert for told in self.told(watch_id))

    def told(self, watch_id: str | None = None) -> tuple[Told, ...]:
        """Alerts with their deliveries, newest day first; ``None``: of all watches."""
        if not self._file.is_file():
            return ()
        with self._open() as con:
            rows = con.execute(
                "select alert_id, record from alerts where ?1 is null or watch_id = ?1 "
                "order by day desc, found_at desc, alert_id",
                (watch_id,),
            ).fetchall()
            states: dict[str, list[tuple[str, str, str]]] = {}
            for item, channel, state, detail in con.execute(
                "select item, channel, state, detail from deliveries where ?1 is null or owner = ?1 "
                "order by item, channel",
                (watch_id,),
            ):
                states.setdefault(item, []).append((channel, state, detail))
        return tuple(
            Told(alert=_alert(record), states=tuple(states.get(str(alert_id), ())))
            for alert_id, record in rows
        )

    def record(self, alerts: Iterable[Alert], channels: Sequence[str], at: datetime) -> tuple[Alert, ...]:
        """Keep what is new of them, and owe it to the channels; the alerts that were new."""
        new = []
        with self._open() as con, con:
            con.execute("begin immediate")
            for alert in alerts:
                alert = replace(alert, found_at=at)
                added = con.execute(
                    "insert or ignore into alerts values (?, ?, ?, ?, ?)",
                    (
                        alert.alert_id,
                        alert.watch_id,
                        alert.day.isoformat(),
                        at.isoformat(),
                        json.dumps(to_plain(alert), ensure_ascii=False),
                    ),
                ).rowcount
                if not added:
                    continue
                new.append(alert)
                con.executemany(
                    "insert into deliveries (item, owner, channel, state) values (?, ?, ?, ?)",
                    [(str(alert.alert_id), alert.watch_id, channel, DUE) for channel in channels],
                )
        return tuple(new)

    def owe_digest(self, digest_id: str, last_day: date, channels: Sequence[str]) -> bool:
        """Owe the digest of the period that ends with that day; False where it was owed before."""
        with self._open() as con, con:
            con.execute("begin immediate")
            return bool(
                con.executemany(
                    "insert or ignore into deliveries (item, owner, channel, state) values (?, ?, ?, ?)",
                    [
                        (f"{digest_id} {last_day}", f"{DIGEST}:{digest_id}", channel, DUE)
                        for channel in channels
                    ],
                ).rowcount
            )

    # ---- deliveries ------------------------------------------------------------------------------

    @contextmanager
    def delivering(self) -> Iterator[None]:
        """Wait until no other process delivers: two at once would send the same."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "deliver.lock").open("wb") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def due(self) -> tuple[Delivery, ...]:
        """What is owed, in the order it was found; what was begun and never marked is its own message again."""
        if not self._file.is_file():
            return ()
        with self._open() as con:
            rows = con.execute(
                "select owner, channel, message_id, accepted, item from deliveries "
                "where state not in (?, ?) order by rowid",
                (SENT, GIVEN_UP),
            ).fetchall()
        groups: dict[tuple[str, str, str | None, str], list[str]] = {}
        for owner, channel, message_id, accepted, item in rows:
            # Each digest is a message of its own; the alerts of a watch share one.
            own = item if owner.startswith(f"{DIGEST}:") else message_id
            groups.setdefault((owner, channel, own, accepted), []).append(item)
        return tuple(
            Delivery(
                owner=owner,
                channel=channel,
                items=tuple(items),
                message_id=None if owner.startswith(f"{DIGEST}:") else own,
                accepted=tuple(json.loads(accepted)),
            )
            for (owner, channel, own, accepted), items in groups.items()
        )

    def begin(self, delivery: Delivery, message_id: str, at: datetime) -> None:
        self._mark(delivery, BEGUN, at, message_id=message_id, attempts=1)

    def sent(self, delivery: Delivery, at: datetime) -> None:
        self._mark(delivery, SENT, at)

    def failed(self, delivery: Delivery, at: datetime, detail: str, accepted: Sequence[str]) -> None:
        """It stays owed, to those who have not got it."""
        self._mark(delivery, DUE, at, detail=detail, accepted=[*delivery.accepted, *accepted])

    def forget(self, owner: str) -> int:
        """Owe nothing more of that owner; how many deliveries were given up.

        They are kept as given up: a digest that left no trace would be owed again. A delivery under way is waited
        for: it would mark as owed, or as sent, what was given up meanwhile.
        """
        if not self._file.is_file():
            return 0
        with self.delivering(), self._open() as con, con:
            return con.execute(
                "update deliveries set state = ?2 where owner = ?1 and state not in (?2, ?3)",
                (owner, GIVEN_UP, SENT),
            ).rowcount

    def owners(self) -> tuple[str, ...]:
        """All that ever found something or were owed, in the catalogue still or not."""
        if not self._file.is_file():
            return ()
        with self._open() as con:
            rows = con.execute("select watch_id from alerts union select owner from deliveries order by 1")
            return tuple(owner for (owner,) in rows)

    def owed(self) -> tuple[tuple[str, str, int, str], ...]:
        """Owner, channel, how many and what went wrong last, of all that is not delivered."""
        if not self._file.is_file():
            return ()
        with self._open() as con:
            # SQLite takes a bare column from the row of the maximum: sqlite.org/lang_select.html#bareagg
            rows = con.execute(
                "select owner, channel, count(*), detail, max(case when detail <> '' then at end) "
                "from deliveries where state not in (?, ?) group by owner, channel order by owner, channel",
                (SENT, GIVEN_UP),
            ).fetchall()
        return tuple((owner, channel, count, detail) for owner, channel, count, detail, _ in rows)

    def _mark(
        self,
        delivery: Delivery,
        state: str,
        at: datetime,
        *,
        message_id: str | None = None,
        attempts: int = 0,
        detail: str = "",
        accepted: Sequence[str] | None = None,
    ) -> None:
        kept = None if accepted is None else json.dumps(list(accepted))
        with self._open() as con, con:
            con.executemany(
                "update deliveries set state = ?, at = ?, message_id = coalesce(?, message_id), "
                "attempts = attempts + ?, detail = ?, accepted = coalesce(?, accepted) "
                "where item = ? and channel = ?",
                [
                    (state, at.isoformat(), message_id, attempts, detail, kept, item, delivery.channel)
                    for item in delivery.items
                ],
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._file, timeout=30)) as con:
            con.execute("pragma synchronous = full")
            con.executescript(_SCHEMA)
            yield con


def _alert(record: str) -> Alert:
    return of_plain(Alert, json.loads(record))
