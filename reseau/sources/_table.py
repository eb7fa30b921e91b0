"""A table of any usual format as text: header, rows with their line numbers, notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from reseau.errors import RefusedInput
from reseau.sources._delimited import RawRow, Recognise, read_delimited
from reseau.sources._guards import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, TEXT, file_kind
from reseau.sources._text import clean_header
from reseau.sources._workbook import read_workbook

HEADER_SEARCH_ROWS = 10
EXTRA_COLUMN = "valeur en trop"
EMPTY_EXTRA = "(vide)"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: text by column, and why it cannot be taken whatever it says (else empty)."""

    line: int
    cells: Mapping[str, str]
    defect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A whole table.

    Attributes:
        columns: distinct, non-empty names, in order.
        rows: data rows; wholly empty ones are left out.
        sheets: visible sheets of a workbook, empty for a text file.
        description: format in one French sentence.
        notes: French remarks worth reading.
    """

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    sheets: tuple[str, ...] = ()
    description: str = ""
    notes: tuple[str, ...] = ()


def read_table(path: Path, *, recognise: Recognise, sheet: str | None = None) -> Table:
    """Read a CSV (any usual separator and encoding), XLSX, XLS or ODS file.

    Args:
        path: the file; its content decides of its format, not its extension.
        recognise: number of columns a row of cells would give as a header.
        sheet: sheet of a workbook, None for the first visible one.

    Raises:
        RefusedInput: no table there, or one beyond the limits of `_guards`.
    """
    sheets: tuple[str, ...] = ()
    if file_kind(path) == TEXT:
        raw, description, notes = read_delimited(path, recognise)
    else:
        raw, chosen, sheets, notes = read_workbook(path, sheet)
        description = f"Classeur, feuille « {chosen} »."
    header, body = _split_header(raw, recognise)
    if header is None:
        raise RefusedInput(
            f"« {path.name} » ne contient aucune ligne. Vérifiez le fichier ou la feuille choisie."
        )
    if len(header.cells) > MAX_COLUMNS:
        raise RefusedInput(
            f"« {path.name} » s'étend sur plus de {MAX_COLUMNS} colonnes. "
            "Gardez seulement les colonnes utiles."
        )
    if header.line > 1:
        notes.append(f"En-têtes lus à la ligne {header.line} ; ce qui est au-dessus n'est pas importé.")
    names = _column_names(header.cells)
    rows = _data_rows(body, names, path.name)
    columns, rows = _without_unused(header.cells, names, rows)
    return Table(
        columns=columns,
        rows=rows,
        sheets=sheets,
        description=description,
        notes=tuple(notes),
    )


def _split_header(raw: Iterator[RawRow], recognise: Recognise) -> tuple[RawRow | None, Iterable[RawRow]]:
    """Header: the first row where two columns are recognised, else the first row there is."""
    head = list(islice(raw, HEADER_SEARCH_ROWS))
    if not head:
        return None, ()
    place = next(
        (i for i, row in enumerate(head) if not row.defect and recognise(row.cells[:MAX_COLUMNS]) >= 2), 0
    )
    return head[place], chain(head[place + 1 :], raw)


def _column_names(cells: tuple[str, ...]) -> list[str]:
    """Distinct names, in order; a column without a name is called after its place."""
    names: list[str] = []
    taken: set[str] = set()
    for index, cell in enumerate(cells):
        wanted = name = clean_header(cell)[:200] or f"colonne {index + 1}"
        number = 2
        while name in taken:
            name, number = f"{wanted} ({number})", number + 1
        taken.add(name)
        names.append(name)
    return names


def _without_unused(
    header: tuple[str, ...], names: list[str], rows: tuple[TableRow, ...]
) -> tuple[tuple[str, ...], tuple[TableRow, ...]]:
    """Leave out the columns that have neither a name nor a value."""
    unnamed = {name for name, cell in zip(names, header, strict=True) if not cell}
    unused = {name for name in unnamed if not any(row.cells[name] for row in rows)}
    if unused:
        rows = tuple(
            TableRow(row.line, {k: v for k, v in row.cells.items() if k not in unused}, row.defect)
            for row in rows
        )
    return tuple(name for name in names if name not in unused), rows


def _data_rows(raw: Iterable[RawRow], columns: list[str], filename: str) -> tuple[TableRow, ...]:
    most = min(MAX_ROWS, MAX_CELLS // max(1, len(columns)))
    rows = list(islice(raw, most + 1))
    if len(rows) > most:
        raise RefusedInput(
            f"« {filename} » a plus de {most} lignes. Gardez seulement les lignes de votre territoire."
        )
    allowed = _allowed_width(rows, len(columns))
    return tuple(_data_row(row, columns, allowed) for row in rows)


def _allowed_width(rows: list[RawRow], width: int) -> int:
    """Width beyond which a row is too long: some programs end every row but the header with separators."""
    shortest = min((len(row.cells) for row in rows if not row.defect), default=width)
    filled = any(any(row.cells[width:shortest]) for row in rows)
    return width if filled else max(width, shortest)


def _data_row(row: RawRow, columns: list[str], allowed: int) -> TableRow:
    padded = row.cells + ("",) * (len(columns) - len(row.cells))
    cells = dict(zip(columns, padded, strict=False))
    if len(row.cells) <= allowed:
        return TableRow(row.line, cells, row.defect)
    # Extra cells, even empty, mean that values have slipped into the next column: the trace must stay.
    extra = row.cells[len(columns) :]
    cells |= {f"{EXTRA_COLUMN} {i}": text or EMPTY_EXTRA for i, text in enumerate(extra, start=1)}
    reason = (
        f"{len(row.cells)} cellules pour {len(columns)} colonnes : un séparateur de trop, sans doute dans un "
        "texte. Mettez ce texte entre guillemets, ou replacez chaque valeur dans sa colonne."
    )
    return TableRow(row.line, cells, row.defect or reason)
