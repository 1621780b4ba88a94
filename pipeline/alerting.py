"""Watches and digests of one catalogue and data folder: which adapters find, keep and tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.alerts import Alert, Digest, Every, Message, Watch
from pipeline.errors import DeliveryError, UsageError, WirewatchError
from pipeline.wiring import Pipeline

if TYPE_CHECKING:
    from pipeline.adapters.alert_book import AlertBook, Delivery
    from pipeline.adapters.channels import Channels
    from pipeline.adapters.looking import Looking
    from pipeline.stages.watch import Delivered, Send


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """What one watch came to: its new alerts, or why it could not look."""

    watch: Watch
    alerts: tuple[Alert, ...]
    problem: str | None = None


class Alerting:
    """What is watched, what was found, and who is told."""

    def __init__(self, work: Pipeline, channels: Mapping[str, str] | None = None) -> None:
        """``channels``: variables of channels that win over those of the settings."""
        self._work = work
        self._given = channels or {}

    @cached_property
    def watches(self) -> tuple[Watch, ...]:
        """Read anew by every one of these objects, so that a file that changed counts at once."""
        from pipeline.adapters import watch_files

        known = [outlet.outlet_id for outlet in self._work.catalog.outlets]
        return watch_files.watches(self._work.settings.catalog, outlet_ids=known)

    @cached_property
    def digests(self) -> tuple[Digest, ...]:
        from pipeline.adapters import watch_files

        return watch_files.digests(self._work.settings.catalog)

    @cached_property
    def book(self) -> AlertBook:
        from pipeline.adapters.alert_book import AlertBook

        return AlertBook(self._work.settings.data / "watches")

    @cached_property
    def channels(self) -> Channels:
        from pipeline.adapters.channels import Channels

        return Channels({**dict(self._work.settings.channels), **self._given})

    @cached_property
    def looking(self) -> Looking:
        from pipeline.adapters.looking import Looking

        return Looking(self._work.reader, self._work.searching)

    def unknown_sources(self, watch: Watch) -> Iterator[str]:
        """A sentence for each source of a watch that the registry does not have: nothing will ever be found of it."""
        from pipeline.adapters.looking import BY_NAME

        registry = self._work.lexicon.registry
        for given in watch.sources:
            if not given.startswith(BY_NAME) and given not in registry.by_id:
                known = registry.find(given)
                meant = f'"{known.source_id}"' if known else f'"{BY_NAME}{given}", or add it to sources.toml'
                yield f"{watch.watch_id}: no source has the id {given!r}, so it is never found; write {meant}"

    def watch(self, watch_id: str) -> Watch:
        """UsageError, with the nearest id, where there is none."""
        from pipeline.adapters.toml_table import nearest

        by_id = {watch.watch_id: watch for watch in self.watches}
        if watch_id not in by_id:
            hint = nearest(watch_id, by_id) or "`wirewatch watch list` names them all."
            raise UsageError(f"no watch {watch_id!r} in the catalogue. {hint}")
        return by_id[watch_id]

    def digest(self, digest_id: str | None) -> Digest:
        """The digest of that id, or the only one there is."""
        by_id = {digest.digest_id: digest for digest in self.digests}
        if digest_id is None and len(by_id) == 1:
            return self.digests[0]
        if not by_id:
            raise UsageError("there are no digests: catalog/digests holds no file")
        if digest_id not in by_id:
            raise UsageError(f"name one of the digests: {', '.join(by_id)}; or send them with --all")
        return by_id[digest_id]

    def owner(self, name: str, *, digests: bool) -> str:
        """The name, if a watch (or ``digest:`` and a digest) has it, or had it when it found or was owed something."""
        from pipeline.adapters.alert_book import DIGEST

        known = {*self.book.owners(), *(watch.watch_id for watch in self.watches)}
        known |= {f"{DIGEST}:{digest.digest_id}" for digest in self.digests}
        if not digests:
            known = {one for one in known if ":" not in one}
        if name not in known:
            raise UsageError(f"no {name!r} is known; there are: {', '.join(sorted(known)) or 'none'}")
        return name

    # ---- finding ---------------------------------------------------------------------------------

    def look(
        self, start: date, end: date, *, watch_ids: Iterable[str] = (), is_trial: bool = False
    ) -> tuple[Findings, ...]:
        """What the active watches find on the days and the one before, kept and owed to their channels.

        The day before: what a page says of yesterday is often collected today. ``is_trial``: nothing is kept, and
        what is known already is found again.
        """
        named = [self.watch(watch_id) for watch_id in watch_ids]
        chosen = named or [watch for watch in self.watches if watch.is_active]
        return tuple(
            self._found(watch, start - timedelta(days=1), end, is_trial=is_trial) for watch in chosen
        )

    def _found(self, watch: Watch, start: date, end: date, *, is_trial: bool) -> Findings:
        from pipeline.stages.watch import found

        try:
            known = () if is_trial else self.book.known(watch.watch_id)
            alerts = found(watch, start, end, looking=self.looking, known=known)
        except WirewatchError as error:
            return Findings(watch=watch, alerts=(), problem=f"{watch.watch_id} could not look: {error}")
        if not is_trial:
            alerts = self.book.record(alerts, watch.deliver, self._work.clock.now())
        return Findings(watch=watch, alerts=alerts)

    def owe_digests(self, last_day: date, only: Digest | None = None) -> tuple[Digest, ...]:
        """Owe the digests whose period ends with that day: those of a week end with a Sunday."""
        return tuple(
            digest
            for digest in ((only,) if only else self.digests)
            if (digest.every is Every.DAY or last_day.isoweekday() == 7)
            and self.book.owe_digest(digest.digest_id, last_day, digest.deliver)
        )

    # ---- telling ---------------------------------------------------------------------------------

    def deliver(self, send: Send | None = None, *, digests: Collection[Digest] | None = None) -> Delivered:
        """Send all that is owed, or only of these digests, through the channels or through ``send`` in their place."""
        from pipeline.adapters.alert_book import DIGEST
        from pipeline.stages.watch import deliver

        return deliver(
            self.book,
            compose=self._composed,
            send=send or self.channels.send,
            clock=self._work.clock,
            owners=None if digests is None else {f"{DIGEST}:{one.digest_id}" for one in digests},
        )

    def test(self, watch_id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Send a test through the watch's channels: those that took it, and a sentence for each that did not."""
        from pipeline.watching import text_message

        watch, now = self.watch(watch_id), self._work.clock.now()
        message = text_message(
            f"{watch.title}: a test",
            f"This is a test of the watch {watch.watch_id}. Nothing was found; its alerts will come this way.",
            identity=f"test {watch.watch_id} {now.isoformat()}",
        )
        delivered, failed = [], []
        for channel in watch.deliver:
            try:
                self.channels.send(channel, message, now)
            except DeliveryError as error:
                failed.append(str(error))
            else:
                delivered.append(channel)
        return tuple(delivered), tuple(failed)

    def digest_message(self, digest: Digest, last_day: date) -> Message:
        """The digest of the period that ends with that day."""
        from pipeline.adapters import plots
        from pipeline.stages.digest import parts_of
        from pipeline.watching.digest import digest_message, period_start

        start = period_start(digest.every, last_day)
        parts = parts_of(start, last_day, ask=self._work.trend, lines=plots.lines, bars=plots.bars)
        alerts = [told.alert for told in self.book.told() if start <= told.alert.day <= last_day]
        return digest_message(digest, last_day, parts, alerts, site=self._work.settings.site)

    def _composed(self, delivery: Delivery) -> Message:
        from pipeline.adapters.alert_book import DIGEST
        from pipeline.watching import alerts_message

        kind, _, digest_id = delivery.owner.partition(":")
        if kind == DIGEST:
            digest = next((one for one in self.digests if one.digest_id == digest_id), None)
            last_day = date.fromisoformat(delivery.items[0].rpartition(" ")[2])
            if digest is None:
                raise DeliveryError(
                    delivery.channel,
                    f"the digest {digest_id} is owed for {last_day} and no longer in the catalogue; "
                    f"put its file back, or give it up: wirewatch watch forget {delivery.owner}",
                    may_help_later=False,
                )
            return self.digest_message(digest, last_day)
        known = {watch.watch_id: watch for watch in self.watches}
        if delivery.owner not in known:
            raise DeliveryError(
                delivery.channel,
                f"alerts of {delivery.owner} are owed, which is no longer in the catalogue; put its file back, or "
                f"give them up: wirewatch watch forget {delivery.owner}",
                may_help_later=False,
            )
        wanted = set(delivery.items)
        alerts = [alert for alert in self.book.known(delivery.owner) if str(alert.alert_id) in wanted]
        return alerts_message(known[delivery.owner], alerts, site=self._work.settings.site)
