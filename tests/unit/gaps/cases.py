"""A pivot in the middle of a 400 m square, and whatever structures a test needs around it."""

from __future__ import annotations

from datetime import date

import pandas as pd

from reseau.gaps import GapInputs, compute_states
from reseau.geo.points import service_points
from reseau.model.records import Territoire
from tests.frames import COMMUNE, permanences, quartiers, relations, structures

TODAY = date(2026, 11, 2)
ELSEWHERE = "36044"
TYPES = {"pmi": "proximite", "cmp": "intermediaire", "caf": "territoire"}
TERRITOIRE = Territoire(name="Essai", communes=(COMMUNE,))
MSP = {"id": 100, "at": (200, 200), "types": ("msp",), "is_pivot": True}
CENTRE = (200, 200)


def inputs_of(*rows, areas=None, held=(), ties=(), types=None, pivot=True, **options) -> GapInputs:
    """Inputs with a pivot in the middle of a 400 m square, and structures of the rows given."""
    partners = structures(MSP, *({"id": number, **row} for number, row in enumerate(rows, start=1)))
    agenda = permanences(*held)
    wanted = types or TYPES
    return GapInputs(
        quartiers=quartiers({}) if areas is None else areas,
        points=service_points(partners, agenda, on=TODAY),
        relations=relations(*ties),
        structures=partners,
        permanences=agenda,
        pivot_ids=frozenset({100}) if pivot else frozenset(),
        types=pd.DataFrame({"type_code": list(wanted), "gamme": list(wanted.values())}),
        **({"settings": TERRITOIRE, "on": TODAY} | options),
    )


def answer(inputs: GapInputs, type_code: str = "cmp", quartier_id: int = 1) -> pd.Series:
    states = compute_states(inputs)
    found = states[(states["type_code"] == type_code) & (states["quartier_id"] == quartier_id)]
    assert len(found) == 1
    return found.iloc[0]


def cmp_at(x: float, y: float, **cells) -> dict:
    return {"at": (x, y), "types": ("cmp",), **cells}


ACTIVE = {"from_id": 1, "to_id": 100}
