"""The map page: what is drawn is what is listed, filters say what they leave, a click chooses everywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from reseau.config import DEMO_PARTNERS_DIR, DEMO_QPV_DIR
from reseau.maps.data import MapData
from reseau.model.vocabulary import RelationStatus, State
from reseau.services import App
from reseau.services.editing import save_row
from reseau.services.importing import FileToImport, import_file
from reseau.services.territoires import create_territoire
from reseau.services.view import View, open_view
from reseau.ui.carte import page
from reseau.ui.carte.filters import NO_TIE
from reseau.ui.components.map_view import Focus, MapBase, MapEvent
from tests.ui.conftest import HOSTILE, Opener, assert_sound, assert_text_stays_text

PAGE = "p2_carte"
QUARTIER = "QN99101M"
RING = ((1.60, 48.10), (1.61, 48.10), (1.61, 48.11), (1.60, 48.10))


@dataclass
class Map:
    """What the map was given, and the event it answers next."""

    base: MapBase | None = None
    data: MapData = field(default_factory=MapData)
    tool: str = ""
    focus: Focus | None = None
    event: MapEvent | None = None

    def __call__(self, base: MapBase, data: MapData, **options: Any) -> MapEvent | None:
        self.base, self.data = base, data
        self.tool, self.focus = options["tool"], options["focus"]
        answer, self.event = self.event, None
        return answer

    def ids(self) -> set[int]:
        return {mark.id for mark in self.data.structures}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Map:
    """Stands where the map is: AppTest cannot click in a component."""
    found = Map()
    monkeypatch.setattr(page, "map_view", found)
    return found


def listed(at: AppTest) -> list[str]:
    """Names in the list of structures, empty when it says that none is left."""
    tables = [item.value for item in at.dataframe if "Signe" in item.value]
    return list(tables[0]["Nom"]) if tables else []


def pills(at: AppTest, label: str) -> Any:
    return next(group for group in at.button_group if group.label == label)


def box(at: AppTest, label: str) -> Any:
    return next(item for item in at.multiselect if item.label == label)


def said(at: AppTest) -> str:
    return "\n".join(str(item.value) for kind in (at.markdown, at.caption, at.text, at.info) for item in kind)


def agree(at: AppTest, drawn: Map, view: View) -> None:
    """The list names what the map shows, and what it cannot or must not show: no position, no longer open."""
    assert_sound(at)
    names = sorted(view.structures.loc[sorted(drawn.ids()), "name"])
    unplaced = set(view.structures.index[~view.structures["placed"] | view.structures["closed"]])
    rows = listed(at)
    assert drawn.ids().isdisjoint(unplaced)
    assert set(names) <= set(rows)
    assert len(rows) - len(names) == sum(
        name in set(view.structures.loc[sorted(unplaced), "name"]) for name in rows
    )


def test_without_territory_the_page_says_where_to_start(empty_app_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert_sound(at)
    assert "Aucun territoire" in at.info[0].value


def test_an_empty_territory_still_has_a_map_to_draw_on(
    empty_app_db: App, open_page: Opener, drawn: Map
) -> None:
    create_territoire(empty_app_db, "Vide", communes=["99101"])
    at = open_page(PAGE)
    assert_sound(at)
    assert "Rien à placer" in at.info[0].value
    assert drawn.base is not None
    assert drawn.data.structures == ()
    at.toggle(key="carte_drawing").set_value(True).run()
    assert_sound(at)
    assert drawn.tool == "dessiner"


def test_everything_placed_is_drawn_and_everything_is_listed(
    demo_db: App, open_page: Opener, drawn: Map
) -> None:
    view = open_view(demo_db, 1)
    at = open_page(PAGE)
    agree(at, drawn, view)
    open_now = view.structures[~view.structures["closed"]]
    assert drawn.ids() == set(open_now.index[open_now["placed"]])
    assert {shape.id for shape in drawn.data.quartiers} == set(view.quartiers.index)
    assert len(drawn.data.permanences) > 0
    assert drawn.data.relations == (), "relations are lines on demand"
    assert "sans position : dans la liste seulement" in said(at)


def test_with_health_establishments_only_every_type_can_be_chosen(
    empty_app_db: App, open_page: Opener, drawn: Map
) -> None:
    """The first two files of a new team: no permanence, no relation, no pivot yet."""
    app = empty_app_db
    tid = create_territoire(app, "Début", communes=["99101", "99102", "99103"]).id
    import_file(app, tid, "qpv", FileToImport(path=DEMO_QPV_DIR / "demo-quartiers.geojson"))
    import_file(app, tid, "finess", FileToImport(path=DEMO_PARTNERS_DIR / "demo-finess.csv"))
    view = open_view(app, tid)
    at = open_page(PAGE)
    agree(at, drawn, view)
    for code in ("cmp", "caarud", "centre-social"):
        at.selectbox(key="carte_type").set_value(code).run()
        agree(at, drawn, view)
        expected = view.gaps[view.gaps["type_code"] == code].set_index("quartier_id")["state"]
        assert {shape.id: shape.state for shape in drawn.data.quartiers} == expected.map(State).to_dict()
    pills(at, "Montrer sur la carte").set_value(["relations", "permanences"]).run()
    agree(at, drawn, view)


def test_a_type_colours_quartiers_and_shows_its_reach(demo_db: App, open_page: Opener, drawn: Map) -> None:
    at = open_page(PAGE, type="cmp")
    view = open_view(demo_db, 1)
    agree(at, drawn, view)
    assert drawn.ids()
    assert all("cmp" in view.structures.at[item, "types"] for item in drawn.ids())
    states = view.gaps[view.gaps["type_code"] == "cmp"].set_index("quartier_id")["state"]
    assert {shape.id: shape.state for shape in drawn.data.quartiers} == states.map(State).to_dict()
    assert drawn.data.reach is not None
    assert "min à pied (CMP)" in said(at)
    pills(at, "Montrer sur la carte").set_value(["permanences"]).run()
    assert drawn.data.reach is None


def test_a_type_asked_for_in_the_territory_has_no_walking_reach(
    demo_db: App, open_page: Opener, drawn: Map
) -> None:
    view = open_view(demo_db, 1)
    code = next(item.type_code for item in view.type_settings if item.expected and item.gamme == "territoire")
    at = open_page(PAGE, type=code)
    assert_sound(at)
    assert drawn.data.reach is None
    assert "sans portée à pied" in said(at)


@pytest.mark.parametrize(("flag", "column"), [("gratuit", "free"), ("sans_rdv", "no_appointment"),
                                              ("accessible", "accessible")])  # fmt: skip
def test_what_is_asked_is_known_not_guessed(
    demo_db: App, open_page: Opener, drawn: Map, flag: str, column: str
) -> None:
    """«Gratuit» leaves those known to be free: unknown is not free."""
    view = open_view(demo_db, 1)
    at = open_page(PAGE)
    pills(at, "Maintenant et pour tous").set_value([flag]).run()
    agree(at, drawn, view)
    known = view.structures[(view.structures[column] == True) & ~view.structures["closed"]]  # noqa: E712
    assert set(listed(at)) == set(known["name"])


def test_families_languages_and_ties_narrow_the_map(demo_db: App, open_page: Opener, drawn: Map) -> None:
    view = open_view(demo_db, 1)
    at = open_page(PAGE)
    box(at, "Familles").set_value(["sante"]).run()
    agree(at, drawn, view)
    assert {mark.family for mark in drawn.data.structures} == {"sante"}
    box(at, "Familles").set_value([]).run()
    box(at, "Langues parlées").set_value(["ar"]).run()
    agree(at, drawn, view)
    assert drawn.ids()
    assert all("ar" in view.structures.at[item, "languages"] for item in drawn.ids())
    box(at, "Langues parlées").set_value([]).run()
    box(at, "Relation avec votre structure").set_value([str(RelationStatus.ACTIF)]).run()
    agree(at, drawn, view)
    active = view.relations[view.relations["status"] == RelationStatus.ACTIF]
    of_pivot = active[(active["from_id"] == view.pivot_id) | (active["to_id"] == view.pivot_id)]
    tied = {*of_pivot["from_id"], *of_pivot["to_id"]} - {view.pivot_id}
    assert drawn.ids() <= tied
    box(at, "Relation avec votre structure").set_value([NO_TIE]).run()
    assert drawn.ids().isdisjoint(tied)


def test_filters_that_leave_nothing_say_so_and_are_cleared(
    demo_db: App, open_page: Opener, drawn: Map
) -> None:
    at = open_page(PAGE, type="caarud", quartier=QUARTIER)
    box(at, "Familles").set_value(["habitat"]).run()
    assert_sound(at)
    assert "Aucune structure ne répond" in said(at)
    next(button for button in at.button if button.label == "Tout effacer").click().run()
    agree(at, drawn, open_view(demo_db, 1))
    assert len(listed(at)) > 90
    assert "type" not in at.query_params
    assert "quartier" not in at.query_params


def test_relations_are_lines_on_demand(demo_db: App, open_page: Opener, drawn: Map) -> None:
    """All of them, or those of the structure chosen; ended ones never."""
    view = open_view(demo_db, 1)
    at = open_page(PAGE)
    pills(at, "Montrer sur la carte").set_value(["relations"]).run()
    assert_sound(at)
    everything = len(drawn.data.relations)
    assert 0 < everything <= int((view.relations["status"] != RelationStatus.TERMINE).sum())
    assert drawn.data.permanences == ()
    chosen = open_page(PAGE, structure=str(view.pivot_id))
    pills(chosen, "Montrer sur la carte").set_value(["relations"]).run()
    assert 0 < len(drawn.data.relations) < everything


def test_a_structure_clicked_is_chosen_everywhere(demo_db: App, open_page: Opener, drawn: Map) -> None:
    view = open_view(demo_db, 1)
    chosen = sorted(view.structures.index[view.structures["placed"]])[3]
    drawn.event = MapEvent(kind="structure", id=int(chosen), lat=48.1, lon=1.6)
    at = open_page(PAGE)
    assert_sound(at)
    assert at.query_params["structure"] == str(chosen)
    assert drawn.data.selected_structure == chosen
    assert drawn.focus is None, "a choice made on the map moves nothing"
    at.button(key="carte_sheet").click().run()
    assert_sound(at)
    assert at.title[0].value == "Annuaire"
    assert at.query_params["structure"] == str(chosen)


def test_a_structure_chosen_elsewhere_is_brought_into_view(
    demo_db: App, open_page: Opener, drawn: Map
) -> None:
    view = open_view(demo_db, 1)
    at = open_page(PAGE, structure=str(view.pivot_id))
    assert_sound(at)
    row = view.structures.loc[view.pivot_id]
    assert drawn.focus is not None
    assert (drawn.focus.lat, drawn.focus.lon) == (row["lat"], row["lon"])
    at.button(key="carte_close").click().run()
    assert_sound(at)
    assert drawn.data.selected_structure is None
    assert "structure" not in at.query_params


def test_a_quartier_clicked_is_chosen(demo_db: App, open_page: Opener, drawn: Map) -> None:
    quartier_id = int(open_view(demo_db, 1).quartiers.query("code == @QUARTIER").index[0])
    drawn.event = MapEvent(kind="quartier", id=quartier_id, lat=48.1, lon=1.6)
    at = open_page(PAGE)
    assert_sound(at)
    assert at.query_params["quartier"] == QUARTIER
    assert at.selectbox(key="carte_quartier").value == quartier_id


def test_a_permanence_clicked_chooses_who_holds_it(demo_db: App, open_page: Opener, drawn: Map) -> None:
    view = open_view(demo_db, 1)
    permanence = view.permanences.iloc[0]
    drawn.event = MapEvent(kind="permanence", id=int(permanence.name), lat=48.1, lon=1.6)
    at = open_page(PAGE)
    assert at.query_params["structure"] == str(permanence["structure_id"])


def test_a_quartier_vecu_is_drawn_named_and_kept(demo_db: App, open_page: Opener, drawn: Map) -> None:
    """The ring drawn becomes a quartier of its own, with a state for every type."""
    at = open_page(PAGE)
    at.toggle(key="carte_drawing").set_value(True).run()
    drawn.event = MapEvent(kind="drawing", ring=RING)
    at.run()
    assert_sound(at)
    at.text_input[0].set_value("Autour du lavoir")
    at.number_input[0].set_value(450)
    next(button for button in at.button if button.label == "Enregistrer").click().run()
    assert_sound(at)
    view = open_view(demo_db, 1)
    made = view.quartiers[view.quartiers["name"] == "Autour du lavoir"].iloc[0]
    assert (made["kind"], made["population"]) == ("vecu", 450)
    assert "Autour du lavoir" in set(view.gaps["quartier_name"])
    assert made.name in {shape.id for shape in drawn.data.quartiers}


def test_a_nameless_drawing_is_refused_and_kept_on_screen(
    demo_db: App, open_page: Opener, drawn: Map
) -> None:
    at = open_page(PAGE)
    at.toggle(key="carte_drawing").set_value(True).run()
    drawn.event = MapEvent(kind="drawing", ring=RING)
    at.run()
    count = len(open_view(demo_db, 1).quartiers)
    next(button for button in at.button if button.label == "Enregistrer").click().run()
    assert at.error
    assert not at.exception
    assert len(open_view(demo_db, 1).quartiers) == count
    next(button for button in at.button if button.label == "Abandonner").click().run()
    assert_sound(at)


def test_two_quartiers_of_the_same_name_are_told_apart(demo_db: App, open_page: Opener, drawn: Map) -> None:
    """«Centre» exists in two communes: choosing the second must not choose the first."""
    view = open_view(demo_db, 1)
    first = view.quartiers.iloc[0]
    other = save_row(demo_db, 1, "quartiers", {"name": first["name"], "wkb": first.geometry.wkb})
    at = open_page(PAGE)
    at.selectbox(key="carte_quartier").set_value(other).run()
    assert_sound(at)
    assert drawn.data.selected_quartier == other
    options = at.selectbox(key="carte_quartier").options
    assert len(set(options)) == len(options)


def test_hostile_names_stay_text(hostile_db: App, open_page: Opener, drawn: Map) -> None:
    """Names reach the map and the lists whole, and Markdown never."""
    view = open_view(hostile_db, 1)
    for structure_id in view.structures.index:
        at = open_page(PAGE, structure=str(structure_id), type="cpam")
        assert_sound(at)
        assert_text_stays_text(at)
    at = open_page(PAGE)
    pills(at, "Montrer sur la carte").set_value(["relations", "permanences", "portee"]).run()
    assert_sound(at)
    assert_text_stays_text(at)
    assert {mark.name for mark in drawn.data.structures} <= set(view.structures["name"])
    assert set(listed(at)) == set(view.structures["name"])
    assert len(listed(at)) == len(HOSTILE)
