"""Two sheets that are one structure: merging them without losing anything, and undoing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from reseau.errors import NotFound, RefusedInput
from reseau.services._merged_fields import GONE, KEPT, combine, differing, group_of
from reseau.services._merged_ties import move_all
from reseau.services.app import App
from reseau.store import imports, territoires
from reseau.store import merges as repository
from reseau.store.merges import Ledger, Left
from reseau.store.rows import PERSON, get_row, now

if TYPE_CHECKING:
    from sqlalchemy import Connection

# What a person knows; the rest is bookkeeping that follows.
SAID = frozenset({"structures", "relations", "permanences", "contacts", "journal", "actions", "territoires"})

__all__ = ["GONE", "KEPT", "Difference", "Left", "Merge", "differences", "list_merges", "merge", "unmerge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """One merge, as shown in the history.

    Attributes:
        moved: how many ties, permanences, contacts… went from one sheet to the other.
        apart: how many were put aside: they would have been double, or tied a structure to itself.
        undone_on: None while the merge holds.
    """

    id: int
    kept_id: int
    gone_id: int
    kept_name: str
    gone_name: str
    on: datetime
    author: str = ""
    moved: int = 0
    apart: int = 0
    undone_on: datetime | None = None


def merge(
    app: App,
    territoire_id: int,
    kept_id: int,
    gone_id: int,
    *,
    choices: Mapping[str, str] | None = None,
    author: str = "",
) -> int:
    """Merge a sheet into another, in one transaction, and answer the number of the merge.

    The kept sheet takes the identifiers of the other, so that both sources go on updating it; what hung on
    the other hangs on it. Of two values the kept sheet's stays, unless it is empty or chosen otherwise; what
    the other source said is remembered. Everything is written down to be undone (`unmerge`).

    Args:
        choices: field → `kept` or `gone`. Fields that go together (position, hours, address) follow the one
            that is named.

    Raises:
        NotFound: one of the two is not in this territory.
        RefusedInput: twice the same sheet, one of them put aside or merged already, or a choice that is none.
    """
    with app.store.write() as connection:
        kept, gone = _both(connection, territoire_id, kept_id, gone_id)
        ledger = Ledger(connection)
        combine(ledger, kept, gone, choices or {})
        moved = move_all(ledger, territoire_id, kept, gone)
        ledger.change("structures", {"id": gone_id}, {"deleted_at": now(), "merged_into": kept_id})
        record = territoires.get_territoire(connection, territoire_id)
        if record.pivot_uid and record.pivot_uid == gone["uid"]:
            ledger.change("territoires", {"id": territoire_id}, {"pivot_uid": kept["uid"]})
        merge_id = repository.insert_merge(
            connection,
            {
                "territoire_id": territoire_id,
                "kept_id": kept_id,
                "gone_id": gone_id,
                "author": author.strip(),
                "undo": {"operations": ledger.operations, "moved": moved.moved, "apart": moved.apart},
            },
        )
        territoires.touch(connection, territoire_id)
    return merge_id


def unmerge(app: App, territoire_id: int, merge_id: int) -> list[Left]:
    """Undo a merge, in one transaction: everything goes back as it was, but what was changed since.

    Returns:
        What stays as it is because somebody changed it since (ties made since stay on the kept sheet too).

    Raises:
        NotFound: no such merge in this territory.
        RefusedInput: undone already, or the kept sheet was merged into another since.
    """
    with app.store.write() as connection:
        row = next(
            (item for item in repository.merges_of(connection, territoire_id) if item["id"] == merge_id), None
        )
        if row is None:
            raise NotFound("Cette fusion n'existe pas (ou plus).")
        if row["undone_at"] is not None:
            raise RefusedInput("Cette fusion est déjà défaite.")
        kept = imports.rows_by_id(connection, "structures", [row["kept_id"]])[row["kept_id"]]
        if kept["merged_into"] is not None:
            raise RefusedInput(
                f"« {kept['name']} » a été fusionnée depuis avec une autre fiche : défaites d'abord cette "
                "fusion-là."
            )
        left = repository.put_back(connection, row["undo"]["operations"])
        repository.mark_undone(connection, merge_id)
        territoires.touch(connection, territoire_id)
    return [item for item in left if item.table in SAID]


def list_merges(app: App, territoire_id: int) -> list[Merge]:
    """Merges of a territory, latest first, those undone too."""
    with app.store.read() as connection:
        rows = repository.merges_of(connection, territoire_id)
        ids = {row[name] for row in rows for name in ("kept_id", "gone_id")}
        names = {key: row["name"] for key, row in imports.rows_by_id(connection, "structures", ids).items()}
    return [
        Merge(
            id=row["id"],
            kept_id=row["kept_id"],
            gone_id=row["gone_id"],
            kept_name=names[row["kept_id"]],
            gone_name=names[row["gone_id"]],
            on=row["on"],
            author=row["author"],
            moved=row["undo"].get("moved", 0),
            apart=row["undo"].get("apart", 0),
            undone_on=row["undone_at"],
        )
        for row in rows
    ]


def _both(
    connection: Connection, territoire_id: int, kept_id: int, gone_id: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    if kept_id == gone_id:
        raise RefusedInput("C'est deux fois la même fiche : choisissez-en deux.")
    rows = imports.rows_by_id(connection, "structures", (kept_id, gone_id))
    for row_id in (kept_id, gone_id):
        row = rows.get(row_id)
        if row is None or row["territoire_id"] != territoire_id:
            raise NotFound("Une des deux fiches n'existe pas (ou plus). Revenez à la liste.")
        if row["merged_into"] is not None:
            raise RefusedInput(f"« {row['name']} » est déjà fusionnée avec une autre fiche.")
        if row["deleted_at"] is not None:
            raise RefusedInput(f"« {row['name']} » est à la corbeille : restaurez-la d'abord (page Données).")
    return rows[kept_id], rows[gone_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where two sheets say something and not the same thing.

    Attributes:
        field: field, the first of those that go together (`lon`, `opening_hours`, `address`).
        fields: all of them.
        by_person: ids of the sheets where a person wrote it.
    """

    field: str
    fields: tuple[str, ...]
    by_person: tuple[int, ...] = ()


def differences(app: App, a_id: int, b_id: int) -> list[Difference]:
    """What is to be chosen before merging two sheets, in the order of a sheet.

    Raises:
        NotFound: one of the two does not exist.
    """
    with app.store.read() as connection:
        rows = [get_row(connection, "structures", row_id) for row_id in (a_id, b_id)]
        known = {row["id"]: imports.provenance_of_one(connection, row["id"]) for row in rows}
    return [
        Difference(
            field=name,
            fields=group_of(name),
            by_person=tuple(
                row_id
                for row_id, said in known.items()
                if any(said.get(each, ("",))[0] == PERSON for each in group_of(name))
            ),
        )
        for name in differing(*rows)
    ]
