"""What a store on other machines is tested with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from moto.server import ThreadedMotoServer


@pytest.fixture
def object_store() -> Iterator[dict[str, str]]:
    """A server that speaks S3, with one bucket, `news`, and nothing in it: the variables that lead there."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    # What it keeps is the process's, and outlives it.
    requests.post(f"{url}/moto-api/reset", timeout=60).raise_for_status()
    requests.put(f"{url}/news", timeout=60).raise_for_status()
    yield {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": "us-east-1",
    }
    server.stop()
