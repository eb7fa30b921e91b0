"""Undoing a whole import: what it wrote goes back to what was there, what was done since stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reseau.errors import NotFound, RefusedInput
from reseau.model.reports import ImportReport, UndoReport
from reseau.services._applying import identity
from reseau.services._cells import Cell, cells_now, cells_of, with_cell, write_cells
from reseau.services._labels import label_of
from reseau.services._steps import NEW
from reseau.services.app import App
from reseau.store import changes, hanging, territoires
from reseau.store import imports as repository

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["UndoReport", "can_undo", "undo_import"]

CORRECTED = "vous l'avez corrigée depuis"
COMPLETED = "un autre import l'a complétée depuis"
PIVOT = "c'est la structure de votre équipe"
HANGING = {
    "relations": "des relations y sont attachées",
    "permanences": "des permanences y sont attachées",
    "contacts": "des contacts y sont attachés",
    "journal": "des entrées du journal y sont attachées",
    "actions": "des actions en parlent",
    "merges": "vous l'avez fusionnée avec une autre",
    "écran": "vos écrans en disent quelque chose",
    "écrans": "des écrans en parlent",
    "besoins": "des demandes d'habitants y sont attachées",
    "absences": "des absences vérifiées y sont attachées",
}


def can_undo(report: ImportReport) -> bool:
    """Whether an import is there to be undone."""
    return report.id is not None and not report.undone_on


def undo_import(app: App, territoire_id: int, import_id: int) -> UndoReport:
    """Undo an import, in one transaction.

    The rows it made are removed when nobody worked on them since; each field it changed goes back where it
    still holds what the import wrote. The import stays in the list, marked, and claims nothing any more.

    Raises:
        NotFound: no such import in this territory.
        RefusedInput: it was undone already, or nothing tells what it wrote.
    """
    with app.store.write() as connection:
        known = {item.id: item for item in repository.list_imports(connection, territoire_id)}
        if import_id not in known:
            raise NotFound("Cet import n'existe pas (ou plus).")
        report = known[import_id]
        if report.undone_on:
            raise RefusedInput("Cet import est déjà annulé.")
        done = changes.changes_of(connection, import_id)
        if not done and (report.created or report.updated):
            raise RefusedInput(
                "Cet import a été fait par une version de Réseau qui ne gardait pas de quoi l'annuler. "
                "Vous pouvez restaurer une sauvegarde d'avant (page Données)."
            )
        outcome = _Undoing(connection, territoire_id, import_id, done).run()
        changes.forget_changes(connection, import_id)
        repository.mark_undone(connection, import_id)
        territoires.touch(connection, territoire_id)
    return outcome


@dataclass(slots=True)
class _Undoing:
    """One import being undone."""

    connection: Connection
    territoire_id: int
    import_id: int
    done: list[dict[str, Any]]
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    later: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def run(self) -> UndoReport:
        """Put back what changed, then remove what was made."""
        if not self.done:
            return UndoReport(removed=0, restored=0)
        kind = self.done[0]["kind"]
        self.rows = repository.rows_by_id(self.connection, kind, {item["row_id"] for item in self.done})
        self.later = changes.later_changes(self.connection, self.import_id)
        there = [item for item in self.done if self._is_there(item)]
        restored = self._put_back(kind, [item for item in there if item["action"] != NEW])
        removed, left = self._remove(kind, {item["row_id"] for item in there if item["action"] == NEW})
        return UndoReport(removed=removed, restored=restored, left=left)

    def _is_there(self, item: Mapping[str, Any]) -> bool:
        """The row is there, and is still the same one (numbers of erased rows are given again)."""
        row = self.rows.get(item["row_id"])
        return row is not None and identity(row) == item["after"].get("identity", "")

    def _remove(self, kind: str, ids: set[int]) -> tuple[int, tuple[tuple[str, str], ...]]:
        held = self._held(kind, ids)
        about = "quartiers" if kind == "besoins" else "structures"
        names = hanging.names_of(self.connection, about, self.territoire_id) if held else {}
        left = tuple((label_of(kind, self.rows[row_id], names), held[row_id]) for row_id in sorted(held))
        free = sorted(ids - held.keys())
        hanging.erase(self.connection, kind, free)
        return len(free), left

    def _held(self, kind: str, ids: set[int]) -> dict[int, str]:
        """Rows that stay, and why."""
        held = {row_id: COMPLETED for row_id in ids if row_id in self.later}
        held |= {
            row_id: HANGING[what] for row_id, what in hanging.what_hangs(self.connection, kind, ids).items()
        }
        held |= {row_id: CORRECTED for row_id in ids if self.rows[row_id]["overrides"]}
        if kind == "structures":
            pivot = territoires.get_territoire(self.connection, self.territoire_id).pivot_uid
            held |= {row_id: PIVOT for row_id in ids if self.rows[row_id]["uid"] == pivot}
        if kind == "quartiers":
            spoken = hanging.quartiers_of_actions(self.connection, self.territoire_id)
            held |= {row_id: HANGING["actions"] for row_id in ids if self.rows[row_id]["code"] in spoken}
            shown = hanging.quartiers_of_screens(self.connection, self.territoire_id)
            held |= {row_id: HANGING["écrans"] for row_id in ids if self.rows[row_id]["code"] in shown}
        return held

    def _put_back(self, kind: str, changed: list[dict[str, Any]]) -> int:
        """Each cell goes back where it still holds what the import wrote; returns how many rows did."""
        now = cells_now(self.connection, kind, self.territoire_id, changed, self.rows)
        back: dict[int, dict[Cell, Any]] = {}
        rewritten: dict[int, dict[str, Any]] = {}
        for item in changed:
            before, after = cells_of(item["before"]), cells_of(item["after"])
            since = [(later, cells_of(later["after"])) for later in self.later.get(item["row_id"], ())]
            for cell, new in after.items():
                old = before.get(cell)
                # The first later import that wrote the cell: it then holds what was there before.
                if (later := next((found for found, wrote in since if cell in wrote), None)) is not None:
                    if cells_of(later["before"]).get(cell) == new:
                        rewritten[later["id"]] = later["before"] = with_cell(later["before"], cell, old)
                elif now[item["row_id"]].get(cell) == new and not self._corrected(item["row_id"], cell):
                    back.setdefault(item["row_id"], {})[cell] = old
        write_cells(self.connection, kind, self.territoire_id, back)
        changes.rewrite_before(self.connection, rewritten)
        return sum(any(cell[0] in {"values", "partners"} for cell in cells) for cells in back.values())

    def _corrected(self, row_id: int, cell: Cell) -> bool:
        return cell[0] == "values" and cell[1] in self.rows[row_id]["overrides"]
