"""When something was last said of each structure."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, select

from reseau.store.tables import provenance, structures


def last_said(connection: Connection, territoire_id: int) -> dict[int, date]:
    """Latest date of the provenance of each structure's fields, by structure id."""
    query = (
        select(provenance.c.structure_id, func.max(provenance.c.on))
        .join(structures, structures.c.id == provenance.c.structure_id)
        .where(structures.c.territoire_id == territoire_id)
        .group_by(provenance.c.structure_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
