"""How often the search for duplicates is right, on a set made from real files, and how long it takes.

    python -m benchmarks.duplicates [FOLDER]

FOLDER (by default `../shared/data`) holds `finess/cs1100507_toulouse_montpellier.csv` and
`finess/occitanie_opendatasoft.csv`. The FINESS number is the label: it is hidden from the search. Thresholds
were chosen on Toulouse; Montpellier measures them. How the set is made and what it cannot tell:
docs/doublons.md.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from reseau.matching.pairs import find
from reseau.matching.scores import CERTAIN, POSSIBLE, PROBABLE
from reseau.matching.words import Abbreviations
from reseau.model.reports import Scope
from reseau.model.typology import load_typology, normalise
from reseau.sources import ReadOptions, all_sources

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"
EPSG = 2154
TOWNS = {"Toulouse": "31555", "Montpellier": "34172"}
SCENARIOS = ("positions", "geocodees", "sans type", "sans position")
LABELS = {
    "positions": "positions telles que publiées",
    "geocodees": "l'une des deux déplacée de 0 à 150 m",
    "sans type": "déplacée, et sans type",
    "sans position": "l'une des deux sans position",
}
SHIFT_M = 150.0
ACCEPTED = (CERTAIN, PROBABLE, POSSIBLE)


@dataclass(frozen=True, slots=True)
class Result:
    """Counts of one run. `hard`: positives whose two names are not written the same way."""

    verdict: str
    right: int
    wrong: int
    positives: int
    right_hard: int
    hard: int

    @property
    def precision(self) -> float:
        proposed = self.right + self.wrong
        return self.right / proposed if proposed else float("nan")

    @property
    def recall(self) -> float:
        return self.right / self.positives

    @property
    def recall_hard(self) -> float:
        return self.right_hard / self.hard


def read_side(path: Path, communes: tuple[str, ...], *, short: bool) -> pd.DataFrame:
    """Establishments of a file, one row each; `label` is the FINESS number, the name is `rs` if `short`."""
    options = ReadOptions(typology=load_typology())
    parsed = all_sources()["finess"].read(path, Scope(communes=frozenset(communes)), options)
    towns = {code: name for name, code in TOWNS.items()}
    rows = []
    for located in parsed.records:
        record = located.record
        names = [
            located.row.get("rs") or located.row.get("raison_sociale", ""),
            located.row.get("rslongue", ""),
        ]
        rows.append(
            {"label": record.finess, "name": names[0] if short else record.name, "types": record.types,
             "insee": record.insee, "lon": record.lon, "lat": record.lat,
             "commune": record.commune or towns.get(record.insee, ""), "has_long": bool(names[1])}
        )  # fmt: skip
    return pd.DataFrame(rows)


def sheets(frame: pd.DataFrame, prefix: str, start: int) -> pd.DataFrame:
    """The columns the search reads; every identifier is hidden."""
    blank = dict.fromkeys(("address", "postcode", "phone", "email", "website", "finess", "siret", "uai"), "")
    found = frame.assign(
        **blank,
        uid=[f"{prefix}--{rank:06d}" for rank in range(len(frame))],
        placed=frame["lon"].notna(),
        position_precision="adresse",
        closed=False,
    )
    return found.set_axis(pd.RangeIndex(start, start + len(frame), name="id"))


def shifted(frame: pd.DataFrame) -> pd.DataFrame:
    """Positions moved as two geocoders differ: any direction, 0 to 150 m, always the same draw."""
    draw = np.random.default_rng(20261101)
    known = frame["lon"].notna()
    points = gpd.GeoSeries(gpd.points_from_xy(frame["lon"], frame["lat"]), crs=4326).to_crs(EPSG)
    angle, length = draw.uniform(0, 2 * np.pi, len(frame)), draw.uniform(0, SHIFT_M, len(frame))
    x, y = points.x + length * np.cos(angle), points.y + length * np.sin(angle)
    back = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=EPSG).to_crs(4326)
    return frame.assign(lon=np.where(known, back.x, np.nan), lat=np.where(known, back.y, np.nan))


def two_files(folder: Path, town: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The short names and the long names of the establishments of a town."""
    communes = (TOWNS[town],)
    short = read_side(folder / "finess" / "cs1100507_toulouse_montpellier.csv", communes, short=True)
    long = read_side(folder / "finess" / "occitanie_opendatasoft.csv", communes, short=False)
    return sheets(short, "court", 1), sheets(long, "long", 1_000_001)


def scenario(long: pd.DataFrame, name: str) -> pd.DataFrame:
    """What the second file would be like if it came from somebody else."""
    if name == "positions":
        return long
    if name == "sans position":
        return long.assign(lon=np.nan, lat=np.nan, placed=False)
    moved = shifted(long)
    return moved if name == "geocodees" else moved.assign(types=[()] * len(moved))


def measure(
    short: pd.DataFrame,
    long: pd.DataFrame,
    *,
    table: Abbreviations | None = None,
    verdicts: tuple[tuple[str, ...], ...] = ((PROBABLE,), (POSSIBLE,), ACCEPTED),
) -> list[Result]:
    """Right and wrong pairs across the two files, for each set of verdicts."""
    both = pd.concat([short, long])
    found = find(both, epsg=EPSG, typology=load_typology(), table=table).pairs
    label = both["label"]
    across = found[(found["a_id"] < 1_000_001) != (found["b_id"] < 1_000_001)]
    right = label.loc[across["a_id"]].to_numpy() == label.loc[across["b_id"]].to_numpy()
    long_name = dict(zip(long["label"], long["name"], strict=True))
    shared = [key for key in short["label"] if key in long_name]
    hard = {
        key
        for key, text in zip(short["label"], short["name"], strict=True)
        if key in long_name and normalise(text) != normalise(long_name[key])
    }
    is_hard = label.loc[across["a_id"]].isin(hard).to_numpy()
    return [
        Result(
            verdict="+".join(chosen),
            right=int((right & mask).sum()),
            wrong=int((~right & mask).sum()),
            positives=len(shared),
            right_hard=int((right & mask & is_hard).sum()),
            hard=len(hard),
        )
        for chosen in verdicts
        for mask in [across["verdict"].isin(chosen).to_numpy()]
    ]


def within(frame: pd.DataFrame) -> tuple[int, int, int]:
    """Neighbours (≤ 50 m) of one file, whose numbers differ: how many, and how many taken for one place."""
    every = find(frame, epsg=EPSG, typology=load_typology(), minimum=0).pairs
    near = every[every["metres"] <= 50]
    proposed = near[near["verdict"].isin(ACCEPTED)]
    return (
        len(near),
        int((proposed["verdict"] == PROBABLE).sum()),
        int((proposed["verdict"] == POSSIBLE).sum()),
    )


def lines(folder: Path) -> Iterator[str]:
    """The tables of docs/doublons.md."""
    for town in TOWNS:
        short, long = two_files(folder, town)
        for table, written in ((None, "avec"), (Abbreviations(), "sans")):
            for name in SCENARIOS:
                for result in measure(short, scenario(long, name), table=table):
                    yield (
                        f"{town} | {written} la table | {LABELS[name]} | {result.verdict} | "
                        f"justes {result.right} | fausses {result.wrong} | "
                        f"précision {result.precision:.3f} | "
                        f"rappel {result.recall:.3f} ({result.positives}) | "
                        f"rappel des noms différents {result.recall_hard:.3f} ({result.hard})"
                    )
        known = [side.assign(finess=side["label"]) for side in (short, long)]
        (sure,) = measure(*known, verdicts=((CERTAIN,),))
        yield f"{town} | numéros connus des deux côtés | certain | justes {sure.right} | fausses {sure.wrong}"
        neighbours, probable, possible = within(short)
        yield (
            f"{town} | voisins à moins de 50 m, numéros différents cachés : {neighbours}, "
            f"probables {probable}, possibles {possible}"
        )


def whole_region(folder: Path) -> str:
    """10,000 establishments at once, their numbers known: how long, and how many pairs are shown."""
    path = folder / "finess" / "occitanie_opendatasoft.csv"
    with path.open(encoding="utf-8-sig") as file:
        file.readline()
        communes = tuple({line.rstrip("\n").rpartition(",")[2] for line in file} - {""})
    frame = sheets(read_side(path, communes, short=False), "occitanie", 1)
    known = frame.assign(finess=frame["label"])
    answers = []
    for title, each in (("numéros connus", known), ("numéros cachés", frame)):
        start = time.perf_counter()
        found = find(each, epsg=EPSG, typology=load_typology())
        took = time.perf_counter() - start
        counts = found.pairs["verdict"].value_counts().to_dict()
        answers.append(f"{len(each)} fiches, {title} : {took:.1f} s, {counts} {' '.join(found.notes)}")
    return "\n".join(answers)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    if not folder.is_dir():
        print(f"Le dossier {folder} n'existe pas : rien à mesurer.")
        return
    for line in lines(folder):
        print(line, flush=True)
    print(whole_region(folder))


if __name__ == "__main__":
    main()
