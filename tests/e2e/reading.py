"""Reading figures in a page as a person does, and asking the command line for the same ones."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from reseau.cli import main
from tests.e2e.browsing import Visit

Line = dict[str, str]
# What a table drawn on a canvas says to a screen reader: the part of it that is seen.
READ_TABLE = """(box) => [...box.querySelectorAll('table tr')].map(
    (row) => [...row.children].map((cell) => cell.textContent))"""
PATIENCE = 30  # times a page is looked at again, at rest each time, on a busy machine
# First box of the first line of a table, drawn on a canvas.
FIRST_BOX = {"x": 16, "y": 52}


def command(database: Path, *words: str) -> Any:
    """What `python -m reseau … --json` answers on a database."""
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as said:
        patch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{database}")
        assert main([*words, "--json"]) == 0
    return json.loads(said.getvalue())


def until(visit: Visit, holds: Callable[[], bool]) -> None:
    """Wait for what lasts (a row, a figure, what is stored): a confirmation is gone in four seconds."""
    for _ in range(PATIENCE):
        visit.settled()
        if holds():
            return
    pytest.fail("what was waited for did not come")


def section(visit: Visit, name: str) -> None:
    """Open a section of the page, or one of its tabs."""
    visit.page.get_by_test_id("stMain").get_by_text(name, exact=True).first.click()
    visit.settled()


def tables(visit: Visit) -> Any:
    """The tables that are seen."""
    return visit.page.locator("[data-testid=stDataFrame]:visible")


def lines(visit: Visit, rank: int = 0) -> list[Line]:
    """The lines of a table that are drawn, by column."""
    tables(visit).nth(rank).locator("tbody tr").first.wait_for(state="attached")
    head, *rows = tables(visit).nth(rank).evaluate(READ_TABLE)
    return [dict(zip(head, row, strict=True)) for row in rows]


def pick(visit: Visit, label: str, option: str) -> None:
    """Choose in a list, its words pasted."""
    box = visit.page.get_by_role("combobox", name=label).first
    box.click()
    box.fill(option)
    visit.page.get_by_role("option", name=option).first.click()


def tick(visit: Visit, rank: int = 0) -> None:
    """Choose the first line of a table."""
    tables(visit).nth(rank).click(position=FIRST_BOX)
    visit.settled()


def downloaded(visit: Visit, name: str) -> list[Line]:
    """The CSV file a button gives."""
    with visit.page.expect_download() as waiting:
        visit.press(name)
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(StringIO(text), delimiter=";"))


def figure(text: str) -> float:
    """«1 350» as 1350, «2,5» as 2.5: nothing but digits and one comma, spaces apart."""
    return float("".join(char for char in text if not char.isspace()).replace(",", "."))


def same_figures(visit: Visit, quartier: str, type_code: str) -> dict[str, str]:
    """Open all measures of a quartier and a type: every figure seen is the command's; answers them by id."""
    database = visit.server.database
    told = command(database, "mesures", "--quartier", quartier, "--type", type_code)
    (line,) = told["lignes"]
    visit.goto("p4_mesures", quartier=quartier, type=type_code)
    visit.settled()
    titles = {item["titre"]: item["id"] for item in told["mesures"]}
    shown = {titles[row["Mesure"]]: row for row in lines(visit)}
    assert {"etat", "part", "minutes", "dans", "a_500m", "nombre_proche"} <= set(shown)
    for key, row in shown.items():
        assert row["Valeur"] == line["en_mots"][key]
        assert row["Seuil"] == (line["seuils"][key] or "sans objet")
        assert figure(row["Inutilisables"]) == line["inutilisables"][key]
    assert told["trajets"] in visit.page.get_by_test_id("stMain").inner_text()
    assert len(downloaded(visit, "Télécharger ces chiffres")) == len(told["mesures"])
    return {key: row["Valeur"] for key, row in shown.items()}


def same_places(visit: Visit, told: dict[str, Any]) -> None:
    """The places chosen are those `implanter` told: number, name, and what each adds."""
    assert told["phrase"] in visit.page.get_by_test_id("stMain").inner_text()
    assert told["choisis"]
    assert [
        (figure(row["N°"]), row["Lieu"], figure(row["En plus"]), figure(row["À lui seul"]))
        for row in lines(visit)
    ] == [(item["rang"], item["nom"], item["gain"], item["seul"]) for item in told["choisis"]]


def search_places(visit: Visit, type_code: str, count: int) -> None:
    """Décider, Où aller: look for `count` places where a type could open."""
    visit.goto("p7_decider", type=type_code)
    section(visit, "Où aller")
    number = visit.page.get_by_role("spinbutton", name="Combien de lieux")
    number.fill(str(count))
    number.press("Enter")
    visit.settled()
    visit.press("Chercher")
    visit.page.get_by_text("résultat prouvé").wait_for()
    visit.settled()
