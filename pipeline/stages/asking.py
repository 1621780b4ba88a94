"""May this host be asked now, and what did it answer? Politeness between a collecting run and its servers."""

from __future__ import annotations

import logging
from collections.abc import Callable

from pipeline.errors import FetchError, RefusedError, TransientError
from pipeline.protocols import HostRules, Pace, Robots, Transport
from pipeline.records import Reason, Response, Validators
from pipeline.urls import host

_log = logging.getLogger("wirewatch.collect")

# A server that asks for no more than this is waited for, once; one that asks for longer gets its peace
# until the next run.
_PATIENCE_SECONDS = 60.0
# After so many failures in a row a host is left alone for the rest of the run.
_MAX_FAILURES = 3
_FAILURES = frozenset({Reason.UNREACHABLE, Reason.TIMEOUT, Reason.BLOCKED})


class Asking:
    """One run's requests: robots rules first, each in its time, and none to a host that has had enough."""

    def __init__(
        self,
        transport: Transport,
        robots: Robots,
        pace: Pace | None,
        *,
        delay_seconds: float,
        on_rules: Callable[[Response], None],
    ) -> None:
        """``pace``: None where an archive answers, which needs no politeness and never tires."""
        self._transport, self._robots, self._pace = transport, robots, pace
        self._delay_seconds = delay_seconds
        self._on_rules = on_rules
        self._known_rules: set[str] = set()
        self._failures: dict[str, int] = {}  # by host: in a row
        self._closed: dict[str, Reason] = {}  # hosts left alone for the rest of the run

    def fetch(self, url: str, validators: Validators | None = None) -> Response:
        """The response; a FetchError where there is none or none may be asked for."""
        name = host(url)
        if (reason := self._closed.get(name)) is not None:
            raise TransientError(url, reason, "not asked: the host failed earlier in this run")
        delay = self._permitted(url)
        try:
            response = self._asked(url, validators, delay)
        except FetchError as error:
            self._count(name, error)
            raise
        self._failures.pop(name, None)
        return response

    def _permitted(self, url: str, *, on_the_way: bool = False) -> float:
        """Seconds to keep between requests; RefusedError where robots rules say no.

        ``on_the_way``: while a redirect of another host, whose turn goes on, is followed.
        """
        rules = self._rules(url, on_the_way=on_the_way)
        delay = max(self._delay_seconds, rules.delay_seconds or 0.0)
        if (read := rules.response) is not None and read.url not in self._known_rules:
            self._known_rules.add(read.url)
            self._on_rules(read)
            if self._pace is not None and delay > self._delay_seconds:
                self._pace.hold(url, delay)
        if not rules.allows(url):
            if rules.detail:  # there are none to read, and RFC 9309 then forbids everything
                raise TransientError(url, Reason.UNREACHABLE, f"robots.txt cannot be had: {rules.detail}")
            raise RefusedError(url, Reason.ROBOTS, "robots.txt disallows it")
        return delay

    def _rules(self, url: str, *, on_the_way: bool) -> HostRules:
        """The host's rules; where they must be fetched, that is a request like others."""
        if self._pace is None or self._robots.are_known(url):
            return self._robots.rules(url)
        if on_the_way:  # two turns at once, and two threads could wait for each other for ever
            self._pace.wait(url, self._delay_seconds)
            return self._robots.rules(url)
        with self._pace.turn(url, self._delay_seconds):
            return self._robots.rules(url)

    def _asked(self, url: str, validators: Validators | None, delay: float) -> Response:
        if self._pace is None:
            return self._transport.fetch(url, validators=validators, permit=self._permit)
        with self._pace.turn(url, delay):
            try:
                return self._transport.fetch(url, validators=validators, permit=self._permit)
            except TransientError as error:
                wait = error.retry_after
                if error.reason != Reason.OVERLOADED or wait is None or wait > _PATIENCE_SECONDS:
                    raise
                self._pace.hold(url, wait)
                self._pace.wait(url, delay)
                return self._transport.fetch(url, validators=validators, permit=self._permit)

    def _permit(self, target: str) -> None:
        """Let a redirect be followed: its host's rules and its host's time count like those of the first."""
        delay = self._permitted(target, on_the_way=True)
        if self._pace is not None:
            self._pace.wait(target, delay)

    def _count(self, name: str, error: FetchError) -> None:
        reason = Reason(error.reason)
        self._failures[name] = self._failures.get(name, 0) + (reason in _FAILURES)
        if self._pace is not None and (reason is Reason.OVERLOADED or self._failures[name] >= _MAX_FAILURES):
            self._closed[name] = reason
            _log.warning("%s: %s; asked no more in this run", name, error)
