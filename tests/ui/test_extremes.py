"""Territories that lack something, or are out of all proportion: each page is drawn, or says what to do.

Each new section is opened on each of them; none may stop, and where there is nothing to show it says what is
missing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from streamlit.testing.v1 import AppTest

from reseau.services import App, saved_scenarios, snapshots
from reseau.services.editing import delete_row, save_row
from reseau.services.merging_structures import merge
from reseau.services.territoires import create_territoire, update_territoire
from reseau.services.view import open_view
from tests.ui.conftest import Opener, Use

WEST, SOUTH, SIDE = -0.5, 46.3, 0.01
SQUARE = (WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)
SECTIONS = [
    ("p1_vue_densemble", ""),
    ("p4_mesures", "tableau"),
    ("p4_mesures", "priorites"),
    ("p4_mesures", "demandes"),
    ("p4_mesures", "comparer"),
    ("p7_decider", "et_si"),
    ("p7_decider", "ou_aller"),
    ("p7_decider", "tournee"),
    ("p10_reglages", ""),
]


def quartier(app: App, tid: int, name: str, box: tuple[float, ...], people: int | None = 1000) -> int:
    values = {"name": name, "wkb": shapely.box(*box).wkb, "communes": ["99101"], "population": people}
    return save_row(app, tid, "quartiers", values)


def structure(app: App, tid: int, name: str, code: str, **values: object) -> int:
    at = {"lon": WEST, "lat": SOUTH, "position_precision": "exacte", "insee": "99101"}
    return save_row(app, tid, "structures", {"name": name, "types": [code], **at, **values})


def pivot(app: App, tid: int, **values: object) -> None:
    row_id = structure(app, tid, "Notre MSP", "msp", **values)
    update_territoire(app, tid, pivot_uid=open_view(app, tid).structures.at[row_id, "uid"])


def nothing(app: App, tid: int) -> None:
    """A territory just made."""


def no_quartier(app: App, tid: int) -> None:
    pivot(app, tid)
    structure(app, tid, "CMP", "cmp")


def no_structure(app: App, tid: int) -> None:
    quartier(app, tid, "A", SQUARE)


def no_pivot(app: App, tid: int) -> None:
    quartier(app, tid, "A", SQUARE)
    structure(app, tid, "CMP", "cmp")


def no_population(app: App, tid: int) -> None:
    quartier(app, tid, "A", SQUARE, None)
    pivot(app, tid)


def nobody(app: App, tid: int) -> None:
    quartier(app, tid, "A", SQUARE, 0)
    structure(app, tid, "CMP", "cmp")


def thin(app: App, tid: int) -> None:
    quartier(app, tid, "Fil", (WEST, SOUTH, WEST + 0.05, SOUTH + 1e-5))
    quartier(app, tid, "Point", (WEST, SOUTH, WEST + 1e-7, SOUTH + 1e-7))
    structure(app, tid, "CMP", "cmp")


def wide(app: App, tid: int) -> None:
    """200 km²."""
    quartier(app, tid, "Grand", (WEST, SOUTH, WEST + 0.18, SOUTH + 0.13))
    structure(app, tid, "CMP", "cmp")


def unplaced(app: App, tid: int) -> None:
    quartier(app, tid, "A", SQUARE)
    structure(app, tid, "Quelque part", "cmp", lon=None, lat=None, position_precision="")


def all_closed(app: App, tid: int) -> None:
    quartier(app, tid, "A", SQUARE)
    pivot(app, tid, closed=True)


def referenced(app: App, tid: int) -> None:
    """A quartier deleted, a structure deleted, another merged, after needs, a scenario, a photo."""
    quartier(app, tid, "A", SQUARE)
    gone = quartier(app, tid, "B", (WEST + 0.02, SOUTH, WEST + 0.03, SOUTH + SIDE))
    pivot(app, tid)
    closed, kept, twin = (structure(app, tid, f"Centre {rank}", "centre-social") for rank in range(3))
    save_row(app, tid, "besoins", {"quartier_id": gone, "theme": "soins", "count": 3})
    changes = [{"kind": "close", "structure_id": row_id} for row_id in (closed, twin)]
    opening = {"kind": "permanence", "type": "pmi", "host_id": twin}
    saved_scenarios.save_scenario(app, tid, "S", [*changes, opening])
    snapshots.keep_snapshot(app, tid, "Avant")
    delete_row(app, tid, "quartiers", gone)
    delete_row(app, tid, "structures", closed)
    merge(app, tid, kept, twin)


def damaged(app: App, tid: int) -> None:
    """What a hostile backup may hold."""
    referenced(app, tid)
    with app.store.write() as connection:
        for statement in (
            "UPDATE snapshots SET content = '[1]'",
            "UPDATE scenarios SET changes = '5'",
            'INSERT INTO expectation_versions (territoire_id, number, "on", author, note, content) '
            "VALUES (1, 1, '2026-01-01 00:00:00', '', '', '5')",
            "INSERT INTO networks (territoire_id, title, loaded_at, nodes, edges, content) "
            "VALUES (1, 'x', '2026-01-01 00:00:00', 1, 1, x'00')",
        ):
            connection.exec_driver_sql(statement)


CASES: list[Callable[[App, int], None]] = [
    nothing, no_quartier, no_structure, no_pivot, no_population, nobody, thin, wide, unplaced, all_closed,
    referenced, damaged,
]  # fmt: skip


@pytest.fixture(params=CASES, ids=lambda case: case.__name__)
def odd(request: pytest.FixtureRequest, _use: Use, tmp_path: Path) -> None:
    app = _use(tmp_path / "base.db")
    request.param(app, create_territoire(app, "Essai", communes=["99101"]).id)


def opened(open_page: Opener, page: str, section: str) -> AppTest:
    at = open_page(page)
    if section:
        at.session_state[f"{page.split('_', 1)[1]}_next_section"] = section
        at.run()
    return at


def test_each_section_is_drawn_or_says_what_to_do(odd: None, open_page: Opener) -> None:
    for page, section in SECTIONS:
        at = opened(open_page, page, section)
        assert not at.exception, (page, section, [item.message for item in at.exception])
        shown = [*at.dataframe, *at.info, *at.warning, *at.metric, *at.button, *at.markdown]
        assert shown, (page, section)


@pytest.mark.parametrize(
    ("commune", "lon", "lat", "epsg"),
    [
        ("97105", -61.73, 16.0, 5490),
        ("97302", -52.33, 4.93, 2972),
        ("97411", 55.45, -20.88, 2975),
        ("97608", 45.22, -12.78, 4471),
        ("97502", -56.18, 46.77, 4467),
    ],
)
def test_overseas_territories_have_every_section(
    empty_app_db: App, open_page: Opener, commune: str, lon: float, lat: float, epsg: int
) -> None:
    """Measured in their own metres."""
    app = empty_app_db
    tid = create_territoire(app, "Outre-mer", communes=[commune]).id
    quartier(app, tid, "A", (lon, lat, lon + SIDE, lat + SIDE))
    structure(app, tid, "CMP", "cmp", lon=lon, lat=lat, insee=commune)
    view = open_view(app, tid)
    assert view.epsg == epsg
    minutes = view.gaps.loc[view.gaps["type_code"] == "cmp", "minutes_nearest"].iloc[0]
    assert 5 < minutes < 20, "from a corner of a square of a kilometre to its inhabitants"
    for page, section in SECTIONS:
        assert not opened(open_page, page, section).exception, (page, section)
