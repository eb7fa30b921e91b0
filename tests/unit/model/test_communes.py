"""A territory is its communes: missing one because of how its code is written loses its partners."""

import pytest

from reseau.model.communes import commune_of, current_code, matching_codes, restore_insee


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31555", "31555"), ("2691", "02691"), (" 2691.0 ", "02691"), ("31555.0", "31555"),
        ("2a004", "2A004"),
        ("", None), ("Paris", None), ("315555", None), ("691", None), ("nan", None),
    ],
)  # fmt: skip
def test_codes_are_read_back(text: str, code: str | None) -> None:
    assert restore_insee(text) == code


def test_a_city_brings_its_arrondissements() -> None:
    assert {"75056", "75101", "75120"} <= matching_codes(["75056"])
    assert len(matching_codes(["69123"])) == 10
    assert len(matching_codes(["13055"])) == 17


def test_an_arrondissement_brings_the_city_but_not_its_neighbours() -> None:
    assert matching_codes(["75118"]) == {"75118", "75056"}


def test_merged_communes_are_one() -> None:
    assert current_code("93059") in matching_codes(["93066"])
    assert current_code("93066") in matching_codes(["93059"])
    assert current_code("97127") == "97801"


def test_a_place_has_one_commune() -> None:
    assert commune_of("75118") == "75056"
    assert commune_of("93059") == "93066"
    assert commune_of("31555") == "31555"
