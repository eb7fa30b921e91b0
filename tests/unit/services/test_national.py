"""The national table: the figures of a territory, for all quartiers at once, whoever computes them."""

from __future__ import annotations

import csv
import math
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from reseau.errors import NotFound, RefusedInput
from reseau.services import App
from reseau.services.importing import FileToImport, import_file
from reseau.services.national import HEADERS, NationalRequest, national_table, write_table
from reseau.services.territoires import create_territoire
from reseau.services.view import open_view
from tests.unit.services.national_files import HOPITAL, PHARMACIE, QUARTIERS, boundaries, register, usual


@pytest.fixture
def request_(tmp_path: Path) -> NationalRequest:
    return NationalRequest(qpv=boundaries(tmp_path), establishments=(usual(tmp_path),))


def line(lines: pd.DataFrame, code: str, type_code: str = "pharmacie") -> pd.Series:
    (found,) = [row for _, row in lines.iterrows() if (row["code"], row["type_code"]) == (code, type_code)]
    return found


def test_one_line_per_quartier_and_type_placed_somewhere(app: App, request_: NationalRequest):
    lines = national_table(app, request_).lines
    assert set(zip(lines["code"], lines["type_code"], strict=True)) == {
        (code, kind) for code in QUARTIERS for kind in ("pharmacie", "hopital")
    }
    assert line(lines, "QN03301M")[["n_inside", "n_500", "minutes_boundary", "share"]].tolist() == [
        1,
        1,
        0,
        1,
    ]


def test_a_place_of_the_next_departement_counts(app: App, request_: NationalRequest):
    """The pharmacy of Dordogne is the nearest of a quartier of Gironde, even when only Gironde is asked."""
    lines = national_table(app, replace(request_, departments=("33",))).lines
    assert set(lines["department"]) == {"33"}
    # 0.015 degree of longitude at 44.8°: some 1,190 m, × 1.3 at 75 m a minute.
    assert line(lines, "QN03302M")["minutes_boundary"] == pytest.approx(20.6, abs=0.1)


def test_the_figures_are_those_of_a_territory(app: App, request_: NationalRequest):
    """Same files, same places, same inhabitants: what the pages say of a quartier, the table says too."""
    tid = create_territoire(app, "Gironde et Dordogne", communes=["33001", "33002", "24001"]).id
    import_file(app, tid, "qpv", FileToImport(path=request_.qpv))
    import_file(app, tid, "finess", FileToImport(path=request_.establishments[0]))
    gaps = open_view(app, tid).gaps
    lines = national_table(app, request_).lines
    checked = 0
    for row in gaps[gaps["type_code"].isin(["pharmacie", "hopital"])].itertuples():
        found = line(lines, row.quartier_code, row.type_code)
        assert found["minutes_nearest"] == pytest.approx(row.minutes_nearest, rel=1e-9)
        assert (found["n_inside"], found["n_500"]) == (row.n_inside, row.n_500)
        if row.type_code == "pharmacie":
            assert found["share"] == row.share
        checked += 1
    assert checked == 6


def test_overseas_is_measured_in_its_own_system(app: App, request_: NationalRequest):
    """0.006 degree of longitude at 20.9° south is 624 m; the hospital of the mainland is nowhere near."""
    lines = national_table(app, request_).lines
    pharmacy, hospital = line(lines, "QN97401M"), line(lines, "QN97401M", "hopital")
    assert pharmacy["minutes_boundary"] == pytest.approx(624 * 1.3 / 75, abs=0.05)
    assert math.isnan(hospital["minutes_boundary"])
    assert math.isnan(hospital["minutes_nearest"])


def test_unknown_is_never_zero(app: App, request_: NationalRequest):
    """No share for a type without a walking threshold, no inhabitants where no file gives them."""
    table = national_table(app, request_)
    assert table.lines.loc[table.lines["type_code"] == "hopital", "share"].isna().all()
    assert table.lines["population"].isna().all()
    assert table.types["inhabitants"].isna().all()
    assert table.types.set_index("type_code")["unplaced"].to_dict() == {"pharmacie": 1, "hopital": 0}
    assert any("1 lieu(x) sans position" in note for note in table.notes)
    assert any("ne placent aucun lieu" in note and "caf" in note for note in table.notes)


def test_inhabitants_come_from_the_file_given(app: App, request_: NationalRequest, tmp_path: Path):
    figures = tmp_path / "chiffres.csv"
    figures.write_text("code_qp;lib_qp;pop_mun\nQN03301M;A;1200\nQN03302M;B;s\n", encoding="utf-8")
    table = national_table(app, replace(request_, population=figures))
    assert line(table.lines, "QN03301M")["population"] == 1200
    assert math.isnan(line(table.lines, "QN03302M")["population"])
    assert table.types.set_index("type_code").loc["pharmacie", "inhabitants"] == 1200


def test_a_departement_alone_has_the_same_bits(app: App, request_: NationalRequest):
    whole = national_table(app, request_).lines
    for department in ("24", "33", "974"):
        alone = national_table(app, replace(request_, departments=(department,))).lines
        mine = whole[whole["department"] == department].reset_index(drop=True)
        assert_frame_equal(alone, mine, check_exact=True)


def test_two_processes_give_the_same_bits(
    app: App, request_: NationalRequest, monkeypatch: pytest.MonkeyPatch
):
    """Really two worker processes: the nearest place of one département may be in another's task."""
    pytest.importorskip("distributed")
    # A new process runs again the program that started it; a page tried before by Streamlit's AppTest stays
    # there in its place, and cannot be run alone.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    said: list[str] = []
    shared = national_table(app, replace(request_, workers=2), on_progress=lambda _, text: said.append(text))
    assert_frame_equal(shared.lines, national_table(app, request_).lines, check_exact=True)
    assert said[-1] == "4 quartiers sur 4."


def test_without_dask_it_says_what_to_install(
    app: App, request_: NationalRequest, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RefusedInput, match=r'pip install "dask\[distributed\]"'):
        national_table(app, replace(request_, workers=2))
    assert len(national_table(app, request_).lines) == 8


def test_the_same_file_twice_counts_once(app: App, request_: NationalRequest):
    once = national_table(app, request_)
    twice = national_table(app, replace(request_, establishments=request_.establishments * 2))
    assert_frame_equal(once.lines, twice.lines)
    assert any("5 structure(s) données deux fois" in note for note in twice.notes)


def test_files_that_do_not_cover_a_departement_are_said(app: App, tmp_path: Path):
    places = register(tmp_path, (PHARMACIE, "33001", 0.001, 44.801))
    table = national_table(app, NationalRequest(qpv=boundaries(tmp_path), establishments=(places,)))
    (note,) = [note for note in table.notes if "une heure de marche" in note]
    assert note.startswith("1 quartier(s)")
    assert note.endswith("(974).")


@pytest.mark.parametrize("workers", [0, -1, 1000])
def test_a_number_of_workers_that_makes_no_sense(app: App, request_: NationalRequest, workers: int):
    with pytest.raises(RefusedInput, match="entre 1 et"):
        national_table(app, replace(request_, workers=workers))


def test_a_departement_without_quartier_is_refused(app: App, request_: NationalRequest):
    with pytest.raises(
        RefusedInput, match=r"aucun quartier dans : 75\. Départements du fichier : 24, 33, 974"
    ):
        national_table(app, replace(request_, departments=("33", "75")))


def test_files_that_are_not_what_is_asked(app: App, request_: NationalRequest, tmp_path: Path):
    text = tmp_path / "notes.txt"
    text.write_text("bonjour", encoding="utf-8")
    with pytest.raises(
        RefusedInput, match=r"« notes.txt » n'est pas reconnu.* sources : data-inclusion, finess"
    ):
        national_table(app, replace(request_, establishments=(text,)))
    with pytest.raises(RefusedInput, match="ne donne pas d'établissements"):
        national_table(app, replace(request_, establishments=(request_.qpv,)))
    with pytest.raises(NotFound, match="n'existe pas"):
        national_table(app, replace(request_, qpv=tmp_path / "absent.geojson"))
    with pytest.raises(RefusedInput, match="n'est pas un fichier"):
        national_table(app, replace(request_, establishments=(tmp_path,)))


def test_nothing_placed_is_refused(app: App, request_: NationalRequest, tmp_path: Path):
    nowhere = register(tmp_path, (HOPITAL, "33001", "", ""), name="sans.csv")
    with pytest.raises(RefusedInput, match="à la fois une position et un type"):
        national_table(app, replace(request_, establishments=(nowhere,)))


def test_no_spreadsheet_runs_a_name(app: App, tmp_path: Path):
    qpv = boundaries(tmp_path, lib_qp="=HYPERLINK(1)")
    table = national_table(app, NationalRequest(qpv=qpv, establishments=(usual(tmp_path),)))
    assert write_table(table, tmp_path / "sortie.csv") == 8
    raw = (tmp_path / "sortie.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfcode;nom;")
    header, *rows = csv.reader(raw.decode("utf-8-sig").splitlines(), delimiter=";")
    assert tuple(header) == HEADERS
    assert {row[1] for row in rows} == {"'=HYPERLINK(1)"}
    empty = [row[-2:] for row in rows if row[3] == "hopital"]
    assert empty == [["", ""]] * 4


def test_a_file_is_replaced_whole_or_not_at_all(
    app: App, request_: NationalRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "sortie.csv"
    path.write_text("hier", encoding="utf-8")
    table = national_table(app, request_)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", full)
        with pytest.raises(RefusedInput, match="disque est plein"):
            write_table(table, path)
    assert path.read_text(encoding="utf-8") == "hier"
    assert not list(tmp_path.glob(".*partiel*"))
    with pytest.raises(RefusedInput, match="est un dossier"):
        write_table(table, tmp_path)


@pytest.mark.real_data
def test_real_quartiers_and_registers(app: App, shared_data: Path):
    """Toulouse and Montpellier measured as their territories are; the whole of France services beside."""
    table = national_table(
        app,
        NationalRequest(
            qpv=shared_data / "qpv" / "qpv2024_france.geojson",
            establishments=(
                shared_data / "finess" / "occitanie_opendatasoft.csv",
                shared_data / "annuaires" / "france_services.csv",
            ),
            departments=("31", "34", "974"),
        ),
    )
    assert table.lines.groupby("department")["code"].nunique().to_dict() == {"31": 19, "34": 21, "974": 57}
    toulouse = table.lines[(table.lines["department"] == "31") & (table.lines["type_code"] == "pharmacie")]
    assert toulouse["minutes_nearest"].between(0, 40).all()
    island = table.lines[table.lines["department"] == "974"]
    assert island.loc[island["type_code"] == "pharmacie", "minutes_nearest"].isna().all()
    assert island.loc[island["type_code"] == "france-services", "minutes_nearest"].notna().all()
