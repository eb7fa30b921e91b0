"""Reading figures in a page as a person does, and asking the command line for the same ones."""

from __future__ import annotations

import csv
import json
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
# First box of the first line of a table, drawn on a canvas.
FIRST_BOX = {"x": 16, "y": 52}


def command(database: Path, *words: str) -> Any:
    """What `python -m reseau … --json` answers on a database."""
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as said:
        patch.setenv("RESEAU_DATABASE_URL", f"sqlite:///{database}")
        assert main([*words, "--json"]) == 0
    return json.loads(said.getvalue())


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
