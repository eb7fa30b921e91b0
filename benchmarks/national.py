"""The national table beside other ways of computing it, on the same work and in the same run.

    python -m benchmarks.national [--qpv FILE] [--fois 3] [--postgis DSN]

110,000 invented establishments of 55 types, on the real quartiers when their file is there (`--qpv`, by
default `../shared/data/qpv/qpv2024_france.geojson`), else on 1,584 invented ones. Every way runs in a fresh
process, on one core, reads the same arrays and must find the same counts, and the same distances to the
millimetre. PostGIS (`--postgis`, needs psycopg and a database one may write to) takes minutes: it runs once.
On a busy machine the seconds of the processor (in brackets) compare better than those of the clock.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np

from benchmarks._national_data import CRS, PLACES, Country, make, with_places
from benchmarks._national_ways import compare, peak
from reseau.errors import RefusedInput
from reseau.geo.crs import MAINLAND
from reseau.services._national_table import Ground, compute

FILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "qpv" / "qpv2024_france.geojson"
LABELS = {
    "noyau": "Réseau",
    "strtree": "shapely STRtree, vectorisé",
    "geopandas": "boucle geopandas par type",
    "postgis": "PostGIS, GiST KNN",
}
TEN_TIMES = 10
DEPARTMENTS = 40


def run(way: str, country: Path, answer: Path, *more: str) -> dict[str, Any]:
    """One way in a fresh process: its arrays, seconds and largest memory."""
    words = [sys.executable, "-m", "benchmarks._national_ways", way, str(country), str(answer), *more]
    subprocess.run(words, check=True, cwd=Path(__file__).resolve().parents[1])
    with np.load(answer) as found:
        return dict(found)


def told(way: str, found: dict[str, Any], ours: dict[str, Any]) -> str:
    seconds, busy = float(found["seconds"]), float(found["busy"])
    text = f"{LABELS[way]:<30} {seconds:8.2f} s ({busy:.2f})"
    if way != "postgis":
        # The memory of a server is mostly what it was told to take.
        text += f"  {float(found['peak']):.0f} Mo"
    if way == "noyau":
        return f"{text}, dont {float(found['before']):.0f} avant de commencer"
    counts, millimetres, share = compare(ours, found)
    ratio = seconds / float(ours["seconds"])
    if counts or millimetres > 1 or share > 1e-9:
        raise SystemExit(f"{way} : {counts} nombres différents, {millimetres} mm, parts à {share}")
    text += f"  × {ratio:.1f} (× {busy / float(ours['busy']):.1f})"
    return f"{text}  mêmes nombres, distances à {millimetres:.1e} mm, parts à {share:.0e}"


def growth(country: Country, folder: Path) -> None:
    """Ten times more establishments."""
    larger = folder / "dix.npz"
    with_places(country, TEN_TIMES * PLACES).save(larger)
    found = run("noyau", larger, folder / "dix-reponse.npz")
    print(
        f"Dix fois plus d'établissements : {found['seconds']:.2f} s ({found['busy']:.2f}), "
        f"{found['peak']:.0f} Mo",
        flush=True,
    )


def processes(country: Country) -> None:
    """The command's own computation (its grid of inhabitants included), by one process and by two."""
    frame = gpd.GeoDataFrame(
        {
            "department": np.arange(len(country.areas)) % DEPARTMENTS,
            "epsg": MAINLAND,
            "population": np.nan,
            "population_source": "",
        },
        geometry=country.areas,
        crs=CRS,
    )
    ground = Ground(epsg=MAINLAND, xy=country.places, kind=country.kind, radius_m=country.radius_m)
    tables = []
    for workers in (1, 2):
        start = time.perf_counter()
        try:
            tables.append(compute(frame, {MAINLAND: ground}, workers=workers, done=lambda _number: None))
        except RefusedInput as error:
            print(error)
            return
        seconds = time.perf_counter() - start
        print(f"Commande « national », {workers} processus : {seconds:.1f} s", flush=True)
    one, two = ([getattr(table, name) for name in table.__dataclass_fields__] for table in tables)
    same = all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in zip(one, two, strict=True))
    if not same:
        raise SystemExit("Deux processus ne donnent pas les mêmes chiffres qu'un seul.")
    print(f"Chiffres identiques au bit près. Mémoire du processus principal : {peak():.0f} Mo")


def main() -> None:
    parser = argparse.ArgumentParser(description="Table nationale : Réseau et les autres façons de faire")
    parser.add_argument("--qpv", type=Path, default=FILE if FILE.exists() else None)
    parser.add_argument("--fois", type=int, default=3)
    parser.add_argument("--postgis", metavar="DSN")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        country, path = make(args.qpv, PLACES), folder / "pays.npz"
        country.save(path)
        print(
            f"{len(country.areas)} quartiers {'réels' if args.qpv else 'inventés'}, "
            f"{len(country.people)} points d'habitants, {len(country.places)} établissements, "
            f"{len(country.radius_m)} types",
            flush=True,
        )
        for turn in range(args.fois):
            print(f"-- passage {turn + 1}")
            ours = run("noyau", path, folder / "noyau.npz")
            if turn == 0:
                print(f"établissements dans un quartier : {ours['inside'].sum() / len(country.places):.1%}")
            print(told("noyau", ours, ours), flush=True)
            for way in ("strtree", "geopandas"):
                print(told(way, run(way, path, folder / f"{way}.npz"), ours), flush=True)
            if args.postgis and turn == 0:
                found = run("postgis", path, folder / "postgis.npz", args.postgis)
                print(told("postgis", found, ours), flush=True)
        growth(country, folder)
        processes(country)


if __name__ == "__main__":
    main()
