"""What is special about asking an outlet: headers, cookies, a proxy, certificates that nobody can check?

``WIREWATCH_OUTLET_<ID>_HEADERS`` and ``…_COOKIES`` hold a JSON object of texts, ``…_PROXY`` an address; the id is
in capitals, with ``_`` for ``-``. They go to the hosts of that outlet alone, through whatever redirects, and no
message of ours repeats them. Whether its certificates are checked stands in the outlet's own file.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from pipeline.errors import UsageError
from pipeline.records import Outlet
from pipeline.urls import host, is_http

_log = logging.getLogger("wirewatch.collect")

_PREFIX = "WIREWATCH_OUTLET_"
_KINDS = ("HEADERS", "COOKIES", "PROXY")
# "X-Api-Key"; not "X Api", "Key:".
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LINE_BREAK = re.compile(r"[\r\n\0]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """What requests to one outlet carry; its values are secrets and stay out of every text."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    proxy: str | None = field(default=None, repr=False)
    verified: bool = True  # False: the outlet's certificates are taken as they are


NO_ACCESS = Access()
AccessOf = Callable[[str], Access]


def no_access(_url: str) -> Access:
    """For when the environment gives nothing."""
    return NO_ACCESS


def of_environment(environ: Mapping[str, str], outlets: Iterable[Outlet]) -> AccessOf:
    """Looks up what goes along to a URL; UsageError where a variable is wrong or is of no outlet."""
    by_name = {outlet.outlet_id.upper().replace("-", "_"): outlet for outlet in outlets}
    by_host: dict[str, Access] = {}
    given: dict[str, dict[str, str]] = {}
    for variable, value in environ.items():
        if not variable.startswith(_PREFIX) or not value.strip():
            continue
        name, _, kind = variable.removeprefix(_PREFIX).rpartition("_")
        if kind not in _KINDS:
            raise UsageError(f"{variable}: it must end in _HEADERS, _COOKIES or _PROXY")
        if name not in by_name:
            raise UsageError(f"{variable}: no outlet of the catalogue is written {name}")
        given.setdefault(name, {})[kind] = variable
    for name, variables in given.items():
        access = Access(
            headers=_texts(environ, variables.get("HEADERS")),
            cookies=_texts(environ, variables.get("COOKIES")),
            proxy=_proxy(environ, variables.get("PROXY")),
        )
        by_host |= dict.fromkeys(_hosts(by_name[name]), access)
    for outlet in by_name.values():
        if outlet.unverified_certificates:
            names = _hosts(outlet)
            _log.warning(
                "%s: certificates of %s are not checked: its file says so", outlet.outlet_id, ", ".join(names)
            )
            by_host |= {name: replace(by_host.get(name, NO_ACCESS), verified=False) for name in names}

    def access_of(url: str) -> Access:
        name = host(url)
        while name:
            if (found := by_host.get(name)) is not None:
                return found
            name = name.partition(".")[2]
        return NO_ACCESS

    return access_of if by_host else no_access


def _hosts(outlet: Outlet) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*outlet.hosts, *(host(feed.url) for feed in outlet.feeds))))


def _texts(environ: Mapping[str, str], variable: str | None) -> Mapping[str, str]:
    if variable is None:
        return {}
    try:
        read = json.loads(environ[variable])
    except ValueError as error:
        raise UsageError(f'{variable}: it is no JSON object, as in {{"Name": "value"}}') from error
    if not isinstance(read, dict) or not all(
        _NAME.fullmatch(name) and isinstance(value, str) and not _LINE_BREAK.search(value)
        for name, value in read.items()
    ):
        raise UsageError(f'{variable}: it must be a JSON object of texts, as in {{"Name": "value"}}')
    return read


def _proxy(environ: Mapping[str, str], variable: str | None) -> str | None:
    if variable is None:
        return None
    if not is_http(environ[variable]):
        raise UsageError(f"{variable}: it must be an address as in http://proxy.example:3128")
    return environ[variable].strip()
