"""The player of the waiting-room screens, in Chromium: what is shown, at every size, in three scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from reseau.model.screens import DayPart
from reseau.screens.content import Content
from tests.e2e.screen_content import (
    KINDS,
    LANGUAGES,
    MADE_AT,
    changed,
    emergency,
    hostile,
    screen_content,
    write_bundle,
)
from tests.e2e.screen_pages import SIZES, Opener, Place, Television, televisions
from tests.screens import sample_screen

# Hundredths of the short side: 40 px and 28 px at 1080p.
MAIN, SECONDARY = 3.7, 2.59
MEASURE = """() => {
  const short = Math.min(innerWidth, innerHeight);
  const words = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  const seen = [...document.querySelectorAll('.front *')];
  const blocks = seen.filter(
    (node) => getComputedStyle(node).display !== 'inline' && node.getClientRects().length);
  const out = blocks.filter((node) => {
    const box = node.getBoundingClientRect();
    return box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1;
  });
  const size = (node) => 100 * parseFloat(getComputedStyle(node).fontSize) / short;
  const over = [...document.querySelectorAll('.front .items, .front .main, .front')]
    .filter((node) => node.scrollHeight > node.clientHeight + 1 || node.scrollWidth > node.clientWidth + 1);
  const root = document.scrollingElement;
  const MAIN = '.front :is(.name, .text):not(.least), .front :is(.status, .message, .note, h1)';
  return {
    outside: out.map((node) => node.outerHTML.slice(0, 200)), over: over.map((node) => node.className),
    scrolls: root.scrollHeight > innerHeight || root.scrollWidth > innerWidth,
    smallest: Math.min(...seen.filter(words).map(size)),
    main: Math.min(...[...document.querySelectorAll(
      '.front :is(.name, .text):not(.least), .front :is(.status, .message, .note, h1)')]
      .map((node) => size(node) / (Number(node.style.getPropertyValue('--fit')) || 1))),
  };
}"""


@pytest.fixture(scope="module")
def content() -> Content:
    return screen_content()


@pytest.fixture(scope="module")
def folder(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bundle(content, tmp_path_factory.mktemp("ecran"))


@pytest.fixture
def television(browser: Any) -> Iterator[Opener]:
    yield from televisions(browser)


def slide_of(content: Content, kind: str) -> str:
    return next(slide["id"] for slide in content["slides"] if slide["kind"] == kind)


def assert_fits(screen: Television, where: str) -> None:
    found = screen.page.evaluate(MEASURE)
    assert (found["outside"], found["over"], found["scrolls"]) == ([], [], False), where
    assert found["smallest"] >= SECONDARY, where
    assert found["main"] >= MAIN, where


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_every_page_fits_and_can_be_read_from_afar(
    television: Opener, folder: Path, content: Content, size: str, language: str
) -> None:
    """Nothing cut off, nothing scrolling, nothing small: on each page of each slide."""
    screen = television(size=size).show(folder, langue=language)
    seen = set()
    for _ in range(60):
        state = screen.state
        place = (state["slide"], state["page"])
        if place in seen:
            break
        seen.add(place)
        assert state["language"] == language
        assert state["pages"] <= 3
        assert_fits(screen, f"{place} {language} {size}")
        screen.press("ArrowRight")
    assert {slide for slide, _ in seen} == {slide["id"] for slide in content["slides"]}


@pytest.mark.parametrize("size", ["1080p", "portrait"])
def test_hostile_texts_are_text_and_fit(television: Opener, tmp_path: Path, size: str) -> None:
    """A name is never markup; a word without end wraps; a text without end is shortened."""
    nasty = hostile(screen_content())
    screen = television(size=size).show(write_bundle(nasty, tmp_path), langue="ar")
    for slide in nasty["slides"]:
        screen.until_slide(slide["id"])
        found = screen.page.evaluate(MEASURE)
        assert (found["outside"], found["over"], found["scrolls"]) == ([], [], False), slide["id"]
        assert found["smallest"] >= SECONDARY
        assert screen.count("script, iframe, a, img, b") == 0
    screen.until_slide("ouvert")
    assert "<b onclick" in screen.text()
    assert screen.page.evaluate("window.hacked") is None


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_barrier_that_axe_can_see(television: Opener, tmp_path: Path, language: str) -> None:
    """Levels A and AA, and the contrast of level AAA, on every kind of slide."""
    urgent = emergency({"fr": "Forte chaleur : buvez de l'eau.", "ar": "حر شديد: اشربوا الماء."})
    content = screen_content(screen=sample_screen(languages=LANGUAGES, touch=True))
    calm = write_bundle(content, tmp_path / "calme")
    alert = write_bundle(changed(content, messages=[*content["messages"], urgent]), tmp_path / "urgence")
    held = [(calm, slide_of(content, kind)) for kind in KINDS] + [(alert, "urgence:99")]
    options = {
        "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa"]},
        "rules": {"color-contrast-enhanced": {"enabled": True}},
    }
    screen = television(at=None)
    for folder, slide in held:
        screen.show(folder, langue=language, diapo=slide)
        assert screen.state["slide"] == slide
        result = Axe().run(screen.page, options=options)
        assert result.violations_count == 0, f"{slide}: {result.generate_report()}"
        checked = {rule["id"] for rule in result.response["passes"]}
        assert {"color-contrast-enhanced", "html-has-lang", "document-title"} <= checked


def test_direction_and_language_follow_the_slide(television: Opener, folder: Path, content: Content) -> None:
    """Each slide in each language in turn; Arabic from the right; French names marked as such."""
    screen = television().show(folder)
    first = content["slides"][0]["id"]
    order = []
    while len(order) < len(LANGUAGES):
        state = screen.state
        if (state["slide"], state["language"]) not in order:
            order.append((state["slide"], state["language"]))
            root = screen.page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
            assert root == [state["language"], "rtl" if state["language"] == "ar" else "ltr"]
        screen.press("ArrowRight")
    assert order == [(first, language) for language in LANGUAGES]
    screen.show(folder, langue="ar", diapo=first)
    assert screen.page.evaluate("document.querySelector('.front .name bdi').lang") == "fr"
    left, right = screen.page.evaluate(
        "['.walk', '.badge'].map("
        "(name) => document.querySelector('.front ' + name).getBoundingClientRect().left)"
    )
    assert left < right


def test_a_whole_round_in_one_language_where_the_team_prefers(television: Opener, tmp_path: Path) -> None:
    content = screen_content(screen=sample_screen(languages=LANGUAGES, language_order="tour"))
    screen = television().show(write_bundle(content, tmp_path))
    seen = []
    for _ in range(len(content["slides"]) * 3):
        state = screen.state
        if (state["slide"], state["language"]) not in seen:
            seen.append((state["slide"], state["language"]))
        screen.press("ArrowRight")
    assert [language for _, language in seen[: len(content["slides"])]] == ["fr"] * len(content["slides"])


def test_what_falls_back_to_french_says_so(television: Opener, folder: Path) -> None:
    """A message written in French only, on a Tamil page: marked for voices and for eyes."""
    screen = television().show(folder, langue="ta", diapo="messages")
    assert screen.page.evaluate("document.querySelector('.front .message [lang]').lang") == "fr"
    assert screen.count(".french") == 1
    assert screen.show(folder, langue="fr", diapo="messages").count(".french") == 0


def test_words_are_joined_and_cut_as_the_language_writes_them(
    television: Opener, tmp_path: Path, content: Content
) -> None:
    """A list has the comma and the «and» of its language; no line breaks before «:» or in a number."""
    message = {
        "id": 7,
        "emergency": False,
        "text": {"fr": "Vaccin : le 0 800 06 66 ?"},
        "starts": "",
        "ends": "",
    }
    places = [place | {"languages": ["tr", "en", "pt"]} for place in content["places"]]
    folder = write_bundle(changed(content, places=places, messages=[message]), tmp_path)
    screen = television().show(folder, langue="fr", diapo="messages")
    assert screen.text(".front .message") == "Vaccin\u00a0: le 0\u00a0800\u00a006\u00a066\u00a0?"
    needs = slide_of(content, "need")
    assert "turc, anglais et portugais" in screen.show(folder, langue="fr", diapo=needs).text()
    said = screen.show(folder, langue="ar", diapo=needs).text()
    assert re.search("التركية\\W+والإنجليزية\\W+والبرتغالية", said)


def test_open_now_then_later_then_nothing(television: Opener, tmp_path: Path, content: Content) -> None:
    """Unknown hours are never shown as open; when all is closed, the next openings are said."""
    places = [place | {"calendar": 0} for place in content["places"][:3]]
    places += [content["places"][3] | {"calendar": 1}, content["places"][4] | {"calendar": None}]
    monday = {"days": {"2026-11-23": [[540, 720]], "2026-11-24": [[570, 720]]}, "unsure": []}
    doubt = {"days": {"2026-11-23": [[540, 720]]}, "unsure": ["2026-11-23"]}
    slides = [content["slides"][0] | {"places": [place["id"] for place in places]}]
    small = changed(content, places=places, calendars=[monday, doubt], slides=slides, map=None)
    folder = write_bundle(small, tmp_path)
    screen = television().show(folder, langue="fr", diapo="ouvert")
    assert (screen.count(".pill-open"), screen.text().count("jusqu'à 12 h")) == (3, 3)
    early = television(at=MADE_AT - timedelta(hours=2)).show(folder, langue="fr", diapo="ouvert")
    assert (early.count(".pill-open"), early.text().count("ouvre à 9 h")) == (0, 3)
    night = television(at=MADE_AT + timedelta(hours=8)).show(folder, langue="fr", diapo="ouvert")
    assert "Plus rien d'ouvert" in night.text()
    assert night.text().count("Ouvre demain à 9 h 30") == 3


def test_pace_follows_the_length_of_the_text(television: Opener, folder: Path) -> None:
    """The page stays its minimum, and never more than a minute."""
    screen = television().show(folder)
    shown = screen.state["shown"]
    screen.pass_time(11)
    assert screen.state["shown"] == shown
    screen.pass_time(50)
    assert screen.state["shown"] > shown


def test_previous_next_pause_by_remote_control_and_by_touch(television: Opener, folder: Path) -> None:
    screen = television().show(folder)
    first = screen.state
    screen.press("ArrowRight")
    assert (screen.state["page"], screen.state["slide"]) == (2, first["slide"])
    screen.press("MediaTrackPrevious")
    assert screen.state["page"] == 1
    screen.page.mouse.click(1800, 600)
    assert screen.state["page"] == 2
    screen.page.mouse.click(100, 600)
    assert screen.state["page"] == 1
    screen.press("Space")
    assert screen.page.locator("#pause").get_attribute("aria-pressed") == "true"
    assert screen.page.evaluate("getComputedStyle(document.getElementById('pause')).opacity") == "1"
    screen.pass_time(200)
    assert (screen.state["paused"], screen.state["page"]) == (True, 1)
    screen.pass_time(110)
    assert screen.state["paused"] is False
    screen.page.mouse.click(960, 600)
    assert screen.state["paused"] is True


def test_nothing_of_the_browser_shows(television: Opener, folder: Path) -> None:
    """No cursor, no selection, no menu."""
    screen = television().show(folder)
    style = "getComputedStyle(document.querySelector('.front h1'))"
    assert screen.page.evaluate(f"[{style}.cursor, {style}.userSelect]") == ["none", "none"]
    prevented = "(name) => !document.body.dispatchEvent(new Event(name, { bubbles: true, cancelable: true }))"
    assert all(screen.page.evaluate(prevented, name) for name in ("contextmenu", "selectstart", "dragstart"))


def test_motion_only_where_it_is_accepted(television: Opener, folder: Path) -> None:
    duration = "getComputedStyle(document.querySelector('.front')).transitionDuration"
    assert television().show(folder).page.evaluate(duration) == "0s"
    moving = television(reduced_motion="no-preference").show(folder)
    assert moving.page.evaluate(duration) == "0.6s"


def test_slides_and_light_follow_the_hours_the_team_chose(television: Opener, tmp_path: Path) -> None:
    """A day part hides its slide outside its hours; out of hours the screen is black."""
    parts = (DayPart(slide="carte", start="14:00", end="16:00"),)
    screen = sample_screen(languages=("fr",), day_parts=parts, on_from="08:00", on_until="18:00")
    folder = write_bundle(screen_content(screen=screen), tmp_path)
    morning = television().show(folder)
    seen = set()
    for _ in range(60):
        seen.add(morning.state["slide"])
        morning.press("ArrowRight")
    assert "carte" not in seen
    assert morning.state["dark"] is False
    television(at=MADE_AT + timedelta(hours=4, minutes=30)).show(folder).until_slide("carte")
    night = television(at=MADE_AT + timedelta(hours=10)).show(folder)
    night.pass_time(2)
    assert night.state["dark"] is True


def test_residents_leave_an_idea_by_touch(television: Opener, tmp_path: Path) -> None:
    """Need, reason, spot rounded to about 100 m; queued while the server is away; the page goes back."""
    place = Place(tmp_path / "serveur")
    try:
        screen = sample_screen(languages=("fr",), touch=True, address=place.address)
        content = screen_content(screen=screen, screen_key="k1")
        part = content["screen"] | {"address": place.address}
        folder = write_bundle(changed(content, screen=part), tmp_path / "dossier")
        write_bundle(changed(content, screen=part), place.folder)
        place.stop()
        tv = television().show(folder)
        tv.until_slide("avis")
        tv.page.get_by_role("button", name="Se loger").click()
        assert "Qu'est-ce qui ne va pas" in tv.text()
        tv.page.get_by_role("button", name="C'est trop loin").click()
        plan = tv.page.locator(".front .map")
        size = plan.bounding_box() or {}
        plan.click(position={"x": size["width"] / 4, "y": size["height"] / 3})
        assert "Merci" in tv.text()
        tv.pass_time(10)
        assert "Merci" not in tv.text()
        place.start()
        tv.live(340)
        [idea] = place.received
        assert set(idea) == {"key", "need", "reason", "spot"}
        assert (idea["need"], idea["reason"]) == ("loger", "loin")
        west, north = content["map"]["corners"][0]
        east, south = content["map"]["corners"][1][0], content["map"]["corners"][2][1]
        assert idea["spot"] == pytest.approx(
            [west + (east - west) / 4, north + (south - north) / 3], abs=0.0011
        )
        assert [round(value, 3) for value in idea["spot"]] == idea["spot"]
        tv.until_slide("avis")
        tv.page.get_by_role("button", name="Se loger").click()
        tv.pass_time(61)
        assert "Qu'est-ce qui ne va pas" not in tv.text()
    finally:
        place.stop()


def test_residents_find_where_to_say_it(television: Opener, tmp_path: Path) -> None:
    """From any slide of a screen that can be touched, in the language they are reading."""
    folder = write_bundle(screen_content(screen=sample_screen(languages=LANGUAGES, touch=True)), tmp_path)
    screen = television().show(folder, langue="ar")
    screen.page.locator(".front .invite").click()
    assert (screen.state["slide"], screen.state["language"]) == ("avis", "ar")
    assert screen.count(".invite") == 0


def test_a_slide_that_cannot_be_drawn_is_passed_over(television: Opener, folder: Path) -> None:
    """A fault in one of them costs one slide; a fault in all leaves the name of the place, never an error."""
    screen = television().show(folder, langue="fr")
    screen.page.evaluate(
        """() => {
          const view = Ecran.slides.view;
          Ecran.slides.view = (ctx) => {
            if (window.all || ctx.slide.kind === "map") throw new Error("fault");
            return view(ctx);
          };
        }"""
    )
    seen = set()
    for _ in range(60):
        seen.add(screen.state["slide"])
        screen.press("ArrowRight")
    assert "carte" not in seen
    assert {"ouvert", "avis"} <= seen
    screen.page.evaluate("window.all = true")
    for _ in range(5):
        screen.press("ArrowRight")
    assert "Le Parc" in screen.text(".front h1")
    screen.page.evaluate("window.all = false")
    screen.pass_time(61)
    assert screen.state["slide"] in seen


def test_pages_do_not_pile_up(television: Opener, folder: Path) -> None:
    """As many elements after three hundred pages as after the first round."""
    screen = television().show(folder)
    counts = []
    for _ in range(2):
        for _ in range(150):
            screen.press("ArrowRight")
        screen.until_slide("ouvert")
        screen.pass_time(2)
        counts.append(screen.page.evaluate("document.querySelectorAll('*').length"))
    assert counts[1] <= counts[0] * 1.2
