"""A hub on 127.0.0.1 that answers as huggingface.co does: metadata from the one host, large files from another."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LARGE = 1000
"""Bytes from which a file is kept as a large one, with a SHA-256; others have git's own checksum."""


@dataclass
class Hub:
    """`files` by "OWNER/REPO/REVISION/PATH". What it does wrong is set by the test."""

    files: dict[str, bytes] = field(default_factory=dict)
    errors: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Status and X-Error-Code by path."""
    cuts: list[int] = field(default_factory=list)
    """After how many bytes each of the next downloads is cut off."""
    wrong: bool = False
    ranges: bool = True
    checksums: bool = True
    pause: float = 0.0
    """Seconds before each 64 kB."""
    address: str = ""
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    sent: int = 0
    """Bytes of large files."""

    def add(self, name: str, content: bytes, revision: str = "main") -> None:
        owner, repo, path = name.split("/", 2)
        self.files[f"{owner}/{repo}/{revision}/{path}"] = content

    @property
    def downloads(self) -> list[dict[str, str]]:
        """The headers of each request for a large file itself."""
        return [headers for method, path, headers in self.requests if method == "GET" and path.startswith("/cdn/")]


@contextmanager
def serve() -> Iterator[Hub]:
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self._answer()

        def do_GET(self) -> None:
            self._answer()

        def _answer(self) -> None:
            hub.requests.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
            _, *parts = self.path.split("/")
            if parts[0] == "cdn":
                self._stream("/".join(parts[1:]))
                return
            if len(parts) < 5 or parts[2] != "resolve":
                self._end(404)
                return
            key = "/".join((*parts[:2], *parts[3:]))
            status, code = hub.errors.get(key, (200 if key in hub.files else 404, "EntryNotFound"))
            if status != 200:
                self._end(status, {"X-Error-Code": code} if code else {})
                return
            content = hub.files[key]
            facts = {"X-Repo-Commit": "a" * 40}
            if len(content) < LARGE:
                blob = hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()
                self._end(200, facts | {"ETag": f'"{blob}"'}, content)
                return
            if hub.checksums:
                facts["X-Linked-ETag"] = f'"{hashlib.sha256(content).hexdigest()}"'
            # Another host, to which the token must not be sent.
            other = hub.address.replace("127.0.0.1", "localhost")
            self._end(302, facts | {"X-Linked-Size": str(len(content)), "Location": f"{other}/cdn/{key}"})

        def _end(self, status: int, headers: dict[str, str] | None = None, content: bytes = b"") -> None:
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(content))} | (headers or {})).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        def _stream(self, key: str) -> None:
            content = hub.files[key]
            if hub.wrong:
                content = content[:-1] + bytes([content[-1] ^ 1])
            start = 0
            wanted = self.headers.get("Range", "")
            if wanted and hub.ranges:
                start = int(wanted.removeprefix("bytes=").removesuffix("-"))
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            end = start + hub.cuts.pop(0) if hub.cuts else len(content)
            for place in range(start, min(end, len(content)), 1 << 16):
                time.sleep(hub.pause)
                piece = content[place : min(place + (1 << 16), end)]
                hub.sent += len(piece)
                try:
                    self.wfile.write(piece)
                except OSError:
                    break
            if end < len(content):
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
