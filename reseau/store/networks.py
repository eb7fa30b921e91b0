"""The walking network kept with a territory: streets in degrees, as arrays, one network a territory."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, insert, select

from reseau.errors import RefusedInput
from reseau.store.planning_tables import networks

MAX_UNPACKED_BYTES = 2_000_000_000
# Positions hardly pack: what swells more than this was made to fill the memory.
MAX_RATIO = 100
# What reading bytes that are cut, damaged or made up may raise.
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, LookupError, ValueError,
            TypeError, AttributeError, MemoryError, OSError)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkHead:
    """What is known of a network without opening it.

    Attributes:
        title: name of the file it came from.
        data_date: day of the map, None when unknown.
        loaded_at: UTC, without its zone.
    """

    title: str
    data_date: date | None
    loaded_at: datetime
    nodes: int
    edges: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Streets:
    """Streets as arrays: `lonlat` n × 2, WGS84 degrees; `edges` m × 2, positions in `lonlat`."""

    lonlat: NDArray[np.float64]
    edges: NDArray[np.int32]


def keep_network(
    connection: Connection, territoire_id: int, streets: Streets, *, title: str, data_date: date | None
) -> None:
    """Keep a network with a territory, in place of the one it had."""
    drop_network(connection, territoire_id)
    content = io.BytesIO()
    np.savez_compressed(content, lonlat=streets.lonlat, edges=streets.edges)
    connection.execute(
        insert(networks).values(
            territoire_id=territoire_id,
            title=title,
            data_date=data_date,
            # To the microsecond: two networks loaded one after the other must not be taken for each other.
            loaded_at=datetime.now(UTC).replace(tzinfo=None),
            nodes=len(streets.lonlat),
            edges=len(streets.edges),
            content=content.getvalue(),
        )
    )


def network_head(connection: Connection, territoire_id: int) -> NetworkHead | None:
    """What is known of the network of a territory, None when it has none."""
    table = networks.c
    query = select(table.title, table.data_date, table.loaded_at, table.nodes, table.edges)
    row = connection.execute(query.where(table.territoire_id == territoire_id)).mappings().first()
    return None if row is None else NetworkHead(**row)


def get_streets(connection: Connection, territoire_id: int) -> Streets | None:
    """Streets of the network of a territory, None when it has none.

    Raises:
        RefusedInput: what is kept is damaged.
    """
    query = select(networks.c.content).where(networks.c.territoire_id == territoire_id)
    content = connection.execute(query).scalar()
    if content is None:
        return None
    try:
        return _opened(content)
    except _DAMAGED as error:
        raise RefusedInput(
            "Le réseau piéton gardé avec ce territoire est abîmé : les distances sont comptées en ligne "
            "droite. Chargez de nouveau l'extrait d'OpenStreetMap (Réglages, section Marche)."
        ) from error


def drop_network(connection: Connection, territoire_id: int) -> bool:
    """Forget the network of a territory; answers whether it had one."""
    gone = connection.execute(delete(networks).where(networks.c.territoire_id == territoire_id))
    return bool(gone.rowcount)


def _opened(content: bytes) -> Streets:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = sum(member.file_size for member in archive.infolist())
        if size > min(MAX_UNPACKED_BYTES, MAX_RATIO * len(content)):
            raise ValueError("too big")
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        lonlat, edges = arrays["lonlat"], arrays["edges"]
    if not (_is_couples(lonlat, "f") and _is_couples(edges, "i")):
        raise ValueError("not streets")
    if not (np.isfinite(lonlat).all() and (np.abs(lonlat) <= (180, 90)).all()):
        raise ValueError("not on Earth")
    if edges.min() < 0 or edges.max() >= len(lonlat):
        raise ValueError("edges without nodes")
    return Streets(lonlat=lonlat.astype(np.float64), edges=edges.astype(np.int32))


def _is_couples(array: NDArray[Any], kind: str) -> bool:
    """Whether an array has rows of two numbers of a kind, and at least one row."""
    return array.dtype.kind == kind and array.ndim == 2 and array.shape[1] == 2 and len(array) > 0
