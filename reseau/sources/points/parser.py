"""Places of any public file of points: columns of one's own, mapped to those of a structure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

import numpy as np

from reseau.errors import RefusedInput
from reseau.model.records import Structure
from reseau.model.reports import Parsed, Record, Scope
from reseau.model.typology import Typology
from reseau.sources._base import Preview, ReadOptions
from reseau.sources._columns import Matching, count_recognised, match_columns
from reseau.sources._row import Row
from reseau.sources._table import Table, read_table
from reseau.sources._tabular import Context, Draft
from reseau.sources._territory import Territory, near_positions
from reseau.sources._vocabulary import suggest_types
from reseau.sources.points.features import is_json, read_features
from reseau.sources.tableur.parser import MAX_IDENTIFIER, Tableur, place_slug, slugify

T = TypeVar("T")
PREFIX = "points--"
# Shorter identifiers are numbers of a list: two files would give the same one to two places.
_OWN_IDENTIFIER = 9
_AROUND_KM = 20.0
# Boundaries are drawn with fewer points than the ground has.
_EDGE_METRES = 100.0
CONSTANTS = frozenset({"types", "commune", "insee", "postcode"})
NO_TYPE = (
    "n'a pas de colonne qui dise le type des lieux. Choisissez-la dans la correspondance, ou donnez un type "
    "pour toutes les lignes (option « --type CODE » de la ligne de commande)."
)


class PublicRow(Row):
    """A row nobody here can correct: an unreadable detail is left out and counted, the place is kept."""

    def _spoilt(self, field: str, column: str, text: str) -> None:
        self._remarks.add(f"« {self._labels.get(field, field)} » illisible, laissé vide", self.line)

    def value(self, field: str, reader: Callable[[str], T], default: T, *, into: str = "") -> T:
        """As `Row.value`; only a type that is not understood refuses the row."""
        before = len(self.problems)
        found = super().value(field, reader, default, into=into)
        if field != "types" and len(self.problems) > before:
            del self.problems[before:]
            self._remarks.add(f"« {self._labels.get(field, field)} » illisible, laissé vide", self.line)
        return found


class Points(Tableur):
    """One place an object, or a row."""

    folder = Path(__file__).parent
    sheet_title = "Lieux"
    row_class = PublicRow

    def read(self, path: Path, scope: Scope, options: ReadOptions) -> Parsed:
        """Read the places that are not known to be elsewhere.

        A place whose INSEE code is another commune's is left out, unless it lies within the radius; one
        without a code is left out when it lies outside the boundaries of the communes where they are all
        loaded, else when it lies more than 20 km from every quartier. `options.defaults` may give the type
        of all the places.

        Raises:
            RefusedInput: no list of places there, or nothing that says their type.
        """
        parsed = super().read(path, scope, options)
        kept = _kept([cast(Structure, located.record) for located in parsed.records], scope)
        left = len(parsed.records) - len(kept)
        note = (f"{left} lieu(x) hors du territoire, non pris.",) if left else ()
        return replace(
            parsed,
            records=tuple(parsed.records[place] for place in kept),
            n_out_of_scope=left,
            notes=parsed.notes + note,
        )

    def require_columns(self, path: Path, matching: Matching, options: ReadOptions) -> None:
        """The type of the places: in a column, or given once for all of them."""
        given = options.defaults.get("types", "")
        if given:
            _check_type(given, options.typology)
        elif "types" not in matching.by_field:
            raise RefusedInput(f"« {path.name} » {NO_TYPE}")

    def preview(self, path: Path, options: ReadOptions) -> Preview:
        """As the spreadsheet's; the type may be given once for all the rows."""
        preview = super().preview(path, options)
        return replace(preview, constants=CONSTANTS)

    def template(self) -> None:
        """Nobody fills such a file: a team that writes its own uses the source `tableur`."""

    def build(self, row: Row, context: Context) -> Structure:
        """Structure of a row; its uid is completed in `finish`."""
        structure = super().build(row, context)
        native = row.text("uid", limit=MAX_IDENTIFIER)
        uid = f"{PREFIX}{native}" if native else ""
        if native and len(native) < _OWN_IDENTIFIER:
            uid = f"{uid}-{slugify(structure.name)}"
        if structure.lon is not None and not row.raw("position_precision"):
            # Placed by somebody else, who does not say how.
            structure = replace(structure, position_precision="adresse")
        return replace(structure, uid=uid)

    def finish(self, drafts: Sequence[Draft]) -> tuple[str, ...]:
        """Give an identifier to the places that have none: name and position, else name and commune."""
        for draft in drafts:
            structure = cast(Structure, draft.record)
            if not structure.uid:
                draft.record = replace(structure, uid=f"{PREFIX}{_slug(structure)}")
        return ()

    def _table(self, path: Path, options: ReadOptions) -> Table:
        if is_json(path):
            table = read_features(path)
        else:
            recognise = partial(count_recognised, columns=self.columns)
            table = read_table(path, recognise=recognise, sheet=options.sheet)
        column = match_columns(table.columns, self.columns, options.mapping).by_field.get("types")
        if column and options.defaults.get("types"):
            table = _without_unknown_types(table, column, options.typology)
        return table


def _without_unknown_types(table: Table, column: str, typology: Typology) -> Table:
    """The type given for all the rows takes the place of words the typology does not know."""
    known = {text: _understood(text, typology) for text in {row.cells[column] for row in table.rows}}
    lost = [row.cells[column] for row in table.rows if not known[row.cells[column]]]
    if not lost:
        return table
    rows = tuple(
        row if known[row.cells[column]] else replace(row, cells={**row.cells, column: ""})
        for row in table.rows
    )
    shown = ", ".join(f"« {text[:40]} »" for text in dict.fromkeys(lost[:5]))
    note = (
        f"{len(lost)} lieu(x) d'un genre inconnu ({shown}) : le type donné pour toutes les lignes est pris."
    )
    return replace(table, rows=rows, notes=(*table.notes, note))


def _understood(text: str, typology: Typology) -> bool:
    return not text or not typology.recognise_all(text)[1]


def _slug(structure: Structure) -> str:
    if structure.lon is None or structure.lat is None:
        return "-".join(filter(None, (place_slug(structure), slugify(structure.address))))
    # Ten metres: the same place moves a little from one export to the next.
    return f"{slugify(structure.name)}-{structure.lat:.4f}-{structure.lon:.4f}"


def _check_type(text: str, typology: Typology) -> None:
    if not text.strip() or not _understood(text, typology):
        hint = " ou ".join(f"« {label} »" for label in suggest_types(text, typology))
        raise RefusedInput(
            f"Le type « {text[:60]} », donné pour toutes les lignes, est inconnu."
            + (f" Vouliez-vous dire {hint} ?" if hint else "")
        )


def _kept(structures: Sequence[Record], scope: Scope) -> list[int]:
    """Indexes of the places that are not known to be elsewhere."""
    places = [cast(Structure, item) for item in structures]
    if not scope.communes and scope.radius_km is None:
        return list(range(len(places)))
    at = np.array([(_degrees(p.lon), _degrees(p.lat)) for p in places], dtype=float).reshape(len(places), 2)
    territory = Territory(scope)
    near = territory.near(at)
    if scope.boundaries_wkb and len(scope.boundaries_wkb) >= len(scope.communes):
        areas, metres = scope.boundaries_wkb, _EDGE_METRES
    else:
        areas, metres = scope.areas_wkb, max(scope.radius_km or 0.0, _AROUND_KM) * 1000
    not_far = (
        near_positions(at, areas, metres) | np.isnan(at[:, 0]) if areas else np.ones(len(places), dtype=bool)
    )
    return [
        index
        for index, place in enumerate(places)
        if near[index] or (territory.has(place.insee) if place.insee else not_far[index])
    ]


def _degrees(value: float | None) -> float:
    return float("nan") if value is None else value
