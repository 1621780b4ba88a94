"""What a store on other machines is tested with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    """Where a server that speaks S3 is."""
    from moto.server import ThreadedMotoServer  # a second and a half, for those who need it

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def object_store(s3_address: str) -> dict[str, str]:
    """A server that speaks S3, with one bucket, `news`, and nothing in it: the variables that lead there."""
    requests.post(f"{s3_address}/moto-api/reset", timeout=200).raise_for_status()
    requests.put(f"{s3_address}/news", timeout=200).raise_for_status()
    return {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL": s3_address,
        "AWS_REGION": "us-east-1",
    }
