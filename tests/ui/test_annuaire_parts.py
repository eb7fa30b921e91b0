"""What the directory says and finds, without drawing it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from reseau.services import App
from reseau.services.editing import save_row
from reseau.services.territoires import find_territoire
from reseau.services.view import View, open_view
from reseau.ui.annuaire.directory import Wanted, evening, matching, not_known, saturday, similar_names
from reseau.ui.annuaire.hours_tab import day_words, read_clock
from reseau.ui.annuaire.openness import opening_sentence
from reseau.ui.annuaire.relations import renewal_words, ties_table

MONDAY = datetime(2026, 11, 23, 10, 0)
WEEK = "Mo-Fr 09:00-12:00,14:00-17:30; PH off"


@pytest.mark.parametrize(
    ("osm", "at", "said"),
    [
        (WEEK, MONDAY, "Ouvert, ferme à 12 h"),
        (WEEK, datetime(2026, 11, 23, 15), "Ouvert, ferme à 17 h 30"),
        (WEEK, datetime(2026, 11, 23, 13), "Fermé, ouvre à 14 h"),
        (WEEK, datetime(2026, 11, 23, 20), "Fermé, ouvre demain à 9 h"),
        (WEEK, datetime(2026, 11, 27, 20), "Fermé, ouvre lundi à 9 h"),
        ("Mo 09:00-12:00", datetime(2026, 11, 23, 13), "Fermé, ouvre le 30 novembre 2026 à 9 h"),
        ("Mo 20:00-24:00", datetime(2026, 11, 23, 21), "Ouvert, ferme à minuit"),
        ("24/7", MONDAY, "Ouvert en permanence"),
        ("", MONDAY, "Horaires non renseignés"),
        ("Mo 09:00-12:00 unknown", MONDAY.replace(hour=10), "Horaires à vérifier"),
        # 25 December, on a week that says nothing of public holidays: nobody knows.
        ("Mo-Fr 09:00-12:00", datetime(2026, 12, 25, 10), "Jour férié : horaires à vérifier"),
    ],
)
def test_openness_is_said_in_words(osm: str, at: datetime, said: str) -> None:
    assert opening_sentence(osm, "", at).replace("\u00a0", " ") == said


def test_hours_kept_as_text_are_not_closed() -> None:
    assert "relire" in opening_sentence("", "le matin sauf exception", MONDAY)


@pytest.mark.parametrize(
    ("cell", "clock"),
    [("9", "09:00"), ("9h", "09:00"), ("9 h 30", "09:30"), ("14:05", "14:05"), (" ", ""), (None, "")],
)
def test_times_are_read_as_people_write_them(cell: str | None, clock: str) -> None:
    assert read_clock(cell) == clock


def test_what_is_not_a_time_is_refused_with_its_text() -> None:
    with pytest.raises(ValueError, match="« midi »"):
        read_clock("midi")


@pytest.fixture
def view(demo_db: App) -> View:
    return open_view(demo_db, 1)


def names(view: View, **wanted: object) -> list[str]:
    ids = matching(view, Wanted(**wanted), MONDAY)  # type: ignore[arg-type]
    return [str(view.structures.at[key, "name"]) for key in ids]


def test_search_folds_accents_and_knows_other_names_of_types(view: View) -> None:
    """«securite sociale» is nobody's name but everybody's word; «beaurivage» may be the commune."""
    assert names(view, text="securite SOCIALE cpam") == names(view, type_code="cpam")
    assert set(names(view, text="beaurivage cpam")) <= set(names(view, text="cpam"))


def test_filters_only_keep_what_is_known(view: View) -> None:
    """Unknown is not «yes»: whoever asks for free places must not be sent elsewhere."""
    rows = view.structures
    assert set(names(view, flags=frozenset({"gratuit"}))) == {
        str(name) for name, free in zip(rows["name"], rows["free"], strict=True) if free is True
    }
    assert set(names(view, flags=frozenset({"a_placer"}))) == set(
        rows[~rows["placed"] & ~rows["closed"]]["name"]
    )
    assert names(view, languages=("tr",)) == sorted(
        (str(row["name"]) for row in rows.to_dict("records") if "tr" in row["languages"]), key=str.casefold
    )


def test_without_relation_and_in_a_quartier(view: View) -> None:
    alive = view.relations[view.relations["status"] != "termine"]
    tied = {*alive["from_name"], *alive["to_name"]}
    assert tied
    assert not tied & set(names(view, flags=frozenset({"sans_relation"})))
    quartier = int(view.located["quartier_id"].iloc[0])
    inside = names(view, quartier_id=quartier, near=False)
    assert set(inside) < set(names(view, quartier_id=quartier, near=True))


def test_a_nearly_equal_name_is_seen_in_the_same_commune_only(demo_db: App) -> None:
    known = {"name": "Centre social des Lilas", "types": ["cmp"], "commune": "Orville"}
    key = save_row(demo_db, 1, "structures", known)
    view = open_view(demo_db, 1)
    assert similar_names(view, "centre social les Lilas", commune="ORVILLE") == [key]
    assert similar_names(view, "centre social les Lilas", commune="Ailleurs") == []


def test_ties_are_seen_from_the_structure(demo_db: App) -> None:
    """«A oriente vers B» reads «vers B» on A's sheet and «depuis A» on B's."""
    a, b = (save_row(demo_db, 1, "structures", {"name": name, "types": ["cmp"]}) for name in "AB")
    tie = {"from_id": a, "to_id": b, "direction": "aller", "renewal_on": date(2026, 1, 1), "status": "actif"}
    save_row(demo_db, 1, "relations", tie)
    view = open_view(demo_db, 1)
    seen = [ties_table(view, key, today=date(2026, 11, 22)).iloc[0] for key in (a, b)]
    assert [(row["Avec"], row["Sens"]) for row in seen] == [("B", "vers"), ("A", "depuis")]
    assert seen[0]["À renouveler"] == "en retard : 01/01/2026"
    assert renewal_words(date(2026, 1, 1), "termine", today=date(2026, 11, 22)) == "01/01/2026"


def test_evening_is_what_is_left_of_it_and_saturday_the_next_one() -> None:
    """At 21 h, a place that closed at 20 h is no use this evening; on a Saturday, «samedi» is today."""
    assert evening(MONDAY) == (datetime(2026, 11, 23, 18), datetime(2026, 11, 24))
    assert evening(datetime(2026, 11, 23, 21)) == (datetime(2026, 11, 23, 21), datetime(2026, 11, 24))
    assert saturday(MONDAY) == (datetime(2026, 11, 28), datetime(2026, 11, 29))
    assert saturday(datetime(2026, 11, 28, 15)) == (datetime(2026, 11, 28, 15), datetime(2026, 11, 29))


def test_open_this_evening_and_on_saturday_are_found(demo_db: App) -> None:
    """By hours that say so; unknown hours are not a yes."""
    view = open_view(demo_db, find_territoire(demo_db).id)
    hours = view.structures["opening_hours"]
    for flag, told in (("soir", "Mo"), ("samedi", "Sa")):
        ids = matching(view, Wanted(flags=frozenset({flag})), MONDAY)
        assert 0 < len(ids) < len(view.structures)
        assert all(hours[row_id] for row_id in ids)
        assert any(told in hours[row_id] for row_id in ids)


def test_what_nobody_knows_is_counted_beside_a_filter(view: View) -> None:
    """A short list must not read as «the others are shut»: what is not known is said."""
    said = not_known(view, {"samedi", "soir", "gratuit"})
    rows = view.structures[~view.structures["closed"]]
    assert said["horaires"] == len(rows[rows["opening_hours"] == ""]) > 0
    assert said["gratuité"] == len([cell for cell in rows["free"] if cell not in (True, False)]) > 0
    assert set(said) == {"horaires", "gratuité"}
    assert not_known(view, set()) == {}


def test_hours_that_may_be_are_not_shown_as_closed():
    """A directory that says «mardi 9 h–12 h, hors vacances» must not read «fermé»."""
    slot = ("09:00", "12:00")
    assert day_words((), ()) == "fermé"
    assert day_words((), (slot,)).replace("\u00a0", " ") == "9 h–12 h (à vérifier)"
    assert day_words((slot,), ()).replace("\u00a0", " ") == "9 h–12 h"
