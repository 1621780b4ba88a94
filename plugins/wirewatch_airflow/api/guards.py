"""Who may ask? Readers are all roles from viewer up; whoever makes something happen is op or admin."""

from __future__ import annotations

from typing import Any

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.core_api.security import GetUserDep, requires_access_asset
from fastapi import Depends

# What Wirewatch publishes is an asset of Airflow's, so its roles for assets decide.
READERS: list[Any] = [Depends(requires_access_asset("GET"))]
ACTORS: list[Any] = [Depends(requires_access_asset("POST"))]


def may_act(user: GetUserDep) -> bool:
    """Whether this user is let through where ACTORS stands."""
    return get_auth_manager().is_authorized_asset(method="POST", user=user)
