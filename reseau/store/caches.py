"""What is kept because it costs time to make again: graph positions, geocoder answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from reseau.store.rows import now
from reseau.store.tables import geocoding_cache, graph_positions, structures

# Keys in one query: databases bound them.
PART = 500
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
    for start in range(0, len(ids), PART):
        part = ids[start : start + PART]
        connection.execute(delete(graph_positions).where(graph_positions.c.structure_id.in_(part)))
    rows = [{"structure_id": key, "x": x, "y": y, "apart": apart} for key, (x, y, apart) in positions.items()]
    if rows:
        connection.execute(insert(graph_positions), rows)


def get_answers(connection: Connection, keys: Iterable[str]) -> dict[str, Any]:
    """What was kept under these keys (JSON values); a key that was never kept is not there."""
    wanted = list(dict.fromkeys(keys))
    found: dict[str, Any] = {}
    for start in range(0, len(wanted), PART):
        part = wanted[start : start + PART]
        query = select(geocoding_cache.c.key, geocoding_cache.c.answer).where(geocoding_cache.c.key.in_(part))
        found |= {row.key: row.answer for row in connection.execute(query)}
    return found


def set_answers(connection: Connection, answers: Mapping[str, Any]) -> None:
    """Keep (or replace) JSON values by key."""
    forget_answers(connection, answers)
    rows = [{"key": key, "answer": answer, "on": now()} for key, answer in answers.items()]
    if rows:
        connection.execute(insert(geocoding_cache), rows)


def forget_answers(connection: Connection, keys: Iterable[str]) -> None:
    """Forget what was kept under these keys."""
    wanted = list(keys)
    for start in range(0, len(wanted), PART):
        part = wanted[start : start + PART]
        connection.execute(delete(geocoding_cache).where(geocoding_cache.c.key.in_(part)))
