"""What is expected comes from the reference until a territory says otherwise, and each choice is kept."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import text

from reseau.errors import NotFound, RefusedInput
from reseau.model.expectations import START_LABEL, expectation_of
from reseau.model.records import TypeSetting
from reseau.services import App
from reseau.services.expectations import (
    FORMER_LABEL,
    START,
    compare_versions,
    list_versions,
    reference_label,
    restore_version,
    settings_of,
)
from reseau.services.territoires import create_territoire, effective_types, set_types
from reseau.services.view import open_view


def settings(app: App, tid: int) -> dict[str, TypeSetting]:
    return {item.type_code: item for item in effective_types(app, tid)}


def change(app: App, tid: int, code: str, note: str = "", **values: object) -> int | None:
    """Change one type and keep the others as they are."""
    current = settings(app, tid)
    return set_types(app, tid, (current | {code: replace(current[code], **values)}).values(), note=note)


def test_a_new_territory_expects_what_the_reference_says(app: App, tid: int) -> None:
    found = settings(app, tid)
    assert all(item.weight == expectation_of(code).weight for code, item in found.items())
    assert all(item.from_inhabitants == expectation_of(code).from_inhabitants for code, item in found.items())
    assert reference_label(app, tid) == START_LABEL == open_view(app, tid).reference
    assert list_versions(app, tid) == []


def test_what_equals_the_reference_is_not_stored(app: App, tid: int) -> None:
    """So that a better reference reaches those who never changed it."""
    change(app, tid, "cmp", weight=3.0)
    with app.store.read() as connection:
        rows = connection.execute(text("select type_code, weight, from_inhabitants from type_settings")).all()
    assert rows == [("cmp", 3.0, None)]


def test_a_setting_made_before_weights_existed_takes_those_of_the_reference(app: App, tid: int) -> None:
    """A territory that said «not expected» or «30 days» long ago did not choose a weight of 1."""
    with app.store.write() as connection:
        connection.execute(
            text(
                "insert into type_settings (territoire_id, type_code, expected, gamme, review_days) "
                "values (:tid, 'pmi', 0, 'proximite', 30)"
            ),
            {"tid": tid},
        )
    found = settings(app, tid)["pmi"]
    assert (found.expected, found.review_days) == (False, 30)
    assert (found.weight, found.from_inhabitants) == (
        expectation_of("pmi").weight, expectation_of("pmi").from_inhabitants,
    )  # fmt: skip
    assert reference_label(app, tid) == FORMER_LABEL


def test_what_was_chosen_before_versions_can_be_gone_back_to(app: App, tid: int) -> None:
    test_a_setting_made_before_weights_existed_takes_those_of_the_reference(app, tid)
    assert change(app, tid, "cmp", weight=3.0) == 2
    assert [item.number for item in list_versions(app, tid)] == [2, 1]
    restore_version(app, tid, 1)
    assert not settings(app, tid)["pmi"].expected
    assert settings(app, tid)["cmp"].weight == expectation_of("cmp").weight


def test_each_save_is_a_version_and_saving_the_same_is_none(app: App, tid: int) -> None:
    assert change(app, tid, "cmp", weight=3.0, note="Réunion du 3 mars") == 1
    assert change(app, tid, "cmp", weight=3.0) is None
    assert change(app, tid, "cmp", weight=1.0) == 2
    latest, first = list_versions(app, tid)
    assert (latest.number, first.number, first.note) == (2, 1, "Réunion du 3 mars")
    assert len(latest.settings) == len(list(app.typology))
    assert re.fullmatch(r"référence v2 du \d{1,2}(er)? \w+ \d{4}", reference_label(app, tid))
    assert open_view(app, tid).reference == reference_label(app, tid) == latest.label


def test_two_versions_are_compared_line_by_line(app: App, tid: int) -> None:
    change(app, tid, "cmp", weight=1.5, expected=False)
    change(app, tid, "pmi", from_inhabitants=800, gamme="intermediaire")
    changes = compare_versions(app, tid, START, 2)
    assert {(item.type_code, item.field, item.before, item.after) for item in changes} == {
        ("cmp", "attendu", "oui", "non"),
        ("cmp", "poids", "2,5", "1,5"),
        ("pmi", "à partir de (habitants)", "1000", "800"),
        ("pmi", "à quelle distance", "à proximité, à pied", "à distance intermédiaire, à pied"),
    }
    assert {item.type_code for item in compare_versions(app, tid, 1, 2)} == {"pmi"}
    assert compare_versions(app, tid, 2, 2) == []


def test_going_back_makes_a_new_version(app: App, tid: int) -> None:
    """History only grows: what was tried in between can be looked at."""
    change(app, tid, "cmp", weight=1.5)
    change(app, tid, "cmp", weight=3.0)
    assert restore_version(app, tid, 1) == 3
    assert settings(app, tid)["cmp"].weight == 1.5
    assert restore_version(app, tid, START) == 4
    assert settings(app, tid)["cmp"].weight == expectation_of("cmp").weight
    assert restore_version(app, tid, START) is None
    assert [item.number for item in list_versions(app, tid)] == [4, 3, 2, 1]
    assert "version 1" in list_versions(app, tid)[1].note


def test_a_version_of_another_typology_is_read_all_the_same(app: App, tid: int) -> None:
    """A type that came later has what the reference says; one that is gone is left out."""
    change(app, tid, "cmp", weight=1.5)
    with app.store.write() as connection:
        connection.execute(
            text("update expectation_versions set content = :content"),
            {
                "content": '[{"type_code": "disparu", "expected": true, "gamme": "proximite"}, '
                '{"type_code": "cmp", "expected": true, "gamme": "proximite", "weight": 2.0, "odd": 1}]'
            },
        )
    found = {item.type_code: item for item in settings_of(app, tid, 1)}
    assert "disparu" not in found
    assert (found["cmp"].weight, found["pmi"].weight) == (2.0, expectation_of("pmi").weight)


def test_territories_do_not_share_versions(app: App, tid: int) -> None:
    other = create_territoire(app, "Autre").id
    change(app, tid, "cmp", weight=3.0)
    assert list_versions(app, other) == []
    assert change(app, other, "cmp", weight=1.0) == 1
    with pytest.raises(NotFound, match="version 2"):
        restore_version(app, other, 2)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"weight": 0.0}, "poids"),
        ({"weight": float("nan")}, "poids"),
        ({"weight": 99.0}, "0,1 et 10"),
        ({"from_inhabitants": -1}, "habitants"),
        ({"gamme": "lune"}, "gamme"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    app: App, tid: int, values: dict[str, object], said: str
) -> None:
    with pytest.raises(RefusedInput, match=said):
        change(app, tid, "cmp", **values)
    assert list_versions(app, tid) == []
    assert settings(app, tid)["cmp"].weight == expectation_of("cmp").weight


def test_a_note_about_a_patient_is_refused(app: App, tid: int) -> None:
    with pytest.raises(RefusedInput, match="sécurité sociale"):
        change(app, tid, "cmp", weight=3.0, note="2 84 05 31 555 123 42")
    with pytest.raises(RefusedInput, match="trop long"):
        change(app, tid, "cmp", weight=3.0, note="x" * 6000)


def test_what_is_expected_depends_on_the_size_of_the_quartier(app: App, tid: int) -> None:
    """Through the view: what every page and the command line filter on."""
    import shapely

    from reseau.services.editing import save_row

    sizes = {"Petit": 900, "Grand": 6000, "Inconnu": None}
    for rank, (name, population) in enumerate(sizes.items()):
        shape = shapely.box(1.6 + rank / 50, 48.1, 1.61 + rank / 50, 48.11).wkb
        save_row(app, tid, "quartiers", {"name": name, "wkb": shape, "population": population})
    found = open_view(app, tid).expected_gaps.groupby("quartier_name")["type_code"].agg(set)
    assert "medecin" in found["Petit"]
    assert {"centre-sante", "cmp"} & found["Petit"] == set()
    assert found["Grand"] == found["Inconnu"] > found["Petit"]
    change(app, tid, "cmp", from_inhabitants=0)
    again = open_view(app, tid).expected_gaps
    assert "cmp" in set(again.loc[again["quartier_name"] == "Petit", "type_code"])
