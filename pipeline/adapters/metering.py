"""How much has been asked of the network, and how much came back?"""

from __future__ import annotations

import threading

from pipeline.errors import FetchError
from pipeline.protocols import Permit, Transport
from pipeline.records import Response, Validators


class Metered:
    """A transport that counts what another one does, over all threads."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._lock = threading.Lock()
        self.request_count = 0
        self.byte_count = 0  # of bodies, unpacked

    def fetch(
        self, url: str, *, validators: Validators | None = None, permit: Permit | None = None
    ) -> Response:
        try:
            response = self._transport.fetch(url, validators=validators, permit=permit)
        except FetchError:
            with self._lock:
                self.request_count += 1
            raise
        with self._lock:
            self.request_count += 1
            self.byte_count += len(response.body)
        return response
