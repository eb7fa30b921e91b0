"""Sisters: quartiers of other territories of the same database with about the same population."""

from __future__ import annotations

import math
from dataclasses import dataclass

from reseau.errors import NotFound
from reseau.gaps.comparing import MethodChange, Reached, compare_areas, reached
from reseau.gaps.figures import Area, Figures
from reseau.gaps.method_changes import settings_changes
from reseau.services.app import App, Progress, no_progress
from reseau.services.comparisons import PlacesComparison
from reseau.services.snapshots import present_figures
from reseau.services.territoires import NamedTerritoire, list_territoires
from reseau.services.view import View, open_view

TOLERANCES = (0.2, 0.4, 0.8)
MOST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Sister:
    """A quartier elsewhere, beside the one that was asked.

    Attributes:
        settings: what its territory does not measure alike (before: here, after: there).
    """

    territoire_id: int
    territoire: str
    fictional: bool
    comparison: PlacesComparison
    settings: tuple[MethodChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sisters:
    """Quartiers that look like one by their number of inhabitants, the nearest in number first.

    Attributes:
        tolerance: share by which populations may differ; None when nobody is near enough.
        widened: nobody was within the first of `TOLERANCES`.
        found: how many are within the tolerance, those beyond the first `MOST` left out of `sisters`.
        closest: (territory, quartier, inhabitants) of the nearest in number, None when none is known.
        unknown: (territory, quartier) of those whose population is unknown: they cannot be matched.
        others: how many other territories there are.
    """

    area: Area
    tolerance: float | None
    widened: bool
    found: int
    sisters: tuple[Sister, ...]
    closest: tuple[str, str, float] | None
    unknown: tuple[tuple[str, str], ...]
    others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoireRow:
    """A territory as a whole: its QPV; where it has none, its *quartiers vécus* (which lie over QPV).

    Attributes:
        population: sum over these quartiers, None when one of them is unknown.
        quartiers: how many; reached: expected (quartier, type) reached, over all of them.
    """

    territoire_id: int
    name: str
    fictional: bool
    here: bool
    quartiers: int
    population: float | None
    reached: Reached
    settings: tuple[MethodChange, ...]


def sisters(app: App, territoire_id: int, quartier: str, *, on_progress: Progress = no_progress) -> Sisters:
    """Quartiers of other territories with about as many inhabitants, beside this one.

    Populations are compared first; figures are only computed where one matches.

    Raises:
        NotFound: no such quartier.
    """
    here = present_figures(app, territoire_id)
    if quartier not in here.areas:
        raise NotFound(f"Aucun quartier « {quartier} » dans ce territoire.")
    area = here.areas[quartier]
    others = [item for item in list_territoires(app) if item.id != territoire_id]
    views = []
    for rank, item in enumerate(others):
        on_progress(0.5 * rank / len(others), f"Populations de {item.record.name}…")
        views.append((item, open_view(app, item.id)))
    candidates, unknown = _candidates(views, area)
    tolerance = next(
        (limit for limit in TOLERANCES if any(gap <= limit + 1e-9 for gap, *_ in candidates)), None
    )
    chosen = [] if tolerance is None else [item for item in candidates if item[0] <= tolerance + 1e-9]
    found: list[Sister] = []
    for rank, (_, item, code, _) in enumerate(chosen[:MOST]):
        on_progress(0.5 + 0.5 * rank / len(chosen), f"Chiffres de {item.record.name}…")
        found.append(_sister(app, here, area, item, code))
    closest = candidates[0] if candidates else None
    return Sisters(
        area=area,
        tolerance=tolerance,
        widened=tolerance is not None and tolerance > TOLERANCES[0],
        found=len(chosen),
        sisters=tuple(found),
        closest=None if closest is None else _told(closest, {item.id: view for item, view in views}),
        unknown=tuple(unknown),
        others=len(others),
    )


Candidate = tuple[float, NamedTerritoire, str, float]


def _candidates(
    views: list[tuple[NamedTerritoire, View]], area: Area
) -> tuple[list[Candidate], list[tuple[str, str]]]:
    """(relative gap, territory, code, inhabitants), smallest gap first; and those nobody can match."""
    found: list[Candidate] = []
    unknown: list[tuple[str, str]] = []
    for item, view in views:
        people = view.inhabitants.quartiers["population"]
        for row_id, code, name in zip(
            view.quartiers.index, view.quartiers["code"], view.quartiers["name"], strict=True
        ):
            known = float(people[row_id])
            if math.isnan(known):
                unknown.append((item.record.name, str(name)))
            elif area.population:
                gap = abs(known - area.population) / area.population
                found.append((gap, item, str(code), known))
    return sorted(found, key=lambda row: (row[0], row[1].id, row[2])), unknown


def _told(candidate: Candidate, views: dict[int, View]) -> tuple[str, str, float]:
    _, item, code, people = candidate
    quartiers = views[item.id].quartiers
    return item.record.name, str(quartiers.loc[quartiers["code"] == code, "name"].iloc[0]), people


def _sister(app: App, here: Figures, area: Area, item: NamedTerritoire, code: str) -> Sister:
    there = present_figures(app, item.id)
    other = there.areas[code]
    comparison = PlacesComparison(
        left=area,
        right=other,
        rows=tuple(compare_areas(area, other, list(here.labels))),
        reached_left=reached(area),
        reached_right=reached(other),
    )
    return Sister(
        territoire_id=item.id,
        territoire=item.record.name,
        fictional=item.record.fictional,
        comparison=comparison,
        settings=tuple(settings_changes(here, there)),
    )


def territories(app: App, territoire_id: int, *, on_progress: Progress = no_progress) -> list[TerritoireRow]:
    """Every territory of the database as a whole: this one first, then the nearest in population.

    Those whose population is not known come last. Computes the figures of each.
    """
    here = present_figures(app, territoire_id)
    known = list_territoires(app)
    rows = []
    for rank, item in enumerate(known):
        on_progress(rank / len(known), f"Chiffres de {item.record.name}…")
        rows.append(_territoire_row(here, present_figures(app, item.id), item, here_id=territoire_id))
    own = next(row.population for row in rows if row.here)

    def far(row: TerritoireRow) -> tuple[bool, bool, float, int]:
        gap = math.inf if row.population is None or own is None else abs(row.population - own)
        return (not row.here, not row.quartiers, gap, row.territoire_id)

    return sorted(rows, key=far)


def _territoire_row(here: Figures, there: Figures, item: NamedTerritoire, *, here_id: int) -> TerritoireRow:
    every = list(there.areas.values())
    areas = [area for area in every if area.kind == "qpv"] or every
    populations = [area.population for area in areas]
    known = [value for value in populations if value is not None]
    each = [reached(area) for area in areas]
    return TerritoireRow(
        territoire_id=item.id,
        name=item.record.name,
        fictional=item.record.fictional,
        here=item.id == here_id,
        quartiers=len(areas),
        population=sum(known) if areas and len(known) == len(areas) else None,
        reached=Reached(
            reached=sum(one.reached for one in each),
            expected=sum(one.expected for one in each),
            unknown=sum(one.unknown for one in each),
        ),
        settings=tuple(settings_changes(here, there)),
    )
