"""Importing a file: read it, compare with what is stored, write all of it or nothing, keep the report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from reseau.errors import NotFound, RefusedInput, why
from reseau.model.records import Structure
from reseau.model.reports import ImportReport, Parsed, Scope
from reseau.services._merging import Outcome, merge
from reseau.services.app import App, Progress, no_progress
from reseau.sources import KINDS, Preview, ReadOptions, Source, SourceSpec, all_sources
from reseau.store import imports as repository
from reseau.store import territoires
from reseau.store.rows import rows_of

__all__ = [
    "KINDS", "FileToImport", "ImportReport", "Preview", "SourceSpec", "find_source", "get_import",
    "import_file",
    "list_imports", "list_sources", "preview_file", "scope_of", "template_for",
]  # fmt: skip


def find_source(source_id: str) -> Source:
    """A source by its id.

    Raises:
        RefusedInput: there is none of that name.
    """
    sources = all_sources()
    if source_id not in sources:
        raise RefusedInput(
            f"Source inconnue : « {source_id} ». Sources possibles : {', '.join(sorted(sources))}."
        )
    return sources[source_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileToImport:
    """A file and how to read it.

    Attributes:
        name: name to remember, when the file was uploaded under another one.
        mapping: column of the file → field, None to recognise columns by name.
        sheet: sheet of a workbook, None for the first one.
    """

    path: Path
    name: str = ""
    mapping: Mapping[str, str] | None = None
    sheet: str | None = None

    @property
    def shown_name(self) -> str:
        """The name a person knows it by; bytes that are no text become «?»: no database can write them."""
        return (self.name or self.path.name).encode("utf-8", "replace").decode("utf-8")


def list_sources() -> list[SourceSpec]:
    """Description of every source, by id."""
    return [source.spec for source in all_sources().values()]


def preview_file(app: App, source_id: str, file: FileToImport) -> Preview | None:
    """Columns and first rows of a file, before anything is written (None: nothing to map).

    Raises:
        RefusedInput: the file cannot be read.
    """
    with _named(file):
        preview = find_source(source_id).preview(_existing(file.path), _options(app, file))
    return preview and replace(preview, notes=tuple(map(agree, preview.notes)))


def template_for(source_id: str) -> bytes | None:
    """XLSX template of a source, or None."""
    return find_source(source_id).template()


def import_file(
    app: App,
    territoire_id: int,
    source_id: str,
    file: FileToImport,
    *,
    on_progress: Progress = no_progress,
) -> ImportReport:
    """Import a file into a territory, in one transaction.

    Raises:
        RefusedInput: the file as a whole cannot be taken; nothing was written.
        NotFound: no such file.
    """
    source = find_source(source_id)
    on_progress(0.05, f"Lecture de {file.shown_name}…")
    scope = scope_of(app, territoire_id)
    with _named(file):
        parsed = source.read(_existing(file.path), scope, _options(app, file))
    on_progress(0.5, f"{parsed.n_read} lignes lues ; comparaison avec ce qui est déjà là…")
    with app.store.write() as connection:
        outcome = merge(connection, territoire_id, source, parsed)
        report = _report(source_id, file.shown_name, parsed, outcome, scope)
        report_id = repository.insert_import(connection, territoire_id, report)
        territoires.touch(connection, territoire_id)
    on_progress(1.0, "Import terminé.")
    return replace(report, id=report_id)


def scope_of(app: App, territoire_id: int) -> Scope:
    """What part of a national file a territory wants: its communes, and around its quartiers."""
    with app.store.read() as connection:
        record = territoires.get_territoire(connection, territoire_id)
        quartiers = rows_of(connection, "quartiers", territoire_id)
    return Scope(
        communes=frozenset(record.communes),
        areas_wkb=tuple(row["wkb"] for row in quartiers),
        radius_km=record.radius_km,
        qpv_codes=frozenset(record.qpv_codes),
    )


def list_imports(app: App, territoire_id: int) -> list[ImportReport]:
    """Imports of a territory, latest first."""
    with app.store.read() as connection:
        return repository.list_imports(connection, territoire_id)


def get_import(app: App, import_id: int) -> ImportReport:
    """One import's report.

    Raises:
        NotFound: no such import.
    """
    with app.store.read() as connection:
        return repository.get_import(connection, import_id)


def _report(source_id: str, name: str, parsed: Parsed, outcome: Outcome, scope: Scope) -> ImportReport:
    refused = sorted((*parsed.refused, *outcome.refused), key=lambda row: row.line)
    return ImportReport(
        id=None,
        source=source_id,
        filename=name,
        on=date.today().isoformat(),
        data_date=parsed.data_date.isoformat() if parsed.data_date else "",
        created=outcome.created,
        updated=outcome.updated,
        unchanged=outcome.unchanged,
        refused=tuple(refused),
        out_of_scope=parsed.n_out_of_scope,
        claims=tuple(sorted(parsed.claims)),
        scope_communes=_covered_communes(parsed, scope),
        scope_radius_km=scope.radius_km,
        notes=tuple(map(agree, (*parsed.notes, *outcome.notes))),
    )


def _options(app: App, file: FileToImport) -> ReadOptions:
    return ReadOptions(typology=app.typology, mapping=file.mapping, sheet=file.sheet)


def _covered_communes(parsed: Parsed, scope: Scope) -> tuple[str, ...]:
    """Communes of the territory the file really speaks of: an extract of elsewhere proves no absence here."""
    spoken = {located.record.insee for located in parsed.records if isinstance(located.record, Structure)}
    return tuple(sorted(code for code in scope.communes if code in spoken))


@contextmanager
def _named(file: FileToImport) -> Iterator[None]:
    """Messages about an uploaded file name it as the person does."""
    try:
        yield
    except RefusedInput as error:
        raise RefusedInput(str(error).replace(file.path.name, file.shown_name)) from error
    except OSError as error:
        raise RefusedInput(f"« {file.shown_name} » ne peut pas être lu : {why(error)}.") from error


def agree(note: str) -> str:
    """«1 contour(s) réparé(s)» → «1 contour réparé»: each «(s)» or «(x)» agrees with the number before it."""

    def settle(found: re.Match[str]) -> str:
        many = int(re.sub(r"\D", "", found[1])) > 1
        return found[0].replace("(s)", "s" if many else "").replace("(x)", "x" if many else "")

    return re.sub(r"(\d[\d\u202f\u00a0]*)[^\d]*", settle, note)


def _existing(path: Path) -> Path:
    if not path.exists():
        raise NotFound(f"Le fichier « {path} » n'existe pas. Vérifiez son nom et son dossier.")
    if not path.is_file():
        raise RefusedInput(f"« {path} » n'est pas un fichier.")
    return path
