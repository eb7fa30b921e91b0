"""Every trap of the real files of `../shared/data`, and where each one is proved.

`TRAPS` has one line a trap: the test that meets it in the real file, and the one that meets it in an invented
miniature, for machines that do not have the folder. Those that no other file of tests proves are here.
"""

from __future__ import annotations

import ast
import csv
import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import shapely
from pyproj import Geod

from reseau.model.reports import Parsed, Scope
from reseau.model.typology import load_typology
from reseau.services.importing import FileToImport, import_file
from reseau.services.territoires import create_territoire
from reseau.services.view import open_view
from reseau.sources import ReadOptions, all_sources
from reseau.store.rows import rows_of
from tests.traps.desk import Desk, open_desk

HERE = "tests/traps/test_shared_files.py"
SOURCES_TESTS = "tests/unit/sources"
QPV, FINESS = f"{SOURCES_TESTS}/test_qpv.py", f"{SOURCES_TESTS}/test_finess.py"
FIGURES, FS = f"{SOURCES_TESTS}/test_qpv_indicateurs.py", f"{SOURCES_TESTS}/test_france_services.py"
POINTS, DILA = f"{SOURCES_TESTS}/test_points.py", f"{SOURCES_TESTS}/test_service_public.py"
IRIS, SQUARES, OSM = (f"{SOURCES_TESTS}/test_{name}.py" for name in ("iris", "carreaux", "osm"))
TABLE, POLICY = f"{SOURCES_TESTS}/test_tableur.py", "tests/unit/geocoding/test_policy.py"
ANSWERS, TEXT = "tests/unit/geocoding/test_table.py", f"{SOURCES_TESTS}/test_text.py"
REPERES, ROWS = "tests/unit/services/test_reperes.py", "tests/traps/test_hostile_rows.py"
# File, trap, test on the real file, test on a miniature.
TRAPS = [
    (
        "qpv/qpv2024_france.geojson",
        "586 contours invalides",
        f"{QPV}::test_france_2024",
        f"{QPV}::test_invalid_polygons_are_repaired_and_counted",
    ),
    (
        "qpv/qpv2024_france.geojson",
        "149 sur plusieurs communes",
        f"{QPV}::test_france_2024",
        f"{QPV}::test_a_quartier_may_span_communes_and_be_taken_by_either",
    ),
    (
        "qpv/qpv2024_france.geojson",
        "Pierrefitte réunie à Saint-Denis",
        f"{QPV}::test_pierrefitte_is_in_saint_denis",
        f"{QPV}::test_arrondissements_and_merged_communes",
    ),
    (
        "qpv/qpv2024_france.geojson",
        "sans intercommunalité",
        f"{HERE}::test_a_quartier_without_epci_is_taken",
        f"{HERE}::test_what_a_quartier_does_not_say_does_not_refuse_it",
    ),
    (
        "qpv/qpv2024_villes_lb93.gpkg",
        "en mètres, pas en degrés",
        f"{HERE}::test_metres_and_degrees_draw_the_same_places",
        f"{QPV}::test_geopackage_in_metres",
    ),
    (
        "qpv/qpv2024_mini.geojson",
        "un code vide",
        f"{QPV}::test_traps_of_the_small_file",
        f"{QPV}::test_a_bad_feature_is_kept_with_its_reason",
    ),
    (
        "qpv/qpv2024_mini.geojson",
        "un code INSEE sans son zéro",
        f"{QPV}::test_traps_of_the_small_file",
        f"{HERE}::test_the_zero_of_a_code_comes_back",
    ),
    (
        "qpv/qpv2015_occitanie.geojson",
        "32 contours invalides",
        f"{HERE}::test_the_quartiers_of_2015_are_drawn_right",
        f"{QPV}::test_invalid_polygons_are_repaired_and_counted",
    ),
    (
        "qpv/qpv2015_occitanie_indicateurs.csv",
        "marque au début du fichier",
        f"{FIGURES}::test_the_real_file_of_occitanie",
        f"{FIGURES}::test_decimal_commas_bom_and_percent_signs",
    ),
    (
        "qpv/qpv2015_occitanie_indicateurs.csv",
        "le secret n'est pas zéro",
        f"{FIGURES}::test_the_real_file_of_occitanie",
        f"{FIGURES}::test_a_secret_figure_has_no_key_and_a_secret_population_is_not_given",
    ),
    (
        "qpv/qpv2015_4_departements_opendatasoft.geojson",
        "code INSEE en nombre",
        f"{HERE}::test_opendatasoft_writes_codes_as_numbers_and_points_the_other_way_round",
        f"{HERE}::test_the_zero_of_a_code_comes_back",
    ),
    (
        "qpv/qpv2015_4_departements_opendatasoft.geojson",
        "latitude avant longitude",
        f"{HERE}::test_opendatasoft_writes_codes_as_numbers_and_points_the_other_way_round",
        f"{QPV}::test_the_point_of_a_quartier_is_not_read",
    ),
    (
        "finess/cs1100502_extrait_brut.csv",
        "sans en-tête, deux genres de lignes",
        f"{HERE}::test_raw_lines_have_no_header",
        f"{FINESS}::test_a_third_kind_of_line_makes_noise",
    ),
    (
        "finess/cs1100507_extrait_brut.csv",
        "deux genres de lignes",
        f"{HERE}::test_raw_lines_have_no_header",
        f"{FINESS}::test_a_cut_line_is_refused_with_its_number",
    ),
    (
        "finess/cs1100502_extrait_brut.csv",
        "départements 9A à 9F",
        f"{FINESS}::test_raw_lines_of_every_territory",
        f"{FINESS}::test_commune_codes_are_put_together",
    ),
    (
        "finess/crs_controle.json",
        "le système écrit dans un texte",
        f"{FINESS}::test_national_control_points",
        f"{FINESS}::test_the_coordinate_system_is_read_in_the_text",
    ),
    (
        "finess/cs1100507_toulouse_montpellier.csv",
        "sans adresse, 127 dans un quartier",
        f"{FINESS}::test_establishments_within_the_quartiers_of_2024",
        f"{FINESS}::test_what_is_empty_does_not_overwrite",
    ),
    (
        "finess/occitanie_opendatasoft.csv",
        "une ligne par activité",
        f"{FINESS}::test_toulouse_and_montpellier",
        f"{FINESS}::test_one_line_per_activity_is_one_establishment",
    ),
    (
        "finess/categories.csv",
        "PASS, PAEJ, CJC sans catégorie",
        f"{HERE}::test_some_types_have_no_category",
        f"{FINESS}::test_claims_are_types_the_register_can_know",
    ),
    (
        "finess/categories.csv",
        "462, des domiciles",
        f"{FINESS}::test_toulouse_and_montpellier",
        f"{FINESS}::test_peoples_homes_appear_nowhere",
    ),
    (
        "annuaires/france_services.csv",
        "29 points en double",
        f"{FS}::test_the_national_list",
        f"{FS}::test_two_places_at_one_point_are_normal_and_noted",
    ),
    (
        "annuaires/france_services.csv",
        "bus et plusieurs sites",
        f"{FS}::test_the_national_list",
        f"{FS}::test_a_bus_has_no_address_nor_position_but_comes_to_people",
    ),
    (
        "annuaires/france_services.csv",
        "un jour vide est fermé",
        f"{FS}::test_the_national_list",
        f"{FS}::test_an_empty_day_is_a_closed_one",
    ),
    (
        "annuaires/mednum_angers.json",
        "colonnes locales",
        f"{POINTS}::test_the_places_of_angers",
        f"{POINTS}::test_one_place_in_every_shape",
    ),
    (
        "annuaires/mednum_angers.json",
        "horaires en texte libre",
        f"{POINTS}::test_the_places_of_angers",
        f"{POINTS}::test_free_hours_are_read_or_kept_as_text",
    ),
    (
        "dila/fiches.json",
        "listes imbriquées, rue entière dans numero_voie",
        f"{DILA}::test_real_records",
        f"{DILA}::test_a_town_hall_is_read_whole",
    ),
    (
        "dila/fiches.json",
        "latitude et longitude en texte",
        f"{DILA}::test_real_records",
        f"{DILA}::test_the_flat_export_gives_the_same_structures",
    ),
    (
        "dila/local_social_sante_2019_sans_coordonnees.csv",
        "l'adresse dans un texte",
        f"{DILA}::test_the_real_table_of_2019",
        f"{DILA}::test_the_table_of_2019_gives_back_its_fields",
    ),
    (
        "ban/sortie_search_csv.csv",
        "latitude avant longitude, scores depuis 0,33",
        f"{POLICY}::test_real_answers_of_the_national_geocoder",
        f"{ANSWERS}::test_columns_are_found_by_name_wherever_they_are",
    ),
    (
        "ban/sortie_search_csv.csv",
        "quatre lignes plus longues",
        f"{TABLE}::test_output_of_the_national_geocoder",
        f"{ANSWERS}::test_a_line_longer_or_shorter_than_the_header_is_not_read",
    ),
    (
        "ban/sortie_search_csv.csv",
        "=11=",
        f"{HERE}::test_equal_signs_around_a_code_are_damage",
        f"{TEXT}::test_cells_are_cleaned_without_losing_text",
    ),
    (
        "population/iris_93_filosofi2021.geojson",
        "46 sans chiffre",
        f"{IRIS}::test_the_real_file_of_seine_saint_denis",
        f"{IRIS}::test_a_secret_figure_has_no_key",
    ),
    (
        "population/carreaux_200m_la_reunion_2010.csv",
        "chiffres estimés, à virgule",
        f"{SQUARES}::test_the_real_squares_of_la_reunion",
        f"{SQUARES}::test_the_namings_of_every_publication",
    ),
    (
        "population/carreaux_200m_la_reunion_2010.csv",
        "centres en EPSG:2975",
        f"{SQUARES}::test_the_real_squares_of_la_reunion",
        f"{SQUARES}::test_coordinates_alone_give_the_official_identifier",
    ),
    (
        "osm/redon.osm",
        "une couche à part",
        f"{HERE}::test_the_map_stays_apart",
        f"{REPERES}::test_they_are_in_no_state_and_no_directory",
    ),
    (
        "osm/le_mans_centre.osm.pbf",
        "une couche à part",
        f"{HERE}::test_the_map_stays_apart",
        f"{OSM}::test_the_licence_is_said_at_each_import",
    ),
    (
        "reseaux/structures.csv",
        "des villes, pas d'adresses",
        f"{TABLE}::test_published_list_of_structures",
        f"{TABLE}::test_no_position_is_fine",
    ),
    (
        "reseaux/structures.csv",
        "noms entiers et courts, un projet",
        f"{HERE}::test_names_stay_as_they_are_written",
        f"{HERE}::test_a_short_name_is_not_taken_for_the_long_one",
    ),
    (
        "reseaux/liens_publies.csv",
        "des partenaires inconnus",
        f"{HERE}::test_ties_with_unknown_partners_are_kept_aside",
        f"{HERE}::test_a_short_name_is_not_taken_for_the_long_one",
    ),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("bureau")) as opened:
        yield opened


def read(source_id: str, path: Path, *communes: str) -> Parsed:
    return all_sources()[source_id].read(path, Scope(communes=frozenset(communes)), ReadOptions())


@cache
def functions_of(path: str) -> dict[str, bool]:
    """Tests of a file, and whether each needs the real files."""
    root = Path(__file__).resolve().parents[2]
    tree = ast.parse((root / path).read_text(encoding="utf-8"))
    everywhere = any(
        isinstance(node, ast.Assign) and "real_data" in ast.unparse(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    )
    return {
        node.name: everywhere or any("real_data" in ast.unparse(mark) for mark in node.decorator_list)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }


@pytest.mark.parametrize(("file", "trap", "real", "invented"), TRAPS, ids=[f"{t[0]} {t[1]}" for t in TRAPS])
def test_each_trap_is_proved_twice(file: str, trap: str, real: str, invented: str) -> None:
    """On the real file, and on a miniature that every machine has."""
    for test, needs_folder in ((real, True), (invented, False)):
        path, _, name = test.partition("::")
        assert functions_of(path).get(name) is needs_folder, f"{file}, {trap} : {test}"


@pytest.mark.real_data
def test_every_real_file_has_its_traps(shared_data: Path) -> None:
    """A file added to the folder asks for its line here."""
    found = {path.relative_to(shared_data).as_posix() for path in shared_data.rglob("*.*") if path.is_file()}
    # Words about another file, not data.
    found -= {"README.md", "qpv/qpv2015_occitanie_indicateurs_dictionnaire.csv"}
    assert found == {file for file, _, _, _ in TRAPS}


# Boundaries


@pytest.mark.real_data
def test_a_quartier_without_epci_is_taken(shared_data: Path) -> None:
    path = shared_data / "qpv" / "qpv2024_france.geojson"
    document = json.loads(path.read_text(encoding="utf-8"))
    without = {
        item["properties"]["code_qp"] for item in document["features"] if not item["properties"]["siren_epci"]
    }
    assert len(without) > 1
    assert without <= {item.record.code for item in read("qpv", path).records}


def one_quartier(folder: Path, **about: object) -> Path:
    ring = [[2.0, 48.0], [2.01, 48.0], [2.01, 48.01], [2.0, 48.0]]
    feature = {
        "type": "Feature",
        "properties": {"code_qp": "QN00101M", "lib_qp": "Essai", "insee_com": "01053"} | about,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path = folder / "un.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


def test_what_a_quartier_does_not_say_does_not_refuse_it(tmp_path: Path) -> None:
    parsed = read("qpv", one_quartier(tmp_path, siren_epci=None, lib_com="?", insee_dep=None))
    assert (len(parsed.records), len(parsed.refused)) == (1, 0)


@pytest.mark.parametrize("written", ["1053", 1053, 1053.0, "01053"])
def test_the_zero_of_a_code_comes_back(tmp_path: Path, written: object) -> None:
    parsed = read("qpv", one_quartier(tmp_path, insee_com=written), "01053")
    assert [item.record.communes for item in parsed.records] == [("01053",)]


@pytest.mark.real_data
def test_metres_and_degrees_draw_the_same_places(shared_data: Path) -> None:
    """Centres within a few metres, areas nearly the same: one of the two is rounded to eleven metres."""
    degrees, metres = (
        {
            item.record.code: shapely.from_wkb(item.record.wkb)
            for item in read("qpv", shared_data / name).records
        }
        for name in ("qpv/qpv2024_france.geojson", "qpv/qpv2024_villes_lb93.gpkg")
    )
    assert len(metres) == 126
    assert metres.keys() <= degrees.keys()
    ground = Geod(ellps="GRS80")
    for code, shape in metres.items():
        other = degrees[code]
        here, there = shape.centroid, other.centroid
        assert ground.inv(here.x, here.y, there.x, there.y)[2] < 10, code
        areas = [abs(ground.geometry_area_perimeter(each)[0]) for each in (shape, other)]
        assert areas[0] == pytest.approx(areas[1], rel=0.03), code


@pytest.mark.real_data
def test_the_quartiers_of_2015_are_drawn_right(shared_data: Path) -> None:
    parsed = read("qpv", shared_data / "qpv" / "qpv2015_occitanie.geojson")
    assert (len(parsed.records), len(parsed.refused)) == (105, 0)
    assert parsed.counts["geometries_repaired"] == 32
    assert all(shapely.from_wkb(item.record.wkb).is_valid for item in parsed.records)


@pytest.mark.real_data
def test_opendatasoft_writes_codes_as_numbers_and_points_the_other_way_round(shared_data: Path) -> None:
    path = shared_data / "qpv" / "qpv2015_4_departements_opendatasoft.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    about = {item["properties"]["code_qp"]: item["properties"] for item in features}
    assert all(isinstance(item["code_insee"], int) for item in about.values())
    parsed = read("qpv", path)
    assert len(parsed.records) == 34
    for located in parsed.records:
        said = about[located.record.code]
        lat, lon = said["geo_point_2d"]
        assert located.record.communes == (f"{said['code_insee']:05d}",)
        assert shapely.from_wkb(located.record.wkb).distance(shapely.Point(lon, lat)) < 0.01


# The register


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["cs1100502_extrait_brut.csv", "cs1100507_extrait_brut.csv"])
def test_raw_lines_have_no_header(shared_data: Path, name: str) -> None:
    """Two kinds of lines, of 32 and 6 fields, that give one establishment each number."""
    path = shared_data / "finess" / name
    lines = path.read_text(encoding="utf-8").splitlines()
    kinds = Counter(
        (line.partition(";")[0], line.count(";") + 1) for line in lines if not line.startswith("finess;")
    )
    assert set(kinds) <= {("structureet", 32), ("geolocalisation", 6)}
    numbers = {
        line.split(";")[1]
        for line in lines
        if line.startswith("structureet") and line.split(";")[18] not in {"462"}
    }
    parsed = read("finess", path, "31555")
    assert parsed.n_read == len(numbers)
    assert not parsed.refused


@pytest.mark.real_data
def test_some_types_have_no_category(shared_data: Path) -> None:
    """The register cannot say that there is no PASS here: it has no word for it."""
    with (shared_data / "finess" / "categories.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["categetab"] for row in csv.DictReader(file)}
    assert len(codes) == 142
    typology = load_typology()
    known = {code: found for code in codes if (found := typology.for_finess(code))}
    assert known
    finess = all_sources()["finess"].spec
    for absent in ("pass", "paej", "cjc"):
        assert absent in typology
        assert absent not in known.values()
        assert absent not in finess.claims
    assert "462" not in known


# The geocoder's output and the map


@pytest.mark.real_data
def test_equal_signs_around_a_code_are_damage(shared_data: Path) -> None:
    path = shared_data / "ban" / "sortie_search_csv.csv"
    assert "=11=" in path.read_text(encoding="utf-8")
    parsed = read("tableur", path)
    rows = [row.row for row in (*parsed.records, *parsed.refused)]
    assert not [row for row in rows if any("=" in str(text) for text in row.values() if len(str(text)) < 6)]
    assert sum(row["code_departement"] == "11" for row in rows) > 50


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "places"), [("redon.osm", 31), ("le_mans_centre.osm.pbf", 9)])
def test_the_map_stays_apart(desk: Desk, shared_data: Path, name: str, places: int) -> None:
    """Its licence is not that of the directory: not one structure comes of it, and it is said."""
    tid = create_territoire(desk.app, name, communes=["72181"]).id
    report = import_file(desk.app, tid, "osm", FileToImport(path=shared_data / "osm" / name))
    assert report.created == places
    assert any("ODbL" in note for note in report.notes)
    assert open_view(desk.app, tid).structures.empty
    with desk.app.store.read() as connection:
        assert len(rows_of(connection, "reperes", tid)) == places


# The networks that documents speak of


@pytest.mark.real_data
def test_names_stay_as_they_are_written(desk: Desk, shared_data: Path) -> None:
    """In full, in short, a project: nothing is merged nor guessed, and nothing is placed."""
    path = shared_data / "reseaux" / "structures.csv"
    tid = create_territoire(desk.app, "Démarche participative", communes=["31555"]).id
    report = import_file(desk.app, tid, "tableur", FileToImport(path=path))
    assert (report.created, len(report.refused)) == (48, 0)
    kept = open_view(desk.app, tid).structures
    with path.open(encoding="utf-8", newline="") as file:
        assert set(kept["name"]) == {row["nom"] for row in csv.DictReader(file, delimiter=";")}
    assert "MSP des quartiers Sud (en projet)" in set(kept["name"])
    assert kept["lat"].isna().all()
    assert (kept["address"].fillna("") == "").all()


MAPPING = {"de": "from_ref", "vers": "to_ref", "objet": "note", "type_vers": "", "ville": "", "document": ""}


@pytest.mark.real_data
def test_ties_with_unknown_partners_are_kept_aside(desk: Desk, shared_data: Path) -> None:
    """45 ties: those of which both ends are known are made, each other one says which name is not."""
    folder = shared_data / "reseaux"
    tid = create_territoire(desk.app, "Liens publiés", communes=["31555"]).id
    import_file(desk.app, tid, "tableur", FileToImport(path=folder / "structures.csv"))
    known = {str(name) for name in open_view(desk.app, tid).structures["name"]}
    path = folder / "liens_publies.csv"
    as_it_is = import_file(desk.app, tid, "relations", FileToImport(path=path))
    assert (as_it_is.created, len(as_it_is.refused)) == (0, 45)
    assert {problem.column for row in as_it_is.refused for problem in row.problems} >= {"objet"}
    report = import_file(desk.app, tid, "relations", FileToImport(path=path, mapping=MAPPING))
    with path.open(encoding="utf-8", newline="") as file:
        ties = list(csv.DictReader(file, delimiter=";"))
    sure = {(tie["de"], tie["vers"]) for tie in ties if {tie["de"], tie["vers"]} <= known}
    assert report.created >= len(sure) > 0
    assert report.created + len(report.refused) == report.read == 45
    for row in report.refused:
        said = " ".join(problem.reason + problem.value for problem in row.problems)
        assert row.row["de"] in said or row.row["vers"] in said
        assert not {row.row["de"], row.row["vers"]} <= known or "répète" in said
    assert len(open_view(desk.app, tid).structures) == len(known), "no partner is made up from a tie"


def test_a_short_name_is_not_taken_for_the_long_one(desk: Desk, tmp_path: Path) -> None:
    """«PSIP» is not «Pôle de santé interprofessionnel (PSIP)» until somebody says so."""
    tid = create_territoire(desk.app, "Petit réseau", communes=["99101"]).id
    places, ties = tmp_path / "lieux.csv", tmp_path / "liens.csv"
    places.write_text(
        "nom;type\nPôle de santé du Gué (PSG);msp\nMSP du Pont (projet);msp\nCentre social;centre-social\n",
        encoding="utf-8",
    )
    ties.write_text(
        "de;vers;note\nPôle de santé du Gué (PSG);Centre social;oui\nPSG;Centre social;non\n"
        "Centre social;Ville de l'Exemple;non\n",
        encoding="utf-8",
    )
    assert import_file(desk.app, tid, "tableur", FileToImport(path=places)).created == 3
    report = import_file(desk.app, tid, "relations", FileToImport(path=ties))
    assert report.created == 1
    assert [(row.line, row.problems[0].value) for row in report.refused] == [
        (3, "PSG"),
        (4, "Ville de l'Exemple"),
    ]
