"""Écrans et affiches, used as a person uses it: a screen is made, changed, saved, given away, deleted."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from reseau.model.screens import DayPart, ScreenMessage
from reseau.services import App, screen_bundles, screen_messages, screens
from reseau.services.territoires import create_territoire, find_territoire
from reseau.services.view import open_view

from .conftest import HOSTILE, Opener, assert_sound, assert_text_stays_text

PAGE = "p11_ecrans"
NOT_SAVED = "Changements non enregistrés"


@pytest.fixture
def demo_db(demo_db: App) -> App:
    """The demonstration before its team made a screen: here the first one is made."""
    tid = tid_of(demo_db)
    for item in screens.list_screens(demo_db, tid):
        screens.delete_screen(demo_db, tid, item.id, version=item.version)
    return demo_db


def tid_of(app: App) -> int:
    return find_territoire(app).id


def saved(app: App, name: str = "Salle d'attente") -> screens.SavedScreen:
    tid = tid_of(app)
    code = str(open_view(app, tid).quartiers["code"].iloc[0])
    record = screens.default_screen(app, tid, (code,), ("fr",))
    return screens.save_screen(app, tid, replace(record, name=name))


def widget(at: AppTest, kind: str, label: str):
    """The widget of that kind whose label starts so."""
    return next(item for item in getattr(at, kind) if item.label.startswith(label))


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    return at


def save(at: AppTest) -> AppTest:
    widget(at, "button", "Enregistrer").click().run()
    return at


def words(at: AppTest) -> str:
    return "\n".join(item.value for item in [*at.markdown, *at.caption, *at.warning, *at.info, *at.error])


def test_without_a_territory_the_page_leads_to_the_settings(empty_app_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert_sound(at)
    assert "Aucun territoire n'existe encore" in words(at)


@pytest.mark.parametrize("section", ["ecrans", "papier"])
def test_without_quartiers_a_section_says_what_to_do(
    empty_app_db: App, open_page: Opener, section: str
) -> None:
    create_territoire(empty_app_db, "Vide", communes=["99101"])
    at = open_page(PAGE)
    at.session_state["ecrans_next_section"] = section
    at.run()
    assert_sound(at)
    assert "contours des quartiers" in words(at)


def test_a_new_screen_is_proposed_saved_and_has_its_address(demo_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert_sound(at)
    assert NOT_SAVED in words(at), "a screen that is only proposed is not saved"
    assert screens.list_screens(demo_db, tid_of(demo_db)) == []
    widget(at, "text_input", "Nom de l'écran").input("Accueil de la PMI").run()
    save(at)
    assert_sound(at)
    (kept,) = screens.list_screens(demo_db, tid_of(demo_db))
    assert kept.record.name == "Accueil de la PMI"
    assert NOT_SAVED not in words(at)
    assert any(f"/ecran/{kept.key}/" in item.value for item in at.code)


def test_the_preview_of_a_saved_screen_has_its_messages(demo_db: App, open_page: Opener) -> None:
    """Its own too; an emergency leaves the slides to be seen, and is shown when it is chosen."""
    one, tid = saved(demo_db), tid_of(demo_db)
    for text, emergency in {"Fermé mardi": False, "Fuite de gaz": True}.items():
        message = ScreenMessage(screen_id=one.id, emergency=emergency, texts={"fr": text})
        screen_messages.save_message(demo_db, tid, message)

    def shown(at: AppTest) -> set[str]:
        assert_sound(at)
        (kept,) = at.session_state[f"ecrans_apercu_{tid}"].values()
        messages = json.loads(screen_bundles.preview_files(kept.key)["contenu.json"])["messages"]
        return {item["text"]["fr"] for item in messages}

    at = open_page(PAGE)
    assert {"Fermé mardi", "Fuite de gaz"} & shown(at) == {"Fermé mardi"}
    assert "prend en ce moment tout l'écran" in words(at)
    slide = at.selectbox(key="ecran_diapo")
    assert "Les messages de l'équipe" in slide.options
    at = slide.set_value("urgence").run()
    assert {"Fermé mardi", "Fuite de gaz"} <= shown(at)
    # A screen never saved has none of this one's messages.
    at = at.button(key="ecrans_nouveau").click().run()
    at.session_state["ecrans_apercu_" + str(tid)].clear()
    assert not {"Fermé mardi", "Fuite de gaz"} & shown(at.run())


def test_the_preview_shows_what_is_not_saved(demo_db: App, open_page: Opener) -> None:
    """Colours changed in the form are in another preview, and nothing is written."""
    before = saved(demo_db)
    at = open_page(PAGE)
    assert NOT_SAVED not in words(at), "opening a screen changes nothing"
    first = [item.proto.src for item in at.get("iframe")]
    widget(at, "color_picker", "Fond").set_value("#000000").run()
    assert_sound(at)
    assert NOT_SAVED in words(at)
    assert [item.proto.src for item in at.get("iframe")] != first
    assert screens.get_screen(demo_db, tid_of(demo_db), before.id).record == before.record


def test_every_choice_of_the_form_reaches_the_screen(demo_db: App, open_page: Opener) -> None:
    one = saved(demo_db)
    at = open_page(PAGE)
    widget(at, "multiselect", "Langues de l'écran").set_value(["ar", "fr"]).run()
    widget(at, "multiselect", "Besoins montrés").set_value(["manger", "droits"]).run()
    widget(at, "selectbox", "Violences").set_value("rien").run()
    widget(at, "checkbox", "Les messages").uncheck().run()
    widget(at, "slider", "Une page reste").set_value(20).run()
    widget(at, "toggle", "L'écran s'éteint").set_value(True).run()
    widget(at, "toggle", "Les habitants peuvent").set_value(True).run()
    widget(at, "text_input", "Lien à ouvrir").input("https://exemple.fr/quartier").run()
    press(at, next(item.key for item in at.button if item.key and "diapo_carte_-1" in item.key))
    save(at)
    assert_sound(at)
    record = screens.get_screen(demo_db, tid_of(demo_db), one.id).record
    assert record.languages == ("ar", "fr"), "languages keep the order they were chosen in"
    assert record.needs == ("manger", "droits")
    assert record.sensitive == {"violences": "rien"}
    assert record.slides[:3] == ("ouvert", "carte", "besoins")
    assert "messages" not in record.slides
    assert (record.min_seconds, record.on_from, record.on_until) == (20, "08:00", "19:00")
    assert record.touch
    assert record.link == "https://exemple.fr/quartier"


def test_colours_that_cannot_be_read_are_refused_and_stay_in_the_form(
    demo_db: App, open_page: Opener
) -> None:
    one = saved(demo_db)
    at = open_page(PAGE)
    widget(at, "color_picker", "Bandeaux").set_value("#808080").run()
    save(at)
    assert not at.exception
    assert any("ni le noir ni le blanc" in item.value for item in at.error)
    assert widget(at, "color_picker", "Bandeaux").value == "#808080"
    assert NOT_SAVED in words(at)
    assert screens.get_screen(demo_db, tid_of(demo_db), one.id).version == one.version


def test_what_somebody_else_saved_is_not_overwritten_unasked(demo_db: App, open_page: Opener) -> None:
    tid, one = tid_of(demo_db), saved(demo_db)
    at = open_page(PAGE)
    widget(at, "text_input", "Nom de l'écran").input("Le mien").run()
    screens.save_screen(
        demo_db, tid, replace(one.record, name="Le sien"), screen_id=one.id, version=one.version
    )
    save(at)
    assert "Quelqu'un d'autre a enregistré" in words(at)
    assert screens.get_screen(demo_db, tid, one.id).record.name == "Le sien"
    assert widget(at, "text_input", "Nom de l'écran").value == "Le mien"
    press(at, "ecrans_par_dessus")
    assert_sound(at)
    assert screens.get_screen(demo_db, tid, one.id).record.name == "Le mien"
    assert "Quelqu'un d'autre" not in words(at)


def test_a_screen_deleted_meanwhile_leaves_what_was_typed(demo_db: App, open_page: Opener) -> None:
    tid, one = tid_of(demo_db), saved(demo_db)
    at = open_page(PAGE)
    widget(at, "text_input", "Nom de l'écran").input("Gardé").run()
    screens.delete_screen(demo_db, tid, one.id, version=one.version)
    save(at)
    assert not at.exception
    assert "Cet écran a été supprimé" in words(at)
    assert screens.list_screens(demo_db, tid) == [], "a screen never comes back unasked"
    assert widget(at, "text_input", "Nom de l'écran").value == "Gardé"
    save(at)
    assert [item.record.name for item in screens.list_screens(demo_db, tid)] == ["Gardé"]


def test_going_to_another_section_or_screen_keeps_what_is_not_saved(demo_db: App, open_page: Opener) -> None:
    first, second = saved(demo_db, "Premier"), saved(demo_db, "Second")
    at = open_page(PAGE)
    widget(at, "selectbox", "Écran").set_value(first.id).run()
    widget(at, "text_input", "Nom de l'écran").input("Premier, changé").run()
    at.session_state["ecrans_next_section"] = "papier"
    at.run()
    at.session_state["ecrans_next_section"] = "ecrans"
    at.run()
    assert widget(at, "text_input", "Nom de l'écran").value == "Premier, changé"
    widget(at, "selectbox", "Écran").set_value(second.id).run()
    assert widget(at, "text_input", "Nom de l'écran").value == "Second"
    widget(at, "selectbox", "Écran").set_value(first.id).run()
    assert_sound(at)
    assert widget(at, "text_input", "Nom de l'écran").value == "Premier, changé"


def test_a_screen_is_duplicated_then_deleted_once_confirmed(demo_db: App, open_page: Opener) -> None:
    tid, one = tid_of(demo_db), saved(demo_db)
    at = open_page(PAGE)
    press(at, "ecrans_dupliquer")
    assert_sound(at)
    assert len(screens.list_screens(demo_db, tid)) == 2
    assert at.button(key="ecrans_supprimer").disabled, "deleting asks for a box first"
    widget(at, "checkbox", "Supprimer cet écran").check().run()
    press(at, "ecrans_supprimer")
    assert_sound(at)
    assert [item.id for item in screens.list_screens(demo_db, tid)] == [one.id]


def test_the_folder_is_made_when_asked(demo_db: App, open_page: Opener) -> None:
    saved(demo_db)
    at = open_page(PAGE)
    assert not at.get("download_button")
    press(at, "ecrans_preparer")
    assert_sound(at)
    assert any("Télécharger le dossier" in item.proto.label for item in at.get("download_button"))


def test_hostile_names_stay_text(hostile_db: App, open_page: Opener) -> None:
    """A screen can be named by anybody's text, and its quartiers are."""
    tid = tid_of(hostile_db)
    for name in HOSTILE[:5]:
        saved(hostile_db, name)
    at = open_page(PAGE)
    assert_sound(at)
    assert_text_stays_text(at)
    for item in screens.list_screens(hostile_db, tid):
        widget(at, "selectbox", "Écran").set_value(item.id).run()
        assert_sound(at)
        assert_text_stays_text(at)


@pytest.mark.parametrize("kind", ["affiche", "feuille", "livret"])
def test_a_sheet_is_a_pdf_in_the_language_chosen(demo_db: App, open_page: Opener, kind: str) -> None:
    saved(demo_db)
    at = open_page(PAGE)
    at.session_state["ecrans_next_section"] = "papier"
    at.run()
    widget(at, "selectbox", "Langue").set_value("ar").run()
    widget(at, "radio", "Format").set_value(kind).run()
    press(at, "papier_preparer")
    assert_sound(at)
    assert any("Télécharger le PDF" in item.proto.label for item in at.get("download_button"))
    shown = len(at.get("image"))
    assert shown == {"affiche": 1, "feuille": 2, "livret": 2}[kind], "its first pages are looked at"
    [said] = [item.value for item in at.success]
    assert int(said.split()[2]) >= shown, said


def test_moments_of_a_slide_are_added_changed_and_removed(demo_db: App, open_page: Opener) -> None:
    """Taking a row out leaves those below as they were."""
    tid, one = tid_of(demo_db), saved(demo_db)
    parts = (
        DayPart(slide="carte", start="08:07", end="24:00", days=(0, 2)),
        DayPart(slide="besoin:manger", start="11:00", end="14:00"),
    )
    record = replace(one.record, day_parts=parts)
    screens.save_screen(demo_db, tid, record, screen_id=one.id, version=one.version)
    at = open_page(PAGE)
    assert NOT_SAVED not in words(at), "opening changes neither an odd minute nor midnight"
    widget(at, "button", "Ajouter un moment").click().run()
    assert_sound(at)
    boxes = [item for item in at.selectbox if item.key and "moment_diapo_2" in item.key]
    boxes[0].set_value("avis").run()
    next(item for item in at.button if item.key and "moment_retirer_0" in item.key).click().run()
    save(at)
    assert_sound(at)
    kept = screens.get_screen(demo_db, tid, one.id).record.day_parts
    assert [(part.slide, part.start, part.end, part.days) for part in kept] == [
        ("besoin:manger", "11:00", "14:00", ()),
        ("avis", "08:00", "12:00", ()),
    ]


def test_a_logo_is_shown_before_it_is_saved_and_a_wrong_file_is_refused(
    demo_db: App, open_page: Opener
) -> None:
    tid, one = tid_of(demo_db), saved(demo_db)
    at = open_page(PAGE)
    upload = widget(at, "file_uploader", "Logo")
    upload.upload("logo.png", b"not an image", "image/png").run()
    assert not at.exception
    assert any("Logo" in item.value for item in at.error)
    image = io.BytesIO()
    Image.new("RGB", (40, 20), "#0b3d6e").save(image, "PNG")
    widget(at, "file_uploader", "Logo").upload("logo.png", image.getvalue(), "image/png").run()
    assert_sound(at)
    assert NOT_SAVED in words(at)
    assert not screens.get_screen(demo_db, tid, one.id).has_logo
    save(at)
    assert_sound(at)
    assert screens.get_screen(demo_db, tid, one.id).has_logo
    widget(at, "button", "Retirer le logo").click().run()
    save(at)
    assert_sound(at)
    assert not screens.get_screen(demo_db, tid, one.id).has_logo
