"""The workbook, read back by another library than the one that wrote it."""

import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from reseau.exports import all_exports, public_view
from reseau.exports.xlsx import MAX_TEXT
from reseau.sources._text import clean_cell
from tests.unit.exports.bundles import FORMULA, MARKUP, bundle, empty_bundle


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "essai.xlsx"
    all_exports()["xlsx"].write(bundle(), path)
    return path


def _sheet(path, name):
    header, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_sheets(book, tmp_path):
    names = ["Partenaires", "Relations", "Permanences", "Actions", "Quartiers", "Lacunes"]
    team = ["Contacts", "Journal", "Demandes"]
    assert CalamineWorkbook.from_path(str(book)).sheet_names == [*names, *team, "Sources"]
    all_exports()["xlsx"].write(public_view(bundle()), tmp_path / "public.xlsx")
    assert CalamineWorkbook.from_path(str(tmp_path / "public.xlsx")).sheet_names == [*names, "Sources"]


def test_types_of_cells(book):
    hote, other, bare = _sheet(book, "Partenaires")
    assert (hote["longitude"], hote["latitude"]) == (-1.25, 47.5)
    assert hote["adresse"] == FORMULA  # a text cell, without apostrophe
    assert hote["code postal"] == "01000"
    assert hote["siret"] == "00123456700012"
    assert hote["description"] == "Ligne 1\nLigne 2, suite ; fin"
    assert (hote["gratuit"], hote["sans rendez-vous"], hote["accessible"]) == ("oui", "non", "")
    assert other["nom"] == MARKUP
    assert other["fermée"] == "oui"
    assert (bare["longitude"], bare["gratuit"]) == ("", "")


def test_no_formula_nor_link_anywhere(book):
    with zipfile.ZipFile(book) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]
    assert len(sheets) == 10
    assert not any("<f>" in sheet or "hyperlink" in sheet for sheet in sheets)


def test_editing_a_guarded_cell_does_not_make_it_a_formula(book):
    """Without `quotePrefix`, F2 then Enter on «=1+1» runs it."""
    with zipfile.ZipFile(book) as parts:
        assert 'quotePrefix="1"' in parts.read("xl/styles.xml").decode()


def test_dates_counts_and_gaps(book):
    (contact,) = _sheet(book, "Contacts")
    assert contact["note"] == "=2+2"
    action, idea = _sheet(book, "Actions")
    assert action["date"] == date(2026, 5, 1)
    assert (action["personnes rencontrées"], action["orientations proposées"]) == (0, 12)
    assert action["rendez-vous pris"] == idea["personnes rencontrées"] == ""  # unknown is not zero
    first, second = _sheet(book, "Lacunes")
    assert (first["état"], first["part des habitants à proximité"]) == ("À relier", 0.625)
    assert (second["état"], second["part des habitants à proximité"]) == ("Non renseigné", "")
    quartiers = _sheet(book, "Quartiers")
    assert [row["pop"] for row in quartiers] == ["", 1200]


def test_a_text_too_long_for_excel_is_cut_and_says_so(tmp_path):
    full = bundle()
    full.structures.at[7, "description"] = "é" * 40_000
    all_exports()["xlsx"].write(full, tmp_path / "long.xlsx")
    written = _sheet(tmp_path / "long.xlsx", "Partenaires")[0]["description"]
    assert len(written) == MAX_TEXT
    assert written.endswith("é…")


def test_an_empty_territory_keeps_its_headers(tmp_path):
    assert all_exports()["xlsx"].write(empty_bundle(), tmp_path / "vide.xlsx") == 0
    sheet = CalamineWorkbook.from_path(str(tmp_path / "vide.xlsx")).get_sheet_by_name("Partenaires")
    assert sheet.to_python()[0][:3] == ["identifiant", "nom", "type"]


def test_the_same_day_gives_the_same_file(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        all_exports()["xlsx"].write(bundle(), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_text_with_its_own_apostrophe_keeps_it_through_an_import(tmp_path):
    """An import takes one apostrophe away before a formula: the one a person wrote must not be that one."""
    changed = bundle()
    changed.structures["description"] = "'=1+1"
    path = tmp_path / "apostrophe.xlsx"
    all_exports()["xlsx"].write(changed, path)
    assert {clean_cell(row["description"]) for row in _sheet(path, "Partenaires")} == {"'=1+1"}
