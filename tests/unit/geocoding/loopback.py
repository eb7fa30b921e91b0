"""A geocoder on this machine that answers what a test scripted."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Answer:
    """One scripted answer; `declared` is the Content-Length announced when it lies."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    declared: int | None = None
    hang: bool = False


@dataclass
class Service:
    domain: str
    answers: list[Answer]
    asked: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def feature(coordinates: Any = (1.44, 43.6), **properties: Any) -> dict[str, Any]:
    defaults = {
        "label": "12 Rue des Lilas 31000 Toulouse",
        "score": 0.93,
        "type": "housenumber",
        "citycode": "31555",
        "postcode": "31000",
        "city": "Toulouse",
    }
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(coordinates)},
        "properties": defaults | properties,
    }


@contextmanager
def serve(*answers: Answer) -> Iterator[Service]:
    """Serve the answers in order, the last one again and again."""
    service = Service(domain="", answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            service.paths.append(parts.path)
            service.asked.append({key: values[0] for key, values in parse_qs(parts.query).items()})
            answer = service.answers[min(len(service.asked), len(service.answers)) - 1]
            if answer.hang:
                service.release.wait(30)
                return
            body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(answer.declared or len(body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.domain = f"127.0.0.1:{server.server_port}/geocodage"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield service
    finally:
        service.release.set()
        server.shutdown()
        thread.join()
        server.server_close()
