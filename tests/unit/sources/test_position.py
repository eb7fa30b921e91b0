"""A wrong position sends people to the wrong door and falsifies distances: explained, never swapped."""

import pytest

from reseau.sources._cells import CellError
from reseau.sources._position import Position, read_position, recognise_position, split_pair


@pytest.mark.parametrize(
    ("lat", "lon", "position"),
    [
        ("43.6045", "1.444", Position(43.6045, 1.444)),
        ("43,6045", " 1,444 ", Position(43.6045, 1.444)),
        ("4.93", "-52.33", Position(4.93, -52.33)),
        ("-12.78", "45.22", Position(-12.78, 45.22)),
        ("-20.88", "55.45", Position(-20.88, 55.45)),
        ("48.4", "-4.5", Position(48.4, -4.5)),
    ],
)
def test_positions_here_and_overseas(lat: str, lon: str, position: Position):
    assert read_position(lat, lon) == position


@pytest.mark.parametrize(
    ("lat", "lon", "reason"),
    [
        ("1.444", "43.6045", "inversées"),
        ("55.45", "-20.88", "inversées"),
        ("-61.55", "16.24", "inversées"),
        ("6279123", "574321", "Lambert"),
        ("0", "0,0", "0, 0"),
        ("436045", "1.4", "hors bornes"),
        ("43.6", "1444", "longitude 1444 hors bornes"),
        ("nord", "1.4", "latitude « nord »"),
        ("nan", "1.4", "latitude"),
    ],
)
def test_impossible_positions_are_explained(lat: str, lon: str, reason: str):
    with pytest.raises(CellError, match=reason):
        read_position(lat, lon)


@pytest.mark.parametrize(
    "text", ["43.6, 1.44", "43.6,1.44", "43.6 ; 1.44", "[43.6, 1.44]", "43.6 1.44", "(43.6 | 1.44)"]
)
def test_both_in_one_cell(text: str):
    assert read_position(*split_pair(text)) == Position(43.6, 1.44)


def test_both_in_one_cell_with_decimal_commas():
    assert read_position(*split_pair("43,6 ; 1,44")) == Position(43.6, 1.44)


@pytest.mark.parametrize("text", ["43.6", "43,6,1,44", "1, 2, 3", "ici"])
def test_not_a_pair(text: str):
    with pytest.raises(CellError):
        read_position(*split_pair(text))


TOULOUSE_X, TOULOUSE_Y = "574357.82", "6279642.97"


@pytest.mark.parametrize(
    ("lat", "lon", "columns"),
    [
        (TOULOUSE_Y, TOULOUSE_X, ()),
        (TOULOUSE_X, TOULOUSE_Y, ()),
        ("6279642,97", "574357,82", ("y_l93", "x_l93")),
        ("6 279 642", "574 357", ("Y Lambert 93", "X Lambert 93")),
    ],
)
def test_lambert_metres_have_one_reading_on_the_mainland(lat: str, lon: str, columns: tuple[str, ...]):
    """Northings above six million exist in no other order: even swapped columns are certain."""
    position = recognise_position(lat, lon, insee="31555", columns=columns)
    assert position.lat == pytest.approx(43.6045, abs=1e-3)
    assert position.lon == pytest.approx(1.4440, abs=1e-3)
    assert "Lambert-93" in position.remark


@pytest.mark.parametrize(
    ("insee", "lat", "lon", "degrees"),
    [
        ("97411", "7690000", "338500", (-20.88, 55.45)),
        ("97120", "1769000", "656000", (16.0, -61.54)),
        ("97302", "545600", "352700", (4.93, -52.33)),
        ("97608", "8587000", "522900", (-12.78, 45.21)),
    ],
)
def test_overseas_projections_are_known_by_the_commune(
    insee: str, lat: str, lon: str, degrees: tuple[float, float]
):
    position = recognise_position(lat, lon, insee=insee)
    assert (position.lat, position.lon) == pytest.approx(degrees, abs=0.02)
    assert position.remark


@pytest.mark.parametrize(
    ("lat", "lon", "insee", "columns"),
    [
        ("7690000", "338500", "", ()),
        ("545600", "352700", "", ()),
        ("7690000", "338500", "97411", ("y_l93", "x_l93")),
        ("6279642", "574357", "97411", ()),
        ("43604500", "1444000", "31555", ()),
        ("1845000", "1590000", "31555", ()),
    ],
    ids=[
        "La Réunion ?",
        "Guyane ?",
        "noms contraires",
        "commune contraire",
        "virgule perdue",
        "autre système",
    ],
)
def test_metres_without_a_single_reading_are_refused(
    lat: str, lon: str, insee: str, columns: tuple[str, ...]
):
    with pytest.raises(CellError, match="mètres"):
        recognise_position(lat, lon, insee=insee, columns=columns)


def test_swapped_is_put_right_only_where_the_commune_makes_it_certain():
    assert recognise_position("1.444", "43.6045", insee="31555").lat == 43.6045
    assert "inversées" in recognise_position("1.444", "43.6045", insee="31555").remark
    for insee in ("", "99101", "97411"):
        with pytest.raises(CellError, match="inversées"):
            recognise_position("1.444", "43.6045", insee=insee)


@pytest.mark.parametrize(("lat", "lon"), [("436045", "1.4"), ("0", "0"), ("nord", "1.4"), ("43.6", "1444")])
def test_what_is_neither_degrees_nor_metres_stays_refused(lat: str, lon: str):
    with pytest.raises(CellError):
        recognise_position(lat, lon, insee="31555")


def test_ordinary_degrees_have_no_remark():
    assert recognise_position("43,6045", "1,444", insee="31555") == Position(43.6045, 1.444)
