"""Statistical blocks (IRIS): official boundaries, with the figures a file adds to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pyproj import CRS

from reseau.errors import RefusedInput
from reseau.geo.shapes import to_wgs84
from reseau.model.communes import restore_insee
from reseau.model.context import Iris
from reseau.model.reports import LocatedRecord, Parsed, Problem, RefusedRow, Scope
from reseau.model.typology import normalise
from reseau.sources._base import ReadOptions, Source, load_spec
from reseau.sources._boundaries import Boundary, read_boundaries, resolve_crs
from reseau.sources._figures import figure_columns, number, year_of
from reseau.sources._layers import Layer, read_layers
from reseau.sources._peek import BOUNDARIES, glimpse
from reseau.sources._reading import Reading
from reseau.sources._territory import Territory

CODES = ("code iris", "iris code", "dcomiris", "codeiris", "iris")
NAMES = ("nom iris", "lib iris", "libiris", "iris name", "nomiris")
INSEE = ("insee com", "depcom", "code commune", "code insee", "com code", "codgeo", "com")
# Numbers that name something, or that speak of the drawing.
_NO_FIGURE = re.compile(
    r"(?:fid|gid|id|objectid|ogc fid|cleabs|iris|typ.*|reg|dep|com|uu\w*|grd quart|modif\w*|origine"
    r"|(?:code|cod|insee|nom|lib|siren|shape|st|geo)\b.*|libcom|libiris|libelle\w*|lab iris|trirs|triris)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Columns of a layer; `figures` hold numbers, `unused` words that are not read."""

    code: str
    name: str
    insee: str
    figures: tuple[str, ...]
    unused: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class _Reading(Reading):
    scope: Scope


class IrisSource(Source):
    """GeoJSON, GeoPackage or zipped shapefile of IRIS."""

    spec = load_spec(Path(__file__).parent)

    def read(self, path: Path, scope: Scope, options: ReadOptions) -> Parsed:
        """Read the blocks of the scope's communes, and those within its radius of the areas.

        All of them when the scope names no commune.

        Raises:
            RefusedInput: not a file of boundaries, no code of IRIS, unknown coordinate system.
        """
        reading = _Reading(scope=scope)
        offset = 0
        layers = read_layers(path)
        usable = [layer for layer in layers if _find(layer.columns, CODES)]
        if not usable:
            seen = ", ".join(dict.fromkeys(column for layer in layers for column in layer.columns))
            raise RefusedInput(
                f"« {path.name} » n'a pas de colonne de code d'IRIS (code_iris) : ce n'est sans doute pas un "
                f"fichier d'IRIS. Vérifiez le fichier choisi. Colonnes lues : {seen[:300] or 'aucune'}."
            )
        for layer in usable:
            _read_layer(layer, reading, path.name, offset=offset)
            offset += len(layer.rows)
        return reading.parsed(_notes(reading))

    def recognises(self, path: Path) -> bool:
        """Boundaries with a column of codes of IRIS."""
        seen = glimpse(path)
        return seen.shape == BOUNDARIES and not seen.columns.isdisjoint(CODES)


def _find(columns: Iterable[str], names: tuple[str, ...]) -> str:
    keys = {normalise(column): column for column in columns}
    return next((keys[name] for name in names if name in keys), "")


def _columns(layer: Layer) -> _Columns:
    code, name, insee = (_find(layer.columns, names) for names in (CODES, NAMES, INSEE))
    others = [
        column
        for column in layer.columns
        if column not in {code, name, insee} and not _NO_FIGURE.fullmatch(normalise(column))
    ]
    figures = figure_columns(layer.rows, others)
    return _Columns(
        code=code,
        name=name,
        insee=insee,
        figures=figures,
        unused=tuple(column for column in others if column not in figures),
    )


def _read_layer(layer: Layer, reading: _Reading, filename: str, *, offset: int) -> None:
    columns = _columns(layer)
    crs, note = resolve_crs(layer, filename)
    reading.notes += [note] if note else []
    if columns.unused:
        reading.notes.append(
            f"Couche « {layer.name} » : colonnes non utilisées : {', '.join(columns.unused)[:300]}."
        )
    year = year_of(columns.figures, layer.title, layer.name, filename) if columns.figures else None
    places = np.flatnonzero(_kept(layer, columns, crs, reading.scope))
    boundaries = dict(zip(places.tolist(), read_boundaries(layer.geometries[places], crs), strict=True))
    for index, row in enumerate(layer.rows):
        boundary = boundaries.get(index)
        if boundary is None:
            reading.n_out_of_scope += 1
            continue
        line = offset + index + 1
        record, problem = _record(row, boundary, columns, year=year, line=line)
        first = reading.codes.get(record.code)
        if problem is None and first:
            reason = f"Ce code est déjà celui de l'IRIS n° {first} du fichier : gardez un seul des deux."
            problem = Problem(line=line, column=columns.code, value=record.code, reason=reason)
        if problem is not None:
            reading.refused.append(RefusedRow(line=line, problems=(problem,), row=row))
            continue
        reading.codes[record.code] = line
        reading.counts["geometries_repaired"] += boundary.repaired
        reading.counts["with_figure" if record.indicators else "without_figure"] += bool(columns.figures)
        reading.counts["dated"] += record.year is not None
        fields = {"code", "name", "insee", "wkb"}
        fields |= {"indicators"} if record.indicators else set()
        fields |= {"year"} if record.year is not None else set()
        reading.records.append(LocatedRecord(line=line, record=record, fields=frozenset(fields), row=row))


def _kept(layer: Layer, columns: _Columns, crs: CRS, scope: Scope) -> np.ndarray:
    """Which features are of the territory, or may be: one without a readable code is, to be refused."""
    if not scope.communes and not scope.areas_wkb:
        return np.ones(len(layer.rows), dtype=bool)
    territory = Territory(scope)
    communes = [_commune(row, columns) for row in layer.rows]
    kept = np.array([not insee or territory.has(insee) for insee in communes], dtype=bool)
    if territory.has_radius:
        others = np.flatnonzero(~kept)
        degrees = to_wgs84(layer.geometries[others], crs)
        kept[others] = territory.near_shapes(degrees)
    return kept


def _commune(row: Mapping[str, str], columns: _Columns) -> str:
    """INSEE code of the commune of a feature, empty when it cannot be told."""
    code = _iris_code(row.get(columns.code, ""))
    return restore_insee(row.get(columns.insee, "")) or restore_insee(code[:5]) or ""


def _iris_code(text: str) -> str:
    """Nine characters; the zero a spreadsheet ate is put back. Empty when the text is no such code."""
    code = text.strip().upper()
    code = f"0{code}" if re.fullmatch(r"\d{8}", code) else code
    return code if re.fullmatch(r"(?:\d{2}|2[AB])\d{7}", code) else ""


def _record(
    row: Mapping[str, str], boundary: Boundary, columns: _Columns, *, year: int | None, line: int
) -> tuple[Iris, Problem | None]:
    text = row.get(columns.code, "")
    code = _iris_code(text)
    figures = {name: number(row.get(name, "")) for name in columns.figures}
    record = Iris(
        code=code,
        name=row.get(columns.name, "") or code,
        insee=_commune(row, columns),
        wkb=boundary.wkb,
        indicators={name: value for name, value in figures.items() if value is not None},
        year=year,
    )
    if not code:
        reason = (
            "Un code d'IRIS a neuf caractères (le code de la commune, puis quatre chiffres) : corrigez-le."
        )
        return record, Problem(line=line, column=columns.code, value=text[:200], reason=reason)
    if boundary.reason:
        return record, Problem(line=line, column="geometry", value="", reason=boundary.reason)
    return record, None


def _notes(reading: _Reading) -> list[str]:
    counts = reading.counts
    sentences = {
        "geometries_repaired": "{n} contour(s) invalide(s) réparé(s).",
        "without_figure": "{n} IRIS sans aucun chiffre (secret ou absent) : ce ne sont pas des zéros.",
    }
    notes = [text.format(n=counts[name]) for name, text in sentences.items() if counts[name]]
    if counts["with_figure"] and not counts["dated"]:
        notes.append("Le fichier ne dit pas de quelle année sont les chiffres.")
    if not reading.records and not reading.refused:
        notes.append("Aucun IRIS de ce fichier n'est dans les communes du territoire : vérifiez leurs codes.")
    return notes


SOURCE = IrisSource()
