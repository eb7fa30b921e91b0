"""Files of a territory whose every text tries to be something else than text, as the sources read them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from reseau.services import App
from reseau.services.importing import FileToImport, import_file
from reseau.services.territoires import create_territoire, update_territoire

WITNESS = "PWNED"
NAMES = (
    "{{cycler.__init__.__globals__.os.mkdir('" + WITNESS + "')}}",
    "{% raw %} {{ 7*7 }}",
    '<img src=x onerror="window.pwned=1">',
    "</script><script>window.pwned=1</script>",
    "[x](javascript:window.pwned=1) ![y](http://images.example/y.png)",
    "`${window.pwned=1}` **gras** <b>b</b>",
    "\"guillemets\" 'simples' \\barre \\u0027",
    "$x^2$ :material/bug_report: :red[rouge]",
    "\u202egnp.x\u202c مركز الصحة",
    '=HYPERLINK("http://sites.example";"clic")',
    "+33 +1+1",
    "-2+3 tiret",
    "@SUM(A1:A9)",
    "https://sites.example/ www.sites.example javascript:window.pwned=1",
)
"""Names of structures and quartiers, of people, places and actions."""
# Marks that turn text around make a name read as another: they alone are taken out at the import.
KEPT = tuple(name.replace("\u202e", "").replace("\u202c", "") for name in NAMES)

Row = dict[str, Any]


def fill(app: App, folder: Path) -> int:
    """Import everything into a new territory; returns its id."""
    folder.mkdir(exist_ok=True)
    tid = create_territoire(app, NAMES[2], communes=["99101"]).id
    files = {"qpv": _quartiers(folder / "quartiers.geojson")}
    files |= {source: _table(folder / f"{source}.csv", rows) for source, rows in _tables().items()}
    for source, path in files.items():
        report = import_file(app, tid, source, FileToImport(path=path, name=f"{NAMES[7]}{path.suffix}"))
        assert report.refused == (), (source, report.refused[0].problems)
    refused = _table(folder / "refus.csv", [{"nom": name, "type": name} for name in NAMES])
    assert len(import_file(app, tid, "tableur", FileToImport(path=refused)).refused) == len(NAMES)
    update_territoire(app, tid, pivot_uid="tableur--h0")
    return tid


def _tables() -> dict[str, list[Row]]:
    bad = NAMES
    turn = [bad[(rank + 1) % len(bad)] for rank in range(len(bad))]
    ids = [f"h{rank}" for rank in range(len(bad))]
    return {
        "tableur": [
            {"identifiant": ids[rank], "nom": name, "type": "CPAM" if rank % 2 else "CMP",
             "description": turn[rank], "adresse": turn[rank], "complément d'adresse": name,
             "commune": bad[rank - 1], "code insee": "99101",
             "latitude": 48.104, "longitude": 1.604 + rank / 100, "horaires": turn[rank],
             "conditions d'accès": name, "note interne": turn[rank]}
            for rank, name in enumerate(bad)
        ],
        "relations": [
            {"de": ids[rank - 1], "vers": ids[rank], "statut": "active", "intensité": 3, "déclarée par": name,
             "référent côté « de »": turn[rank], "référent côté « vers »": name, "preuve": turn[rank],
             "note": name}
            for rank, name in enumerate(bad)
        ],
        "permanences": [
            {"structure": ids[rank - 1], "type": "CPAM", "lieu": name, "latitude": 48.105,
             "longitude": 1.603 + rank / 100, "horaires": turn[rank], "note": name}
            for rank, name in enumerate(bad)
        ],
        "contacts": [
            {"structure": ids[rank], "nom": name, "fonction": turn[rank], "note": name}
            for rank, name in enumerate(bad)
        ],
        "journal": [
            {"structure": ids[rank], "date": "2026-03-04", "texte": name, "auteur": turn[rank]}
            for rank, name in enumerate(bad)
        ],
        "actions": [
            {"identifiant": f"a{rank}", "titre": name, "thème": turn[rank], "quartiers": f"QN9910{rank:X}A",
             "type": "CMP", "lieu": turn[rank], "date": "2026-12-04", "équipe": name, "statut": "prévue",
             "partenaires": f"{ids[rank]} (coanime)", "bilan": turn[rank], "note": name}
            for rank, name in enumerate(bad)
        ],
        "besoins": [
            {"quartier": f"QN9910{rank:X}A", "thème": "logement", "nombre": rank, "recueil": name,
             "note": turn[rank]}
            for rank, name in enumerate(bad)
        ],
    }  # fmt: skip


def _table(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _quartiers(path: Path) -> Path:
    def ring(west: float) -> list[list[float]]:
        east = west + 0.008
        return [[west, 48.1], [east, 48.1], [east, 48.108], [west, 48.108], [west, 48.1]]

    features = [
        {
            "type": "Feature",
            "properties": {
                "code_qp": f"QN9910{rank:X}A",
                "lib_qp": name,
                "insee_com": "99101",
                "lib_com": name,
            },
            "geometry": {"type": "Polygon", "coordinates": [ring(1.6 + rank / 100)]},
        }
        for rank, name in enumerate(NAMES)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path
