"""Which places are shown, in which order, with which words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reseau.model.screens import ScreenPlace
from reseau.screens import _places
from reseau.screens.content import Content, Place
from tests import frames, screens
from tests.travels import Manhattan


def ids(content: Content, need: str) -> list[int]:
    return next((slide["places"] for slide in content["slides"] if slide["need"] == need), [])


def place(content: Content, place_id: int) -> Place:
    return next(item for item in content["places"] if item["id"] == place_id)


def test_nearest_first_then_what_comes_to_people() -> None:
    content = screens.sample_content()
    assert [item["id"] for item in content["places"]] == [1, 6, 4, 2, 3, 5, 8, 9]
    minutes = [item["minutes"] for item in content["places"]]
    assert minutes[-1] is None
    known = [value for value in minutes if value is not None]
    assert known == sorted(known)
    assert known[0] == 1, "nobody walks zero minutes"


def test_a_closed_or_hidden_place_is_not_shown() -> None:
    assert 10 not in {item["id"] for item in screens.sample_content()["places"]}
    hidden = screens.said(ScreenPlace(structure_id=2, hidden=True))
    assert 2 not in {item["id"] for item in screens.sample_content(places=hidden)["places"]}


def test_a_need_without_any_place_in_reach_has_its_nearest_one() -> None:
    """5 km away: said with its minutes, and neither on the plan nor among what is open near here."""
    content = screens.sample_content()
    assert ids(content, "jeunes") == ids(content, "emploi") == [8]
    far = place(content, 8)
    assert far["minutes"] == 80
    assert far["xy"] is far["number"] is None
    assert far["address"] == "9 avenue Lointaine, Saint-Doulchard", "another commune is said"
    assert 8 not in next(slide["places"] for slide in content["slides"] if slide["kind"] == "open")
    hardly = screens.sample_content(screen=screens.sample_screen(walk_minutes=60))
    assert place(hardly, 8)["number"] is None, "one far place would shrink the plan of all others"
    nearer = screens.sample_structures()
    nearer.at[3, "types"] = ("mission-locale",)
    assert ids(screens.sample_content(structures=nearer), "jeunes") == [3]


def test_minutes_follow_the_way_of_measuring() -> None:
    """On a chequerboard of streets France services is 200 + 100 m away: 4 minutes at 4.5 km/h."""
    content = screens.sample_content(travel=Manhattan())
    assert place(content, 2)["minutes"] == 4
    slow = screens.sample_content(travel=Manhattan(), walking_kmh=3.0)
    assert place(slow, 2)["minutes"] == 6


def test_the_walk_asked_is_the_limit() -> None:
    """900 m east and north by straight streets is 1000 m, 13.3 minutes: 14 shows it, 13 does not."""
    for walk, shown in ((14, True), (13, False)):
        structures = screens.sample_structures()
        structures.at[3, "types"] = ("aide-alimentaire",)  # so that the need is not empty
        content = screens.sample_content(
            structures=structures, travel=Manhattan(), screen=screens.sample_screen(walk_minutes=walk)
        )
        assert (5 in {item["id"] for item in content["places"]}) == shown


def test_a_team_that_goes_out_is_shown_where_it_comes() -> None:
    """Without an address: its office is not somewhere to go."""
    team = place(screens.sample_content(), 9)
    assert team["minutes"] is team["xy"] is team["number"] is None
    assert team["address"] == ""
    assert team["phone"] == "02 48 00 00 09"
    elsewhere = screens.sample_structures()
    elsewhere.at[9, "served_quartiers"] = ("QN99999M",)
    assert ids(screens.sample_content(structures=elsewhere), "parler") == []


def test_a_place_that_is_not_placed_is_left_out() -> None:
    structures = screens.sample_structures()
    structures.at[2, "placed"] = False
    assert 2 not in {item["id"] for item in screens.sample_content(structures=structures)["places"]}


def test_the_needs_of_the_screen_in_its_order() -> None:
    screen = screens.sample_screen(needs=("manger", "soigner", "manger", "inconnu"))
    content = screens.sample_content(screen=screen)
    assert [slide["need"] for slide in content["slides"] if slide["need"]] == ["manger", "soigner"]
    assert {key for item in content["places"] for key in item["needs"]} == {"manger", "soigner"}
    assert list(content["languages"][0]["needs"]) == ["manger", "soigner"]


def test_the_team_chooses_the_needs_of_a_place() -> None:
    places = screens.said(
        ScreenPlace(structure_id=3, needs=("francais", "rencontrer")), ScreenPlace(structure_id=2, needs=())
    )
    content = screens.sample_content(places=places)
    assert ids(content, "francais") == [3], "no type teaches French: only a person can say it"
    assert ids(content, "droits") == []
    assert 2 not in {item["id"] for item in content["places"]}


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        ({}, {"fr": "modèle", "zz": "ready"}),
        ({"fr": "Venez."}, {"fr": "Venez."}),
        ({"fr": " "}, {"fr": "modèle", "zz": "ready"}),
        ({"fr": "Venez.", "zz": "Come."}, {"fr": "Venez.", "zz": "Come."}),
        ({"zz": "Come."}, {"fr": "modèle", "zz": "Come."}),
        ({"fr": "Venez.", "yy": "Bienvenidos."}, {"fr": "Venez."}),
    ],
)
def test_words_of_a_place_never_contradict_each_other(texts: dict[str, str], shown: dict[str, str]) -> None:
    """Once written in French by the team, no ready-made sentence stands beside it in another language."""
    ground = _ground(texts)
    languages = [_language("fr", "modèle"), _language("zz", "ready")]
    spot = _places.chosen_spots(ground)[0]
    assert _places._texts(spot, ground, languages) == shown


def test_a_trade_stands_for_the_name_of_a_person() -> None:
    """The name is never shown; a sentence is no title, the trade is one, in each language that has it."""
    structures = screens.sample_structures()
    structures.at[1, "name"] = "Docteur Camille Personne"
    structures.at[1, "types"] = ("dentiste",)
    content = screens.sample_content(
        structures=structures, screen=screens.sample_screen(languages=("fr", "ar", "zdj"))
    )
    shown = place(content, 1)
    assert (shown["name"], shown["role"]) == ("", {"fr": "Dentiste", "ar": "طبيب أسنان"})
    assert {tuple(item["role"]) for item in content["places"] if item["name"]} == {()}
    structures.at[1, "types"] = ("paramedical",)
    assert place(screens.sample_content(structures=structures), 1)["role"] == {}


def _language(code: str, sentence: str, missing: tuple[str, ...] = ()) -> Any:
    from reseau.screens.texts import Language

    return Language(
        code=code, name=code, dir="ltr", script="latin", reviewed=True, days=(), months=(), missing=missing,
        texts={"types": {"pharmacie": sentence, "autre": "autre"}},
    )  # fmt: skip


def _ground(texts: dict[str, str]) -> Any:
    from reseau.screens._frames import prepare

    structures = frames.structures({"id": 1, "types": ("pharmacie",), "at": (400, 400)})
    places = screens.said(ScreenPlace(structure_id=1, texts=texts))
    return prepare(screens.sample_inputs(structures=structures, places=places))


def test_unknown_stays_unknown() -> None:
    pharmacy = place(screens.sample_content(), 6)
    assert pharmacy["calendar"] is pharmacy["week"] is None
    assert pharmacy["free"] is pharmacy["no_appointment"] is pharmacy["accessible"] is None
    assert place(screens.sample_content(), 2)["free"] is True
    structures = screens.sample_structures()
    structures.at[2, "free"] = False
    assert place(screens.sample_content(structures=structures), 2)["free"] is False


def test_codes_are_drawn_for_first_pages_only() -> None:
    content = screens.sample_content(structures=screens.places(200))
    coded = {item["id"] for item in content["places"] if item["qr"]}
    numbered = {item["id"] for item in content["places"] if item["number"]}
    first = {i for s in content["slides"] if s["need"] for i in s["places"][: _places.FIRST_PLACES]}
    assert coded == numbered | first
    assert all(item["website"] for item in content["places"])


def test_every_need_has_its_nearest_place_on_the_plan() -> None:
    """A street full of pharmacies must not push the only food aid off it."""
    rows = [{"types": ("pharmacie",), "at": (400 + 5 * rank, 400)} for rank in range(40)]
    structures = frames.structures(*rows, {"types": ("aide-alimentaire",), "at": (1200, 400)})
    content = screens.sample_content(structures=structures, pivot_id=1)
    numbers = [item["number"] for item in content["places"] if item["number"]]
    assert numbers == list(range(1, _places.MAX_NUMBERED + 1)), (
        "numbers go up with the distance, without a gap"
    )
    assert place(content, 41)["number"] == _places.MAX_NUMBERED


coordinates = st.integers(-2500, 3300)
KINDS = ("pharmacie", "france-services", "centre-social", "cmp")
rows_of_places = st.lists(
    st.builds(
        lambda x, y, kind: {"at": (x, y), "types": (kind,), "opening_hours": "Mo-Fr 09:00-12:00"},
        coordinates, coordinates, st.sampled_from(KINDS),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


def lists(content: Content) -> dict[str, list[int]]:
    """Every list of places of a screen."""
    return {slide["id"]: slide["places"] for slide in content["slides"] if slide["places"]} | {
        "all": [item["id"] for item in content["places"]]
    }


@settings(max_examples=40, deadline=None)
@given(rows_of_places, st.data())
def test_moving_a_place_closer_never_pushes_it_later(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    chosen = data.draw(st.integers(0, len(rows) - 1))
    share = data.draw(st.floats(0, 1))
    x, y = rows[chosen]["at"]
    closer = [dict(row) for row in rows]
    closer[chosen]["at"] = (400 + (x - 400) * share, 400 + (y - 400) * share)
    screen = screens.sample_screen(lon=frames.lonlat(400, 400)[0], lat=frames.lonlat(400, 400)[1])
    before, after = (
        lists(screens.sample_content(structures=frames.structures(*made), screen=screen, pivot_id=None))
        for made in (rows, closer)
    )
    for name, places in before.items():
        if chosen + 1 in places:
            assert chosen + 1 in after[name]
            ahead, now = (set(found[: found.index(chosen + 1)]) for found in (places, after[name]))
            assert now <= ahead


@settings(max_examples=25, deadline=None)
@given(rows_of_places, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[dict[str, Any]], chance: Any) -> None:
    structures = frames.structures(*rows)
    order = list(structures.index)
    chance.shuffle(order)
    assert screens.sample_content(structures=structures.loc[order], pivot_id=None) == screens.sample_content(
        structures=structures, pivot_id=None
    )


@settings(max_examples=25, deadline=None)
@given(rows_of_places, coordinates, coordinates, st.sampled_from(["hidden", "sensitive", "closed"]))
def test_adding_what_is_not_shown_changes_nothing(
    rows: list[dict[str, Any]], x: int, y: int, how: str
) -> None:
    """Not even the frame of the plan: a place that is kept off cannot be guessed from what moved."""
    extra = {"id": 99, "at": (x, y), "types": ("csapa" if how == "sensitive" else "pharmacie",),
             "closed": how == "closed", "opening_hours": "24/7"}  # fmt: skip
    places = screens.said(ScreenPlace(structure_id=99, hidden=True)) if how == "hidden" else {}
    with_it = screens.sample_content(structures=frames.structures(*rows, extra), places=places, pivot_id=None)
    assert with_it == screens.sample_content(structures=frames.structures(*rows), pivot_id=None)
