"""A screen from the command line to the television: on the demonstration, for 1,000 places, in Toulouse."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reseau.config import load_config
from reseau.model.screens import ScreenMessage
from reseau.screens.bundle import bundle_files, scripts_of
from reseau.screens.content import Content, Place
from reseau.screens.fonts import font_files
from reseau.services import App, open_app
from reseau.services.editing import save_row
from reseau.services.screen_bundles import write_bundle
from reseau.services.screen_messages import save_message
from reseau.services.screens import list_screens, save_screen
from reseau.services.territoires import find_territoire
from reseau.services.view import open_view
from tests.e2e.browsing import Server
from tests.e2e.reading import command
from tests.e2e.screen_content import KINDS, LANGUAGES, NEEDS, screen_content
from tests.e2e.screen_pages import Opener, Television, televisions
from tests.e2e.screen_watching import Watch
from tests.e2e.test_screen_player import MEASURE
from tests.e2e.toulouse import make_toulouse, write_empalot
from tests.screens import places

pytestmark = pytest.mark.e2e
NEWS = "La permanence de lundi est à quinze heures"
# A hurried page lasts a fifth of a second: it is heard as it is drawn.
LISTEN = """(news) => {
  new MutationObserver(() => {
    window.heard ||= document.querySelector('.front').textContent.includes(news);
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}"""
LIMIT_BYTES = 8_000_000
MOBILE = re.compile(r"(?:\+33\s?|\b0)[67](?:[ .]?\d{2}){4}")
PHARMACY = "PHARMACIE DU STADIUM"
HIDDEN = "Ne pas montrer : Camille Personne"


@pytest.fixture
def television(browser: Any) -> Iterator[Opener]:
    """Opens televisions on the hour of this machine."""
    yield from televisions(browser, at=None)


def opened(database: Path) -> App:
    return open_app(load_config({"RESEAU_DATABASE_URL": f"sqlite:///{database}"}))


def content_in(folder: Path) -> Content:
    content: Content = json.loads((folder / "contenu.json").read_text(encoding="utf-8"))
    return content


def texts_in(part: Any) -> Iterator[str]:
    """Every text of a document but its drawings."""
    if isinstance(part, dict | list):
        for item in part.values() if isinstance(part, dict) else part:
            yield from texts_in(item)
    elif isinstance(part, str) and not re.match(r"[Mm]-?[\d.]", part):
        yield part


def assert_every_page_fits(screen: Television, where: str) -> None:
    """Each page of the slide that is held: words on it, nothing cut off, nothing scrolling."""
    for _ in range(screen.state["pages"]):
        found = screen.page.evaluate(MEASURE)
        assert (found["outside"], found["over"], found["scrolls"]) == ([], [], False), where
        assert len(screen.text(".front .main")) > 10, where
        screen.press("ArrowRight")


@pytest.fixture(scope="module")
def demo_folder(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The screen of the demonstration, as the command line writes it."""
    made = tmp_path_factory.mktemp("chaine")
    database = Path(shutil.copy(demo_file, made / "demo.db"))
    with closing(opened(database)) as app:
        name = list_screens(app, find_territoire(app).id)[0].record.name
    told = command(database, "ecran", "--ecran", name, "--langues", "fr,ar", "--sortie", str(made / "ecran"))
    files = [path for path in (made / "ecran").rglob("*") if path.is_file()]
    assert told["fichiers"] == len(files)
    assert told["octets"] == sum(path.stat().st_size for path in files)
    assert told["diapositives"] == len(content_in(made / "ecran")["slides"])
    return made / "ecran"


@pytest.mark.parametrize("size", ["1080p", "portrait"])
def test_every_kind_of_slide_of_the_demonstration_fits(
    television: Opener, demo_folder: Path, size: str
) -> None:
    """What the command line writes opens from a file and shows everything it says, in both directions."""
    slides = {slide["kind"]: slide["id"] for slide in content_in(demo_folder)["slides"]}
    assert set(slides) == set(KINDS)
    screen = television(size=size)
    screen.show(demo_folder)
    assert screen.state["slide"] == content_in(demo_folder)["slides"][0]["id"]
    for language in ("fr", "ar"):
        for kind, slide in slides.items():
            state = screen.show(demo_folder, diapo=slide, langue=language).state
            assert (state["slide"], state["language"]) == (slide, language)
            assert_every_page_fits(screen, f"{kind} {language} {size}")


def test_a_server_that_dies_and_comes_back_is_not_seen(
    television: Opener, demo_file: Path, tmp_path: Path
) -> None:
    """Slides go on without their server; when it is back, what was written meanwhile arrives."""
    database = Path(shutil.copy(demo_file, tmp_path / "demo.db"))
    server = Server(tmp_path, database=database)
    try:
        with closing(opened(database)) as app:
            tid = find_territoire(app).id
            known = list_screens(app, tid)[0]
            # Few slides: each comes back within seconds, the new message too.
            record = replace(known.record, address=server.address, slides=("ouvert", "carte", "messages"))
            saved = save_screen(app, tid, record, screen_id=known.id, version=known.version)
            write_bundle(app, tid, saved, tmp_path / "ecran")
            watch = Watch(television(reduced_motion="no-preference").show(tmp_path / "ecran", vitesse=60))
            watch.screen.page.evaluate(LISTEN, NEWS)
            first = watch.look()["version"]
            server.stop()
            shown = watch.look()["shown"]
            # Longer than a round of asking.
            watch.during(6)
            assert watch.until(lambda state: state["shown"] > shown + 10, 60)
            assert watch.look()["version"] == first
            save_message(app, tid, ScreenMessage(texts={"fr": NEWS}, screen_id=saved.id))
            server.start()
            assert watch.until(lambda state: state["version"] != first, 60)
            assert watch.until(lambda _: watch.screen.page.evaluate("Boolean(window.heard)"), 60)
            assert watch.wrong == set()
    finally:
        server.stop()


def test_a_bundle_of_a_thousand_places_is_light() -> None:
    """Three scripts, an address, hours and a website for each place: it goes on the oldest stick."""
    content = screen_content(structures=places(1_000, NEEDS))
    files = bundle_files(content, fonts=font_files(scripts_of(content)))
    assert sum(map(len, files.values())) < LIMIT_BYTES
    assert {"fr", "ar", "ta"} == {language["code"] for language in content["languages"]}
    # Each need keeps the nearest: what is not on a slide is not carried.
    assert len(content["places"]) > 100


@pytest.fixture
def toulouse(shared_data: Path, tmp_path: Path) -> Path:
    """The database of Toulouse, filled from public files by the command line, with what must not be told."""
    database = tmp_path / "toulouse.db"
    make_toulouse(shared_data, database)
    with closing(opened(database)) as app:
        tid = find_territoire(app).id
        structures = open_view(app, tid).structures
        [row_id] = structures.index[structures["name"] == PHARMACY]
        private = dict.fromkeys(("description", "access_conditions", "internal_note"), HIDDEN)
        known = {"phone": "06 12 34 56 78", "email": "camille.personne@exemple.fr"}
        hours = {"opening_hours": "Mo-Su 00:00-24:00"}
        save_row(app, tid, "structures", private | known | hours, row_id=int(row_id))
    return database


@pytest.mark.real_data
def test_a_real_quartier_of_toulouse_in_three_scripts(
    television: Opener, toulouse: Path, tmp_path: Path
) -> None:
    """Real places fill real slides; nothing of the register but what is public goes along."""
    folder = tmp_path / "empalot"
    told = write_empalot(toulouse, folder, LANGUAGES)
    assert told["octets"] < LIMIT_BYTES
    content = content_in(folder)
    assert PHARMACY in {place["name"] for place in content["places"]}
    assert all(set(place) == set(Place.__annotations__) for place in content["places"])
    everything = (folder / "index.html").read_text("utf-8") + (folder / "contenu.json").read_text("utf-8")
    assert [text for text in texts_in(content) if MOBILE.search(text)] == []
    assert not re.search(r"[\w.]+@[\w-]+\.\w", everything)
    with closing(opened(toulouse)) as app:
        structures = open_view(app, find_territoire(app).id).structures
    hidden = {
        text for name in ("description", "email", "finess", "siret") for text in structures[name].dropna()
    }
    assert HIDDEN in hidden
    assert [text for text in hidden if len(text) > 8 and text in everything] == []

    screen = television()
    for rank, slide in enumerate(content["slides"]):
        language = LANGUAGES[rank % len(LANGUAGES)]
        state = screen.show(folder, diapo=slide["id"], langue=language).state
        assert (state["slide"], state["language"]) == (slide["id"], language)
        assert_every_page_fits(screen, f"{slide['id']} {language}")
