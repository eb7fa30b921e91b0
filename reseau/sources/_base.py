"""What every source promises."""

from __future__ import annotations

import tomllib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reseau.model.reports import Parsed, Scope
from reseau.model.typology import Typology, load_typology

KINDS = (
    "communes", "quartiers", "iris", "carreaux", "structures", "relations", "permanences", "contacts",
    "journal", "actions", "besoins", "reperes",
)  # fmt: skip
"""What a source may give, in the order a new territory needs it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpec:
    """Description of a source, read from its `source.toml`.

    Attributes:
        id: as typed on the command line; its folder is called the same, `-` written `_`.
        kind: one of `KINDS`.
        priority: a field is overwritten only by a source of the same or a higher priority
            (a person's own correction, `saisie`, is above all of them).
        claims: type codes it lists completely.
        extensions: file extensions accepted, with the dot, lower case.
        sample: name of the sample file beside `source.toml`.
        complete: a file of it lists everything there is in the communes it speaks of, so that what it no
            longer lists has closed.
        creates: makes rows; False for figures about rows that another source made.
        expected_rows: (least, most) rows of the whole national file, empty when it has no usual size.
        download: how the publisher serves it (see `reseau.downloads`), empty when a person fetches it.
    """

    id: str
    title: str
    kind: str
    publisher: str
    licence: str
    address: str
    frequency: str
    why_trust: str
    priority: int
    extensions: tuple[str, ...]
    sample: str
    claims: tuple[str, ...] = ()
    complete: bool = False
    creates: bool = True
    expected_rows: tuple[int, ...] = ()
    download: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read a file.

    Attributes:
        mapping: column of the file → field name (see the source's `fields`), empty string to ignore;
            None to recognise columns by their names.
        sheet: sheet of a workbook, None for the first one.
        defaults: field name → text given once for all the rows, used where a row gives none.
    """

    typology: Typology = field(default_factory=load_typology)
    mapping: Mapping[str, str] | None = None
    sheet: str | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file looks like before anything is written.

    Attributes:
        columns: column names of the file, in order.
        mapping: column → field name recognised, empty string where none is.
        rows: the first rows as text, keyed by column.
        n_rows: number of data rows.
        fields: field name → French label, every field a column may be mapped to, in a sensible order.
        required: field names without which nothing can be read.
        sheets: sheets of a workbook (empty for CSV).
        notes: encoding, separator and other remarks, in French.
        constants: fields a person may give once for all the rows (see `ReadOptions.defaults`).
    """

    columns: tuple[str, ...]
    mapping: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...]
    n_rows: int
    fields: Mapping[str, str]
    required: frozenset[str]
    sheets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    constants: frozenset[str] = frozenset()


class Source(ABC):
    """One kind of file Réseau reads. Instances are stateless and named `SOURCE` in their package."""

    spec: SourceSpec

    @property
    def id(self) -> str:
        """Identifier of the source, as on the command line."""
        return self.spec.id

    @abstractmethod
    def read(self, path: Path, scope: Scope, options: ReadOptions) -> Parsed:
        """Read a whole file.

        Raises:
            RefusedInput: the file as a whole cannot be taken (wrong format, empty, unreadable, not the
                file this source expects). A bad row is not an error: it is in `Parsed.refused`.
        """

    def recognises(self, path: Path) -> bool:
        """Whether a file, judged on its name and first bytes, is surely one of this source. Never raises.

        Used when several files are given at once without saying what each is.
        """
        return False

    def preview(self, path: Path, options: ReadOptions) -> Preview | None:
        """Columns, recognised mapping and first rows, or None where there is nothing to map."""
        return None

    def template(self) -> bytes | None:
        """An XLSX template to fill, or None."""
        return None


def load_spec(folder: Path) -> SourceSpec:
    """Read `source.toml` of a source folder."""
    data = tomllib.loads((folder / "source.toml").read_text(encoding="utf-8"))
    for key in ("extensions", "claims", "expected_rows"):
        if key in data:
            data[key] = tuple(data[key])
    return SourceSpec(**data)
