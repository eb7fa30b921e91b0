"""Rows as people and programs damage them: encodings, spreadsheets, cells that slipped, quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xlsxwriter

from reseau.errors import ReseauError
from reseau.model.reports import Parsed, Scope
from reseau.services.importing import scope_of
from reseau.sources import ReadOptions
from reseau.sources._tabular import TabularSource
from tests.traps.desk import COMMUNES, SOURCES, Desk, open_desk, sample_of
from tests.traps.test_hostile_files import UNTRANSLATED

HERE = Scope(communes=frozenset(COMMUNES))


def twice(text: str) -> bytes:
    """What a program writes that took UTF-8 for Windows: «Ã©» for «é»."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode()).encode()


def eight_bits(codec: str) -> Callable[[str], bytes]:
    """A codec that lacks some of our typographic signs."""

    def encode(text: str) -> bytes:
        return text.replace("’", "'").replace("–", "-").replace("œ", "oe").encode(codec)

    return encode


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "UTF-8 avec marque": lambda text: text.encode("utf-8-sig"),
    "UTF-8 lu deux fois": twice,
    "Windows": eight_bits("cp1252"),
    "Latin-1": eight_bits("latin-1"),
    "Mac": eight_bits("mac_roman"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 sans marque": lambda text: text.encode("utf-16-le"),
    "UTF-16 gros-boutien sans marque": lambda text: text.encode("utf-16-be"),
}
# Read whatever their encoding; the others may be refused where they are not in UTF-8.
ANY = frozenset(source.id for source in SOURCES.values() if isinstance(source, TabularSource)) - {"points"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("bureau")) as opened:
        yield opened


def texts_of(parsed: Parsed) -> list[str]:
    return [str(located.record) for located in parsed.records]


@pytest.mark.parametrize("source_id", SOURCES)
@pytest.mark.parametrize("how", ENCODINGS)
def test_accents_are_right_or_the_file_is_refused(
    desk: Desk, tmp_path: Path, source_id: str, how: str
) -> None:
    """Never a name with signs in the place of its accents."""
    source, scope = SOURCES[source_id], scope_of(desk.app, desk.tid)
    plain = sample_of(source).read_text(encoding="utf-8-sig")
    plain = plain.replace("’", "'").replace("–", "-").replace("œ", "oe")
    path = tmp_path / sample_of(source).name
    path.write_text(plain, encoding="utf-8")
    expected = texts_of(source.read(path, scope, ReadOptions()))
    path.write_bytes(ENCODINGS[how](plain))
    found = tried(source_id, path, scope)
    if isinstance(found, Parsed):
        assert texts_of(found) == expected
    else:
        assert source_id not in ANY, found
        assert path.name in found
        assert not UNTRANSLATED.search(found.partition("Colonnes lues")[0])


def tried(source_id: str, path: Path, scope: Scope = HERE) -> Parsed | str:
    """What is read, or why nothing is."""
    try:
        return SOURCES[source_id].read(path, scope, ReadOptions())
    except ReseauError as refusal:
        return str(refusal)


def written(folder: Path, *lines: str) -> Path:
    path = folder / "lignes.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read_rows(source_id: str, folder: Path, *lines: str) -> Parsed:
    return SOURCES[source_id].read(written(folder, *lines), HERE, ReadOptions())


def reasons(parsed: Parsed) -> list[tuple[int, str, str]]:
    return [(p.line, p.column, p.value) for row in parsed.refused for p in row.problems]


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [
        ("finess", "9,9E+08", "chiffres sont perdus"),
        ("siret", "2,601E+13", "chiffres sont perdus"),
        ("code insee", "9,91E+04", ""),
        ("type", "#REF!", "erreur du tableur"),
        ("nom", "#NOM?", "erreur du tableur"),
        ("adresse", "#N/A", "erreur du tableur"),
        ("code postal", "#VALEUR!", "erreur du tableur"),
        ("téléphone", "########", "erreur du tableur"),
        ("téléphone", "3,31234E+10", ""),
    ],
)
def test_what_a_spreadsheet_destroyed_is_told_with_its_place(
    tmp_path: Path, column: str, value: str, word: str
) -> None:
    """`2,601E+13` has lost digits for good: better no number than a wrong one."""
    row = {"nom": "Centre", "type": "CMP", "commune": "Exempleville"} | {column: value}
    parsed = read_rows("tableur", tmp_path, ";".join(row), ";".join(row.values()))
    assert not parsed.records
    assert reasons(parsed) == [(2, column, value)]
    assert word in parsed.refused[0].problems[0].reason


@pytest.mark.parametrize(
    ("column", "value", "field", "kept"),
    [
        ("code insee", "1001", "insee", "01001"),
        ("code postal", "1000", "postcode", "01000"),
        ("code postal", "=01000=", "postcode", "01000"),
        ("code postal", '"=""01000"""', "postcode", "01000"),
        ("code postal", "99 100", "postcode", "99100"),
        ("latitude;longitude", "48,85;2,35", "lat", 48.85),
        ("finess", "99 000 0001", "finess", "990000001"),
        ("siret", "732 829 320 00074", "siret", "73282932000074"),
        ("nom", "=HYPERLINK(A1)", "name", "=HYPERLINK(A1)"),
    ],
)
def test_what_can_be_put_right_is(tmp_path: Path, column: str, value: str, field: str, kept: object) -> None:
    header = f"type;{column}" if column == "nom" else f"nom;type;{column}"
    row = f"CMP;{value}" if column == "nom" else f"Centre;CMP;{value}"
    parsed = read_rows("tableur", tmp_path, header, row)
    assert reasons(parsed) == []
    assert getattr(parsed.records[0].record, field) == kept


def test_a_public_list_keeps_its_places_without_the_spoilt_cells(tmp_path: Path) -> None:
    parsed = read_rows("points", tmp_path, "nom;type;téléphone;siret", "Centre;CMP;#N/A;2,601E+13")
    place = parsed.records[0].record
    assert (place.phone, place.siret) == ("", "")
    assert any("illisible" in note for note in parsed.notes)


def test_dates_in_the_place_of_headers_are_no_columns(desk: Desk, tmp_path: Path) -> None:
    """Excel turns «1-3» into the first of March, headers too."""
    path = tmp_path / "dates.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for place in range(4):
        sheet.write_number(0, place, 45_000 + place, day)
        sheet.write_number(1, place, place)
    book.close()
    for source_id in SOURCES:
        outcome = desk.give(source_id, path)
        assert outcome.taken == 0
        assert path.name in outcome.message
        assert not outcome.changed


def test_errors_and_formulas_of_a_workbook_are_no_values(tmp_path: Path) -> None:
    """A formula is its last result; one that failed is unknown, and told."""
    path = tmp_path / "formules.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["nom", "type", "code postal"])
    sheet.write_row(1, 0, ["Bon", "CMP"])
    sheet.write_formula(1, 2, "=1000*99+100", None, 99_100)
    sheet.write_row(2, 0, ["Mauvais", "CMP"])
    sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    book.close()
    parsed = SOURCES["tableur"].read(path, HERE, ReadOptions())
    assert [(item.line, item.record.postcode) for item in parsed.records] == [(2, "99100"), (3, "")]
    assert any("C3" in note and "erreur" in note for note in parsed.notes)


TABLES = {
    "tableur": "nom;type;adresse",
    "points": "nom;type;adresse",
    "france-services": "id_fs;lib_fs;insee_com",
    "finess": "nofinesset;categetab;rs",
    "communes": "TYPECOM;COM;LIBELLE",
    "qpv-indicateurs": "code_qp;lib_qp;pop_mun",
    "data-inclusion": "id,nom,source,code_insee",
    "carreaux": "idcar_200m,ind,lcog_geo",
    "service-public": "id;nom;pivot",
    "relations": "de;vers;nature",
    "contacts": "structure;nom;fonction",
    "journal": "structure;date;texte",
    "permanences": "structure;type;lieu",
    "actions": "titre;forme;statut",
    "besoins": "quartier;thème;nombre",
}
ROWS = {
    "tableur": ("Centre", "CMP", "1 rue"),
    "points": ("Centre", "CMP", "1 rue"),
    "france-services": ("1", "Espace", "99101"),
    "finess": ("990000001", "156", "CMP"),
    "communes": ("COM", "99101", "Exempleville"),
    "qpv-indicateurs": ("QN09901M", "Le Gué", "1200"),
    "data-inclusion": ("a--1", "Centre", "a", "99101"),
    "carreaux": ("CRS3035RES200mN2029800E4252400", "12", "99101"),
    "service-public": ("1", "Mairie", "x"),
    "relations": ("A", "B", "orientation"),
    "contacts": ("A", "Jeanne", "directrice"),
    "journal": ("A", "2026-01-02", "appel"),
    "permanences": ("A", "CPAM", "salle"),
    "actions": ("Café", "cafe-sante", ""),
    "besoins": ("Beauval", "logement", "12"),
}


@pytest.mark.parametrize("source_id", TABLES)
def test_a_row_longer_than_the_header_never_slips_into_other_columns(tmp_path: Path, source_id: str) -> None:
    """A separator too many in an address moves all that follows."""
    header, cells = TABLES[source_id], list(ROWS[source_id])
    separator = ";" if ";" in header else ","
    row = separator.join([*cells, "glissée"])
    parsed = tried(source_id, written(tmp_path, header, row, separator.join(cells)))
    if isinstance(parsed, str):
        assert "lignes.csv" in parsed
        return
    # Some count lines of the file, others records.
    first = 1 if source_id == "data-inclusion" else 2
    assert first in {row.line for row in parsed.refused}
    assert first not in {located.line for located in parsed.records}
    assert all(len(problem.reason) > 20 for row in parsed.refused for problem in row.problems)


@pytest.mark.parametrize("source_id", TABLES)
def test_a_row_shorter_than_the_header_loses_nothing_else(tmp_path: Path, source_id: str) -> None:
    """Excel leaves out the empty cells at the end of a row; the rows around are not touched."""
    header, cells = TABLES[source_id], list(ROWS[source_id])
    separator = ";" if ";" in header else ","
    row = separator.join(cells)
    alone = tried(source_id, written(tmp_path, header, row))
    parsed = tried(source_id, written(tmp_path, header, row, cells[0]))
    if isinstance(parsed, str) or isinstance(alone, str):
        assert alone == parsed
        assert "lignes.csv" in str(parsed)
        return
    assert parsed.n_read == 2
    assert texts_of(parsed)[: len(alone.records)] == texts_of(alone)


def test_cells_of_several_lines_and_lines_of_the_file(tmp_path: Path) -> None:
    """The line told is the one a person sees in a text editor."""
    parsed = read_rows(
        "tableur", tmp_path, "nom;type;description", '"Un\ncentre";CMP;"a\n\nb"', "Autre;inconnu;x"
    )
    assert [(item.line, item.record.description) for item in parsed.records] == [(2, "a\n\nb")]
    assert [row.line for row in parsed.refused] == [6]


def test_a_quote_never_closed_costs_one_row(tmp_path: Path) -> None:
    parsed = read_rows("tableur", tmp_path, "nom;type", '"Un;CMP', "Deux;CMP", "Trois;CMP")
    assert [item.record.name for item in parsed.records] == ["Deux", "Trois"]
    assert [row.line for row in parsed.refused] == [2]


def test_a_cell_longer_than_any_text_is_shortened_in_the_report(tmp_path: Path) -> None:
    """A report is kept and shown: it does not carry ten megabytes."""
    parsed = read_rows("tableur", tmp_path, "nom;type", f'"{"x" * 3_000_000}";CMP')
    assert not parsed.records
    assert sum(len(text) for row in parsed.refused for text in row.row.values()) < 200_000
