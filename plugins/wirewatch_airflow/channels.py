"""Which Airflow connections are the channels of watches and digests?

The channel ``desk`` is the connection ``wirewatch_channel_desk``, of one of three types; where there is none, the
variable ``WIREWATCH_CHANNEL_DESK`` counts, as without Airflow. Airflow masks its secrets in every log.

    SMTP            host, port, login, password; extra: from_email, to (one address or a list), and as for Airflow's
                    own mails disable_ssl (then STARTTLS), disable_tls (then in the clear)
    HTTP            schema, host, port; extra: path, headers
    Slack webhook   the token as password (or the whole address as host)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException
from airflow.sdk.log import mask_secret

from pipeline.errors import UsageError

_PREFIX = "wirewatch_channel_"
_SLACK = "https://hooks.slack.com/services"


def channel_variables(channels: Iterable[str]) -> dict[str, str]:
    """The ``WIREWATCH_CHANNEL_…`` variables of those channels that are connections."""
    from pipeline.adapters.channels import variable_of  # not where a DAG is only read

    found: dict[str, str] = {}
    for channel in channels:
        name = f"{_PREFIX}{channel.replace('-', '_')}"
        try:
            connection = Connection.get(name)
        except AirflowNotFoundException:
            continue
        found |= _variables(variable_of(channel), name, connection)
    return found


def _variables(variable: str, name: str, connection: Any) -> Mapping[str, str]:
    extra: dict[str, Any] = connection.extra_dejson
    if connection.conn_type == "smtp":
        return {variable: _mail(connection, extra)}
    if connection.conn_type in ("http", "https"):
        headers = {str(key): str(value) for key, value in (extra.get("headers") or {}).items()}
        for secret in headers.values():
            mask_secret(secret)
        return {variable: _web(connection, extra), f"{variable}_HEADERS": json.dumps(headers)}
    if connection.conn_type in ("slackwebhook", "slack_incoming_webhook"):
        base = (connection.host or _SLACK).rstrip("/")
        address = f"{base}/{connection.password}" if connection.password else base
        address = address if "://" in address else f"https://{address}"
        mask_secret(address)
        return {variable: f"slack+{address}"}
    raise UsageError(
        f"the connection {name} is of the type {connection.conn_type}: a channel is smtp, http or slackwebhook"
    )


def _mail(connection: Any, extra: Mapping[str, Any]) -> str:
    scheme = "smtps"
    if extra.get("disable_ssl"):
        scheme = "smtp+plain" if extra.get("disable_tls") else "smtp"
    to = extra.get("to") or []
    query = {
        "from": str(extra.get("from_email") or connection.login or ""),
        "to": to if isinstance(to, str) else ",".join(map(str, to)),
    }
    login = ""
    if connection.login:
        login = f"{quote(connection.login, safe='')}:{quote(connection.password or '', safe='')}@"
    port = f":{connection.port}" if connection.port else ""
    return f"{scheme}://{login}{connection.host}{port}/?{urlencode(query)}"


def _web(connection: Any, extra: Mapping[str, Any]) -> str:
    host = connection.host or ""
    if "://" not in host:
        host = f"{connection.schema or 'https'}://{host}"
    port = f":{connection.port}" if connection.port else ""
    return f"{host.rstrip('/')}{port}/{str(extra.get('path') or '').lstrip('/')}"
