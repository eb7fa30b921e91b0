"""The network page: what is drawn is in the tables, the picture stays put, a click chooses everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from reseau.services import App
from reseau.services.editing import save_row
from reseau.services.territoires import create_territoire, find_territoire
from reseau.services.view import View, open_view
from reseau.ui import network_page
from reseau.ui.components.network import NetworkEdge, NetworkEvent, NetworkNode
from tests.ui.conftest import HOSTILE, Opener, assert_sound, assert_text_stays_text

PAGE = "p3_reseau"


@dataclass
class Picture:
    """What the picture was given, and the event it answers next."""

    nodes: Sequence[NetworkNode] = ()
    edges: Sequence[NetworkEdge] = ()
    options: dict[str, Any] = field(default_factory=dict)
    event: NetworkEvent | None = None

    def __call__(
        self, nodes: Sequence[NetworkNode], edges: Sequence[NetworkEdge], **options: Any
    ) -> NetworkEvent | None:
        self.nodes, self.edges, self.options = nodes, edges, options
        answer, self.event = self.event, None
        return answer

    def places(self) -> dict[int, tuple[float, float]]:
        return {node.id: (node.x, node.y) for node in self.nodes}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Picture:
    """Stands where the picture is: AppTest cannot click in a component."""
    found = Picture()
    monkeypatch.setattr(network_page, "network_view", found)
    return found


def demo_view(app: App) -> View:
    return open_view(app, find_territoire(app).id)


def table(at: AppTest, column: str) -> Any:
    return next(item.value for item in at.dataframe if column in item.value)


def said(at: AppTest) -> str:
    return "\n".join(str(item.value) for kind in (at.markdown, at.caption, at.text, at.info) for item in kind)


def test_without_territory_the_page_says_where_to_start(empty_app_db: App, open_page: Opener) -> None:
    at = open_page(PAGE)
    assert_sound(at)
    assert "Aucun territoire" in at.info[0].value


def test_an_empty_territory_says_what_to_import(empty_app_db: App, open_page: Opener) -> None:
    create_territoire(empty_app_db, "Vide", communes=["99101"])
    at = open_page(PAGE)
    assert_sound(at)
    assert "Aucune structure" in at.info[0].value


def test_structures_without_any_tie_are_told_so(empty_app_db: App, open_page: Opener, drawn: Picture) -> None:
    tid = create_territoire(empty_app_db, "Neuf", communes=["99101"]).id
    save_row(empty_app_db, tid, "structures", {"name": "CMP", "types": ["cmp"]})
    at = open_page(PAGE)
    assert_sound(at)
    assert "Aucune relation" in said(at)
    assert len(drawn.nodes) == 1


def test_the_picture_holds_every_structure_with_the_pivot_in_the_middle(
    demo_db: App, open_page: Opener, drawn: Picture
) -> None:
    at = open_page(PAGE)
    view = demo_view(demo_db)
    assert_sound(at)
    assert {node.id for node in drawn.nodes} == set(view.structures.index)
    assert drawn.places()[view.pivot_id] == (0.0, 0.0)
    assert len(table(at, "Structure")) == len(view.structures)
    ended = (view.relations["status"] == "termine").sum()
    assert len(table(at, "De")) == len(view.relations) - ended


def test_a_filter_hides_and_moves_nothing(demo_db: App, open_page: Opener, drawn: Picture) -> None:
    at = open_page(PAGE)
    before, key = drawn.places(), drawn.options["key"]
    at.multiselect(key="reseau_families").set_value(["sante"]).run()
    assert_sound(at)
    view = demo_view(demo_db)
    shown = {node.id for node in drawn.nodes} - {view.pivot_id}
    assert shown == set(view.structures.index[view.structures["family"] == "sante"]) - {view.pivot_id}
    assert all(before[node] == place for node, place in drawn.places().items())
    assert drawn.options["key"] == key


def test_statuses_change_ties_not_places(demo_db: App, open_page: Opener, drawn: Picture) -> None:
    at = open_page(PAGE)
    before = drawn.places()
    at.multiselect(key="reseau_statuses").set_value(["actif"]).run()
    assert_sound(at)
    assert {edge.status for edge in drawn.edges} == {"actif"}
    assert drawn.places() == before


def test_around_one_structure_at_one_and_two_steps(demo_db: App, open_page: Opener, drawn: Picture) -> None:
    view = demo_view(demo_db)
    centre = next(node for node in sorted(view.graph) if view.graph.degree[node] == 2)
    at = open_page(PAGE, structure=str(centre))
    sizes = []
    for scope in ("1", "2"):
        at.segmented_control(key="reseau_scope").set_value(scope).run()
        assert_sound(at)
        assert drawn.places()[centre] == (0.0, 0.0)
        sizes.append(len({node.id for node in drawn.nodes}))
    assert 3 <= sizes[0] < sizes[1]


def test_a_click_chooses_everywhere_and_explains(demo_db: App, open_page: Opener, drawn: Picture) -> None:
    at = open_page(PAGE)
    view = demo_view(demo_db)
    chosen = next(node for node in sorted(view.graph) if node != view.pivot_id and view.graph.degree[node])
    drawn.event = NetworkEvent(structure_id=chosen)
    at.run()
    assert_sound(at)
    assert at.query_params["structure"] == str(chosen)
    assert str(view.structures.at[chosen, "name"]) in said(at)


def test_what_is_not_tied_to_the_pivot_is_named(demo_db: App, open_page: Opener, drawn: Picture) -> None:
    at = open_page(PAGE)
    hollow = {node.name for node in drawn.nodes if not node.connected}
    assert hollow
    told = "\n".join(item.value for item in at.text)
    assert all(name in told for name in hollow)


def test_without_pivot_the_page_says_it(demo_db: App, open_page: Opener, drawn: Picture) -> None:
    from reseau.services.territoires import update_territoire

    update_territoire(demo_db, find_territoire(demo_db).id, pivot_uid="")
    at = open_page(PAGE)
    assert_sound(at)
    assert "pivot" in at.warning[0].value


def test_hostile_names_are_text(hostile_db: App, open_page: Opener, drawn: Picture) -> None:
    at = open_page(PAGE)
    assert_sound(at)
    assert_text_stays_text(at)
    stored = set(demo_view(hostile_db).structures["name"])
    assert {node.name for node in drawn.nodes} <= stored
    assert len(stored & set(HOSTILE)) > 3
