"""How the command line reads its words, before any verb."""

from __future__ import annotations

import pytest

from reseau.cli.parser import build_parser, with_values


@pytest.mark.parametrize("point", ["-1.5536,47.2184,École", "-4.49,48.39", "-21.1;55.5", "1.44,43.6"])
def test_a_place_west_of_greenwich_is_a_value(point: str) -> None:
    """Half of France is there: argparse alone takes the minus for an option, and says a value is missing."""
    words = ["implanter", "--type", "cmp", "--nombre", "2", "--point", point]
    assert build_parser().parse_args(with_values(words)).point == [point]


def test_other_words_stay_as_they_are() -> None:
    for words in (
        ["ecran", "--json", "--zip", "a.zip"],
        ["ecran", "--langues=fr,ar", "-h"],
        ["demo", "-1.5"],
        ["--point", "-x"],
        ["--point=1,2", "-3"],
    ):
        assert with_values(words) == words


def test_an_option_that_is_no_number_still_lacks_its_value(capsys: pytest.CaptureFixture[str]) -> None:
    words = with_values(["implanter", "--type", "cmp", "--nombre", "2", "--point", "--creer"])
    with pytest.raises(SystemExit):
        build_parser().parse_args(words)
    assert "il manque une valeur" in capsys.readouterr().err
