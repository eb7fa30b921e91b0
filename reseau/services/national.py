"""The national table: who cannot reach what, for every quartier of the country, from published files alone.

No territory is needed and nothing is stored. Figures are those of a territory measured in a straight line,
with inhabitants spread evenly: the same functions compute both.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from reseau.errors import RefusedInput
from reseau.exports import as_text, plain
from reseau.files import replacing
from reseau.geo.reach_table import ReachTable
from reseau.geo.travel import Floats, StraightLine
from reseau.geo.walking import MINUTES_PER_HOUR, reach_metres, walking_minutes
from reseau.model.records import Territoire
from reseau.model.typology import INTERMEDIAIRE, PROXIMITE
from reseau.services._national_files import Establishments, read_establishments, read_quartiers
from reseau.services._national_table import Ground, compute
from reseau.services._targets import prepare
from reseau.services.app import App, Progress, no_progress

# One line per quartier and type. `n_inside`, `n_500`: places in the quartier, and in or at most 500 m from
# it. `minutes_boundary`: walking minutes from its boundary to the nearest place (0 inside);
# `minutes_nearest`: mean over inhabitants of the minutes to the nearest place of each; `share`: share of
# inhabitants within the threshold of the type, NaN where it has none. `population`: NaN unknown.
NATIONAL = (
    "code", "name", "department", "type_code", "type_label", "n_inside", "n_500", "minutes_boundary",
    "minutes_nearest", "share", "population",
)  # fmt: skip
HEADERS = (
    "code", "nom", "departement", "type", "libelle_type", "dans_le_quartier", "a_500_m", "minutes_contour",
    "minutes_moyennes", "part_dans_le_seuil", "habitants",
)  # fmt: skip
DIGITS = {"minutes_boundary": 2, "minutes_nearest": 2, "share": 4}
MOST_WORKERS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalRequest:
    """What to compute.

    Attributes:
        qpv: file of boundaries of quartiers.
        establishments: files of structures, of sources that are recognised.
        population: file of figures by quartier, None for the population the boundaries give.
        departments: départements whose quartiers are computed, empty for all (all places count always).
        workers: processes.
    """

    qpv: Path
    establishments: tuple[Path, ...]
    population: Path | None = None
    departments: tuple[str, ...] = ()
    workers: int = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NationalTable:
    """The answer.

    Attributes:
        lines: columns `NATIONAL`, quartiers × types.
        types: one row a type: `type_code`, `type_label`, `threshold_minutes` (NaN without), `places`,
            `unplaced`, `outgoing`, `near` and `far` (quartiers where the share asked is within the threshold,
            and where it is not), `inhabitants` within it (NaN without a threshold, or when no population is
            known).
        quartiers: frame of `read_quartiers`.
        places: what was read.
        settings: thresholds, share, speed and detour used.
        notes: French sentences worth reading.
    """

    lines: pd.DataFrame
    types: pd.DataFrame
    quartiers: gpd.GeoDataFrame
    places: Establishments
    settings: Territoire
    notes: tuple[str, ...]

    @property
    def walk(self) -> str:
        """How a walk is measured: «ligne droite × 1,3»."""
        return StraightLine(self.settings.detour_factor).label


def national_table(
    app: App, request: NationalRequest, *, on_progress: Progress = no_progress
) -> NationalTable:
    """Compute the table. Nothing is written.

    Types of which no file gives a placed place are left out: a file that does not speak of a type says
    nothing of where it is missing.

    Raises:
        RefusedInput, NotFound: a file that cannot be taken, a département without a quartier, a number of
            workers that makes no sense, or several workers without Dask.
        Unavailable: a worker died.
    """
    if not 1 <= request.workers <= MOST_WORKERS:
        raise RefusedInput(f"Travailleurs : {request.workers}. Donnez un nombre entre 1 et {MOST_WORKERS}.")
    on_progress(0.0, f"Lecture de {request.qpv.name}…")
    quartiers, notes = read_quartiers(app, request.qpv, request.population)
    quartiers = _of_departments(quartiers, request)
    on_progress(0.1, "Lecture des établissements…")
    places = read_establishments(app, request.establishments)
    settings = Territoire(name="")
    types = _types(app, places, settings)
    if not len(types):
        raise RefusedInput(
            "Aucun établissement de ces fichiers n'a à la fois une position et un type de la typologie : "
            "prenez des fichiers qui donnent des positions."
        )
    table = _computed(quartiers, places, types, settings, request.workers, on_progress)
    lines = _lines(quartiers, types, table, settings)
    return NationalTable(
        lines=lines,
        types=_summed(types, lines, settings),
        quartiers=quartiers,
        places=places,
        settings=settings,
        notes=(*notes, *_notes(app, places, types, lines), *places.notes),
    )


def write_table(table: NationalTable, path: Path) -> int:
    """Write the lines as CSV (`;`, UTF-8 with a byte-order mark, CRLF), whole or not at all; their number.

    Raises:
        RefusedInput: the file cannot be written there.
    """
    prepare(path)
    with replacing(path) as temporary, temporary.open("x", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(HEADERS)
        writer.writerows([as_text(cell) for cell in row.values()] for row in records_of(table))
    return len(table.lines)


def records_of(table: NationalTable) -> Iterator[dict[str, Any]]:
    """Lines as plain values by French name, rounded; None where not known."""
    rounded = table.lines.round(DIGITS)
    rounded["population"] = rounded["population"].astype("Int64")
    for row in rounded[list(NATIONAL)].itertuples(index=False, name=None):
        yield dict(zip(HEADERS, map(plain, row), strict=True))


def _of_departments(quartiers: gpd.GeoDataFrame, request: NationalRequest) -> gpd.GeoDataFrame:
    wanted = {code.strip().upper() for code in request.departments} - {""}
    known = set(quartiers["department"])
    if unknown := sorted(wanted - known):
        raise RefusedInput(
            f"« {request.qpv.name} » n'a aucun quartier dans : {', '.join(unknown)[:200]}. "
            f"Départements du fichier : {', '.join(sorted(known))}."
        )
    kept = quartiers["department"].isin(wanted or known)
    return quartiers[kept].reset_index(drop=True)


def _types(app: App, places: Establishments, settings: Territoire) -> pd.DataFrame:
    """Types that have a place; index = position in the typology."""
    minutes = {PROXIMITE: settings.minutes_proximite, INTERMEDIAIRE: settings.minutes_intermediaire}
    everything = list(app.typology)
    frame = pd.DataFrame(
        {
            "type_code": [item.code for item in everything],
            "type_label": [item.label for item in everything],
            "threshold_minutes": [float(minutes.get(item.gamme, np.nan)) for item in everything],
            "places": np.bincount(places.kind, minlength=len(everything)),
            "unplaced": [places.unplaced[item.code] for item in everything],
            "outgoing": [places.outgoing[item.code] for item in everything],
        }
    )
    return frame[frame["places"] > 0]


def _computed(
    quartiers: gpd.GeoDataFrame,
    places: Establishments,
    types: pd.DataFrame,
    settings: Territoire,
    workers: int,
    on_progress: Progress,
) -> ReachTable:
    minutes = types["threshold_minutes"].to_numpy(dtype=np.float64)
    radius = reach_metres(minutes, detour_factor=settings.detour_factor, kmh=settings.walking_kmh)
    grounds = {}
    for epsg in sorted(set(quartiers["epsg"])):
        xy, kind = places.among(epsg)
        grounds[epsg] = Ground(
            epsg=epsg, xy=xy, kind=types.index.get_indexer(pd.Index(kind)), radius_m=radius
        )
    computed = 0

    def done(number: int) -> None:
        nonlocal computed
        computed += number
        on_progress(0.3 + 0.7 * computed / len(quartiers), f"{computed} quartiers sur {len(quartiers)}.")

    return compute(quartiers, grounds, workers=workers, done=done)


def _lines(
    quartiers: gpd.GeoDataFrame, types: pd.DataFrame, table: ReachTable, settings: Territoire
) -> pd.DataFrame:
    def of_quartier(name: str) -> np.ndarray:
        return np.repeat(quartiers[name].to_numpy(), len(types))

    def of_type(name: str) -> np.ndarray:
        return np.tile(types[name].to_numpy(), len(quartiers))

    def minutes(metres: Floats) -> Floats:
        return walking_minutes(metres.ravel(), detour_factor=settings.detour_factor, kmh=settings.walking_kmh)

    columns = {
        "code": of_quartier("code"),
        "name": of_quartier("name"),
        "department": of_quartier("department"),
        "type_code": of_type("type_code"),
        "type_label": of_type("type_label"),
        "n_inside": table.inside.ravel(),
        "n_500": table.around.ravel(),
        "minutes_boundary": minutes(table.boundary_m),
        "minutes_nearest": minutes(table.metres),
        "share": table.share.ravel(),
        "population": of_quartier("population"),
    }
    return pd.DataFrame(columns, columns=list(NATIONAL))


def _summed(types: pd.DataFrame, lines: pd.DataFrame, settings: Territoire) -> pd.DataFrame:
    near = lines["share"] >= settings.near_share
    reached = lines["share"] * lines["population"]
    grouped = pd.DataFrame(
        {
            "type_code": lines["type_code"],
            "near": near,
            "far": ~near & lines["share"].notna(),
            "inhabitants": reached,
        }
    ).groupby("type_code", sort=False)
    counted = grouped[["near", "far"]].sum()
    # Of nobody known, the sum is not zero.
    counted["inhabitants"] = grouped["inhabitants"].sum(min_count=1)
    return types.join(counted, on="type_code").reset_index(drop=True)


def _notes(app: App, places: Establishments, types: pd.DataFrame, lines: pd.DataFrame) -> list[str]:
    missing = [item.code for item in app.typology if item.code not in set(types["type_code"])]
    sentences = (
        (places.repeated, "{n} structure(s) données deux fois sous le même identifiant : comptées une fois."),
        (places.closed, "{n} structure(s) fermées : laissées de côté."),
        (places.without_type, "{n} structure(s) sans type de la typologie : laissées de côté."),
        (sum(places.unplaced.values()), "{n} lieu(x) sans position utilisable : connus, mais non mesurés."),
        (
            sum(places.outgoing.values()),
            "{n} service(s) sans lieu d'accueil (à domicile, itinérants…) : non mesurés.",
        ),
        (int((places.epsg == 0).sum()), "{n} lieu(x) hors des territoires français : laissés de côté."),
    )
    notes = [text.format(n=count) for count, text in sentences if count]
    if missing:
        notes.append(
            f"Types dont ces fichiers ne placent aucun lieu, absents du tableau : {', '.join(missing)}."
        )
    return [*notes, *_not_covered(lines)]


def _not_covered(lines: pd.DataFrame) -> list[str]:
    """An extract of one region says nothing of the others: their nearest places are only those it knows."""
    nearest = lines.groupby("code", sort=False)["minutes_boundary"].min()
    alone = nearest.index[~(nearest <= MINUTES_PER_HOUR)]
    if not len(alone):
        return []
    where = sorted(set(lines.loc[lines["code"].isin(alone), "department"]))
    return [
        f"{len(alone)} quartier(s) n'ont aucun lieu de ces fichiers à moins d'une heure de marche : ils ne "
        f"couvrent sans doute pas leurs départements ({', '.join(where)})."
    ]
