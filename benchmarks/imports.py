"""Import of establishments, beside pandas reading the file and writing a table.

    python -m benchmarks.imports [file of FINESS]

Without a file, 10,000 invented establishments in the official layout. The territory takes every commune of
the file. Measured: comparison before anything is written, first import, the same file again when nothing was
written since (known by its fingerprint), the same again when something was (everything compared), undo.
The alternative checks nothing, compares nothing, keeps no provenance: it is the floor, not a rival.
"""

from __future__ import annotations

import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from reseau.config import load_config
from reseau.services import App, open_app
from reseau.services.importing import FileToImport, import_file, plan_import
from reseau.services.territoires import create_territoire, update_territoire
from reseau.services.undoing import undo_import
from reseau.services.view import open_view

RUNS = 3
NUMBER = 10_000
CATEGORIES = ("620;Pharmacie d'Officine", "156;Centre Médico-Psychologique (C.M.P.)", "124;Centre de Santé")
INSEE = re.compile(r"(?:\d{5}|2[AB]\d{3})")


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


def communes_of(path: Path) -> list[str]:
    """Every commune code that stands alone in a cell of the file: the territory takes them all."""
    separator = re.compile(r"[,;]")
    with path.open(encoding="utf-8", errors="replace") as file:
        cells = {cell.strip() for line in file for cell in separator.split(line)}
    return sorted(cell for cell in cells if INSEE.fullmatch(cell))


def floor(source: Path, folder: Path) -> None:
    """Read every line, write every line."""
    names = [f"c{rank}" for rank in range(32)]
    frame = pd.read_csv(source, sep=None, engine="python", names=names, dtype=str, encoding_errors="replace")
    with sqlite3.connect(folder / "plancher.db") as connection:
        frame.to_sql("lignes", connection, if_exists="replace", index=False)


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def show(label: str, seconds: list[float]) -> None:
    print(f"{label:<58}{statistics.median(seconds):7.2f} s   ({min(seconds):.2f}–{max(seconds):.2f})")


def measure(app: App, tid: int, source: Path, times: dict[str, list[float]]) -> int:
    """One life of a file in an empty territory; answers how many structures it made."""
    file = FileToImport(path=source)

    def note(label: str, work: Callable[[], object]) -> None:
        times.setdefault(label, []).append(timed(work))

    note("comparaison avant le premier import", lambda: plan_import(app, tid, "finess", file))
    note("premier import (avec sa comparaison)", lambda: import_file(app, tid, "finess", file))
    note("même fichier, rien n'a changé : reconnu", lambda: import_file(app, tid, "finess", file))
    # Any change of the territory makes the fingerprint useless.
    update_territoire(app, tid, minutes_proximite=14)
    note("même fichier, tout comparer de nouveau", lambda: import_file(app, tid, "finess", file))
    count = len(open_view(app, tid).structures)
    first = min(item.id or 0 for item in open_view(app, tid).imports)
    note("annulation du premier import", lambda: undo_import(app, tid, first))
    return count


def main(given: str = "") -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = Path(given) if given else folder / "etablissements.csv"
        if not given:
            invented(source)
        communes = communes_of(source) if given else ["99101"]
        times: dict[str, list[float]] = {}
        for run in range(RUNS):
            app = open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{folder}/{run}.db"}))
            tid = create_territoire(app, "Essai", communes=communes).id
            times.setdefault("pandas lit et écrit les lignes (plancher)", []).append(
                timed(lambda: floor(source, folder))
            )
            count = measure(app, tid, source, times)
            app.close()
    print(f"{source.name} : {count} structures")
    for label, seconds in times.items():
        show(label, seconds)


if __name__ == "__main__":
    main(*sys.argv[1:2])
