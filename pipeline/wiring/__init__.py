"""The stages, each with the adapters it works with.

Each stage is imported where it is first needed: a query need not wait for the page parsers, nor a collecting task
for the warehouse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ArchiveError, UsageError
from pipeline.interval import Interval
from pipeline.protocols import Finding, LoadCounts
from pipeline.records import Batch, Capture, Manifest, Outlet, Response, Template
from pipeline.wiring.adapters import Adapters, SystemClock

if TYPE_CHECKING:
    from pipeline.adapters.search import Found, Question
    from pipeline.adapters.tables import Table
    from pipeline.extract.explaining import Line
    from pipeline.stages.discover import Discovery
    from pipeline.stages.import_warc import Imported

__all__ = ["LIVE_FOR", "Pipeline", "SystemClock"]

# How long after its end an interval may still be collected from the network. What a server shows
# later is another day's news.
LIVE_FOR = timedelta(hours=6)


class Pipeline(Adapters):
    """The stages with their adapters, for one catalogue and one data folder."""

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

    def collect(self, outlet_id: str, interval: Interval, *, force: bool = False) -> Manifest:
        """What collecting the outlet brings; of an interval that is not over, its present hour.

        ``force``: read every feed, due or not.
        """
        from pipeline.wiring.collecting import collect

        return collect(self, outlet_id, interval, force=force)

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

        # Only of what looks like a host is the archive asked, for its answer takes a walk through all of it.
        if "." in outlet_id and outlet_id in self._hosts():
            return outlet_of_host(outlet_id)
        return self.catalog.outlet(outlet_id)

    def _hosts(self) -> tuple[str, ...]:
        """Hosts in the archive that are no outlets of the catalogue, whose ids have no dots."""
        known = {outlet.outlet_id for outlet in self.catalog.outlets}
        return tuple(name for name in self.archive.outlet_ids() if "." in name and name not in known)


def _responses(file: Path) -> Iterator[Response]:
    from pipeline.adapters.warc_records import responses

    try:
        yield from (placed.response for placed in responses(file))
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"{file} cannot be read as a WARC file to its end: {reason}") from error
