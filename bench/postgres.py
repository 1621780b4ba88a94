"""A PostgreSQL server of one's own, on a socket in a folder, for as long as it is needed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

USER = "bench"
_USUAL = Path("/usr/lib/postgresql")  # where Debian puts each version


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    host: Path  # the folder of its socket
    pid: int

    def busy_seconds(self) -> float:
        """Of the processor: its own, and of all that it started, gone or not."""
        process = psutil.Process(self.pid)
        times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
        return sum(t.user + t.system + t.children_user + t.children_system for t in times)


def programs() -> Path | None:
    """The folder of the server's programs; None where there are none."""
    found = [*_USUAL.glob("*/bin/initdb"), *(Path(name) for name in (shutil.which("initdb"),) if name)]
    return found[0].resolve().parent if found else None


@contextmanager
def serving(folder: Path, settings: Sequence[str] = ()) -> Iterator[Server]:
    """A new server, its data in the folder; `programs` must have been found."""
    home = programs()
    assert home is not None
    # The server refuses to run as root.
    user = {"user": "nobody"} if os.getuid() == 0 else {}
    folder.mkdir(parents=True)
    if user:
        shutil.chown(folder, "nobody")
        for parent in folder.parents:
            if parent.stat().st_uid == 0 and parent.stat().st_mode & 0o7777 == 0o700:
                parent.chmod(0o711)  # a temporary folder of root's, through which the server must go
    quiet: dict[str, Any] = {
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        **user,
        "cwd": folder,
    }
    subprocess.run(
        [home / "initdb", "-D", folder / "d", "-U", USER, "--no-sync", "--locale=C", "-E", "UTF8"],
        check=True,
        **quiet,
    )
    options = ["listen_addresses=", f"unix_socket_directories={folder}", *settings]
    server = subprocess.Popen(
        [home / "postgres", "-D", folder / "d", *(part for option in options for part in ("-c", option))],
        **quiet,
    )
    try:
        connected(folder).close()
        yield Server(host=folder, pid=server.pid)
    finally:
        server.send_signal(signal.SIGINT)  # the fast way down: SIGTERM would wait for who is connected
        server.wait()


def connected(host: Path, *, attempts: int = 1_800) -> Any:
    """A connection that commits by itself, once the server takes one."""
    import psycopg2

    for _ in range(attempts):
        try:
            connection = psycopg2.connect(host=str(host), user=USER, dbname="postgres")
        except psycopg2.OperationalError:
            time.sleep(0.1)
            continue
        connection.autocommit = True
        return connection
    raise SystemExit("the PostgreSQL server did not come up")
