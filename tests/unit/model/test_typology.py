"""The crosswalk decides what a coordinator sees of a national directory: a wrong line hides a whole type."""

import pytest

from reseau.model.typology import load_typology


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("msap", "france-services"),
        ("france_services", "france-services"),
        ("maison_handicapees", "mdph"),
        ("clic", "personnes-agees"),
        ("mjd", "point-justice"),
        ("paris_mairie_arrondissement", "mairie"),
    ],
)
def test_kinds_of_the_service_public_directory(kind: str, code: str):
    assert load_typology().for_service_public(kind) == code


@pytest.mark.parametrize("kind", ["maia", "dac", "centre_social", "tresorerie", ""])
def test_kinds_that_only_look_like_a_type(kind: str):
    """There, «maia» helps associations and «dac» is about culture: not the health services of that name."""
    assert load_typology().for_service_public(kind) is None


def test_a_kind_belongs_to_one_type():
    """Given twice, the second would win without a word."""
    kinds = [kind for item in load_typology() for kind in item.service_public]
    assert len(kinds) == len(set(kinds))
