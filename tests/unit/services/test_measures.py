"""Every figure with what goes with it: words, unit, threshold, source, date, what it could not use."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import shapely

from reseau.gaps import all_measures
from reseau.model.french import written_day
from reseau.services import App
from reseau.services.editing import save_row, set_absence
from reseau.services.measures import (
    NO_SOURCE,
    MeasureRow,
    french_value,
    measure_rows,
    measured,
    ordered_measures,
    type_source,
    write_csv,
)
from reseau.services.view import open_view
from tests.unit.services.conftest import Importer

Reader = Callable[..., MeasureRow]
AT = {"lat": 47.082, "lon": 2.402, "position_precision": "exacte"}


@pytest.fixture
def quartier(app: App, tid: int) -> int:
    wkb = shapely.to_wkb(shapely.box(2.40, 47.08, 2.405, 47.084))
    values = {
        "code": "QV-nord",
        "name": "=Nord",
        "wkb": wkb,
        "population": 1000,
        "population_source": "INSEE",
    }
    return save_row(app, tid, "quartiers", values)


@pytest.fixture
def one(app: App, tid: int, quartier: int) -> Reader:
    """One measure of one type in the only quartier."""

    def read(measure: str, type_code: str = "cmp") -> MeasureRow:
        (row,) = measure_rows(app, tid, type_code=type_code, measure_ids=[measure])
        return row

    return read


def test_the_state_comes_first_then_by_subject() -> None:
    listed = ordered_measures()
    assert listed[0].id == "etat"
    subjects = [item.subject for item in listed]
    assert list(dict.fromkeys(subjects)) == sorted(set(subjects), key=subjects.index)
    assert {item.id for item in listed} == set(all_measures())


@pytest.mark.parametrize(
    ("measure", "value", "text"),
    [
        ("part", 0.456, "46\u202f%"), ("part", 0.001, "moins de 1\u202f%"), ("part", None, "inconnu"),
        ("minutes", 12.4, "12\u00a0min"), ("minutes", 65.0, "1\u00a0h\u00a005"),
        ("minutes_limite", 0.0, "moins de 1\u00a0min"), ("nombre_proche", 0, "0"),
        ("habitants_par_lieu", 1234.5, "1\u202f234"), ("deux_sfca", 2.5, "2,50"),
        ("etat", "eloigne", "Trop loin"), ("samedi", "non", "non"), ("dependance", float("nan"), "inconnu"),
    ],
)  # fmt: skip
def test_values_in_french(measure: str, value: object, text: str) -> None:
    assert french_value(all_measures()[measure], value) == text


def test_a_figure_carries_what_it_was_made_of(app: App, tid: int, one: Reader) -> None:
    save_row(app, tid, "structures", {"name": "CMP", "types": ["cmp"], **AT})
    save_row(app, tid, "structures", {"name": "Perdu", "types": ["cmp"]})
    row = one("part")
    assert (row.value, row.text, row.unusable) == (1, "100\u202f%", 1)
    assert row.threshold == "30\u00a0min à pied"
    assert (row.source, row.data_date) == ("saisie", None)
    assert row.population_source == "INSEE"
    assert "ligne droite" in row.travel
    assert one("a_500m").threshold == "500\u00a0m"
    assert one("dormance").source == "saisie"


def test_a_file_that_does_not_say_its_date_is_told_with_the_day_of_its_import(
    app: App, tid: int, one: Reader, load: Importer
) -> None:
    """The day somebody imported a register is not the day the register was true."""
    report = load("tableur", "nom;type;latitude;longitude\nCMP;CMP;47,082;2,402\n")
    assert report.data_date == ""
    day = written_day(date.fromisoformat(report.on[:10]))
    row = one("nombre_proche")
    assert row.source == f"Tableau de partenaires (importé le {day}, date des données inconnue)"
    assert row.data_date is None
    assert one("nombre_proche", "pmi").source == NO_SOURCE


def test_a_source_is_told_with_the_date_of_its_data(app: App, tid: int, one: Reader, load: Importer) -> None:
    load("tableur", "nom;type;latitude;longitude\nCMP;CMP;47,082;2,402\n")
    view = open_view(app, tid)
    view.imports = tuple(replace(report, data_date="2026-05-12") for report in view.imports)
    assert type_source(view, "cmp") == (
        "Tableau de partenaires (données du 12 mai 2026)",
        date(2026, 5, 12),
    )


def test_unknown_and_without_object_are_two_words(app: App, tid: int, quartier: int, one: Reader) -> None:
    assert one("soiree").text == "inconnu"
    set_absence(app, tid, quartier, "cmp")
    assert one("soiree").text == one("minutes").text == "sans objet"
    assert one("nombre_proche").text == "0"
    assert one("soiree").value is None


def test_a_measure_is_computed_once_per_change(app: App, tid: int, quartier: int) -> None:
    first = measured(open_view(app, tid), "part")
    assert measured(open_view(app, tid), "part") is first
    save_row(app, tid, "structures", {"name": "CMP", "types": ["cmp"], **AT})
    assert measured(open_view(app, tid), "part") is not first


def test_all_of_it_in_order(app: App, tid: int, quartier: int) -> None:
    rows = measure_rows(app, tid)
    view = open_view(app, tid)
    n = len(all_measures())
    assert len(rows) == n * len(view.gaps)
    assert [row.measure for row in rows[:n]] == [item.id for item in ordered_measures()]
    assert [row.type_code for row in rows[::n]] == view.gaps["type_code"].tolist()
    expected = measure_rows(app, tid, expected_only=True)
    assert {row.type_code for row in expected} == set(view.expected_gaps["type_code"])
    assert measure_rows(app, tid, quartier_id=quartier + 1) == []


def test_the_file_is_a_table_no_spreadsheet_runs(app: App, tid: int, quartier: int) -> None:
    """The name of the quartier begins like a formula."""
    content = write_csv(measure_rows(app, tid, type_code="cmp")).decode("utf-8-sig")
    header, *lines = csv.reader(io.StringIO(content), delimiter=";")
    assert len(lines) == len(all_measures())
    assert {line[header.index("quartier")] for line in lines} == {"'=Nord"}
    by_measure = {line[header.index("mesure")]: line for line in lines}
    part = by_measure["Part des habitants à portée"]
    assert (part[header.index("valeur")], part[header.index("valeur en mots")]) == ("", "inconnu")
    assert by_measure["Lieux proches"][header.index("valeur")] == "0"
