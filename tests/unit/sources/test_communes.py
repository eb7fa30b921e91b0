"""Communes: the official table, the answers of the State's service and boundaries complete each other."""

import json
from pathlib import Path

import pytest
import shapely
from shapely.geometry import box

from reseau.errors import RefusedInput
from reseau.model.context import Commune
from reseau.model.reports import Parsed, Scope
from reseau.sources import communes
from reseau.sources._base import ReadOptions
from reseau.sources.communes import SOURCE

SAMPLE = Path(communes.__file__).parent / SOURCE.spec.sample
COG = """TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT
COM,01033,84,01,01D,014,0,VALSERHONE,Valserhône,Valserhône,0108,
COMD,01033,,,,,0,BELLEGARDE,Bellegarde,Bellegarde-sur-Valserine,,01033
COMD,01091,,,,,0,CHATILLON,Châtillon,Châtillon-en-Michaille,,01033
COMA,02077,,,,,0,BERNOT,Bernot,Bernot,,02668
COM,75056,11,75,75C,751,0,PARIS,Paris,Paris,7599,
ARM,75118,11,75,75C,751,0,PARIS,Paris 18e,Paris 18e Arrondissement,7599,75056
COM,31555,76,31,31D,313,0,TOULOUSE,Toulouse,Toulouse,3199,
"""
SQUARE = box(1.44, 43.60, 1.45, 43.61)


def read(path: Path, *codes: str, **scope: object) -> Parsed:
    parsed = SOURCE.read(path, Scope(communes=frozenset(codes), **scope), ReadOptions())
    assert parsed.n_read == len(parsed.records) + len(parsed.refused) + parsed.n_out_of_scope
    return parsed


def write(folder: Path, content: object, name: str = "communes.json") -> Path:
    path = folder / name
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    return path


def records(parsed: Parsed) -> list[Commune]:
    return [item.record for item in parsed.records if isinstance(item.record, Commune)]


def toulouse(**values: object) -> dict:
    return {
        "nom": "Toulouse",
        "code": "31555",
        "codeEpci": "243100518",
        "codesPostaux": ["31000", "31100"],
    } | values


def test_the_official_table(tmp_path: Path) -> None:
    """The same code is that of a new commune and of one of its parts: both are kept."""
    path = write(tmp_path, COG, "v_commune_2024.csv")
    found = {(item.code, item.kind): item for item in records(read(path))}
    assert set(found) == {
        ("01033", "commune"), ("01033", "deleguee"), ("01091", "deleguee"), ("02077", "associee"),
        ("75056", "commune"), ("75118", "arrondissement"), ("31555", "commune"),
    }  # fmt: skip
    assert found["01091", "deleguee"].parent == "01033"
    assert found["01033", "commune"].parent == ""
    assert SOURCE.recognises(path)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("01033", {"01033", "01091"}),
        ("01091", {"01033", "01091"}),
        ("75056", {"75056", "75118"}),
        ("75118", {"75056", "75118"}),
        ("31555", {"31555"}),
    ],
    ids=["new", "former", "city", "arrondissement", "plain"],
)
def test_a_territory_takes_what_its_communes_are_made_of(tmp_path: Path, code: str, expected: set) -> None:
    path = write(tmp_path, COG, "v_commune_2024.csv")
    assert {item.code for item in records(read(path, code))} == expected


def test_the_answer_of_the_service(tmp_path: Path) -> None:
    epci = {"code": "243100518", "nom": "Toulouse Métropole"}
    path = write(tmp_path, [toulouse(epci=epci, population=511684, contour=shapely.geometry.mapping(SQUARE))])
    (record,) = records(read(path, "31555"))
    assert (record.epci, record.epci_name) == ("243100518", "Toulouse Métropole")
    assert (record.postcodes, record.population) == (("31000", "31100"), 511684)
    assert shapely.from_wkb(record.wkb).equals(SQUARE)
    assert SOURCE.recognises(path)


def test_what_a_file_does_not_give_is_not_given(tmp_path: Path) -> None:
    """So that the table without boundaries does not erase those another file gave."""
    (located,) = read(write(tmp_path, [toulouse()])).records
    assert located.fields == {"code", "name", "kind", "epci", "postcodes"}


def test_the_same_in_geojson_where_a_point_is_no_boundary(tmp_path: Path) -> None:
    def feature(geometry: object, **values: object) -> dict:
        return {"type": "Feature", "properties": toulouse(**values), "geometry": geometry}

    shape = shapely.geometry.mapping(SQUARE)
    point = {"type": "Point", "coordinates": [1.44, 43.6]}
    features = [feature(shape), feature(point, code="31069", nom="Blagnac")]
    path = write(tmp_path, {"type": "FeatureCollection", "features": features}, "communes.geojson")
    parsed = read(path)
    assert [bool(item.wkb) for item in records(parsed)] == [True, False]
    assert not parsed.refused
    assert SOURCE.recognises(path)


def test_the_other_communes_of_the_intercommunality_come_too(tmp_path: Path) -> None:
    rows = [
        toulouse(),
        toulouse(code="31069", nom="Blagnac"),
        toulouse(code="31100", nom="Bruguières", codeEpci=""),
    ]
    parsed = read(write(tmp_path, [*rows, toulouse(code="09122", nom="Foix", codeEpci="200067791")]), "31555")
    assert [item.code for item in records(parsed)] == ["31555", "31069"]
    assert parsed.n_out_of_scope == 2


def test_those_within_the_radius_where_boundaries_say_so(tmp_path: Path) -> None:
    def at(west: float, **values: object) -> dict:
        shape = box(west, 43.60, west + 0.01, 43.61)
        return toulouse(contour=shapely.geometry.mapping(shape), codeEpci="", **values)

    path = write(tmp_path, [at(1.45, code="31069"), at(1.60, code="31149")])
    parsed = read(path, "31555", areas_wkb=(shapely.to_wkb(SQUARE),), radius_km=1)
    assert [item.code for item in records(parsed)] == ["31069"]


def test_the_table_of_intercommunalities(tmp_path: Path) -> None:
    text = "CODGEO;LIBGEO;EPCI;LIBEPCI;DEP;REG\n31555;Toulouse;243100518;Toulouse Métropole;31;76\n"
    path = write(tmp_path, text, "epci.csv")
    (record,) = records(read(path, "31555"))
    assert (record.epci, record.epci_name) == ("243100518", "Toulouse Métropole")
    assert SOURCE.recognises(path)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"code": "toulouse"}, "cinq caractères"),
        ({"code": ""}, "cinq caractères"),
        ({"type": "canton"}, "Genre inconnu"),
        ({"type": "commune-deleguee"}, "demande le code"),
        ({"nom": "Encore"}, "déjà"),
    ],
)
def test_a_bad_row_is_kept_with_its_reason(tmp_path: Path, values: dict, word: str) -> None:
    parsed = read(write(tmp_path, [toulouse(), toulouse(**values)]), "31555")
    (refused,) = parsed.refused
    assert refused.line == 2
    assert word in refused.problems[0].reason


def test_lost_zeros_and_negative_populations(tmp_path: Path) -> None:
    path = write(tmp_path, [toulouse(code=1004, codesPostaux=[1500], population=-1)])
    (record,) = records(read(path))
    assert (record.code, record.postcodes, record.population) == ("01004", ("01500",), None)


def test_a_commune_without_inhabitants_is_not_unknown(tmp_path: Path) -> None:
    """Six villages destroyed in 1916 have none."""
    (record,) = records(read(write(tmp_path, [toulouse(code="55039", population=0)])))
    assert record.population == 0


def test_an_unknown_column_is_said(tmp_path: Path) -> None:
    assert any("humeur" in note for note in read(write(tmp_path, [toulouse(humeur="bonne")])).notes)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("partenaires.csv", "nom;type;code insee;code postal\nCMP;cmp;31555;31000\n"),
        ("quartiers.csv", "code_qp;nom;code;epci\nQP031001;A;31555;243100518\n"),
        ("coupe.json", '[{"nom": "Toulouse", "co'),
        ("vide.json", "[]"),
        ("autre.json", "[1, 2]"),
    ],
)
def test_a_file_of_something_else_is_refused_by_its_name(tmp_path: Path, name: str, text: str) -> None:
    path = write(tmp_path, text, name)
    assert not SOURCE.recognises(path)
    with pytest.raises(RefusedInput, match=name.replace(".", r"\.")):
        read(path)


def test_the_sample_is_recognised() -> None:
    assert SOURCE.recognises(SAMPLE)
