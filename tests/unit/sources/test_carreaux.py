"""Squares of 200 m: identifiers carry the place, decimals stay, a whole country does not fill the memory."""

import csv
import sqlite3
import tracemalloc
import zipfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import box

from reseau.errors import RefusedInput
from reseau.geo.shapes import transform
from reseau.model.context import Square
from reseau.model.reports import Parsed, Scope
from reseau.sources._base import ReadOptions
from reseau.sources.carreaux import SOURCE, tables
from reseau.sources.carreaux.naming import parse, recognise, year_of

# Toulouse, on the European grid.
NORTH, EAST = 2314200, 3623200
HEADER = "idcar_200m,lcog_geo,ind,men,men_pauv"


def code(north: int = NORTH, east: int = EAST, epsg: int = 3035, side: int = 200) -> str:
    return f"CRS{epsg}RES{side}mN{north}E{east}"


def line(north: int = NORTH, east: int = EAST, communes: str = "31555", figures: str = "12.5,6,1.5") -> str:
    return f"{code(north, east)},{communes},{figures}"


def table(folder: Path, *lines: str, name: str = "carreaux_200m_met.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def degrees(north: int = NORTH, east: int = EAST, side: float = 200, epsg: int = 3035) -> bytes:
    (shape,) = transform([box(east, north, east + side, north + side)], source=epsg, target=4326)
    return shapely.to_wkb(shape)


def read(path: Path, *communes: str, **scope: object) -> Parsed:
    parsed = SOURCE.read(path, Scope(communes=frozenset(communes), **scope), ReadOptions())
    assert parsed.n_read == len(parsed.records) + len(parsed.refused) + parsed.n_out_of_scope
    return parsed


def squares(parsed: Parsed) -> list[Square]:
    return [item.record for item in parsed.records if isinstance(item.record, Square)]


@pytest.mark.parametrize(
    ("header", "row", "year"),
    [
        (
            "IdINSPIRE,Id_carr1km,I_est_cr,Groupe,Depcom,Ind,Men,Men_pauv",
            "{code},x,0,7,31555,12.5,6,1.5",
            2015,
        ),
        ("Idcar_200m,I_est_200,Idcar_1km,lcog_geo,Ind,Men,Men_pauv", "{code},0,x,31555,12.5,6,1.5", None),
        ("idcar_200m,i_est_200,idcar_1km,lcog_geo,ind,men,men_pauv", "{code},0,x,31555,12.5,6,1.5", None),
        ("idcar_1km;lcog_geo;ind;men;men_pauv", "{code};31555;12.5;6;1.5", None),
    ],
    ids=["2015", "2017", "2019", "1 km"],
)
def test_the_namings_of_every_publication(tmp_path: Path, header: str, row: str, year: int | None) -> None:
    """The naming of 2017 came back in 2021: only that of 2015 tells its year."""
    path = table(tmp_path, header, row.format(code=code()))
    parsed = read(path, "31555")
    (square,) = squares(parsed)
    assert (square.people, square.households, square.poor_households) == (12.5, 6.0, 1.5)
    assert (square.code, square.epsg) == (code(), 3035)
    assert square.year == year
    assert SOURCE.recognises(path)
    assert set(square.indicators) <= {"i_est_200", "i_est_cr"}


def test_the_year_may_be_in_the_name_of_the_file() -> None:
    assert year_of(["idcar_200m"], "Filosofi2019_carreaux_200m_met.csv") == 2019
    assert year_of(["x", "y"], "carreaux_200m_la_reunion_2010.csv") == 2010
    assert year_of(["idcar_200m"], "envoi-20190001.csv") is None


@pytest.mark.parametrize(
    ("text", "epsg", "north", "east"),
    [
        ("CRS3035RES200mN2029800E4252400", 3035, 2029800, 4252400),
        ("CRS2975RES200mN7634200E0359400", 2975, 7634200, 359400),
        (" crs5490res200mn1592600e728800 ", 5490, 1592600, 728800),
        ("CRS32620RES200mN1592600E728800", 32620, 1592600, 728800),
    ],
)
def test_identifiers_carry_the_system_and_the_corner(text: str, epsg: int, north: int, east: int) -> None:
    """Some files pad the east with a zero: it is the same square all the same."""
    corner = parse(text)
    assert corner is not None
    assert (corner.epsg, corner.north, corner.east, corner.side) == (epsg, north, east, 200)
    assert corner.code == f"CRS{epsg}RES200mN{north}E{east}"


@pytest.mark.parametrize(
    "text", ["", "N2029800E4252400", "CRS3035RES200mN2029800", "=CRS", "CRS3035RES200mNaE1"]
)
def test_what_is_no_identifier(text: str) -> None:
    assert parse(text) is None


def test_the_centre_is_half_a_side_from_the_corner(tmp_path: Path) -> None:
    (square,) = squares(read(table(tmp_path, HEADER, line()), "31555"))
    assert (square.x, square.y) == (EAST + 100, NORTH + 100)
    assert 1.3 < square.lon < 1.6
    assert 43.4 < square.lat < 43.8


def test_a_square_of_several_communes_is_of_each(tmp_path: Path) -> None:
    """Codes are put end to end: «31555» must not be found astride two others."""
    path = table(tmp_path, HEADER, line(communes="3106931555"), line(NORTH + 200, communes="1315553100"))
    assert len(squares(read(path, "31069"))) == 1
    parsed = read(path, "31555")
    assert [item.line for item in parsed.records] == [2]
    assert parsed.n_out_of_scope == 1


def test_a_code_that_lost_its_zero_and_an_arrondissement(tmp_path: Path) -> None:
    path = table(tmp_path, HEADER, line(communes="1004"), line(NORTH + 200, communes="75118"))
    assert len(squares(read(path, "01004"))) == 1
    assert len(squares(read(path, "75056"))) == 1


@pytest.mark.parametrize("secret", ["", "s", "nd", "-1", "beaucoup"])
def test_a_figure_that_is_not_told_is_unknown(tmp_path: Path, secret: str) -> None:
    parsed = read(table(tmp_path, HEADER, line(figures=f"12,6,{secret}")), "31555")
    assert squares(parsed)[0].poor_households is None
    assert "poor_households" not in parsed.records[0].fields


def test_zero_is_a_figure(tmp_path: Path) -> None:
    assert squares(read(table(tmp_path, HEADER, line(figures="12,6,0")), "31555"))[0].poor_households == 0


def test_what_touches_the_quartiers_or_the_communes_is_kept(tmp_path: Path) -> None:
    rows = [line(NORTH, EAST + 200 * place, communes="99999") for place in range(10)]
    path = table(tmp_path, HEADER, *rows)
    middle = degrees(NORTH + 50, EAST + 450, side=100)
    assert [item.line for item in read(path, areas_wkb=(middle,)).records] == [4]
    # 300 m around: the neighbours on each side.
    around = read(path, areas_wkb=(middle,), radius_km=0.3)
    assert [item.line for item in around.records] == [2, 3, 4, 5, 6]
    drawn = read(path, boundaries_wkb=(degrees(NORTH, EAST + 1010, side=390),))
    assert [item.line for item in drawn.records] == [7, 8]


def test_without_any_boundary_a_file_of_coordinates_cannot_be_clipped(tmp_path: Path) -> None:
    path = table(tmp_path, "x,y,menages", "359500,7634300,5.07")
    with pytest.raises(RefusedInput, match="importez d'abord les contours"):
        read(path, "97411")
    with pytest.raises(RefusedInput, match="tout le pays"):
        read(path)


@pytest.mark.parametrize(("x", "y"), [(359500, 7634300), (359400, 7634200)], ids=["centre", "corner"])
def test_coordinates_alone_give_the_official_identifier(tmp_path: Path, x: int, y: int) -> None:
    """Centres and corners are told apart by the grid; the system by where the points would fall."""
    path = table(tmp_path, "x,y,menages,menages_pauvres", f"{x},{y},5.07,2.38", name="carreaux_2010.csv")
    area = degrees(7634200, 359400, epsg=2975)
    (square,) = squares(read(path, "97411", areas_wkb=(area,)))
    assert square.code == "CRS2975RES200mN7634200E359400"
    assert (square.households, square.poor_households, square.people) == (5.07, 2.38, None)
    assert (square.x, square.y) == (359500, 7634300)


def test_coordinates_out_of_the_grid(tmp_path: Path) -> None:
    area = degrees(7634200, 359400, epsg=2975)
    scope = {"areas_wkb": (area,)}
    bad = table(tmp_path, "x,y,men", "359512,7634317,5")
    with pytest.raises(RefusedInput, match="grille de 200 m"):
        read(bad, "97411", **scope)
    rows = [f"{359500 + 200 * (place % 50)},{7634300 + 200 * (place // 50)},5" for place in range(2001)]
    one = table(tmp_path, "x,y,men", *rows, "359512,7634317,5")
    assert [row.line for row in read(one, "97411", **scope).refused] == [2003]


def test_coordinates_of_nowhere(tmp_path: Path) -> None:
    area = degrees(7634200, 359400, epsg=2975)
    path = table(tmp_path, "x,y,men", "100,100,5")
    with pytest.raises(RefusedInput, match="système"):
        read(path, "97411", areas_wkb=(area,))


def test_a_bad_row_is_kept_with_its_reason(tmp_path: Path) -> None:
    path = table(tmp_path, HEADER, line(), "N1E2,31555,1,1,1", line(NORTH + 200) + ",7", line())
    parsed = read(path, "31555")
    reasons = {row.line: row.problems[0].reason for row in parsed.refused}
    assert sorted(reasons) == [3, 4, 5]
    assert "identifiant" in reasons[3]
    assert "6 cellules pour 5 colonnes" in reasons[4]
    assert "déjà à la ligne 2" in reasons[5]


def test_a_damaged_file_does_not_make_a_report_of_a_million_rows(tmp_path: Path) -> None:
    path = table(tmp_path, HEADER, *(["abîmé,31555,1,1,1"] * 6000))
    with pytest.raises(RefusedInput, match="ne désignent aucun carreau"):
        read(path, "31555")


def test_a_column_of_words_is_said(tmp_path: Path) -> None:
    path = table(tmp_path, HEADER + ",humeur", line() + ",bonne")
    assert any("humeur" in note for note in read(path, "31555").notes)


def geopackage(folder: Path, *rows: tuple[object, ...]) -> Path:
    """What GDAL writes, in its essentials: an index of contents, a table with a geometry."""
    path = folder / "carreaux_200m_met.gpkg"
    with closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT)")
        base.execute("INSERT INTO gpkg_contents VALUES ('carreaux_200m_met', 'features')")
        base.execute(
            'CREATE TABLE carreaux_200m_met (fid INTEGER PRIMARY KEY, geom POLYGON, "idcar_200m" TEXT, '
            "lcog_geo TEXT, ind REAL, men REAL, men_pauv REAL)"
        )
        base.executemany("INSERT INTO carreaux_200m_met VALUES (NULL, NULL, ?, ?, ?, ?, ?)", rows)
        base.commit()
    return path


def test_geopackage_and_archive(tmp_path: Path) -> None:
    rows = [(code(), "31555", 12.5, 6.0, None), (code(NORTH + 200), "31069", 1.0, 1.0, 0.0)]
    path = geopackage(tmp_path, *rows)
    archive = tmp_path / "carreaux.zip"
    with zipfile.ZipFile(archive, "w") as target:
        target.write(path, "dossier/carreaux.gpkg")
    for file in (path, archive):
        parsed = read(file, "31555")
        (square,) = squares(parsed)
        assert (square.people, square.households, square.poor_households) == (12.5, 6.0, None)
        assert parsed.n_out_of_scope == 1
        assert square.indicators == {}


def test_a_geopackage_of_something_else_or_damaged(tmp_path: Path) -> None:
    path = geopackage(tmp_path, (code(), "31555", 1.0, 1.0, 1.0))
    content = path.read_bytes()
    path.write_bytes(content[:5000])
    with pytest.raises(RefusedInput, match="abîmé"):
        read(path, "31555")
    other = tmp_path / "autre.gpkg"
    with closing(sqlite3.connect(other)) as base:
        base.execute("CREATE TABLE gpkg_contents (table_name TEXT)")
        base.commit()
    with pytest.raises(RefusedInput, match="carreaux"):
        read(other, "31555")


def test_the_archive_of_the_institute_holds_another_archive(tmp_path: Path) -> None:
    archive = tmp_path / "Filosofi2019_carreaux_200m_csv.zip"
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("Filosofi2019_carreaux_200m_csv.7z", b"7z\xbc\xaf")
    with pytest.raises(RefusedInput, match="autre archive"):
        read(archive, "31555")


def test_a_long_file_is_never_whole_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read grows with the territory, not with the country: here forty batches, ten squares kept."""
    monkeypatch.setattr(tables, "BATCH", 500)
    path = tmp_path / "carreaux_200m_met.csv"
    figures = ["1.5"] * 20
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["idcar_200m", "lcog_geo", "ind", *(f"ind_{number}" for number in range(20))])
        for number in range(20_000):
            place = code(2_000_000 + 200 * (number // 500), 3_200_000 + 200 * (number % 500))
            writer.writerow([place, "31555" if number % 2_000 == 0 else "99999", "2.5", *figures])
    tracemalloc.start()
    parsed = read(path, "31555")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(parsed.records) == 10
    assert parsed.n_out_of_scope == 19_990
    # The rows alone would be twenty-five megabytes of Python objects.
    assert peak < 8_000_000


def test_a_table_of_partners_is_not_one_of_squares(tmp_path: Path) -> None:
    path = table(tmp_path, "nom;type;x;y", "CMP;cmp;1;2")
    assert not SOURCE.recognises(path)
    assert recognise(["nom", "type", "x", "y"]) is None
    with pytest.raises(RefusedInput, match="carreaux"):
        read(path, "31555")


@pytest.mark.real_data
def test_the_real_squares_of_la_reunion(shared_data: Path) -> None:
    """Centres in EPSG:2975 without saying so, modelled decimals; Saint-Denis by its real quartiers."""
    from reseau.sources.qpv import SOURCE as QPV

    path = shared_data / "population" / "carreaux_200m_la_reunion_2010.csv"
    communes = frozenset({"97411"})
    boundaries = QPV.read(
        shared_data / "qpv" / "qpv2024_france.geojson", Scope(communes=communes), ReadOptions()
    )
    areas = tuple(item.record.wkb for item in boundaries.records)
    assert len(areas) == 12
    near, far = (read(path, "97411", areas_wkb=areas, radius_km=radius) for radius in (None, 3))
    assert near.n_read == far.n_read == 14_076
    assert 0 < len(near.records) < len(far.records) < 14_076
    assert not near.refused
    for square in squares(far):
        assert square.epsg == 2975
        assert 55.3 < square.lon < 55.6
        assert -21.0 < square.lat < -20.8
        assert square.people is None
        assert square.year == 2010
    assert any(item.households != round(item.households) for item in squares(far))
    everywhere = read(path, "97411", areas_wkb=(degrees(7_600_000, 310_000, side=100_000, epsg=2975),))
    assert np.isclose(sum(item.households for item in squares(everywhere)), _column(path, "menages"))
    assert {item.code for item in squares(everywhere)} >= {"CRS2975RES200mN7634200E359400"}


def _column(path: Path, name: str) -> float:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(float(row[name]) for row in csv.DictReader(file))
