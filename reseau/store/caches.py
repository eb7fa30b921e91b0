"""What is kept because it costs time to make again: graph positions, geocoder answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from reseau.store.rows import now
from reseau.store.tables import geocoding_cache, graph_positions, structures

Position = tuple[float, float, bool]
"""x, y, and whether the structure stands apart from the pivot's part of the network."""


def get_positions(connection: Connection, territoire_id: int) -> dict[int, Position]:
    """Stored graph position of each structure of a territory."""
    query = (
        select(graph_positions)
        .join(structures, structures.c.id == graph_positions.c.structure_id)
        .where(structures.c.territoire_id == territoire_id)
    )
    return {row.structure_id: (row.x, row.y, row.apart) for row in connection.execute(query)}


def set_positions(connection: Connection, positions: Mapping[int, Position]) -> None:
    """Store (or replace) graph positions."""
    ids = list(positions)
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        connection.execute(delete(graph_positions).where(graph_positions.c.structure_id.in_(part)))
    rows = [{"structure_id": key, "x": x, "y": y, "apart": apart} for key, (x, y, apart) in positions.items()]
    if rows:
        connection.execute(insert(graph_positions), rows)


def get_answer(connection: Connection, key: str) -> tuple[bool, Any]:
    """Whether the geocoder was asked this before, and what it answered (None: no result)."""
    row = connection.execute(select(geocoding_cache).where(geocoding_cache.c.key == key)).first()
    return (True, row.answer) if row else (False, None)


def set_answer(connection: Connection, key: str, answer: Any) -> None:
    """Keep what the geocoder answered."""
    connection.execute(delete(geocoding_cache).where(geocoding_cache.c.key == key))
    connection.execute(insert(geocoding_cache).values(key=key, answer=answer, on=now()))
