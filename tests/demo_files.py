"""The demonstration files, read without the application."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import shapely
from pyproj import Transformer

ROOT = Path(__file__).resolve().parents[1]
PARTNERS = ROOT / "data" / "partners"
TODAY = date(2026, 11, 22)  # the day the demonstration was written for
PIVOT = "msp-deux-rives"
TABLES = ("partenaires", "relations", "permanences", "contacts", "journal", "actions", "besoins")
TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)


@cache
def table(name: str) -> list[dict[str, str]]:
    with (PARTNERS / f"demo-{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@cache
def finess_lines() -> list[list[str]]:
    text = (PARTNERS / "demo-finess.csv").read_text(encoding="utf-8")
    return [line.split(";") for line in text.splitlines()]


def establishments() -> list[list[str]]:
    return [line for line in finess_lines() if line[0] == "structureet"]


@cache
def quartiers() -> dict[str, dict]:
    text = (ROOT / "data" / "qpv" / "demo-quartiers.geojson").read_text(encoding="utf-8")
    return {feature["properties"]["code_qp"]: feature for feature in json.loads(text)["features"]}


def shape_of(code: str) -> shapely.Geometry:
    """Boundary in metres."""
    polygon = shapely.from_geojson(json.dumps(quartiers()[code]["geometry"]))
    return shapely.transform(polygon, lambda xy: np.column_stack(TO_METRES.transform(*xy.T)))


@cache
def typology() -> dict[str, dict[str, str]]:
    path = ROOT / "reseau" / "model" / "typologies" / "participative.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file, delimiter=";")}


def type_code(name: str) -> str:
    """Code of a type named by code, acronym or label; an unknown name raises KeyError."""
    return {row[key]: code for key in ("libelle", "sigle", "code") for code, row in typology().items()}[name]


def several(cell: str) -> list[str]:
    return cell.split(" | ") if cell else []


def known_structures() -> set[str]:
    return {row["identifiant"] for row in table("partenaires")} | {
        f"finess--{e[1]}" for e in establishments()
    }


def partners_of(action: dict[str, str]) -> list[tuple[str, str]]:
    return [re.fullmatch(r"(\S+) \((\w+)\)", cell).groups() for cell in several(action["partenaires"])]
