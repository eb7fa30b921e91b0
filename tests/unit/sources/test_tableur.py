"""The team's own spreadsheet: nothing lost, nothing invented, every problem of a row told at once."""

from dataclasses import fields
from pathlib import Path

import pytest

from reseau.errors import RefusedInput
from reseau.model.records import Structure
from reseau.model.reports import LocatedRecord, Parsed, Scope
from reseau.sources import ReadOptions
from reseau.sources._text import NIR_MASK
from reseau.sources.tableur import SOURCE
from tests.unit.sources.tables import read, reasons, workbook


@pytest.fixture
def load(tmp_path: Path):
    def load(*lines: str, **options) -> Parsed:
        return read(SOURCE, tmp_path / "partenaires.csv", "\n".join(lines), **options)

    return load


def only(parsed: Parsed) -> Structure:
    assert not parsed.refused, parsed.refused
    (located,) = parsed.records
    assert isinstance(located.record, Structure)
    return located.record


def located(parsed: Parsed) -> LocatedRecord:
    only(parsed)
    return parsed.records[0]


def test_fields_are_those_of_the_row_not_those_of_the_header(load):
    """An empty cell must not erase what is stored."""
    row = located(load("nom;type;ville;gratuit;téléphone", "Maison;CMP;;?;"))
    assert row.fields == {"name", "types"}
    assert row.record.free is None


def test_every_column_feeds_the_field_it_says(load):
    """A row where every column is filled leaves no field of the record at its default."""
    values = {
        "identifiant": "a1", "nom": "Maison", "type": "CMP", "description": "d", "adresse": "1 rue A",
        "complément d'adresse": "bât. B", "code postal": "99100", "commune": "Beauval", "code insee": "99101",
        "latitude": "43,6", "longitude": "1,44", "précision de la position": "à la rue",
        "téléphone": "0561000000", "courriel": "a@b.fr", "site internet": "b.fr", "horaires": "lun 9h-12h",
        "publics": "femmes", "langues": "turc", "gratuit": "oui", "sans rendez-vous": "non",
        "accessible": "x", "conditions d'accès": "c", "modes d'accueil": "à domicile",
        "quartiers desservis": "QN99101M", "finess": "310012345", "siret": "12345678901234",
        "uai": "0310001a", "fermée": "oui", "note interne": "n", "vérifiée le": "04/03/2026",
        "à revoir tous les (jours)": "90", "capacité": "2,5", "unité de capacité": "ETP",
    }  # fmt: skip
    row = located(load(";".join(values), ";".join(values.values())))
    defaults = Structure(uid="", name="")
    kept = {f.name for f in fields(Structure) if getattr(row.record, f.name) == getattr(defaults, f.name)}
    assert kept == {"hours_text"}
    assert row.fields == {f.name for f in fields(Structure)}
    assert (row.record.lat, row.record.lon, row.record.position_precision) == (43.6, 1.44, "rue")


def test_hours_not_understood_stay_text_and_it_is_said(load):
    parsed = load("nom;type;horaires", "A;CMP;un jeudi sur trois selon la lune")
    assert only(parsed).opening_hours == ""
    assert only(parsed).hours_text == "un jeudi sur trois selon la lune"
    assert any("Horaires gardés en texte" in note and "ligne 2" in note for note in parsed.notes)


def test_every_problem_of_a_row_is_told_at_once(load):
    """Correcting one thing per import would take ten imports."""
    (row,) = load(
        "nom;type;latitude;longitude;téléphone;courriel;site;gratuit;siret;langues",
        ";CMPP bis;1,44;43,6;05;accueil;javascript:alert(1);ptet;2,6E+13;klingon",
    ).refused
    assert set(reasons(row)) == {
        "nom", "type", "latitude", "téléphone", "courriel", "site", "gratuit", "siret", "langues",
    }  # fmt: skip


def test_a_row_without_type_says_what_to_do(load):
    (row,) = load("nom;type;ville", "A;;B").refused
    assert "« type » est vide" in reasons(row)["type"]


def test_a_file_without_type_column_refuses_each_row_naming_the_column_to_add(load):
    parsed = load("nom;ville", "A;B", "C;D")
    assert len(parsed.refused) == 2
    assert "Ajoutez une colonne « type »" in reasons(parsed.refused[0])["type"]


def test_a_file_without_name_is_refused_whole(load):
    with pytest.raises(RefusedInput, match=r"partenaires\.csv.*« nom »"):
        load("type;ville", "CMP;B")


def test_a_file_with_headers_only_is_refused(load):
    with pytest.raises(RefusedInput, match=r"partenaires\.csv"):
        load("nom;type")


@pytest.mark.parametrize(("lat", "lon", "column"), [("43,6", "", "longitude"), ("", "1,44", "latitude")])
def test_half_a_position_is_no_position(load, lat: str, lon: str, column: str):
    (row,) = load("nom;type;latitude;longitude", f"A;CMP;{lat};{lon}").refused
    assert list(reasons(row)) == [column]


def test_no_position_is_fine(load):
    structure = only(load("nom;type;latitude;longitude", "A;CMP;;"))
    assert (structure.lat, structure.lon, structure.position_precision) == (None, None, "")


def test_both_coordinates_in_one_cell(load):
    row = located(load("nom;type;coordonnées", 'A;CMP;"43.6, 1.44"'))
    assert (row.record.lat, row.record.lon, row.record.position_precision) == (43.6, 1.44, "exacte")
    assert {"lat", "lon", "position_precision"} <= row.fields


def test_a_precision_without_position_is_told(load):
    (row,) = load("nom;type;précision de la position", "A;CMP;à la rue").refused
    assert "sans coordonnées" in reasons(row)["précision de la position"]


def test_unknown_quartier_is_refused(load):
    (row,) = load("nom;type;quartiers desservis", "A;CMP;QN99101M | Bellevue").refused
    assert "« Bellevue »" in reasons(row)["quartiers desservis"]


@pytest.mark.parametrize(
    ("identifier", "uid"),
    [("7", "tableur--7"), ("finess--310012345", "finess--310012345"), ("A b", "tableur--A b")],
)
def test_uid_from_the_identifier(load, identifier: str, uid: str):
    assert only(load("identifiant;nom;type", f"{identifier};A;CMP")).uid == uid


def test_uid_from_name_and_commune(load):
    assert only(load("nom;type;ville", "Maison de l'Été;CMP;Évry")).uid == "tableur--maison-de-l-ete-evry"
    assert only(load("nom;type;ville;insee", "A;CMP;Évry;91228")).uid == "tableur--a-91228"


def test_uid_of_a_name_without_latin_letters(load):
    assert only(load("nom;type", "中心;CMP")).uid == only(load("nom;type", "中心;CMP")).uid != "tableur--"


def test_same_name_same_commune_told_apart_by_the_address_whatever_the_order(load):
    """Sorting the file must not exchange two structures."""
    header, one, two = "nom;type;ville;adresse", "A;CMP;B;1 rue C", "A;CMP;B;2 rue D"
    parsed = load(header, one, two)
    uids = {item.record.address: item.record.uid for item in parsed.records}
    assert uids == {"1 rue C": "tableur--a-b-1-rue-c", "2 rue D": "tableur--a-b-2-rue-d"}
    assert "2 lignes portent le même nom" in parsed.notes[-1]
    assert {item.record.address: item.record.uid for item in load(header, two, one).records} == uids


@pytest.mark.parametrize("lines", [("x;A;CMP", "y;B;CMP", "x;C;CPAM"), (";A;CMP", ";B;CMP", ";A;CPAM")])
def test_the_second_row_of_one_structure_says_which_it_repeats(load, lines: tuple[str, ...]):
    parsed = load("identifiant;nom;type", *lines)
    assert [item.line for item in parsed.records] == [2, 3]
    (row,) = parsed.refused
    assert row.line == 4
    assert "répète la ligne 2" in next(iter(reasons(row).values()))


def test_a_refused_row_does_not_take_the_place_of_the_good_one(load):
    parsed = load("identifiant;nom;type", "x;A;inconnu au bataillon", "x;A;CMP")
    assert [item.line for item in parsed.records] == [3]


def test_social_security_numbers_are_refused_and_not_kept(load):
    """Not even in the list of refused rows, which is stored and downloaded."""
    parsed = load("nom;type;note;autre", "A;CMP;suivi de 1 84 12 76 451 089 46;184127645108946")
    (row,) = parsed.refused
    assert "sécurité sociale" in reasons(row)["note"]
    assert "451" not in repr(parsed)
    assert row.row["note"] == f"suivi de {NIR_MASK}"


def test_very_long_cells_are_refused(load):
    (row,) = load("nom;type;description", f"A;CMP;{'x' * 5001}").refused
    assert "5000 caractères" in reasons(row)["description"]
    assert len(row.problems[0].value) == 200
    assert only(load("nom;type;description", f"A;CMP;{'x' * 5000}")).description == "x" * 5000


def test_hostile_text_stays_text(load):
    name = "<img src=x onerror=alert(1)> {{ 7*7 }} '=cmd|calc'!A1"
    assert only(load("nom;type", f'"{name}";CMP')).name == name


def test_line_breaks_are_kept_where_they_mean_something(load):
    structure = only(load("nom;type;description", '"Maison\nbleue";CMP;"une\ndeux"'))
    assert (structure.name, structure.description) == ("Maison bleue", "une\ndeux")


def test_lost_zeros_are_restored_and_said(tmp_path: Path):
    path = workbook(
        tmp_path / "a.xlsx", [["nom", "type", "cp", "insee", "tel"], ["A", "CMP", 1200, 1033, 450568749]]
    )
    parsed = SOURCE.read(path, Scope(), ReadOptions())
    structure = only(parsed)
    assert (structure.postcode, structure.insee, structure.phone) == ("01200", "01033", "04 50 56 87 49")
    assert sum("Zéro initial" in note and "ligne 2" in note for note in parsed.notes) == 3


def test_too_long_a_row_keeps_its_values_and_is_refused_until_they_are_replaced(load):
    (row,) = load("nom;type;ville", "A;CMP;1;rue").refused
    assert row.row["valeur en trop 1"] == "rue"
    (again,) = load("nom;type;ville;valeur en trop 1;motif du refus", "A;CMP;1;rue;trop").refused
    assert "replacez-la" in reasons(again)["valeur en trop 1"]
    assert only(load("nom;type;ville;valeur en trop 1;motif du refus", "A;CMP;rue;;trop")).commune == "rue"


def test_the_mapping_a_person_chose(load):
    parsed = load(
        "truc;machin;nom", "A;CMP;pas le nom", mapping={"truc": "name", "machin": "types", "nom": ""}
    )
    assert only(parsed).name == "A"
    assert "« nom »" in parsed.notes[0]


def test_preview_shows_what_is_there_even_when_it_cannot_be_read(tmp_path: Path):
    """The mapping step is where people repair it."""
    path = tmp_path / "a.csv"
    path.write_text("truc;machin\nA;CMP\n", encoding="utf-8")
    preview = SOURCE.preview(path, ReadOptions())
    assert preview.mapping == {"truc": "", "machin": ""}
    assert preview.rows == ({"truc": "A", "machin": "CMP"},)
    assert preview.required == {"name", "types"}
    assert preview.fields["postcode"] == "code postal"


@pytest.mark.real_data
def test_published_list_of_structures(shared_data: Path):
    """48 real names and types, no address: all are taken, none is placed."""
    parsed = SOURCE.read(shared_data / "reseaux" / "structures.csv", Scope(), ReadOptions())
    assert (len(parsed.records), len(parsed.refused)) == (48, 0)
    assert all(item.record.lat is None for item in parsed.records)


@pytest.mark.real_data
def test_output_of_the_national_geocoder(shared_data: Path):
    """Two lat/lon pairs of columns, rows longer than the header: all of it is told."""
    parsed = SOURCE.read(shared_data / "ban" / "sortie_search_csv.csv", Scope(), ReadOptions())
    assert any("« geo_lat » et « latitude »" in note for note in parsed.notes)
    too_long = [row for row in parsed.refused if any("pour 36 colonnes" in p.reason for p in row.problems)]
    assert len(too_long) == 4


def test_a_capacity_goes_with_its_unit(load):
    """A number without its unit could be beds or people: it is left out, and the line is told."""
    parsed = load(
        "nom;type;capacité;unité de capacité", "A;CMP;40;places", "B;CMP;12;", "C;CMP;;places", "D;CMP;3;rdv"
    )
    found = [(item.record.capacity, item.record.capacity_unit) for item in parsed.records]
    assert found == [(40, "places"), (None, ""), (None, ""), (3, "rendez_vous")]
    assert [item.fields >= {"capacity", "capacity_unit"} for item in parsed.records] == [
        True,
        False,
        False,
        True,
    ]
    assert [note for note in parsed.notes if "Capacité" in note] == [
        "Capacité sans unité, laissée de côté (complétez « unité de capacité ») (ligne 3)."
    ]


@pytest.mark.parametrize("cell", ["0", "-3", "beaucoup", "1000000", "nan", "1e9"])
def test_a_capacity_is_a_number_over_zero(load, cell):
    (row,) = load("nom;type;capacité;unité de capacité", f"A;CMP;{cell};places").refused
    assert set(reasons(row)) == {"capacité"}
