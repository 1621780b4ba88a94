"""Where things are and who we say we are: the ``WIREWATCH_…`` variables, read once.

Whoever has other ideas makes a ``Settings`` of their own: nothing below reads the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import __version__, bundled
from pipeline.errors import UsageError

SITE = "http://127.0.0.1:8080"  # of `make up`
ENGINES = ("model", "rules")  # what WIREWATCH_ATTRIBUTION may say


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Where things are and who we say we are."""

    data: Path  # archive, state, batches and warehouse
    catalog: Path
    replay: tuple[Path, ...]  # WARC files and folders that stand in for the network
    user_agent: str
    offline: bool = False
    allow: tuple[str, ...] = ()  # networks of one's own that may be reached, as "10.0.0.0/8"
    # The variables of `pipeline.adapters.access`: secrets, so they are never printed.
    access: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    archive: str | None = None  # a bucket's address, as "s3://news/archive"; None: a folder of the data
    attribution: str = "model"  # the engine: one of ENGINES
    warehouse: str | None = None  # a lake's catalogue, as "ducklake:sqlite:FILE"; None: files of the data
    lake_data: str | None = None  # where a lake's Parquet files are; None: a folder of the data
    object_store: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # AWS_…: keys and endpoint
    # Where alerts go: the variables of `pipeline.adapters.channels`, secrets as well.
    channels: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    site: str = SITE  # where people open Airflow, for links to the Coverage page


def settings(
    environ: Mapping[str, str],
    *,
    data: Path | None = None,
    catalog: Path | None = None,
    offline: bool = False,
) -> Settings:
    """Settings from the ``WIREWATCH_…`` variables; arguments win over them."""
    contact = environ.get("WIREWATCH_CONTACT", "").strip()
    identity = f"Wirewatch/{__version__} (" + (f"+{contact}" if contact else "self-hosted news monitor") + ")"
    replay = environ.get("WIREWATCH_REPLAY", "")
    attribution = environ.get("WIREWATCH_ATTRIBUTION") or ENGINES[0]
    if attribution not in ENGINES:
        raise UsageError(f"WIREWATCH_ATTRIBUTION is {attribution!r}; it may be {' or '.join(ENGINES)}")
    default_catalog = Path("catalog") if Path("catalog/outlets").is_dir() else bundled.path("catalog")
    return Settings(
        data=data or Path(environ.get("WIREWATCH_DATA") or "data"),
        catalog=catalog or Path(environ.get("WIREWATCH_CATALOG") or default_catalog),
        replay=tuple(Path(part) for part in replay.split(os.pathsep) if part)
        or (bundled.path("samples/archive"),),
        user_agent=environ.get("WIREWATCH_USER_AGENT") or identity,
        allow=tuple(environ.get("WIREWATCH_ALLOW_NETWORKS", "").replace(",", " ").split()),
        access=tuple(sorted(item for item in environ.items() if item[0].startswith("WIREWATCH_OUTLET_"))),
        archive=environ.get("WIREWATCH_ARCHIVE") or None,
        attribution=attribution,
        warehouse=environ.get("WIREWATCH_WAREHOUSE") or None,
        lake_data=environ.get("WIREWATCH_WAREHOUSE_DATA") or None,
        object_store=tuple(sorted(item for item in environ.items() if item[0].startswith("AWS_"))),
        channels=tuple(sorted(item for item in environ.items() if item[0].startswith("WIREWATCH_CHANNEL_"))),
        site=environ.get("WIREWATCH_SITE") or SITE,
        offline=offline or environ.get("WIREWATCH_OFFLINE", "").lower() in ("1", "true", "yes"),
    )
