"""What sources say underneath a correction is kept, and asked about once, when it is news."""

from __future__ import annotations

import pytest

from reseau.errors import NotFound
from reseau.services import App
from reseau.services.editing import get_row, provenance_of, save_row
from reseau.services.statements import conflicts, keep_mine, statements_of, take_theirs
from reseau.services.view import open_view
from tests.unit.services.conftest import Importer

HEADER = "identifiant;nom;type;latitude;longitude;téléphone\n"
LINE = "ex1;CMP;CMP;48.10;1.62;0199000001\n"


@pytest.fixture
def row(app: App, tid: int, load: Importer) -> int:
    load("tableur", HEADER + LINE)
    return int(open_view(app, tid).structures.index[0])


def said(app: App, row: int) -> dict[str, object]:
    return {item.field: item.value for item in statements_of(app, row)}


def test_a_correction_remembers_what_it_replaces_and_asks_nothing(
    app: App, tid: int, load: Importer, row: int
) -> None:
    save_row(app, tid, "structures", {"name": "Mon nom"}, row_id=row)
    assert said(app, row) == {"name": "CMP"}
    load("tableur", HEADER + LINE)
    assert conflicts(app, tid) == []


def test_news_under_a_correction_is_asked_once(app: App, tid: int, load: Importer, row: int) -> None:
    save_row(app, tid, "structures", {"name": "Mon nom"}, row_id=row)
    load("tableur", HEADER + LINE.replace(";CMP;CMP", ";CMP déménagé;CMP"))
    (conflict,) = conflicts(app, tid)
    assert (conflict.structure_id, conflict.name, conflict.field) == (row, "Mon nom", "name")
    assert (conflict.mine, conflict.theirs, conflict.source) == ("Mon nom", "CMP déménagé", "tableur")
    keep_mine(app, tid, row, "name", "tableur")
    assert conflicts(app, tid) == []
    assert said(app, row) == {"name": "CMP déménagé"}
    load("tableur", HEADER + LINE.replace(";CMP;CMP", ";CMP déménagé;CMP") + "\n")
    assert conflicts(app, tid) == []
    load("tableur", HEADER + LINE.replace(";CMP;CMP", ";CMP encore;CMP"))
    assert [item.theirs for item in conflicts(app, tid)] == ["CMP encore"]


def test_what_a_person_never_typed_is_not_asked(app: App, tid: int, load: Importer, row: int) -> None:
    save_row(app, tid, "structures", {"name": "Mon nom"}, row_id=row)
    load("tableur", HEADER + LINE.replace("0199000001", "0199000002"))
    assert conflicts(app, tid) == []
    assert get_row(app, "structures", row)["phone"] == "01 99 00 00 02"


def test_a_better_source_is_shown_beside_but_does_not_ask(app: App, tid: int, load: Importer) -> None:
    load("tableur", "identifiant;nom;type;finess\nex1;CMP à nous;CMP;990000011\n")
    row = int(open_view(app, tid).structures.index[0])
    load("finess", "nofinesset;categetab;rs;commune;departement\n990000011;156;CMP DU REGISTRE;101;99\n")
    assert "name" in said(app, row)
    assert conflicts(app, tid) == []


def test_what_a_better_source_replaces_is_shown_too(app: App, tid: int, load: Importer) -> None:
    """Whichever came first, the sheet shows what each says."""
    load("finess", "nofinesset;categetab;rs;commune;departement\n990000011;156;CMP DU REGISTRE;101;99\n")
    load("tableur", "identifiant;nom;type;finess\nex1;CMP à nous;CMP;990000011\n")
    row = int(open_view(app, tid).structures.index[0])
    assert said(app, row)["name"] == "CMP DU REGISTRE"


def test_when_the_source_agrees_nothing_is_left(app: App, tid: int, load: Importer, row: int) -> None:
    save_row(app, tid, "structures", {"name": "Mon nom"}, row_id=row)
    load("tableur", HEADER + LINE.replace(";CMP;CMP", ";Autre;CMP"))
    load("tableur", HEADER + LINE.replace(";CMP;CMP", ";Mon nom;CMP"))
    assert (said(app, row), conflicts(app, tid)) == ({}, [])
    # What it said before agreeing is forgotten: said again, it is news again.
    load("tableur", HEADER + LINE.replace(";CMP;CMP", ";Autre;CMP"))
    assert len(conflicts(app, tid)) == 1


def test_a_person_who_comes_to_agree_or_types_again_has_answered(
    app: App, tid: int, load: Importer, row: int
) -> None:
    save_row(app, tid, "structures", {"name": "Mon nom"}, row_id=row)
    load("tableur", HEADER + LINE.replace(";CMP;CMP", ";Autre;CMP"))
    save_row(app, tid, "structures", {"name": "Un troisième"}, row_id=row)
    assert conflicts(app, tid) == []
    save_row(app, tid, "structures", {"name": "Autre"}, row_id=row)
    assert said(app, row) == {}


def test_taking_theirs_gives_the_field_back_to_the_source(
    app: App, tid: int, load: Importer, row: int
) -> None:
    save_row(app, tid, "structures", {"name": "Mon nom", "phone": "01 99 00 00 09"}, row_id=row)
    load("tableur", HEADER + LINE.replace(";CMP;CMP", ";Autre;CMP"))
    take_theirs(app, tid, row, "name", "tableur")
    stored = get_row(app, "structures", row)
    assert (stored["name"], stored["overrides"]) == ("Autre", ["phone"])
    assert provenance_of(app, row)["name"][0] == "tableur"
    assert "name" not in said(app, row)
    load("tableur", HEADER + LINE.replace(";CMP;CMP", ";Plus tard;CMP"))
    assert get_row(app, "structures", row)["name"] == "Plus tard"


def test_a_position_moves_as_a_whole(app: App, tid: int, load: Importer, row: int) -> None:
    """Half of one and half of the other would be a place that exists nowhere."""
    save_row(app, tid, "structures", {"lat": 48.5, "lon": 1.9, "position_precision": "exacte"}, row_id=row)
    load("tableur", HEADER + LINE.replace("48.10;1.62", "48.20;1.72"))
    assert {item.field for item in conflicts(app, tid)} >= {"lat", "lon"}
    take_theirs(app, tid, row, "lat", "tableur")
    stored = get_row(app, "structures", row)
    assert (stored["lat"], stored["lon"], stored["overrides"]) == (48.2, 1.72, [])
    assert conflicts(app, tid) == []
    assert {provenance_of(app, row)[name][0] for name in ("lat", "lon", "position_precision")} == {"tableur"}


def test_keeping_mine_answers_for_the_whole_position(app: App, tid: int, load: Importer, row: int) -> None:
    save_row(app, tid, "structures", {"lat": 48.5, "lon": 1.9}, row_id=row)
    load("tableur", HEADER + LINE.replace("48.10;1.62", "48.20;1.72"))
    keep_mine(app, tid, row, "lon", "tableur")
    assert conflicts(app, tid) == []
    assert get_row(app, "structures", row)["lat"] == 48.5


def test_a_statement_that_went_is_said(app: App, tid: int, row: int) -> None:
    with pytest.raises(NotFound, match="rechargez"):
        take_theirs(app, tid, row, "name", "tableur")
