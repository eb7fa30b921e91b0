"""Directory of local administrations (service-public.fr), filtered on a territory and on known types."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from reseau.errors import RefusedInput
from reseau.model.records import Structure
from reseau.model.reports import LocatedRecord, Parsed, Problem, RefusedRow, Scope
from reseau.model.typology import Typology
from reseau.sources._base import ReadOptions, Source, load_spec
from reseau.sources._cells import CellError
from reseau.sources._container import head, opened
from reseau.sources._position import recognise_position
from reseau.sources._row import Remarks
from reseau.sources._territory import Territory, require_territory
from reseau.sources.service_public.layouts import (
    KNOWN,
    OLD_COLUMNS,
    OLD_MARK,
    READ,
    Malformed,
    Record,
    read_records,
)
from reseau.sources.service_public.records import (
    address_of,
    coordinates_of,
    insee_of,
    kinds_of,
    modified_on,
    row_of,
    structure_of,
    types_of,
)

_SHOWN_KINDS = 6


@dataclass(slots=True)
class _Tally:
    """What is remembered of a file read once, without keeping it."""

    read: int = 0
    kept: list[tuple[int, Record]] = field(default_factory=list)
    near: list[tuple[int, Record, tuple[float, float]]] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    unknown_kinds: Counter[str] = field(default_factory=Counter)
    keys: set[str] = field(default_factory=set)
    hidden: int = 0
    old: bool = False
    latest: date | None = None


class ServicePublic(Source):
    """The national JSON, the flat export with JSON inside strings, and the table of 2019."""

    spec = load_spec(Path(__file__).parent)

    def read(self, path: Path, scope: Scope, options: ReadOptions) -> Parsed:
        """Read the desks of the scope's communes, and those within its radius, of a type the typology knows.

        Raises:
            RefusedInput: not that directory, cut, or a scope that names no territory.
        """
        tally = _Tally()
        with opened(path) as stream:
            for line, record in read_records(stream, path.name):
                if not tally.read:
                    require_territory(scope, path.name)
                    territory = Territory(scope)
                tally.read += 1
                _sort(record, line, tally, territory=territory, typology=options.typology)
        if not tally.read:
            raise RefusedInput(f"« {path.name} » ne contient aucune fiche : téléchargez-le de nouveau.")
        _add_near(tally, territory)
        remarks = Remarks()
        located, refused = _build(tally, options.typology, remarks)
        postal_only = sum(not address_of(record) for _, record in tally.kept)
        counts = {
            "unknown_kinds": dict(tally.unknown_kinds.most_common()),
            "hidden": tally.hidden,
            "postal_only": postal_only,
        }
        return Parsed(
            records=tuple(located),
            refused=tuple(refused),
            n_out_of_scope=tally.read - len(located) - len(refused),
            data_date=tally.latest,
            claims=frozenset(self.spec.claims),
            notes=(*_notes(tally, postal_only), *remarks.notes()),
            counts=counts,
        )

    def recognises(self, path: Path) -> bool:
        """By keys only this directory has."""
        start = head(path, 65_536)
        first = start.partition(b"\n")[0]
        if all(column.encode() in first for column in OLD_COLUMNS):
            return True
        return b"plage_ouverture" in start and b"pivot" in start and b"type_service_local" in start


def _sort(
    record: Record | Malformed, line: int, tally: _Tally, *, territory: Territory, typology: Typology
) -> None:
    """Keep a record, keep it until its position is measured, or only count it."""
    if isinstance(record, Malformed):
        tally.refused.append(_refusal(line, "", "", record.reason, dict(record.row)))
        return
    tally.keys |= record.keys() - KNOWN
    if (on := modified_on(record)) and (tally.latest is None or on > tally.latest):
        tally.latest = on
    tally.old = tally.old or record.get(OLD_MARK) is True
    insee = insee_of(record)
    here = territory.has(insee)
    if str(record.get("statut_de_diffusion", "")).lower() == "false":
        tally.hidden += here
    elif not types_of(record, typology):
        if here:
            tally.unknown_kinds.update(kinds_of(record) or ("(sans type)",))
    elif here:
        tally.kept.append((line, _without_people(record)))
    elif territory.has_radius and (at := _degrees(record, insee)) and territory.may_be_near(*at):
        tally.near.append((line, _without_people(record), at))


def _without_people(record: Record) -> Record:
    return {key: value for key, value in record.items() if key in READ}


def _degrees(record: Record, insee: str) -> tuple[float, float] | None:
    lat, lon = coordinates_of(record)
    try:
        found = recognise_position(lat, lon, insee=insee) if lat and lon else None
    except CellError:
        return None
    return (found.lon, found.lat) if found else None


def _add_near(tally: _Tally, territory: Territory) -> None:
    if tally.near:
        near = territory.near(np.array([at for _, _, at in tally.near]))
        tally.kept += [item[:2] for item, inside in zip(tally.near, near, strict=True) if inside]
        tally.kept.sort(key=lambda item: item[0])


def _build(
    tally: _Tally, typology: Typology, remarks: Remarks
) -> tuple[list[LocatedRecord], list[RefusedRow]]:
    located: list[LocatedRecord] = []
    refused = list(tally.refused)
    first: dict[str, int] = {}
    for line, record in tally.kept:
        row = row_of(record)
        number = row.get("id", "")
        if reason := _defect(row, line, first):
            refused.append(_refusal(line, *reason, row))
            continue
        types = types_of(record, typology)
        given = structure_of(record, types=types, line=line, remarks=remarks)
        structure = Structure(**given)  # type: ignore[arg-type]
        first[number] = line
        located.append(LocatedRecord(line=line, record=structure, fields=frozenset(given), row=row))
    return located, sorted(refused, key=lambda item: item.line)


def _defect(row: dict[str, str], line: int, first: dict[str, int]) -> tuple[str, str, str] | None:
    """Column, value and reason of what prevents taking a record, None when nothing does."""
    number = row.get("id", "")
    if not number:
        return "id", "", "La fiche n'a pas d'identifiant : reprenez le fichier tel qu'il est publié."
    if not row.get("nom"):
        return "nom", "", "La fiche n'a pas de nom : reprenez le fichier tel qu'il est publié."
    if number in first:
        reason = f"Cet identifiant est déjà celui de la ligne {first[number]} : la première est gardée."
        return "id", number, reason
    return None


def _refusal(line: int, column: str, value: str, reason: str, row: dict[str, str]) -> RefusedRow:
    problem = Problem(line=line, column=column, value=value[:200], reason=reason)
    return RefusedRow(line=line, problems=(problem,), row=row or {"ligne": str(line)})


def _notes(tally: _Tally, postal_only: int) -> list[str]:
    notes = []
    if kinds := tally.unknown_kinds:
        top = ", ".join(f"{kind} ({number})" for kind, number in kinds.most_common(_SHOWN_KINDS))
        notes.append(
            f"{kinds.total()} service(s) de vos communes dont le genre n'est pas dans la typologie, non "
            f"pris : {top}{'…' if len(kinds) > _SHOWN_KINDS else '.'}"
        )
    if postal_only:
        notes.append(
            f"{postal_only} service(s) n'ont qu'une adresse postale : pris sans adresse ni position."
        )
    if tally.old:
        notes.append(
            "Table de 2019, sans position ni horaires : des services ont fermé ou déménagé depuis. Préférez "
            "la base du jour, ou vérifiez chaque fiche."
        )
    if tally.hidden:
        notes.append(f"{tally.hidden} fiche(s) que l'annuaire ne diffuse pas : non prises.")
    if tally.keys:
        shown = ", ".join(f"« {key} »" for key in sorted(tally.keys))
        notes.append(f"Colonnes non lues ({len(tally.keys)}) : {shown[:300]}.")
    return notes


SOURCE = ServicePublic()
