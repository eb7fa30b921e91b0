"""Names and addresses once written one way: what people and files write meets, what differs stays apart."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau.matching.addresses import Address, read_address
from reseau.matching.words import TABLE, load_abbreviations

WORDS = load_abbreviations()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C.H.U. PURPAN", "Centre hospitalier universitaire de Purpan"),
        ("CTRE HEB. URGENCE SAMBRE", "Centre d'hébergement d'urgence Sambre"),
        ("C.M.P. Nord", "Centre médico-psychologique Nord"),
        ("CMPEA Nord", "CMP enfants Nord"),
        ("ASSO. Les Amis", "Association « Les Amis »"),
        ("MAISON DE STE ANNE", "maison Sainte-Anne"),
        ("Cabinet du Dr Roux", "Cabinet docteur Roux"),
        ("ESAT Le Bosquet", "Établissement et service d'aide par le travail Le Bosquet"),
        ("SARL Pharmacie du Marché", "Pharmacie du marché"),
        ("HOP. ST-JACQUES", "Hôpital Saint Jacques"),
        ("SSIAD du Lien", "Service de soins infirmiers à domicile pour personnes âgées du Lien"),
        ("CHRS Le Touril", "Centre d'hébergement et de réinsertion sociale Le Touril"),
        ("R.F.S. Bellefontaine", "France services de Bellefontaine"),
        ("CEGIDD31", "CeGIDD 31"),
    ],
)
def test_the_same_name_written_twice(one: str, other: str) -> None:
    assert WORDS.name(one).words == WORDS.name(other).words


@pytest.mark.parametrize(
    ("one", "other", "clue"),
    [
        ("CMP adultes", "CMP enfants", "sides"),
        ("EHPAD Les Pins", "Accueil de jour Les Pins", "kinds"),
        ("Secteur 5", "Secteur VI", "numbers"),
        ("MSP Saint-Simon", "Pharmacie Saint-Simon", "kinds"),
    ],
)
def test_what_tells_two_services_apart_is_seen(one: str, other: str, clue: str) -> None:
    first, second = getattr(WORDS.name(one), clue), getattr(WORDS.name(other), clue)
    assert first
    assert second
    assert first.isdisjoint(second)


def test_the_commune_is_not_what_tells_a_place_from_its_neighbours() -> None:
    assert WORDS.name("Mission locale de Toulouse", commune="Toulouse").own == ()
    assert WORDS.name("CCAS Tlse Bagatelle", commune="Toulouse").own == ("bagatelle",)


@pytest.mark.parametrize(
    ("text", "words"), [("", ()), ("de la", ("de", "la")), ("مركز الصحة", ("مركز", "الصحة"))]
)
def test_a_name_is_never_emptied(text: str, words: tuple[str, ...]) -> None:
    """Small words alone, or another alphabet, still make a name to compare."""
    assert WORDS.name(text).words == words


@given(st.text(max_size=400))
def test_any_text_is_taken_apart(text: str) -> None:
    """Files hold anything; and writing a name out twice changes nothing more."""
    name = WORDS.name(text)
    assert set(name.own) <= set(name.words)
    read_address(text, WORDS)
    assert name == WORDS.name(text)


def test_the_table_says_each_thing_once() -> None:
    """Two lines for one abbreviation of a kind: one of them would silently not count."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    keys = [(row["forme"], row["sorte"]) for row in rows]
    assert len(keys) == len(set(keys))
    assert {row["sorte"] for row in rows} == {
        "mot", "sigle", "voie", "numero", "boite", "juridique", "vide", "courant", "age", "cote", "genre",
        "mode",
    }  # fmt: skip
    assert all(row["forme"] and row["forme"] == row["forme"].lower() for row in rows)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 bis R. du Dr Roux", Address(12, 12, "docteur roux")),
        ("12B rue du Docteur-Roux", Address(12, 12, "docteur roux")),
        ("5-9 Rue des Papetiers BP 400", Address(5, 9, "papetier")),
        ("Maison des solidarités - 21 av. Jules Amilhau, 31100", Address(21, 21, "jule amilhau")),
        ("1, place Saint-Étienne - CS 38521", Address(1, 1, "saint etienne")),
        ("Bâtiment 3, 4 bd Hugo", Address(4, 4, "hugo")),
        ("ZAC du Moulin", Address(0, 0, "zac moulin")),
        ("BP 12", Address()),
        ("", Address()),
    ],
)
def test_an_address_as_something_to_compare(text: str, expected: Address) -> None:
    assert read_address(text, WORDS) == expected
