"""What residents asked for is a count by quartier and theme: never a person, and zero is not unknown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reseau.model.records import Need
from reseau.model.vocabulary import THEMES
from reseau.sources._vocabulary import find_word
from reseau.sources.besoins import SOURCE
from tests.unit.sources.tables import read, reasons

HEADER = "quartier;thème;nombre;date;recueil;note\n"


def test_a_whole_row(tmp_path: Path):
    text = HEADER + 'QN99102M;Logement;12;14/03/2026;porte-à-porte;"humidité\net charges"\n'
    (located,) = read(SOURCE, tmp_path / "a.csv", text).records
    assert located.record == Need(
        quartier_ref="QN99102M",
        theme="logement",
        count=12,
        on=date(2026, 3, 14),
        collected="porte-à-porte",
        note="humidité\net charges",
    )


@pytest.mark.parametrize("code", THEMES)
def test_a_theme_is_its_code_its_label_or_a_usual_word(code: str):
    """People write «papiers» or «psy»; what they mean is in one theme only."""
    assert find_word(code, "themes") == code
    assert find_word(THEMES[code].upper(), "themes") == code


@pytest.mark.parametrize(
    ("word", "theme"),
    [
        ("papiers", "droits"), ("psy", "sante_mentale"), ("médecins", "soins"), ("Emploi", "jeunesse"),
        ("cours de français", "langue"), ("isolement", "lien_social"), ("insalubre", None), ("", None),
    ],
)  # fmt: skip
def test_usual_words(word: str, theme: str | None):
    assert find_word(word, "themes") == theme


def test_zero_is_an_answer_and_nothing_is_not(tmp_path: Path):
    """No number is not «nobody asked»: the row is refused, never read as zero."""
    parsed = read(SOURCE, tmp_path / "a.csv", HEADER + "Beauval;soins;0;;;\nBeauval;droits;;;;\n")
    assert [located.record.count for located in parsed.records] == [0]
    assert "vide" in reasons(parsed.refused[0])["nombre"]


@pytest.mark.parametrize("count", ["-3", "beaucoup", "2,5", "1E9", "99999999999", "=2+2"])
def test_what_is_not_a_count_is_refused(tmp_path: Path, count: str):
    (row,) = read(SOURCE, tmp_path / "a.csv", f"{HEADER}Beauval;soins;{count};;;\n").refused
    assert "entier" in reasons(row)["nombre"] or "tableur" in reasons(row)["nombre"]


def test_an_unknown_theme_is_refused_with_the_list(tmp_path: Path):
    (row,) = read(SOURCE, tmp_path / "a.csv", f"{HEADER}Beauval;trottinettes;3;;;\n").refused
    assert THEMES["logement"] in reasons(row)["thème"]


def test_a_person_has_no_place_here(tmp_path: Path):
    text = HEADER + "Beauval;soins;1;;;Mme X, 2 99 05 2A 123 456\n"
    (row,) = read(SOURCE, tmp_path / "a.csv", text).refused
    assert "sécurité sociale" in reasons(row)["note"]
    assert "2A 123" not in str(row.row)


def test_a_file_of_another_kind_is_not_taken(tmp_path: Path):
    """A table of partners has none of the columns asked for."""
    from reseau.errors import RefusedInput

    with pytest.raises(RefusedInput, match="quartier"):
        read(SOURCE, tmp_path / "a.csv", "nom;type\nCMP;CMP\n")


def test_the_code_may_be_followed_by_the_name(tmp_path: Path):
    """As our own export writes it, however long the name."""
    name = f"QV-{'x' * 90} ({'Très ' * 60})"
    (located,) = read(SOURCE, tmp_path / "a.csv", f"{HEADER}{name};soins;3;;;\n").records
    assert located.record.quartier_ref == " ".join(name.split())
