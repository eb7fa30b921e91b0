"""Around the partners: what is loaded is counted, what is unknown says so, an estimate is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import shapely
from shapely.geometry import box
from streamlit.testing.v1 import AppTest

from reseau.services import App
from reseau.services.importing import FileToImport, import_file
from reseau.services.territoires import create_territoire, find_territoire
from reseau.services.view import View, open_view
from tests.ui.conftest import Opener, assert_sound, assert_text_stays_text

HOSTILE_NAME = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) :material/bug_report: $x^2$"


def view_of(app: App) -> View:
    return open_view(app, find_territoire(app).id)


def section(at: AppTest, key: str, name: str) -> AppTest:
    at.session_state[key] = name
    return at.run()


def said(at: AppTest) -> str:
    parts = [*at.text, *at.caption, *at.info, *at.markdown, *at.success]
    return "\n".join(str(item.value) for item in parts)


def load(app: App, folder: Path, source: str, content: str, name: str) -> None:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    import_file(app, find_territoire(app).id, source, FileToImport(path=path))


def quartier(code: str, west: float) -> dict:
    shape = shapely.geometry.mapping(box(west, 46.3, west + 0.01, 46.31))
    about = {"code_qp": code, "lib_qp": f"{code} {HOSTILE_NAME}", "insee_com": "99101"}
    return {"type": "Feature", "properties": about, "geometry": shape}


def two_generations(app: App, folder: Path) -> None:
    create_territoire(app, "Essai", communes=["99101"])
    for name, prefix, suffix in (("2015", "QP09900", ""), ("2024", "QN0990", "M")):
        rows = [quartier(f"{prefix}{number}{suffix}", number / 50) for number in (1, 2)]
        document = json.dumps({"type": "FeatureCollection", "features": rows})
        load(app, folder, "qpv", document, f"{name}.geojson")
        if name == "2015":
            figures = "code_qp;pop_mun_2013;tp60\nQP099001;1000;40\nQP099002;s;s\n"
            load(app, folder, "qpv-indicateurs", figures, "chiffres.csv")


def test_nothing_around_says_what_to_import(demo_db: App, open_page: Opener) -> None:
    at = section(open_page("p9_donnees"), "donnees_section", "autour")
    assert_sound(at)
    table = at.table[0].value
    # The demonstration has figures of its quartiers, and nothing around them.
    assert table["Chargé"].tolist()[1:] == ["rien"] * 3
    assert "On ne peut le dire d'aucune structure" in said(at)
    assert "Aucune n'est connue" in said(at)


def test_what_is_loaded_and_who_is_outside(demo_db: App, open_page: Opener, tmp_path: Path) -> None:
    """A commune drawn far away: those who declare it are outside, the others stay unknown."""
    far = shapely.geometry.mapping(box(10, 45, 10.1, 45.1))
    about = {"nom": HOSTILE_NAME, "code": "99101", "codeEpci": "999900001", "epci": {"nom": HOSTILE_NAME}}
    other = {"nom": "Voisine", "code": "99109", "codeEpci": "999900001"}
    rows = [
        {"type": "Feature", "properties": about, "geometry": far},
        {"type": "Feature", "properties": other, "geometry": None},
    ]
    load(
        demo_db,
        tmp_path,
        "communes",
        json.dumps({"type": "FeatureCollection", "features": rows}),
        "c.geojson",
    )
    at = section(open_page("p9_donnees"), "donnees_section", "autour")
    assert_sound(at)
    assert_text_stays_text(at)
    assert at.table[0].value.loc["Communes", "Chargé"] == "2"
    assert "à vérifier" in said(at)
    assert "On ne sait pas pour" in said(at)
    before = find_territoire(demo_db).record.communes
    at.button(key="epci_add").click().run()
    assert_sound(at)
    assert set(find_territoire(demo_db).record.communes) == {*before, "99109"}


def test_an_estimate_is_written_only_when_asked(empty_app_db: App, open_page: Opener, tmp_path: Path) -> None:
    two_generations(empty_app_db, tmp_path)
    at = section(open_page("p10_reglages", quartier="QN09901M"), "reglages_section", "quartiers")
    assert_sound(at)
    assert_text_stays_text(at)
    assert "estimation" in said(at)
    assert "Ce quartier de 2024 reprend 100" in said(at)
    assert view_of(empty_app_db).quartiers["population"].isna().all()
    at.button(key="generations_carry").click().run()
    assert_sound(at)
    assert_text_stays_text(at)
    assert "1 estimation écrite" in said(at)
    assert "secrète" in said(at)
    row = view_of(empty_app_db).quartiers.set_index("code").loc["QN09901M"]
    assert row["population"] == 1000
    chosen = int(view_of(empty_app_db).quartiers.query("code == 'QN09901M'").index[0])
    assert at.number_input(key=f"q_population_{chosen}").value == 1000, "the form shows what is written now"


def test_published_figures_are_shown_with_their_words(
    empty_app_db: App, open_page: Opener, tmp_path: Path
) -> None:
    two_generations(empty_app_db, tmp_path)
    load(empty_app_db, tmp_path, "qpv-indicateurs", "code_qp;tp60;inconnu_x\nQN09901M;41.5;3\n", "2021.csv")
    at = section(open_page("p10_reglages", quartier="QN09901M"), "reglages_section", "quartiers")
    assert_sound(at)
    shown = [frame.value for frame in at.dataframe if "Chiffre" in frame.value.columns]
    assert shown[0]["Chiffre"].tolist() == ["Taux de pauvreté", "inconnu_x"]
    assert shown[0]["Valeur"].tolist() == [41.5, 3.0]
