"""France services: the national list of the agency that labels them, filtered on a territory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from reseau.errors import RefusedInput
from reseau.model.communes import department_of, matching_codes, restore_insee
from reseau.model.records import Structure
from reseau.model.reports import LocatedRecord, Parsed, Problem, RefusedRow, Scope
from reseau.sources._base import ReadOptions, Source, load_spec
from reseau.sources._cells import CellError
from reseau.sources._peek import glimpse
from reseau.sources._position import recognise_position
from reseau.sources._row import Remarks
from reseau.sources._table import Table, TableRow, read_table
from reseau.sources._territory import require_territory, select
from reseau.sources._text import mask_nir
from reseau.sources.france_services.records import KNOWN, TYPE, is_travelling, structure_of

REQUIRED = {"id_fs": "identifiant", "lib_fs": "nom", "insee_com": "code INSEE"}


class FranceServices(Source):
    """One row a place; the days have a column each."""

    spec = load_spec(Path(__file__).parent)

    def read(self, path: Path, scope: Scope, options: ReadOptions) -> Parsed:
        """Read the places of the scope's communes, and those within its radius of the quartiers.

        Raises:
            RefusedInput: not that list, or a scope that names no territory.
        """
        table = read_table(path, recognise=lambda cells: len(KNOWN.intersection(cells)))
        missing = [f"{label} ({name})" for name, label in REQUIRED.items() if name not in table.columns]
        if missing or not table.rows:
            raise RefusedInput(
                f"« {path.name} » n'est pas la liste des France services : il y manque "
                f"{', '.join(missing) or 'des lignes'}. Prenez le fichier « liste des structures France "
                "services » de data.gouv.fr."
            )
        require_territory(scope, path.name)
        rows, cut = _whole_rows(table)
        chosen = _select(rows, scope)
        remarks = Remarks()
        records, refused = _build([rows[place] for place in chosen], remarks)
        whole = not cut and self._is_whole(rows, scope)
        counts = {
            "shared_points": _shared(rows),
            "shared_points_kept": _shared([rows[place] for place in chosen]),
            "travelling": sum(is_travelling(rows[place].cells) for place in chosen),
        }
        return Parsed(
            records=tuple(records),
            refused=tuple(refused),
            n_out_of_scope=len(rows) - len(chosen),
            claims=frozenset({TYPE}) if whole and TYPE in options.typology else frozenset(),
            covers=matching_codes(scope.communes) if whole else frozenset(),
            notes=(*table.notes, *_notes(table, counts, whole=whole, cut=cut), *remarks.notes()),
            counts=counts,
        )

    def recognises(self, path: Path) -> bool:
        """By its column names."""
        return glimpse(path).has("id fs", "lib fs", "insee com")

    def _is_whole(self, rows: Sequence[TableRow], scope: Scope) -> bool:
        """The national list, or one that knows every department of the territory."""
        if len(rows) >= self.spec.expected_rows[0]:
            return True
        known = {department_of(_insee(row.cells)) for row in rows}
        wanted = {department_of(code) for code in scope.communes}
        return bool(wanted) and wanted <= known


def _whole_rows(table: Table) -> tuple[Sequence[TableRow], bool]:
    """Rows, without a last one cut in the middle by an interrupted download."""
    last = table.rows[-1].cells
    ends = [name for name in ("type_fs", "format_fs", "labellisation_fs") if name in table.columns]
    cut = len(table.rows) > 1 and bool(ends) and not any(last[name] for name in ends)
    return (table.rows[:-1] if cut else table.rows), cut


def _insee(cells: Mapping[str, str]) -> str:
    return restore_insee(cells.get("insee_com", "")) or ""


def _select(rows: Sequence[TableRow], scope: Scope) -> list[int]:
    def locate(places: list[int]) -> np.ndarray:
        return np.array([_degrees(rows[place].cells) for place in places]).reshape(len(places), 2)

    return select([_insee(row.cells) for row in rows], scope, locate)


def _degrees(cells: Mapping[str, str]) -> tuple[float, float]:
    try:
        found = recognise_position(cells.get("latitude", ""), cells.get("longitude", ""), insee=_insee(cells))
    except CellError:
        return float("nan"), float("nan")
    return found.lon, found.lat


def _build(rows: Sequence[TableRow], remarks: Remarks) -> tuple[list[LocatedRecord], list[RefusedRow]]:
    records: list[LocatedRecord] = []
    refused: list[RefusedRow] = []
    first: dict[str, int] = {}
    for row in rows:
        problem = _defect(row, first)
        if problem is not None:
            kept = {name: mask_nir(text) for name, text in row.cells.items()}
            refused.append(RefusedRow(line=row.line, problems=(problem,), row=kept))
            continue
        given = structure_of(row.cells, insee=_insee(row.cells), line=row.line, remarks=remarks)
        record = Structure(**given)  # type: ignore[arg-type]
        row_as_read = {name: mask_nir(text) for name, text in row.cells.items() if text}
        records.append(LocatedRecord(line=row.line, record=record, fields=frozenset(given), row=row_as_read))
    return records, refused


def _defect(row: TableRow, first: dict[str, int]) -> Problem | None:
    number = row.cells["id_fs"]
    reason, column = row.defect, ""
    if not reason and not number:
        reason, column = "La ligne n'a pas d'identifiant : complétez-la ou reprenez le fichier.", "id_fs"
    elif not reason and not row.cells["lib_fs"]:
        reason, column = "La ligne n'a pas de nom : complétez-la ou reprenez le fichier.", "lib_fs"
    elif not reason and first.setdefault(number, row.line) != row.line:
        reason = f"Cet identifiant est déjà celui de la ligne {first[number]} : gardez-en une seule."
        column = "id_fs"
    if not reason:
        return None
    value = mask_nir(row.cells.get(column, ""))[:200]
    return Problem(line=row.line, column=column, value=value, reason=reason)


def _shared(rows: Sequence[TableRow]) -> int:
    """Places that are at the very point of another."""
    places = {row.cells["id_fs"]: row.cells for row in rows}.values()
    points = Counter((cells.get("latitude", ""), cells.get("longitude", "")) for cells in places)
    return sum(number for point, number in points.items() if number > 1 and all(point))


def _notes(table: Table, counts: Mapping[str, int], *, whole: bool, cut: bool) -> list[str]:
    notes = []
    unknown = [name for name in table.columns if name not in KNOWN]
    if unknown:
        notes.append(f"Colonnes non lues ({len(unknown)}) : {', '.join(f'« {n} »' for n in unknown)[:300]}.")
    if counts["travelling"]:
        notes.append(
            f"{counts['travelling']} service(s) itinérant(s) : sans adresse où se rendre, à rattacher aux "
            "quartiers où ils passent (« quartiers desservis » de leur fiche)."
        )
    if counts["shared_points_kept"]:
        notes.append(
            f"{counts['shared_points_kept']} lieu(x) au même point qu'un autre : plusieurs services à une "
            "adresse, ce qui est normal, ou deux fois le même (voir les doublons)."
        )
    if cut:
        notes.append("La dernière ligne est coupée : le fichier est incomplet, téléchargez-le de nouveau.")
    if not whole:
        notes.append("Le fichier ne couvre pas tout le territoire : il ne permet de dire aucun type absent.")
    return notes


SOURCE = FranceServices()
