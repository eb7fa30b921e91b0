"""What a source says anew under a person's correction: asked on two pages, answered once."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from reseau.services import App
from reseau.services.editing import get_row, save_row
from reseau.services.importing import FileToImport, import_file
from reseau.services.statements import conflicts
from reseau.services.territoires import create_territoire, find_territoire
from reseau.services.view import open_view
from tests.ui.conftest import HOSTILE, Opener, assert_sound, assert_text_stays_text

HEADER = "identifiant;nom;type;téléphone;adresse;code insee"


def bring(app: App, folder: Path, *rows: str) -> None:
    path = folder / "partenaires.csv"
    path.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
    import_file(app, find_territoire(app).id, "tableur", FileToImport(path=path))


@pytest.fixture
def corrected(empty_app_db: App, tmp_path: Path) -> int:
    """A structure whose phone a person corrected, then whose source changed it: its id."""
    create_territoire(empty_app_db, "Essai", communes=["99101"])
    bring(empty_app_db, tmp_path, "a;CMP Les Iris;CMP;05 61 00 00 01;1 rue A;99101")
    tid = find_territoire(empty_app_db).id
    structure_id = int(open_view(empty_app_db, tid).structures.index[0])
    save_row(empty_app_db, tid, "structures", {"phone": "05 61 00 00 02"}, row_id=structure_id)
    bring(empty_app_db, tmp_path, "a;CMP Les Iris;CMP;05 61 00 00 03;1 rue A;99101")
    assert len(conflicts(empty_app_db, tid)) == 1
    return structure_id


def section(at: AppTest) -> AppTest:
    at.session_state["a_verifier_section"] = "corrections"
    return at.run()


def phone(app: App, structure_id: int) -> str:
    return str(get_row(app, "structures", structure_id)["phone"])


def said(at: AppTest) -> str:
    kinds = (at.markdown, at.caption, at.info, at.warning, at.text)
    return "\n".join(str(item.value) for items in kinds for item in items).replace("\\", "")


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def test_nothing_to_answer_says_so(demo_db: App, open_page: Opener) -> None:
    at = section(open_page("p8_a_verifier"))
    assert_sound(at)
    assert "Aucune source" in at.info[0].value


def test_both_values_are_shown_with_their_source(
    empty_app_db: App, corrected: int, open_page: Opener
) -> None:
    at = section(open_page("p8_a_verifier"))
    assert_sound(at)
    shown = said(at)
    assert "1 valeur est à confirmer" in shown
    assert "05 61 00 00 02" in shown
    assert "05 61 00 00 03" in shown
    assert "Tableau de partenaires" in shown


@pytest.mark.parametrize(
    ("button", "kept"),
    [("Garder la mienne", "05 61 00 00 02"), ("Prendre celle de la source", "05 61 00 00 03")],
)
@pytest.mark.parametrize("page", ["p8_a_verifier", "p5_annuaire"])
def test_an_answer_is_kept_and_the_question_goes(
    empty_app_db: App, corrected: int, open_page: Opener, page: str, button: str, kept: str
) -> None:
    """The same two buttons on both pages; once answered, the same file asks nothing more."""
    at = open_page(page, structure=str(corrected))
    if page == "p8_a_verifier":
        section(at)
    press(at, button)
    assert_sound(at)
    assert phone(empty_app_db, corrected).replace("\u202f", " ") == kept
    assert conflicts(empty_app_db, find_territoire(empty_app_db).id) == []
    assert not [item for item in at.button if item.label == button]


def test_the_sheet_counts_its_questions_and_tells_what_others_say(
    empty_app_db: App, corrected: int, open_page: Opener
) -> None:
    at = open_page("p5_annuaire", structure=str(corrected))
    assert_sound(at)
    assert "Provenance (1)" in [tab.label for tab in at.tabs]
    table = next(item.value for item in at.dataframe if "Champ" in item.value).set_index("Champ")
    assert "05 61 00 00 03" in table.loc["Téléphone", "Ce que disent d'autres sources"]
    press(at, "Garder la mienne")
    assert "Provenance" in [tab.label for tab in at.tabs]


def test_a_position_is_asked_as_a_whole(empty_app_db: App, tmp_path: Path, open_page: Opener) -> None:
    """The source moved the latitude alone: half a position says nothing to anybody."""
    create_territoire(empty_app_db, "Essai", communes=["99101"])
    header = f"{HEADER};latitude;longitude\n"
    path = tmp_path / "places.csv"
    tid = find_territoire(empty_app_db).id

    def bring_at(latitude: str) -> None:
        path.write_text(f"{header}a;CMP;CMP;;1 rue A;99101;{latitude};1.60", encoding="utf-8")
        import_file(empty_app_db, tid, "tableur", FileToImport(path=path))

    bring_at("48.10")
    row_id = int(open_view(empty_app_db, tid).structures.index[0])
    save_row(empty_app_db, tid, "structures", {"lat": 48.11, "lon": 1.61}, row_id=row_id)
    bring_at("48.12")
    assert {item.field for item in conflicts(empty_app_db, tid)} == {"lat"}
    at = section(open_page("p8_a_verifier"))
    assert_sound(at)
    assert "Position" in said(at)
    assert "48,12000 ; 1,60000" in said(at)
    press(at, "Prendre celle de la source")
    row = get_row(empty_app_db, "structures", row_id)
    assert (row["lat"], row["lon"]) == (48.12, 1.6)


def test_a_sheet_opens_from_the_question(empty_app_db: App, corrected: int, open_page: Opener) -> None:
    at = press(section(open_page("p8_a_verifier")), "Ouvrir la fiche")
    assert_sound(at)
    assert any("CMP Les Iris" in item.value for item in at.markdown)


def test_hostile_values_stay_text(empty_app_db: App, tmp_path: Path, open_page: Opener) -> None:
    create_territoire(empty_app_db, "Essai", communes=["99101"])
    rows = [
        f'{rank};"{name.replace(chr(34), chr(39))}";CMP;;vieux;99101' for rank, name in enumerate(HOSTILE)
    ]
    bring(empty_app_db, tmp_path, *rows)
    tid = find_territoire(empty_app_db).id
    for row_id in map(int, open_view(empty_app_db, tid).structures.index):
        save_row(empty_app_db, tid, "structures", {"address": HOSTILE[row_id % 4]}, row_id=row_id)
    bring(empty_app_db, tmp_path, *(row.replace("vieux", "<img src=x onerror=alert(1)>") for row in rows))
    assert conflicts(empty_app_db, tid)
    at = section(open_page("p8_a_verifier"))
    assert_sound(at)
    assert_text_stays_text(at)
