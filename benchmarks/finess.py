"""The national register filtered on one département, in a fresh process, beside pandas.

    python -m benchmarks.finess [folder of the real files]

103,000 establishments are made from the real lines with other numbers, spread over every département, in
the two-section layout (cs1100507), and 60,000 legal entities in the JSON one (FINESS+). Time and largest
memory are those of a process that only does this; «pandas» reads every column as text and filters: it
checks nothing, joins no position and gives no record.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "finess"
ROWS = 103_000
RUNS = 3
WANTED = "31"
DEPARTMENTS = [f"{n:02d}" for n in range(1, 96) if n != 20] + ["2A", "2B", "9A", "9B", "9C", "9D", "9F"]

READ = """
import resource, sys, time
from pathlib import Path
start = time.perf_counter()
{work}
seconds = time.perf_counter() - start
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found)
"""
RESEAU = """
from reseau.model.reports import Scope
from reseau.sources._base import ReadOptions
from reseau.sources.finess import SOURCE
communes = frozenset(Path(sys.argv[2]).read_text().split())
options = ReadOptions()
start = time.perf_counter()
found = len(SOURCE.read(Path(sys.argv[1]), Scope(communes=communes), options).records)
"""
PANDAS = """
import pandas as pd
start = time.perf_counter()
names = [f"c{rank}" for rank in range(32)]
frame = pd.read_csv(sys.argv[1], sep=";", names=names, dtype=str, skiprows=1)
frame = frame[(frame.c0 == "structureet") & (frame.c13 == "31")]
found = len(frame)
"""


def real_lines(folder: Path) -> tuple[list[list[str]], list[str]]:
    """Cells of the real structure lines, and the place texts of real positions."""
    structures, places = [], []
    for path in sorted(folder.glob("cs11005*.csv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            cells = line.split(";")
            if cells[0] == "structureet" and len(cells) == 32 and cells[18] != "462":
                structures.append(cells)
            elif cells[0] == "geolocalisation" and len(cells) == 6:
                places.append(cells[4])
    return structures, places


def entries(folder: Path) -> Iterator[list[str]]:
    """Structure lines with other numbers, communes and départements."""
    lines, _ = real_lines(folder)
    for rank, cells, department in zip(range(ROWS), cycle(lines), cycle(DEPARTMENTS), strict=False):
        copy = list(cells)
        copy[1] = f"{rank % 9 + 1}0{rank:07d}"
        copy[12], copy[13] = f"{rank // len(DEPARTMENTS) % 400 + 1:03d}", department
        # Lines put back together from another table lack the address: the length of real ones.
        copy[8] = copy[8] or "DE LA REPUBLIQUE"
        copy[15] = copy[15] or "31000 TOULOUSE"
        copy[22] = copy[22] or f"{rank:014d}"
        yield copy


def write_raw(folder: Path, target: Path) -> None:
    _, places = real_lines(folder)
    with target.open("w", encoding="utf-8") as file:
        file.write("finess;etalab;98;2026-05-12\n")
        for cells in entries(folder):
            file.write(";".join(cells) + "\n")
        for rank, (cells, place) in enumerate(zip(entries(folder), cycle(places), strict=False)):
            x, y = 574_000 + rank % 5000, 6_279_000 + rank % 4000
            file.write(f"geolocalisation;{cells[1]};{x}.5;{y}.2;{place};2026-05-04\n")


def write_plus(folder: Path, target: Path) -> None:
    """The same establishments in the JSON layout, one or two to a legal entity, with the padding it has."""
    with gzip.open(target, "wt", encoding="utf-8", compresslevel=1) as file:
        file.write('{\n  "schemaVersion" : "v1.0.0",\n  "generatedAt" : "2026-09-05T02:06:22Z",\n')
        file.write('  "gcc" : [ ],\n  "gco" : [ ],\n  "pmej" : [ ')
        for rank, cells in enumerate(entries(folder)):
            file.write(", " if rank else "")
            file.write(json.dumps(entity(rank, cells), indent=2, ensure_ascii=False, separators=(",", " : ")))
        file.write(" ]\n}\n")


def entity(rank: int, cells: list[str]) -> dict[str, object]:
    event = {
        "evenementId": f"{rank}", "dateEnregistrement": "2025-10-21 18:36:29",
        "dateEvenement": "2001-01-01", "etatObjet1": "001", "identifiantObjet1": f"{rank}",
        "systemeMaitre": "01", "typeObjet1": "PM", "codeEvenement": "001",
    }  # fmt: skip
    prefix = {"9A": "97", "9B": "97", "9C": "97", "9D": "97", "9F": "97"}.get(cells[13], cells[13])
    address = {
        "usageAdresse": "03", "numeroVoie": cells[7], "typeVoie": cells[8], "libelleVoie": cells[9],
        "cogCommune": prefix + cells[12], "ligneAcheminement": "TOULOUSE", "codePostal": "31000",
        "coordonneesGeographique": {
            "coordonneeX": "1.44", "coordonneeY": "43.6", "directionLatitude": "6279642.4",
            "directionLongitude": "574357.8", "cleInInteropBAN": "31555_1950_00062", "scoreBAN": "0.97",
        },
    }  # fmt: skip
    site = {
        "informationsGeneralesEGE": {
            "egeId": f"{rank}", "dateOuverture": "1956-11-16", "datePremiereAutorisation": "1956-11-16",
            "nomEgeCourt": cells[3], "nomEgeLong": cells[4], "numFinessEge": cells[1], "siret": cells[22],
        },
        "categorieentiteGeographiqueExercice": cells[18], "modefixationtarifaire": "07",
        "typeBudget": ["01"], "adresse": [address], "engagement": [], "evenement": [event] * 3,
        "contact": [{"typeContact": {"roleContact": "01"}, "telecom": {"telephone": "0561000000"}}],
        "roleEge": [], "etatObjet": "A", "dateDerniereMaj": "2021-10-18 00:00:00",
    }  # fmt: skip
    general = {"pmSmsseId": f"{rank}", "denominationPm": cells[3], "numFinessPm": cells[2]}
    closed = {**site, "etatObjet": "I", "informationsGeneralesEGE": {"numFinessEge": f"99{rank:07d}"}}
    return {
        "informationsGeneralesPMEJ": general, "adresse": [address], "engagement": [],
        "evenement": [event] * 2, "ege": [site, closed] if rank % 3 else [site], "etatObjet": "A",
    }  # fmt: skip


def measure(label: str, work: str, *arguments: str) -> None:
    script = READ.format(work=work)
    figures = []
    for _ in range(RUNS):
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
        )
        seconds, memory, found = done.stdout.split()
        figures.append((float(seconds), float(memory), int(found)))
    best, worst = min(figures), max(figures)
    print(f"{label:<46}{best[0]:6.2f}–{worst[0]:.2f} s  {worst[1]:5.0f} Mo au plus  {best[2]} lignes")


def main(given: str = "") -> None:
    folder = Path(given) if given else FOLDER
    if not folder.is_dir():
        print(f"Fichiers réels absents ({folder}) : mesure non faite.")
        return
    with tempfile.TemporaryDirectory() as name:
        raw, plus, communes = (Path(name) / part for part in ("cs1100507.csv", "structures.json.gz", "codes"))
        write_raw(folder, raw)
        write_plus(folder, plus)
        communes.write_text(" ".join(f"{WANTED}{number:03d}" for number in range(1, 401)))
        with gzip.open(plus) as file:
            unpacked = sum(len(block) for block in iter(lambda: file.read(1 << 20), b""))
        print(
            f"{ROWS} établissements : extraction de {raw.stat().st_size // 10**6} Mo, "
            f"FINESS+ de {unpacked // 10**6} Mo une fois ouvert"
        )
        measure("Réseau, extraction cs1100507", RESEAU, str(raw), str(communes))
        measure("pandas lit et filtre (plancher)", PANDAS, str(raw), str(communes))
        measure("Réseau, FINESS+ (JSON)", RESEAU, str(plus), str(communes))


if __name__ == "__main__":
    main(*sys.argv[1:2])
