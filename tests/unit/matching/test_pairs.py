"""Which sheets may be one place: what must be found, what must not, and that order changes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reseau.matching.blocks import MAX_BLOCK
from reseau.matching.pairs import PAIRS, find, pairs
from reseau.matching.scores import (
    CERTAIN,
    POSSIBLE,
    POSSIBLE_FROM,
    PROBABLE,
    PROBABLE_FROM,
    UNLIKELY,
    VERDICTS,
)
from reseau.matching.words import Abbreviations
from reseau.model.typology import load_typology
from tests import frames

TYPOLOGY = load_typology()
EPSG = 2154


def look(*rows: dict[str, Any], minimum: float = 0.0, **options: Any) -> pd.DataFrame:
    rows = tuple({"position_precision": "adresse", **row} for row in rows)
    found = find(frames.structures(*rows), epsg=EPSG, typology=TYPOLOGY, minimum=minimum, **options)
    return found.pairs


def only(*rows: dict[str, Any]) -> Any:
    """The pair of two sheets."""
    (pair,) = look(*rows).itertuples()
    return pair


def shown(*rows: dict[str, Any]) -> set[tuple[int, int]]:
    found = look(*rows, minimum=POSSIBLE_FROM)
    return {(a, b) for a, b in zip(found["a_id"], found["b_id"], strict=True)}


HERE = {"at": (0.0, 0.0), "types": ("cmp",)}
SIRET, OTHER_SIRET = "26310012500016", "26310012500024"


def test_one_place_written_in_two_ways_is_probable() -> None:
    pair = only(
        {**HERE, "name": "C.M.P. du Dr Roux"},
        {**HERE, "name": "Centre médico-psychologique docteur Roux", "at": (20.0, 0.0)},
    )
    assert pair.verdict == PROBABLE
    assert {"même nom", "à 20 m l'une de l'autre", "même type"} <= set(pair.reasons)
    assert pair.metres == pytest.approx(20, abs=0.5)


@pytest.mark.parametrize("number", [{"finess": "310000001"}, {"uai": "0310001a"}])
def test_the_same_register_number_is_certain_wherever_it_is(number: dict[str, str]) -> None:
    """Far apart, under two names: the number decides, the reasons say what does not fit."""
    pair = only(
        {**HERE, "name": "CMP Nord", **number},
        {"name": "Consultation Bellevue", "at": (5_000.0, 0.0), **number},
    )
    assert (pair.verdict, pair.score) == (CERTAIN, 100.0)
    assert pair.reasons[0].startswith("même numéro")
    assert "à 5,0 km" in pair.reasons


def test_two_register_numbers_are_two_establishments() -> None:
    """Same name, same door: the register says two."""
    row = {**HERE, "name": "CMP Nord"}
    pair = only({**row, "finess": "310000001"}, {**row, "finess": "310000002"})
    assert pair.verdict == UNLIKELY
    assert "numéros FINESS différents" in pair.reasons
    assert shown({**row, "finess": "310000001"}, {**row, "finess": "310000002"}) == set()


def test_a_siret_is_shared_by_the_services_of_one_organisation() -> None:
    """Certain for one service at one place; at one place, two services are two."""
    nord = {**HERE, "name": "CMP Nord", "siret": SIRET}
    assert only(nord, {**nord, "name": "Centre médico-psychologique Nord"}).verdict == CERTAIN
    other = {**nord, "name": "CSAPA Nord", "types": ("csapa",)}
    assert only(nord, other).verdict not in {CERTAIN, PROBABLE}
    far = {**nord, "at": (4_000.0, 0.0)}
    assert only(nord, far).verdict != CERTAIN
    assert only({**nord, "finess": "310000001"}, {**nord, "finess": "310000002"}).verdict == UNLIKELY


@pytest.mark.parametrize("number", ["0", "00000000000000", "3100", "31 00 00", "abc", "2,601E+13"])
def test_what_is_no_number_identifies_nobody(number: str) -> None:
    row = {"at": (0.0, 0.0), "finess": number, "siret": number, "uai": number}
    assert look({**row, "name": "Alpha"}, {**row, "name": "Bravo"})["verdict"].tolist() == [UNLIKELY]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "CMP Nord", "types": ("cmp",)}, {"name": "CSAPA Nord", "types": ("csapa",)}),
        ({"name": "MSP Simon", "types": ("msp",)}, {"name": "Pharmacie Simon", "types": ("pharmacie",)}),
        ({"name": "CMP enfants Nord", "types": ("cmp",)}, {"name": "CMP adultes Nord", "types": ("cmp",)}),
        ({"name": "Dr Ana Diaz", "types": ("medecin",)}, {"name": "Dr Léo Roux", "types": ("medecin",)}),
        ({"name": "PIMMS Nord", "types": ("cmp",)}, {"name": "Bus PIMMS Nord", "types": ("cmp",)}),
        ({"name": "Secteur 5", "types": ("cmp",)}, {"name": "Secteur 6", "types": ("cmp",)}),
        ({"name": "Restos", "types": ("asso-solidarite",)}, {"name": "CAARUD Nord", "types": ("caarud",)}),
    ],
)  # fmt: skip
def test_several_services_at_one_address_are_normal(one: dict[str, Any], other: dict[str, Any]) -> None:
    place = {"at": (0.0, 0.0), "address": "3 rue du Puits", "phone": "0561000001"}
    assert only({**one, **place}, {**other, **place}).verdict not in {CERTAIN, PROBABLE}


def test_the_same_name_elsewhere_in_town_is_another_place() -> None:
    row = {"name": "Croix-Rouge française", "types": ("asso-solidarite",)}
    assert shown({**row, "at": (0.0, 0.0)}, {**row, "at": (3_000.0, 0.0)}) == set()


def test_without_position_a_rare_word_or_an_address_brings_them_together() -> None:
    row = {"types": ("cmp",), "at": None}
    assert shown({**row, "name": "CMP Bellefontaine"}, {**row, "name": "Centre médico-psy. Bellefontaine"})
    at = {"address": "3 bis rue du Dr Roux"}
    same = {"address": "3 r. docteur Roux"}
    assert only({**row, "name": "CMP", **at}, {**row, "name": "CMP", **same}).verdict == PROBABLE
    elsewhere = {**row, "name": "CMP Bellefontaine", "insee": "31555"}
    assert shown({**row, "name": "CMP Bellefontaine"}, elsewhere) == set()


def test_a_commune_known_by_name_only_is_understood() -> None:
    """One file gives the code, the other the name."""
    row = {"types": ("cmp",), "name": "CMP Bellefontaine", "at": None}
    assert shown(
        {**row, "insee": "18033", "commune": "Bourges"}, {**row, "insee": "", "commune": "BOURGES"}
    ) == {(1, 2)}


def test_closed_sheets_are_looked_at_and_it_is_said() -> None:
    row = {**HERE, "name": "CMP Nord"}
    assert "l'une des deux est fermée" in only(row, {**row, "closed": True}).reasons
    assert "les deux sont fermées" in only({**row, "closed": True}, {**row, "closed": True}).reasons


def test_verdicts_follow_the_thresholds() -> None:
    found = look(*(random_rows(60, seed=3)))
    assert set(found["verdict"]) <= set(VERDICTS)
    for row in found.itertuples():
        expected = (
            PROBABLE if row.score >= PROBABLE_FROM else POSSIBLE if row.score >= POSSIBLE_FROM else UNLIKELY
        )
        assert row.verdict in {expected, CERTAIN}


@pytest.mark.parametrize("rows", [(), ({"name": "Seule"},)])
def test_nothing_to_compare(rows: tuple[dict[str, Any], ...]) -> None:
    found = pairs(frames.structures(*rows), epsg=EPSG, typology=TYPOLOGY)
    assert tuple(found.columns) == PAIRS
    assert len(found) == 0


# What must not change the answer.


def random_rows(n: int, *, seed: int) -> list[dict[str, Any]]:
    """Sheets of an invented town, some of them twice."""
    draw = np.random.default_rng(seed)
    words = ("Nord", "Sud", "Bellevue", "Dr Roux", "les Pins", "St Jean", "2", "enfants", "Toulouse")
    kinds = ("CMP", "C.H.R.S.", "Centre social", "Mission locale", "PHARMACIE", "Asso.", "")
    types = ("cmp", "hebergement", "centre-social", "mission-locale", "pharmacie", "autre")
    rows = []
    for number in range(1, n + 1):
        place = (float(draw.uniform(0, 600)), float(draw.uniform(0, 600)))
        rows.append(
            {
                "id": number,
                "name": f"{draw.choice(kinds)} {draw.choice(words)} {draw.choice(words)}".strip(),
                "types": (str(draw.choice(types)),),
                "at": place if draw.random() < 0.8 else None,
                "address": f"{draw.integers(1, 9)} rue {draw.choice(words)}" if draw.random() < 0.5 else "",
                "phone": f"056100000{draw.integers(0, 5)}" if draw.random() < 0.4 else "",
                "finess": f"31000000{draw.integers(0, 9)}" if draw.random() < 0.2 else "",
                "siret": str(draw.choice((SIRET, OTHER_SIRET))) if draw.random() < 0.3 else "",
            }
        )
    return rows


def answer(rows: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[Any, ...]]:
    found = look(*rows)
    assert all(a != b for a, b in zip(found["a_id"], found["b_id"], strict=True))
    uid = {row["id"]: row.get("uid", f"essai--{row['id']}") for row in rows}
    return {
        tuple(sorted((uid[row.a_id], uid[row.b_id]))): (row.score, row.verdict, row.reasons)
        for row in found.itertuples()
    }  # type: ignore[return-value]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_order_changes_nothing(seed: int, shuffle: Any) -> None:
    """Neither the order of the rows nor the numbers the database gave them."""
    rows = random_rows(40, seed=seed)
    named = [{**row, "uid": f"essai--{row['id']}"} for row in rows]
    shuffled = [dict(row) for row in named]
    shuffle.shuffle(shuffled)
    renumbered = [{**row, "id": number} for number, row in enumerate(shuffled, start=500)]
    assert answer(renumbered) == answer(named)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_the_score_of_a_pair_depends_on_these_two_alone(seed: int) -> None:
    """Adding sheets far away adds pairs among them, and changes none of the others."""
    rows = random_rows(30, seed=seed)
    others = [
        {**row, "id": row["id"] + 1_000, "at": (90_000.0, 0.0), "insee": "31555", "finess": "", "siret": ""}
        for row in random_rows(30, seed=seed + 1)
    ]
    alone, together = answer(rows), answer([*rows, *others])
    assert {key: value for key, value in together.items() if not _far(key)} == alone


def _far(key: tuple[str, str]) -> bool:
    return any(int(uid.removeprefix("essai--")) > 1_000 for uid in key)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_case_and_accents_change_nothing(seed: int) -> None:
    rows = random_rows(30, seed=seed)
    loud = [{**row, "name": row["name"].upper(), "address": row["address"].upper()} for row in rows]
    assert answer(loud) == answer(rows)


@settings(max_examples=15, deadline=None)
@given(st.floats(0, 240), st.floats(0, 240))
def test_farther_is_never_more_alike(near: float, far: float) -> None:
    near, far = sorted((near, far))
    row = {**HERE, "name": "CMP Nord"}
    close = only(row, {**row, "at": (near, 0.0)}).score
    assert close >= only(row, {**row, "at": (far, 0.0)}).score


def test_the_frame_is_left_as_it_was() -> None:
    frame = frames.structures(*random_rows(20, seed=1))
    before = frame.copy(deep=True)
    pairs(frame, epsg=EPSG, typology=TYPOLOGY)
    pd.testing.assert_frame_equal(frame, before)


def test_the_table_of_abbreviations_is_what_brings_names_together() -> None:
    rows = (
        {**HERE, "name": "CTRE HEB. URGENCE SAMBRE"},
        {**HERE, "name": "Centre d'hébergement d'urgence Sambre"},
    )
    with_table, without = look(*rows), look(*rows, table=Abbreviations())
    assert with_table["score"].item() > without["score"].item() + 10


# Hostile files.


@pytest.mark.parametrize(
    "row",
    [
        {"at": (0.0, 0.0), "name": "CMP Nord"},
        {"at": None, "name": "CMP Nord", "address": "1 rue X"},
        {"at": (0.0, 0.0), "name": "CMP Nord", "siret": SIRET},
        {"at": None, "name": "CMP Nord", "finess": "310000001"},
    ],
)
def test_a_crowd_at_one_place_is_bounded_and_said(row: dict[str, Any]) -> None:
    """5,000 at one point are 12 million pairs: a file whose positions are not positions must not hang."""
    n = 5_000
    one = frames.structures({**row, "types": ("cmp",), "position_precision": "adresse"})
    crowd = pd.concat([one] * n).set_axis(pd.RangeIndex(1, n + 1, name="id"))
    crowd["uid"] = [f"essai--{number:05d}" for number in range(n)]
    found = find(crowd, epsg=EPSG, typology=TYPOLOGY)
    assert len(found.pairs) < 40 * n
    assert set(found.pairs["a_id"]) | set(found.pairs["b_id"]) == set(crowd.index)
    (note,) = found.notes
    assert "5000 structures" in note.replace("\u202f", "")
    assert str(MAX_BLOCK) in note


def test_positions_that_are_no_positions() -> None:
    """Infinite once in metres, or not a number: compared as not placed."""
    rows = frames.structures(
        {"name": "CMP Nord", "at": (0.0, 0.0)}, {"name": "CMP Nord", "at": (0.0, 0.0)}
    ).assign(lon=[500.0, np.nan], lat=[95.0, 48.0])
    found = find(rows, epsg=EPSG, typology=TYPOLOGY, minimum=0).pairs
    assert found["metres"].isna().all()


def test_hostile_names_are_text() -> None:
    names = ("{{7*7}}", "<img src=x>", "=1+1", "مركز الصحة", "\u202einversé", "x" * 100_000, "\x00", " ")
    found = look(*({**HERE, "name": name} for name in names))
    assert found["score"].between(0, 100).all()


def test_a_shared_place_name_does_not_make_one_service_of_two() -> None:
    """A pharmacy and a surgery of one square, at two numbers: neither the same kind nor the same door."""
    pharmacy = {
        "name": "Pharmacie de la Croix-Blanche", "types": ("pharmacie",),
        "address": "58 bd de la Croix-Blanche",
        "at": (0.0, 0.0),
    }  # fmt: skip
    surgery = {
        "name": "Cabinet médical de la Croix-Blanche", "types": ("medecin",),
        "address": "12 place de la Croix-Blanche",
        "at": (67.0, 0.0),
    }  # fmt: skip
    assert shown(pharmacy, surgery) == set()
    assert only(pharmacy, surgery).score < only(pharmacy, surgery | {"address": pharmacy["address"]}).score
