"""What surrounds the partners: boundaries, generations of quartiers, estimates that a person asks for."""

import json
from pathlib import Path

import pandas as pd
import pytest
import shapely
from shapely.geometry import box

from reseau.errors import NotFound
from reseau.services import App, context, editing, importing, territoires
from reseau.services.importing import FileToImport, import_file, scope_of
from reseau.services.view import open_view
from tests.unit.services.conftest import Importer

WEST, SOUTH = -0.5, 46.3


def shape(west: float, east: float, south: float = 0, north: float = 0.01):
    return box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)


def collection(*features: tuple[dict, object], name: str = "") -> str:
    rows = [
        {"type": "Feature", "properties": row, "geometry": shapely.geometry.mapping(drawn)}
        for row, drawn in features
    ]
    return json.dumps({"type": "FeatureCollection", "name": name, "features": rows})


def qpv(code: str, west: float, east: float, commune: str = "99101") -> tuple[dict, object]:
    return {"code_qp": code, "lib_qp": f"Quartier {code}", "insee_com": commune}, shape(west, east)


def boundary(code: str, west: float, east: float, **values: object) -> tuple[dict, object]:
    about = {
        "nom": f"Commune {code}",
        "code": code,
        "codeEpci": "999900001",
        "epci": {"nom": "Exemple Agglo"},
    }
    return {**about, **values}, shape(west, east, -0.05, 0.05)


def iris(code: str, west: float, east: float) -> tuple[dict, object]:
    return {"code_iris": code, "nom_iris": code, "insee_com": code[:5]}, shape(west, east, -0.05, 0.05)


@pytest.fixture
def both(load: Importer) -> None:
    """Four quartiers of 2015 with figures (one secret), four of 2024 of unknown population."""
    load(
        "qpv",
        collection(
            qpv("QP099001", 0, 0.01),
            qpv("QP099002", 0.02, 0.03),
            qpv("QP099003", 0.04, 0.05),
            qpv("QP099004", 0.06, 0.07),
        ),
        "2015.geojson",
    )
    load("qpv-indicateurs", "code_qp;pop_mun_2013;tp60\nQP099001;1000;40\nQP099002;;s\nQP099003;600;41\n")
    load(
        "qpv",
        collection(
            qpv("QN09901M", 0, 0.01),
            qpv("QN09902M", 0.02, 0.03),
            qpv("QN09903M", 0.04, 0.07),
            qpv("QN09904M", 0.2, 0.21),
        ),
        "2024.geojson",
    )


@pytest.mark.usefixtures("both")
def test_the_generation_of_2024_is_the_one_worked_with(app: App, tid: int) -> None:
    view = open_view(app, tid)
    assert set(view.quartiers["generation"]) == {2024}
    assert set(view.former_quartiers["code"]) == {"QP099001", "QP099002", "QP099003", "QP099004"}
    assert set(view.gaps["quartier_code"]) == set(view.quartiers["code"])
    scope = scope_of(app, tid)
    assert len(scope.areas_wkb) == 4, "what is around a quartier that no longer is one is not asked for"


def test_2015_alone_is_worked_with(app: App, tid: int, load: Importer) -> None:
    load("qpv", collection(qpv("QP099001", 0, 0.01)), "2015.geojson")
    view = open_view(app, tid)
    assert view.quartiers["code"].tolist() == ["QP099001"]
    assert view.former_quartiers.empty


def test_an_absence_verified_in_a_former_quartier_stays_in_the_base(
    app: App, tid: int, load: Importer
) -> None:
    load("qpv", collection(qpv("QP099001", 0, 0.01)), "2015.geojson")
    quartier = int(open_view(app, tid).quartiers.index[0])
    editing.set_absence(app, tid, quartier, "cmp")
    assert len(open_view(app, tid).absences) == 1
    load("qpv", collection(qpv("QN09901M", 0, 0.01)), "2024.geojson")
    assert open_view(app, tid).absences == ()
    editing.delete_row(app, tid, "quartiers", int(open_view(app, tid).quartiers.index[0]))
    assert len(open_view(app, tid).absences) == 1


@pytest.mark.usefixtures("both")
def test_figures_alone_make_no_quartier(app: App, tid: int, load: Importer) -> None:
    report = load("qpv-indicateurs", "code_qp;tp60\nQP099099;12\n", "autres.csv")
    assert (report.created, report.out_of_scope) == (0, 1)
    assert "QP099099" not in set(open_view(app, tid).former_quartiers["code"])


@pytest.mark.usefixtures("both")
def test_a_second_theme_adds_to_the_first_and_a_secret_erases_nothing(
    app: App, tid: int, load: Importer
) -> None:
    load("qpv-indicateurs", "code_qp;disp_q2;tp60\nQP099001;11000;s\n", "revenus.csv")
    stored = open_view(app, tid).former_quartiers.set_index("code").loc["QP099001"]
    assert stored["indicators"] == {"pop_mun_2013": 1000.0, "tp60": 40.0, "disp_q2": 11000.0}
    assert stored["population"] == 1000
    assert stored["population_source"] == "INSEE, population municipale 2013"


@pytest.mark.usefixtures("both")
def test_correspondence_is_by_area(app: App, tid: int) -> None:
    pairs = context.correspondence(app, tid).set_index("old_code")
    assert pairs.at["QP099001", "new_code"] == "QN09901M"
    assert pairs.at["QP099003", "share_of_new"] == pytest.approx(1 / 3, rel=1e-3)
    assert pairs.at["QP099003", "old_name"] == "Quartier QP099003"


@pytest.mark.usefixtures("both")
def test_estimates_are_written_only_when_asked_and_only_where_they_can_be(app: App, tid: int) -> None:
    assert open_view(app, tid).quartiers["population"].isna().all(), "nobody asked"
    carried = context.carry_population(app, tid)
    assert carried.written == (("QN09901M", "Quartier QN09901M", 1000),)
    reasons = {code: reason for code, _, reason in carried.left}
    assert "secrète" in reasons["QN09902M"]
    assert "67 %" in reasons["QN09903M"]
    assert "aucun quartier de 2015" in reasons["QN09904M"]
    row = open_view(app, tid).quartiers.set_index("code").loc["QN09901M"]
    assert row["population"] == 1000
    assert row["population_source"] == (
        "estimation : INSEE, population municipale 2013, des QPV 2015, répartie à la surface"
    )
    assert context.carry_population(app, tid).written == ()


@pytest.mark.usefixtures("both")
def test_a_figure_of_a_person_or_of_the_institute_is_never_replaced(
    app: App, tid: int, load: Importer
) -> None:
    first = int(open_view(app, tid).quartiers.query("code == 'QN09901M'").index[0])
    editing.save_row(app, tid, "quartiers", {"population": 50, "population_source": "nous"}, row_id=first)
    assert context.carry_population(app, tid).written == ()
    editing.save_row(app, tid, "quartiers", {"population": None, "population_source": ""}, row_id=first)
    carried = context.carry_population(app, tid)
    assert carried.written == (), "left empty by a person: it stays so"
    assert "une personne" in {code: reason for code, _, reason in carried.left}["QN09901M"]


@pytest.mark.usefixtures("both")
def test_the_next_official_figure_replaces_the_estimate(app: App, tid: int, load: Importer) -> None:
    context.carry_population(app, tid)
    load("qpv-indicateurs", "code_qp;pop_mun_2021\nQN09901M;1234\n", "2021.csv")
    row = open_view(app, tid).quartiers.set_index("code").loc["QN09901M"]
    assert (row["population"], row["population_source"]) == (1234, "INSEE, population municipale 2021")


def test_boundaries_are_given_or_put_together(app: App, tid: int, load: Importer) -> None:
    assert context.boundaries(app, tid).empty
    load("iris", collection(iris("991010101", 0, 0.02), iris("991010102", 0.02, 0.04)), "iris.geojson")
    (made,) = context.boundaries(app, tid).to_dict("records")
    assert (made["code"], made["source"]) == ("99101", "iris")
    assert made["geometry"].area == pytest.approx(0.04 * 0.1)
    load("communes", collection(boundary("99101", 0, 0.05), boundary("99102", 0.05, 0.1)), "communes.geojson")
    known = context.boundaries(app, tid).set_index("code")
    assert known["source"].to_dict() == {"99101": "communes", "99102": "communes"}
    assert len(scope_of(app, tid).boundaries_wkb) == 1, "the territory's own only"


def test_blocks_kept_by_a_radius_do_not_make_a_commune(app: App, load: Importer, tid: int) -> None:
    """Half a commune would put its other half's partners «outside»."""
    territoires.update_territoire(app, tid, radius_km=0.5)
    load("qpv", collection(qpv("QN09901M", 0, 0.04)), "q.geojson")
    load("iris", collection(iris("991010101", 0, 0.04), iris("991020101", 0.04, 0.06)), "iris.geojson")
    assert len(context.layer(app, tid, "iris")) == 2
    assert context.boundaries(app, tid)["code"].tolist() == ["99101"]


def structures(*rows: tuple[str, str, float, float]) -> str:
    lines = [f"{name};cmp;{insee};{WEST + lon};{SOUTH + lat};adresse" for name, insee, lon, lat in rows]
    return "nom;type;code insee;longitude;latitude;précision de la position\n" + "\n".join(lines) + "\n"


def test_a_structure_outside_its_commune_is_flagged_and_unknown_is_not_fine(
    app: App, tid: int, load: Importer
) -> None:
    load(
        "tableur",
        structures(
            ("Dedans", "99101", 0.01, 0), ("Dehors", "99101", 0.08, 0), ("Ailleurs", "99103", 0.01, 0)
        ),
    )
    assert context.in_commune(app, tid).tolist() == [None, None, None], "no boundary is loaded"
    assert context.misplaced(app, tid).empty
    load("communes", collection(boundary("99101", 0, 0.05)), "communes.geojson")
    names = open_view(app, tid).structures["name"]
    inside = context.in_commune(app, tid)
    assert {names[key]: value for key, value in inside.items()} == {
        "Dedans": True,
        "Dehors": False,
        "Ailleurs": None,
    }
    assert context.misplaced(app, tid)["name"].tolist() == ["Dehors"]


def test_a_former_commune_is_in_the_one_that_took_it_over(app: App, tid: int, load: Importer) -> None:
    load("tableur", structures(("Au bourg", "99150", 0.01, 0)))
    load("communes", "TYPECOM,COM,LIBELLE,COMPARENT\nCOM,99101,Ville,\nCOMD,99150,Bourg,99101\n", "cog.csv")
    load("communes", collection(boundary("99101", 0, 0.05)), "communes.geojson")
    assert context.former_codes(app, tid) == {"99150": "99101"}
    assert context.in_commune(app, tid).tolist() == [True]


def test_two_lists_of_communes_complete_each_other(app: App, tid: int, load: Importer) -> None:
    load("communes", collection(boundary("99101", 0, 0.05)), "communes.geojson")
    load("communes", "TYPECOM,COM,LIBELLE,COMPARENT\nCOM,99101,Ville,\n", "cog.csv")
    (row,) = context.layer(app, tid, "communes").to_dict("records")
    assert row["name"] == "Ville"
    assert row["epci_name"] == "Exemple Agglo"
    assert row["geometry"] is not None


def test_a_territory_grows_to_its_intercommunality(app: App, tid: int, load: Importer) -> None:
    features = [boundary(f"9910{number}", number / 20, number / 20 + 0.05) for number in (1, 2, 3)]
    load(
        "communes",
        collection(*features, boundary("99104", 1, 1.05, codeEpci="999900002", epci={})),
        "c.geojson",
    )
    for asked in ("999900001", "exemple agglo"):
        assert context.communes_of_epci(app, tid, asked) == ("99101", "99102", "99103")
    with pytest.raises(NotFound, match="n'est pas connue"):
        context.communes_of_epci(app, tid, "999900002")


def test_squares_follow_the_boundaries_loaded_before_them(
    app: App, tid: int, load: Importer, tmp_path: Path
) -> None:
    load("communes", collection(boundary("99101", 0, 0.05)), "communes.geojson")
    sample = Path(importing.__file__).parents[1] / "sources" / "carreaux" / "sample.csv"
    text = sample.read_text(encoding="utf-8").replace("lcog_geo", "quoi")
    path = tmp_path / "carreaux.csv"
    path.write_text(text, encoding="utf-8")
    report = import_file(app, tid, "carreaux", FileToImport(path=path))
    assert (report.created, report.out_of_scope, len(report.refused)) == (3, 1, 1)
    again = import_file(app, tid, "carreaux", FileToImport(path=path))
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)


@pytest.mark.usefixtures("both")
def test_what_is_loaded_is_counted_by_kind(app: App, tid: int, load: Importer) -> None:
    load("communes", collection(boundary("99101", 0, 0.05)), "communes.geojson")
    load("iris", collection(iris("991010101", 0, 0.02), name="iris_filosofi_2021"), "iris.geojson")
    found = {item.kind: item for item in context.loaded(app, tid)}
    assert found["quartiers"].count == 2, "those with at least one figure"
    assert found["quartiers"].years == (2013,)
    assert (found["communes"].count, found["communes"].with_boundary) == (1, 1)
    assert (found["iris"].count, found["iris"].years, found["iris"].without_figure) == (1, (), 1)
    assert found["carreaux"].count == 0


def test_an_empty_territory(app: App) -> None:
    tid = territoires.create_territoire(app, "Vide").id
    assert [item.count for item in context.loaded(app, tid)] == [0, 0, 0, 0]
    assert context.epcis(app, tid) == []
    assert context.correspondence(app, tid).empty
    assert context.population_estimates(app, tid).empty
    assert context.carry_population(app, tid) == context.Carried(written=(), left=())
    assert context.misplaced(app, tid).empty
    assert isinstance(context.in_commune(app, tid), pd.Series)


@pytest.mark.real_data
def test_the_two_generations_of_toulouse(app: App, shared_data: Path) -> None:
    """12 quartiers of each; four of 2024 are those of 2015 redrawn, the others grew or are new."""
    tid = territoires.create_territoire(app, "Toulouse", communes=["31555"]).id
    folder = shared_data / "qpv"
    for source, name in (
        ("qpv", "qpv2015_occitanie.geojson"),
        ("qpv-indicateurs", "qpv2015_occitanie_indicateurs.csv"),
        ("qpv", "qpv2024_france.geojson"),
    ):
        import_file(app, tid, source, FileToImport(path=folder / name))
    view = open_view(app, tid)
    assert (len(view.quartiers), len(view.former_quartiers)) == (12, 12)
    pairs = context.correspondence(app, tid).set_index("old_code")
    # Empalot kept its place and not its number: QP031010 became QN03109M.
    assert pairs.at["QP031010", "new_code"] == "QN03109M"
    carried = context.carry_population(app, tid)
    assert {code for code, _, _ in carried.written} == {"QN03106I", "QN03109M", "QN03111I", "QN03115I"}
    assert len(carried.left) == 8
    empalot = {code: people for code, _, people in carried.written}["QN03109M"]
    assert 5000 < empalot <= 5502
