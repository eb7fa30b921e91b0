"""Importing a file: read it, compare with what is stored, write all of it or nothing, keep the report."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from reseau.errors import NotFound, RefusedInput, why
from reseau.model.reports import ImportPlan, ImportReport, Parsed, Scope
from reseau.services._applying import Writing, apply, choose
from reseau.services._comparing import compare
from reseau.services._fingerprint import fingerprint_of
from reseau.services._labels import field_label
from reseau.services._reporting import agree, plan_of, repeated, report_of
from reseau.services.app import App, Progress, no_progress
from reseau.services.territoires import adopt_communes
from reseau.sources import KINDS, Preview, ReadOptions, Source, SourceSpec, all_sources
from reseau.store import imports as repository
from reseau.store import territoires
from reseau.store.rows import rows_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = [
    "KINDS", "FileToImport", "ImportPlan", "ImportReport", "Preview", "SourceSpec", "agree", "field_label",
    "find_source", "get_import", "import_file", "list_imports", "list_sources", "plan_import", "preview_file",
    "recognise", "scope_of", "template_for",
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
        defaults: field → text given once for all the rows (see `Preview.constants`).
        close_many: close what the file no longer lists even when that is most of what is known.
    """

    path: Path
    name: str = ""
    mapping: Mapping[str, str] | None = None
    sheet: str | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)
    close_many: bool = False

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


def plan_import(
    app: App,
    territoire_id: int,
    source_id: str,
    file: FileToImport,
    *,
    on_progress: Progress = no_progress,
) -> ImportPlan:
    """What importing a file would do. Nothing is written.

    Raises:
        RefusedInput: the file as a whole cannot be taken.
        NotFound: no such file.
    """
    source = find_source(source_id)
    scope = scope_of(app, territoire_id)
    with _left_alone(file):
        parsed = _read(app, source, scope, file, on_progress)
    with app.store.read() as connection:
        comparison = compare(connection, territoire_id, source, parsed, scope)
    on_progress(1.0, "Comparaison terminée.")
    return plan_of(source, file.shown_name, parsed, comparison)


def import_file(
    app: App,
    territoire_id: int,
    source_id: str,
    file: FileToImport,
    *,
    only: Collection[str] | None = None,
    on_progress: Progress = no_progress,
) -> ImportReport:
    """Import a file into a territory, in one transaction.

    Args:
        only: keys of the changes to apply (see `plan_import`), None for all of them. The comparison is made
            again while nobody else writes: a change that no longer is one is not applied.

    Raises:
        RefusedInput: the file as a whole cannot be taken; nothing was written.
        NotFound: no such file.
    """
    source = find_source(source_id)
    scope = scope_of(app, territoire_id)
    with _left_alone(file):
        mark = fingerprint_of(app, source, scope, file.path, file) if only is None else ""
        if mark and not file.close_many and (known := _again(app, territoire_id, source, file, mark)):
            on_progress(1.0, "Ce fichier était déjà importé.")
            return known
        parsed = _read(app, source, scope, file, on_progress)
    with app.store.write() as connection:
        comparison = compare(connection, territoire_id, source, parsed, scope)
        on_progress(0.7, "Écriture…")
        chosen = choose(comparison, only, close_many=file.close_many)
        report = report_of(source_id, file.shown_name, parsed, comparison, chosen, scope=scope)
        report_id = repository.insert_import(connection, territoire_id, report, fingerprint=mark)
        writing = Writing(
            connection=connection,
            territoire_id=territoire_id,
            import_id=report_id,
            source_id=source_id,
            kind=source.spec.kind,
            on=parsed.data_date or date.today(),
        )
        apply(writing, chosen.steps)
        _touch(connection, territoire_id, report_id)
    if source.spec.kind == "quartiers":
        adopt_communes(app, territoire_id)
    on_progress(1.0, "Import terminé.")
    return replace(report, id=report_id)


def _again(
    app: App, territoire_id: int, source: Source, file: FileToImport, mark: str
) -> ImportReport | None:
    """The same bytes, read the same way, and nothing written since: the answer is known without reading."""
    with app.store.write() as connection:
        known = repository.same_import(connection, territoire_id, source.id, mark)
        if known is None:
            return None
        report = repeated(known, file.shown_name)
        report_id = repository.insert_import(connection, territoire_id, report, fingerprint=mark)
        _touch(connection, territoire_id, report_id)
    return replace(report, id=report_id)


def _touch(connection: Connection, territoire_id: int, import_id: int) -> None:
    territoires.touch(connection, territoire_id)
    repository.remember_version(connection, import_id, territoires.data_version(connection, territoire_id))


def _read(app: App, source: Source, scope: Scope, file: FileToImport, on_progress: Progress) -> Parsed:
    on_progress(0.05, f"Lecture de {file.shown_name}…")
    with _named(file):
        parsed = source.read(_existing(file.path), scope, _options(app, file))
    on_progress(0.5, f"{parsed.n_read} lignes lues ; comparaison avec ce qui est déjà là…")
    return parsed


def recognise(path: Path) -> str | None:
    """The source a file is surely one of, None when none or several recognise it."""
    found = [source.id for source in all_sources().values() if source.recognises(path)]
    return found[0] if len(found) == 1 else None


def scope_of(app: App, territoire_id: int) -> Scope:
    """What part of a national file a territory wants: its communes, and around its quartiers."""
    # Loads geopandas: not for a command that imports nothing.
    from reseau.services._boundaries import boundaries_wkb, present_areas

    with app.store.read() as connection:
        record = territoires.get_territoire(connection, territoire_id)
        quartiers = rows_of(connection, "quartiers", territoire_id)
        drawn = boundaries_wkb(connection, territoire_id, record.communes)
    return Scope(
        communes=frozenset(record.communes),
        areas_wkb=present_areas(quartiers),
        radius_km=record.radius_km,
        qpv_codes=frozenset(record.qpv_codes),
        boundaries_wkb=drawn,
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


def _options(app: App, file: FileToImport) -> ReadOptions:
    return ReadOptions(typology=app.typology, mapping=file.mapping, sheet=file.sheet, defaults=file.defaults)


@contextmanager
def _named(file: FileToImport) -> Iterator[None]:
    """Messages about an uploaded file name it as the person does."""
    try:
        yield
    except RefusedInput as error:
        raise RefusedInput(str(error).replace(file.path.name, file.shown_name)) from error
    except OSError as error:
        raise RefusedInput(f"« {file.shown_name} » ne peut pas être lu : {why(error)}.") from error


@contextmanager
def _left_alone(file: FileToImport) -> Iterator[None]:
    """A file that another program writes while it is read would be half of one and half of another."""
    before = _state(file)
    try:
        yield
    except RefusedInput:
        raise
    except Exception as error:
        if _state(file) != before:
            raise _moving(file) from error
        raise
    if _state(file) != before:
        raise _moving(file)


def _state(file: FileToImport) -> tuple[int, int]:
    about = _existing(file.path).stat()
    return about.st_size, about.st_mtime_ns


def _moving(file: FileToImport) -> RefusedInput:
    return RefusedInput(
        f"« {file.shown_name} » a changé pendant la lecture : attendez que l'autre programme ait fini de "
        "l'enregistrer, puis recommencez."
    )


def _existing(path: Path) -> Path:
    try:
        if not path.exists():
            raise NotFound(f"Le fichier « {path} » n'existe pas. Vérifiez son nom et son dossier.")
        if not path.is_file():
            raise RefusedInput(f"« {path} » n'est pas un fichier : choisissez le fichier lui-même.")
    except OSError as error:
        raise RefusedInput(
            f"« {path.name[:200]} » ne peut pas être ouvert : {why(error)}. Vérifiez son nom et son dossier."
        ) from error
    return path
