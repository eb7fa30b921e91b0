"""A door to an application of routes, without a server nor a network."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from starlette.applications import Starlette
from starlette.routing import BaseRoute


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Door:
    """Asks routes as a browser would; `ask_all` asks at the same time."""

    def __init__(self, routes: list[BaseRoute]) -> None:
        self._app = Starlette(routes=routes)

    def get(self, address: str, **headers: str) -> Answer:
        return self.ask("GET", address, headers=headers)

    def post(self, address: str, body: bytes = b"") -> Answer:
        return self.ask("POST", address, body)

    def ask(
        self, method: str, address: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        return asyncio.run(self._ask(method, address, body, headers or {}))

    def ask_all(self, method: str, addresses: list[str]) -> list[Answer]:
        async def together() -> list[Answer]:
            return list(await asyncio.gather(*(self._ask(method, one, b"", {}) for one in addresses)))

        return asyncio.run(together())

    async def _ask(self, method: str, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(address)
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
            "scheme": "http", "path": unquote(parts.path), "raw_path": parts.path.encode(), "root_path": "",
            "query_string": parts.query.encode(), "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
            "headers": [
                (b"host", b"127.0.0.1"),
                *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()),
            ],
        }  # fmt: skip
        # A body comes in pieces, as over a network.
        pieces = [body[start : start + 512] for start in range(0, len(body), 512)] or [b""]
        waiting = [
            {"type": "http.request", "body": piece, "more_body": rank + 1 < len(pieces)}
            for rank, piece in enumerate(pieces)
        ]
        said: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if waiting:
                return waiting.pop(0)
            await asyncio.sleep(60)
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            said.append(message)

        await self._app(scope, receive, send)
        start = next(message for message in said if message["type"] == "http.response.start")
        return Answer(
            start["status"],
            {name.decode().lower(): value.decode() for name, value in start["headers"]},
            b"".join(message.get("body", b"") for message in said),
        )
