"""Mesures, Comparer: what differs is said first, unknown is a word, a change of method is no progress."""

from __future__ import annotations

import json
from datetime import date

import pytest
import shapely
from streamlit.testing.v1 import AppTest

from reseau.services import App, comparisons, snapshots
from reseau.services.editing import delete_row
from reseau.services.importing import FileToImport, import_file
from reseau.services.territoires import create_territoire, find_territoire, update_territoire
from reseau.services.view import open_view
from tests.ui.conftest import Opener, assert_sound, assert_text_stays_text
from tests.unit.services.towns import add_quartier

PAGE = "p4_mesures"
MARCH = date(2026, 3, 3)


def tid_of(app: App) -> int:
    return find_territoire(app).id


def comparer(open_page: Opener, mode: str = "quartiers", **address: str) -> AppTest:
    """The section, in one of its four modes."""
    at = open_page(PAGE, **address)
    at.session_state["mesures_section"] = "comparer"
    at.session_state["comparer_mode"] = mode
    return at.run()


def said(at: AppTest) -> str:
    kinds = (at.markdown, at.caption, at.info, at.warning)
    return "\n".join(str(item.value) for kind in kinds for item in kind).replace("\\", "")


def table(at: AppTest, column: str):
    return next(item.value for item in at.dataframe if column in item.value)


def box(at: AppTest, label: str):
    return next(item for item in at.selectbox if item.label == label)


def test_two_quartiers_say_what_differs_first(demo_db: App, open_page: Opener) -> None:
    at = comparer(open_page, quartier="QN99102M")
    assert_sound(at)
    found = comparisons.compare_quartiers(demo_db, tid_of(demo_db), "QN99102M", "QN99101M")
    first = next(item.value for item in at.markdown if "types attendus sur" in item.value)
    assert first.replace("\\", "").startswith(f"**Les Tilleuls atteint {found.reached_left.reached} types")
    shown = table(at, "Pour Les Tilleuls")
    verdicts = shown["Pour Les Tilleuls"]
    assert set(verdicts) == {"▲ mieux", "▼ moins bien"}
    at.toggle(key="comparer_quartiers_differences").set_value(False).run()
    verdicts = table(at, "Pour Les Tilleuls")["Pour Les Tilleuls"]
    # Differences, then what cannot be compared, then what is alike.
    order = ["▲ mieux", "▼ moins bien", "? non comparable", "= comparable"]
    ranks = [max(1, order.index(verdict)) for verdict in verdicts]
    assert ranks == sorted(ranks)
    assert set(verdicts) == set(order)


def test_choosing_a_quartier_chooses_it_everywhere(demo_db: App, open_page: Opener) -> None:
    at = comparer(open_page)
    beauval = open_view(demo_db, tid_of(demo_db)).quartiers
    other = int(beauval.index[beauval["code"] == "QN99103M"][0])
    at.selectbox(key="comparer_quartier").select(other).run()
    assert_sound(at)
    assert at.session_state["sel_quartier"] == "QN99103M"
    # It can no longer be what it is compared with.
    assert other not in [box(at, "comparé à").value]


def test_a_commune_without_boundary_says_what_to_load(demo_db: App, open_page: Opener) -> None:
    at = comparer(open_page, "commune")
    assert_sound(at)
    assert "importez un fichier de communes" in said(at)


def test_a_commune_once_its_boundary_is_loaded(demo_db: App, open_page: Opener, tmp_path) -> None:
    view = open_view(demo_db, tid_of(demo_db))
    area = shapely.box(*view.quartiers.total_bounds).buffer(0.005)
    feature = {
        "type": "Feature",
        "properties": {"nom": "Beaurivage-les-Saules", "code": "99101", "population": 41000},
        "geometry": shapely.geometry.mapping(area),
    }
    path = tmp_path / "communes.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    import_file(demo_db, tid_of(demo_db), "communes", FileToImport(path=path))
    at = comparer(open_page, "commune", quartier="QN99101M")
    assert_sound(at)
    assert "Seuls comptent les lieux chargés" in said(at)
    assert "Beaurivage-les-Saules : 41 000" in said(at).replace("\u202f", " ").replace("\u00a0", " ")
    assert list(table(at, "Pour Beauval").columns)[-1] == "Beaurivage-les-Saules"


def test_the_page_keeps_one_photo_a_month(demo_db: App, open_page: Opener) -> None:
    tid = tid_of(demo_db)
    assert_sound(open_page(PAGE))
    (kept,) = snapshots.list_snapshots(demo_db, tid)
    assert (kept.on, kept.automatic) == (open_view(demo_db, tid).on, True)
    assert_sound(open_page(PAGE))
    assert len(snapshots.list_snapshots(demo_db, tid)) == 1


def test_a_photo_kept_renamed_deleted(demo_db: App, open_page: Opener) -> None:
    tid = tid_of(demo_db)
    at = comparer(open_page, "dates")
    at.text_input(key="comparer_nom").set_value("Avant le comité")
    at.button(key="comparer_garder").click().run()
    assert_sound(at)
    assert "La photo est gardée." in [item.value for item in [*at.toast, *at.success]]
    named = next(item for item in snapshots.list_snapshots(demo_db, tid) if item.label)
    assert (named.label, named.automatic) == ("Avant le comité", False)
    at.selectbox(key=f"comparer_photo_{tid}").select(named.id).run()
    at.text_input(key=f"comparer_renommer_{named.id}_{named.label}").set_value("Comité de mars")
    at.button(key="comparer_renommer").click().run()
    assert "Comité de mars" in {item.label for item in snapshots.list_snapshots(demo_db, tid)}
    assert at.button(key="comparer_supprimer").disabled
    at.selectbox(key=f"comparer_photo_{tid}").select(named.id).run()
    at.checkbox(key=f"comparer_sur_{named.id}").check().run()
    at.button(key="comparer_supprimer").click().run()
    assert_sound(at)
    assert named.id not in {item.id for item in snapshots.list_snapshots(demo_db, tid)}


def test_a_change_of_threshold_is_not_shown_as_a_progress(demo_db: App, open_page: Opener) -> None:
    tid = tid_of(demo_db)
    snapshots.keep_snapshot(demo_db, tid, on=MARCH)
    update_territoire(demo_db, tid, minutes_proximite=8)
    at = comparer(open_page, "dates")
    assert_sound(at)
    text = said(at)
    assert "aucune case ne va mieux ni moins bien, à méthode égale" in text
    assert "ce n'est pas un changement du territoire" in text
    assert "Seuil de proximité" in text
    shown = table(at, "Vient de")
    assert set(shown["Vient de"]) == {"méthode seulement"}


def test_a_quartier_put_aside_since_the_photo(demo_db: App, open_page: Opener) -> None:
    tid = tid_of(demo_db)
    snapshots.keep_snapshot(demo_db, tid, on=MARCH)
    delete_row(demo_db, tid, "quartiers", int(open_view(demo_db, tid).quartiers.index[0]))
    at = comparer(open_page, "dates")
    assert_sound(at)
    assert "− n'est plus dans les chiffres" in set(table(at, "Vient de")["Changement"])


def test_alone_in_the_database(demo_db: App, open_page: Opener) -> None:
    at = comparer(open_page, "ailleurs")
    assert_sound(at)
    assert "n'a qu'un territoire" in said(at)


@pytest.mark.parametrize("mode", ["quartiers", "commune", "dates", "ailleurs"])
def test_hostile_text_stays_text(hostile_db: App, open_page: Opener, mode: str) -> None:
    """Names of quartiers, labels of photos, names of other territories."""
    tid = tid_of(hostile_db)
    snapshots.keep_snapshot(hostile_db, tid, "<img src=x onerror=alert(1)> $x^2$ {{7*7}}", on=MARCH)
    update_territoire(hostile_db, tid, minutes_proximite=8)
    name = open_view(hostile_db, tid).territoire.name
    other = create_territoire(hostile_db, "[x](javascript:alert(1)) :red[rouge]", communes=["99102"]).id
    for rank, people in enumerate((1200, 1201, None)):
        add_quartier(
            hostile_db, other, f"<script>{rank}</script> :material/bug_report:", rank / 50, people=people
        )
    at = comparer(open_page, mode, territoire=name)
    assert_sound(at)
    assert_text_stays_text(at)


def test_nothing_imported_yet(empty_app_db: App, open_page: Opener) -> None:
    create_territoire(empty_app_db, "Vide", communes=["99101"])
    for mode in ("quartiers", "commune", "dates", "ailleurs"):
        at = comparer(open_page, mode)
        assert_sound(at)
        assert "il faut les contours des quartiers" in said(at)
    assert snapshots.list_snapshots(empty_app_db, tid_of(empty_app_db)) == []


def test_only_one_quartier(empty_app_db: App, open_page: Opener) -> None:
    tid = create_territoire(empty_app_db, "Un seul", communes=["99102"]).id
    add_quartier(empty_app_db, tid, "Seul", 0.0, people=None)
    assert "n'a qu'un quartier" in said(comparer(open_page))
    at = comparer(open_page, "dates")
    assert_sound(at)
    assert "Aucune photo des chiffres" in said(at)
