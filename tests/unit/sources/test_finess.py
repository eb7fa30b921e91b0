"""The register says what exists: a place lost or moved here becomes a false gap in the table."""

import csv
import json
from collections import Counter
from pathlib import Path

import pyproj
import pytest
import shapely
from shapely.geometry import box

from reseau.errors import RefusedInput
from reseau.model.records import Structure
from reseau.model.reports import Parsed, Scope
from reseau.model.typology import load_typology
from reseau.sources._base import ReadOptions
from reseau.sources.finess import SOURCE
from reseau.sources.finess.codes import insee_code, position_precision, source_epsg
from reseau.sources.finess.layouts import STRUCTURE_FIELDS

LAMBERT = "1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93 (Métropole)"
HEADER = "finess;etalab;98;2026-05-12"
TOULOUSE = Scope(communes=frozenset({"31555"}))


def structure(number: str = "310000001", **values: str) -> str:
    base = {"kind": "structureet", "nofinesset": number, "rs": "CMP", "commune": "555", "departement": "31"}
    row = {"categetab": "156", "libcategetab": "Centre Médico-Psychologique"} | base | values
    cells = [row.get(name, "") for name in STRUCTURE_FIELDS]
    return ";".join(f'"{cell}"' if ";" in cell else cell for cell in cells)


def position(number: str = "310000001", x="574357.8", y="6279642.4", place: str = LAMBERT) -> str:
    return f"geolocalisation;{number};{x};{y};{place};2026-05-04"


def write(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "cs1100507.csv"
    path.write_bytes("\n".join([HEADER, *lines, ""]).encode(encoding))
    return path


def read(path: Path, scope: Scope = TOULOUSE) -> Parsed:
    parsed = SOURCE.read(path, scope, ReadOptions())
    assert parsed.n_read == len(parsed.records) + len(parsed.refused) + parsed.n_out_of_scope
    return parsed


def only(parsed: Parsed) -> Structure:
    (located,) = parsed.records
    assert isinstance(located.record, Structure)
    return located.record


def metres_apart(found: Structure, lon: float, lat: float) -> float:
    return pyproj.Geod(ellps="GRS80").inv(found.lon, found.lat, lon, lat)[2]


# Codes


@pytest.mark.parametrize(
    ("department", "commune", "full", "code"),
    [
        ("31", "555", "", "31555"),
        ("01", "451", "", "01451"),
        ("1", "451", "", "01451"),
        ("2A", "004", "", "2A004"),
        ("9A", "101", "", "97101"),
        ("9B", "207", "", "97207"),
        ("9C", "302", "", "97302"),
        ("9D", "411", "", "97411"),
        ("9E", "502", "", "97502"),
        ("9F", "606", "", "97606"),
        ("9J", "613", "", "98613"),
        ("971", "01", "", "97101"),
        ("31", "45", "", "31045"),
        ("", "", "9289", "09289"),
        ("9Z", "101", "", ""),
        ("31", "", "", ""),
    ],
)
def test_commune_codes_are_put_together(department: str, commune: str, full: str, code: str) -> None:
    assert insee_code(department, commune, full=full) == code


@pytest.mark.parametrize(
    ("place", "insee", "epsg"),
    [
        (LAMBERT, "31555", 2154),
        ("2,ATLASANTE,96,BAN,EPSG:5490 RGAF09/UTM Zone 20N (Antilles)", "97101", 5490),
        ("1,ATLASANTE,96,BAN,L93_METROPOLE", "31555", 2154),
        ("1,ATLASANTE,96,BAN,WGS84/UTM zone 21N (St-Pierre-et-Miquelon)", "97502", 4467),
        ("4,ATLASANTE,.,MAPS,WGS84/UTM zone 1S (Wallis-et-Futuna)", "98613", 8903),
        ("1,ATLASANTE,96,BAN,(Réunion)", "", 2975),
        ("1,ATLASANTE,96,BAN,EPSG:3857", "97302", 2972),
        ("", "97611", 4471),
        ("", "99101", None),
    ],
)
def test_the_coordinate_system_is_read_in_the_text(place: str, insee: str, epsg: int | None) -> None:
    assert source_epsg(place, insee) == epsg


@pytest.mark.parametrize(
    ("place", "precision"),
    [
        (LAMBERT, "adresse"),
        ("", "adresse"),
        ("EPSG:4326", "adresse"),
        ("2,ATLASANTE,96,BAN,EPSG:2154", "rue"),
        ("1,ATLASANTE,53,BAN,EPSG:2154", "rue"),
        ("4,ATLASANTE,96,BAN,EPSG:2154", "commune"),
        ("1,ATLASANTE,100,ADMIN-EXPRESS-2023,EPSG:2154", "commune"),
    ],
)
def test_precision_is_never_overstated(place: str, precision: str) -> None:
    assert position_precision(place) == precision


@pytest.mark.real_data
def test_national_control_points(shared_data: Path, tmp_path: Path) -> None:
    """Each published point must land within a metre or so, from the text beside it or its department."""
    departments = {2154: ("01", "451"), 5490: ("9A", "101"), 2972: ("9C", "302"), 2975: ("9D", "415")}
    departments |= {4471: ("9F", "610"), 32621: ("9E", "502")}
    for point in json.loads((shared_data / "finess" / "crs_controle.json").read_text(encoding="utf-8")):
        department, commune = departments[point["epsg"]]
        place = f"1,ATLASANTE,96,BAN,{point['etiquette']}"
        path = write(
            tmp_path,
            structure(departement=department, commune=commune),
            position(x=point["x"], y=point["y"], place=place),
        )
        scope = Scope(communes=frozenset({insee_code(department, commune)}))
        found = only(read(path, scope))
        assert metres_apart(found, point["lon"], point["lat"]) < 1.2


# One establishment


def test_everything_the_register_says_is_kept(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        structure(
            rs="CMP  CENTRE",
            rslongue="CENTRE MEDICO-PSYCHOLOGIQUE  DU CENTRE",
            complrs="1ER ETAGE",
            numvoie="12",
            compvoie="B",
            typvoie="AV",
            voie="DES LILAS",
            lieuditbp="BP 71",
            ligneacheminement="31000 TOULOUSE CEDEX 9",
            telephone="0561000000",
            siret="26010004500012",
        ),
        position(),
    )
    parsed = read(path)
    found = only(parsed)
    assert found == Structure(
        uid="finess--310000001",
        name="CENTRE MEDICO-PSYCHOLOGIQUE DU CENTRE",
        types=("cmp",),
        address="12 B AVENUE DES LILAS",
        address_extra="1ER ETAGE, BP 71",
        postcode="31000",
        commune="TOULOUSE",
        insee="31555",
        lon=found.lon,
        lat=found.lat,
        position_precision="adresse",
        phone="05 61 00 00 00",
        siret="26010004500012",
        finess="310000001",
    )
    assert str(parsed.data_date) == "2026-05-12"


def test_what_is_empty_does_not_overwrite(tmp_path: Path) -> None:
    (located,) = read(write(tmp_path, structure(telephone="n/a"))).records
    assert located.fields == {"uid", "name", "types", "finess", "insee"}


@pytest.mark.parametrize(
    ("parts", "address"),
    [
        ({"typvoie": "CHE", "voie": "CHEMIN DU BOIS", "numvoie": "40"}, "40 CHEMIN DU BOIS"),
        ({"voie": "MORNE JOLIVIERE"}, "MORNE JOLIVIERE"),
        ({"lieuditbp": "ZAC MOULIN JOLI"}, "ZAC MOULIN JOLI"),
        ({"lieuditbp": "BP 381", "complrs": "SERVICE DE JOUR"}, ""),
    ],
)
def test_address_parts(tmp_path: Path, parts: dict[str, str], address: str) -> None:
    assert only(read(write(tmp_path, structure(**parts)))).address == address


def test_quotes_and_semicolons_inside_a_text(tmp_path: Path) -> None:
    line = structure(rslongue='MAISON ""ALPHA""; SITE B')
    assert only(read(write(tmp_path, line))).name == 'MAISON "ALPHA"; SITE B'


def test_either_encoding(tmp_path: Path) -> None:
    line = structure(rs="PHARMACIE DE L'ÉTÉ", categetab="620")
    utf8, latin = read(write(tmp_path, line)), read(write(tmp_path, line, encoding="cp1252"))
    assert only(utf8) == only(latin)
    assert any("Windows" in note for note in latin.notes)


def test_impossible_positions_are_unknown_not_wrong(tmp_path: Path) -> None:
    lines = [
        (structure("310000001"), position("310000001", x="0", y="0")),
        (structure("310000002"), position("310000002", x="", y="")),
        # Guadeloupe's coordinates under a mainland label would land in the sea.
        (structure("310000003"), position("310000003", x="657242.9", y="1795384.4")),
    ]
    parsed = read(write(tmp_path, *(first for first, _ in lines), *(second for _, second in lines)))
    assert [item.record.lon for item in parsed.records] == [None] * 3
    assert parsed.counts["without_position"] == 3
    assert not any({"lon", "lat", "position_precision"} & item.fields for item in parsed.records)


def test_a_file_without_positions_says_so(tmp_path: Path) -> None:
    parsed = read(write(tmp_path, structure()))
    assert only(parsed).position_precision == ""
    assert any("adresse" in note for note in parsed.notes)


# Territory


def test_only_the_communes_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, structure(), structure("310000002", commune="069"))
    assert only(read(path)).uid == "finess--310000001"
    assert read(path).n_out_of_scope == 1


@pytest.mark.parametrize(
    ("department", "commune", "territory"),
    [("75", "118", "75056"), ("69", "383", "69123"), ("13", "203", "13055"), ("93", "059", "93066")],
)
def test_arrondissements_and_merged_communes(tmp_path, department: str, commune: str, territory: str) -> None:
    path = write(tmp_path, structure(departement=department, commune=commune))
    assert len(read(path, Scope(communes=frozenset({territory}))).records) == 1


def at(lon: float, lat: float, number: str, commune: str) -> tuple[str, str]:
    x, y = pyproj.Transformer.from_crs(4326, 2154, always_xy=True).transform(lon, lat)
    return structure(number, commune=commune), position(number, x=f"{x:.1f}", y=f"{y:.1f}")


def test_a_radius_is_measured_in_metres_from_the_boundary(tmp_path: Path) -> None:
    area = box(1.40, 43.60, 1.41, 43.61)
    geod = pyproj.Geod(ellps="GRS80")
    lon, lat, _ = geod.fwd(1.41, 43.605, 90, 990)
    far_lon, far_lat, _ = geod.fwd(1.41, 43.605, 90, 1010)
    pairs = [
        at(lon, lat, "310000001", "069"),
        at(far_lon, far_lat, "310000002", "069"),
        at(1.405, 43.605, "310000003", "069"),
        (structure("310000004", commune="069"), ""),
        (structure("310000005"), ""),
    ]
    path = write(tmp_path, *(line for line, _ in pairs), *(line for _, line in pairs if line))
    scope = Scope(communes=frozenset({"31555"}), areas_wkb=(shapely.to_wkb(area),), radius_km=1.0)
    # Without a position only the commune can be judged; the order is that of the file.
    assert [item.record.finess[-1] for item in read(path, scope).records] == ["1", "3", "5"]
    no_commune = Scope(areas_wkb=(shapely.to_wkb(area),), radius_km=1.0)
    assert [item.record.finess[-1] for item in read(path, no_commune).records] == ["1", "3"]


def test_a_national_file_needs_a_territory(tmp_path: Path) -> None:
    path = write(tmp_path, structure())
    area = shapely.to_wkb(box(1.40, 43.60, 1.41, 43.61))
    for scope in (Scope(), Scope(areas_wkb=(area,)), Scope(radius_km=3)):
        with pytest.raises(RefusedInput, match="communes du territoire"):
            read(path, scope)


def test_a_file_that_stops_elsewhere_claims_nothing(tmp_path: Path) -> None:
    """An extract of Toulouse must not say that there is no CMP in Blagnac."""
    path = write(tmp_path, structure())
    assert "cmp" in read(path).claims
    parsed = read(path, Scope(communes=frozenset({"31555", "31069"})))
    assert parsed.claims == frozenset()
    assert any("31069" in note for note in parsed.notes)


def test_a_whole_department_may_say_that_a_commune_has_nothing(tmp_path: Path) -> None:
    lines = [structure(f"3100000{n}", commune=f"{n:03d}") for n in range(10, 40)]
    parsed = read(write(tmp_path, *lines), Scope(communes=frozenset({"31069"})))
    assert not parsed.records
    assert "cmp" in parsed.claims


# Categories


def test_peoples_homes_appear_nowhere(tmp_path: Path) -> None:
    home = structure("310000009", categetab="462", libcategetab="Lieux de Vie et d'Accueil", rs="CHEZ DUPONT")
    broken = home + ";champ en trop"
    path = write(tmp_path, structure(), home, broken, position("310000009"), position("310000009") + ";x")
    parsed = read(path)
    assert parsed.n_read == 1
    assert parsed.counts["category_462"] == 2
    assert "DUPONT" not in repr(parsed)
    assert "310000009" not in repr(parsed)
    assert any("462" in note for note in parsed.notes)


def test_unknown_categories_are_taken_and_counted(tmp_path: Path) -> None:
    labs = [
        structure(f"31000000{n}", categetab="611", libcategetab="Laboratoire de Biologie Médicale")
        for n in range(1, 4)
    ]
    parsed = read(write(tmp_path, *labs, structure("310000007", categetab="998", libcategetab="Nouveauté")))
    assert parsed.counts["unknown_categories"] == {"Laboratoire de Biologie Médicale": 3, "Nouveauté": 1}
    assert {item.record.types for item in parsed.records} == {("autre",)}
    assert parsed.records[0].record.description == "Laboratoire de Biologie Médicale"
    assert len([note for note in parsed.notes if "Autre structure" in note]) == 1


def test_claims_are_types_the_register_can_know() -> None:
    """A claimed type without a category would be «absent» everywhere."""
    mapped = {item.code for item in load_typology() if item.finess}
    assert set(SOURCE.spec.claims) <= mapped
    assert not {"pass", "paej", "cjc", "medecin"} & set(SOURCE.spec.claims)


# Lines that cannot be taken


def test_a_cut_line_is_refused_with_its_number(tmp_path: Path) -> None:
    parsed = read(write(tmp_path, structure(), "structureet;310000002;;COUPE", position() + ";trop"))
    assert [row.line for row in parsed.refused] == [3, 4]
    assert "4 champs" in parsed.refused[0].problems[0].reason
    assert "COUPE" in parsed.refused[0].row["ligne"]


def test_a_file_cut_short_claims_nothing(tmp_path: Path) -> None:
    """What a download lost must not be said absent from the territory."""
    whole = read(write(tmp_path, structure(), position()))
    assert whole.claims
    cut = read(write(tmp_path, structure(), "structureet;310000002;;COU"))
    assert len(cut.records) == 1
    assert not cut.claims
    assert any("incomplet" in note for note in cut.notes)
    # A bad line in the middle is one line, not the end of the file.
    assert read(write(tmp_path, "structureet;310000002;;COU", structure())).claims


@pytest.mark.parametrize(
    "line", ['structureet;310000002;"a\rb"\rc', f'structureet;"{"9" * 200_000}"', 'geolocalisation;"3;\r"x;1']
)
def test_a_line_no_reader_can_split_costs_that_line_only(tmp_path: Path, line: str) -> None:
    parsed = read(write(tmp_path, structure(), line, position()))
    assert [row.line for row in parsed.refused] == [3]
    assert only(parsed).lon is not None


def test_a_line_without_name_or_number_is_refused(tmp_path: Path) -> None:
    parsed = read(write(tmp_path, structure(), structure("310000002", rs=""), structure("ABC")))
    assert [row.line for row in parsed.refused] == [3, 4]
    assert "nom" in parsed.refused[0].problems[0].reason


def test_a_position_without_establishment_is_said(tmp_path: Path) -> None:
    parsed = read(write(tmp_path, structure(), position("310000099")))
    assert parsed.counts["positions_without_establishment"] == 1
    assert any("1 géolocalisation" in note for note in parsed.notes)


def test_a_repeated_number_is_read_once(tmp_path: Path) -> None:
    parsed = read(write(tmp_path, structure(rs="PREMIER"), structure(rs="SECOND")))
    assert only(parsed).name == "PREMIER"
    assert any("déjà lu" in note for note in parsed.notes)


def test_a_third_kind_of_line_makes_noise(tmp_path: Path) -> None:
    parsed = read(write(tmp_path, structure(), "equipement;310000001;x"))
    assert any("equipement (1)" in note for note in parsed.notes)


# The flat layout


def flat(folder: Path, rows: list[dict[str, str]], delimiter: str = ",") -> Path:
    path = folder / "finess.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


FLAT = {
    "numero finess etablissement": "310000001",
    "activite": "16",
    "raison_sociale": "CMP",
    "rslongue": "",
    "categetab": "156",
    "categorie": "Centre Médico-Psychologique",
    "latitude": "43.6",
    "longitude": "1.44",
    "code_insee": "31555",
}


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_one_line_per_activity_is_one_establishment(tmp_path: Path, delimiter: str) -> None:
    path = flat(tmp_path, [FLAT, FLAT | {"activite": "17"}, FLAT | {"code_insee": "31069"}], delimiter)
    parsed = read(path)
    found = only(parsed)
    assert (found.name, found.types, found.lon, found.lat) == ("CMP", ("cmp",), 1.44, 43.6)
    assert (parsed.n_read, parsed.counts["lines"]) == (1, 3)


def test_a_lost_zero_and_a_closing_date(tmp_path: Path) -> None:
    row = FLAT | {
        "numero finess etablissement": "90002577",
        "code_insee": "9289",
        "date_fermeture": "2024-01-31",
    }
    still_open = row | {"numero finess etablissement": "90002578", "date_fermeture": ""}
    parsed = read(flat(tmp_path, [row, still_open]), Scope(communes=frozenset({"09289"})))
    assert [(item.record.uid, item.record.closed) for item in parsed.records] == [
        ("finess--090002577", True),
        ("finess--090002578", False),
    ]


def test_the_merged_national_table_has_its_own_system(tmp_path: Path) -> None:
    """Published by some portals: the raw fields under a header, metres and the text that names them."""
    row = dict.fromkeys(STRUCTURE_FIELDS[1:], "") | {
        "nofinesset": "310000001", "rs": "CMP", "categetab": "156", "commune": "555", "departement": "31",
        "coordxet": "574357.8", "coordyet": "6279642.4", "sourcecoordet": LAMBERT,
    }  # fmt: skip
    found = only(read(flat(tmp_path, [row], ";")))
    assert (
        metres_apart(
            found, *pyproj.Transformer.from_crs(2154, 4326, always_xy=True).transform(574357.8, 6279642.4)
        )
        < 0.1
    )


def test_a_new_flat_column_makes_noise_and_a_short_line_is_refused(tmp_path: Path) -> None:
    path = flat(tmp_path, [FLAT | {"capacite": "12"}])
    with path.open("a", encoding="utf-8") as file:
        file.write("310000002,trop court\n")
    parsed = read(path)
    assert any("capacite" in note for note in parsed.notes)
    assert [row.line for row in parsed.refused] == [3]


# Files that are something else


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "vide"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "texte"),
        (b'{"type": "FeatureCollection", "features": []}', "qpv"),
        (b"nom;adresse\nCMP;1 rue\n", "numéro FINESS"),
        (b"finess;etalab;93;2026-05-12\nstructureej;310000001;x\n", "aucun établissement"),
        (b"finess;etalab;98;2026-05-12\n", "aucun établissement"),
        (b"\xef\xbb\xbf", "numéro FINESS"),
        (b"nofinesset;categetab;rs;" + b"x" * 200_000 + b"\n1;2;3\n", "numéro FINESS"),
    ],
)
def test_a_file_that_is_something_else(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "fichier.csv"
    path.write_bytes(content)
    with pytest.raises(RefusedInput, match=word) as refusal:
        read(path)
    assert "fichier.csv" in str(refusal.value)


# Real files


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "read_units", "homes", "lines"),
    [("cs1100507_toulouse_montpellier.csv", 1349, 1, 1349), ("occitanie_opendatasoft.csv", 9865, 139, 13747)],
)
def test_toulouse_and_montpellier(
    shared_data: Path, name: str, read_units: int, homes: int, lines: int
) -> None:
    """1,350 establishments, 833 and 517: one of Toulouse's is people's home and is left out."""
    parsed = read(shared_data / "finess" / name, Scope(communes=frozenset({"31555", "34172"})))
    assert Counter(item.record.insee for item in parsed.records) == {"31555": 832, "34172": 517}
    assert parsed.n_read == read_units
    assert (parsed.counts["category_462"], parsed.counts["lines"]) == (homes, lines)
    assert not parsed.refused
    assert {"cmp", "pharmacie", "centre-sante"} <= parsed.claims


@pytest.mark.real_data
def test_both_layouts_say_the_same_of_toulouse(shared_data: Path) -> None:
    raw, flat_file = (
        {item.record.uid: item.record for item in read(shared_data / "finess" / name).records}
        for name in ("cs1100507_toulouse_montpellier.csv", "occitanie_opendatasoft.csv")
    )
    assert raw.keys() == flat_file.keys()
    for uid, found in raw.items():
        other = flat_file[uid]
        assert (found.name, found.types) == (other.name, other.types)
        # Metres are rounded to ten centimetres in the raw layout.
        assert metres_apart(found, other.lon, other.lat) < 0.2


@pytest.mark.real_data
def test_establishments_within_the_quartiers_of_2024(shared_data: Path) -> None:
    """127 of the two towns' 1,350 lie in a quartier, according to the note beside the files."""
    from reseau.sources.qpv import SOURCE as QPV

    quartiers = QPV.read(
        shared_data / "qpv" / "qpv2024_france.geojson",
        Scope(communes=frozenset({"31555", "34172"})),
        ReadOptions(),
    )
    areas = tuple(item.record.wkb for item in quartiers.records)
    parsed = read(
        shared_data / "finess" / "cs1100507_toulouse_montpellier.csv", Scope(areas_wkb=areas, radius_km=0)
    )
    assert abs(len(parsed.records) - 127) <= 1


@pytest.mark.real_data
def test_raw_lines_of_every_territory(shared_data: Path) -> None:
    path = shared_data / "finess" / "cs1100502_extrait_brut.csv"
    overseas = {"01451", "97701", "97801", "97207", "97302", "97411", "97606", "98613"}
    parsed = read(path, Scope(communes=frozenset(overseas)))
    # Mayotte's only line in that commune is people's home.
    assert {item.record.insee for item in parsed.records} == overseas - {"97606"}
    assert all(item.record.postcode for item in parsed.records)
