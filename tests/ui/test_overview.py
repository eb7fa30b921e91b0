"""The overview: the table says what was computed, a cell leads everywhere, an absence can be recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from reseau.gaps.priority_words import explanation
from reseau.model.typology import FAMILIES
from reseau.model.vocabulary import STATE_LABELS, State
from reseau.services import App
from reseau.services.editing import save_row
from reseau.services.priorities import priorities
from reseau.services.territoires import create_territoire, update_territoire
from reseau.services.view import View, open_view
from reseau.ui import overview
from reseau.ui.components.matrix import Cell
from tests.ui.conftest import Opener, assert_sound, assert_text_stays_text

PAGE = "p1_vue_densemble"


@dataclass
class Table:
    """What the table component was given, and the click it answers next."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    columns: list[dict[str, Any]] = field(default_factory=list)
    cells: list[list[dict[str, str] | None]] = field(default_factory=list)
    selected: Cell | None = None
    click: Cell | None = None

    def __call__(
        self, rows: Any, columns: Any, cells: Any, *, selected: Cell | None, key: str
    ) -> Cell | None:
        self.rows, self.columns, self.cells, self.selected = rows, columns, cells, selected
        answer, self.click = self.click, None
        return answer

    def states(self) -> dict[tuple[int, str], str]:
        return {
            (column["id"], row["id"]): cell["state"]
            for row, line in zip(self.rows, self.cells, strict=True)
            for column, cell in zip(self.columns, line, strict=True)
            if cell is not None
        }


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Table:
    """Stands where the table is: AppTest cannot click in a component."""
    found = Table()
    monkeypatch.setattr(overview, "matrix", found)
    return found


def said(at: AppTest) -> str:
    return "\n".join(str(item.value) for kind in (at.markdown, at.caption, at.text, at.info) for item in kind)


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def cell_in(view: View, state: State, *, keep: Callable[[Any], bool] = lambda _row: True) -> Any:
    """First expected cell of a state."""
    rows = view.expected_gaps[view.expected_gaps["state"] == state]
    return next(row for row in rows.itertuples() if keep(row))


def open_cell(open_page: Opener, row: Any) -> AppTest:
    return open_page(PAGE, quartier=row.quartier_code, type=row.type_code)


def test_without_territory_the_page_says_where_to_start(empty_app_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert_sound(at)
    assert "Aucun territoire" in at.info[0].value
    press(at, "Ouvrir les réglages")
    assert at.title[0].value == "Réglages"


def test_an_empty_territory_says_what_is_missing(empty_app_db: App, open_page: Opener) -> None:
    """The three steps, none done, and a way to the first."""
    create_territoire(empty_app_db, "Vide", communes=["99101"])
    at = open_page(PAGE)
    assert_sound(at)
    assert [item.value.rsplit(" : ", 1)[1] for item in at.text if item.value[0].isdigit()] == ["à faire"] * 3
    press(at, "Ouvrir la page Données")
    assert at.title[0].value == "Données"


def test_the_table_is_what_was_computed(demo_db: App, open_page: Opener, table: Table) -> None:
    """One cell per quartier and expected type, in the state of the command line; all five are visible."""
    at = open_page(PAGE)
    assert_sound(at)
    gaps = open_view(demo_db, 1).expected_gaps
    computed = {(row.quartier_id, row.type_code): str(row.state) for row in gaps.itertuples()}
    assert table.states() == computed
    assert set(table.states().values()) == set(State)
    drawn = [cell for line in table.cells for cell in line if cell is not None]
    assert all(STATE_LABELS[State(cell["state"])] in cell["title"] for cell in drawn)


def test_a_fragile_state_is_marked_with_its_reason(demo_db: App, open_page: Opener, table: Table) -> None:
    """A discreet sign in the cell, the reason on hover and in the detail, the sign in the legend."""
    gaps = open_view(demo_db, 1).expected_gaps
    fragile = {(row.quartier_id, row.type_code): row for row in gaps[gaps["fragile"]].itertuples()}
    assert fragile
    assert f"{overview.FRAGILE_SIGN} {overview.FRAGILE_MEANING}" in said(open_page(PAGE))
    marked = {
        (column["id"], row["id"]): cell["title"]
        for row, line in zip(table.rows, table.cells, strict=True)
        for column, cell in zip(table.columns, line, strict=True)
        if cell is not None and cell["mark"]
    }
    assert set(marked) == set(fragile)
    assert all(fragile[couple].reason in title for couple, title in marked.items())
    row = next(iter(fragile.values()))
    assert "État fragile" in said(open_cell(open_page, row))


def test_filters_leave_some_types(demo_db: App, open_page: Opener, table: Table) -> None:
    at = open_page(PAGE)
    view = open_view(demo_db, 1)
    at.multiselect(key="overview_families").set_value(["sante"]).run()
    sante = {item.code for item in view.typology if item.family == "sante"}
    assert {row["id"] for row in table.rows} == set(view.expected_types) & sante
    at.toggle(key="overview_expected").set_value(False).run()
    assert {row["id"] for row in table.rows} == sante
    at.multiselect(key="overview_families").set_value([]).run()
    assert {row["id"] for row in table.rows} == {item.code for item in view.typology}
    groups = [row["group"] for row in table.rows]
    assert list(dict.fromkeys(groups)) == [
        family.label for family in FAMILIES.values() if family.label in groups
    ]
    assert_sound(at)


def test_a_family_without_expected_type_says_so(demo_db: App, open_page: Opener, table: Table) -> None:
    view = open_view(demo_db, 1)
    lonely = set(FAMILIES) - {view.typology[code].family for code in view.expected_types}
    if not lonely:
        pytest.skip("every family of the typology has an expected type")
    at = open_page(PAGE)
    at.multiselect(key="overview_families").set_value([lonely.pop()]).run()
    assert "Aucun type" in said(at)


def test_a_click_chooses_the_cell_for_every_page(demo_db: App, open_page: Opener, table: Table) -> None:
    """The detail opens, the address tells it, and the map opens with it."""
    row = cell_in(open_view(demo_db, 1), State.ELOIGNE)
    table.click = Cell(row.quartier_id, row.type_code)
    at = open_page(PAGE)
    assert_sound(at)
    assert at.query_params["quartier"] == row.quartier_code
    assert at.query_params["type"] == row.type_code
    assert table.selected == Cell(row.quartier_id, row.type_code)
    press(at, "Voir sur la carte")
    assert_sound(at)
    assert at.title[0].value == "Carte"
    assert at.query_params["type"] == row.type_code
    assert at.selectbox(key="carte_quartier").value == row.quartier_id


def test_the_detail_says_why_in_words(demo_db: App, open_page: Opener) -> None:
    """State, sentence, figures: for each of the five states."""
    view = open_view(demo_db, 1)
    for found in State:
        row = cell_in(view, found)
        at = open_cell(open_page, row)
        assert_sound(at)
        words = said(at)
        assert f"**{STATE_LABELS[found]}**" in words
        assert overview.sentence_of(view, row._asdict()) in words
        assert f"lieux connus : {row.n_points}" in words


def test_a_gap_leads_to_the_network_with_the_nearest(demo_db: App, open_page: Opener) -> None:
    row = cell_in(open_view(demo_db, 1), State.A_RELIER)
    at = press(open_cell(open_page, row), "Voir dans le réseau")
    assert_sound(at)
    assert at.title[0].value == "Réseau"
    assert at.query_params["structure"] == str(int(row.nearest_id))


def test_a_gap_becomes_a_prepared_action(demo_db: App, open_page: Opener) -> None:
    row = cell_in(open_view(demo_db, 1), State.ELOIGNE)
    at = press(open_cell(open_page, row), "Préparer une action")
    assert_sound(at)
    assert any("Répond à ce manque" in item.value for item in at.info)
    assert row.quartier_name in next(box.value for box in at.text_input if box.label == "Titre")


@pytest.mark.parametrize(
    "address", [{}, {"quartier": "QN0", "type": "cmp"}, {"quartier": "QN99101M", "type": "x"}]
)
def test_without_a_cell_the_page_says_how_to_read(
    demo_db: App, open_page: Opener, address: dict[str, str]
) -> None:
    """Half a selection, or one that does not exist, is no selection."""
    at = open_page(PAGE, **address)
    assert_sound(at)
    assert "Comment lire ce tableau" in said(at)


def test_the_first_ten_are_said_with_their_calculation_and_open(demo_db: App, open_page: Opener) -> None:
    """The same order as Mesures, Priorités: two lists of what comes first would be one too many."""
    view = open_view(demo_db, 1)
    first = priorities(view).lines.head(10)
    assert len(first) == 10
    at = open_page(PAGE)
    shown = [item.value for item in at.text]
    for row in first.to_dict("records"):
        gap = overview.gap_row(view, row["quartier_id"], row["type_code"])
        assert any(overview.sentence_of(view, gap) in line for line in shown)
        button = at.button(key=f"first_{row['quartier_id']}_{row['type_code']}")
        assert button.help == explanation(row)
    last = first.iloc[-1]
    at.button(key=f"first_{last['quartier_id']}_{last['type_code']}").click().run()
    assert_sound(at)
    assert at.query_params["quartier"] == last["quartier_code"]
    assert at.query_params["type"] == last["type_code"]


def test_without_any_population_the_list_is_not_empty(demo_db: App, open_page: Opener) -> None:
    """Boundaries often come without inhabitants: there is no score, the gaps are there all the same."""
    for row_id in open_view(demo_db, 1).quartiers.index:
        save_row(demo_db, 1, "quartiers", {"population": None}, row_id=int(row_id))
    at = open_page(PAGE)
    assert_sound(at)
    opened = [button for button in at.button if button.label == "Ouvrir"]
    assert len(opened) == 10
    assert all("nombre inconnu" in button.help for button in opened)


def test_an_absence_is_recorded_and_taken_back(demo_db: App, open_page: Opener) -> None:
    """Absent and unknown are told apart by a person who checked; the date stays with it."""
    row = cell_in(open_view(demo_db, 1), State.NON_RENSEIGNE)

    def state_now() -> str:
        gaps = open_view(demo_db, 1).gaps
        here = (gaps["quartier_id"] == row.quartier_id) & (gaps["type_code"] == row.type_code)
        return str(gaps.loc[here, "state"].item())

    at = open_cell(open_page, row)
    at.text_input(key="absence_note").set_value("Vu avec la mairie").run()
    press(at, "Enregistrer avec la date du jour")
    assert_sound(at)
    assert state_now() == State.ABSENT
    found = [item for item in open_view(demo_db, 1).absences if item.type_code == row.type_code]
    assert [(item.quartier_code, item.note) for item in found] == [(row.quartier_code, "Vu avec la mairie")]
    press(at, "Retirer « vérifié : il n'y en a pas »")
    assert_sound(at)
    assert state_now() == State.NON_RENSEIGNE


def test_where_something_is_known_nobody_can_say_there_is_none(demo_db: App, open_page: Opener) -> None:
    at = open_cell(open_page, cell_in(open_view(demo_db, 1), State.COUVERT))
    assert not [button for button in at.button if "date du jour" in button.label]


def test_without_pivot_nothing_is_covered_and_the_page_says_why(
    demo_db: App, open_page: Opener, table: Table
) -> None:
    update_territoire(demo_db, 1, pivot_uid="")
    at = open_page(PAGE)
    assert_sound(at)
    assert any("structure pivot" in item.value for item in at.warning)
    assert State.COUVERT not in table.states().values()


def test_hostile_names_stay_text(hostile_db: App, open_page: Opener, table: Table) -> None:
    """In the detail, the sentences and the actions; the table is given plain text."""
    view = open_view(hostile_db, 1)
    at = open_page(PAGE)
    assert_sound(at)
    assert_text_stays_text(at)
    assert {column["label"] for column in table.columns} == set(view.quartiers["name"])
    for row in view.gaps[view.gaps["type_code"].isin(["cpam", "caarud"])].itertuples():
        at = open_cell(open_page, row)
        assert_sound(at)
        assert_text_stays_text(at)
