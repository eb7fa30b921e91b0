"""The directory of administrations names people, gives postal boxes as addresses, comes in three shapes."""

import csv
import io
import json
import re
import tarfile
from pathlib import Path
from typing import Any

import pytest
import shapely

from reseau.config import PROJECT_DIR
from reseau.errors import RefusedInput
from reseau.hours import describe_fr
from reseau.model.records import Structure
from reseau.model.reports import Parsed, Scope
from reseau.sources._base import ReadOptions
from reseau.sources.service_public import SOURCE

SAMPLE = PROJECT_DIR / "reseau" / "sources" / "service_public" / "sample.json"
HERE = Scope(communes=frozenset({"99101", "99102"}))
NESTED = ("pivot", "adresse", "telephone", "site_internet", "plage_ouverture", "affectation_personne")


def read(path: Path = SAMPLE, scope: Scope = HERE) -> Parsed:
    return SOURCE.read(path, scope, ReadOptions())


def by_last(parsed: Parsed) -> dict[str, Structure]:
    """Structures by the last character of their identifier."""
    return {item.record.uid[-1]: item.record for item in parsed.records}


def sample() -> list[dict[str, Any]]:
    return json.loads(SAMPLE.read_text(encoding="utf-8"))["service"]


def flat(folder: Path, records: list[dict[str, Any]], delimiter: str = ";") -> Path:
    """The export of the Opendatasoft portal: lists are JSON inside strings."""
    path = folder / "export.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, records[0], delimiter=delimiter)
        writer.writeheader()
        for record in records:
            texts = {key: json.dumps(record[key], ensure_ascii=False) for key in NESTED}
            writer.writerow(record | texts | {"adresse_courriel": "".join(record["adresse_courriel"])})
    return path


def changed(folder: Path, **changes: Any) -> Path:
    """The sample with fields of its first record changed."""
    records = sample()
    records[0] |= changes
    path = folder / "base.json"
    path.write_text(json.dumps({"service": records}), encoding="utf-8")
    return path


def address(**parts: str) -> dict[str, str]:
    return {"type_adresse": "Adresse", "numero_voie": "3 rue du Gué", "nom_commune": "Ville-Exemple"} | parts


def test_a_town_hall_is_read_whole():
    hall = by_last(read())["1"]
    assert (hall.name, hall.types, hall.insee) == ("Mairie - Ville-Exemple", ("mairie",), "99101")
    assert (hall.lat, hall.lon, hall.position_precision) == (46.3012, -0.4121, "adresse")
    assert (hall.phone, hall.email) == ("05 00 00 00 21", "mairie@ville.example")
    assert hall.website == "https://ville.example"
    assert read().data_date.isoformat() == "2026-01-12"


def test_the_postal_address_is_never_taken():
    hall = by_last(read())["1"]
    assert (hall.address, hall.postcode, hall.commune) == ("3 rue du Gué", "99100", "Ville-Exemple")
    only_postal = by_last(read())["5"]
    assert (only_postal.address, only_postal.postcode, only_postal.lat) == ("", "", None)
    assert any("1 service(s) n'ont qu'une adresse postale" in note for note in read().notes)


def test_a_post_office_box_inside_the_street_is_dropped():
    assert by_last(read())["3"].address == "8 avenue de la Gare"


def test_people_are_not_kept_anywhere():
    """Neither in the structure nor in the row kept beside it."""
    assert "PERSONNE" not in repr(read())
    assert "Madame" not in repr(read())


def test_hours_with_their_remarks():
    hall = by_last(read())["1"]
    assert hall.opening_hours == "We-Fr 09:00-12:00; Tu 09:00-12:00,18:00-19:00 unknown; PH off"
    assert "hors vacances scolaires" in hall.hours_text
    assert "à vérifier : mardi" in describe_fr(hall.opening_hours)


@pytest.mark.parametrize(
    ("code", "accessible", "said"), [("ACC", True, ""), ("NAC", False, ""), ("DEM", None, "sur demande")]
)
def test_accessibility(tmp_path: Path, code: str, accessible: bool | None, said: str):
    hall = by_last(read(changed(tmp_path, adresse=[address(accessibilite=code)])))["1"]
    assert hall.accessible is accessible
    assert said in hall.access_conditions


def test_a_travelling_service_has_no_position():
    bus = by_last(read())["2"]
    assert (bus.address, bus.lat, bus.reception_modes) == ("", None, ("mobile",))
    assert "97 galerie du Canal" in bus.description


def test_a_village_named_bus_does_not_travel(tmp_path: Path):
    assert by_last(read(changed(tmp_path, nom="Mairie - Bus")))["1"].address == "3 rue du Gué"


def test_unknown_kinds_are_out_of_scope_and_named():
    parsed = read()
    assert parsed.n_out_of_scope == 2
    assert parsed.counts["unknown_kinds"] == {"tresorerie": 1}
    assert any("tresorerie (1)" in note for note in parsed.notes)


def test_a_record_without_name_is_refused_with_what_there_is():
    (refused,) = read().refused
    assert (refused.line, refused.problems[0].column) == (6, "nom")
    assert refused.row["type"] == "cpam"


def test_a_repeated_identifier_is_refused(tmp_path: Path):
    again = sample()[2]["id"]
    reasons = [row.problems[0].reason for row in read(changed(tmp_path, id=again)).refused]
    assert any("ligne 1" in reason for reason in reasons)


def test_not_diffused_is_not_taken(tmp_path: Path):
    parsed = read(changed(tmp_path, statut_de_diffusion="false"))
    assert "1" not in by_last(parsed)
    assert any("ne diffuse pas" in note for note in parsed.notes)


@pytest.mark.parametrize("delimiter", [";", ","])
def test_the_flat_export_gives_the_same_structures(tmp_path: Path, delimiter: str):
    """Two serialisations of one directory: whichever is loaded, nothing changes."""
    found = read(flat(tmp_path, sample(), delimiter))
    assert by_last(found) == by_last(read())
    assert SOURCE.recognises(tmp_path / "export.csv")


def test_lines_of_json_give_the_same_structures(tmp_path: Path):
    path = tmp_path / "export.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in sample()), encoding="utf-8")
    assert by_last(read(path)) == by_last(read())


def test_the_archive_of_the_publisher_is_read_as_it_comes(tmp_path: Path):
    path = tmp_path / "all_latest.tar.bz2"
    content = SAMPLE.read_bytes()
    with tarfile.open(path, "w:bz2") as archive:
        item = tarfile.TarInfo("2026-01-12-data.gouv_local.json")
        item.size = len(content)
        archive.addfile(item, io.BytesIO(content))
    assert by_last(read(path)) == by_last(read())
    assert SOURCE.recognises(path)


def test_a_radius_takes_the_neighbours():
    area = shapely.to_wkb(shapely.box(-1.21, 47.09, -1.19, 47.11))
    scope = Scope(communes=frozenset({"99102"}), areas_wkb=(area,), radius_km=1)
    assert set(by_last(read(scope=scope))) == {"2", "3", "7"}


def test_the_commune_of_the_desk_when_the_record_has_no_code(tmp_path: Path):
    path = changed(
        tmp_path,
        code_insee_commune="",
        pivot=[{"type_service_local": "mairie", "code_insee_commune": ["99101"]}],
    )
    assert by_last(read(path))["1"].insee == "99101"


def test_a_desk_of_many_communes_is_in_none_by_that(tmp_path: Path):
    """These are the communes it serves, not where it stands."""
    pivot = [{"type_service_local": "mairie", "code_insee_commune": ["99101", "99102"]}]
    assert "1" not in by_last(read(changed(tmp_path, code_insee_commune="", pivot=pivot)))


@pytest.mark.parametrize(
    "nested",
    ["[pas du json", "", None, 12, [None, 3, "texte"], '{"valeur": "05 00 00 00 23"}'],
)
def test_damaged_nested_fields_lose_only_themselves(tmp_path: Path, nested: Any):
    path = changed(tmp_path, telephone=nested, plage_ouverture=nested, site_internet=nested)
    hall = by_last(read(path))["1"]
    assert hall.address == "3 rue du Gué"
    assert hall.phone in ("", "05 00 00 00 23")


def test_a_cut_base_is_refused_whole(tmp_path: Path):
    path = tmp_path / "base.json"
    path.write_bytes(SAMPLE.read_bytes()[:3000])
    with pytest.raises(RefusedInput, match=r"base\.json.*coupé"):
        read(path)


def test_a_cut_line_of_the_export_is_refused_and_the_others_taken(tmp_path: Path):
    path = flat(tmp_path, sample())
    path.write_text(path.read_text(encoding="utf-8").rsplit(";", 4)[0], encoding="utf-8")
    parsed = read(path)
    assert len(parsed.records) == 4
    assert any("coupé" in row.problems[0].reason for row in parsed.refused)


@pytest.mark.parametrize(
    "content", ['[{"nom": "x"}]', '{"service": []}', "id;name;notes\n1;2;3\n", "nom;pivot\n"]
)
def test_another_document_is_refused_by_its_name(tmp_path: Path, content: str):
    path = tmp_path / "autre.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RefusedInput, match=r"autre\.json"):
        read(path)


def test_a_scope_without_territory_is_refused():
    with pytest.raises(RefusedInput, match="communes du territoire"):
        read(scope=Scope())


OLD = (
    "id,name,request_email,notes,home_page,tag_string\n"
    "cij-99101-01,Bureau information jeunesse - Ville-Exemple 99101-01,bij@ville.example,"
    '"Adresse : MJC - 15 avenue du 8-Mai-01945 - BP 149, 9910,Ville-Exemple | Tél : 05 00 00 00 31 | Fax : "'
    ",http://www.ville.example,cij\n"
    "clic-99102-01,Centre d\x92information - Bourg-Exemple 99102-01,clic@bourg.example,"
    '"Adresse : 01222 rue du Canal,99019,Bourg-Exemple Cedex 9 | '
    'Tél : 08 00 00 00 32 / Numéro vert : service et appel gratuits | Fax : 05 00 00 00 33"'
    ",http://bourg.frclic/page,clic\n"
    "maia-99101-01,Mission d'accueil des associations,,"
    '"Adresse : 1 rue Haute,99100,Ville-Exemple | Tél : | Fax : ",,maia\n'
    'pmi-98900-01,Protection maternelle,,"Adresse : 1 rue Haute,98900,Loin-Exemple | Tél : | Fax : ",,pmi\n'
)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "2019.csv"
    path.write_text(OLD, encoding="utf-8")
    return path


def test_the_table_of_2019_gives_back_its_fields(old: Path):
    first, second = (item.record for item in read(old).records)
    assert (first.uid, first.name) == (
        "service-public--cij-99101-01",
        "Bureau information jeunesse - Ville-Exemple",
    )
    assert (first.types, first.insee, first.postcode) == (("information-jeunesse",), "99101", "09910")
    assert (first.address, first.address_extra) == ("15 avenue du 8-Mai-1945", "MJC")
    assert (first.phone, first.website) == ("05 00 00 00 31", "http://www.ville.example")
    assert (second.name, second.address) == ("Centre d’information - Bourg-Exemple", "1222 rue du Canal")
    assert (second.commune, second.postcode) == ("Bourg-Exemple", "")
    assert (second.phone, second.website, second.lat) == ("08 00 00 00 32", "", None)
    assert SOURCE.recognises(old)


def test_the_table_of_2019_says_its_age_and_its_gaps(old: Path):
    parsed = read(old)
    assert parsed.n_out_of_scope == 2
    assert any("Table de 2019" in note for note in parsed.notes)
    assert any("« site internet » illisible" in note for note in parsed.notes)
    assert any("maia (1)" in note for note in parsed.notes)


@pytest.mark.real_data
def test_real_records(shared_data: Path):
    parsed = read(shared_data / "dila" / "fiches.json", Scope(communes=frozenset({"38185", "77188"})))
    hall, bus = (item.record for item in parsed.records)
    assert (hall.address, hall.lat, hall.types) == ("3 rue du Général-Roux", 48.4868011475, ("mairie",))
    assert hall.opening_hours == "We,Fr 09:00-12:00; Tu 09:00-12:00,18:00-19:00 unknown"
    assert (bus.types, bus.lat, bus.reception_modes) == (("france-services",), None, ("mobile",))


@pytest.mark.real_data
def test_the_real_table_of_2019(shared_data: Path):
    """5,664 rows: none lost, no box, no padded number, no cedex in what people read."""
    path = shared_data / "dila" / "local_social_sante_2019_sans_coordonnees.csv"
    with path.open(encoding="utf-8", newline="") as file:
        communes = frozenset(row["id"].rsplit("-", 2)[1] for row in csv.DictReader(file))
    parsed = read(path, Scope(communes=communes))
    assert (parsed.n_read, len(parsed.refused), len(parsed.records)) == (5664, 0, 5372)
    assert set(parsed.counts["unknown_kinds"]) == {"maia", "cg", "ddcs", "ddcspp"}
    structures = [item.record for item in parsed.records]
    assert not [s.address for s in structures if re.search(r"\b(?:BP|CS|TSA) ?\d|(?<!\d)0\d{4}", s.address)]
    assert not [s.commune for s in structures if "cedex" in s.commune.lower()]
    assert not [s.name for s in structures if re.search(r"[\x80-\x9f]|\d{5}-\d{2}$", s.name)]
    assert all(s.lat is None and s.insee for s in structures)
    assert sum(bool(s.address) for s in structures) > 5_350
