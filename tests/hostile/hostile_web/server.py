"""What listens on loopback and misbehaves on purpose: one server for every host name, in clear and over TLS."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from hostile_web.certificates import certificate

Behaviour = Callable[["Handler"], None]

HOSTILE = "hostile.example"


class Web:
    """Every host of a test's web, and what each answers by path; 404 where it says nothing."""

    def __init__(self, folder: Path) -> None:
        self.behaviours: dict[str, dict[str, Behaviour]] = {}
        self.sent: dict[str, int] = {}  # bytes handed to the kernel, by host
        self.asked: list[str] = []  # "host/path", in order
        self._plain = self._listening(None)
        certificates = {
            "stranger": certificate(folder, "stranger", HOSTILE),
            "expired": certificate(folder, "expired", HOSTILE, days=-1),
            "impostor": certificate(folder, "impostor", "other.example"),
            "honest": certificate(folder, "honest", HOSTILE),
        }
        self._tls = {name: self._listening(file) for name, file in certificates.items()}
        self.authorities = folder / "authorities.pem"  # all but the stranger
        self.authorities.write_bytes(
            b"".join(file.read_bytes() for name, file in certificates.items() if name != "stranger")
        )
        self._silent = socket.create_server(("127.0.0.1", 0))

    def reset(self, behaviours: Mapping[str, Mapping[str, Behaviour]]) -> None:
        """Another web on the same sockets."""
        self.behaviours = {host: dict(paths) for host, paths in behaviours.items()}
        self.sent, self.asked = {}, []

    def at(self, path: str, host: str = HOSTILE) -> str:
        return f"http://{host}:{self._plain.server_port}{path}"

    def secure(self, certificate: str, path: str) -> str:
        """The hostile host over TLS, with one of its certificates."""
        return f"https://{HOSTILE}:{self._tls[certificate].server_port}{path}"

    def clear_as_secure(self, path: str) -> str:
        """An https address where plain HTTP is spoken."""
        return f"https://{HOSTILE}:{self._plain.server_port}{path}"

    def silent(self, path: str) -> str:
        """An https address that accepts and never says a word."""
        return f"https://{HOSTILE}:{self._silent.getsockname()[1]}{path}"

    def close(self) -> None:
        for server in (self._plain, *self._tls.values()):
            server.shutdown()
            server.server_close()
        self._silent.close()

    def _listening(self, certificate: Path | None) -> _Server:
        server = _Server(("127.0.0.1", 0), type("Own", (Handler,), {"web": self}))
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return server


class Handler(BaseHTTPRequestHandler):
    """One connection; a behaviour says or sends what it likes on it."""

    protocol_version = "HTTP/1.1"
    timeout = 100
    web: Web

    def setup(self) -> None:
        super().setup()
        # Small, so that what was sent and not read stays small beside what was read.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 32_768)

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0]
        path = self.path.partition("?")[0]
        self.web.asked.append(host + self.path)
        self.web.behaviours.get(host, {}).get(path, missing)(self)

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        """A whole answer; an underscore in a header's name stands for its hyphen."""
        lines = [f"HTTP/1.1 {status} Said", *(f"{n.replace('_', '-')}: {v}" for n, v in headers.items())]
        if not {"Content_Length", "Transfer_Encoding"} & set(headers):
            lines.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def page(self, body: bytes, content_type: str = "text/html; charset=utf-8", **headers: str) -> None:
        self.say(200, body, Content_Type=content_type, **headers)

    def send(self, payload: bytes) -> None:
        self.wfile.write(payload)
        host = self.headers.get("Host", "").partition(":")[0]
        self.web.sent[host] = self.web.sent.get(host, 0) + len(payload)

    def end(self, payload: bytes) -> None:
        """Say exactly this, and hang up."""
        self.send(payload)
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def missing(handler: Handler) -> None:
    handler.say(404, b"nothing here")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: Any) -> None:
        """Clients that hang up are what these tests are about."""
