"""Does this answer of a server count as a response, or as "later" or "no"?

The network and the archive in its place ask the same question, so a replay ends as the run it replays.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pipeline.errors import RefusedError, TransientError
from pipeline.records import Reason, Response

_OVERLOADED = (429, 503)
_REFUSED = (401, 403, 407, 451)
_MAX_RETRY_AFTER = timedelta(days=1)
# Headers by which bot walls say so: "cf-mitigated: challenge", "x-amzn-waf-action: captcha".
_WALL_HEADERS = {
    "cf-mitigated": re.compile("challenge"),
    "x-amzn-waf-action": re.compile("challenge|captcha"),
    "x-datadome": re.compile("protected"),
}
# And the pages themselves, where they stand in for an answer: "cf_chl_opt", "_Incapsula_Resource".
_WALL_BODY = re.compile(
    rb"cf_chl_opt|cdn-cgi/challenge-platform|_Incapsula_Resource|captcha-delivery\.com|px-captcha"
)
_WALL_STATUSES = (202, 403, 405, 429, 503)
_WALL_READ = 65_536


def settled(response: Response) -> Response:
    """The response itself; TransientError where it says "later", RefusedError where it says "no"."""
    if wall := _wall(response):
        raise RefusedError(response.url, Reason.BLOCKED, f"status {response.status}, {wall}")
    if response.status in _OVERLOADED:
        wait = retry_after(response.header("Retry-After"), response.fetched_at)
        said = "" if wait is None else f", asks to wait {wait:.0f} s"
        raise TransientError(
            response.url, Reason.OVERLOADED, f"status {response.status}{said}", retry_after=wait
        )
    if response.status in _REFUSED:
        raise RefusedError(response.url, Reason.BLOCKED, f"status {response.status}")
    return response


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header, in seconds or as a date; at most a day; None where it says none."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        seconds = float(text)
    else:
        try:
            until = parsedate_to_datetime(text)
        except ValueError:
            return None
        if until.tzinfo is None:  # "-0000": HTTP dates are in GMT whatever they say
            until = until.replace(tzinfo=UTC)
        seconds = (until - now).total_seconds()
    return min(max(seconds, 0.0), _MAX_RETRY_AFTER.total_seconds())


def _wall(response: Response) -> str | None:
    for name, action in _WALL_HEADERS.items():
        if action.search((response.header(name) or "").lower()):
            return f"a bot wall ({name})"
    if response.status in _WALL_STATUSES and _WALL_BODY.search(response.body[:_WALL_READ]):
        return "a bot wall's page"
    return None
