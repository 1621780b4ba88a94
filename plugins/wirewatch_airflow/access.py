"""What does an outlet's Airflow connection give along to it? Headers, cookies, a proxy, a login.

The connection of the outlet ``halden-courier`` is named ``wirewatch_halden_courier``. Its extra is JSON with any of
``headers``, ``cookies`` and ``proxy``; a login and password become an Authorization header. They reach the
pipeline as the variables that do the same without Airflow, and Airflow masks them in every log.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException
from airflow.sdk.log import mask_secret

_PREFIX = "wirewatch_"


def access_variables(outlet_id: str) -> Mapping[str, str]:
    """The ``WIREWATCH_OUTLET_…`` variables of the outlet's connection; none where it has no connection."""
    name = outlet_id.replace("-", "_")
    try:
        connection = Connection.get(f"{_PREFIX}{name}")
    except AirflowNotFoundException:
        return {}
    extra: dict[str, Any] = connection.extra_dejson
    headers = dict(extra.get("headers") or {})
    if connection.login and connection.password:
        pair = base64.b64encode(f"{connection.login}:{connection.password}".encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    given = {
        "HEADERS": json.dumps(headers) if headers else "",
        "COOKIES": json.dumps(extra["cookies"]) if extra.get("cookies") else "",
        "PROXY": str(extra.get("proxy") or ""),
    }
    for secret in (*headers.values(), *(extra.get("cookies") or {}).values(), given["PROXY"]):
        if secret:
            mask_secret(str(secret))
    return {f"WIREWATCH_OUTLET_{name.upper()}_{kind}": value for kind, value in given.items() if value}
