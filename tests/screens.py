"""Small screens for tests: a quartier of 800 m by 800 m, what surrounds it, and what a team says of it.

`sample_inputs(**changes)` gives the inputs of a builder, `sample_content(**changes)` the document it makes;
`places(n)` many structures. Positions are metres around `tests.frames.ORIGIN`; the screen is at (400, 400).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
import shapely.affinity

from reseau.geo.travel import StraightLine
from reseau.model.columns import ACTIONS
from reseau.model.screens import Screen, ScreenMessage, ScreenPlace
from reseau.screens.build import ScreenInputs, build_content
from reseau.screens.content import Content
from tests import frames

NOW = datetime(2026, 11, 23, 10, 30)
"""A Monday."""

WEEKDAYS = "Mo-Fr 09:00-12:00,14:00-17:00; PH off"
CODE = "QN00001M"


def sample_screen(**changes: Any) -> Screen:
    """A screen of the quartier, in French and Arabic where they exist."""
    cells: dict[str, Any] = {"name": "Accueil", "quartiers": (CODE,), "languages": ("fr",)} | changes
    return Screen(**cells)


def sample_structures() -> gpd.GeoDataFrame:
    """One structure of most kinds: near, far, hidden by nature, unknown hours, going out, mobile phone."""
    return frames.structures(
        {"id": 1, "name": "Maison de santé du Parc", "types": ("msp",), "at": (400, 400), "is_pivot": True,
         "address": "1 place du Parc", "commune": "Bourges", "phone": "02 48 00 00 01", "accessible": True,
         "website": "https://msp.exemple.fr", "opening_hours": WEEKDAYS},
        {"id": 2, "name": "France services", "types": ("france-services",), "at": (600, 500), "free": True,
         "address": "12 rue Basse", "commune": "Bourges", "phone": "02 48 00 00 02", "no_appointment": True,
         "website": "https://fs.exemple.fr/accueil", "opening_hours": WEEKDAYS, "languages": ("fr", "ar")},
        {"id": 3, "name": "Centre social", "types": ("centre-social",), "at": (100, 700),
         "address": "3 allée des Lilas", "commune": "Bourges", "phone": "02 48 00 00 03",
         "opening_hours": "Mo-Sa 08:00-19:00"},
        {"id": 4, "name": "Docteur Camille Personne", "types": ("medecin",), "at": (500, 300),
         "address": "5 rue Haute", "commune": "Bourges", "phone": "02 48 00 00 04",
         "opening_hours": "Mo-Fr 08:30-18:30"},
        {"id": 5, "name": "Épicerie solidaire", "types": ("aide-alimentaire",), "at": (900, 900),
         "free": True, "address": "8 rue du Marché", "commune": "Bourges", "phone": "06 12 34 56 78",
         "opening_hours": "We 14:00-17:00; Sa 10:00-12:00"},
        {"id": 6, "name": "Pharmacie du Parc", "types": ("pharmacie",), "at": (420, 380),
         "address": "2 place du Parc", "commune": "Bourges", "phone": "02 48 00 00 06"},
        {"id": 7, "name": "Accueil des femmes", "types": ("violences",), "at": (450, 450),
         "address": "7 rue Discrète", "phone": "02 48 00 00 07", "opening_hours": WEEKDAYS},
        {"id": 8, "name": "Mission locale", "types": ("mission-locale",), "at": (5000, 400),
         "address": "9 avenue Lointaine", "commune": "Saint-Doulchard", "phone": "02 48 00 00 08",
         "opening_hours": WEEKDAYS},
        {"id": 9, "name": "Équipe mobile", "types": ("emps",), "reception_modes": ("mobile", "telephone"),
         "served_quartiers": (CODE,), "phone": "02 48 00 00 09"},
        {"id": 10, "name": "Ancienne antenne", "types": ("caf",), "at": (300, 300), "closed": True},
    )  # fmt: skip


def sample_permanences() -> gpd.GeoDataFrame:
    """A CPAM agent at the maison de santé on Tuesday mornings, a support group at a sensitive place."""
    return frames.permanences(
        {"id": 1, "structure_id": 3, "type_code": "cpam", "host_id": 1,
         "host_name": "Maison de santé du Parc", "place": "bureau 2", "at": (400, 400),
         "opening_hours": "Tu 09:00-12:00", "free": True},
        {"id": 2, "structure_id": 3, "type_code": "ccas", "host_id": 7, "host_name": "Accueil des femmes",
         "at": (450, 450), "opening_hours": "We 09:00-12:00"},
    )  # fmt: skip


def actions(*rows: frames.Row) -> pd.DataFrame:
    """ACTIONS frame. Each row: `id` (else 1, 2, …), any column; confirmed by default."""
    unknown = dict.fromkeys(ACTIONS) | {
        "title": "Atelier", "form": "atelier", "theme": "lien_social", "publics": (), "languages": (),
        "quartiers": (), "host_name": "", "place": "", "start_time": "", "end_time": "", "recurrence": "",
        "team": "", "status": "confirmee", "partners": (), "counts": {}, "outcome": "",
        "note": "", "version": 1,
    }  # fmt: skip
    ids = [row.get("id", number) for number, row in enumerate(rows, start=1)]
    made = [unknown | {key: value for key, value in row.items() if key != "id"} for row in rows]
    return pd.DataFrame(made, columns=list(ACTIONS), index=pd.Index(ids, dtype="int64", name="id"))


def sample_actions() -> pd.DataFrame:
    """A weekly coffee, and a stand that is only planned."""
    return actions(
        {"id": 1, "title": "Café santé", "starts_on": date(2026, 11, 26), "recurrence": "hebdomadaire",
         "ends_on": date(2026, 12, 17), "start_time": "10:00", "end_time": "11:30", "host_id": 3,
         "host_name": "Centre social", "quartiers": (CODE,), "languages": ("fr", "ar")},
        {"id": 2, "title": "Stand au marché", "starts_on": date(2026, 11, 27), "status": "prevue",
         "quartiers": (CODE,)},
    )  # fmt: skip


def sample_streets() -> gpd.GeoSeries:
    """Streets every 200 m."""
    steps = range(-1000, 2001, 200)
    lines = [[frames.lonlat(x, -1000), frames.lonlat(x, 2000)] for x in steps]
    lines += [[frames.lonlat(-1000, y), frames.lonlat(2000, y)] for y in steps]
    return gpd.GeoSeries([shapely.LineString(line) for line in lines], crs="EPSG:4326")


def sample_inputs(**changes: Any) -> ScreenInputs:
    """Inputs of the builder; any field can be changed."""
    inputs = ScreenInputs(
        screen=sample_screen(),
        screen_key="k1",
        logo=None,
        structures=sample_structures(),
        permanences=sample_permanences(),
        actions=sample_actions(),
        quartiers=frames.quartiers({"name": "Le Parc", "geometry": frames.square(0, 0, 800)}),
        types=pd.DataFrame({"type_code": []}),
        epsg=2154,
        travel=StraightLine(1.3),
        walking_kmh=4.5,
        places={},
        messages=[(1, ScreenMessage(texts={"fr": "Le centre social fête ses dix ans samedi."}))],
        ideas={},
        ideas_since=None,
        streets=sample_streets(),
        pivot_id=1,
        fictional=True,
        now=NOW,
        made_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
        zone="Europe/Paris",
        sources=("Annuaire de l'équipe",),
    )
    return replace(inputs, **changes)


def sample_content(**changes: Any) -> Content:
    """The document of `sample_inputs(**changes)`."""
    return build_content(sample_inputs(**changes))


def said(*items: ScreenPlace) -> dict[int, ScreenPlace]:
    """What a team says of structures, as the builder takes it."""
    return {item.structure_id: item for item in items}


def places(count: int, types: Iterable[str] = ("pharmacie", "france-services", "centre-social", "cmp", "pmi")
           ) -> gpd.GeoDataFrame:  # fmt: skip
    """Many structures on a spiral around the screen, with names, addresses, hours and websites."""
    codes = list(types)
    rows = []
    for rank in range(count):
        away, turn = 20 + 1500 * rank / count, rank * 2.399963
        point = shapely.affinity.rotate(shapely.Point(away, 0), turn, origin=(0, 0), use_radians=True)
        rows.append({
            "id": rank + 1, "name": f"Lieu numéro {rank + 1} du quartier du Parc",
            "types": (codes[rank % len(codes)],), "at": (400 + point.x, 400 + point.y),
            "address": f"{rank + 1} rue de la Longue-Promenade",
            "commune": "Bourges",
            "phone": f"02 48 {rank // 10000:02d} {rank // 100 % 100:02d} {rank % 100:02d}",
            "website": f"https://www.lieu-{rank + 1}.exemple.fr/nos-services/accueil",
            "opening_hours": f"Mo-Fr {8 + rank % 3:02d}:{rank % 60:02d}-12:00,14:00-{17 + rank % 2}:00",
        })  # fmt: skip
    return frames.structures(*rows)
