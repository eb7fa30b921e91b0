"""Squares of 200 m with their modelled population, of the official namings of 2015, 2017 and 2019."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from reseau.errors import RefusedInput
from reseau.geo import shapes
from reseau.geo.crs import WGS84
from reseau.model.context import Square
from reseau.model.reports import LocatedRecord, Parsed, Problem, RefusedRow, Scope
from reseau.sources._base import ReadOptions, Source, load_spec
from reseau.sources._figures import hidden, number
from reseau.sources._peek import BOUNDARIES, TABLE, glimpse
from reseau.sources._reading import Reading
from reseau.sources._text import clean_cell
from reseau.sources.carreaux.naming import IDENTIFIERS, Columns, Corner, parse, recognise, year_of
from reseau.sources.carreaux.tables import Row, Table, open_tables
from reseau.sources.carreaux.territory import SIDE, GridTerritory, corner_shift, system_of

# A file where so many rows name no square is not the file it seems to be.
MAX_REFUSED = 5_000
_BAD_IDENTIFIER = (
    "Ce n'est pas un identifiant de carreau (attendu : CRS3035RES200mN2029800E4252400) : la ligne est "
    "sans doute abîmée ou décalée."
)
_BAD_PLACE = "Ces coordonnées ne sont pas sur la grille de 200 m du fichier : la ligne est sans doute abîmée."


@dataclass(slots=True, kw_only=True)
class _Reading(Reading):
    """What has been read so far.

    Attributes:
        silent: columns that gave no figure so far, for no square kept.
    """

    territory: GridTerritory
    silent: dict[str, None] = field(default_factory=dict)


class CarreauxSource(Source):
    """CSV, GeoPackage, or a ZIP of these; read in batches, so that the national file fits in memory."""

    spec = load_spec(Path(__file__).parent)

    def read(self, path: Path, scope: Scope, options: ReadOptions) -> Parsed:
        """Read the squares that touch the scope's areas (with its radius) or communes.

        Raises:
            RefusedInput: not a file of squares, or a scope that cannot be told in it.
        """
        reading = _Reading(territory=GridTerritory(scope))
        if not (scope.communes or scope.areas_wkb or scope.boundaries_wkb):
            raise RefusedInput(
                f"« {path.name} » couvre tout le pays : indiquez d'abord les communes du territoire (page "
                "Réglages)."
            )
        with open_tables(path) as tables:
            for table in tables:
                _read_table(table, reading, path.name)
        return reading.parsed(_notes(reading))

    def recognises(self, path: Path) -> bool:
        """A table or a layer with identifiers of squares, or the coordinates and households of 2010."""
        seen = glimpse(path)
        if seen.shape not in {TABLE, BOUNDARIES}:
            return False
        named = not seen.columns.isdisjoint({name for name in IDENTIFIERS if name != "idcar"})
        return named or (seen.shape == TABLE and seen.has("x", "y", "menages", "menages pauvres"))


def _read_table(table: Table, reading: _Reading, filename: str) -> None:
    columns = recognise(table.columns)
    assert columns is not None  # noqa: S101 -- `open_tables` gives no other table
    scope = reading.territory.scope
    by_name = columns.communes is not None and bool(scope.communes)
    if not by_name and not reading.territory.has_shapes:
        raise RefusedInput(
            f"« {filename} » ne dit pas de quelle commune est chaque carreau : importez d'abord les "
            "contours des quartiers (source qpv), des communes (communes) ou des IRIS (iris) de votre "
            "territoire."
        )
    if not by_name and not scope.boundaries_wkb:
        reading.notes.append(
            "Sans contours de communes, seuls les carreaux qui touchent vos quartiers (et leur rayon) "
            "sont gardés. Pour ceux de toute la commune, importez d'abord les communes ou les IRIS, puis "
            "ce fichier de nouveau."
        )
    reading.silent |= dict.fromkeys(columns.figures.values())
    year = year_of(table.columns, table.name, filename)
    grid: tuple[int, int] | None = None
    for batch in table.batches:
        if columns.identifier is None and grid is None:
            grid = _grid(batch, columns, scope, filename)
        corners = [_corner(row, columns, grid) for _, row in batch]
        _take(batch, corners, reading, table=table, columns=columns, year=year)


def _grid(batch: Sequence[tuple[int, Row]], columns: Columns, scope: Scope, name: str) -> tuple[int, int]:
    """Coordinate system and shift to the corner of a file that gives coordinates only."""
    pairs = [_coordinates(row, columns) for _, row in batch[:2000]]
    known = np.array([pair for pair in pairs if pair is not None], dtype=float)
    if not len(known):
        raise RefusedInput(f"« {name} » : aucune coordonnée lisible dans les colonnes x et y.")
    epsg = system_of(known[:, 0].tolist(), known[:, 1].tolist(), scope, name)
    return epsg, corner_shift(known[:, 0], known[:, 1], name)


def _coordinates(row: Row, columns: Columns) -> tuple[float, float] | None:
    if columns.east is None or columns.north is None or len(row) <= max(columns.east, columns.north):
        return None
    east, north = number(row[columns.east]), number(row[columns.north])
    return None if east is None or north is None else (east, north)


def _corner(row: Row, columns: Columns, grid: tuple[int, int] | None) -> Corner | None:
    if columns.identifier is not None:
        return parse(row[columns.identifier]) if len(row) > columns.identifier else None
    pair = _coordinates(row, columns)
    if pair is None or grid is None:
        return None
    epsg, shift = grid
    east, north = pair[0] - shift, pair[1] - shift
    if east % SIDE or north % SIDE:
        return None
    return Corner(epsg, SIDE, int(north), int(east))


def _take(
    batch: Sequence[tuple[int, Row]],
    corners: Sequence[Corner | None],
    reading: _Reading,
    *,
    table: Table,
    columns: Columns,
    year: int | None,
) -> None:
    """Keep what is of the territory in one batch, refuse what names no square, count the rest."""
    kept = _kept(batch, corners, reading.territory, columns)
    for (line, row), corner, is_kept in zip(batch, corners, kept.tolist(), strict=True):
        if corner is None or (is_kept and len(row) > len(table.columns)):
            _refuse(line, row, corner, reading, table=table, columns=columns)
        elif not is_kept:
            reading.n_out_of_scope += 1
        elif first := reading.codes.get(corner.code):
            reason = f"Ce carreau est déjà à la ligne {first} : gardez une seule des deux."
            _add_refused(line, row, ("", corner.code, reason), reading, table)
        else:
            reading.codes[corner.code] = line
            record = _square(row, corner, columns, year)
            _count(record, row, columns, reading.counts)
            for name in record.indicators:
                reading.silent.pop(name, None)
            fields = {"code", "epsg", "x", "y", "lon", "lat"}
            fields |= {name for name in _GIVEN if getattr(record, name) not in (None, {})}
            cells = dict(zip(table.columns, map(clean_cell, row), strict=False))
            reading.records.append(
                LocatedRecord(line=line, record=record, fields=frozenset(fields), row=cells)
            )


_GIVEN = ("people", "households", "poor_households", "indicators", "year")


def _kept(
    batch: Sequence[tuple[int, Row]],
    corners: Sequence[Corner | None],
    territory: GridTerritory,
    columns: Columns,
) -> np.ndarray:
    kept = np.zeros(len(batch), dtype=bool)
    if columns.communes is not None and territory.scope.communes:
        place = columns.communes
        kept[:] = [len(row) > place and territory.names(row[place]) for _, row in batch]
    if territory.has_shapes:
        for epsg in {corner.epsg for corner in corners if corner is not None}:
            places = [i for i, corner in enumerate(corners) if corner is not None and corner.epsg == epsg]
            found = [corner for corner in corners if corner is not None and corner.epsg == epsg]
            values = np.array([(item.side, item.north, item.east) for item in found], dtype=float)
            kept[places] |= territory.touches(epsg, values[:, 0], values[:, 1], values[:, 2])
    return kept


def _refuse(
    line: int, row: Row, corner: Corner | None, reading: _Reading, *, table: Table, columns: Columns
) -> None:
    if corner is not None:
        reason = (
            f"{len(row)} cellules pour {len(table.columns)} colonnes : un séparateur de trop. "
            "Corrigez la ligne."
        )
        _add_refused(line, row, ("", "", reason), reading, table)
        return
    place = columns.identifier if columns.identifier is not None else columns.east
    value = row[place] if place is not None and len(row) > place else ""
    name = table.columns[place] if place is not None else ""
    reason = _BAD_IDENTIFIER if columns.identifier is not None else _BAD_PLACE
    _add_refused(line, row, (name, value, reason), reading, table)
    if len(reading.refused) > MAX_REFUSED:
        raise RefusedInput(
            f"« {table.name} » : plus de {MAX_REFUSED} lignes ne désignent aucun carreau. Le fichier est "
            "sans doute abîmé : téléchargez-le de nouveau."
        )


def _add_refused(line: int, row: Row, why: tuple[str, str, str], reading: _Reading, table: Table) -> None:
    column, value, reason = why
    problem = Problem(line=line, column=column, value=clean_cell(value)[:200], reason=reason)
    cells = {name: clean_cell(cell) for name, cell in zip(table.columns, row, strict=False)}
    cells |= {
        f"valeur en trop {i}": clean_cell(cell) for i, cell in enumerate(row[len(table.columns) :], start=1)
    }
    reading.refused.append(RefusedRow(line=line, problems=(problem,), row=cells))


def _square(row: Row, corner: Corner, columns: Columns, year: int | None) -> Square:
    x, y = corner.east + corner.side / 2, corner.north + corner.side / 2
    lon, lat = shapes.transformer(corner.epsg, WGS84).transform(x, y)
    figures = {name: _figure(row, place) for place, name in columns.figures.items()}
    return Square(
        code=corner.code,
        epsg=corner.epsg,
        x=x,
        y=y,
        lon=round(lon, 7),
        lat=round(lat, 7),
        people=_figure(row, columns.people),
        households=_figure(row, columns.households),
        poor_households=_figure(row, columns.poor),
        indicators={name: value for name, value in figures.items() if value is not None},
        year=year,
    )


def _figure(row: Row, place: int | None) -> float | None:
    """A figure of a row, decimals kept; None where it is secret, absent or below zero."""
    value = number(row[place]) if place is not None and len(row) > place else None
    return value if value is not None and value >= 0 else None


def _count(record: Square, row: Row, columns: Columns, counts: Counter[str]) -> None:
    for place, value in (
        (columns.people, record.people),
        (columns.households, record.households),
        (columns.poor, record.poor_households),
    ):
        if place is not None and value is None:
            told = row[place] if len(row) > place else ""
            counts["hidden" if hidden(told) else "unreadable"] += 1
    counts["large"] += "RES200m" not in record.code
    counts["without_year"] += record.year is None


def _notes(reading: _Reading) -> list[str]:
    counts = reading.counts
    sentences = {
        "hidden": "{n} chiffre(s) secrets ou absents : laissés inconnus, ce ne sont pas des zéros.",
        "unreadable": "{n} chiffre(s) illisibles, laissés inconnus.",
        "large": "{n} carreau(x) de plus de 200 m de côté.",
    }
    notes = [text.format(n=counts[name]) for name, text in sentences.items() if counts[name]]
    if reading.records and reading.silent:
        notes.append(f"Colonnes non utilisées (sans aucun chiffre) : {', '.join(reading.silent)[:300]}.")
    if counts["without_year"]:
        notes.append("Le fichier ne dit pas de quelle année sont les chiffres.")
    if not reading.records and not reading.refused:
        notes.append("Aucun carreau de ce fichier ne touche le territoire : vérifiez ses communes.")
    return notes


SOURCE = CarreauxSource()
