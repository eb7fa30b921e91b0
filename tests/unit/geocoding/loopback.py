"""A geocoder on this machine that answers what a test scripted."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
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
class Table:
    """A table received: its lines by column, and the fields of the form beside it."""

    lines: list[dict[str, str]]
    fields: list[tuple[str, str]]
    text: str


@dataclass
class Service:
    domain: str
    answers: list[Answer]
    asked: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
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


def _table(headers: Any, body: bytes) -> Table:
    """The form a browser or `requests` sends, read with the standard library."""
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    parts = message_from_bytes(head + body, policy=HTTP).iter_parts()
    fields, text = [], ""
    for part in parts:
        content = part.get_payload(decode=True).decode("utf-8")
        if part.get_filename():
            text = content
        else:
            fields.append((part.get_param("name", header="content-disposition"), content))
    return Table(lines=list(csv.DictReader(io.StringIO(text))), fields=fields, text=text)


RESULT_COLUMNS = (
    "latitude", "longitude", "result_label", "result_score", "result_type", "result_citycode",
    "result_postcode", "result_city", "result_status",
)  # fmt: skip


def found(line: dict[str, str], **changes: str) -> dict[str, str]:
    """A line as the service gives it back: placed at its number."""
    defaults = {
        "latitude": "43.6",
        "longitude": "1.44",
        "result_label": line["adresse"].title(),
        "result_score": "0.93",
        "result_type": "housenumber",
        "result_citycode": "31555",
        "result_postcode": "31000",
        "result_city": "Toulouse",
        "result_status": "ok",
    }
    return line | defaults | changes


def unknown(line: dict[str, str]) -> dict[str, str]:
    """A line of which the service knows nothing."""
    return line | dict.fromkeys(RESULT_COLUMNS, "") | {"result_status": "not-found"}


def as_csv(lines: Sequence[dict[str, str]], columns: Sequence[str] | None = None) -> bytes:
    text = io.StringIO()
    columns = columns or [*lines[0]]
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode("utf-8")


def everything_found(table: Table | None) -> Any:
    """Answers any request as a service that knows every address."""
    if table is None:
        return collection(feature())
    return as_csv([found(line) for line in table.lines])


@contextmanager
def serve(*answers: Answer) -> Iterator[Service]:
    """Serve the answers in order, the last one again and again."""
    service = Service(domain="", answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            service.asked.append({key: values[0] for key, values in parse_qs(parts.query).items()})
            self._answer(parts.path, None)

        def do_POST(self) -> None:
            table = _table(self.headers, self.rfile.read(int(self.headers["Content-Length"])))
            service.tables.append(table)
            self._answer(urlsplit(self.path).path, table)

        def _answer(self, path: str, table: Table | None) -> None:
            service.paths.append(path)
            answer = service.answers[min(len(service.paths), len(service.answers)) - 1]
            if answer.hang:
                service.release.wait(30)
                return
            body = answer.body(table) if callable(answer.body) else answer.body
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
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
