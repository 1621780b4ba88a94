"""Records through JSON and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.adapters.manifests import of_json, to_json
from pipeline.adapters.plain import of_plain, to_plain
from pipeline.errors import ArchiveError
from pipeline.interval import Interval
from pipeline.protocols import SeenState
from pipeline.records import Capture, Entry, FeedReading, Gap, Manifest, Reject, Validators

_instants = st.datetimes(min_value=datetime(1995, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001, the zone is beside
_intervals = (
    st.tuples(_instants, _instants).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Interval(*pair))
)
for kind, strategy in ((datetime, _instants), (Interval, _intervals)):
    st.register_type_strategy(kind, strategy)
_manifests = st.builds(
    Manifest,
    captures=st.lists(st.from_type(Capture), max_size=2).map(tuple),
    entries=st.lists(st.from_type(Entry), max_size=2).map(tuple),
    readings=st.lists(st.from_type(FeedReading), max_size=2).map(tuple),
    rejects=st.lists(st.from_type(Reject), max_size=2).map(tuple),
    gaps=st.lists(st.from_type(Gap), max_size=2).map(tuple),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_manifests)
def test_a_manifest_survives_its_file(manifest: Manifest) -> None:
    payload = to_json(manifest)
    assert of_json(payload, "m.json") == manifest
    assert to_json(of_json(payload, "m.json")) == payload


@given(
    st.builds(
        SeenState,
        validators=st.dictionaries(st.text(max_size=9), st.from_type(Validators), max_size=3),
        seen=st.dictionaries(st.text(max_size=9), _instants, max_size=3),
    )
)
def test_a_state_survives_its_file(state: SeenState) -> None:
    assert of_plain(SeenState, json.loads(json.dumps(to_plain(state)))) == state


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b'{"format": 1}',
        b'{"format": 2, "manifest": {}}',
        b'{"format": 1, "manifest": {"outlet_id": "a"}}',
        b'{"format": 1, "manifest": {"outlet_id": 7, "interval": {}}}',
        b'{"format": 1, "manifest": {"outlet_id": "a", "weather": 1}}',
        b'{"format": 1, "manifest": {"outlet_id": "a", "interval": {"start": "2016-03-27T00:00:00", "end": "x"}}}',
    ],
)
def test_a_damaged_manifest_is_refused_by_name(payload: bytes) -> None:
    with pytest.raises(ArchiveError, match=r"m\.json is no manifest: .* Remove it"):
        of_json(payload, "m.json")
