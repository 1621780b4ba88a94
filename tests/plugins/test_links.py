"""Where the buttons beside a task lead."""

from __future__ import annotations

from wirewatch_airflow.links import PAGE, coverage_path


def test_a_view_of_the_coverage_page_has_its_state_in_the_address() -> None:
    assert coverage_path("outlet", outlet="a&b") == f"{PAGE}?view=outlet&outlet=a%26b"


def test_the_address_is_the_one_under_which_airflow_shows_the_page() -> None:
    from wirewatch_plugin import WirewatchPlugin

    (page,) = WirewatchPlugin.react_apps
    assert f"/plugin/{page['url_route']}" == PAGE
    assert {link.name for link in WirewatchPlugin.operator_extra_links} == {"Outlet", "Rejects"}
