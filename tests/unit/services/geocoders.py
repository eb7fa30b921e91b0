"""Geocoders of a few lines, which remember what they were asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import shapely

from reseau.errors import Unavailable
from reseau.geocoding import AddressQuery, Answer, GeocodeResult
from reseau.services import App
from reseau.store.rows import insert_row
from reseau.store.territoires import touch

PLACE = GeocodeResult(
    lon=1.61, lat=48.11, score=0.9, kind="housenumber", label="Ici", citycode="99101", city="Ici"
)


class Directory:
    """Knows the addresses that hold one of its words, at a place of their own.

    Args:
        words: place by word of the address; by default «fleurs».
        down_after: requests it answers before it stops answering.
    """

    def __init__(
        self, words: Mapping[str, tuple[GeocodeResult, ...]] | None = None, *, down_after: int | None = None
    ) -> None:
        self.asked: list[str] = []
        self.requests = 0
        self.words = {"fleurs": (PLACE,)} if words is None else words
        self.down_after = down_after

    def search(self, query: AddressQuery) -> tuple[GeocodeResult, ...]:
        self._count()
        self.asked.append(query.text)
        return self._known(query)

    def search_many(self, queries: Sequence[AddressQuery]) -> Mapping[int, Answer]:
        self._count()
        self.asked += [query.text for query in queries]
        return {index: Answer(candidates=self._known(query)[:1]) for index, query in enumerate(queries)}

    def _known(self, query: AddressQuery) -> tuple[GeocodeResult, ...]:
        text = query.text.lower()
        return next((places for word, places in self.words.items() if word in text), ())

    def _count(self) -> None:
        if self.down_after is not None and self.requests >= self.down_after:
            raise Unavailable("Le service ne répond pas.")
        self.requests += 1


def place(**changes: object) -> GeocodeResult:
    return replace(PLACE, **changes)  # type: ignore[arg-type]


def draw_commune(app: App, territoire_id: int, shape: shapely.Polygon, code: str = "99101") -> None:
    """Load the boundary of a commune, as a list of communes does."""
    row = {
        "territoire_id": territoire_id, "code": code, "name": "Ici", "kind": "commune", "parent": "",
        "epci": "", "epci_name": "", "postcodes": [], "population": None, "wkb": shape.wkb,
    }  # fmt: skip
    with app.store.write() as connection:
        insert_row(connection, "communes", row)
        touch(connection, territoire_id)
