"""Columns a source knows, and how those of a file are recognised."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reseau.errors import RefusedInput
from reseau.model.typology import normalise
from reseau.sources._table import EXTRA_COLUMN

REFUSAL_COLUMN = "motif du refus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column a source reads; lines of the source's `colonnes.csv`.

    Attributes:
        field: field of the record it feeds (or a name the source's own code gives a meaning to).
        header: canonical French header, also the label shown to people.
        needed: `fichier` (no file without this column), `ligne` (no row without a value) or empty.
        synonyms: other headers it is recognised by.
        help: one French sentence for the template.
        example: value of the template's example row.
        choices: vocabulary offered by the template's drop-down list, empty for free text.
    """

    field: str
    header: str
    needed: str
    synonyms: tuple[str, ...]
    help: str
    example: str
    choices: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Which column feeds which field. `mapping` has every column of the file, '' when it feeds none."""

    mapping: Mapping[str, str]
    by_field: Mapping[str, str]
    notes: tuple[str, ...]


def load_columns(folder: Path) -> tuple[Column, ...]:
    """Read `colonnes.csv` of a source folder (UTF-8, `;`, one column a line)."""
    with (folder / "colonnes.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Column(
                field=row["champ"],
                header=row["colonne"],
                needed=row["obligatoire"],
                synonyms=tuple(part.strip() for part in row["synonymes"].split("|") if part.strip()),
                help=row["explication"],
                example=row["exemple"],
                choices=row["liste"],
            )
            for row in csv.DictReader(file, delimiter=";")
        )


@cache
def header_index(columns: tuple[Column, ...]) -> dict[str, str]:
    """Normalised header or synonym → field; a header always wins over a synonym."""
    index: dict[str, str] = {}
    for names in (
        [(c.header, c) for c in columns],
        [(s, c) for c in columns for s in (c.field, *c.synonyms)],
    ):
        for name, column in names:
            index.setdefault(header_key(name), column.field)
    return index


def header_key(header: str) -> str:
    """Header without accents, case, punctuation or plural marks."""
    return " ".join(word.rstrip("sx") if len(word) > 3 else word for word in normalise(header).split())


def field_of(header: str, columns: tuple[Column, ...]) -> str:
    """Field a header names, '' when none; a bracketed remark in it is tolerated."""
    index = header_index(columns)
    bare = re.sub(r"\([^)]*\)", " ", header)
    return index.get(header_key(header)) or index.get(header_key(bare), "")


def count_recognised(cells: Sequence[str], columns: tuple[Column, ...]) -> int:
    """Number of distinct fields a row of cells would name as a header."""
    return len({field for cell in cells if cell and len(cell) < 100 and (field := field_of(cell, columns))})


def match_columns(
    found: Sequence[str], columns: tuple[Column, ...], mapping: Mapping[str, str] | None
) -> Matching:
    """Match the columns of a file with fields, by name or as a person chose.

    Args:
        found: columns of the file.
        columns: columns of the source.
        mapping: choices of a person, None to go by the names.

    Raises:
        RefusedInput: a choice names a column the file does not have or a field that does not exist.
    """
    if mapping is not None:
        _check_choices(found, columns, mapping)
    labels = {column.field: column.header for column in columns}
    chosen: dict[str, str] = {}
    by_field: dict[str, str] = {}
    notes: list[str] = []
    unknown: list[str] = []
    for name in found:
        field = field_of(name, columns) if mapping is None else mapping.get(name, "")
        if field in by_field:
            notes.append(
                f"Les colonnes « {by_field[field]} » et « {name} » disent toutes deux « {labels[field]} » : "
                f"seule « {by_field[field]} » est lue."
            )
            field = ""
        elif field:
            by_field[field] = name
        elif not is_housekeeping(name):
            unknown.append(name)
        chosen[name] = field
    if unknown:
        listed = ", ".join(f"« {name} »" for name in unknown)
        notes.append(f"Colonnes non lues ({len(unknown)}) : {listed}.")
    return Matching(mapping=chosen, by_field=by_field, notes=tuple(notes))


def is_housekeeping(name: str) -> bool:
    """Whether a column was added by our own file of refused rows."""
    return normalise(name) == REFUSAL_COLUMN or is_extra(name)


def is_extra(name: str) -> bool:
    """Whether a column of our file of refused rows holds values that had no column."""
    return normalise(name).startswith(f"{EXTRA_COLUMN} ")


def _check_choices(found: Sequence[str], columns: tuple[Column, ...], mapping: Mapping[str, str]) -> None:
    fields = {column.field for column in columns} | {""}
    for name, field in mapping.items():
        if name not in found:
            raise RefusedInput(
                f"La colonne « {name} », choisie dans la correspondance, n'est pas dans le fichier."
            )
        if field not in fields:
            raise RefusedInput(
                f"« {field} » n'est pas un champ de cette source. Choisissez-le dans la liste."
            )
