"""Import of establishments in the official layout, beside pandas reading the file and writing a table.

    python -m benchmarks.imports [file]

Without a file, 1,350 invented establishments. The alternative checks nothing, compares nothing, filters
nothing and keeps no provenance: it is the floor, not a rival.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from reseau.config import load_config
from reseau.services import open_app
from reseau.services.importing import FileToImport, import_file
from reseau.services.territoires import create_territoire
from reseau.services.view import open_view

RUNS = 5
NUMBER = 1_350
CATEGORIES = ("620;Pharmacie d'Officine", "156;Centre Médico-Psychologique (C.M.P.)", "124;Centre de Santé")


def invented(path: Path) -> None:
    """A file of the raw two-section layout: 32 fields then 6 fields a line."""
    lines = ["finess;etalab;98;2026-05-12"]
    places = []
    for rank in range(NUMBER):
        number = f"99{rank:07d}"
        before = f"structureet;{number};990000000;LIEU {rank};LIEU {rank}" + ";" * 8
        category = CATEGORIES[rank % 3]
        lines.append(f"{before}101;99;ESSAI;99100 ESSAI;;;{category}" + ";" * 12)
        x, y = 600_000 + 37 * (rank % 101), 6_780_000 + 41 * (rank % 97)
        places.append(f"geolocalisation;{number};{x}.0;{y}.0;1,ATLASANTE,100,BAN,EPSG:2154 RGF93;2026-05-04")
    path.write_text("\n".join([*lines, *places]) + "\n", encoding="utf-8")


def floor(source: Path, folder: Path) -> None:
    """Read every line, write every line."""
    names = [f"c{rank}" for rank in range(32)]
    frame = pd.read_csv(source, sep=";", names=names, dtype=str, skiprows=1, encoding_errors="replace")
    with sqlite3.connect(folder / "plancher.db") as connection:
        frame.to_sql("lignes", connection, if_exists="replace", index=False)


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def show(label: str, seconds: list[float]) -> None:
    print(f"{label:<44}{statistics.median(seconds):7.2f} s   ({min(seconds):.2f}–{max(seconds):.2f})")


def main(given: str = "") -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = Path(given) if given else folder / "etablissements.csv"
        if not given:
            invented(source)
        communes = ["31555", "34172"] if given else ["99101"]
        times: dict[str, list[float]] = {"pandas": [], "premier": [], "second": [], "états": []}
        for run in range(RUNS):
            app = open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{folder}/{run}.db"}))
            tid = create_territoire(app, "Essai", communes=communes).id

            def load(app=app, tid=tid) -> object:
                return import_file(app, tid, "finess", FileToImport(path=source))

            times["pandas"].append(timed(lambda: floor(source, folder)))
            times["premier"].append(timed(load))
            times["second"].append(timed(load))
            times["états"].append(timed(lambda app=app, tid=tid: open_view(app, tid).gaps))
            count = len(open_view(app, tid).structures)
            app.close()
    print(f"{source.name} : {count} structures, communes {', '.join(communes)}")
    show("pandas lit et écrit les lignes (plancher)", times["pandas"])
    show("premier import", times["premier"])
    show("le même fichier une seconde fois", times["second"])
    show("lecture du territoire et états", times["états"])


if __name__ == "__main__":
    main(*sys.argv[1:2])
