"""A small bundle with everything that hurts: accents, separators, formulas, control characters, unknowns."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from reseau.exports import ExportBundle
from reseau.model import columns
from reseau.model.typology import load_typology

FORMULA = '=HYPERLINK("http://exemple.fr";"ici")'
MARKUP = "<img src=x onerror=alert(1)> {{ 7*7 }}"
HIDDEN = "MOT-INTERNE"  # stands in every field that must stay inside

_BLANK: dict[str, Any] = {
    "types": (), "publics": (), "languages": (), "reception_modes": (), "served_quartiers": (),
    "sources": (), "communes": (), "commune_names": (), "quartiers": (), "partners": (), "family": "autre",
    "closed": False, "placed": False, "is_pivot": False, "version": 1,
}  # fmt: skip
_TEXTS = frozenset(
    {"description", "address", "address_extra", "postcode", "commune", "insee", "position_precision", "phone"}
    | {"email", "website", "opening_hours", "hours_text", "access_conditions", "finess", "siret", "place"}
    | {"note", "evidence", "declared_by", "referent_from", "referent_to", "host_name", "team", "outcome"}
    | {"theme", "start_time", "end_time", "recurrence", "type_code", "role", "author", "text", "reason"}
    | {"population_source", "source", "data_date", "capacity_unit"}
)
_FLOATS = frozenset({"lon", "lat", "share", "minutes_nearest", "metres_nearest", "threshold_minutes"})


def frame(names: tuple[str, ...], *rows: dict[str, Any]) -> pd.DataFrame:
    """Frame with the given columns, as the store builds them; index from each row's `id`."""
    made = []
    for row in rows:
        blank = {name: "" if name in _TEXTS else _BLANK.get(name) for name in names}
        made.append({key: value for key, value in (blank | row).items() if key in names})
    index = pd.Index([row["id"] for row in rows], dtype="int64", name="id")
    data = {name: pd.Series([row[name] for row in made], dtype=object) for name in names}
    table = pd.DataFrame(data, columns=list(names)).set_axis(index)
    table = table.astype({name: float for name in names if name in _FLOATS})
    if "geometry" not in names:
        return table
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(table["geometry"].tolist(), index), crs="EPSG:4326")


def structures() -> pd.DataFrame:
    return frame(
        columns.STRUCTURES,
        {
            "id": 7, "uid": "tableur--hote", "name": "Centre social « Été », l'Île ; annexe",
            "types": ("centre-social", "cmp"), "family": "action-sociale",
            "description": "Ligne 1\nLigne 2, suite ; fin",
            "address": FORMULA, "postcode": "01000", "commune": "Saint-Étienne", "insee": "42218",
            "lon": -1.25, "lat": 47.5, "position_precision": "adresse", "placed": True,
            "phone": "+3225551212", "email": f"{HIDDEN}@exemple.fr", "website": "https://exemple.fr",
            "opening_hours": "Mo-Fr 09:00-12:00; PH off", "publics": ("tous", "seniors"),
            "languages": ("fr", "ar"),
            "free": True, "no_appointment": False, "accessible": None, "reception_modes": ("sur_place",),
            "served_quartiers": ("QN04201M", "QN04202M"), "capacity": 12.5, "capacity_unit": "professionnels",
            "siret": "00123456700012", "is_pivot": True,
            "sources": ("tableur",), "updated_on": date(2026, 3, 4), "geometry": shapely.Point(-1.25, 47.5),
        },
        {
            "id": 9, "uid": "finess--010000024", "name": MARKUP, "types": ("cmp",), "family": "sante-mentale",
            "hours_text": "@lundi sur rendez-vous", "access_conditions": "-10 % le lundi\x0b\x00",
            "description": "'=déjà protégé", "updated_on": date(2026, 3, 4), "closed": True,
        },
        {"id": 11, "uid": "tableur--sans-rien", "name": "+Sans rien", "types": ("pass",),
            "updated_on": date(2026, 3, 4)},
    )  # fmt: skip


def bundle(**changes: Any) -> ExportBundle:
    """Bundle of three structures and one or two rows of everything else."""
    ring = [(2.0, 48.0), (2.0, 48.1), (2.1, 48.1), (2.1, 48.0)]  # clockwise on purpose
    hole = [(2.02, 48.02), (2.03, 48.02), (2.03, 48.03)]
    content: dict[str, Any] = {
        "territory": "Été-les-Prés",
        "structures": structures(),
        "quartiers": frame(
            columns.QUARTIERS,
            {
                "id": 1, "code": "QN04201M", "name": "Montreynaud; L'Été", "kind": "qpv", "generation": 2024,
                "communes": ("42218", "42207"), "commune_names": ("Saint-Étienne", "Saint-Chamond"),
                "population": None, "source": "qpv", "languages": ("ar", "tr"),
                "geometry": shapely.Polygon(ring, [hole]),
            },
            {
                "id": 2, "code": "QV-vallon", "name": "Le Vallon", "kind": "vecu", "population": 1200.0,
                "geometry": shapely.MultiPolygon([shapely.box(x, 48, x + 0.1, 48.1) for x in (3, 4)]),
            },
        ),
        "relations": frame(
            columns.RELATIONS,
            {
                "id": 1, "from_id": 7, "to_id": 9, "from_name": structures().at[7, "name"], "to_name": MARKUP,
                "purpose": "convention", "direction": "retour", "intensity": 5, "status": "actif",
                "declared_by": HIDDEN, "confirmed": None, "referent_from": HIDDEN, "referent_to": HIDDEN,
                "started_on": date(2025, 1, 2), "evidence": HIDDEN, "note": HIDDEN,
            },
            {
                "id": 2, "from_id": 7, "to_id": 11, "from_name": structures().at[7, "name"],
                "to_name": "+Sans rien", "purpose": "orientation", "direction": "reciproque", "intensity": 1,
                "status": "a_contacter", "note": HIDDEN,
            },
        ),
        "permanences": frame(
            columns.PERMANENCES,
            {
                "id": 1, "structure_id": 9, "structure_name": MARKUP, "type_code": "cmp", "host_id": 7,
                "host_name": structures().at[7, "name"], "insee": "42218", "lon": -1.25, "lat": 47.5,
                "placed": True, "opening_hours": "Tu 14:00-16:00", "free": True, "languages": ("fr",),
                "started_on": date(2026, 1, 6), "note": HIDDEN, "geometry": shapely.Point(-1.25, 47.5),
            },
            {
                "id": 2, "structure_id": 11, "structure_name": "+Sans rien", "type_code": "cmp",
                "place": "Marché,\nplace \"haute\"", "lon": 2.05, "lat": 48.05, "placed": True,
                "geometry": shapely.Point(2.05, 48.05),
            },
        ),
        "actions": frame(
            columns.ACTIONS,
            {
                "id": 1, "uid": "AV-1", "title": "@Café santé", "form": "cafe_sante", "publics": ("femmes",),
                "languages": ("ar",), "quartiers": ("QN04201M",), "type_code": "cmp", "host_id": 7,
                "host_name": structures().at[7, "name"], "starts_on": date(2026, 5, 1), "start_time": "14:00",
                "team": HIDDEN, "status": "realisee", "recurrence": "mensuelle",
                "partners": ((9, MARKUP, "coanime"), (7, structures().at[7, "name"], "accueille")),
                "counts": {"personnes_rencontrees": 0, "orientations": 12}, "outcome": HIDDEN, "note": HIDDEN,
            },
            {"id": 2, "uid": "AV-2", "title": HIDDEN, "form": "stand", "status": "idee", "counts": {}},
        ),
        "gaps": frame(
            columns.GAPS,
            {
                "id": 0, "quartier_id": 1, "quartier_code": "QN04201M", "quartier_name": "Montreynaud; L'Été",
                "type_code": "cmp", "state": "a_relier", "share": 0.625, "minutes_nearest": 12.5,
                "metres_nearest": 720.0, "nearest_id": 9, "nearest_name": MARKUP, "n_points": 2, "n_near": 1,
                "n_unplaced": 0, "threshold_minutes": 30.0, "reliable": True, "reason": HIDDEN,
            },
            {
                "id": 1, "quartier_id": 2, "quartier_code": "QV-vallon", "quartier_name": "Le Vallon",
                "type_code": "pass", "state": "non_renseigne", "n_points": 0, "n_near": 0, "n_unplaced": 0,
                "reliable": False, "reason": HIDDEN,
            },
        ),
        "contacts": frame(
            columns.CONTACTS,
            {
                "id": 1, "structure_id": 7, "structure_name": structures().at[7, "name"],
                "name": f"{HIDDEN} Dupré", "role": "infirmière", "phone": "+33 6 00 00 00 00",
                "email": f"{HIDDEN}@exemple.fr", "note": "=2+2",
            },
        ),
        "journal": frame(
            columns.JOURNAL,
            {
                "id": 1, "structure_id": 9, "structure_name": MARKUP, "on": date(2026, 2, 3), "kind": "appel",
                "text": f"{HIDDEN}\n=1+1 au milieu", "author": "Éloïse",
            },
        ),
        "needs": frame(
            columns.NEEDS,
            {
                "id": 1, "quartier_id": 1, "quartier_code": "QN04201M",
                "quartier_name": "Montreynaud; L'Été", "theme": "sante_mentale", "count": 0,
                "on": date(2026, 3, 4), "collected": "=porte-à-porte", "note": HIDDEN,
            },
            {
                "id": 2, "quartier_id": 2, "quartier_code": "QV-vallon", "quartier_name": MARKUP,
                "theme": "soins", "count": 12, "collected": "", "note": "",
            },
        ),
        "reperes": frame(
            columns.REPERES,
            {
                "id": 1, "uid": "osm--node-12", "name": "=Pharmacie; l'Été", "type_code": "pharmacie",
                "lon": 2.05, "lat": 48.05, "address": "3 rue du Moulin, 99100 Beauval",
                "phone": "01 99 00 00 01",
                "website": "", "opening_hours": "Mo-Fr 09:00-12:00", "finess": "990000017",
                "tags": {"amenity": "pharmacy", "description": HIDDEN}, "source": "osm",
                "updated_on": date(2026, 6, 1), "geometry": shapely.Point(2.05, 48.05),
            },
            {
                "id": 2, "uid": "osm--way-7", "name": MARKUP, "type_code": "", "lon": 2.06, "lat": 48.06,
                "address": "", "phone": "", "website": "", "opening_hours": "", "finess": "", "tags": {},
                "source": "osm", "updated_on": date(2026, 6, 1), "geometry": shapely.Point(2.06, 48.06),
            },
        ),
        "generated_on": date(2026, 6, 1),
        "public": False,
        "sources": ("Tableur – équipe – données du 2026-03-04", "=FORMULE()"),
        "typology": load_typology(),
    }  # fmt: skip
    return ExportBundle(**(content | changes))


def empty_bundle() -> ExportBundle:
    """A territory just created."""
    full = bundle()
    frames = (
        "structures", "quartiers", "relations", "permanences", "actions", "gaps", "contacts", "journal",
        "reperes", "needs",
    )  # fmt: skip
    return bundle(**{name: getattr(full, name).iloc[:0] for name in frames}, sources=())
