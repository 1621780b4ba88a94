"""The stages, in order: collect, process, load, check, publish. Each reads, calls the core, writes.

A unit of work is an outlet and a half-open data interval; running it again replaces its output and
changes nothing. Only ``collect`` may touch the network.
"""

from pipeline.stages.collect import collect
from pipeline.stages.import_warc import import_warc
from pipeline.stages.load import check, load, losses, stops_publish
from pipeline.stages.process import process, read_page, read_text

__all__ = [
    "check",
    "collect",
    "import_warc",
    "load",
    "losses",
    "process",
    "read_page",
    "read_text",
    "stops_publish",
]
