"""What do the stages work with? The one place that names concrete adapters.

Each is imported and made where it is first needed: a query need not wait for the page parsers, nor a collecting
task for the warehouse.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from pipeline import bundled
from pipeline.errors import UsageError
from pipeline.protocols import Clock, Transport
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.adapters.batches import Batches
    from pipeline.adapters.catalog import Catalog
    from pipeline.adapters.guard import Guard
    from pipeline.adapters.metering import Metered
    from pipeline.adapters.pacing import Pace
    from pipeline.adapters.reader import Reader
    from pipeline.adapters.robots import RobotsRules
    from pipeline.adapters.search import Searching
    from pipeline.adapters.templates import Templates
    from pipeline.adapters.warc import WarcArchive
    from pipeline.adapters.warehouse import Warehouse
    from pipeline.adapters.warehouse.lake import Lake
    from pipeline.adapters.warehouse.plain_file import PlainFile
    from pipeline.attribution import Engine, Lexicon


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class Adapters:
    """Those of one catalogue and one data folder."""

    def __init__(
        self, settings: Settings, clock: Clock | None = None, transport: Transport | None = None
    ) -> None:
        """``transport``: what is asked in the network's place."""
        self.settings = settings
        self.clock = clock or SystemClock()
        self._transport = transport

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

    def _catalog_text(self, name: str) -> str:
        own = self.settings.catalog / name
        return own.read_text(encoding="utf-8") if own.is_file() else bundled.text(f"catalog/{name}")
