"""Where does this checkout's Airflow live, and with which settings? Used by `make run`, `make up` and the tests."""

from __future__ import annotations

import base64
import json
import logging
import os
import secrets
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
USERS = ("admin", "viewer")  # with the role of the same name
# What all processes must share. Airflow would make up its own, in a race between the processes that start.
SECRETS = {  # bytes of chance
    "AIRFLOW__API_AUTH__JWT_SECRET": 66,
    "AIRFLOW__API__SECRET_KEY": 33,
    "AIRFLOW__CORE__FERNET_KEY": 32,
}

# Chosen by measuring: 12 processes instead of 40, 30 log lines instead of 611. LOGGING_LEVEL stays at
# INFO: WARNING would empty the task logs.
QUIET = {
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__PARALLELISM": "8",
    "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
    "AIRFLOW__CORE__MAX_MAP_LENGTH": "4096",  # outlets in one run
    "AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL": "5",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{user}:{user}" for user in USERS),
    "AIRFLOW__API__HOST": "127.0.0.1",  # the default listens to the whole network
    "AIRFLOW__API__WORKERS": "1",
    "AIRFLOW__API__ENABLE_SWAGGER_UI": "False",  # its page loads scripts from elsewhere
    "AIRFLOW__API__EXPOSE_CONFIG": "False",
    "AIRFLOW__LOGGING__UVICORN_LOGGING_LEVEL": "WARNING",
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",  # the default notices a new file after 5 minutes
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "120",  # of one that has not changed; 30 by default
    "AIRFLOW__DAG_PROCESSOR__PRINT_STATS_INTERVAL": "0",
    "AIRFLOW__WORKERS__EXECUTION_API_RETRIES": "10",  # a run due at boot would fail before the API is up
    # A supervisor that looks at its task in the moment between its last words and its end sees it alive, and looks
    # again after this time: five seconds, by default, in which its slot does nothing. As many failures as before.
    "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "2",
    "AIRFLOW__WORKERS__MAX_FAILED_HEARTBEATS": "8",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "PYTHONWARNINGS": "ignore",
}


def environment(
    given: Mapping[str, str], *, home: Path | None = None, data: Path | None = None
) -> dict[str, str]:
    """The variables that Airflow and the pipeline run with; what the caller has set already wins."""
    home = (home or Path(given.get("AIRFLOW_HOME") or ROOT / ".airflow")).resolve()
    ours = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "WIREWATCH_DATA": str(data or ROOT / "data"),
        "WIREWATCH_CATALOG": str(ROOT / "catalog"),
        **QUIET,
        **monitoring(given),
    }
    merged = {**ours, **given, "AIRFLOW_HOME": str(home)}
    if data is not None:
        merged["WIREWATCH_DATA"] = str(data)
    return merged


def monitoring(given: Mapping[str, str]) -> dict[str, str]:
    """What WIREWATCH_OTLP and WIREWATCH_LINEAGE switch on, in Airflow's and OpenTelemetry's own words."""
    ours: dict[str, str] = {}
    if endpoint := given.get("WIREWATCH_OTLP"):
        ours |= {
            "AIRFLOW__METRICS__OTEL_ON": "True",
            "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_METRIC_EXPORT_INTERVAL": "15000",
            "OTEL_SERVICE_NAME": "wirewatch",
        }
    if place := given.get("WIREWATCH_LINEAGE"):
        transport = (
            {"type": "http", "url": place}
            if place.startswith(("http://", "https://"))
            else {"type": "file", "log_file_path": str(Path(place).resolve()), "append": True}
        )
        ours |= {
            "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(transport),
            "AIRFLOW__OPENLINEAGE__NAMESPACE": "wirewatch",
        }
    return ours


def enter(settings: Mapping[str, str]) -> None:
    """Put the variables in force here and for child processes, and the plugins on the path as Airflow does."""
    home = Path(settings["AIRFLOW_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update({**made_up(home / "secrets.json", SECRETS), **settings})
    plugins = settings["AIRFLOW__CORE__PLUGINS_FOLDER"]
    if plugins not in sys.path:
        sys.path.append(plugins)


def prepare(home: Path, *, server: bool = False) -> None:
    """Database, pools and passwords of an Airflow home; does nothing to one that is ready.

    ``server``: the database is a server's, which may have been replaced, and not a file here.

    Call it after ``enter(…)``: importing Airflow reads the environment.
    """
    home.mkdir(parents=True, exist_ok=True)
    passwords(home)
    ready = home / "ready"
    made_with = f"{version('apache-airflow')}\n"
    if not server and ready.exists() and ready.read_text() == made_with and (home / "airflow.db").exists():
        return
    from airflow.models.pool import Pool
    from airflow.utils.db import initdb

    from wirewatch_airflow.defaults import WRITER_POOL

    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("airflow.utils.db").setLevel(logging.WARNING)
    initdb()
    Pool.create_or_update_pool(
        WRITER_POOL, slots=1, description="The warehouse has one writer", include_deferred=False
    )
    ready.write_text(made_with)


def passwords_file(home: Path) -> Path:
    """Where Airflow's simple auth manager looks for passwords."""
    return home / "simple_auth_manager_passwords.json.generated"


def passwords(home: Path) -> dict[str, str]:
    """The users' passwords."""
    return made_up(passwords_file(home), dict.fromkeys(USERS, 12))


def made_up(file: Path, sizes: Mapping[str, int]) -> dict[str, str]:
    """Random words by name, made up once and kept in a file that its owner alone may read."""
    if file.exists():
        return dict(json.loads(file.read_text()))
    words = {
        name: base64.urlsafe_b64encode(secrets.token_bytes(size)).decode() for name, size in sizes.items()
    }
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        json.dump(words, stream)
    return words


def read_dotenv(file: Path) -> dict[str, str]:
    """The settings of a ``.env`` file, as docker compose reads its simple lines."""
    if not file.exists():
        return {}
    settings = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.removeprefix("export ").partition("=")
        if not equals or not name.strip().isidentifier():
            raise SystemExit(f"{file}:{number}: expected NAME=value, found {text!r}")
        settings[name.strip()] = value.strip().strip("'\"")
    return settings


def shown(path: Path) -> str:
    """A path as a reader of our messages would write it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
