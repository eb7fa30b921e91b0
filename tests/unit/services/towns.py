"""A small town on a line: quartiers of about 760 m, structures anywhere along it."""

from __future__ import annotations

import shapely

from reseau.services import App
from reseau.services.editing import save_row
from reseau.services.territoires import update_territoire
from reseau.services.view import open_view

WEST, SOUTH, SIDE = -0.5, 46.3, 0.01


def add_quartier(
    app: App, tid: int, name: str, at: float, *, people: int | None = 1000, commune: str = "99101"
) -> str:
    """A square whose west side is `at` degrees east of the town's origin; returns its code."""
    square = shapely.box(WEST + at, SOUTH, WEST + at + SIDE, SOUTH + SIDE)
    values = {
        "name": name, "wkb": square.wkb, "communes": [commune], "commune_names": ["Ici"],
        "population": people, "population_source": "essai" if people else "",
    }  # fmt: skip
    row_id = save_row(app, tid, "quartiers", values)
    return str(open_view(app, tid).quartiers.at[row_id, "code"])


def add_place(app: App, tid: int, name: str, types: list[str], at: float) -> int:
    """A structure in the middle of the square that begins at `at`; returns its id."""
    values = {
        "name": name, "types": types, "lon": WEST + at + SIDE / 2, "lat": SOUTH + SIDE / 2,
        "position_precision": "exacte", "insee": "99101",
    }  # fmt: skip
    return save_row(app, tid, "structures", values)


def relate(app: App, tid: int, one: int, other: int) -> int:
    """An active relation."""
    return save_row(app, tid, "relations", {"from_id": one, "to_id": other, "status": "actif"})


def make_town(app: App, tid: int) -> tuple[str, str, int]:
    """Beauval (a CMP, a PMI and the pivot) and Les Tilleuls, 8 km further east, with nothing.

    Returns:
        Codes of the two quartiers, and the id of the pivot.
    """
    near = add_quartier(app, tid, "Beauval", 0.0)
    far = add_quartier(app, tid, "Les Tilleuls", 0.1)
    pivot = add_place(app, tid, "Notre MSP", ["msp"], 0.0)
    add_place(app, tid, "CMP d'ici", ["cmp"], 0.0)
    add_place(app, tid, "PMI d'ici", ["pmi"], 0.0)
    update_territoire(app, tid, pivot_uid=open_view(app, tid).structures.at[pivot, "uid"])
    return near, far, pivot
