"""What a team says of a structure for its screens: a public sentence, never somebody's number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reseau.config import DEMO_QPV_DIR
from reseau.errors import Conflict, NotFound, RefusedInput
from reseau.model.screens import Screen, ScreenPlace
from reseau.screens.needs import load_needs
from reseau.screens.texts import language_codes, load_language
from reseau.services import App
from reseau.services.editing import delete_row, purge_row, save_row
from reseau.services.importing import FileToImport, import_file
from reseau.services.screen_places import fallback, get_place, list_places, save_place
from reseau.services.screens import save_screen
from reseau.services.territoires import create_territoire
from reseau.services.undoing import undo_import
from reseau.services.view import open_view
from tests.unit.services.conftest import Importer


@pytest.fixture
def structure_id(app: App, tid: int) -> int:
    return save_row(app, tid, "structures", {"name": "Centre social", "types": ["centre-social"]})


def said(structure_id: int, **values: Any) -> ScreenPlace:
    return ScreenPlace(structure_id=structure_id, **values)


def test_what_is_kept_is_what_was_said(app: App, tid: int, structure_id: int) -> None:
    assert get_place(app, tid, structure_id).record == said(structure_id)
    record = said(
        structure_id,
        hidden=True,
        needs=("francais", "manger"),
        show_mobile=True,
        texts={"fr": "On apprend le français ici.", "ar": "نتعلم الفرنسية هنا."},
    )
    saved = save_place(app, tid, record, version=0)
    assert saved.record == record
    assert list_places(app, tid) == {structure_id: record}


def test_no_need_and_the_usual_needs_are_not_the_same(app: App, tid: int, structure_id: int) -> None:
    saved = save_place(app, tid, said(structure_id, needs=()), version=0)
    assert saved.record.needs == ()
    usual = save_place(app, tid, said(structure_id), version=saved.version)
    assert usual.record.needs is None


def test_saying_the_usual_is_saying_nothing(app: App, tid: int, structure_id: int) -> None:
    saved = save_place(app, tid, said(structure_id, texts={"fr": "Ici."}), version=0)
    gone = save_place(app, tid, said(structure_id, texts={"fr": "  "}), version=saved.version)
    assert gone.version == 0
    assert list_places(app, tid) == {}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"needs": ("dormir",)}, r"inconnu \(dormir\)"),
        ({"texts": {"ar": "هنا"}}, "écrivez-le en français"),
        ({"texts": {"fr": "Ici.", "xx": "Here."}}, "inconnu"),
        ({"texts": {"fr": "a" * 161}}, "160 caractères au plus, il y en a 161"),
        ({"texts": {"fr": "Numéro 1 85 05 78 006 084 36."}}, "sécurité sociale"),
        ({"texts": {"fr": "Appelez Camille : 06 12 34 56 78."}}, "numéro de mobile"),
        ({"texts": {"fr": "Appelez Camille : 07.12.34.56.78."}}, "numéro de mobile"),
        ({"texts": {"fr": "Appelez le +33 6 12 34 56 78."}}, "numéro de mobile"),
        ({"texts": {"fr": "Appelez le 0692 12 34 56."}}, "numéro de mobile"),
        ({"texts": {"fr": "Appelez le 00 262 639 12 34 56."}}, "numéro de mobile"),
        ({"texts": {"fr": "Écrivez à camille.personne@exemple.fr."}}, "adresse électronique"),
        ({"texts": {"fr": "Ici.", "ar": "اتصل ٠٦١٢٣٤٥٦٧٨"}}, r"\(ar\) .*numéro de mobile"),
    ],
)
@pytest.mark.parametrize("mobile", [False, True])
def test_what_no_screen_may_say_is_refused_in_french(
    app: App, tid: int, structure_id: int, values: dict[str, Any], told: str, mobile: bool
) -> None:
    with pytest.raises(RefusedInput, match=told):
        save_place(app, tid, said(structure_id, show_mobile=mobile, **values), version=0)
    assert list_places(app, tid) == {}


def test_a_public_number_may_be_said(app: App, tid: int, structure_id: int) -> None:
    texts = {"fr": "Appelez le 02 48 00 00 01 ou le 39 19, de 9 h à 12 h."}
    assert save_place(app, tid, said(structure_id, texts=texts), version=0).record.texts == texts


def test_two_people_do_not_overwrite_each_other(app: App, tid: int, structure_id: int) -> None:
    first = save_place(app, tid, said(structure_id, texts={"fr": "Un."}), version=0)
    for late in (0, first.version + 1):
        with pytest.raises(Conflict, match="Quelqu'un d'autre"):
            save_place(app, tid, said(structure_id, texts={"fr": "Deux."}), version=late)
    gone = save_place(app, tid, said(structure_id), version=first.version)
    with pytest.raises(Conflict):
        save_place(app, tid, said(structure_id, texts={"fr": "Trois."}), version=first.version)
    assert gone.version == 0


def test_every_write_makes_bundles_be_made_again(app: App, tid: int, structure_id: int) -> None:
    before = open_view(app, tid).version
    save_place(app, tid, said(structure_id, hidden=True), version=0)
    assert open_view(app, tid).version != before


def test_a_structure_of_another_territory_is_out_of_reach(app: App, tid: int, structure_id: int) -> None:
    other = create_territoire(app, "Ailleurs", communes=["99102"]).id
    with pytest.raises(NotFound):
        save_place(app, other, said(structure_id, hidden=True), version=0)
    with pytest.raises(NotFound):
        get_place(app, other, structure_id)


def test_words_go_with_their_structure(app: App, tid: int, structure_id: int) -> None:
    save_place(app, tid, said(structure_id, hidden=True), version=0)
    delete_row(app, tid, "structures", structure_id)
    assert list_places(app, tid) == {}
    purge_row(app, tid, "structures", structure_id)
    with pytest.raises(NotFound):
        get_place(app, tid, structure_id)


def test_undoing_an_import_keeps_a_structure_that_screens_speak_of(
    app: App, tid: int, load: Importer
) -> None:
    report = load("tableur", "nom;type\nCentre social;centre social\nCMP;CMP\n")
    ids = open_view(app, tid).structures["name"].to_dict()
    centre = next(row_id for row_id, name in ids.items() if name == "Centre social")
    save_place(app, tid, said(centre, texts={"fr": "Ici."}), version=0)
    assert report.id is not None
    undone = undo_import(app, tid, report.id)
    assert undone.removed == 1
    assert [name for name, _ in undone.left] == ["Centre social"]
    assert "écrans" in undone.left[0][1]


def test_undoing_an_import_keeps_a_quartier_that_a_screen_speaks_of(app: App) -> None:
    tid = create_territoire(app, "Démo", communes=["99101", "99102", "99103"]).id
    report = import_file(app, tid, "qpv", FileToImport(path=DEMO_QPV_DIR / "demo-quartiers.geojson"))
    save_screen(app, tid, Screen(name="Accueil", quartiers=("QN99101M",)))
    assert report.id is not None
    undone = undo_import(app, tid, report.id)
    assert [reason for _, reason in undone.left] == ["des écrans en parlent"]
    assert list(open_view(app, tid).quartiers["code"]) == ["QN99101M"]


@pytest.mark.parametrize("code", sorted({code for need in load_needs().values() for code in need.types}))
def test_every_type_shown_has_a_sentence(code: str) -> None:
    """A structure nobody described is not shown without words."""
    assert fallback([code])["fr"] == load_language("fr").texts["types"][code]


def test_a_type_without_a_sentence_has_that_of_any_place() -> None:
    assert fallback(["inventé"])["fr"] == load_language("fr").texts["types"]["autre"]
    assert fallback([]) == fallback(["inventé"])
    assert set(fallback(["cpam"])) <= set(language_codes())


def test_a_language_that_lacks_the_sentence_is_not_given_french(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a page in Arabic would hold French without saying so."""
    from reseau.services import screen_places

    lacking = replace(load_language("ar"), missing=("types.cpam",))
    monkeypatch.setattr(
        screen_places, "load_language", lambda code: lacking if code == "ar" else load_language(code)
    )
    assert "ar" not in fallback(["cpam"])
    assert "ar" in fallback(["caf"])
