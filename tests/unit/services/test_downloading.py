"""A person presses a button: the file is here, dated, and what is asked of whom was said before."""

from __future__ import annotations

from pathlib import Path

import pytest

from reseau.config import load_config
from reseau.errors import RefusedInput
from reseau.services import App
from reseau.services.downloading import download_source, list_offers
from reseau.services.importing import FileToImport, import_file, plan_import
from tests.unit.downloads.publisher import Answer, serve

RAW = (
    "finess;etalab;98;2026-05-12\n"
    "structureet;990000001;990000000;CMP;CMP LONG;;;12;R;DES LILAS;;;101;99;ESSAI;99100 ESSAI;;;"
    "156;CMP;;;;;;;;;;;;\n"
)


@pytest.fixture
def app(app: App, tmp_path: Path) -> App:
    app.config = load_config({"RESEAU_TELECHARGEMENTS": str(tmp_path / "telechargements")})
    return app


def test_offers_say_who_is_asked_and_ask_nobody(app: App) -> None:
    """The network is closed in tests: a call would fail."""
    offers = {offer.source_id: offer for offer in list_offers(app)}
    finess = offers["finess"]
    assert "data.gouv.fr" in finess.host
    assert finess.size
    assert finess.last is None
    assert all(offer.host or offer.by_api for offer in offers.values())


def test_the_file_is_kept_in_its_own_folder_with_its_date(app: App, tid: int, tmp_path: Path) -> None:
    with serve(Answer(body=RAW.encode(), headers={"ETag": '"1"'})) as publisher:
        got = download_source(app, "finess", address=publisher.url + "/etalab%20cs1100507.csv")
        again = download_source(app, "finess", address=publisher.url + "/etalab%20cs1100507.csv")
    assert got.path == tmp_path / "telechargements" / "finess" / "etalab_cs1100507.csv"
    assert got.url == publisher.url + "/etalab%20cs1100507.csv"
    assert again.unchanged
    assert import_file(app, tid, "finess", FileToImport(path=got.path)).created == 1


def test_the_offer_tells_the_last_download(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(Answer(body=RAW.encode())) as publisher:
        # An address that names no file the source reads: kept under the source's own name.
        got = download_source(app, "finess", address=publisher.url + "/datasets/r/98f3161f")
    assert got.path.name == "finess-structures.json.gz"
    (finess,) = [offer for offer in list_offers(app) if offer.source_id == "finess"]
    assert finess.last is not None
    assert finess.last.on == got.on


def test_another_folder(app: App, tmp_path: Path) -> None:
    with serve(Answer(body=RAW.encode())) as publisher:
        got = download_source(app, "finess", address=publisher.url + "/f.csv", folder=tmp_path / "ailleurs")
    assert got.path == tmp_path / "ailleurs" / "f.csv"


def test_changed_columns_are_downloaded_but_not_imported(app: App, tid: int) -> None:
    """What a publisher renames must never be read as something else, nor empty what is known."""
    with serve(Answer(body=RAW.encode()), Answer(body=b"numero_et;nom_et\n990000001;CMP\n")) as publisher:
        before = download_source(app, "finess", address=publisher.url + "/f.csv").path
        import_file(app, tid, "finess", FileToImport(path=before))
        after = download_source(app, "finess", address=publisher.url + "/f.csv").path
    with pytest.raises(RefusedInput, match="n'est pas un fichier FINESS : il y manque"):
        plan_import(app, tid, "finess", FileToImport(path=after))
    with pytest.raises(RefusedInput):
        import_file(app, tid, "finess", FileToImport(path=after))


def test_a_source_without_address_says_what_to_do(app: App) -> None:
    with pytest.raises(RefusedInput, match="--adresse"):
        download_source(app, "relations")


def test_an_unknown_source(app: App) -> None:
    with pytest.raises(RefusedInput, match="Source inconnue"):
        download_source(app, "inconnue")


@pytest.mark.parametrize("address", ["http://exemple.fr/f.csv", "n'importe quoi", "file:///etc/passwd"])
def test_an_address_that_is_not_asked(app: App, address: str) -> None:
    with pytest.raises(RefusedInput):
        download_source(app, "finess", address=address)
