"""Invented establishments in the JSON layout of the register (FINESS+)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from reseau.model.records import Structure
from reseau.model.reports import Parsed, Scope
from reseau.sources._base import ReadOptions
from reseau.sources.finess import SOURCE

TOULOUSE = Scope(communes=frozenset({"31555"}))
DEGREES_LAST = {
    "coordonneeX": "6279642.4", "coordonneeY": "574357.8",
    "directionLatitude": "43.6045", "directionLongitude": "1.4442",
    "cleInInteropBAN": "31555_1950_00062", "scoreBAN": "0.97",
}  # fmt: skip
DEGREES_FIRST = {
    "coordonneeX": "1.4442", "coordonneeY": "43.6045",
    "directionLatitude": "6279642.4", "directionLongitude": "574357.8",
    "cleInInteropBAN": "31555_1950_00062", "scoreBAN": "0.97",
}  # fmt: skip


def address(**values: Any) -> dict[str, Any]:
    base = {
        "usageAdresse": "03", "numeroVoie": "12", "typeVoie": "AV  ", "libelleVoie": "DES LILAS",
        "cogCommune": "31555", "ligneAcheminement": "TOULOUSE CEDEX 3", "codePostal": "31000",
        "coordonneesGeographique": DEGREES_LAST,
    }  # fmt: skip
    return base | values


def site(number: str = "310000001", **values: Any) -> dict[str, Any]:
    about = {"egeId": "1", "nomEgeCourt": "CMP", "nomEgeLong": "CMP DES LILAS", "numFinessEge": number}
    base = {
        "informationsGeneralesEGE": about | {"siret": "12345678900011"} | values.pop("about", {}),
        "categorieentiteGeographiqueExercice": "156",
        "adresse": [address()],
        "contact": [{"telecom": {"telephone": "0561000000"}}],
        "etatObjet": "A",
    }
    return base | values


def document(*sites: Any, **values: Any) -> dict[str, Any]:
    """Keys in the order of the publication: the list of entities comes last."""
    entity = {"informationsGeneralesPMEJ": {"numFinessPm": "310000000"}, "ege": list(sites)}
    return {
        "schemaVersion": "v1.0.0", "generatedAt": "2026-09-05T02:06:22Z",
        "gcc": [], "gco": [], "pmej": [entity],
    } | values  # fmt: skip


def write(folder: Path, content: Any, name: str = "finess-structures.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def read(path: Path, scope: Scope = TOULOUSE) -> Parsed:
    parsed = SOURCE.read(path, scope, ReadOptions())
    assert parsed.n_read == len(parsed.records) + len(parsed.refused) + parsed.n_out_of_scope
    return parsed


def only(parsed: Parsed) -> Structure:
    (located,) = parsed.records
    assert isinstance(located.record, Structure)
    return located.record
