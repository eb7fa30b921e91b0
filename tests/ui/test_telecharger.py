"""Downloading from the page: nobody is asked before the button; the file then goes to be compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from reseau.services import App, downloading
from reseau.services.feeds import add_feed, list_feeds
from reseau.services.importing import list_imports
from reseau.services.territoires import find_territoire
from reseau.services.view import open_view
from tests.ui.conftest import HOSTILE, Opener, assert_sound
from tests.unit.downloads.publisher import Answer, Publisher, serve

PAGE = "p9_donnees"
RAW = (
    "finess;etalab;98;2026-05-12\n"
    "structureet;990000001;990000000;CMP;CMP TELECHARGE;;;12;R;DES LILAS;;;101;99;ESSAI;99101 ESSAI;;;"
    "156;CMP;;;;;;;;;;;;\n"
)
TABLE = b"ref;appellation;genre;insee\nx1;CMP Partage;CMP;99101\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESEAU_TELECHARGEMENTS", str(tmp_path / "telechargements"))


def section(open_page: Opener) -> AppTest:
    at = open_page(PAGE)
    at.session_state["donnees_section"] = "telecharger"
    return at.run()


def said(at: AppTest) -> str:
    kinds = (at.markdown, at.caption, at.info, at.warning, at.success, at.error, at.text)
    return (
        "\n".join(str(item.value) for items in kinds for item in items)
        .replace("\\", "")
        .replace("\u2060", "")
    )


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click()
    return at.run()


def name_of(at: AppTest, label: str, value: str) -> None:
    next(item for item in at.text_input if item.label == label).set_value(value)


def from_here(monkeypatch: pytest.MonkeyPatch, publisher: Publisher) -> None:
    """The same verb, asked at the address of this machine instead of the publisher's."""
    real = downloading.download_source

    def here(app: App, source_id: str, **options: object) -> downloading.Downloaded:
        return real(app, source_id, address=publisher.url + "/datasets/r/x", **options)  # type: ignore[arg-type]

    monkeypatch.setattr("reseau.ui.donnees.downloading.download_source", here)


def test_drawing_the_section_asks_nobody(demo_db: App, open_page: Opener) -> None:
    """The network is closed: a request would fail the page. What would be asked is written."""
    at = section(open_page)
    assert_sound(at)
    assert "www.data.gouv.fr" in said(at)
    assert "50 Mo environ" in said(at)
    assert "Pas encore téléchargé." in said(at)


def test_downloaded_then_compared_then_imported(
    demo_db: App, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(Answer(body=RAW.encode(), headers={"ETag": '"1"'})) as publisher:
        from_here(monkeypatch, publisher)
        at = press(section(open_page), "download_finess")
        assert "Fichier reçu en entier" in said(at)
        at = press(at, "download_finess")
        assert "n'a pas changé" in said(at)
    at = press(at, "take_finess")
    assert at.session_state["donnees_section"] == "importer"
    assert "finess-structures.json.gz" in said(at)
    at = press(press(at, "donnees_compare"), "donnees_import")
    assert_sound(at)
    tid = find_territoire(demo_db).id
    assert "CMP TELECHARGE" in set(open_view(demo_db, tid).structures["name"])
    assert list_imports(demo_db, tid)[0].filename == "finess-structures.json.gz"
    # Imported, it no longer waits.
    assert not at.session_state["donnees_fetched"] if "donnees_fetched" in at.session_state else True


def test_what_fails_is_said_under_its_button(
    demo_db: App, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(Answer(body=b"<html>Maintenance")) as publisher:
        from_here(monkeypatch, publisher)
        at = press(section(open_page), "download_finess")
    assert not at.exception
    assert "page web au lieu du fichier" in said(at)
    assert "take_finess" not in [button.key for button in at.button]


def test_a_shared_table_is_added_read_imported_and_its_columns_remembered(
    demo_db: App, open_page: Opener
) -> None:
    tid = find_territoire(demo_db).id
    with serve(Answer(body=TABLE)) as service:
        at = section(open_page)
        name_of(at, "Nom du tableau", "Nos partenaires")
        name_of(at, "Adresse de partage", service.url + "/t.csv")
        at = next(button for button in at.button if button.label == "Ajouter ce tableau").click().run()
        (feed,) = list_feeds(demo_db, tid)
        assert service.asked == []
        at = press(at, f"refresh_feed_{feed.id}")
        columns = {box.label: box for box in at.selectbox if box.label in ("ref", "appellation", "genre")}
        columns["ref"].set_value("uid")
        columns["appellation"].set_value("name")
        columns["genre"].set_value("types")
        at = press(at.run(), "donnees_import")
        assert_sound(at)
        kept = list_feeds(demo_db, tid)[0].mapping
        assert kept is not None
        assert (kept["appellation"], kept["genre"]) == ("name", "types")
        assert "CMP Partage" in set(open_view(demo_db, tid).structures["name"])
        at.session_state["donnees_section"] = "telecharger"
        at = press(at.run(), f"refresh_feed_{feed.id}")
        assert next(box.value for box in at.selectbox if box.label == "appellation") == "name"


def test_a_private_table_says_how_to_share_it(demo_db: App, open_page: Opener) -> None:
    tid = find_territoire(demo_db).id
    with serve(Answer(status=403)) as service:
        feed = add_feed(demo_db, tid, service.url + "/t.csv", "Privé")
        at = press(section(open_page), f"refresh_feed_{feed.id}")
    assert "disposant du lien" in said(at)
    at = press(at, f"drop_feed_{feed.id}")
    assert list_feeds(demo_db, tid) == []


def test_a_bad_address_is_not_kept(demo_db: App, open_page: Opener) -> None:
    at = section(open_page)
    name_of(at, "Adresse de partage", "http://exemple.fr/a.csv")
    at = next(button for button in at.button if button.label == "Ajouter ce tableau").click().run()
    assert "https://" in said(at)
    assert list_feeds(demo_db, find_territoire(demo_db).id) == []


def test_hostile_titles_stay_text(demo_db: App, open_page: Opener) -> None:
    tid = find_territoire(demo_db).id
    for rank, text in enumerate(HOSTILE):
        add_feed(demo_db, tid, f"https://exemple.fr/{rank}.csv", text)
    at = section(open_page)
    assert_sound(at)
    assert not any(
        "<script>" in str(item.value).replace("\\<", "") for item in at.markdown if item.allow_html
    )
