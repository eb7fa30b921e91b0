"""Comparing through the services: two quartiers, a commune, two dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reseau.errors import NotFound, RefusedInput
from reseau.gaps.comparing import Cause, Verdict
from reseau.geo.travel import StraightLine
from reseau.services import App, comparisons, editing, snapshots
from reseau.services.territoires import effective_types, set_types, update_territoire
from reseau.services.view import open_view
from tests.unit.services.conftest import Importer
from tests.unit.services.test_context import boundary, collection
from tests.unit.services.towns import add_place, add_quartier, make_town, relate

MARCH = date(2026, 3, 3)


def changed(found: comparisons.DatesComparison) -> dict[tuple[str, str], tuple[Verdict, Cause]]:
    return {
        (row.quartier_name, row.type_code): (row.verdict, row.cause)
        for row in found.rows
        if row.cause is not Cause.NONE
    }


def test_two_quartiers(app: App, tid: int) -> None:
    near, far, _ = make_town(app, tid)
    found = comparisons.compare_quartiers(app, tid, near, far)
    rows = {row.type_code: row for row in found.rows}
    assert rows["cmp"].verdict is Verdict.BETTER
    assert found.reached_left.reached > found.reached_right.reached == 0
    turned = comparisons.compare_quartiers(app, tid, far, near)
    assert {row.type_code: row.verdict for row in turned.rows}["cmp"] is Verdict.WORSE


def test_what_cannot_be_compared_says_why(app: App, tid: int) -> None:
    near, _, _ = make_town(app, tid)
    with pytest.raises(RefusedInput, match="différents"):
        comparisons.compare_quartiers(app, tid, near, near)
    with pytest.raises(NotFound, match=near):
        comparisons.compare_quartiers(app, tid, near, "QN00000X")
    with pytest.raises(NotFound, match=r"Le contour de Ici .* importez un fichier de communes"):
        comparisons.compare_with_commune(app, tid, near)


def test_a_quartier_and_its_commune(app: App, tid: int, load: Importer) -> None:
    """The commune is twelve kilometres long with everything at one end: the quartier there is better off."""
    near, far, _ = make_town(app, tid)
    load("communes", collection(boundary("99101", -0.01, 0.15, population=9000)), "communes.geojson")
    found = comparisons.compare_with_commune(app, tid, near)
    assert (found.right.name, found.right.population) == ("Ici", 9000.0)
    assert found.right.kind == "commune"
    cells = found.right.cells["cmp"]
    assert 0 < cells.share < 1
    assert cells.inside == 1
    assert {row.type_code: row.verdict for row in found.rows}["cmp"] is Verdict.BETTER
    assert {row.type_code: row.verdict for row in comparisons.compare_with_commune(app, tid, far).rows}[
        "cmp"
    ] is Verdict.WORSE
    # The quartiers themselves are what they are everywhere else.
    assert found.left == snapshots.present_figures(app, tid).areas[near]
    # One list of expected types for both: the commune is held to that of the quartier.
    assert found.reached_left.expected == found.reached_right.expected
    assert any("Seuls comptent les lieux chargés" in note for note in found.notes)
    assert any("aucune source chargée ne dit recenser" in note for note in found.notes)
    assert not any("n'est pas une commune du territoire" in note for note in found.notes)


def test_a_commune_that_was_not_loaded_whole_says_so(app: App, tid: int, load: Importer) -> None:
    """Only what is near its quartier was imported: its figures would be too low without a word."""
    make_town(app, tid)
    other = add_quartier(app, tid, "D'à côté", 0.2, commune="99102")
    with pytest.raises(NotFound, match="ajoutez-la aux communes du territoire"):
        comparisons.compare_with_commune(app, tid, other)
    update_territoire(app, tid, radius_km=2.0)
    load("communes", collection(boundary("99102", 0.19, 0.3)), "communes.geojson")
    found = comparisons.compare_with_commune(app, tid, other)
    (said,) = [note for note in found.notes if "n'est pas une commune du territoire" in note]
    assert "à plus de 2 km des quartiers" in said
    assert found.right.population is None


def test_the_communes_of_a_quartier_those_of_the_territory_first(app: App, tid: int) -> None:
    """Real files name «?» a commune that merged, and put a neighbour first."""
    code = add_quartier(app, tid, "Entre deux", 0.0)
    row_id = int(open_view(app, tid).quartiers.index[0])
    values = {"communes": ["99102", "93059", "99101"], "commune_names": ["Voisine", "?", "Ici"]}
    editing.save_row(app, tid, "quartiers", values, row_id=row_id)
    found = comparisons.communes_of(app, tid, code)
    assert list(found.items()) == [("99101", "Ici"), ("99102", "Voisine"), ("93066", "93066")]


def test_a_quartier_drawn_by_hand_is_in_the_commune_it_lies_in(app: App, tid: int, load: Importer) -> None:
    code = add_quartier(app, tid, "Dessiné", 0.0)
    row_id = int(open_view(app, tid).quartiers.index[0])
    editing.save_row(app, tid, "quartiers", {"communes": [], "commune_names": []}, row_id=row_id)
    update_territoire(app, tid, communes=["99102", "99101"])
    assert list(comparisons.communes_of(app, tid, code)) == ["99102", "99101"]
    drawn = [boundary("99102", 0.05, 0.2), boundary("99101", -0.01, 0.05)]
    load("communes", collection(*drawn), "communes.geojson")
    assert comparisons.communes_of(app, tid, code) == {"99101": "Commune 99101"}


class Streets(StraightLine):
    """Stands for a walking network."""

    @property
    def is_straight(self) -> bool:
        return False

    @property
    def key(self) -> str:
        return "streets"


def test_a_commune_beyond_the_streets_that_were_kept(app: App, tid: int, load: Importer) -> None:
    """Streets are kept around the quartiers only: the rest of the commune is not measured like them."""
    near, _, _ = make_town(app, tid)
    load("communes", collection(boundary("99101", -0.01, 0.15)), "communes.geojson")
    open_view(app, tid).network = Streets(1.0)
    notes = comparisons.compare_with_commune(app, tid, near).notes
    assert any("Les rues gardées entourent les quartiers" in note for note in notes)


def test_streets_that_are_gone_cannot_be_walked_again(app: App, tid: int) -> None:
    """The photo was made with a network that is not loaded any more: nothing can be told apart."""
    make_town(app, tid)
    open_view(app, tid).network = Streets(1.0)
    kept = snapshots.keep_snapshot(app, tid, on=MARCH)
    assert comparisons.compare_photos(app, tid, kept).methods == ()
    update_territoire(app, tid, use_network=False)
    found = comparisons.compare_photos(app, tid, kept)
    assert [item.label for item in found.methods] == ["Mesure de la marche"]
    assert found.separated is False
    assert {cause for _, cause in changed(found).values()} <= {Cause.UNSURE}


def test_a_relation_between_two_dates(app: App, tid: int) -> None:
    _, _, pivot = make_town(app, tid)
    kept = snapshots.keep_snapshot(app, tid, on=MARCH)
    assert changed(comparisons.compare_photos(app, tid, kept)) == {}
    partner = int(open_view(app, tid).structures.query('name == "CMP d\'ici"').index[0])
    relate(app, tid, partner, pivot)
    found = comparisons.compare_photos(app, tid, kept)
    assert changed(found) == {("Beauval", "cmp"): (Verdict.BETTER, Cause.RELATION)}
    assert (found.methods, found.separated) == ((), None)
    assert [item.label for item in found.sources] == ["Relations actives"]


def test_settings_changed_are_told_apart_from_the_territory(app: App, tid: int) -> None:
    """A place opened and the threshold went down: each is told for what it is."""
    make_town(app, tid)
    kept = snapshots.keep_snapshot(app, tid, on=MARCH)
    add_place(app, tid, "CMP de là-bas", ["cmp"], 0.1)
    update_territoire(app, tid, minutes_proximite=1)
    found = comparisons.compare_photos(app, tid, kept)
    assert found.separated is True
    assert [item.label for item in found.methods] == ["Seuil de proximité"]
    seen = changed(found)
    assert seen["Les Tilleuls", "cmp"] == (Verdict.BETTER, Cause.PLACES)
    assert seen["Beauval", "pmi"] == (Verdict.WORSE, Cause.METHOD)
    assert {cause for _, cause in seen.values()} == {Cause.PLACES, Cause.METHOD}


def test_a_boundary_drawn_again_cannot_be_separated(app: App, tid: int) -> None:
    """The former boundary is gone: nobody can say whether the quartier or its outline changed."""
    make_town(app, tid)
    kept = snapshots.keep_snapshot(app, tid, on=MARCH)
    far = open_view(app, tid).quartiers.query("name == 'Les Tilleuls'")
    near = open_view(app, tid).quartiers.query("name == 'Beauval'")
    editing.save_row(app, tid, "quartiers", {"wkb": near.geometry.iloc[0].wkb}, row_id=int(far.index[0]))
    found = comparisons.compare_photos(app, tid, kept)
    causes = {cause for (name, _), (_, cause) in changed(found).items() if name == "Les Tilleuls"}
    assert causes == {Cause.UNSURE}
    assert not any(name == "Beauval" for name, _ in changed(found))


def test_a_type_that_became_expected_has_not_improved(app: App, tid: int) -> None:
    make_town(app, tid)
    settings = effective_types(app, tid)
    absent = next(item for item in settings if not item.expected)
    kept = snapshots.keep_snapshot(app, tid, on=MARCH)
    set_types(app, tid, [replace(item, expected=True) if item is absent else item for item in settings])
    found = comparisons.compare_photos(app, tid, kept)
    assert {(code, verdict, cause) for (_, code), (verdict, cause) in changed(found).items()} == {
        (absent.type_code, Verdict.NEW, Cause.KNOWLEDGE)
    }
    assert "Types attendus" in [item.label for item in found.methods]


def test_a_quartier_put_aside_and_a_new_one(app: App, tid: int) -> None:
    make_town(app, tid)
    kept = snapshots.keep_snapshot(app, tid, on=MARCH)
    editing.delete_row(app, tid, "quartiers", int(open_view(app, tid).quartiers.index[0]))
    add_quartier(app, tid, "Neuf", 0.3)
    found = comparisons.compare_photos(app, tid, kept)
    assert {(name, verdict) for (name, _), (verdict, _) in changed(found).items()} == {
        ("Beauval", Verdict.GONE), ("Neuf", Verdict.NEW),
    }  # fmt: skip


def test_two_photos_in_the_order_of_their_days(app: App, tid: int) -> None:
    make_town(app, tid)
    first = snapshots.keep_snapshot(app, tid, on=MARCH)
    add_place(app, tid, "CMP de là-bas", ["cmp"], 0.1)
    second = snapshots.keep_snapshot(app, tid, on=date(2026, 5, 1))
    for pair in ((first, second), (second, first)):
        found = comparisons.compare_photos(app, tid, *pair)
        assert (found.before.on, found.after.on) == (MARCH, date(2026, 5, 1))
        assert changed(found)["Les Tilleuls", "cmp"] == (Verdict.BETTER, Cause.PLACES)
    with pytest.raises(RefusedInput, match="deux dates différentes"):
        comparisons.compare_photos(app, tid, first, first)


def test_two_photos_of_two_methods_are_not_separated(app: App, tid: int) -> None:
    make_town(app, tid)
    first = snapshots.keep_snapshot(app, tid, on=MARCH)
    update_territoire(app, tid, minutes_proximite=1)
    second = snapshots.keep_snapshot(app, tid, on=date(2026, 5, 1))
    found = comparisons.compare_photos(app, tid, first, second)
    assert found.separated is False
    assert {cause for _, cause in changed(found).values()} == {Cause.UNSURE}


def test_a_deleted_photo_and_the_next_of_the_same_number(app: App, tid: int) -> None:
    """A database gives a number again: what was kept in memory for the former photo is not shown."""
    make_town(app, tid)
    first = snapshots.keep_snapshot(app, tid, on=MARCH)
    update_territoire(app, tid, minutes_proximite=1)
    assert comparisons.compare_photos(app, tid, first).separated is True
    snapshots.delete_snapshot(app, tid, first)
    again = snapshots.keep_snapshot(app, tid, on=MARCH)
    assert comparisons.compare_photos(app, tid, again).methods == ()


def test_a_file_of_a_comparison_runs_nothing(app: App, tid: int) -> None:
    """A quartier named like a formula is a text in a spreadsheet."""
    content = comparisons.comparison_csv(["Type", "=1+1"], [["CMP; centre", "@SUM(A1)"]]).decode("utf-8-sig")
    assert content == "Type;'=1+1\r\n\"CMP; centre\";'@SUM(A1)\r\n"
