"""A wrong position sends people to the wrong door and falsifies distances: explained, never swapped."""

import pytest

from reseau.sources._cells import CellError
from reseau.sources._position import Position, read_position, split_pair


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
