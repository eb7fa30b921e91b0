"""A publisher on this machine that serves files as badly as a test wants."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

from reseau.downloads.files import Limits
from reseau.downloads.http import Patience, open_session


@dataclass
class Answer:
    """One scripted answer.

    Attributes:
        body: the whole file; the part asked for is cut from it.
        cut: bytes really sent before the connection closes, None for all of them.
        ranges: whether parts are served.
        hang: sends the headers and `cut` bytes, then says nothing more.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    ranges: bool = True
    hang: bool = False
    chunked: bool = False
    packed: bool = False


@dataclass
class Publisher:
    url: str
    answers: list[Answer]
    asked: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)


def _handler(publisher: Publisher) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            publisher.paths.append(self.path)
            publisher.asked.append({name.lower(): value for name, value in self.headers.items()})
            answer = publisher.answers[min(len(publisher.asked), len(publisher.answers)) - 1]
            status, body, extra = _part(answer, publisher.asked[-1])
            self.send_response(status)
            for name, value in {**answer.headers, **extra}.items():
                self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            sent = body if answer.cut is None else body[: answer.cut]
            if answer.chunked and sent:
                self.wfile.write(f"{len(sent):x}\r\n".encode() + sent + b"\r\n")
                if answer.cut is None:
                    self.wfile.write(b"0\r\n\r\n")
            else:
                self.wfile.write(sent)
            self.wfile.flush()
            if answer.hang:
                publisher.release.wait(30)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test output quiet."""

    return Handler


def _part(answer: Answer, asked: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
    """Status, bytes and headers, as a correct server would answer these conditions."""
    if answer.status != 200:
        return answer.status, answer.body, {"Content-Length": str(len(answer.body))}
    etag, date = answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
    if etag and asked.get("if-none-match") == etag:
        return 304, b"", {}
    body = gzip.compress(answer.body) if answer.packed else answer.body
    extra = {"Content-Encoding": "gzip"} if answer.packed else {}
    extra |= {"Transfer-Encoding": "chunked"} if answer.chunked else {}
    if answer.ranges and "range" in asked and asked.get("if-range") in (etag, date):
        start = int(asked["range"].removeprefix("bytes=").rstrip("-"))
        if start >= len(body):
            return 416, b"", {"Content-Length": "0", "Content-Range": f"bytes */{len(body)}"}
        extra["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return 206, body[start:], {**extra, "Content-Length": str(len(body) - start)}
    if not answer.chunked:
        extra["Content-Length"] = str(len(body))
    return 200, body, extra


@contextmanager
def serve(*answers: Answer) -> Iterator[Publisher]:
    """Serve the answers in order, the last one again and again."""
    publisher = Publisher(url="", answers=list(answers))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(publisher))
    server.daemon_threads = False
    publisher.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield publisher
    finally:
        publisher.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def asking() -> Iterator[requests.Session]:
    """A session closed at the end."""
    with open_session() as session:
        yield session


def patient(waits: list[float] | None = None, *, read: float = 5.0, attempts: int = 4) -> Patience:
    """Waits that are noted instead of waited."""
    note: Callable[[float], None] = (waits if waits is not None else []).append
    return Patience(sleep=note, read=read, attempts=attempts)


def limits(waits: list[float] | None = None, *, read: float = 5.0, max_bytes: int = 10_000_000) -> Limits:
    return Limits(patience=patient(waits, read=read), max_bytes=max_bytes)
