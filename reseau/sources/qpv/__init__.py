"""Boundaries of quartiers: official QPV of 2015 and 2024, and quartiers vécus in the same columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reseau.errors import RefusedInput
from reseau.model.communes import current_code, department_of, matching_codes
from reseau.model.records import Quartier
from reseau.model.reports import LocatedRecord, Parsed, Problem, RefusedRow, Scope
from reseau.sources._base import ReadOptions, Source, load_spec
from reseau.sources._boundaries import Boundary, read_boundaries, resolve_crs
from reseau.sources._layers import Layer, read_layers
from reseau.sources._peek import BOUNDARIES, glimpse
from reseau.sources._reading import Reading
from reseau.sources.qpv.attributes import (
    OWN_CODES,
    Attributes,
    read_attributes,
    recognise_columns,
    unused_columns,
)


@dataclass(slots=True, kw_only=True)
class _Reading(Reading):
    """What has been read so far of one file."""

    filename: str
    scope: frozenset[str]
    wanted: frozenset[str]


class QpvSource(Source):
    """GeoJSON, GeoPackage or zipped shapefile of quartiers."""

    spec = load_spec(Path(__file__).parent)

    def read(self, path: Path, scope: Scope, options: ReadOptions) -> Parsed:
        """Read the quartiers that share a commune with the scope, all of them when it names none.

        When the scope names QPV, those only are taken of their generation; the other generation, which serves
        to compare, is taken by commune.

        Raises:
            RefusedInput: not a file of boundaries, no code column, unknown coordinate system.
        """
        reading = _Reading(
            filename=path.name, scope=matching_codes(scope.communes), wanted=frozenset(scope.qpv_codes)
        )
        offset = 0
        for layer, known in _choose_layers(read_layers(path), path.name, reading.notes):
            _read_layer(layer, reading, offset=offset, known=known)
            offset += len(layer.rows)
        return reading.parsed((*_notes(reading), *_nothing_here(reading, scope)))

    def recognises(self, path: Path) -> bool:
        """Boundaries with a column that only quartiers have."""
        seen = glimpse(path)
        return seen.shape == BOUNDARIES and not seen.columns.isdisjoint(OWN_CODES)


def _code_columns(layer: Layer) -> tuple[str, ...]:
    return recognise_columns(layer.columns).get("code", ())


def _codes(layer: Layer) -> set[str]:
    columns = _code_columns(layer)
    return {row.get(column, "").strip().upper() for row in layer.rows for column in columns[:1]} - {""}


def _choose_layers(
    layers: list[Layer], filename: str, notes: list[str]
) -> list[tuple[Layer, frozenset[str]]]:
    """The layers in degrees first, then those that add quartiers: the archives repeat the same ones.

    Each comes with the codes that earlier layers already gave.
    """
    usable = [layer for layer in layers if _code_columns(layer)]
    if not usable:
        seen = ", ".join(dict.fromkeys(column for layer in layers for column in layer.columns))
        raise RefusedInput(
            f"« {filename} » n'a pas de colonne de code de quartier (code_qp) : ce n'est sans doute pas "
            f"un fichier de quartiers prioritaires. Vérifiez le fichier choisi. Colonnes lues : "
            f"{seen[:300] or 'aucune'}."
        )
    usable.sort(key=lambda layer: (layer.crs is None or not layer.crs.is_geographic, -len(layer.rows)))
    chosen: list[tuple[Layer, frozenset[str]]] = []
    known: frozenset[str] = frozenset()
    for layer in usable:
        codes = _codes(layer)
        if not chosen or codes - known:
            chosen.append((layer, known))
            known |= codes
    if len(layers) > 1:
        taken = {id(layer) for layer, _ in chosen}
        left = ", ".join(layer.name for layer in layers if id(layer) not in taken)
        names = ", ".join(layer.name for layer, _ in chosen)
        aside = f" Laissées de côté (mêmes quartiers, ou sans code) : {left}." if left else ""
        notes.append(f"Le fichier contient {len(layers)} couches. Lues : {names}.{aside}")
    return chosen


def _read_layer(layer: Layer, reading: _Reading, *, offset: int, known: frozenset[str]) -> None:
    crs, note = resolve_crs(layer, reading.filename)
    unused = unused_columns(layer.columns)
    if unused:
        reading.notes.append(f"Couche « {layer.name} » : colonnes non utilisées : {', '.join(unused)[:300]}.")
    if note:
        reading.notes.append(note)
    columns = recognise_columns(layer.columns)
    kept: list[tuple[int, Attributes]] = []
    for index, row in enumerate(layer.rows):
        found = read_attributes(row, columns, line=offset + index + 1)
        if found.code.upper() in known:
            continue
        if not found.problems and not _in_scope(found, reading, line=offset + index + 1):
            reading.n_out_of_scope += 1
        else:
            kept.append((index, found))
    boundaries = read_boundaries(layer.geometries[np.array([index for index, _ in kept], dtype=int)], crs)
    for (index, found), boundary in zip(kept, boundaries, strict=True):
        _keep(found, boundary, layer=layer, index=index, offset=offset, reading=reading)


def _in_scope(found: Attributes, reading: _Reading, *, line: int) -> bool:
    """Whether a feature concerns the territory; a problem is added when that cannot be known."""
    scope = reading.scope
    if found.kind == "vecu":
        return True
    if found.code[:2] in {code[:2] for code in reading.wanted}:
        return found.code in reading.wanted
    if not scope:
        return not reading.wanted
    if found.communes:
        return any(current_code(code) in scope for code in found.communes)
    if _department(found.code) not in {department_of(code) for code in scope}:
        return False
    found.problems.append(
        Problem(
            line=line,
            column="insee_com",
            value="",
            reason="La commune n'est pas indiquée : impossible de savoir si ce quartier est dans "
            "le territoire. Ajoutez son code INSEE dans une colonne insee_com.",
        )
    )
    return True


def _department(code: str) -> str:
    digits = code[2:5]
    return digits[1:] if digits.startswith("0") else digits


def _keep(
    found: Attributes, boundary: Boundary, *, layer: Layer, index: int, offset: int, reading: _Reading
) -> None:
    line, row = offset + index + 1, layer.rows[index]
    problems = list(found.problems)
    if boundary.reason:
        problems.append(Problem(line=line, column="geometry", value="", reason=boundary.reason))
    if first := reading.codes.get(found.code):
        reason = f"Ce code est déjà celui du quartier n° {first} du fichier : gardez un seul des deux."
        problems.append(Problem(line=line, column="code_qp", value=found.code, reason=reason))
    if problems:
        reading.refused.append(RefusedRow(line=line, problems=tuple(problems), row=row))
        return
    reading.codes[found.code] = line
    reading.counts["geometries_repaired"] += boundary.repaired
    reading.counts[f"generation_{found.generation}"] += found.generation is not None
    for remark in found.remarks:
        reading.counts[remark] += 1
    record, fields = _record(found, boundary.wkb)
    reading.records.append(LocatedRecord(line=line, record=record, fields=fields, row=row))


def _record(found: Attributes, wkb: bytes) -> tuple[Quartier, frozenset[str]]:
    optional = ("name", "communes", "commune_names", "population", "population_source", "languages")
    given = {name: getattr(found, name) for name in optional if getattr(found, name)}
    record = Quartier(
        code=found.code,
        kind=found.kind,
        generation=found.generation,
        wkb=wkb,
        # A nameless quartier is shown by its code; `fields` says that the file did not name it.
        **{"name": found.code, **given},
    )
    return record, frozenset({"code", "kind", "generation", "wkb", *given})


def _notes(reading: _Reading) -> list[str]:
    counts = reading.counts
    sentences = {
        "geometries_repaired": "{n} contour(s) invalide(s) réparé(s).",
        "insee_zero_restored": "{n} quartier(s) : zéro perdu au début du code INSEE, remis.",
        "population_unreadable": "{n} quartier(s) : population illisible ou nulle, laissée inconnue.",
        "language_unknown": "{n} quartier(s) : langue non reconnue, laissée de côté.",
        "generation_2015": "{n} quartier(s) de la génération 2015 : depuis 2024 (2025 outre-mer), d'autres "
        "contours sont en vigueur (codes QN…). Importez aussi le fichier 2024 : ceux de 2015 serviront à "
        "comparer.",
    }
    return [text.format(n=counts[name]) for name, text in sentences.items() if counts[name]]


def _nothing_here(reading: _Reading, scope: Scope) -> tuple[str, ...]:
    if reading.records or reading.refused:
        return _missing(reading)
    codes = ", ".join(sorted(scope.qpv_codes or scope.communes)[:5])
    where = "de ceux du territoire" if scope.qpv_codes else "dans les communes du territoire"
    return (
        f"Aucun quartier de ce fichier n'est {where} ({codes}) : vérifiez les codes "
        f"{'des quartiers' if scope.qpv_codes else 'INSEE'}, ou dessinez un quartier vécu.",
    )


def _missing(reading: _Reading) -> tuple[str, ...]:
    """Quartiers the territory names that a file of their generation does not have."""
    found = {located.record.code for located in reading.records if isinstance(located.record, Quartier)}
    generations = {code[:2] for code in found}
    codes = sorted(code for code in reading.wanted - found if code[:2] in generations)
    if not codes:
        return ()
    more = "…" if len(codes) > 10 else ""
    return (
        f"Quartiers du territoire absents de ce fichier : {', '.join(codes[:10])}{more}. Vérifiez ces codes.",
    )


SOURCE = QpvSource()
