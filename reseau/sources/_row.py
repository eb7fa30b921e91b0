"""One row being read: every problem is gathered, every field given is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from reseau.hours import ParsedHours, parse_hours
from reseau.model.communes import restore_insee
from reseau.model.reports import Problem, RefusedRow
from reseau.sources import _cells as cells
from reseau.sources._cells import CellError
from reseau.sources._columns import Column, Matching, is_extra
from reseau.sources._position import MISSING_ONE, Position, recognise_position, split_pair
from reseau.sources._table import TableRow
from reseau.sources._text import has_nir, is_spreadsheet_error, mask_nir

T = TypeVar("T")
SPOILT = (
    "erreur du tableur à la place d'une valeur : corrigez la formule dans le fichier d'origine, ou videz "
    "cette cellule."
)
NIR_FOUND = (
    "ce texte contient ce qui ressemble à un numéro de sécurité sociale. Réseau ne garde aucune donnée de "
    "patient : retirez-le."
)
NUMBERS_ONLY = frozenset({"siret", "finess", "phone", "postcode", "insee", "lat", "lon"})


class Remarks:
    """Harmless repairs made while reading, gathered by kind with their lines."""

    def __init__(self) -> None:
        self._lines: dict[str, list[int]] = {}

    def add(self, sentence: str, line: int) -> None:
        """Remember that `sentence` is true of a line."""
        self._lines.setdefault(sentence, []).append(line)

    def notes(self) -> tuple[str, ...]:
        """One French sentence per kind of repair, with its first lines."""
        return tuple(f"{sentence} ({_listed(lines)})." for sentence, lines in self._lines.items())


def _listed(lines: list[int]) -> str:
    shown = ", ".join(map(str, lines[:5]))
    more = f" et {len(lines) - 5} autres" if len(lines) > 5 else ""
    return f"ligne {shown}" if len(lines) == 1 else f"lignes {shown}{more}"


class Row:
    """Checked access to the cells of one row by field.

    `problems` holds what is wrong, `given` the fields the row really spoke about.
    """

    def __init__(
        self, row: TableRow, matching: Matching, labels: Mapping[str, str], remarks: Remarks
    ) -> None:
        self.line = row.line
        self.cells = {name: mask_nir(text) for name, text in row.cells.items()}
        self.problems: list[Problem] = []
        self.given: set[str] = set()
        self._row = row
        self._columns = matching.by_field
        self._labels = labels
        self._remarks = remarks
        self._check(row)

    def _check(self, row: TableRow) -> None:
        if row.defect:
            self.fail("", row.defect)
        for name, text in row.cells.items():
            if text and is_extra(name):
                self._add(
                    name,
                    text,
                    "valeur sans colonne : replacez-la dans la bonne colonne, puis videz cette case.",
                )
        for field, column in self._columns.items():
            text = row.cells[column]
            if len(text) > cells.MAX_CELL:
                self.fail(
                    field, f"plus de {cells.MAX_CELL} caractères dans cette cellule : raccourcissez le texte."
                )
            elif field not in NUMBERS_ONLY and has_nir(text):
                self.fail(field, NIR_FOUND)
            elif is_spreadsheet_error(text):
                self._spoilt(field, column, text)

    def _spoilt(self, field: str, column: str, text: str) -> None:
        """What is done with a cell that holds an error of the spreadsheet."""
        self._add(column, text, SPOILT)

    def raw(self, field: str) -> str:
        """Clean text of a field, empty when the file has no such column or the cell is empty."""
        column = self._columns.get(field)
        text = self._row.cells[column] if column else ""
        return "" if is_spreadsheet_error(text) else text

    def fail(self, field: str, reason: str) -> None:
        """Add a problem about a field (or the whole row when it is empty)."""
        column = self._columns.get(field, self._labels.get(field, ""))
        self._add(column, self.raw(field), reason)

    def _add(self, column: str, value: str, reason: str) -> None:
        self.problems.append(
            Problem(line=self.line, column=column, value=mask_nir(value)[:200], reason=reason)
        )

    def require(self, columns: Iterable[Column]) -> None:
        """A problem for each column every row needs and this one leaves empty."""
        for column in columns:
            told = self._columns.get(column.field) in {problem.column for problem in self.problems}
            if column.needed and not self.raw(column.field) and not told:
                self.fail(column.field, f"« {column.header} » est vide. {column.help}")

    def text(self, field: str, *, into: str = "", limit: int = cells.MAX_CELL, lines: bool = False) -> str:
        """Plain text, on one line unless `lines`; `into` names the record's field when it differs."""
        value = self.raw(field)
        value = value if lines else " ".join(value.split())
        if len(value) > limit and limit < cells.MAX_CELL:
            self.fail(field, f"plus de {limit} caractères : raccourcissez le texte.")
        if value:
            self.given.add(into or field)
        return value

    def value(self, field: str, reader: Callable[[str], T], default: T, *, into: str = "") -> T:
        """Value read by `reader` (see `_cells`), `default` when the cell is empty or wrong."""
        text = self.raw(field)
        if not text or len(text) > cells.MAX_CELL:
            return default
        restored = cells.lost_zero(text, field)
        if restored:
            label = self._labels.get(field, field)
            self._remarks.add(f"Zéro initial perdu rétabli dans « {label} »", self.line)
        try:
            value = reader(restored or text)
        except CellError as error:
            self.fail(field, str(error))
            return default
        self.given.add(into or field)
        return value

    def flag(self, field: str) -> bool | None:
        """Yes, no, or None when unknown."""
        value = self.value(field, lambda text: cells.read_flag(text, field), None)
        if value is None:
            self.given.discard(field)
        return value

    def codes(self, field: str, reader: Callable[[str], str]) -> tuple[str, ...]:
        """Several values separated by `|`, `;`, `,` or line breaks, each read by `reader`."""

        def read(text: str) -> tuple[str, ...]:
            for separator in ";,\n":
                text = text.replace(separator, "|")
            return tuple(dict.fromkeys(reader(part.strip()) for part in text.split("|") if part.strip()))

        return self.value(field, read, ())

    def hours(self, field: str = "hours") -> ParsedHours:
        """Opening hours; kept as text, with a remark, where they cannot be read."""
        text = self.text(field, lines=True)
        if not text:
            return ParsedHours("", "")
        self.given.discard(field)
        self.given |= {"opening_hours", "hours_text"}
        parsed = parse_hours(text) if len(text) <= cells.MAX_CELL else ParsedHours("", text)
        if not parsed.osm:
            self._remarks.add("Horaires gardés en texte, faute d'avoir pu être lus", self.line)
        return parsed

    def position(self) -> Position | None:
        """Position from latitude and longitude, or from one «coordonnées» cell; None when not given."""
        field = "lat"
        lat, lon = self.raw("lat"), self.raw("lon")
        try:
            if not lat and not lon and self.raw("coordinates"):
                field = "coordinates"
                lat, lon = split_pair(self.raw("coordinates"))
            if not lat and not lon:
                return None
            if not lat or not lon:
                field = "lon" if lat else "lat"
                raise CellError(MISSING_ONE)
            names = [self._columns.get(name, "") for name in ("lat", "lon", "coordinates")]
            position = recognise_position(lat, lon, insee=self._territory(), columns=names)
        except CellError as error:
            self.fail("lon" if field == "lat" and str(error).startswith("longitude") else field, str(error))
            return None
        if position.remark:
            self._remarks.add(position.remark, self.line)
        self.given |= {"lat", "lon"}
        return position

    def _territory(self) -> str:
        """INSEE code of the row, else its postcode: both begin with the department, even overseas."""
        return restore_insee(self.raw("insee")) or self.raw("postcode")

    def remark(self, sentence: str) -> None:
        """Remember something harmless about this row."""
        self._remarks.add(sentence, self.line)

    def refused(self) -> RefusedRow:
        """The row with its reasons."""
        return RefusedRow(line=self.line, problems=tuple(self.problems), row=self.cells)
