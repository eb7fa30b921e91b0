"""A small town in metres: three quartiers in a row, and places along the street."""

from __future__ import annotations

from reseau.services import App
from reseau.services.editing import save_row
from tests.frames import COMMUNE, lonlat, square

SIDE = 400
# Far enough for nobody to reach another quartier in fifteen minutes (865 m in a straight line).
STEP = 3000
PEOPLE = (1000, 2000, 500)


def add_quartier(app: App, tid: int, rank: int, population: int | None) -> int:
    values = {
        "name": f"Quartier {rank}",
        "code": f"QN{rank:05d}M",
        "kind": "qpv",
        "wkb": square(rank * STEP, 0, SIDE).wkb,
        "communes": [COMMUNE],
        "population": population,
        "population_source": "essai" if population is not None else "",
    }
    return save_row(app, tid, "quartiers", values)


def add_structure(app: App, tid: int, x: float, y: float, **values: object) -> int:
    lon, lat = lonlat(x, y)
    place = {"lon": lon, "lat": lat, "position_precision": "exacte", "insee": COMMUNE}
    return save_row(app, tid, "structures", {**place, "types": ["centre-social"], **values})


def town(app: App, tid: int) -> dict[str, int]:
    """Three quartiers of `PEOPLE`, a *centre social* in the middle of each; ids by name."""
    for rank, population in enumerate(PEOPLE):
        add_quartier(app, tid, rank, population)
    return {
        f"Centre {rank}": add_structure(app, tid, rank * STEP + SIDE / 2, SIDE / 2, name=f"Centre {rank}")
        for rank in range(len(PEOPLE))
    }
