"""What does Wirewatch add to Airflow? The Coverage page, the endpoints behind it, and links to it from tasks."""

from __future__ import annotations

from typing import Any

from airflow.plugins_manager import AirflowPlugin

from wirewatch_airflow.links import OutletLink, RejectsLink
from wirewatch_airflow.paths import STATIC_URL, URL_PREFIX


class WirewatchPlugin(AirflowPlugin):
    name = "wirewatch"

    # No bundler: the UI hands React and its components to the file through globalThis.
    react_apps: list[Any] = [  # noqa: RUF012 - as Airflow declares it
        {
            "name": "Coverage",
            "bundle_url": f"{STATIC_URL}/coverage.js",
            "destination": "nav",
            "url_route": "coverage",
            "nav_top_level": True,
            "icon": f"{STATIC_URL}/coverage-light.svg",
            "icon_dark_mode": f"{STATIC_URL}/coverage-dark.svg",
        }
    ]

    operator_extra_links = [OutletLink(), RejectsLink()]  # noqa: RUF012 - the same

    @property
    def fastapi_root_middlewares(self) -> list[Any]:  # type: ignore[override]  # Airflow declares a list
        """The policy of Airflow's pages; WIREWATCH_PAGE_POLICY replaces it, and takes it away if it is empty."""
        import os

        from wirewatch_airflow.api.headers import PAGE_POLICY, PagePolicy

        policy = os.environ.get("WIREWATCH_PAGE_POLICY", PAGE_POLICY)
        return [{"middleware": PagePolicy, "kwargs": {"policy": policy}, "name": "Wirewatch page policy"}]

    @property
    def fastapi_apps(self) -> list[Any]:  # type: ignore[override]  # Airflow declares a list
        """Built when asked for: every task process loads this plugin, and only the API server needs them."""
        from wirewatch_airflow.api import application

        return [{"app": application(), "url_prefix": URL_PREFIX, "name": "Wirewatch"}]
