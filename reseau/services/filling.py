"""Several files at once: a new territory filled in one pass."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reseau.errors import ReseauError, why
from reseau.model.reports import ImportReport
from reseau.services.app import App, Progress, no_progress
from reseau.services.importing import KINDS, FileToImport, find_source, import_file, recognise

__all__ = ["FileToImport", "FillOutcome", "fill"]

UNKNOWN = (
    "Réseau ne reconnaît pas à coup sûr ce qu'est ce fichier : importez-le seul, en choisissant sa source "
    "(page Données, ou en écrivant « SOURCE=FICHIER » dans la commande)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FillOutcome:
    """What became of one file.

    Attributes:
        source: id of its source, empty when it was not recognised.
        report: None when nothing of it was written.
        problem: why, in French, empty otherwise.
    """

    filename: str
    source: str
    report: ImportReport | None
    problem: str = ""


def fill(
    app: App,
    territoire_id: int,
    files: Sequence[FileToImport],
    *,
    sources: Mapping[str, str] | None = None,
    on_progress: Progress = no_progress,
) -> list[FillOutcome]:
    """Import files in the order a territory needs them: quartiers before what is filtered around them.

    One that fails leaves nothing of itself and does not stop the others. Outcomes come in the order in which
    the files were imported, those that were not recognised last.

    Args:
        sources: source id by file name, for those a person chose; the others are recognised.
    """
    known: list[tuple[str, FileToImport]] = []
    failed: list[FillOutcome] = []
    for file in files:
        try:
            source_id = (sources or {}).get(file.shown_name) or _recognised(file)
            if source_id is not None:
                find_source(source_id)
                known.append((source_id, file))
                continue
            failed.append(FillOutcome(filename=file.shown_name, source="", report=None, problem=UNKNOWN))
        except (ReseauError, OSError) as error:
            failed.append(_failure(file, "", error))
    known.sort(key=lambda item: _order(item[0]))
    outcomes: list[FillOutcome] = []
    for rank, (source_id, file) in enumerate(known):

        def step(share: float, sentence: str, rank: int = rank) -> None:
            on_progress((rank + share) / len(known), sentence)

        outcomes.append(_import(app, territoire_id, source_id, file, step))
    return [*outcomes, *failed]


def _order(source_id: str) -> tuple[int, bool, int, str]:
    """Kinds in the order of a new territory, what makes rows before what only completes them, best first."""
    spec = find_source(source_id).spec
    return KINDS.index(spec.kind), not spec.creates, -spec.priority, spec.id


def _import(
    app: App, territoire_id: int, source_id: str, file: FileToImport, on_progress: Progress
) -> FillOutcome:
    try:
        report = import_file(app, territoire_id, source_id, file, on_progress=on_progress)
    except (ReseauError, OSError) as error:
        return _failure(file, source_id, error)
    return FillOutcome(filename=file.shown_name, source=source_id, report=report)


def _failure(file: FileToImport, source_id: str, error: Exception) -> FillOutcome:
    problem = f"{file.shown_name} : {why(error)}." if isinstance(error, OSError) else str(error)
    return FillOutcome(filename=file.shown_name, source=source_id, report=None, problem=problem)


def _recognised(file: FileToImport) -> str | None:
    """Its source; an uploaded file is judged under the name the person knows, which often says what it is."""
    name = Path(file.shown_name).name
    if name == file.path.name or not file.path.is_file():
        return recognise(file.path)
    with tempfile.TemporaryDirectory(prefix="reseau-") as folder:
        path = Path(folder) / name
        try:
            path.hardlink_to(file.path)
        except OSError:
            shutil.copyfile(file.path, path)
        return recognise(path)
