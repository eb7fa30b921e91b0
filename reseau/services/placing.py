"""Placing structures that have an address but no position. Nothing leaves without being asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import pandas as pd

from reseau.geocoding import AddressQuery, GeocodeResult, Locator, Verdict, geocode_many, make_client
from reseau.services.app import App, Progress, no_progress
from reseau.services.view import open_view
from reseau.store import caches, imports, territoires
from reseau.store.rows import update_row

GEOCODER = "geocodage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """What a round of geocoding did.

    Attributes:
        placed: structures placed.
        left: (structure id, name, reason) of those that were not.
    """

    placed: int
    left: tuple[tuple[int, str, str], ...]


def to_place(app: App, territoire_id: int) -> pd.DataFrame:
    """Open structures without a position that counts (columns `STRUCTURES`)."""
    structures = open_view(app, territoire_id).structures
    return pd.DataFrame(structures[~structures["placed"] & ~structures["closed"]])


def addresses_to_send(app: App, territoire_id: int) -> tuple[str, ...]:
    """Exactly what `place_by_address` would send, one line per address never asked before."""
    waiting = to_place(app, territoire_id)
    queries: dict[str, AddressQuery] = {}
    for query in map(_query, waiting.to_dict("records")):
        if query.sendable:
            queries.setdefault(query.cache_key, query)
    with app.store.read() as connection:
        return tuple(
            " · ".join([query.text, *query.filters().values()])
            for key, query in queries.items()
            if not caches.get_answer(connection, key)[0]
        )


def place_by_address(
    app: App,
    territoire_id: int,
    *,
    client: Locator | None = None,
    on_progress: Progress = no_progress,
    stop: Callable[[], bool] | None = None,
) -> Placing:
    """Ask the national geocoder for every structure that has an address and no position.

    Each accepted answer is written as soon as it comes, so that an interruption loses nothing. Answers are
    remembered: the same address is not sent twice.

    Raises:
        Unavailable: the service does not answer; what came before is kept.
    """
    waiting = to_place(app, territoire_id)
    waiting = waiting[waiting["address"].astype(bool)]
    queries = [_query(row) for row in waiting.to_dict("records")]
    locator = _Remembering(app, client or make_client(app.config))
    placed = 0
    left: list[tuple[int, str, str]] = []
    try:
        for outcome in geocode_many(queries, client=locator, stop=stop):
            structure_id = int(waiting.index[outcome.index])
            on_progress(
                (outcome.index + 1) / len(queries), f"{outcome.index + 1} adresses sur {len(queries)}…"
            )
            if outcome.decision.verdict is Verdict.ACCEPTED and outcome.result is not None:
                _write(app, structure_id, outcome.result, outcome.decision.precision)
                placed += 1
            else:
                name = str(waiting.at[structure_id, "name"])
                left.append((structure_id, name, outcome.decision.reason))
    finally:
        if placed:
            with app.store.write() as connection:
                territoires.touch(connection, territoire_id)
    return Placing(placed=placed, left=tuple(left))


def _query(row: Mapping[Any, Any]) -> AddressQuery:
    return AddressQuery(
        address=row["address"], postcode=row["postcode"], commune=row["commune"], citycode=row["insee"]
    )


def _write(app: App, structure_id: int, result: GeocodeResult, precision: str) -> None:
    values = {"lon": result.lon, "lat": result.lat, "position_precision": precision}
    with app.store.write() as connection:
        update_row(connection, "structures", structure_id, values, by_person=False)
        entries = [(structure_id, name) for name in values]
        imports.set_provenance(connection, entries, source=GEOCODER, on=date.today())


class _Remembering:
    """A locator that asks each address once, and remembers «no result» too."""

    def __init__(self, app: App, client: Locator) -> None:
        self._app, self._client = app, client

    def locate(self, query: AddressQuery) -> GeocodeResult | None:
        with self._app.store.read() as connection:
            known, answer = caches.get_answer(connection, query.cache_key)
        if known:
            return GeocodeResult(**answer) if answer else None
        result = self._client.locate(query)
        with self._app.store.write() as connection:
            caches.set_answer(connection, query.cache_key, asdict(result) if result else None)
        return result
