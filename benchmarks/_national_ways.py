"""Ways of computing the national table: each reads a country and gives the same five arrays.

python -m benchmarks._national_ways WAY COUNTRY.npz ANSWER.npz [DSN]
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks._national_data import CRS, Country, load
from reseau.geo.reach_table import AROUND_M, reach_table

Answer = dict[str, np.ndarray]
COUNTS, DISTANCES = ("inside", "around"), ("boundary_m", "metres", "share")


def by_kernel(country: Country) -> Answer:
    table = reach_table(country.areas, country.population, country.places, country.kind, country.radius_m)
    return {name: getattr(table, name) for name in COUNTS + DISTANCES}


def by_geopandas(country: Country) -> Answer:
    """What one writes first: four spatial joins a type."""
    answer = _empty(country)
    areas = gpd.GeoDataFrame(geometry=country.areas, crs=CRS)
    people = gpd.GeoDataFrame(
        {"quartier": country.quartier, "weight": country.weight},
        geometry=gpd.points_from_xy(*country.people.T),
        crs=CRS,
    )
    places = gpd.GeoDataFrame({"kind": country.kind}, geometry=gpd.points_from_xy(*country.places.T), crs=CRS)
    for t, some in places.groupby("kind"):
        inside = areas.sjoin(some, predicate="intersects").index
        around = areas.sjoin(some, predicate="dwithin", distance=AROUND_M).index
        nearest = areas.sjoin_nearest(some, distance_col="metres")["metres"].groupby(level=0).first()
        walk = people.sjoin_nearest(some, distance_col="metres")
        walk = walk[~walk.index.duplicated()]
        answer["inside"][:, t] = inside.value_counts().reindex(areas.index, fill_value=0)
        answer["around"][:, t] = around.value_counts().reindex(areas.index, fill_value=0)
        answer["boundary_m"][:, t] = nearest
        within = walk["weight"] * (walk["metres"] <= country.radius_m[t])
        answer["metres"][:, t] = (walk["weight"] * walk["metres"]).groupby(walk["quartier"]).sum()
        answer["share"][:, t] = within.groupby(walk["quartier"]).sum()
    return answer


def by_strtree(country: Country) -> Answer:
    """Shapely alone, vectorised: one tree a type."""
    answer = _empty(country)
    n = len(country.areas)
    people, places = shapely.points(country.people), shapely.points(country.places)
    shapely.prepare(country.areas)
    for t in range(len(country.radius_m)):
        tree = shapely.STRtree(places[country.kind == t])
        inside, _ = tree.query(country.areas, predicate="intersects")
        around, _ = tree.query(country.areas, predicate="dwithin", distance=AROUND_M)
        _, nearest = tree.query_nearest(country.areas, return_distance=True, all_matches=False)
        _, metres = tree.query_nearest(people, return_distance=True, all_matches=False)
        answer["inside"][:, t] = np.bincount(inside, minlength=n)
        answer["around"][:, t] = np.bincount(around, minlength=n)
        answer["boundary_m"][:, t] = nearest
        within = country.weight * (metres <= country.radius_m[t])
        answer["metres"][:, t] = np.bincount(country.quartier, country.weight * metres, n)
        answer["share"][:, t] = np.bincount(country.quartier, within, n)
    return answer


def by_postgis(country: Country) -> Answer:
    """PostGIS: a table and a GiST index a type, nearest by `<->`. Filling the tables is not counted."""
    import psycopg

    answer = _empty(country)
    with psycopg.connect(sys.argv[4], autocommit=True) as connection:
        _fill(connection, country)
        # One core, as the other ways.
        connection.execute("SET max_parallel_workers_per_gather = 0")
        server = connection.execute("SELECT pg_backend_pid()").fetchone()[0]
        start, start_busy = time.perf_counter(), _busy(server)
        for t, radius in enumerate(country.radius_m.tolist()):
            rows = connection.execute(
                f"""
                SELECT a.id,
                  (SELECT count(*) FROM places_{t} p WHERE ST_Intersects(p.geom, a.geom)),
                  (SELECT count(*) FROM places_{t} p WHERE ST_DWithin(p.geom, a.geom, {AROUND_M})),
                  (SELECT ST_Distance(p.geom, a.geom) FROM places_{t} p ORDER BY p.geom <-> a.geom LIMIT 1)
                FROM areas a ORDER BY a.id
                """  # noqa: S608 -- numbers only
            ).fetchall()
            table = np.array(rows, dtype=float)
            answer["inside"][:, t], answer["around"][:, t] = table[:, 1], table[:, 2]
            answer["boundary_m"][:, t] = table[:, 3]
            rows = connection.execute(
                f"""
                SELECT quartier, sum(weight * metres), sum(weight * (metres <= {radius!r})::int)
                FROM (SELECT o.quartier, o.weight, near.metres FROM people o CROSS JOIN LATERAL
                  (SELECT ST_Distance(p.geom, o.geom) AS metres FROM places_{t} p
                   ORDER BY p.geom <-> o.geom LIMIT 1) near) walks
                GROUP BY quartier ORDER BY quartier
                """  # noqa: S608 -- numbers only
            ).fetchall()
            table = np.array(rows, dtype=float)
            at = table[:, 0].astype(int)
            answer["metres"][at, t], answer["share"][at, t] = table[:, 1], table[:, 2]
        answer["seconds"] = np.array(time.perf_counter() - start)
        answer["busy"] = np.array(_busy(server) - start_busy)
    return answer


def _busy(process: int) -> float:
    """Seconds of processor of a process of this machine (Linux), NaN when it cannot be known."""
    about = Path(f"/proc/{process}/stat")
    if not about.exists():
        return float("nan")
    user, system = about.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _fill(connection: object, country: Country) -> None:
    """Tables, indexes and statistics, out of the time measured."""
    run = connection.cursor()  # type: ignore[attr-defined]
    run.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    run.execute("DROP TABLE IF EXISTS areas, people")
    run.execute("CREATE TABLE areas (id int PRIMARY KEY, geom geometry)")
    with run.copy("COPY areas FROM STDIN") as copy:
        for rank, shape in enumerate(shapely.to_wkb(country.areas, hex=True)):
            copy.write_row((rank, shape))
    run.execute("CREATE TABLE people (quartier int, weight float8, geom geometry)")
    with run.copy("COPY people FROM STDIN") as copy:
        points = shapely.to_wkb(shapely.points(country.people), hex=True)
        for row in zip(country.quartier.tolist(), country.weight.tolist(), points, strict=True):
            copy.write_row(row)
    for t in range(len(country.radius_m)):
        run.execute(f"DROP TABLE IF EXISTS places_{t}")
        run.execute(f"CREATE TABLE places_{t} (geom geometry)")
        with run.copy(f"COPY places_{t} FROM STDIN") as copy:
            for point in shapely.to_wkb(shapely.points(country.places[country.kind == t]), hex=True):
                copy.write_row((point,))
        run.execute(f"CREATE INDEX ON places_{t} USING gist (geom)")
    run.execute("VACUUM ANALYZE")


def _empty(country: Country) -> Answer:
    shape = (len(country.areas), len(country.radius_m))
    answer: Answer = {name: np.zeros(shape, dtype=np.intp) for name in COUNTS}
    return answer | {name: np.full(shape, np.nan) for name in DISTANCES}


WAYS: dict[str, Callable[[Country], Answer]] = {
    "noyau": by_kernel,
    "geopandas": by_geopandas,
    "strtree": by_strtree,
    "postgis": by_postgis,
}


def main() -> None:
    way, source, target = sys.argv[1:4]
    country = load(Path(source))
    before = peak()
    start, start_busy = time.perf_counter(), time.process_time()
    answer = WAYS[way](country)
    busy = float(answer.pop("busy", time.process_time() - start_busy))
    seconds = float(answer.pop("seconds", time.perf_counter() - start))
    np.savez(target, **answer, seconds=seconds, busy=busy, before=before, peak=peak())


def peak() -> float:
    """Largest memory of this process so far, megabytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Linux: `getrusage` would count what the process that started this one had.
        (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compare(ours: Answer, theirs: Answer) -> tuple[int, float, float]:
    """Counts that differ, and largest differences: of distances (millimetres), of shares."""
    counts = sum(int((ours[name] != theirs[name]).sum()) for name in COUNTS)
    metres = [np.abs(ours[name] - theirs[name]) for name in ("boundary_m", "metres")]
    missing = [bool((np.isnan(ours[name]) != np.isnan(theirs[name])).any()) for name in DISTANCES]
    if any(missing):
        raise ValueError("one side knows what the other does not")
    share = float(pd.Series(np.abs(ours["share"] - theirs["share"]).ravel()).max())
    return counts, max(float(np.nanmax(some)) for some in metres) * 1000, share


if __name__ == "__main__":
    main()
