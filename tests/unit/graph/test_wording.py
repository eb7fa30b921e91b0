"""French sentences: number, enumerations, special cases."""

from __future__ import annotations

import pytest

from reseau.graph.wording import Role, count, describe, describe_unconnected, enumerate_names


@pytest.mark.parametrize(("number", "text"), [(0, "0 structure"), (1, "1 structure"), (2, "2 structures")])
def test_plural_starts_at_two(number, text):
    assert count(number, "structure") == text


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ("A", "A"),
        ("AB", "A et B"),
        ("ABC", "A, B et C"),
        ("ABCD", "A, B, C et D"),
        ("ABCDE", "A, B, C et 2 autres"),
    ],
)
def test_enumeration_never_hides_a_single_name(names, text):
    assert enumerate_names(list(names), limit=3) == text


@pytest.mark.parametrize(
    ("degree", "dormant", "text"),
    [
        (1, 1, "Ce lien est en sommeil."),
        (3, 3, "Tous ces liens sont en sommeil."),
        (3, 1, "1 de ces liens est en sommeil."),
        (3, 2, "2 de ces liens sont en sommeil."),
    ],
)
def test_dormant_ties_are_said(degree, dormant, text):
    said = describe(Role(name="A", degree=degree, dormant=dormant, distance=1), has_pivot=True)
    assert f" {text} " in said


@pytest.mark.parametrize(
    ("planned", "text"), [(1, " 1 contact est à prendre"), (2, " 2 contacts sont à prendre")]
)
def test_contacts_to_make_are_said_apart(planned, text):
    assert text in describe(Role(name="A", degree=1, planned=planned, distance=1), has_pivot=True)


@pytest.mark.parametrize(
    ("distance", "indirect", "text"),
    [
        (0, 0, "C'est votre structure."),
        (0, 1, "1 autre s'y rattache par des intermédiaires."),
        (0, 2, "2 autres s'y rattachent par des intermédiaires."),
        (1, 0, "Votre structure est en lien direct avec elle."),
        (3, 0, "Elle est à 3 liens de votre structure."),
        (None, 0, "Aucun lien, même indirect, ne la relie à votre structure."),
    ],
)
def test_position(distance, indirect, text):
    role = Role(name="A", degree=1, distance=distance, indirect=indirect)
    assert describe(role, has_pivot=True).endswith(text)


def test_a_pivot_alone_gets_its_own_sentence():
    assert describe(Role(name="A", degree=0, distance=0), has_pivot=True) == (
        "« A », votre structure, n'a pour l'instant de relation établie avec aucune structure."
    )


def test_unconnected_without_pivot_says_what_to_do():
    assert describe_unconnected([], has_pivot=False).startswith("Choisissez votre structure")


def test_all_connected_is_said():
    assert describe_unconnected([], has_pivot=True).startswith("Toutes les structures sont reliées")


def test_one_unconnected_is_singular():
    assert describe_unconnected([["A"]], has_pivot=True) == (
        "1 structure n'est pas reliée à la vôtre : 1 structure sans aucun lien établi (A)."
    )


def test_many_groups_are_counted_and_lone_structures_still_named():
    said = describe_unconnected([["A", "B"]] * 9 + [["Z"]], has_pivot=True)
    assert "3 autres groupes ; 1 structure sans aucun lien établi (Z)." in said
