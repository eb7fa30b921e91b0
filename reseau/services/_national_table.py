"""The national table, département by département: here, or shared between processes by Dask.

The figures of a département depend on its own quartiers and on all the places of its metric system (the
nearest may be in the next département): whoever computes it, in whatever company, they are the same bits.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields

import geopandas as gpd
import numpy as np
import pandas as pd

from reseau.errors import RefusedInput, Unavailable
from reseau.geo.inhabitants import inhabitants
from reseau.geo.nearness import population_arrays
from reseau.geo.reach_table import Places, ReachTable, reach_among
from reseau.geo.travel import Floats, Ints

LOOPBACK = "127.0.0.1"
# Enough for workers to end together, few enough for the places not to be made ready again all the time.
TASKS_A_WORKER = 4
NO_DASK = (
    'Plusieurs travailleurs demandent Dask, qui n\'est pas installé : `pip install "dask[distributed]"`, '
    "ou lancez la commande sans « --travailleurs »."
)

Done = Callable[[int], None]
"""Called with the number of quartiers just computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """All the places of one metric system.

    Attributes:
        xy, kind: coordinates (metres) and type of each place, in a stable order.
        radius_m: straight-line radius of each type, NaN for none.
    """

    epsg: int
    xy: Floats
    kind: Ints
    radius_m: Floats


def compute(
    quartiers: gpd.GeoDataFrame, grounds: Mapping[int, Ground], *, workers: int, done: Done
) -> ReachTable:
    """Access of every quartier to every type, rows in the order of the quartiers.

    Args:
        quartiers: frame of `read_quartiers`, index 0…n-1.
        grounds: places by EPSG code, one for each of those of the quartiers.
        workers: processes; 1 computes in this one.

    Raises:
        RefusedInput: several workers and no Dask.
        Unavailable: a worker died.
    """
    if workers == 1:
        tasks = list(_tasks(quartiers, 1))
        tables = list(_here(tasks, grounds, done))
    else:
        tasks = list(_tasks(quartiers, len(quartiers) // (TASKS_A_WORKER * workers)))
        tables = _shared(tasks, grounds, workers, done)
    back = np.argsort(np.concatenate([task.index for task in tasks]))
    names = [field.name for field in fields(ReachTable)]
    stacked = {name: np.concatenate([getattr(table, name) for table in tables]) for name in names}
    return ReachTable(**{name: rows[back] for name, rows in stacked.items()})


def access_of(quartiers: gpd.GeoDataFrame, ground: Ground, places: Places) -> ReachTable:
    """Access of some quartiers to the places of their metric system, made ready."""
    crs = f"EPSG:{ground.epsg}"
    people = inhabitants(quartiers, crs=crs).points
    areas = quartiers.geometry.to_crs(crs).to_numpy()
    return reach_among(areas, population_arrays(people, quartiers.index), places, ground.radius_m)


def _tasks(quartiers: gpd.GeoDataFrame, at_least: int) -> Iterator[gpd.GeoDataFrame]:
    """Whole départements of one metric system, several together up to so many quartiers."""
    for _, system in quartiers.groupby("epsg"):
        waiting: list[gpd.GeoDataFrame] = []
        for _, piece in system.groupby("department"):
            waiting.append(piece)
            if sum(map(len, waiting)) >= at_least:
                yield pd.concat(waiting)
                waiting = []
        if waiting:
            yield pd.concat(waiting)


def _epsg(task: gpd.GeoDataFrame) -> int:
    return int(task["epsg"].iloc[0])


def _places(ground: Ground) -> Places:
    return Places(ground.xy, ground.kind, len(ground.radius_m))


def _here(
    tasks: Sequence[gpd.GeoDataFrame], grounds: Mapping[int, Ground], done: Done
) -> Iterator[ReachTable]:
    ready: dict[int, Places] = {}
    for task in tasks:
        ground = grounds[_epsg(task)]
        if ground.epsg not in ready:
            # One system at a time is enough: tasks come system by system.
            ready = {ground.epsg: _places(ground)}
        yield access_of(task, ground, ready[ground.epsg])
        done(len(task))


def _there(task: gpd.GeoDataFrame, ground: Ground) -> ReachTable:
    """What a worker does: places are sent once, and made ready again for each task."""
    return access_of(task, ground, _places(ground))


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what Dask says in English of an interruption, until the process ends when there is one.

    A failure reaches the person as an error all the same.
    """
    logger = logging.getLogger("asyncio")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)


def _shared(
    tasks: Sequence[gpd.GeoDataFrame], grounds: Mapping[int, Ground], workers: int, done: Done
) -> list[ReachTable]:
    try:
        from distributed import Client, KilledWorker, LocalCluster, as_completed
    except ImportError as error:
        raise RefusedInput(NO_DASK) from error
    with (
        _quiet(),
        tempfile.TemporaryDirectory(prefix="reseau-dask-") as folder,
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host=LOOPBACK,
            dashboard_address=None,
            memory_limit=0,
            local_directory=folder,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,  # type: ignore[no-untyped-call]
    ):
        sent = {epsg: client.scatter(ground, broadcast=True) for epsg, ground in grounds.items()}
        futures = [client.submit(_there, task, sent[_epsg(task)], pure=False) for task in tasks]
        sizes = {future.key: len(task) for future, task in zip(futures, tasks, strict=True)}
        try:
            for future in as_completed(futures):  # type: ignore[no-untyped-call]
                future.result()
                done(sizes[future.key])
            return [future.result() for future in futures]
        except KilledWorker as error:
            raise Unavailable(
                "Un travailleur s'est arrêté avant la fin, sans doute faute de mémoire : rien n'est écrit. "
                "Recommencez avec moins de travailleurs."
            ) from error
