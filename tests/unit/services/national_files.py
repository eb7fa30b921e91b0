"""Small files like the national ones: boundaries of quartiers and a register of establishments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PHARMACIE, HOPITAL = "620", "355"
# South-west corner of the quartiers, degrees: two in Gironde and one in Dordogne in a row, one in Réunion.
QUARTIERS = {
    "QN03301M": ("33001", 0.000, 44.800),
    "QN03302M": ("33002", 0.020, 44.800),
    "QN02401M": ("24001", 0.040, 44.800),
    "QN97401M": ("97411", 55.45, -20.90),
}
SIDE = 0.004


def boundaries(folder: Path, name: str = "quartiers.geojson", **more: Any) -> Path:
    """A file of boundaries: squares of some 300 × 440 m. `more`: properties of every quartier."""
    features = [
        {
            "type": "Feature",
            "properties": {"code_qp": code, "lib_qp": f"Quartier {code}", "insee_com": insee, **more},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[lon, lat], [lon + SIDE, lat], [lon + SIDE, lat + SIDE], [lon, lat + SIDE], [lon, lat]]
                ],
            },
        }
        for code, (insee, lon, lat) in QUARTIERS.items()
    ]
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def register(
    folder: Path, *rows: tuple[str, str, float | str, float | str], name: str = "finess.csv"
) -> Path:
    """A file of the register: category, INSEE code, longitude and latitude of each establishment."""
    lines = ["nofinesset;categetab;rs;commune;departement;latitude;longitude;telephone"]
    for rank, (category, insee, lon, lat) in enumerate(rows):
        departement, commune = (insee[:3], insee[3:]) if insee.startswith("97") else (insee[:2], insee[2:])
        lines.append(f"33{rank:07d};{category};LIEU {rank};{commune};{departement};{lat};{lon};")
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def usual(folder: Path) -> Path:
    """Pharmacies in Gironde, beside Dordogne and in Réunion, one without a position, and a hospital."""
    return register(
        folder,
        (PHARMACIE, "33001", 0.001, 44.801),
        (PHARMACIE, "24001", 0.039, 44.802),
        (PHARMACIE, "97411", 55.46, -20.90),
        (HOPITAL, "33001", 0.002, 44.802),
        (PHARMACIE, "33001", "", ""),
    )
