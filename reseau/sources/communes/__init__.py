"""Communes, arrondissements and former communes, with their intercommunality and their boundary."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from reseau.geo.shapes import from_wkb
from reseau.model.communes import city_of, current_code, matching_codes, restore_insee
from reseau.model.context import Commune
from reseau.model.reports import LocatedRecord, Parsed, Problem, RefusedRow, Scope
from reseau.model.typology import normalise
from reseau.sources._base import ReadOptions, Source, load_spec
from reseau.sources._figures import number
from reseau.sources._peek import BOUNDARIES, JSON, POINTS, TABLE, glimpse
from reseau.sources._territory import Territory
from reseau.sources.communes.entries import Entry, read_entries, recognise, unused

KINDS = {
    "": "",
    "com": "commune",
    "commune": "commune",
    "commune actuelle": "commune",
    "arm": "arrondissement",
    "arrondissement municipal": "arrondissement",
    "comd": "deleguee",
    "commune deleguee": "deleguee",
    "coma": "associee",
    "commune associee": "associee",
}
_SIREN = re.compile(r"[0-9]{9}")


class CommunesSource(Source):
    """The official table (CSV, XLSX), the answers of geo.api.gouv.fr (JSON, GeoJSON), boundaries "
    "(GeoPackage…).
    """

    spec = load_spec(Path(__file__).parent)

    def read(self, path: Path, scope: Scope, options: ReadOptions) -> Parsed:
        """Read the scope's communes, what they are made of, and the others of their intercommunalities.

        Also those within the radius of the areas, where the file has boundaries; all of them when the scope
        names no commune.

        Raises:
            RefusedInput: not a list of communes.
        """
        entries = read_entries(path, options.sheet)
        columns = recognise(entries.columns)
        read = [_read(entry, columns) for entry in entries.rows]
        kept = _kept([record for record, _, _ in read], scope)
        records: list[LocatedRecord] = []
        refused: list[RefusedRow] = []
        seen: dict[tuple[str, str], int] = {}
        for entry, (record, fields, wrong), wanted in zip(entries.rows, read, kept, strict=True):
            problem = wrong
            first = seen.get((record.code, record.kind)) if wanted and problem is None else None
            if first:
                reason = f"Cette commune est déjà à la ligne {first} : gardez une seule des deux."
                problem = Problem(line=entry.line, column=columns["code"], value=record.code, reason=reason)
            if problem is not None:
                refused.append(RefusedRow(line=entry.line, problems=(problem,), row=entry.cells))
            elif wanted:
                seen[record.code, record.kind] = entry.line
                records.append(LocatedRecord(line=entry.line, record=record, fields=fields, row=entry.cells))
        counts = Counter(f"kind_{item.record.kind}" for item in records if isinstance(item.record, Commune))
        counts["without_boundary"] = sum("wkb" not in item.fields for item in records)
        return Parsed(
            records=tuple(records),
            refused=tuple(refused),
            n_out_of_scope=len(entries.rows) - len(records) - len(refused),
            notes=(*entries.notes, *_notes(unused(entries.columns), counts, len(records))),
            counts={name: counts[name] for name in sorted(counts)},
        )

    def recognises(self, path: Path) -> bool:
        """The columns of the official table, or those of the State's service."""
        seen = glimpse(path)
        if seen.shape == TABLE:
            return seen.has("typecom", "com", "libelle") or seen.has("codgeo", "libgeo", "epci")
        if seen.shape in {JSON, BOUNDARIES, POINTS}:
            about = {"codespostaux", "codeepci", "codedepartement", "siren epci", "cheflieu"}
            named = seen.has("code", "nom") or seen.has("insee com", "nom")
            return named and not seen.columns.isdisjoint(about)
        return False


def _read(entry: Entry, columns: Mapping[str, str]) -> tuple[Commune, frozenset[str], Problem | None]:
    """The commune a row tells, the fields it gives, and why it cannot be taken."""

    def cell(field: str) -> str:
        return entry.cells.get(columns.get(field, ""), "").strip()

    code = restore_insee(cell("code")) or ""
    kind = KINDS.get(normalise(cell("kind")))
    parent = restore_insee(cell("parent")) or ""
    if not kind:
        kind = "arrondissement" if city_of(code) != code else "commune"
    if kind == "arrondissement" and not parent:
        parent = city_of(code)
    epci, epci_name = _epci(cell("epci"), cell("epci_name"), entry.cells.get("epci", ""))
    population = number(cell("population"))
    given = {
        "parent": parent,
        "epci": epci,
        "epci_name": epci_name,
        "postcodes": _postcodes(cell("postcodes")),
        "population": None if population is None or population < 0 else round(population),
        "wkb": entry.boundary.wkb if entry.boundary else b"",
    }
    given = {name: value for name, value in given.items() if value not in (None, "", (), b"")}
    record = Commune(code=code, name=cell("name") or code, kind=kind, **given)  # type: ignore[arg-type]
    problem = _problem(entry, columns, code, KINDS.get(normalise(cell("kind"))))
    return record, frozenset({"code", "name", "kind", *given}), problem


def _problem(entry: Entry, columns: Mapping[str, str], code: str, kind: str | None) -> Problem | None:
    def problem(field: str, reason: str) -> Problem:
        column = columns.get(field, "")
        value = entry.cells.get(column, "")[:200]
        return Problem(line=entry.line, column=column, value=value, reason=reason)

    if entry.defect:
        return Problem(line=entry.line, column="", value="", reason=entry.defect)
    if not code:
        return problem("code", "Ce code INSEE n'en est pas un : cinq caractères attendus, 31555 par exemple.")
    if kind is None:
        return problem("kind", "Genre inconnu : écrivez COM, ARM, COMD ou COMA.")
    if kind in {"deleguee", "associee"} and not restore_insee(entry.cells.get(columns.get("parent", ""), "")):
        return problem("parent", "Une ancienne commune demande le code de celle dont elle fait partie.")
    if entry.boundary is not None and entry.boundary.reason:
        return Problem(line=entry.line, column="geometry", value="", reason=entry.boundary.reason)
    return None


def _epci(text: str, name: str, whole: str) -> tuple[str, str]:
    """SIREN and name of the intercommunality; the service gives both as one object."""
    about = _json(whole) if whole.startswith("{") else None
    if isinstance(about, dict):
        name = name or str(about.get("nom") or "")
        text = text if _SIREN.fullmatch(text) else str(about.get("code") or "")
    return (text if _SIREN.fullmatch(text) else ""), name


def _postcodes(text: str) -> tuple[str, ...]:
    listed = _json(text) if text.startswith("[") else re.split(r"[,;|/\s]+", text)
    values = listed if isinstance(listed, list) else []
    found = [str(value).zfill(5) for value in values if re.fullmatch(r"[0-9]{4,5}", str(value))]
    return tuple(dict.fromkeys(found))


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _kept(records: Sequence[Commune], scope: Scope) -> list[bool]:
    """Which rows are of the territory: a second look finds its intercommunalities and its former communes."""
    if not scope.communes and not scope.areas_wkb:
        return [True] * len(records)
    wanted = set(matching_codes(scope.communes))
    # A territory that names a former commune is in the one that took it over.
    wanted |= {
        item.parent for item in records if item.code in wanted and item.kind in {"deleguee", "associee"}
    }
    own = [current_code(item.code) in wanted or (item.parent and item.parent in wanted) for item in records]
    epcis = {item.epci for item, mine in zip(records, own, strict=True) if mine and item.epci}
    kept = [bool(mine) or item.epci in epcis for item, mine in zip(records, own, strict=True)]
    territory = Territory(scope)
    if territory.has_radius:
        drawn = np.empty(len(records), dtype=object)
        drawn[:] = [from_wkb(item.wkb) if item.wkb else None for item in records]
        around = territory.near_shapes(drawn)
        kept = [mine or bool(close) for mine, close in zip(kept, around, strict=True)]
    return kept


def _notes(unknown: Sequence[str], counts: Counter[str], n_records: int) -> list[str]:
    notes = [f"Colonnes non utilisées : {', '.join(unknown)[:300]}."] if unknown else []
    if n_records and counts["without_boundary"] == n_records:
        notes.append(
            "Ce fichier ne donne pas de contour : sans contours, on ne peut pas dire qu'une structure est "
            "hors de sa commune."
        )
    former = counts["kind_deleguee"] + counts["kind_associee"]
    if former:
        notes.append(f"{former} ancienne(s) commune(s), rattachée(s) à celle d'aujourd'hui.")
    if not n_records:
        notes.append("Aucune commune de ce fichier n'est dans le territoire : vérifiez les codes INSEE.")
    return notes


SOURCE = CommunesSource()
