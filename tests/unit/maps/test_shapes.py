"""From frames to marks: what has no place has no mark, and nothing is moved."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from reseau.maps.shapes import (
    geojson,
    map_bounds,
    permanence_marks,
    quartier_shapes,
    relation_lines,
    repere_marks,
    structure_marks,
)
from reseau.model.typology import load_typology
from reseau.model.vocabulary import State
from tests import frames

TYPOLOGY = load_typology()


def test_what_is_not_placed_has_no_mark() -> None:
    """The centre of a commune is not an address: such a structure is listed, never drawn."""
    table = frames.structures(
        {"at": (0, 0), "types": ("cmp",), "family": "sante", "position_precision": "adresse"},
        {"at": (50, 0), "placed": False, "position_precision": "commune"},
        {},
    )
    marks = structure_marks(table, TYPOLOGY)
    assert [mark.id for mark in marks] == [1]
    assert marks[0].types == tuple(
        TYPOLOGY[code].short_label if code in TYPOLOGY else code for code in ("cmp",)
    )


def test_places_of_another_map_say_what_they_are_and_which_are_known() -> None:
    """Without a type they have no label: nothing is guessed."""
    table = pd.DataFrame(
        {"name": ["P", "X"], "type_code": ["cmp", ""], "lon": [3.0, 3.1], "lat": [45.0, 45.1]}, index=[8, 9]
    )
    marks = repere_marks(table, TYPOLOGY, known={9})
    assert [(mark.id, mark.kind, mark.known) for mark in marks] == [
        (8, TYPOLOGY["cmp"].short_label, False),
        (9, "", True),
    ]


def test_simplified_for_display_stays_within_a_few_metres() -> None:
    """A boundary of ten thousand vertices is lighter, and no one can see the difference."""
    circle = gpd.GeoSeries([shapely.Point(*frames.ORIGIN).buffer(400, quad_segs=2500)], crs=frames.METRIC)
    degrees = circle.to_crs(4326).iloc[0]
    light = shapely.geometry.shape(geojson(degrees))
    metric = gpd.GeoSeries([light], crs=4326).to_crs(frames.METRIC).iloc[0]
    assert len(light.exterior.coords) < 0.05 * len(degrees.exterior.coords)
    assert metric.hausdorff_distance(circle.iloc[0]) < 5


def test_holes_and_parts_are_kept() -> None:
    """A quartier with a hole or in two parts is drawn so."""
    holed = frames.polygon(
        (0, 0), (900, 0), (900, 900), (0, 900), holes=[[(300, 300), (600, 300), (600, 600), (300, 600)]]
    )
    both = shapely.MultiPolygon([holed, frames.square(2000, 0, 300)])
    drawn = geojson(both)
    assert drawn["type"] == "MultiPolygon"
    assert [len(part) for part in drawn["coordinates"]] == [2, 1]


def test_label_is_inside_and_state_follows_the_quartier() -> None:
    """A name outside its boundary would name the neighbour."""
    horseshoe = frames.polygon(
        (0, 0), (900, 0), (900, 900), (700, 900), (700, 200), (200, 200), (200, 900), (0, 900)
    )
    table = frames.quartiers(
        {"geometry": horseshoe}, {"geometry": frames.square(2000, 0, 400), "kind": "vecu"}
    )
    first, second = quartier_shapes(table, {2: State.ABSENT})
    assert horseshoe.contains(shapely.Point(first.label_at))
    assert (first.state, second.state) == (None, State.ABSENT)
    assert second.kind == "vecu"


def test_permanence_says_what_whose_and_where() -> None:
    """The label must be enough for someone who cannot see where the sign is."""
    table = frames.permanences(
        {
            "structure_id": 1,
            "type_code": "inconnu",
            "structure_name": "CPAM",
            "host_name": "Centre",
            "at": (0, 0),
        },
        {
            "structure_id": 1,
            "type_code": "inconnu",
            "structure_name": "CPAM",
            "place": "Mairie",
            "at": (9, 0),
        },
        {"structure_id": 1, "type_code": "inconnu"},
    )
    marks = permanence_marks(table, TYPOLOGY)
    assert [(mark.label, mark.place) for mark in marks] == [
        ("inconnu – CPAM", "Centre"),
        ("inconnu – CPAM", "Mairie"),
    ]


@pytest.mark.parametrize(("status", "dormant"), [("actif", False), ("en_sommeil", True), ("termine", True)])
def test_a_tie_is_a_line_between_two_places(status: str, dormant: bool) -> None:
    """A tie without both places, or within one place, cannot be a line; the table still says it."""
    places = frames.structures({"at": (0, 0)}, {"at": (500, 0)}, {}, {"at": (0, 0)})
    ties = frames.relations(
        {"from_id": 1, "to_id": 2, "from_name": "A", "to_name": "B", "status": status, "intensity": 4},
        {"from_id": 1, "to_id": 3},
        {"from_id": 1, "to_id": 4},
    )
    (line,) = relation_lines(ties, places)
    assert line.intensity == 4
    assert line.dormant is dormant
    assert line.label == "A – B : orientation de personnes"
    assert line.start == frames.lonlat(0, 0)


def test_first_view_shows_every_quartier_else_the_structures_else_nothing() -> None:
    """An empty territory has no bounds: the caller shows the country."""
    places = frames.structures({"at": (0, 0)}, {"at": (5000, 0)})
    areas = frames.quartiers({"geometry": frames.square(0, 0, 400)})
    west, south, east, north = map_bounds(areas, places) or (0, 0, 0, 0)
    assert shapely.box(west, south, east, north).contains(areas.geometry.iloc[0])
    west, _, east, _ = map_bounds(frames.quartiers(), places) or (0, 0, 0, 0)
    assert west < frames.lonlat(0, 0)[0] < frames.lonlat(5000, 0)[0] < east
    assert map_bounds(frames.quartiers(), frames.structures({})) is None
