"""What docker-compose.yaml must say for the stack to work, checked without a Docker engine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = Path(sys.executable).with_name("docker-compose")
SECRETS = {
    "POSTGRES_PASSWORD": "pg-word",
    "REDIS_PASSWORD": "redis-word",
    "AIRFLOW_FERNET_KEY": "fernet-word",
    "AIRFLOW_JWT_SECRET": "jwt-word",
    "AIRFLOW_API_SECRET_KEY": "api-word",
    "AIRFLOW_PASSWORDS": '{"admin": "admin-word"}',
}
AIRFLOW = ("init", "api-server", "scheduler", "dag-processor", "triggerer", "worker")


def config(
    tmp_path: Path, settings: dict[str, str], file: str = "docker-compose.yaml", project: Path = ROOT
) -> tuple[str, str]:
    """The composed file as JSON, and what the validator complains of: its exit code says nothing."""
    env = tmp_path / "env"
    env.write_text("".join(f"{name}='{value}'\n" for name, value in settings.items()))
    done = subprocess.run(
        [
            str(COMPOSE),
            f"--file={file}",
            f"--project-directory={project}",
            f"--env-file={env}",
            "config",
            "--format=json",
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    return done.stdout, done.stderr


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    out, complaints = config(tmp_path_factory.mktemp("compose"), SECRETS)
    assert complaints == ""
    found: dict[str, Any] = json.loads(out)["services"]
    return found


def test_the_validator_finds_what_is_wrong(tmp_path: Path) -> None:
    """Otherwise its silence would mean nothing."""
    broken = tmp_path / "broken.yaml"
    text = (ROOT / "docker-compose.yaml").read_text()
    broken.write_text(text.replace("    restart: unless-stopped", "    restrat: unless-stopped"))
    assert "restrat" in config(tmp_path, SECRETS, str(broken))[1]
    broken.write_text(text.replace("init: {condition", "inti: {condition"))
    assert "inti" in config(tmp_path, SECRETS, str(broken))[1]


@pytest.mark.parametrize("name", SECRETS)
def test_it_does_not_start_without_a_secret(tmp_path: Path, name: str) -> None:
    given = {key: value for key, value in SECRETS.items() if key != name}
    assert f"{name} is missing a value" in config(tmp_path, given)[1]


def test_no_secret_stands_in_the_file() -> None:
    text = (ROOT / "docker-compose.yaml").read_text()
    assert not re.search(r"(?i)(password|secret|key)\w*:\s*['\"]?[A-Za-z0-9+/_-]{12,}['\"]?\s*$", text, re.M)


def test_all_components_are_there(services: dict[str, Any]) -> None:
    assert set(services) == {*AIRFLOW, "postgres", "redis"}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("AIRFLOW__API_AUTH__JWT_SECRET", "jwt-word"),
        ("AIRFLOW__API__SECRET_KEY", "api-word"),
        ("AIRFLOW__CORE__FERNET_KEY", "fernet-word"),
        ("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor"),
        ("AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "http://api-server:8080/execution/"),
        ("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "postgresql+psycopg2://airflow:pg-word@postgres/airflow"),
        ("AIRFLOW__CELERY__BROKER_URL", "redis://:redis-word@redis:6379/0"),
        ("AIRFLOW__CELERY__RESULT_BACKEND", "db+postgresql://airflow:pg-word@postgres/airflow"),
    ],
)
def test_every_component_has_the_same_setting(services: dict[str, Any], setting: str, value: str) -> None:
    assert {name: services[name]["environment"][setting] for name in AIRFLOW} == dict.fromkeys(AIRFLOW, value)


@pytest.mark.parametrize("part", ["DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL", "WORKERS__"])
def test_what_was_measured_without_containers_holds_in_them(services: dict[str, Any], part: str) -> None:
    import airflow_home

    ours = {name: value for name, value in airflow_home.QUIET.items() if name.startswith(f"AIRFLOW__{part}")}
    assert ours
    for name in AIRFLOW:
        assert {key: services[name]["environment"][key] for key in ours} == ours, name


def test_a_task_may_wait_at_the_broker_for_as_long_as_airflow_has_it(services: dict[str, Any]) -> None:
    """Sooner it is missed in a drill alone, where no task takes long: else it would be sent again while it waits."""
    import airflow_home
    import cluster

    assert {name for name in cluster.NOTICE if "QUEUED_TIMEOUT" in name}
    for given in (
        cluster.QUEUE,
        airflow_home.environment({}),
        *(services[name]["environment"] for name in AIRFLOW),
    ):
        assert not set(cluster.NOTICE) & set(given)


def test_every_component_is_given_the_settings_of_the_example_and_no_password(tmp_path: Path) -> None:
    own = {
        "WIREWATCH_CONTACT": "desk@monitor.example",
        "WIREWATCH_ARCHIVE": "s3://news/archive",
        "WIREWATCH_ALLOW_NETWORKS": "10.0.0.0/8",
        "WIREWATCH_OUTLET_MY_PAPER_COOKIES": '{"seen": "1"}',
        "WIREWATCH_DATA": "/somewhere/else",
    }
    lines = "".join(f"{name}='{value}'\n" for name, value in (SECRETS | own).items())
    (tmp_path / ".env").write_text(lines)
    (tmp_path / "docker-compose.yaml").write_text((ROOT / "docker-compose.yaml").read_text())
    out, complaints = config(tmp_path, SECRETS, str(tmp_path / "docker-compose.yaml"), tmp_path)
    assert complaints == ""
    for name in AIRFLOW:
        given = json.loads(out)["services"][name]["environment"]
        assert {key: given[key] for key in own} == own | {"WIREWATCH_DATA": "/data"}, name
        assert not any(given[key] for key in given if key.endswith(("_PASSWORD", "_PASSWORDS"))), name


def test_everything_that_runs_is_watched_by_a_health_check(services: dict[str, Any]) -> None:
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"init"}


def test_components_start_after_what_they_need(services: dict[str, Any]) -> None:
    for name in ("scheduler", "triggerer", "worker"):
        assert services[name]["depends_on"]["api-server"]["condition"] == "service_healthy", name
    for name in AIRFLOW[1:]:
        assert services[name]["depends_on"]["init"]["condition"] == "service_completed_successfully", name
        assert services[name]["depends_on"]["postgres"]["condition"] == "service_healthy", name


def test_init_makes_the_pool_that_guards_the_warehouse(services: dict[str, Any]) -> None:
    from wirewatch_airflow.defaults import WRITER_POOL

    assert f"airflow pools set {WRITER_POOL} 1 " in services["init"]["command"][-1]


def test_only_the_ui_is_offered_and_to_this_machine_alone(services: dict[str, Any]) -> None:
    offered = {name: service["ports"] for name, service in services.items() if service.get("ports")}
    assert set(offered) == {"api-server"}
    assert offered["api-server"][0]["host_ip"] == "127.0.0.1"


def test_nothing_of_ours_runs_as_root(services: dict[str, Any]) -> None:
    assert all(not services[name]["user"].startswith(("0:", "root")) for name in AIRFLOW)
    assert re.search(r"(?m)^USER airflow$", (ROOT / "Dockerfile").read_text())


def test_the_image_installs_the_locked_packages_and_checks_their_hashes() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes" in text
    locked = (ROOT / "requirements.lock").read_text()
    for package in ("apache-airflow-providers-celery", "psycopg2-binary", "redis", "asyncpg"):
        assert re.search(rf"(?m)^{package}==", locked), package


def test_whatever_the_image_copies_is_in_the_checkout() -> None:
    copied = re.findall(r"(?m)^COPY (?:--chown=\S+ )?(?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text())
    assert len(copied) > 5
    assert [name for names in copied for name in names.split() if not (ROOT / name).exists()] == []


def test_every_setting_that_compose_reads_is_explained_in_the_example() -> None:
    read = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker-compose.yaml").read_text()))
    explained = set(re.findall(r"(?m)^#?([A-Z_]+)=", (ROOT / ".env.example").read_text()))
    assert read - explained == set()
