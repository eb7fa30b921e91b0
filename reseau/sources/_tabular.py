"""Base of the sources whose file is a table people fill in."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import ClassVar

from reseau.errors import RefusedInput
from reseau.model.reports import LocatedRecord, Parsed, Record, RefusedRow, Scope
from reseau.model.typology import Typology
from reseau.sources._base import Preview, ReadOptions, Source, load_spec
from reseau.sources._columns import Column, Matching, count_recognised, load_columns, match_columns
from reseau.sources._row import Remarks, Row
from reseau.sources._table import Table, TableRow, read_table
from reseau.sources._template import build_template
from reseau.sources._vocabulary import read_types

PREVIEW_ROWS = 20
# Share of the columns another source knows, and how much more than this one, for a file to be surely its own.
SURE = 0.9
MARGIN = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the rows of one file share."""

    typology: Typology
    read_types: Callable[[str], tuple[str, ...]]


@dataclass(slots=True)
class Draft:
    """A row and the record built from it (meaningless where the row has problems)."""

    row: Row
    record: Record


def with_defaults(
    table: Table, matching: Matching, defaults: Mapping[str, str], labels: Mapping[str, str]
) -> tuple[Sequence[TableRow], Matching]:
    """Rows where what a person gave once for all of them fills what they leave empty.

    A field without a column gets one, named after it: a refused row shows it and can be imported again.

    Raises:
        RefusedInput: a field that this source does not have.
    """
    rows: Sequence[TableRow] = table.rows
    for field, text in defaults.items():
        if field not in labels:
            raise RefusedInput(f"« {field} » n'est pas un champ de cette source.")
        column = matching.by_field.get(field) or _free_name(labels[field], table.columns)
        rows = [replace(row, cells={**row.cells, column: row.cells.get(column) or text}) for row in rows]
        matching = replace(matching, by_field={**matching.by_field, field: column})
    return rows, matching


def _free_name(wanted: str, taken: Sequence[str]) -> str:
    return f"{wanted} (toutes les lignes)" if wanted in taken else wanted


class TabularSource(Source):
    """A source described by `source.toml` and `colonnes.csv` in its folder."""

    folder: ClassVar[Path]
    sheet_title: ClassVar[str]
    row_class: ClassVar[type[Row]] = Row

    def __init__(self) -> None:
        self.spec = load_spec(self.folder)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Columns this source reads."""
        return load_columns(self.folder)

    @abstractmethod
    def build(self, row: Row, context: Context) -> Record:
        """Record of a row; what is wrong goes to `row.problems`."""

    def finish(self, drafts: Sequence[Draft]) -> tuple[str, ...]:
        """Look at all the rows together (identifiers…); returns notes."""
        return ()

    def require_columns(self, path: Path, matching: Matching, options: ReadOptions) -> None:
        """Refuse a file that lacks what this source asks for beside its necessary columns.

        Raises:
            RefusedInput: it is neither in the columns nor in what was given for all the rows.
        """

    def key(self, record: Record) -> Hashable:
        """What makes two rows of one file the same thing, None when nothing does."""
        return repr(record)

    def read(self, path: Path, scope: Scope, options: ReadOptions) -> Parsed:
        """Read a whole file; `scope` does not matter, a team's own table is taken whole."""
        table = self._table(path, options)
        matching = match_columns(table.columns, self.columns, options.mapping)
        self.require_columns(path, matching, options)
        if not table.rows:
            raise RefusedInput(f"« {path.name} » n'a que des en-têtes : ajoutez au moins une ligne.")
        labels = {column.field: column.header for column in self.columns}
        rows, matching = with_defaults(table, matching, options.defaults, labels)
        self._check_columns(path, matching)
        if options.mapping is None:
            self._check_kind(path, table.columns, len(matching.by_field))
        remarks = Remarks()
        context = Context(typology=options.typology, read_types=read_types(options.typology))
        drafts = [self._draft(self.row_class(row, matching, labels, remarks), context) for row in rows]
        notes = self.finish(drafts)
        records, refused = self._sort(drafts)
        return Parsed(
            records=records,
            refused=refused,
            claims=frozenset(self.spec.claims),
            notes=table.notes + matching.notes + remarks.notes() + notes,
        )

    def preview(self, path: Path, options: ReadOptions) -> Preview:
        """Columns, recognised mapping and first rows."""
        table = self._table(path, options)
        matching = match_columns(table.columns, self.columns, options.mapping)
        return Preview(
            columns=table.columns,
            mapping=matching.mapping,
            rows=tuple(
                {name: row.cells[name] for name in table.columns} for row in table.rows[:PREVIEW_ROWS]
            ),
            n_rows=len(table.rows),
            fields={column.field: column.header for column in self.columns},
            required=frozenset(column.field for column in self.columns if column.needed),
            sheets=table.sheets,
            notes=(table.description, *table.notes, *matching.notes),
        )

    def template(self) -> bytes | None:
        """An XLSX file to fill, with one example row, instructions and the list of types."""
        return build_template(self.columns, title=self.sheet_title, about=self.spec.why_trust)

    def _table(self, path: Path, options: ReadOptions) -> Table:
        return read_table(
            path, recognise=partial(count_recognised, columns=self.columns), sheet=options.sheet
        )

    def _check_columns(self, path: Path, matching: Matching) -> None:
        missing = [c for c in self.columns if c.needed == "fichier" and c.field not in matching.by_field]
        if missing:
            listed = ", ".join(f"« {column.header} »" for column in missing)
            found = ", ".join(f"« {name} »" for name in list(matching.mapping)[:15])
            raise RefusedInput(
                f"« {path.name} » : colonne obligatoire introuvable : {listed}. "
                f"Colonnes du fichier : {found}. Renommez la colonne, choisissez-la dans la correspondance, "
                "ou partez du modèle."
            )

    def _check_kind(self, path: Path, columns: Sequence[str], n_known: int) -> None:
        """Refuse what is surely another table: names of people would become those of actions.

        A person who chooses the columns one by one knows what is done.
        """
        # Discovery loads every source, this one too.
        from reseau.sources import all_sources

        for other in all_sources().values():
            if not isinstance(other, TabularSource) or other.spec.kind == self.spec.kind:
                continue
            share = other.likeness(columns)
            if share >= SURE and share - n_known / len(columns) >= MARGIN:
                raise RefusedInput(
                    f"« {path.name} » semble être un fichier de la source « {other.id} » "
                    f"({other.spec.title}), pas de « {self.id} » : importez-le avec « {other.id} », ou "
                    "choisissez vous-même à quoi correspond chaque colonne (page Données)."
                )

    def likeness(self, columns: Sequence[str]) -> float:
        """Share of the columns of a file that this source knows, 0 when a necessary one is missing."""
        found = match_columns(columns, self.columns, None)
        if not columns or any(c.needed and c.field not in found.by_field for c in self.columns):
            return 0.0
        return len(found.by_field) / len(columns)

    def _draft(self, row: Row, context: Context) -> Draft:
        row.require(self.columns)
        return Draft(row, self.build(row, context))

    def _sort(self, drafts: Sequence[Draft]) -> tuple[tuple[LocatedRecord, ...], tuple[RefusedRow, ...]]:
        records: list[LocatedRecord] = []
        refused: list[RefusedRow] = []
        first_lines: dict[Hashable, int] = {}
        for draft in drafts:
            row = draft.row
            if not row.problems:
                line = first_lines.setdefault(self.key(draft.record), row.line)
                if line != row.line:
                    row.fail(
                        "uid", f"cette ligne répète la ligne {line}. Supprimez-la, ou distinguez les deux."
                    )
            if row.problems:
                refused.append(row.refused())
                continue
            records.append(
                LocatedRecord(line=row.line, record=draft.record, fields=frozenset(row.given), row=row.cells)
            )
        return tuple(records), tuple(refused)
