"""The whole database in one file, and back: a zip with one JSON-lines member per table.

The format does not depend on the database used, so that a backup of one can be restored in another.
"""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Table,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from reseau.errors import RefusedInput
from reseau.store.engine import current_revision
from reseau.store.json_values import from_json, to_json
from reseau.store.tables import metadata

FORMAT = "reseau-sauvegarde"
MANIFEST = "manifeste.json"
MAX_MEMBER_BYTES = 2_000_000_000
CHUNK = 1_000
# What reading a file that is damaged, protected or made up may raise.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, AttributeError, LookupError, ValueError,
    TypeError, OverflowError, OSError,
)  # fmt: skip


def write_backup(connection: Connection, path: Path) -> int:
    """Write every table to `path`, atomically, and return the number of rows.

    The file holds contacts and notes: it is for the team alone.
    """
    counts: dict[str, int] = {}
    partial = path.with_name(f".{path.name}.{os.getpid()}.partiel")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for table in metadata.sorted_tables:
                with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as member:
                    counts[table.name] = 0
                    for line in _dump(connection, table):
                        member.write(line)
                        counts[table.name] += 1
            manifest = {"format": FORMAT, "revision": current_revision(connection), "lignes": counts}
            archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return sum(counts.values())


def read_backup(connection: Connection, path: Path) -> int:
    """Replace everything in the database by a backup, inside the caller's transaction.

    Raises:
        RefusedInput: not a backup, damaged, or made by another version; nothing is kept then.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive, path)
            tables = _tables_in(manifest, current_revision(connection), path)
            for table in reversed(metadata.sorted_tables):
                connection.execute(delete(table))
            counts = {table.name: _load(connection, archive, table) for table in tables}
            _restart_ids(connection)
    except OperationalError:
        # The database is at fault (a full disk, for example), not the backup.
        raise
    except (*_DAMAGED, SQLAlchemyError) as error:
        raise RefusedInput(
            f"« {path.name} » n'est pas une sauvegarde de Réseau, ou elle est abîmée. Rien n'a été changé."
        ) from error
    if counts != manifest["lignes"]:
        raise RefusedInput(f"« {path.name} » est incomplète : des lignes manquent. Rien n'a été changé.")
    return sum(counts.values())


def count_rows(connection: Connection) -> dict[str, int]:
    """Number of rows of every table."""
    return {
        table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for table in metadata.sorted_tables
    }


def read_counts(path: Path) -> dict[str, int]:
    """Number of rows of every table a backup says it holds; its content is not checked.

    Raises:
        RefusedInput: not a backup.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return {str(name): int(count) for name, count in _manifest(archive, path)["lignes"].items()}
    except _DAMAGED as error:
        raise RefusedInput(
            f"« {path.name} » n'est pas une sauvegarde de Réseau, ou elle est abîmée."
        ) from error


def is_empty(connection: Connection) -> bool:
    """Whether no territory exists yet."""
    return not connection.execute(select(func.count()).select_from(metadata.tables["territoires"])).scalar()


def _restart_ids(connection: Connection) -> None:
    """PostgreSQL does not see ids that were given to it: the next one would already be taken."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        if "id" in table.c:
            sequence = func.pg_get_serial_sequence(table.name, "id")
            last = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(sequence, last, False)))


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT:
        raise ValueError(manifest["format"])
    if any(member.file_size > MAX_MEMBER_BYTES for member in archive.infolist()):
        raise RefusedInput(f"« {path.name} » est trop grosse pour être une sauvegarde de Réseau.")
    return manifest


def _tables_in(manifest: dict[str, Any], revision: str, path: Path) -> list[Table]:
    """Tables a backup holds. Those that came after it stay empty, new columns take their default.

    Raises:
        RefusedInput: made by a newer version.
    """
    if manifest["revision"] > revision:
        raise RefusedInput(
            f"« {path.name} » vient d'une version plus récente de Réseau ({manifest['revision']}) : mettez "
            "Réseau à jour, puis recommencez."
        )
    same = manifest["revision"] == revision
    return [table for table in metadata.sorted_tables if same or table.name in manifest["lignes"]]


def _dump(connection: Connection, table: Table) -> Iterator[bytes]:
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(query).mappings():
        cells = {key: to_json(value) for key, value in row.items()}
        yield json.dumps(cells, ensure_ascii=False).encode() + b"\n"


def _load(connection: Connection, archive: zipfile.ZipFile, table: Table) -> int:
    count = 0
    rows: list[dict[str, Any]] = []
    with archive.open(f"{table.name}.jsonl") as member:
        for line in member:
            cells = json.loads(line)
            rows.append({name: from_json(table, name, value) for name, value in cells.items()})
            if len(rows) >= CHUNK:
                connection.execute(insert(table), rows)
                count += len(rows)
                rows = []
    if rows:
        connection.execute(insert(table), rows)
    return count + len(rows)
