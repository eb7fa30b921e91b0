"""The frame around the pages: which territory, what is chosen, and what an address may say."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from reseau.errors import ReseauError
from reseau.services import App
from reseau.services.catalogue import page_about, page_files
from reseau.services.demo import DEMO_NAME
from reseau.services.territoires import create_territoire
from reseau.services.view import open_view
from reseau.ui import context
from tests.ui.conftest import HOSTILE, Opener, assert_sound, assert_text_stays_text

PAGES = [path.stem for path in page_files()]
TITLES = {path.stem: page_about(path)["TITLE"] for path in page_files()}
QUARTIER = "QN99101M"
OTHER = "Deuxième territoire"


def shown(at: AppTest) -> str:
    """Everything a page says in prose."""
    kinds = (at.markdown, at.caption, at.text, at.info, at.warning)
    return "\n".join(str(item.value) for kind in kinds for item in kind)


def through_menu(at: AppTest, page: str) -> AppTest:
    """The menu opens a page with an empty address."""
    for key in list(at.query_params):
        del at.query_params[key]
    return at.switch_page(f"reseau/ui/pages/{page}.py").run()


def chosen(at: AppTest) -> dict[str, str]:
    return {key: at.query_params[key] for key in ("quartier", "type", "structure") if key in at.query_params}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_the_demonstration_and_says_it_is_one(
    demo_db: App, open_page: Opener, page: str
) -> None:
    at = open_page(page)
    assert_sound(at)
    assert at.title[0].value == TITLES[page]
    assert "**Démonstration**" in shown(at)
    assert DEMO_NAME in [item.value for item in at.sidebar.text]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_without_any_territory(empty_app_db: App, open_page: Opener, page: str) -> None:
    """No error, and a way to begin."""
    at = open_page(page)
    assert_sound(at)
    assert "Aucun territoire n'existe encore" in shown(at)
    assert at.button


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_a_territory_where_nothing_is_known(
    empty_app_db: App, open_page: Opener, page: str
) -> None:
    create_territoire(empty_app_db, "Vide", communes=["99101"])
    at = open_page(page)
    assert_sound(at)
    assert at.title[0].value == TITLES[page]
    assert "**Démonstration**" not in shown(at), "a team's own territory is not invented"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_takes_hostile_text_as_text(hostile_db: App, open_page: Opener, page: str) -> None:
    """The name of the territory is hostile too: it stands in the menu of every page."""
    view = open_view(hostile_db, 1)
    for address in ({}, {"quartier": str(view.quartiers["code"].iloc[0]), "type": "cmp", "structure": "1"}):
        at = open_page(page, **address)
        assert_sound(at)
        assert_text_stays_text(at)
        assert f"Essai {HOSTILE[1]}" in [item.value for item in at.sidebar.text]


def test_the_menu_keeps_what_is_chosen(demo_db: App, open_page: Opener) -> None:
    """The selection follows from page to page, and is written again in each address."""
    address = {"quartier": QUARTIER, "type": "cmp", "structure": "1"}
    at = open_page("p1_vue_densemble", **address)
    for page in PAGES:
        through_menu(at, page)
        assert_sound(at)
        assert chosen(at) == address


@pytest.mark.parametrize("page", PAGES)
def test_what_an_address_invents_is_ignored(demo_db: App, open_page: Opener, page: str) -> None:
    """An address is text from anyone: no error, the page without a selection."""
    at = open_page(
        page, quartier="QN00000X", type="<script>", structure="999999999999999999", territoire="ailleurs"
    )
    assert_sound(at)
    assert at.title[0].value == TITLES[page]
    assert "script" not in shown(at)


@pytest.mark.parametrize("structure", ["-1", "1.0", "١", "1e3", "", "0x1", "1 OR 1=1"])
def test_a_structure_is_a_plain_number(demo_db: App, open_page: Opener, structure: str) -> None:
    at = open_page("p2_carte", structure=structure)
    assert_sound(at)
    assert "carte_sheet" not in [button.key for button in at.button]


def test_one_territory_is_named_and_several_can_be_changed(demo_db: App, open_page: Opener) -> None:
    """The last made is opened; another opens with nothing chosen: ids belong to a territory."""
    at = open_page("p1_vue_densemble")
    assert not at.sidebar.selectbox
    create_territoire(demo_db, OTHER, communes=["31555"])
    at = open_page("p1_vue_densemble", quartier=QUARTIER, type="cmp")
    assert_sound(at)
    box = at.sidebar.selectbox[0]
    assert box.options == [DEMO_NAME, OTHER]
    assert box.value == OTHER
    assert "**Démonstration**" not in shown(at)
    box.set_value(DEMO_NAME).run()
    assert_sound(at)
    assert "**Démonstration**" in shown(at)
    assert at.query_params["territoire"] == DEMO_NAME
    assert chosen(at) == {}
    through_menu(at, "p2_carte")
    assert at.query_params["territoire"] == DEMO_NAME
    assert at.sidebar.selectbox[0].value == DEMO_NAME


def test_a_link_names_its_territory(demo_db: App, open_page: Opener) -> None:
    """What was sent from one territory opens in that one, whatever was made since."""
    create_territoire(demo_db, OTHER, communes=["31555"])
    at = open_page("p1_vue_densemble", territoire=DEMO_NAME, quartier=QUARTIER, type="cmp")
    assert_sound(at)
    assert "**Démonstration**" in shown(at)
    assert chosen(at) == {"quartier": QUARTIER, "type": "cmp"}
    assert "Beauval" in shown(at)


def test_an_error_we_know_is_said_in_its_own_words(
    demo_db: App, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that another program holds, a disk that is full: the sentence, not a trace."""

    def failing(*_args: object) -> None:
        raise ReseauError("La base de données est occupée. Réessayez dans un instant.")

    monkeypatch.setattr(context, "open_view", failing)
    at = open_page("p1_vue_densemble")
    assert not at.exception
    assert [item.value for item in at.error] == ["La base de données est occupée. Réessayez dans un instant."]
