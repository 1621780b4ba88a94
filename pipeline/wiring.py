"""Which adapters the stages work with: the one place that names concrete ones.

Each adapter and stage is imported where it is first needed: a query need not wait for the page parsers,
nor a collecting task for the warehouse.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import bundled
from pipeline.errors import ArchiveError, UsageError
from pipeline.interval import HOUR, Interval
from pipeline.protocols import Clock, Finding, LoadCounts, Transport
from pipeline.records import Batch, Capture, Feed, Manifest, Outlet, Response, Template
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.adapters.batches import Batches
    from pipeline.adapters.catalog import Catalog
    from pipeline.adapters.guard import Guard
    from pipeline.adapters.metering import Metered
    from pipeline.adapters.pacing import Pace
    from pipeline.adapters.reader import Reader
    from pipeline.adapters.robots import RobotsRules
    from pipeline.adapters.search import Found, Question, Searching
    from pipeline.adapters.tables import Table
    from pipeline.adapters.templates import Templates
    from pipeline.adapters.warc import WarcArchive
    from pipeline.adapters.warehouse import Warehouse
    from pipeline.adapters.warehouse.lake import Lake
    from pipeline.adapters.warehouse.plain_file import PlainFile
    from pipeline.attribution import Engine, Lexicon
    from pipeline.extract.explaining import Line
    from pipeline.feeds import Parsed
    from pipeline.stages.collect_many import Outcome
    from pipeline.stages.discover import Discovery
    from pipeline.stages.import_warc import Imported

# How long after its end an interval may still be collected from the network. What a server shows
# later is another day's news.
LIVE_FOR = timedelta(hours=6)

# Outlets collected at once. Nearly all of that time goes by waiting, for servers and for politeness.
_MOST_AT_ONCE = 256
_LONG = 500_000  # bytes of a feed: reading more takes a tenth of a second

_BEGINNING = datetime(1995, 1, 1, tzinfo=UTC)  # before any archive


@dataclass(frozen=True, kw_only=True, slots=True)
class Rebuilt:
    """What a rebuild came to."""

    articles: int
    changed: tuple[str, ...]  # tables that are other than before
    lost: tuple[str, ...]  # a sentence for each thing known to be missing


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Moment:
    """The clock of a replay: always the moment it replays."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant


class Pipeline:
    """The stages with their adapters, for one catalogue and one data folder."""

    def __init__(
        self, settings: Settings, clock: Clock | None = None, transport: Transport | None = None
    ) -> None:
        """``transport``: what is asked in the network's place."""
        self.settings = settings
        self.clock = clock or SystemClock()
        self._transport = transport

    # ---- what it works with ----------------------------------------------------------------------

    @cached_property
    def catalog(self) -> Catalog:
        from pipeline.adapters import catalog

        return catalog.load(self.settings.catalog)

    @cached_property
    def lexicon(self) -> Lexicon:
        """Word lists and registry of the catalogue; a file it does not have is the bundled one."""
        from pipeline import attribution

        return attribution.parse_lexicon(
            {name: self._catalog_text(f"{name}.toml") for name in attribution.FILES}
        )

    @cached_property
    def engine(self) -> Engine | None:
        """What finds sources, cues and contents; None: the rules do."""
        from pipeline.attribution import trained

        return None if self.settings.attribution == "rules" else trained

    @cached_property
    def recipe(self) -> str:
        """Code, models, word lists and engine that pages are read with, as one digest."""
        from pipeline import attribution

        lists = "".join(self._catalog_text(f"{name}.toml") for name in attribution.FILES)
        made_with = f"{bundled.fingerprint()} {self.settings.attribution} {lists}"
        return sha256(made_with.encode()).hexdigest()

    @cached_property
    def archive(self) -> WarcArchive:
        from pipeline.adapters.storage import storage_at
        from pipeline.adapters.warc import WarcArchive

        place = self.settings.archive or str(self.settings.data / "archive")
        return WarcArchive(storage_at(place, self.settings.data / "drafts"))

    @cached_property
    def batches(self) -> Batches:
        from pipeline.adapters.batches import Batches

        return Batches(self.settings.data / "batches")

    @cached_property
    def templates(self) -> Templates:
        from pipeline.adapters.templates import Templates

        return Templates(self.settings.data / "templates")

    @cached_property
    def warehouse(self) -> Warehouse:
        from pipeline import dedup
        from pipeline.adapters.search import SearchIndex
        from pipeline.adapters.warehouse import Warehouse

        folder = self.settings.data / "warehouse"
        return Warehouse(self.lake or self.plain_file, near=dedup, search=SearchIndex(folder / "search"))

    @cached_property
    def reader(self) -> Reader:
        from pipeline.adapters.reader import Reader

        return Reader(self.settings.data / "warehouse", lake=self.lake)

    @cached_property
    def plain_file(self) -> PlainFile:
        from pipeline.adapters.warehouse.plain_file import PlainFile

        return PlainFile(self.settings.data / "warehouse")

    @cached_property
    def lake(self) -> Lake | None:
        """The store of many machines, where one is set up."""
        return self.lake_at(self.settings.warehouse) if self.settings.warehouse else None

    def lake_at(self, catalogue: str) -> Lake:
        """The lake of a catalogue such as ``ducklake:sqlite:FILE``."""
        from pipeline.adapters.warehouse.lake import Lake, lake_address

        data = self.settings.lake_data or str((self.settings.data / "warehouse" / "lake").absolute())
        return Lake(lake_address(catalogue, data, dict(self.settings.object_store)))

    @cached_property
    def searching(self) -> Searching:
        from pipeline.adapters.search import Searching

        return Searching(self.settings.data / "warehouse" / "search", self.reader.search_generation)

    @cached_property
    def network(self) -> Metered:
        from pipeline.adapters import access
        from pipeline.adapters.http import HttpTransport
        from pipeline.adapters.metering import Metered

        if self.settings.offline:
            raise UsageError("the network is not asked: --offline or WIREWATCH_OFFLINE forbids it")
        return Metered(
            self._transport
            or HttpTransport(
                self.settings.user_agent,
                allow=self.settings.allow,
                access=access.of_environment(dict(self.settings.access), self.catalog.outlets),
                departing=self.pace.departing,
            )
        )

    @cached_property
    def network_robots(self) -> RobotsRules:
        from pipeline.adapters.robots import RobotsRules

        return RobotsRules(self.network, self.settings.user_agent, self.clock)

    @cached_property
    def pace(self) -> Pace:
        from pipeline.adapters.pacing import Pace

        return Pace(self.settings.data / "state" / "hosts")

    @cached_property
    def extract(self) -> Guard:
        """Reads one page, in a child process that a hostile page may kill."""
        from pipeline.adapters.guard import Guard
        from pipeline.extract import extract

        return Guard(extract)

    # ---- the stages ------------------------------------------------------------------------------

    def watched(self, interval: Interval) -> tuple[str, ...]:
        """Ids of the outlets collected in the interval."""
        return tuple(outlet.outlet_id for outlet in self.catalog.outlets if outlet.watched_in(interval))

    def imported(self, interval: Interval) -> tuple[str, ...]:
        """Whoever else has pages of the interval, which were imported: hosts, and outlets not watched then."""
        others = {outlet.outlet_id for outlet in self.catalog.outlets} - set(self.watched(interval))
        names = (name for name in self.archive.outlet_ids() if name in others or name in self._hosts())
        return tuple(name for name in names if self.archive.manifests(name, interval))

    def is_live(self, interval: Interval) -> bool:
        """Whether collecting may ask the network: never offline, nor for an interval long past."""
        return not self.settings.offline and interval.end > self.clock.now() - LIVE_FOR

    def collect_many(
        self,
        outlet_ids: Sequence[str],
        interval: Interval,
        *,
        force: bool = False,
        on_done: Callable[[str, Outcome], None] | None = None,
        on_look: Callable[[], None] | None = None,
    ) -> dict[str, Outcome]:
        """What collecting the outlets brings, many at a time where servers are waited for."""
        from pipeline.adapters.files import allow_open_files
        from pipeline.adapters.greenlets import Greenlets
        from pipeline.stages.collect_many import collect_many

        live = self.is_live(interval)
        allow_open_files()
        if live and outlet_ids:
            # Made here, once: what fails fails before anything is asked.
            _ = self.catalog, self.archive, self.network_robots, self.pace
        return collect_many(
            outlet_ids,
            lambda outlet_id: self.collect(outlet_id, interval, force=force),
            executor=Greenlets(_MOST_AT_ONCE if live else 1, "collect"),
            stop=self.pace.stop,
            on_done=on_done,
            on_look=on_look,
        )

    def collect(self, outlet_id: str, interval: Interval, *, force: bool = False) -> Manifest:
        """What collecting the outlet brings; of an interval that is not over, its present hour.

        ``force``: read every feed, due or not.
        """
        from pipeline.adapters.replay import ReplayTransport
        from pipeline.adapters.robots import RobotsRules
        from pipeline.adapters.state import StateFiles
        from pipeline.stages.collect import collect

        live = self.is_live(interval)
        if live and self.clock.now() in interval:
            interval = _hour_of(self.clock.now())
        transport: Transport
        if live:
            transport, robots = self.network, self.network_robots
        else:
            transport = ReplayTransport(self.settings.replay, interval)
            # Rules that were archived on an earlier day still bind.
            until_then = ReplayTransport(self.settings.replay, Interval(_BEGINNING, interval.end))
            robots = RobotsRules(until_then, self.settings.user_agent, _Moment(interval.start))
        state = StateFiles(self.settings.data / "state")
        with state.alone(outlet_id, pause=self.pace.pause):
            return collect(
                self.catalog.outlet(outlet_id),
                interval,
                transport=transport,
                archive=self.archive,
                state=state,
                clock=self.clock,
                robots=robots,
                pace=self.pace,
                live=live,
                force=force,
                parse=_parsed,
            )

    def discover(self, url: str) -> Discovery:
        """The feeds of a site, asked for politely."""
        from pipeline.stages.discover import discover

        return discover(url, transport=self.network, robots=self.network_robots, pace=self.pace)

    def page(self, url: str) -> Response:
        """One page of the network, asked for as politely as any other."""
        from pipeline.stages.asking import Asking

        return Asking(
            self.network, self.network_robots, self.pace, delay_seconds=1.0, on_rules=lambda _: None
        ).fetch(url)

    def process(self, outlet_id: str, interval: Interval, *, again: bool = False) -> Batch:
        """``again``: even if the same code and word lists have read the same pages before."""
        from pipeline.stages.process import process

        outlet = self.outlet(outlet_id)
        template = self.templates.of_day(outlet_id, interval.start.date())
        return process(
            outlet,
            interval,
            archive=self.archive,
            batches=self.batches,
            lexicon=self.lexicon,
            engine=self.engine,
            extractor=self.extract,
            template=template,
            recipe=sha256(f"{self.recipe} {outlet!r} {template!r}".encode()).hexdigest(),
            again=again,
        )

    def learn(self, outlet_id: str, since: date) -> Template | None:
        """Learn what the outlet's pages of before a day have in common, and keep it for pages from that day on."""
        from pipeline.stages.learn import learn

        template = learn(self.outlet(outlet_id), since, archive=self.archive, extractor=self.extract)
        if template is not None:
            self.templates.save(template)
        return template

    def explain(self, capture: Capture) -> tuple[Line, ...]:
        """What was thought of each line of an archived page that was taken for an article."""
        from pipeline.extract.explaining import explain
        from pipeline.stages.process import charset

        return explain(
            self.archive.read(capture),
            capture.final_url,
            outlet=self.outlet(capture.outlet_id),
            encoding=charset(capture.content_type),
            template=self.templates.of_day(capture.outlet_id, capture.fetched_at.date()),
        )

    def load(self, interval: Interval, outlet_ids: Sequence[str]) -> LoadCounts:
        from pipeline.attribution import actors
        from pipeline.stages.load import load

        return load(
            interval,
            self.outlets(outlet_ids),
            actors=actors(self.lexicon),
            batches=self.batches,
            warehouse=self.warehouse,
        )

    def check(self, interval: Interval) -> tuple[Finding, ...]:
        from pipeline.stages.load import check

        return check(interval, warehouse=self.warehouse)

    def audit(self) -> tuple[Finding, ...]:
        """What is wrong in all that was ever loaded."""
        from pipeline.stages.load import audit

        return audit(warehouse=self.warehouse)

    def publish(self, *, reindex: bool = False) -> None:
        self.warehouse.publish(reindex=reindex)

    def rebuild(self, *, drop_missing: bool = False) -> Rebuilt:
        """Make all tables again from the archive, and publish them.

        The build is replaced only when all of it is there; a lake must be empty. ArchiveError where the archive
        holds nothing; WarehouseError where it lacks days that the tables have, unless ``drop_missing``.
        """
        from pipeline import dedup
        from pipeline.adapters.retention import days_held
        from pipeline.adapters.warehouse import Warehouse, keeping
        from pipeline.adapters.warehouse.plain_file import PlainFile
        from pipeline.attribution import actors
        from pipeline.stages import load as stage
        from pipeline.stages.rebuild import rebuild

        days = days_held(self.archive)
        if not days:
            raise ArchiveError(
                f"{self.settings.archive or self.settings.data / 'archive'} holds nothing to rebuild from; "
                "name the right folder by --data, or the bucket by WIREWATCH_ARCHIVE"
            )
        folder = self.settings.data / "warehouse" / "rebuild"
        if self.lake is not None:
            keeping.refuse_filled(self.lake)
        else:
            shutil.rmtree(folder, ignore_errors=True)  # of a rebuild that was killed
        target = self.warehouse if self.lake else Warehouse(PlainFile(folder), near=dedup)
        articles = rebuild(
            days,
            process=partial(self.process, again=True),
            load=lambda day, outlet_ids: stage.load(
                day,
                self.outlets(outlet_ids),
                actors=actors(self.lexicon),
                batches=self.batches,
                warehouse=target,
            ),
            check=lambda day: stage.check(day, warehouse=target),
        )
        changed = (
            ()
            if self.lake
            else keeping.take_over(self.plain_file, PlainFile(folder), drop_missing=drop_missing)
        )
        shutil.rmtree(folder, ignore_errors=True)
        self.publish()
        lost = [
            sentence
            for day, outlet_ids in sorted(days.items(), key=_start)
            for sentence in self.losses(day, outlet_ids)
        ]
        return Rebuilt(articles=articles, changed=changed, lost=tuple(lost))

    def compact(self) -> None:
        """Store closed months by month, source and day, and publish that; of a lake, merge small files."""
        from pipeline.adapters.warehouse import keeping

        if self.lake is not None:
            self.lake.compact()
        else:
            keeping.compact(self.plain_file)
            self.publish()

    def backup(self, target: Path) -> None:
        """Copy what is published to a file, and read the copy once to be sure of it."""
        from pipeline.adapters.warehouse import keeping

        self._refuse_lake()
        keeping.backup(self.plain_file, target)

    def restore(self, source: Path) -> None:
        """Put a backup in the place of build and published file."""
        from pipeline.adapters.warehouse import keeping

        self._refuse_lake()
        keeping.restore(self.plain_file, source)
        self.publish()

    def losses(self, interval: Interval, outlet_ids: Sequence[str]) -> tuple[str, ...]:
        """One sentence for each thing the interval lost; empty when nothing was."""
        from pipeline.stages.load import losses

        return losses(interval, self.outlets(outlet_ids), batches=self.batches)

    def let_go(self, interval: Interval, outlet_ids: Sequence[str]) -> tuple[str, ...]:
        """One sentence for each outlet of whose pages the archive has let go: they cannot be read again."""
        from pipeline.stages.process import let_go

        sentences = []
        for outlet_id in outlet_ids:
            batch = self.batches.read(outlet_id, interval)
            gone = let_go(batch, self.archive.manifests(outlet_id, interval)) if batch is not None else ()
            if pages := sum(manifest.new_count for manifest in gone):
                sentences.append(
                    f"{outlet_id}, {interval.name}: {pages} pages could not be read again, for the archive has let "
                    "them go; their rows stay as they were. Bring the files back from a copy of the archive to "
                    "read them anew."
                )
        return tuple(sentences)

    def import_warc(self, file: Path, *, every_host: bool) -> Imported:
        from pipeline.adapters.state import StateFiles
        from pipeline.stages.import_warc import import_warc

        if file.is_file() and not file.stat().st_size:
            raise ArchiveError(f"{file} is empty, so nothing was imported: get the file again")
        return import_warc(
            file,
            read=_responses,
            catalog=self.catalog,
            archive=self.archive,
            every_host=every_host,
            alone=StateFiles(self.settings.data / "state").alone,
        )

    def adopt(self, text: str) -> Outlet:
        """Put an outlet's file into the catalogue, which is as valid with it as it was; twice is once."""
        from pipeline.adapters import catalog

        outlet = catalog.adopt(self.settings.catalog, text)
        self.__dict__.pop("catalog", None)  # it is another one now
        return outlet

    def archive_damages(self) -> Iterator[str]:
        """One sentence for each capture that is missing or not what was captured; reads all of the archive."""
        from pipeline.adapters.retention import damages

        return damages(self.archive)

    def drop_captures(self, *, older_than: timedelta) -> tuple[str, ...]:
        """The archive's files of intervals that ended so long ago, which are gone now."""
        from pipeline.adapters.retention import drop_before

        return drop_before(self.archive, self.clock.now() - older_than)

    # ---- the answers -----------------------------------------------------------------------------

    def trend(
        self,
        name: str,
        *,
        start: date | None = None,
        end: date | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Table:
        """The answer of a named question; start and end are days, both included."""
        if start and end and end < start:
            raise UsageError(f"the last day ({end}) lies before the first ({start})")
        return self.reader.trend(name, params or {}, start=start, end=end)

    def query(self, sql: str, *, max_rows: int = 10_000, max_seconds: float = 30.0) -> Table:
        return self.reader.query(sql, max_rows=max_rows, max_seconds=max_seconds)

    def search(self, question: Question) -> Found:
        """The articles that a search finds, best first, with the lines that show why."""
        found = self.searching.hits(question)
        if not found.count:
            self._refuse_strangers(question)
        return found

    def search_counts(self, question: Question, by: str) -> Table:
        """How many articles a search finds, by day, month, outlet, source or language."""
        table = self.searching.counts(question, by)
        if not table.rows:
            self._refuse_strangers(question)
        return table

    def _refuse_strangers(self, question: Question) -> None:
        """UsageError where nothing was found because what narrows a search is misspelt."""
        for kind, names in (("outlet", question.outlets), ("language", question.languages)):
            for name in names:
                self.reader.refuse_unknown(kind, name)
        for name in question.sources:
            self.reader.refuse_unknown("source", name, is_part=True)

    def report(self, out: Path, start: date | None = None, end: date | None = None) -> str:
        """Write the days' page of plots to a file; which days they are, both included."""
        from pipeline.adapters import report
        from pipeline.adapters.files import replace

        end = end or self.reader.newest_day()
        start = start or end - timedelta(days=13)
        if end < start:
            raise UsageError(f"the last day ({end}) lies before the first ({start})")
        counts, parts = report.sections(self.reader, start, end)
        page = report.written(counts, parts, start=start, end=end, made_at=self.clock.now())
        replace(out, page.encode())
        return f"{start} to {end}"

    # ---- helpers ---------------------------------------------------------------------------------

    def outlets(self, outlet_ids: Iterable[str]) -> tuple[Outlet, ...]:
        return tuple(self.outlet(outlet_id) for outlet_id in outlet_ids)

    def outlet(self, outlet_id: str) -> Outlet:
        """The catalogue's outlet of that id, or the host whose pages were imported."""
        from pipeline.stages.import_warc import outlet_of_host

        if outlet_id in self._hosts():
            return outlet_of_host(outlet_id)
        return self.catalog.outlet(outlet_id)

    def _refuse_lake(self) -> None:
        if self.lake is not None:
            raise UsageError(
                "a lake is backed up by its catalogue's and its object store's own tools: see docs/operations.md"
            )

    def _hosts(self) -> tuple[str, ...]:
        """Hosts in the archive that are no outlets of the catalogue, whose ids have no dots."""
        known = {outlet.outlet_id for outlet in self.catalog.outlets}
        return tuple(name for name in self.archive.outlet_ids() if "." in name and name not in known)

    def _catalog_text(self, name: str) -> str:
        own = self.settings.catalog / name
        return own.read_text(encoding="utf-8") if own.is_file() else bundled.text(f"catalog/{name}")


def _parsed(body: bytes, feed: Feed, **more: Any) -> Parsed:
    """What a feed lists, others going on meanwhile where it lists much."""
    from pipeline import feeds
    from pipeline.adapters.waiting import aside

    return (
        aside(partial(feeds.parse, body, feed, **more))
        if len(body) > _LONG
        else feeds.parse(body, feed, **more)
    )


def _responses(file: Path) -> Iterator[Response]:
    from pipeline.adapters.warc_records import responses

    try:
        yield from (placed.response for placed in responses(file))
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"{file} cannot be read as a WARC file to its end: {reason}") from error


def _start(item: tuple[Interval, object]) -> datetime:
    return item[0].start


def _hour_of(instant: datetime) -> Interval:
    start = instant.replace(minute=0, second=0, microsecond=0)
    return Interval(start, start + HOUR)
