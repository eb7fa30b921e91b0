"""Figures of quartiers: a secret one is unknown, never zero; official namings of every year are read."""

from pathlib import Path

import pytest

from reseau.errors import RefusedInput
from reseau.model.records import Quartier
from reseau.model.reports import Parsed, Scope
from reseau.sources import qpv_indicateurs
from reseau.sources._base import ReadOptions
from reseau.sources.qpv_indicateurs import SOURCE
from reseau.sources.qpv_indicateurs.columns import population_year_of

SAMPLE = Path(qpv_indicateurs.__file__).parent / SOURCE.spec.sample


def read(path: Path, *communes: str, **scope: frozenset[str]) -> Parsed:
    parsed = SOURCE.read(path, Scope(communes=frozenset(communes), **scope), ReadOptions())
    assert parsed.n_read == len(parsed.records) + len(parsed.refused) + parsed.n_out_of_scope
    return parsed


def table(folder: Path, text: str, name: str = "chiffres.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def records(parsed: Parsed) -> dict[str, Quartier]:
    return {item.record.code: item.record for item in parsed.records if isinstance(item.record, Quartier)}


def fields(parsed: Parsed) -> dict[str, frozenset[str]]:
    return {item.record.code: item.fields for item in parsed.records}


@pytest.mark.parametrize("secret", ["", "s", "S", "nd", "n/d", "///", "c", "NS", " "])
def test_a_secret_figure_has_no_key_and_a_secret_population_is_not_given(tmp_path: Path, secret: str) -> None:
    """Zero is a figure: «0 école» is kept. What is not told erases nothing that is known."""
    path = table(
        tmp_path, f"code_qp,pop_mun,tp60,ec_mat\nQP031001,{secret},{secret},0\nQP031002,900,40.1,2\n"
    )
    parsed = read(path)
    first = records(parsed)["QP031001"]
    assert first.indicators == {"ec_mat": 0.0}
    assert first.population is None
    assert fields(parsed)["QP031001"] == {"code", "indicators"}
    assert fields(parsed)["QP031002"] == {"code", "indicators", "population", "population_source"}
    assert parsed.counts["hidden"] == 2


def test_a_row_of_secrets_only_says_nothing(tmp_path: Path) -> None:
    parsed = read(table(tmp_path, "code_qp,pop_mun,tp60\nQP031001,s,s\nQP031002,900,40\n"))
    assert fields(parsed)["QP031001"] == {"code"}


@pytest.mark.parametrize(
    ("header", "source"),
    [
        ("pop_mun", "INSEE, population municipale (année non précisée)"),
        ("POP_MUN_2018", "INSEE, population municipale 2018"),
        ("P18_POP", "INSEE, population municipale 2018"),
        ("PMUN13", "INSEE, population municipale 2013"),
        ("popMuniQPV", "INSEE, population municipale (année non précisée)"),
        ("Population municipale 2021", "INSEE, population municipale 2021"),
    ],
)
def test_the_year_of_the_population_is_that_of_the_file(tmp_path: Path, header: str, source: str) -> None:
    (record,) = records(read(table(tmp_path, f"CODGEO;{header};TP60\nQN03101M;1234;40\n"))).values()
    assert (record.population, record.population_source) == (1234, source)


def test_a_column_may_give_the_year(tmp_path: Path) -> None:
    (record,) = records(read(table(tmp_path, "codeQPV;annee;popMuniQPV\nQN03101M;2020;1234\n"))).values()
    assert record.population_source == "INSEE, population municipale 2020"


def test_the_latest_of_two_populations_is_taken_and_both_are_kept(tmp_path: Path) -> None:
    path = table(tmp_path, "code_qp;pop_mun_2013;pop_mun_2018\nQP031001;1000;1100\n")
    (record,) = records(read(path)).values()
    assert record.population == 1100
    assert record.indicators == {"pop_mun_2013": 1000.0, "pop_mun_2018": 1100.0}


@pytest.mark.parametrize(
    ("column", "year"), [("pop_mun", None), ("pop_com_qp", None), ("P09_POP", 2009), ("tp60", None)]
)
def test_a_year_is_not_guessed(column: str, year: int | None) -> None:
    assert population_year_of(column) == year


def test_the_population_of_the_commune_is_not_that_of_the_quartier(tmp_path: Path) -> None:
    path = table(tmp_path, "code_qp,pop_com_qp,pop_com\nQP031001,9831,46724\n")
    (record,) = records(read(path)).values()
    assert record.population is None


def test_zero_inhabitants_is_unknown(tmp_path: Path) -> None:
    (record,) = records(read(table(tmp_path, "code_qp;pop_mun;tp60\nQP031001;0;12\n"))).values()
    assert record.population is None


def test_decimal_commas_bom_and_percent_signs(tmp_path: Path) -> None:
    path = table(tmp_path, "\ufeffcode_qp;tp60;disp_q2\nQP031001;43,9 %;13 305\n")
    (record,) = records(read(path)).values()
    assert record.indicators == {"tp60": 43.9, "disp_q2": 13305.0}


def test_codes_of_regions_are_not_figures_and_words_are_said(tmp_path: Path) -> None:
    path = table(tmp_path, "codeQPV;codeREG;codeUU2020;tp60;tendance\nQN03101M;76;31701;40;hausse\n")
    parsed = read(path)
    assert records(parsed)["QN03101M"].indicators == {"tp60": 40.0}
    assert any("tendance" in note for note in parsed.notes)


def test_an_unreadable_figure_is_unknown_and_counted(tmp_path: Path) -> None:
    parsed = read(table(tmp_path, "code_qp;tp60\nQP031001;vers 40\nQP031002;41\n"))
    assert records(parsed)["QP031001"].indicators == {}
    assert parsed.counts["unreadable"] == 1


@pytest.mark.parametrize(
    ("row", "word"),
    [("31001;40", "code de quartier"), (";40", "vide"), ("QP031001;41", "déjà à la ligne 2")],
)
def test_a_bad_row_is_kept_with_its_reason(tmp_path: Path, row: str, word: str) -> None:
    parsed = read(table(tmp_path, f"code_qp;tp60\nQP031001;40\n{row}\n"))
    (refused,) = parsed.refused
    assert refused.line == 3
    assert word in refused.problems[0].reason
    assert refused.row["tp60"]


def test_only_what_may_be_of_the_territory(tmp_path: Path) -> None:
    text = "code_qp;tp60\nQP031001;40\nQP009001;41\nQP974001;42\nQP02A001;43\nQP02B001;44\n"
    path = table(tmp_path, text)
    assert set(records(read(path, "31555"))) == {"QP031001"}
    assert set(records(read(path, "97411"))) == {"QP974001"}
    assert set(records(read(path, "2A004"))) == {"QP02A001"}
    assert len(records(read(path))) == 5


def test_a_column_of_communes_decides(tmp_path: Path) -> None:
    path = table(tmp_path, "codeQPV;listeDEPCOM;tp60\nQN03101M;31555,31069;40\nQN03102M;31149;41\n")
    assert set(records(read(path, "31069"))) == {"QN03101M"}


def test_quartiers_named_one_by_one(tmp_path: Path) -> None:
    """The other generation serves to compare: it goes by department."""
    path = table(tmp_path, "code_qp;tp60\nQN03101M;40\nQN03102M;41\nQP031001;42\nQP009001;43\n")
    parsed = read(path, "31555", qpv_codes=frozenset({"QN03102M"}))
    assert set(records(parsed)) == {"QN03102M", "QP031001"}


@pytest.mark.parametrize(
    "text",
    [
        "code_qp,description\nQP031001,pas un chiffre\n",
        "colonne,description,exemple\ncode_qp,Code du quartier,QP082003\npop_mun,Habitants,2470\n",
        "nom;type\nCMP;cmp\n",
    ],
    ids=["words", "dictionary", "partners"],
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    path = table(tmp_path, text)
    assert not SOURCE.recognises(path)
    with pytest.raises(RefusedInput, match=r"chiffres\.csv"):
        read(path)


def test_a_workbook_with_a_row_of_titles(tmp_path: Path) -> None:
    """As the institute publishes: a title, words, then the row of codes."""
    import xlsxwriter

    path = tmp_path / "insee.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("QP")
    lines = [
        ["Revenus et pauvreté en 2021"],
        ["Code du QPV", "Libellé", "Taux de pauvreté"],
        ["CODGEO", "LIBGEO", "DISP_TP6021"],
        ["QN03101M", "Bellevue", 41.5],
        ["QN03102M", "Les Pins", "s"],
    ]
    for number, cells in enumerate(lines):
        sheet.write_row(number, 0, cells)
    book.close()
    found = records(read(path))
    assert found["QN03101M"].indicators == {"disp_tp6021": 41.5}
    assert found["QN03102M"].indicators == {}


def test_the_sample_is_recognised() -> None:
    assert SOURCE.recognises(SAMPLE)
    assert not SOURCE.spec.creates


@pytest.mark.real_data
def test_the_real_file_of_occitanie(shared_data: Path) -> None:
    """105 quartiers, a mark of order of bytes, 216 secret figures; its dictionary is another file."""
    folder = shared_data / "qpv"
    path = folder / "qpv2015_occitanie_indicateurs.csv"
    parsed = read(path)
    found = records(parsed)
    assert len(found) == 105
    assert parsed.counts["hidden"] == 216
    assert found["QP011004"].indicators["ec_mat"] == 3
    assert "part_chomprinc" not in found["QP009001"].indicators
    assert found["QP009001"].indicators["decuc_d1"] == 0, "zero euro is a figure"
    assert found["QP009001"].population == 1177
    assert all("year" not in item.population_source for item in found.values())
    assert SOURCE.recognises(path)
    dictionary = folder / "qpv2015_occitanie_indicateurs_dictionnaire.csv"
    assert not SOURCE.recognises(dictionary)
    with pytest.raises(RefusedInput, match="code de quartier"):
        read(dictionary)
