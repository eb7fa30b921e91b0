"""The frames of a screen once cut to what is public and allowed: everything else reads only this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from reseau.errors import RefusedInput
from reseau.geo.crs import WGS84
from reseau.geo.shapes import transform, transformer
from reseau.geo.travel import Floats, Travel
from reseau.geo.walking import walked_metres, walking_minutes
from reseau.model.screens import Screen, ScreenPlace
from reseau.model.typology import normalise
from reseau.screens._public import (
    public_actions,
    public_permanences,
    public_quartiers,
    public_structures,
)
from reseau.screens.sensitive import Guard, guard_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from reseau.screens._inputs import ScreenInputs

# The team's own structure stands for the screen only if it is of the quartier, or almost.
NEAR_QUARTIER_M = 1500.0
_NOTHING_SAID = ScreenPlace(structure_id=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the rest of the builder reads.

    Attributes:
        structures: public columns of the structures that may be shown, in the order of their ids, with `x`,
            `y` (metres, NaN when not placed) and `metres` walked from `here` (NaN unknown).
        silent: ids of structures that are never to be seen nor guessed (hidden by the team, sensitive).
        permanences: public columns, `x`, `y`, `metres`; those of silent or closed structures are gone.
        actions: public columns; those of silent structures are gone.
        areas: outlines of the quartiers, in the order of the screen, metres.
        codes: of the quartiers.
        names: of the quartiers.
        communes: names of their communes, normalised.
        here: where the screen stands, metres.
    """

    screen: Screen
    guard: Guard
    said: Mapping[int, ScreenPlace]
    structures: pd.DataFrame
    silent: frozenset[int]
    permanences: pd.DataFrame
    actions: pd.DataFrame
    areas: tuple[BaseGeometry, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    communes: frozenset[str]
    here: tuple[float, float]
    kmh: float
    first: date

    def of(self, structure_id: int) -> ScreenPlace:
        """What the team says of a structure."""
        return self.said.get(structure_id, _NOTHING_SAID)

    @property
    def reach_m(self) -> float:
        """Metres walked in the time the screen asks."""
        return walked_metres(float(self.screen.walk_minutes), kmh=self.kmh)

    def minutes(self, metres: float) -> int | None:
        """Whole minutes on foot, at least one; None when the way is not known."""
        if not np.isfinite(metres):
            return None
        exact = walking_minutes(float(metres), detour_factor=1.0, kmh=self.kmh)
        return max(1, int(np.ceil(exact - 1e-6)))


def prepare(inputs: ScreenInputs) -> Ground:
    """Cut, filter and measure the frames.

    Raises:
        RefusedInput: none of the quartiers of the screen is in the territory.
    """
    screen = inputs.screen
    quartiers = _chosen(public_quartiers(inputs.quartiers), screen)
    areas = tuple(transform(quartiers.geometry.to_numpy(), source=WGS84, target=inputs.epsg))
    guard = guard_of(screen)
    every = _measured(public_structures(inputs.structures), inputs.epsg)
    here = _here(inputs, every, areas)
    silent = frozenset(
        row.Index for row in rows_of(every) if _is_silent(row.types, inputs.places.get(row.Index), guard)
    )
    shut = frozenset(map(int, every.index[every["closed"].eq(True)]))
    shown = every[~every.index.isin(silent | shut)]
    permanences = _measured(public_permanences(inputs.permanences), inputs.epsg)
    actions = public_actions(inputs.actions)
    return Ground(
        screen=screen,
        guard=guard,
        said={key: item for key, item in inputs.places.items() if key in shown.index},
        structures=shown.assign(metres=_walked(shown, here, inputs.travel)),
        silent=silent,
        permanences=_allowed_permanences(permanences, silent, shut, guard).pipe(
            lambda frame: frame.assign(metres=_walked(frame, here, inputs.travel))
        ),
        actions=_allowed_actions(actions, silent, guard),
        areas=areas,
        codes=tuple(quartiers["code"]),
        names=tuple(quartiers["name"]),
        communes=frozenset(normalise(name) for names in quartiers["commune_names"] for name in names or ()),
        here=here,
        kmh=inputs.walking_kmh,
        first=inputs.now.date(),
    )


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows as named tuples, `Index` first."""
    yield from frame.itertuples()


def _chosen(quartiers: Any, screen: Screen) -> Any:
    rank = {code: number for number, code in reversed(list(enumerate(screen.quartiers)))}
    known = quartiers[quartiers["code"].isin(list(rank)) & quartiers.geometry.notna()]
    known = known[~known.geometry.is_empty]
    if not len(known):
        raise RefusedInput(
            f"Écran « {screen.name} » : aucun de ses quartiers n'est dans ce territoire. "
            "Choisissez-en un autre."
        )
    return known.iloc[np.argsort([rank[code] for code in known["code"]], kind="stable")]


def _is_silent(types: tuple[str, ...], said: ScreenPlace | None, guard: Guard) -> bool:
    return guard.bars(types, (said.needs if said else None) or ()) or (said is not None and said.hidden)


def _measured(frame: pd.DataFrame, epsg: int) -> pd.DataFrame:
    """The frame with `x`, `y`: metres in the CRS, NaN for what is not placed."""
    placed = frame["placed"].eq(True) & frame["lon"].notna() & frame["lat"].notna()
    xy = np.full((len(frame), 2), np.nan)
    degrees = frame.loc[placed, ["lon", "lat"]].to_numpy(dtype=float)
    xy[placed.to_numpy()] = metric(degrees, epsg)
    return frame.assign(x=xy[:, 0], y=xy[:, 1])


def metric(degrees: Floats, epsg: int) -> Floats:
    """Degrees (n × 2: longitude, latitude) as metres; NaN where they are nowhere in the CRS."""
    metres = np.column_stack(transformer(WGS84, epsg).transform(degrees[:, 0], degrees[:, 1]))
    known = np.asarray(np.isfinite(metres)).all(axis=1, keepdims=True)
    return np.where(known, metres, np.nan)


def _here(
    inputs: ScreenInputs, structures: pd.DataFrame, areas: tuple[BaseGeometry, ...]
) -> tuple[float, float]:
    screen = inputs.screen
    if screen.lon is not None and screen.lat is not None:
        told = metric(np.array([[screen.lon, screen.lat]], dtype=float), inputs.epsg)[0]
        if np.isfinite(told).all():
            return float(told[0]), float(told[1])
    if inputs.pivot_id is not None and inputs.pivot_id in structures.index:
        own = structures.loc[[inputs.pivot_id], ["x", "y"]].to_numpy(dtype=float)[0]
        if (
            np.isfinite(own).all()
            and min(shapely.distance(shapely.make_valid(list(areas)), shapely.Point(own))) <= NEAR_QUARTIER_M
        ):
            return float(own[0]), float(own[1])
    inside = shapely.point_on_surface(shapely.make_valid(areas[0]))
    return float(inside.x), float(inside.y)


def _walked(frame: pd.DataFrame, here: tuple[float, float], travel: Travel) -> Floats:
    metres = np.full(len(frame), np.nan)
    xy = frame[["x", "y"]].to_numpy(dtype=float)
    placed = np.isfinite(xy).all(axis=1)
    if placed.any():
        metres[placed] = travel.nearest(xy[placed], np.array([here])).metres
    return metres


def _allowed_permanences(
    frame: pd.DataFrame, silent: frozenset[int], shut: frozenset[int], guard: Guard
) -> pd.DataFrame:
    out = silent | shut
    kept = [
        holder not in out
        and (pd.isna(host) or int(host) not in out)
        and not guard.bars((type_code,) if isinstance(type_code, str) else ())
        for holder, host, type_code in zip(
            frame["structure_id"], frame["host_id"], frame["type_code"], strict=True
        )
    ]
    return frame[np.array(kept, dtype=bool)]


def _allowed_actions(frame: pd.DataFrame, silent: frozenset[int], guard: Guard) -> pd.DataFrame:
    kept = [
        (pd.isna(host) or int(host) not in silent)
        and theme not in guard.themes
        and not guard.bars((type_code,) if isinstance(type_code, str) else ())
        for host, theme, type_code in zip(frame["host_id"], frame["theme"], frame["type_code"], strict=True)
    ]
    return frame[np.array(kept, dtype=bool)]
