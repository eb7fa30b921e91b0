"""Boundaries decide who counts as near: none may be lost, moved or read twice without a word."""

import json
import struct
import warnings
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import Polygon

from reseau.errors import RefusedInput
from reseau.model.records import Quartier
from reseau.model.reports import Parsed, Scope
from reseau.sources import qpv
from reseau.sources._base import ReadOptions
from reseau.sources._layers import guess_dbf_encoding
from reseau.sources.qpv import SOURCE

SQUARE = Polygon([(1.44, 43.60), (1.44, 43.61), (1.45, 43.61), (1.45, 43.60)])
SAMPLE = Path(qpv.__file__).parent / SOURCE.spec.sample
BOW_TIE = Polygon([(1.44, 43.60), (1.45, 43.61), (1.45, 43.60), (1.44, 43.61)])


def read(path: Path, *communes: str) -> Parsed:
    parsed = SOURCE.read(path, Scope(communes=frozenset(communes)), ReadOptions())
    assert parsed.n_read == len(parsed.records) + len(parsed.refused) + parsed.n_out_of_scope
    return parsed


def only(parsed: Parsed) -> Quartier:
    (located,) = parsed.records
    assert isinstance(located.record, Quartier)
    return located.record


def feature(geometry=SQUARE, **properties: object) -> dict:
    base = {"code_qp": "QN03101M", "lib_qp": "Bellevue", "insee_com": "31555", "lib_com": "Toulouse"}
    shape = None if geometry is None else shapely.geometry.mapping(geometry)
    return {"type": "Feature", "properties": base | properties, "geometry": shape}


def geojson(folder: Path, *features: dict, **members: object) -> Path:
    path = folder / "quartiers.geojson"
    document = {"type": "FeatureCollection", "features": list(features), **members}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def shapefile_zip(folder: Path, layers: dict[str, gpd.GeoDataFrame], **options: object) -> Path:
    path = folder / "qpv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, frame in layers.items():
            target = folder / Path(name).name
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                frame.to_file(target.with_suffix(".shp"), **options)
            for part in sorted(folder.glob(f"{target.name}.*")):
                archive.write(part, f"{name}{part.suffix}")
    return path


def frame(codes: list[str], geometries=None, crs: int | None = 4326, **columns: list) -> gpd.GeoDataFrame:
    table = {"code_qp": codes, "lib_qp": ["Cité des Îles"] * len(codes), "insee_com": ["31555"] * len(codes)}
    return gpd.GeoDataFrame(table | columns, geometry=geometries or [SQUARE] * len(codes), crs=crs)


# Attributes


@pytest.mark.parametrize(
    ("properties", "communes", "names"),
    [
        ({"code_qp": "QN03101M", "lib_qp": "A", "insee_com": "31555", "lib_com": "T"}, ("31555",), ("T",)),
        (
            {"CODE_QP": "QP031001", "NOM_QP": "A", "code_commune": "31555", "nom_commune": "T"},
            ("31555",),
            ("T",),
        ),
        ({"code_qp": "QP031001", "nom_qp": "A", "code_insee": 31555, "commune_qp": "T"}, ("31555",), ("T",)),
        ({"code_qp": "QP031001", "nom_qp": "A", "code_insee": 31555.0}, ("31555",), ()),
    ],
)
def test_every_known_naming_is_read(tmp_path: Path, properties, communes, names) -> None:
    item = {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(SQUARE)}
    quartier = only(read(geojson(tmp_path, item)))
    assert (quartier.name, quartier.communes, quartier.commune_names) == ("A", communes, names)
    assert quartier.generation == (2024 if quartier.code.startswith("QN") else 2015)


def test_a_quartier_may_span_communes_and_be_taken_by_either(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature(insee_com="02571, 2691", lib_com="Omissy, Saint-Quentin"))
    parsed = read(path, "02691")
    assert only(parsed).communes == ("02571", "02691")
    assert only(parsed).commune_names == ("Omissy", "Saint-Quentin")
    assert parsed.counts["insee_zero_restored"] == 1
    assert read(path, "31555").n_out_of_scope == 1


def test_unknown_population_is_not_zero(tmp_path: Path) -> None:
    values = [None, "", "nd", 0, "1 177", 1177.4]
    features = [feature(code_qp=f"QN0310{n}M", pop_mun=value) for n, value in enumerate(values)]
    parsed = read(geojson(tmp_path, *features))
    assert [located.record.population for located in parsed.records] == [None, None, None, None, 1177, 1177]
    # An empty cell must not erase a figure the team typed.
    assert ["population" in located.fields for located in parsed.records] == [False] * 4 + [True] * 2
    assert parsed.counts["population_unreadable"] == 1


def test_a_figure_no_quartier_reaches_is_unknown(tmp_path: Path) -> None:
    """A number too large for the database must not make the whole file fail."""
    found = only(read(geojson(tmp_path, feature(pop=int("9" * 30)))))
    assert found.population is None


def test_a_name_is_plain_text_whatever_the_file_hides_in_it(tmp_path: Path) -> None:
    """Half characters, zero bytes and reversing marks can neither be stored nor read."""
    found = only(read(geojson(tmp_path, feature(lib_qp="Belle\ud800v\0u\u202ee"))))
    assert found.name == "Bellevue"


def test_a_monstrous_number_is_said(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature(pop="POP"))
    path.write_text(path.read_text(encoding="utf-8").replace('"POP"', "9" * 5000), encoding="utf-8")
    with pytest.raises(RefusedInput, match="démesuré"):
        read(path)


def test_languages_by_code_or_label(tmp_path: Path) -> None:
    parsed = read(geojson(tmp_path, feature(langues="ar | Turc | klingon")))
    assert only(parsed).languages == ("ar", "tr")
    assert any("langue non reconnue" in note for note in parsed.notes)


def test_a_new_column_makes_noise(tmp_path: Path) -> None:
    parsed = read(geojson(tmp_path, feature(siren_epci="243100518", revenu_median=9000)))
    (note,) = (note for note in parsed.notes if "non utilisées" in note)
    assert "revenu_median" in note
    assert "siren_epci" not in note


# Rows that cannot be taken


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"code_qp": ""}, "vide"),
        ({"code_qp": None}, "vide"),
        ({"code_qp": "ZUS-12"}, "QN"),
        ({"insee_com": "Toulouse"}, "INSEE"),
        ({"genre": "zone"}, "qpv"),
        ({"geometry": None}, "manque"),
        ({"geometry": shapely.Point(1, 43)}, "un point"),
        ({"geometry": shapely.LineString([(1, 43), (2, 43)])}, "une ligne"),
        ({"geometry": Polygon([(1, 43), (2, 43), (1, 43)])}, "surface"),
        ({"geometry": Polygon()}, ""),
    ],
)
def test_a_bad_feature_is_kept_with_its_reason(tmp_path: Path, change: dict, word: str) -> None:
    parsed = read(geojson(tmp_path, feature(code_qp="QN03109M"), feature(**change)))
    (refused,) = parsed.refused
    assert refused.line == 2
    assert word in refused.problems[0].reason
    assert refused.row["lib_qp"] == "Bellevue"
    assert len(parsed.records) == 1


def test_the_second_of_two_same_codes_is_refused(tmp_path: Path) -> None:
    parsed = read(geojson(tmp_path, feature(), feature(lib_qp="Autre")))
    assert only(parsed).name == "Bellevue"
    assert "n° 1" in parsed.refused[0].problems[0].reason


def test_a_file_of_elsewhere_says_so(tmp_path: Path) -> None:
    """«0 nouveau» alone would leave a person with a wrong commune code without a clue."""
    parsed = read(geojson(tmp_path, feature()), "31999")
    assert (parsed.n_out_of_scope, "31999" in parsed.notes[0]) == (1, True)
    assert read(geojson(tmp_path, feature()), "31555").notes == ()


def test_without_commune_only_the_department_can_be_judged(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature(insee_com=""), feature(code_qp="QN07511M", insee_com=""))
    parsed = read(path, "31555")
    assert [row.line for row in parsed.refused] == [1]
    assert parsed.n_out_of_scope == 1
    assert len(read(path).records) == 2


def test_features_that_are_not_features_are_refused_not_a_crash(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature(), *[None, 3, {"properties": [], "geometry": {"type": "Polygon"}}])
    assert [row.line for row in read(path).refused] == [2, 3, 4]


# Territory


@pytest.mark.parametrize(
    ("in_file", "territory", "taken"),
    [
        ("75056", "75118", True),
        ("75118", "75056", True),
        ("69123", "69383", True),
        ("13203", "13055", True),
        ("93059", "93066", True),
        ("93066", "93059", True),
        ("75118", "75119", False),
    ],
)
def test_arrondissements_and_merged_communes(
    tmp_path: Path, in_file: str, territory: str, taken: bool
) -> None:
    parsed = read(geojson(tmp_path, feature(insee_com=in_file)), territory)
    assert len(parsed.records) == taken
    assert parsed.n_out_of_scope == (not taken)


def test_quartiers_named_one_by_one(tmp_path: Path) -> None:
    """Those named, wherever they are; the other generation, which serves to compare, goes by commune."""
    path = geojson(
        tmp_path,
        feature(),
        feature(code_qp="QN03102M"),
        feature(code_qp="QN09301M", insee_com="93066"),
        feature(code_qp="QP031001"),
        feature(code_qp="QP093001", insee_com="93066"),
    )
    for communes, expected in (
        (frozenset({"31555"}), ["QN03102M", "QN09301M", "QP031001"]),
        (frozenset(), ["QN03102M", "QN09301M"]),
    ):
        scope = Scope(communes=communes, qpv_codes=frozenset({"QN03102M", "QN09301M"}))
        parsed = SOURCE.read(path, scope, ReadOptions())
        assert [item.record.code for item in parsed.records] == expected
        assert parsed.n_read == 5


def test_quartiers_named_that_are_not_there(tmp_path: Path) -> None:
    scope = Scope(qpv_codes=frozenset({"QN03199M"}))
    parsed = SOURCE.read(geojson(tmp_path, feature()), scope, ReadOptions())
    assert any("QN03199M" in note for note in parsed.notes)


def test_one_of_the_quartiers_named_is_not_there(tmp_path: Path) -> None:
    """A slip in one code must not pass because others were found; the other generation is another file."""
    scope = Scope(qpv_codes=frozenset({"QN03102M", "QN03199M", "QP031001"}))
    parsed = SOURCE.read(geojson(tmp_path, feature(code_qp="QN03102M")), scope, ReadOptions())
    (note,) = (note for note in parsed.notes if "absents de ce fichier" in note)
    assert "QN03199M" in note
    assert "QN03102M" not in note
    assert "QP031001" not in note


def test_the_point_of_a_quartier_is_not_read(tmp_path: Path) -> None:
    """Opendatasoft writes it latitude first, beside the boundary: it must not move anything."""
    path = geojson(tmp_path, feature(geo_point_2d=[43.605, 1.445], code_insee=31555.0))
    west, south, east, north = shapely.from_wkb(only(read(path, "31555")).wkb).bounds
    assert (west, south, east, north) == SQUARE.bounds


def test_a_quartier_vecu_is_always_taken(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature(code_qp="Bords du Canal", genre="vécu", insee_com=""))
    quartier = only(read(path, "99101"))
    assert (quartier.code, quartier.kind, quartier.generation) == ("QV-bords-du-canal", "vecu", None)


# Geometry


def test_invalid_polygons_are_repaired_and_counted(tmp_path: Path) -> None:
    parsed = read(geojson(tmp_path, feature(BOW_TIE), feature(code_qp="QN03102M")))
    assert parsed.counts["geometries_repaired"] == 1
    assert all(shapely.from_wkb(item.record.wkb).is_valid for item in parsed.records)
    assert any("1 contour" in note for note in parsed.notes)


def test_altitude_is_dropped(tmp_path: Path) -> None:
    quartier = only(read(geojson(tmp_path, feature(shapely.force_3d(SQUARE, 150)))))
    assert not shapely.from_wkb(quartier.wkb).has_z


def metres(epsg: int) -> Polygon:
    return gpd.GeoSeries([SQUARE], crs=4326).to_crs(epsg)[0]


def assert_back_home(quartier: Quartier) -> None:
    shape = shapely.from_wkb(quartier.wkb)
    assert shapely.hausdorff_distance(shape, SQUARE) < 1e-7


def test_another_system_declared_in_the_geojson(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    parsed = read(geojson(tmp_path, feature(metres(2154)), crs=crs))
    assert_back_home(only(parsed))
    assert any("WGS84" in note for note in parsed.notes)


def test_lambert_93_is_guessed_and_said(tmp_path: Path) -> None:
    parsed = read(geojson(tmp_path, feature(metres(2154))))
    assert_back_home(only(parsed))
    assert any("Lambert-93" in note for note in parsed.notes)


@pytest.mark.parametrize("epsg", [32631, 27572, 3943])
def test_metres_that_could_be_anything_are_refused(tmp_path: Path, epsg: int) -> None:
    # Guessing wrong would move every quartier by hundreds of kilometres.
    with pytest.raises(RefusedInput, match="système de coordonnées"):
        read(geojson(tmp_path, feature(metres(epsg))))


def test_geopackage_in_metres(tmp_path: Path) -> None:
    path = tmp_path / "quartiers.gpkg"
    frame(["QN03101M"]).to_crs(2154).to_file(path, layer="qp")
    quartier = only(read(path, "31555"))
    assert_back_home(quartier)
    assert quartier.name == "Cité des Îles"


# Archives


@pytest.mark.parametrize("encoding", ["UTF-8", "cp1252"])
def test_zipped_shapefile_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    path = shapefile_zip(tmp_path, {"QP2024/QP_WGS84": frame(["QN03101M"])}, encoding=encoding)
    quartier = only(read(path, "31555"))
    assert quartier.name == "Cité des Îles"
    assert_back_home(quartier)


def test_encoding_is_judged_on_most_accents_not_on_a_cut_one() -> None:
    assert guess_dbf_encoding("Cité des Îles à Évry".encode()[:-1] + b"\xc3") == "UTF-8"
    assert guess_dbf_encoding("Cité des Îles à Évry".encode("cp1252")) == "cp1252"
    assert guess_dbf_encoding(b"Evry") == "UTF-8"


def test_the_layer_in_degrees_is_the_one_taken(tmp_path: Path) -> None:
    both = frame(["QN03101M", "QN97401M"])
    layers = {"LB93/QP_LB93": frame(["QN03101M"]).to_crs(2154), "WGS84/QP_WGS84": both}
    parsed = read(shapefile_zip(tmp_path, layers))
    assert parsed.n_read == 2
    assert any("QP_WGS84" in note and "QP_LB93" in note for note in parsed.notes)
    assert not any("converties" in note for note in parsed.notes)


def test_without_a_layer_in_degrees_each_territory_is_taken(tmp_path: Path) -> None:
    island = Polygon([(55.44, -20.90), (55.44, -20.89), (55.45, -20.89), (55.45, -20.90)])
    layers = {
        "QP_LB93": frame(["QN03101M"]).to_crs(2154),
        "QP_REUNION_UTM40S": frame(["QN97401M"], [island], insee_com=["97411"]).to_crs(2975),
    }
    parsed = read(shapefile_zip(tmp_path, layers))
    shapes = {item.record.code: shapely.from_wkb(item.record.wkb) for item in parsed.records}
    assert shapely.hausdorff_distance(shapes["QN97401M"], island) < 1e-6
    assert shapely.hausdorff_distance(shapes["QN03101M"], SQUARE) < 1e-6
    assert [item.line for item in parsed.records] == [1, 2]


def test_an_archive_may_hold_a_geojson(tmp_path: Path) -> None:
    path = tmp_path / "q.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(geojson(tmp_path, feature()), "dossier/q.geojson")
        archive.writestr("__MACOSX/dossier/._q.geojson", b"\x00\x05\x16\x07")
        archive.writestr("lisez-moi.txt", "bonjour")
    assert only(read(path)).code == "QN03101M"


@pytest.mark.parametrize(
    ("member", "content", "word"),
    [
        ("../../etc/q.geojson", b"{}", "chemin interdit"),
        ("..\\..\\q.geojson", b"{}", "chemin interdit"),
        ("/etc/q.geojson", b"{}", "chemin interdit"),
        ("C:/q.geojson", b"{}", "chemin interdit"),
        ("interieur.zip", b"PK", "autre archive"),
        ("q.shp", b"\x00\x00\x27\x0a", ".shx et .dbf"),
        ("lisez-moi.txt", b"bonjour", "aucun contour"),
        ("zeros.geojson", bytes(30_000_000), "gonfle"),
    ],
)
def test_hostile_or_useless_archives(tmp_path: Path, member: str, content: bytes, word: str) -> None:
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, content)
    with pytest.raises(RefusedInput, match=word):
        read(path)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["archive.zip"]


def test_a_cut_archive_is_said_to_be_broken(tmp_path: Path) -> None:
    path = shapefile_zip(tmp_path, {"QP": frame(["QN03101M"])})
    content = bytearray(path.read_bytes())
    content[60:100] = bytes(40)
    path.write_bytes(content)
    with pytest.raises(RefusedInput, match="abîmée"):
        read(path)


# Files that are something else


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("vide.geojson", b"", "vide"),
        ("image.geojson", b"\x89PNG\r\n\x1a\n\x00\x00\x00", "fichier de texte"),
        ("tableau.csv", b"code_qp;lib_qp\nQN03101M;Bellevue\n", "contours"),
        ("coupe.geojson", b'{"type": "FeatureCollection", "features": [{"ty', "coupé"),
        ("autre.json", b'{"type": "Topology"}', "FeatureCollection"),
        ("liste.json", b"[1, 2]", "contours"),
        ("profond.json", b'{"a":' * 100_000, "imbriqué"),
        ("seul.shp", b"\x00\x00\x27\x0a" + bytes(100), "shapefile"),
        ("base.gpkg", b"SQLite format 3\x00" + bytes(200), "GeoPackage"),
        ("faux.gpkg", b"SQLite format 3\x00" + bytes(52) + b"GPKG" + bytes(200), "abîmé"),
        (
            "q.vrt",
            b"<OGRVRTDataSource><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTDataSource>",
            "contours",
        ),
        (
            "sans_code.geojson",
            b'{"type":"FeatureCollection","features":[{"properties":{"nom_iris":"x"}}]}',
            "nom_iris",
        ),
    ],
)
def test_a_file_that_is_something_else(tmp_path: Path, name: str, content: bytes, word: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RefusedInput, match=word):
        read(path)


def test_a_folder_or_nothing(tmp_path: Path) -> None:
    with pytest.raises(RefusedInput, match="dossier"):
        read(tmp_path)
    with pytest.raises(RefusedInput, match="introuvable"):
        read(tmp_path / "absent.geojson")


def test_a_file_too_big_is_refused_before_being_read(tmp_path: Path) -> None:
    path = tmp_path / "enorme.geojson"
    with path.open("wb") as file:
        file.truncate(300_000_000)
    with pytest.raises(RefusedInput, match="trop gros"):
        read(path)


def test_a_lying_size_does_not_pass(tmp_path: Path) -> None:
    """The size an archive announces is only a promise: the content is cut there and then refused."""
    path = tmp_path / "menteuse.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("q.geojson", bytes(5_000_000))
    content = bytearray(path.read_bytes())
    real = struct.pack("<I", 5_000_000)
    while (at := content.find(real)) >= 0:
        content[at : at + 4] = struct.pack("<I", 10)
    path.write_bytes(content)
    with pytest.raises(RefusedInput, match="abîmée"):
        read(path)


def test_the_sample_shows_what_happens() -> None:
    parsed = read(SAMPLE)
    assert len(parsed.records) == 4
    assert len(parsed.refused) == 1
    assert parsed.counts["geometries_repaired"] == 1


# Real files


@pytest.mark.real_data
def test_france_2024(shared_data: Path) -> None:
    parsed = read(shared_data / "qpv" / "qpv2024_france.geojson")
    assert len(parsed.records) == 1584
    assert not parsed.refused, "two of them have no intercommunality: it is not needed"
    assert parsed.counts["geometries_repaired"] == 586
    assert sum(len(item.record.communes) > 1 for item in parsed.records) == 149
    shapes = [shapely.from_wkb(item.record.wkb) for item in parsed.records]
    assert all(shape.is_valid and shape.area > 0 for shape in shapes)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("qpv2024_france.geojson", 1584),
        ("qpv2024_villes_lb93.gpkg", 126),
        ("qpv2015_occitanie.geojson", 105),
        ("qpv2015_4_departements_opendatasoft.geojson", 34),
    ],
)
def test_toulouse_in_every_file(shared_data: Path, name: str, total: int) -> None:
    parsed = read(shared_data / "qpv" / name, "31555")
    assert len(parsed.records) == 12
    assert parsed.n_read == total
    assert not parsed.refused
    assert any("2015" in note for note in parsed.notes) == ("2015" in name)
    for located in parsed.records:
        west, south, east, north = shapely.from_wkb(located.record.wkb).bounds
        assert 1.3 < west < east < 1.6
        assert 43.5 < south < north < 43.7


@pytest.mark.real_data
def test_the_metric_file_gives_the_same_places(shared_data: Path) -> None:
    degrees, metric = (
        {
            item.record.code: shapely.from_wkb(item.record.wkb)
            for item in read(shared_data / "qpv" / name, "31555").records
        }
        for name in ("qpv2024_france.geojson", "qpv2024_villes_lb93.gpkg")
    )
    assert degrees.keys() == metric.keys()
    # One of the two is rounded to four decimals, some eleven metres.
    assert all(shapely.hausdorff_distance(shape, metric[code]) < 5e-4 for code, shape in degrees.items())


@pytest.mark.real_data
def test_traps_of_the_small_file(shared_data: Path) -> None:
    path = shared_data / "qpv" / "qpv2024_mini.geojson"
    parsed = read(path)
    assert [row.line for row in parsed.refused] == [4]
    assert {code for item in parsed.records for code in item.record.communes} == {"75056", "93066", "02691"}
    assert [item.record.code for item in read(path, "75118").records] == ["QN07511M"]


@pytest.mark.real_data
def test_pierrefitte_is_in_saint_denis(shared_data: Path) -> None:
    path = shared_data / "qpv" / "qpv2024_france.geojson"
    by_new, by_old = read(path, "93066"), read(path, "93059")
    assert {item.record.code for item in by_new.records} == {item.record.code for item in by_old.records}
    assert any("93059" in item.record.communes for item in by_new.records)


@pytest.mark.real_data
def test_other_real_files_are_told_apart(shared_data: Path) -> None:
    for name in ("finess/occitanie_opendatasoft.csv", "population/iris_93_filosofi2021.geojson"):
        with pytest.raises(RefusedInput):
            read(shared_data / name)
