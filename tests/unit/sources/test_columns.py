"""Columns are recognised by the names people use, and what is not read is said."""

import csv
from pathlib import Path

import pytest

from reseau.errors import RefusedInput
from reseau.sources._columns import field_of, match_columns
from reseau.sources._tabular import TabularSource
from reseau.sources.actions import SOURCE as ACTIONS
from reseau.sources.relations import SOURCE as RELATIONS
from reseau.sources.tableur import SOURCE as TABLEUR

COLUMNS = TABLEUR.columns


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("NOM DE LA STRUCTURE *", "name"),
        ("Code Postal", "postcode"),
        ("CP", "postcode"),
        ("ville", "commune"),
        ("code_insee", "insee"),
        ("Tél.", "phone"),
        ("E-mail", "email"),
        ("Téléphone (accueil)", "phone"),
        ("Langues parlées", "languages"),
        ("sans RDV", "no_appointment"),
        ("Latitude", "lat"),
        ("couleur", ""),
        ("***", ""),
    ],
)
def test_usual_names(header: str, field: str):
    assert field_of(header, COLUMNS) == field


@pytest.mark.parametrize("name", ["partenaires", "relations", "actions"])
def test_every_header_of_the_demonstration_is_known(name: str):
    """The demonstration files are written with the canonical headers."""
    source: TabularSource = {"partenaires": TABLEUR, "relations": RELATIONS, "actions": ACTIONS}[name]
    path = Path(__file__).parents[3] / "data" / "partners" / f"demo-{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        headers = next(csv.reader(file, delimiter=";"))
    assert [header for header in headers if not field_of(header, source.columns)] == []


def test_two_columns_for_one_field_the_first_wins_and_it_is_said():
    matching = match_columns(["nom", "type", "structure"], COLUMNS, None)
    assert matching.by_field["name"] == "nom"
    assert matching.mapping["structure"] == ""
    assert "« nom » et « structure »" in matching.notes[0]


def test_columns_not_read_are_named():
    matching = match_columns(["nom", "couleur", "forme"], COLUMNS, None)
    assert "« couleur », « forme »" in matching.notes[0]


def test_a_persons_choice_is_followed_to_the_letter():
    """A recognised column the person chose to ignore stays ignored."""
    matching = match_columns(["nom", "autre", "ville"], COLUMNS, {"autre": "name", "nom": ""})
    assert matching.by_field == {"name": "autre"}
    assert "« nom », « ville »" in matching.notes[0]


@pytest.mark.parametrize(
    ("mapping", "word"), [({"absente": "name"}, "absente"), ({"nom": "inconnu"}, "inconnu")]
)
def test_impossible_choices_are_refused(mapping: dict[str, str], word: str):
    with pytest.raises(RefusedInput, match=word):
        match_columns(["nom"], COLUMNS, mapping)


def test_our_own_reason_column_makes_no_noise():
    matching = match_columns(["nom", "Motif du refus"], COLUMNS, None)
    assert matching.notes == ()
    assert matching.mapping["Motif du refus"] == ""
