"""What a source found in a file, and what an import did with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from reseau.model.records import Action, Contact, JournalEntry, Permanence, Quartier, Relation, Structure

Record = Structure | Quartier | Relation | Permanence | Contact | Action | JournalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why one row cannot be taken, in French.

    Attributes:
        line: line number in the file as a spreadsheet shows it (header is line 1);
            feature number for GeoJSON.
        column: name of the column at fault, empty when the whole row is.
        value: the value found, shortened to 200 characters.
        reason: what is wrong and what to do.
    """

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row kept with its reasons, so that it can be downloaded, corrected and imported again."""

    line: int
    problems: tuple[Problem, ...]
    row: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedRecord:
    """A record, where it came from in the file, and which of its fields the file spoke about.

    Attributes:
        fields: names of the dataclass fields the row gave; others must not overwrite what is stored.
        row: the row as read, kept in case it is refused later (unknown partner name, for example).
    """

    line: int
    record: Record
    fields: frozenset[str]
    row: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What part of a national file a territory wants.

    Attributes:
        communes: INSEE codes taken.
        areas_wkb: boundaries (EPSG:4326) around which `radius_km` counts; quartiers, else nothing.
        radius_km: taken too when within this distance of an area, kilometres.
    """

    communes: frozenset[str] = frozenset()
    areas_wkb: tuple[bytes, ...] = ()
    radius_km: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """Everything a source says of one file. `n_read == len(records) + len(refused) + n_out_of_scope`.

    Attributes:
        data_date: date of the data according to the file, None when it does not say.
        claims: type codes the source claims to list completely in the scope.
        notes: French sentences worth reading (repaired polygons, unknown categories, encoding…).
        counts: named counts behind the notes, for machines.
    """

    records: tuple[LocatedRecord, ...]
    refused: tuple[RefusedRow, ...] = ()
    n_out_of_scope: int = 0
    data_date: date | None = None
    claims: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    counts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def n_read(self) -> int:
        """Rows read, always the sum of the other counts."""
        return len(self.records) + len(self.refused) + self.n_out_of_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """Outcome of one import, as stored and shown. `read` is always the sum of the other counts."""

    id: int | None
    source: str
    filename: str
    on: str
    data_date: str
    created: int
    updated: int
    unchanged: int
    refused: tuple[RefusedRow, ...]
    out_of_scope: int
    claims: tuple[str, ...] = ()
    scope_communes: tuple[str, ...] = ()
    scope_radius_km: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def read(self) -> int:
        """Rows read in the file."""
        return self.created + self.updated + self.unchanged + len(self.refused) + self.out_of_scope
