"""What a source found in a file, and what an import did with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from reseau.model.context import Commune, Iris, Repere, Square
from reseau.model.french import written_day
from reseau.model.records import (
    Action,
    Contact,
    JournalEntry,
    Need,
    Permanence,
    Quartier,
    Relation,
    Structure,
)

Record = (
    Structure
    | Quartier
    | Relation
    | Permanence
    | Contact
    | Action
    | JournalEntry
    | Need
    | Repere
    | Iris
    | Square
    | Commune
)


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
        qpv_codes: the only QPV taken, empty for all those of the communes.
        boundaries_wkb: boundaries (EPSG:4326) of the communes taken, as far as they are loaded.
        everywhere: the whole file is taken, for a table of the whole country.
    """

    communes: frozenset[str] = frozenset()
    areas_wkb: tuple[bytes, ...] = ()
    radius_km: float | None = None
    qpv_codes: frozenset[str] = frozenset()
    boundaries_wkb: tuple[bytes, ...] = ()
    everywhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """Everything a source says of one file. `n_read == len(records) + len(refused) + n_out_of_scope`.

    Attributes:
        data_date: date of the data according to the file, None when it does not say.
        claims: type codes the source claims to list completely in the scope.
        covers: communes of the scope it lists whole, even those where it has nothing; others are spoken of
            only where it has something.
        notes: French sentences worth reading (repaired polygons, unknown categories, encoding…).
        counts: named counts behind the notes, for machines.
    """

    records: tuple[LocatedRecord, ...]
    refused: tuple[RefusedRow, ...] = ()
    n_out_of_scope: int = 0
    data_date: date | None = None
    claims: frozenset[str] = frozenset()
    covers: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    counts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def n_read(self) -> int:
        """Rows read, always the sum of the other counts."""
        return len(self.records) + len(self.refused) + self.n_out_of_scope

    @property
    def spoken(self) -> frozenset[str]:
        """Communes it speaks of: an extract of elsewhere says nothing of what is not there."""
        met = {item.record.insee for item in self.records if isinstance(item.record, Structure)}
        return frozenset(met - {""}) | self.covers


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """What would become of one field.

    Attributes:
        old: value stored now, None for a new row.
        new: value the file gives.
        old_source: source in force for the stored value (`saisie`: a person), empty when not known.
    """

    field: str
    old: Any
    new: Any
    old_source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """What an import would do with one row.

    Attributes:
        key: stable name of the change, the same each time the same file is compared with the same data.
        action: `new`, `changed`, `gone` (the source no longer lists it: marked closed, never deleted; a row
            of another map, a block or a square is put aside) or `reopened` (listed again).
        line: line of the file, 0 for `gone`.
        label: name to show.
        row_id: row changed, None for `new`.
        fields: what would be written (for `new`, only what a person wants to read).
        kept: what the file says and is not written, because a person or a better source says otherwise.
    """

    key: str
    action: str
    line: int
    label: str
    row_id: int | None
    fields: tuple[FieldChange, ...] = ()
    kept: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What an import would do, before anything is written. `read` is the sum of its counts, `gone` aside.

    Attributes:
        kind: kind of the rows, as `SourceSpec.kind`.
        changes: every row that would not stay as it is, in the order new, changed, reopened, gone.
        n_kept: rows that do not change but where the file says something else than a person.
    """

    source: str
    filename: str
    kind: str
    changes: tuple[RowChange, ...]
    unchanged: int
    refused: tuple[RefusedRow, ...]
    out_of_scope: int
    data_date: str = ""
    notes: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    n_kept: int = 0

    def count(self, action: str) -> int:
        """Rows of one action."""
        return sum(change.action == action for change in self.changes)

    @property
    def read(self) -> int:
        """Rows read in the file."""
        in_file = len(self.changes) - self.count("gone")
        return in_file + self.unchanged + len(self.refused) + self.out_of_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoReport:
    """What undoing an import did.

    Attributes:
        removed: rows it had made, gone again.
        restored: rows put back as they were before.
        left: (name, French reason) of the rows that stay because somebody worked on them since.
    """

    removed: int
    restored: int
    left: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """Outcome of one import, as stored and shown. `read` is always the sum of the counts of its rows.

    Attributes:
        closed: rows the source no longer lists, marked closed (they are not rows of the file).
        skipped: rows that would have changed something and that the person did not choose.
        undone_on: when it was undone, empty when it was not.
    """

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
    closed: int = 0
    undone_on: str = ""
    skipped: int = 0

    @property
    def dated(self) -> str:
        """«données du 12 janvier 2026»; a file that does not say its date is told with its import."""
        if self.data_date:
            return f"données du {written_day(date.fromisoformat(self.data_date))}"
        return f"importé le {written_day(date.fromisoformat(self.on[:10]))}, date des données inconnue"

    @property
    def read(self) -> int:
        """Rows read in the file."""
        taken = self.created + self.updated + self.unchanged
        return taken + self.skipped + len(self.refused) + self.out_of_scope
