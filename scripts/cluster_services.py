"""What does a cluster stand on? PostgreSQL, Redis and an S3 server of its own, on free ports of this machine alone.

Programs come from the distribution's packages; data and passwords stay in the cluster's folder.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import airflow_home
import up

USER, DATABASE, LAKE, BUCKET = "airflow", "airflow", "lake", "wirewatch"
OF_THE_LAKE = ("WIREWATCH_WAREHOUSE", "WIREWATCH_WAREHOUSE_DATA")
READY_SECONDS = 180
SECRETS = {"postgres": 24, "redis": 24, "s3": 24}  # bytes of chance
INSTALL = {
    "postgres": "apt-get install postgresql   (or your distribution's package of the PostgreSQL server)",
    "redis-server": "apt-get install redis-server   (or your distribution's package of Redis or Valkey)",
}
_POSTGRES_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


class MissingProgram(Exception):  # noqa: N818 - it says what to install
    """A program of the distribution is not there."""


@dataclass(frozen=True, kw_only=True)
class Services:
    """Where the three are, as the variables that Airflow and the pipeline want."""

    postgres_port: int
    redis_port: int
    s3_port: int
    passwords: Mapping[str, str]

    def environment(self) -> dict[str, str]:
        word, at = self.passwords["postgres"], f"{up.HOST}:{self.postgres_port}"
        return {
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{USER}:{word}@{at}/{DATABASE}",
            "AIRFLOW__CELERY__RESULT_BACKEND": f"db+postgresql://{USER}:{word}@{at}/{DATABASE}",
            "AIRFLOW__CELERY__BROKER_URL": f"redis://:{self.passwords['redis']}@{up.HOST}:{self.redis_port}/0",
            # The lake's address is shown in messages, so its password is not in it.
            "PGPASSWORD": word,
            "WIREWATCH_WAREHOUSE": f"ducklake:postgres:dbname={LAKE} host={up.HOST} port={self.postgres_port} user={USER}",
            "WIREWATCH_WAREHOUSE_DATA": f"s3://{BUCKET}/lake",
            "AWS_ACCESS_KEY_ID": "wirewatch",
            "AWS_SECRET_ACCESS_KEY": self.passwords["s3"],
            "AWS_ENDPOINT_URL": f"http://{up.HOST}:{self.s3_port}",
            "AWS_REGION": "us-east-1",
        }


def start(folder: Path, keep: Callable[[up.Component], None]) -> Services:
    """The three, up and answering; ``keep`` is told of each as soon as it runs."""
    programs = {name: program(name) for name in INSTALL}
    folder.mkdir(parents=True, exist_ok=True)
    postgres_port, redis_port, s3_port = up.free_ports(3)
    services = Services(
        postgres_port=postgres_port,
        redis_port=redis_port,
        s3_port=s3_port,
        passwords=airflow_home.made_up(folder / "services.json", SECRETS),
    )
    components = []
    for component in (
        _postgres(programs["postgres"].parent, folder, services),
        _redis(programs["redis-server"], folder, services),
        _s3(folder, services),
    ):
        keep(component)
        components.append(component)
    for what, ready in (
        ("PostgreSQL", lambda: _make_databases(services)),
        ("Redis", lambda: _listens(services.redis_port)),
        ("the S3 server", lambda: _make_bucket(services)),
    ):
        _wait(what, ready, components)
    return services


def program(name: str) -> Path:
    """Where a program is; MissingProgram, with what to install, where it is not."""
    places = sorted(
        (str(place) for pattern in _POSTGRES_PLACES for place in Path("/").glob(pattern[1:])), reverse=True
    )
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(places))
    if found is None:
        raise MissingProgram(f"There is no {name} on this machine. Install it:\n  {INSTALL[name]}")
    return Path(found)  # as it is named: Redis' program is several, by what it is called


def _postgres(programs: Path, folder: Path, services: Services) -> up.Component:
    place = folder / "postgres"
    data = place / "data"
    owner = _server_user()
    place.mkdir(exist_ok=True)
    place.chmod(0o700)
    as_owner: dict[str, Any] = {}
    if owner is not None:
        _refuse_closed(place.parent, owner)
        os.chown(place, owner.pw_uid, owner.pw_gid)
        as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    if not (data / "PG_VERSION").exists():
        shutil.rmtree(data, ignore_errors=True)  # of an initdb that was interrupted
        _init(programs / "initdb", data, services, as_owner)
    (data / "postmaster.pid").unlink(missing_ok=True)  # of one that was killed with the machine or by -9
    options = {
        "listen_addresses": up.HOST,
        "port": str(services.postgres_port),
        "unix_socket_directories": "",
        "max_connections": "200",
        "synchronous_commit": "off",  # a cluster for trials: its bucket is in memory as well
    }
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return up.launch(
        "postgres", [str(programs / "postgres"), "-D", str(data), *settings], folder / "logs", **as_owner
    )


def _refuse_closed(folder: Path, owner: pwd.struct_passwd) -> None:
    """RuntimeError where the user cannot come to the folder, such as one below root's home."""
    enter = ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]
    if subprocess.run(enter, user=owner.pw_uid, group=owner.pw_gid, extra_groups=[], check=False).returncode:
        raise RuntimeError(
            f"Root may not start PostgreSQL, and the user {owner.pw_name} cannot enter {folder}. "
            "Start the cluster as another user, or: AIRFLOW_HOME=/var/tmp/wirewatch-cluster make cluster"
        )


def _init(initdb: Path, data: Path, services: Services, as_owner: Mapping[str, Any]) -> None:
    word = data.with_name("word")
    word.write_text(services.passwords["postgres"])  # in a folder that its owner alone may read
    word.chmod(0o600)
    if as_owner:
        os.chown(word, as_owner["user"], as_owner["group"])
    options = {"--username": USER, "--auth": "scram-sha-256", "--encoding": "UTF8", "--pwfile": str(word)}
    command = [str(initdb), "--pgdata", str(data), "--no-locale", "--no-sync"]
    command += [part for option in options.items() for part in option]
    try:
        made = subprocess.run(
            command, capture_output=True, text=True, cwd=data.parent, check=False, **as_owner
        )
    finally:
        word.unlink()
    if made.returncode:
        raise RuntimeError(f"PostgreSQL's initdb failed:\n{made.stderr}")


def _server_user() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as: it refuses to be root; None for whoever we are."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise MissingProgram("PostgreSQL does not run as root: start the cluster as another user.")


def _redis(server: Path, folder: Path, services: Services) -> up.Component:
    settings = folder / "redis.conf"
    settings.unlink(missing_ok=True)
    with os.fdopen(os.open(settings, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(
            f"bind {up.HOST}\nport {services.redis_port}\nrequirepass {services.passwords['redis']}\n"
            f'save ""\nappendonly no\ndir "{folder}"\ndaemonize no\n'
        )
    return up.launch("redis", [str(server), str(settings)], folder / "logs")


def _s3(folder: Path, services: Services) -> up.Component:
    # moto's: it keeps everything in memory, so the lake lives as long as the cluster does.
    command = [sys.executable, "-m", "moto.server", "-H", up.HOST, "-p", str(services.s3_port)]
    return up.launch("s3", command, folder / "logs")


def _make_databases(services: Services) -> bool:
    """Airflow's database, kept between starts; the lake's, new each time, as its bucket is."""
    import psycopg2  # type: ignore[import-untyped]  # it has no types
    from psycopg2 import sql

    given = {
        "host": up.HOST,
        "port": services.postgres_port,
        "user": USER,
        "password": services.passwords["postgres"],
    }
    try:
        connection = psycopg2.connect(dbname="postgres", **given)
    except psycopg2.OperationalError:
        return False
    with closing(connection), connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(LAKE)))
        cursor.execute("select datname from pg_database")
        there = {name for (name,) in cursor.fetchall()}
        for name in {DATABASE, LAKE} - there:
            cursor.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    return True


def _make_bucket(services: Services) -> bool:
    if not _listens(services.s3_port):
        return False
    request = urllib.request.Request(f"http://{up.HOST}:{services.s3_port}/{BUCKET}", method="PUT")
    with urllib.request.urlopen(request, timeout=READY_SECONDS) as answer:  # noqa: S310 - ours
        return bool(answer.status == 200)


def _listens(port: int) -> bool:
    try:
        socket.create_connection((up.HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def _wait(what: str, ready: Callable[[], bool], components: list[up.Component]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not ready():
        up.raise_for_dead(components)
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what} did not answer within {READY_SECONDS} s: see the logs")
        time.sleep(0.2)
