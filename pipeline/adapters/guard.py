"""How does a page that kills its parser cost no more than that page?

A child process of our own, forked when the first page comes, reads pages one after the other under limits of
memory, processor time and wall time. Requests and answers are pickles with their length before them, over two
pipes. A child that dies or does not answer makes its page a ``Reject``; the next page finds a new child.
"""

from __future__ import annotations

import logging
import os
import pickle
import resource
import select
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from pipeline.records import Article, Reason, Reject, Stage

Extract = Callable[..., Article | Reject]

_LENGTH = struct.Struct(">Q")
_CHUNK = 1 << 20
_MOST_DESCRIPTORS = 1 << 16  # where the limit is a billion, closing one by one would take minutes
_DEADLY = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What one page may take. ``memory``: on top of what the parent had when it forked."""

    memory_bytes: int = 768 * 1024 * 1024
    cpu_seconds: int = 10
    wall_seconds: float = 60.0
    pages: int = 2_000  # then a new child begins, so that nothing can grow for ever


class ChildLostError(Exception):
    """The child died, or was ended for not answering: how."""


class Guard:
    """Calls a function in a guarded child; made for one owner, it is begun anew in each process that uses it."""

    def __init__(self, extract: Extract, limits: Limits | None = None) -> None:
        self._extract = extract
        self._limits = limits or Limits()
        self._child: _Child | None = None
        self._turn = threading.Lock()

    def __call__(self, *args: object, **options: object) -> Article | Reject:
        """The function's answer; where it failed or was ended, a ``Reject`` of an unnamed page."""
        with self._turn:
            child = self._ready()
            try:
                answer = child.ask(pickle.dumps((args, options), pickle.HIGHEST_PROTOCOL))
            except ChildLostError as lost:
                child.end()
                self._child = None
                return _failed(str(lost))
            except BaseException:  # interrupted between question and answer: the next would get this one's
                child.end()
                self._child = None
                raise
        return answer if isinstance(answer, Article | Reject) else _failed(str(answer))

    def close(self) -> None:
        with self._turn:
            if self._child is not None:
                self._child.end()
                self._child = None

    def _ready(self) -> _Child:
        child = self._child
        if child is not None and (child.owner != os.getpid() or child.asked >= self._limits.pages):
            child.end()
            child = None
        if child is None:
            child = self._child = _Child(self._extract, self._limits)
        return child

    def __del__(self) -> None:
        if (child := getattr(self, "_child", None)) is not None:
            child.end()


def _failed(detail: str) -> Reject:
    return Reject(stage=Stage.PROCESS, key="", reason=Reason.PARSER_FAILED, detail=detail)


class _Child:
    """The child process as its parent sees it."""

    def __init__(self, extract: Extract, limits: Limits) -> None:
        self.owner = os.getpid()
        self.asked = 0
        self._limits = limits
        to_read, self._questions = os.pipe()
        self._answers, to_write = os.pipe()
        with suppress(AttributeError, ValueError, OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            _serve(extract, limits, to_read, to_write)
        os.close(to_read)
        os.close(to_write)
        os.set_blocking(self._questions, False)
        os.set_blocking(self._answers, False)

    def ask(self, question: bytes) -> object:
        self.asked += 1
        deadline = time.monotonic() + self._limits.wall_seconds
        self._write(_LENGTH.pack(len(question)) + question, deadline)
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size, deadline))
        return pickle.loads(self._read(length, deadline))  # noqa: S301  # of our own fork

    def end(self) -> None:
        """Let the child go. In a process that inherited it, only the pipes are ours to close."""
        for pipe in (self._questions, self._answers):
            with suppress(OSError):
                os.close(pipe)
        if self.owner == os.getpid() and self._pid:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(self._pid, 0)
        self._pid = 0

    def _write(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            self._wait(deadline, write=True)
            try:
                view = view[os.write(self._questions, view[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise ChildLostError(self._cause()) from None

    def _read(self, count: int, deadline: float) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            self._wait(deadline, write=False)
            try:
                part = os.read(self._answers, min(_CHUNK, count - len(parts)))
            except BlockingIOError:
                continue
            if not part:
                raise ChildLostError(self._cause())
            parts += part
        return bytes(parts)

    def _wait(self, deadline: float, *, write: bool) -> None:
        poll = select.poll()  # select() itself fails on descriptors above 1024
        poll.register(self._questions if write else self._answers, select.POLLOUT if write else select.POLLIN)
        while not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            if time.monotonic() >= deadline:
                raise ChildLostError(f"the parser gave no answer in {self._limits.wall_seconds:g} seconds")

    def _cause(self) -> str:
        try:
            _, status = os.waitpid(self._pid, 0)
        except ChildProcessError:
            return "the parser's process ended"
        self._pid = 0
        code = os.waitstatus_to_exitcode(status)
        if code == -signal.SIGXCPU:
            return f"the parser took more than {self._limits.cpu_seconds} seconds of processor time"
        if code < 0:
            return f"the parser's process was ended by {signal.Signals(-code).name}"
        return f"the parser's process ended with code {code}"


# ---- In the child ------------------------------------------------------------------------------------


def _serve(extract: Extract, limits: Limits, questions: int, answers: int) -> NoReturn:
    """Answer until the parent closes its end; never return into the parent's code."""
    code = 1
    try:
        _become_a_child(limits, keep=(questions, answers))
        while (head := _exactly(questions, _LENGTH.size)) is not None:
            question = _exactly(questions, _LENGTH.unpack(head)[0])
            if question is None:
                break
            _grant_time(limits.cpu_seconds)
            answer = pickle.dumps(_answer(extract, question), pickle.HIGHEST_PROTOCOL)
            del question
            _send(answers, _LENGTH.pack(len(answer)) + answer)
        code = 0
    except MemoryError:
        code = 12
    except OSError:  # the parent is gone
        code = 0
    finally:
        os._exit(code)


def _become_a_child(limits: Limits, keep: tuple[int, int]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    # Locks, sockets and other children's pipes are the parent's; kept open here they would outlive it.
    low, high = sorted(keep)
    os.closerange(3, low)
    os.closerange(low + 1, high)
    os.closerange(high + 1, min(os.sysconf("SC_OPEN_MAX"), _MOST_DESCRIPTORS))
    logging.disable()  # its streams went with them; what is wrong with a page, the answer says
    for number in _DEADLY:  # a library's handler for them may try the same again for ever
        signal.signal(number, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if (used := _address_space()) is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = used + limits.memory_bytes
        resource.setrlimit(
            resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
        )


def _address_space() -> int | None:
    """Bytes of address space in use; None where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  # no pathlib after a fork
            return int(file.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return None


def _grant_time(seconds: int) -> None:
    """From now on, so many seconds of processor time."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(usage.ru_utime + usage.ru_stime) + 1 + seconds
    resource.setrlimit(
        resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard)
    )


def _answer(extract: Extract, question: bytes) -> object:
    args, options = pickle.loads(question)  # noqa: S301  # of our own parent
    try:
        return extract(*args, **options)
    except MemoryError:
        return "the parser needed more memory than a page may have"
    except Exception as error:  # pages in the wild break parsers in ways no list foresees
        return f"{type(error).__name__}: {error}"


def _exactly(pipe: int, count: int) -> bytes | None:
    """So many bytes; None at the end."""
    parts = bytearray()
    while len(parts) < count:
        part = os.read(pipe, min(_CHUNK, count - len(parts)))
        if not part:
            return None
        parts += part
    return bytes(parts)


def _send(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view[:_CHUNK]) :]
