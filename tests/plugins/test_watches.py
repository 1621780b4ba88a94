"""Watches in Airflow: connections as channels, tasks that are red when somebody was not told, and the endpoints."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.adapters.alert_book import AlertBook
from pipeline.alerts import Alert, Evidence
from pipeline.errors import DeliveryError, UsageError
from pipeline.interval import Interval
from pipeline.settings import settings
from pipeline.wiring import Pipeline
from wirewatch_airflow import watching
from wirewatch_airflow.channels import channel_variables
from wirewatch_airflow.notifiers import ChannelNotifier
from wirewatch_airflow.stages import RunError, TaskRun

ROOT = Path(__file__).resolve().parents[2]
RUN = TaskRun(interval=Interval.of_day(date(2016, 3, 27)), states=dict)
AT = datetime(2016, 3, 28, 1, tzinfo=UTC)


@pytest.fixture
def work(tmp_path: Path) -> Pipeline:
    """A pipeline whose one watch tells the channel ``hook``, with an alert that is owed."""
    catalog = tmp_path / "catalog"
    (catalog / "watches").mkdir(parents=True)
    (catalog / "outlets").symlink_to(ROOT / "catalog" / "outlets")
    (catalog / "watches" / "w.toml").write_text(
        'id = "w"\ntitle = "Our watch"\nkind = "sources"\nthreshold = "spike"\ndeliver = ["hook"]\n',
        encoding="utf-8",
    )
    evidence = Evidence(article_id=2**62, outlet="Kald Post", title="T", url="u", sentence="It drifted.")
    alert = Alert(
        alert_id=2**61,
        watch_id="w",
        subject="s",
        day=date(2016, 3, 27),
        reason="Ilse Varn: 8 statements",
        value=8.0,
        usual=1.0,
        evidence=(evidence,),
    )
    AlertBook(tmp_path / "data" / "watches").record([alert], ["hook"], AT)
    return Pipeline(settings({"WIREWATCH_DATA": str(tmp_path / "data"), "WIREWATCH_CATALOG": str(catalog)}))


@pytest.fixture(autouse=True)
def context(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What Airflow gives a task that runs."""
    given: dict[str, Any] = {"dag_run": SimpleNamespace(run_id="r1")}
    monkeypatch.setattr(watching, "get_current_context", lambda: given)
    return given


def test_an_smtp_connection_is_a_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = {
        "conn_type": "smtp",
        "host": "mail.example",
        "port": 587,
        "login": "ann@paper.example",
        "password": "p w/",
        "extra": {
            "from_email": "watch@paper.example",
            "to": ["a@b.example", "c@d.example"],
            "disable_ssl": True,
        },
    }
    monkeypatch.setenv("AIRFLOW_CONN_WIREWATCH_CHANNEL_NIGHT_DESK", json.dumps(connection))
    assert channel_variables(["night-desk", "no-such"]) == {
        "WIREWATCH_CHANNEL_NIGHT_DESK": "smtp://ann%40paper.example:p%20w%2F@mail.example:587/"
        "?from=watch%40paper.example&to=a%40b.example%2Cc%40d.example"
    }


def test_a_slack_connection_is_a_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "AIRFLOW_CONN_WIREWATCH_CHANNEL_CHAT",
        json.dumps({"conn_type": "slackwebhook", "password": "T0/B0/x"}),
    )
    assert channel_variables(["chat"]) == {
        "WIREWATCH_CHANNEL_CHAT": "slack+https://hooks.slack.com/services/T0/B0/x"
    }


def test_a_connection_of_another_type_says_which_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_WIREWATCH_CHANNEL_CHAT", json.dumps({"conn_type": "mysql"}))
    with pytest.raises(UsageError, match="a channel is smtp, http or slackwebhook"):
        channel_variables(["chat"])


def test_a_notifier_speaks_through_a_channel(hook: list[Any]) -> None:
    notifier = ChannelNotifier(channel="hook", subject="{{ dag_run.run_id }} is red", text="Look.")
    notifier({"dag_run": SimpleNamespace(run_id="r1")})
    ((path, body),) = hook
    assert path == "/alerts"
    assert body["subject"] == "r1 is red"


def test_a_notifier_whose_channel_is_not_set_up_says_so() -> None:
    with pytest.raises(DeliveryError, match="wirewatch_channel_nobody"):
        ChannelNotifier(channel="nobody", subject="x", text="y")({})


def test_what_is_owed_is_delivered_through_the_connection_once(work: Pipeline, hook: list[Any]) -> None:
    assert watching.deliver(work, RUN) == {"delivered": 1}
    assert watching.deliver(work, RUN) == {"delivered": 0}
    ((_, body),) = hook
    assert [alert["reason"] for alert in body["alerts"]] == ["Ilse Varn: 8 statements"]


def test_a_channel_that_takes_nothing_makes_the_task_red_and_keeps_what_is_owed(
    work: Pipeline, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(RunError, match="1 message not delivered"):
        watching.deliver(work, RUN)
    assert "connection wirewatch_channel_hook" in caplog.text
    ((owner, channel, count, why),) = AlertBook(work.settings.data / "watches").owed()
    assert (owner, channel, count) == ("w", "hook", 1)
    assert "it has no address" in why


def test_the_days_are_those_of_the_publishes_that_started_the_run() -> None:
    def event(interval: str | None) -> Any:
        return SimpleNamespace(extra={} if interval is None else {"interval": interval})

    context = {
        "triggering_asset_events": {"w": [event("2016-03-27"), event(None)], "v": [event("2016-03-21")]}
    }
    assert watching.days_of(context) == (date(2016, 3, 21), date(2016, 3, 27))
    assert watching.days_of({}) == ()


# ---- the endpoints -----------------------------------------------------------------------------------


@pytest.fixture
def client(server: Any, work: Pipeline) -> Any:
    """Our endpoints over that pipeline, behind Airflow's login."""
    from fastapi.testclient import TestClient

    from wirewatch_airflow.api import application

    assert server is not None
    return TestClient(application(lambda: work))


def headers(role: str) -> dict[str, str]:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    token = get_auth_manager().generate_jwt(SimpleAuthManagerUser(username=role.lower(), role=role))
    return {"Authorization": f"Bearer {token}"}


def table(answer: Any) -> list[dict[str, Any]]:
    return [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]


def test_a_viewer_sees_the_watches_and_their_alerts(client: Any) -> None:
    (row,) = table(client.get("/api/watches", headers=headers("VIEWER")).json())
    assert row == {
        "watch_id": "w",
        "title": "Our watch",
        "kind": "sources",
        "threshold": "a spike of more than 3",
        "deliver": "hook",
        "alerts": 1,
        "last_alert_at": "2016-03-28T01:00:00Z",
    }
    shown = client.get("/api/watches/w", headers=headers("VIEWER")).json()
    assert shown["watch"]["deliver"] == ["hook"]
    (alert,) = table(shown["alerts"])
    assert (alert["alert_id"], alert["evidence_article_id"]) == (str(2**61), str(2**62))
    assert (alert["day"], alert["delivered"]) == ("2016-03-27", "hook: due")
    as_csv = client.get("/api/watches/w?table=alerts&format=csv", headers=headers("VIEWER")).text
    assert re.match(r"alert_id,at,day,reason,value,usual,evidence_article_id,delivered\r\n", as_csv)


def test_an_unknown_watch_is_not_found(client: Any) -> None:
    for answer in (
        client.get("/api/watches/v", headers=headers("VIEWER")),
        client.post("/api/watches/v/test", headers=headers("ADMIN")),
    ):
        assert answer.status_code == 404
        assert "no watch" in answer.json()["detail"]


def test_only_who_may_act_sends_a_test(client: Any, hook: list[Any]) -> None:
    assert client.post("/api/watches/w/test").status_code == 401
    for role in ("VIEWER", "USER"):
        assert client.post("/api/watches/w/test", headers=headers(role)).status_code == 403
    assert hook == []
    for role in ("OP", "ADMIN"):
        answer = client.post("/api/watches/w/test", headers=headers(role))
        assert answer.json() == {"delivered": ["hook"], "failed": []}
    assert [body["kind"] for _, body in hook] == ["note", "note"]


def test_a_test_that_fails_says_why(client: Any) -> None:
    told = client.post("/api/watches/w/test", headers=headers("ADMIN")).json()
    assert told["delivered"] == []
    assert "WIREWATCH_CHANNEL_HOOK" in told["failed"][0]
