"""Structures and services gathered by data·inclusion, as published or as its interface answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from reseau.errors import RefusedInput, ReseauError
from reseau.model.communes import current_code, matching_codes
from reseau.model.reports import LocatedRecord, Parsed, RefusedRow, Scope
from reseau.model.typology import normalise
from reseau.sources._base import ReadOptions, Source, load_spec
from reseau.sources._peek import glimpse
from reseau.sources._territory import require_territory, select
from reseau.sources.data_inclusion.checking import Checked, check, known_columns
from reseau.sources.data_inclusion.records import structure_of
from reseau.sources.data_inclusion.rows import MAX_RECORDS, Row, iter_rows

OURS = frozenset({"id", "nom", "source"})
# With these, no other directory's file.
SURELY = frozenset({"date_maj", "code_insee", "complement_adresse"})
# Columns of the former schema that the present one does not have.
FORMER = frozenset({"typologie", "presentation_resume", "presentation_detail", "labels_nationaux", "profils"})


@dataclass(slots=True)
class _Survey:
    """What a first reading of the file tells: where structures are, which services there are."""

    ids: list[str] = field(default_factory=list)
    insee: list[str] = field(default_factory=list)
    positions: list[tuple[float, float]] = field(default_factory=list)
    columns: dict[str, None] = field(default_factory=dict)
    services: int = 0
    latest: str = ""


class DataInclusionSource(Source):
    """JSON, JSON lines, CSV, GeoJSON or Parquet of structures, with their services when they are there."""

    spec = load_spec(Path(__file__).parent)

    def read(self, path: Path, scope: Scope, options: ReadOptions) -> Parsed:
        """Read the structures of the scope's communes and those within its radius, with their services.

        One unit read is one structure; a service counts only where it has to be refused.

        Raises:
            RefusedInput: not a file of data·inclusion, cut, of the former schema, services alone, or a
                scope that names no territory.
        """
        survey = _survey(path)
        require_territory(scope, path.name)
        kept = _kept(survey, scope)
        wanted = {survey.ids[rank] for rank in np.flatnonzero(kept)}
        reading = _Reading(wanted=wanted, kept=kept, communes=matching_codes(scope.communes))
        reading.take(iter_rows(path))
        records = reading.records(options)
        refused = sorted(reading.refused, key=lambda row: row.line)
        return Parsed(
            records=tuple(records),
            refused=tuple(refused),
            n_out_of_scope=len(survey.ids) - int(kept.sum()),
            data_date=_day(survey.latest),
            notes=tuple(_notes(survey, reading)),
            counts={name: reading.counts[name] for name in sorted(reading.counts)},
        )

    def recognises(self, path: Path) -> bool:
        """Whether its columns, or its first record where it has to be opened, are those of the schema."""
        seen = glimpse(path)
        if seen.columns:
            names = {normalise(name) for name in OURS | SURELY}
            return seen.columns >= names and not seen.columns & {normalise(name) for name in FORMER}
        with suppress(ReseauError, OSError, ValueError), closing(iter_rows(path)) as rows:
            first = next(rows, {})
            return first.keys() >= OURS | SURELY and not first.keys() & FORMER
        return False


@dataclass(slots=True)
class _Reading:
    """What the second reading keeps."""

    wanted: set[str]
    kept: np.ndarray
    communes: frozenset[str]
    structures: list[Checked] = field(default_factory=list)
    services: dict[str, list[Checked]] = field(default_factory=dict)
    refused: list[RefusedRow] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def take(self, rows: Generator[Row, None, None]) -> None:
        """Check the rows of the structures wanted and of their services."""
        rank = service_rank = 0
        for row in rows:
            if "structure_id" in row:
                service_rank += 1
                if row["structure_id"] in self.wanted:
                    self._service(row, service_rank)
                elif _commune(row) in self.communes:
                    self.counts["services_elsewhere"] += 1
            else:
                rank += 1
                if self.kept[rank - 1]:
                    self._structure(row, rank)

    def _structure(self, row: Row, line: int) -> None:
        found = check(row, line)
        if isinstance(found, Checked):
            self.structures.append(found)
        else:
            self.refused.append(found)

    def _service(self, row: Row, line: int) -> None:
        found = check(row, line, service=True)
        if isinstance(found, RefusedRow):
            self.refused.append(found)
            return
        self.counts["services"] += 1
        self.services.setdefault(found.record.structure_id, []).append(found)

    def records(self, options: ReadOptions) -> list[LocatedRecord]:
        """Structures with their services, in the order of the file."""
        records = []
        for item in self.structures:
            built = structure_of(item, self.services.get(item.record.id, ()), options.typology)
            self.counts.update(built.left_out)
            records.append(
                LocatedRecord(line=item.line, record=built.structure, fields=built.fields, row=item.row)
            )
        return records


def _survey(path: Path) -> _Survey:
    survey = _Survey()
    for number, row in enumerate(iter_rows(path), start=1):
        if number > MAX_RECORDS:
            raise RefusedInput(
                f"« {path.name} » a plus de {MAX_RECORDS} fiches : prenez un extrait de votre territoire."
            )
        survey.columns.update(dict.fromkeys(row))
        if "structure_id" in row:
            survey.services += 1
            continue
        survey.ids.append(str(row.get("id") or ""))
        survey.insee.append(_commune(row))
        survey.positions.append((_number(row.get("longitude")), _number(row.get("latitude"))))
        survey.latest = max(survey.latest, str(row.get("date_maj") or "")[:10])
    _refuse_other_files(survey, path.name)
    return survey


def _refuse_other_files(survey: _Survey, name: str) -> None:
    columns = survey.columns.keys()
    if columns & FORMER and columns >= OURS:
        raise RefusedInput(
            f"« {name} » suit l'ancien schéma de data·inclusion (v0), qui n'est plus publié. Prenez le "
            "fichier actuel (v1) sur data.gouv.fr."
        )
    if not survey.ids and survey.services:
        raise RefusedInput(
            f"« {name} » ne contient que des services : sans leurs structures, on ne sait pas qui les "
            "propose. Mettez le fichier des structures et celui des services dans une même archive ZIP."
        )
    if not columns >= OURS:
        missing = ", ".join(sorted(OURS - columns))
        raise RefusedInput(
            f"« {name} » n'est pas un fichier de data·inclusion : il n'a pas les champs {missing}. Prenez "
            "celui des structures, ou l'archive qui le contient, sur data.gouv.fr."
        )


def _kept(survey: _Survey, scope: Scope) -> np.ndarray:
    """Whether each structure is the territory's, in the order of the file."""
    positions = np.array(survey.positions, dtype=float).reshape(-1, 2)
    kept = np.zeros(len(survey.insee), dtype=bool)
    kept[select(survey.insee, scope, lambda indexes: positions[indexes])] = True
    return kept


def _commune(row: Row) -> str:
    return current_code(str(row.get("code_insee") or "").strip())


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return float("nan")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _notes(survey: _Survey, reading: _Reading) -> list[str]:
    counts = reading.counts
    sentences = {
        "emails_personal": "{n} courriel(s) qui semblent être ceux d'une personne : laissés de côté.",
        "positions_abroad": "{n} position(s) hors de France ou impossibles : laissées de côté.",
        "phones_unread": "{n} numéro(s) de téléphone illisible(s) : laissés de côté.",
        "services_elsewhere": "{n} service(s) proposé(s) ici par une structure qui n'est pas du territoire : "
        "non lus.",
        "untyped": "{n} structure(s) sans type reconnu, prises comme « Autre structure ».",
    }
    notes = [text.format(n=counts[name]) for name, text in sentences.items() if counts[name]]
    if survey.services:
        notes.append(f"{counts['services']} service(s) rattaché(s) aux structures du territoire.")
    else:
        notes.append(
            "Sans le fichier des services, on ne sait ni les publics, ni ce qui est gratuit. Mettez les deux "
            "fichiers dans une même archive ZIP pour les avoir."
        )
    unused = [name for name in survey.columns if name not in known_columns() and not name.startswith("_")]
    if unused:
        notes.append(f"Colonnes non utilisées : {', '.join(unused)[:300]}.")
    return notes


SOURCE = DataInclusionSource()
