"""What weeks in a waiting room do to the player: networks that fall, clocks that jump, newer bundles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reseau.screens.content import Content
from tests.e2e.screen_content import MADE_AT, changed, emergency, screen_content, write_bundle
from tests.e2e.screen_pages import Opener, Place, Television, televisions
from tests.screens import sample_screen


@pytest.fixture
def television(browser: Any) -> Iterator[Opener]:
    yield from televisions(browser)


@pytest.fixture(scope="module")
def plain() -> Content:
    return screen_content(screen=sample_screen(languages=("fr",)))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "serveur").mkdir()
    server = Place(tmp_path / "serveur")
    yield server
    server.stop()


def addressed(content: Content, place: Place, **parts: Any) -> Content:
    """The content of a screen that asks this server."""
    return changed(content, **({"screen": content["screen"] | {"address": place.address}} | parts))


def newer(content: Content, text: str) -> Content:
    """What the server has made since, recognisable by its message."""
    message = {"id": 1, "emergency": False, "text": {"fr": text}, "starts": "", "ends": ""}
    return changed(content, messages=[message], made_at="2026-11-23T09:40:00Z")


def turns(screen: Television, times: int = 3) -> None:
    """The slides go on."""
    for _ in range(times):
        shown = screen.state["shown"]
        screen.pass_time(61)
        assert screen.state["shown"] > shown


def test_the_network_is_cut_and_nothing_shows(
    television: Opener, place: Place, plain: Content, tmp_path: Path
) -> None:
    """Confirmed while the server answers; killed, then answering nonsense, then back: the same slides."""
    content = addressed(plain, place)
    write_bundle(content, place.folder)
    screen = television().show(write_bundle(content, tmp_path / "cle"))
    before = screen.state["confirmed"]
    place.at = MADE_AT + timedelta(minutes=1)
    screen.poll(f"s.confirmed > {before}")
    place.stop()
    turns(screen)
    screen.context.set_offline(True)
    turns(screen)
    assert screen.state["version"] == content["version"]
    assert (screen.text("body").count("rror"), screen.page.url[:5]) == (0, "file:")


@pytest.mark.parametrize(
    "broken",
    [
        b"", b"<html>Erreur 500</html>", b'{"schema":1', b"null", b"[]", b'{"version":"x"}', b"\xff\xfe\x00",
        "schema", "structure", "calendar", "version", "key",
    ],
)  # fmt: skip
def test_broken_contents_are_ignored(
    television: Opener, place: Place, plain: Content, tmp_path: Path, broken: bytes | str
) -> None:
    """Cut short, of another kind, of a later schema, of another screen: the good one stays."""
    content = addressed(plain, place)
    write_bundle(content, tmp_path / "cle")
    other: dict[str, Any] = json.loads(json.dumps(newer(content, "Nouveau")))
    wrong: dict[str, Any] = {
        "schema": other | {"schema": 99},
        "structure": other | {"places": [{"id": "x"}]},
        "calendar": other | {"calendars": []},
        "version": other | {"version": "another"},
        "key": other | {"screen": other["screen"] | {"key": "k2"}},
    }
    body = broken if isinstance(broken, bytes) else json.dumps(wrong[broken]).encode()
    version = {"version": other["version"], "made_at": other["made_at"], "schema": 1, "player": "p"}
    place.instead = {"version.json": (200, json.dumps(version).encode()), "contenu.json": (200, body)}
    screen = television().show(tmp_path / "cle")
    screen.live(24)
    assert any(path.startswith("/contenu.json") for path in place.asked)
    assert screen.state["version"] == content["version"]


def test_a_newer_content_is_taken_and_survives_a_power_cut(
    television: Opener, place: Place, plain: Content, tmp_path: Path
) -> None:
    content = addressed(plain, place)
    write_bundle(content, tmp_path / "cle")
    later = newer(content, "Le marché déménage.")
    write_bundle(later, place.folder)
    screen = television().show(tmp_path / "cle")
    screen.poll(f"s.version === '{later['version']}'")
    screen.until_slide("messages")
    assert "Le marché déménage." in screen.text()
    place.stop()
    screen.show(tmp_path / "cle")
    assert screen.state["version"] == later["version"]
    # A stick made since is newer than what was kept.
    newest = changed(newer(content, "Tout neuf"), made_at="2026-11-24T09:00:00Z")
    write_bundle(newest, tmp_path / "cle")
    assert screen.show(tmp_path / "cle").state["version"] == newest["version"]


def test_a_damaged_memory_gives_way_to_what_came_with_the_page(
    television: Opener, plain: Content, tmp_path: Path
) -> None:
    """What is kept is read with the same distrust as what the network says."""
    folder = write_bundle(plain, tmp_path)
    screen = television().show(folder)
    screen.page.evaluate(
        """async () => {
          const { screen } = JSON.parse(document.getElementById('contenu').textContent);
          const id = `${Ecran.folder}|${screen.key}`;
          await Ecran.store.keep({ id, content: { made_at: '2030-01-01T00:00:00Z' }, saved: 1 });
        }"""
    )
    assert screen.show(folder).state["version"] == plain["version"]


def test_thirty_one_days_without_news(television: Opener, plain: Content, tmp_path: Path) -> None:
    """What may be wrong goes (hours, dates), what is not stays (names, addresses, telephones, plan)."""
    folder = write_bundle(plain, tmp_path)
    screen = television().show(folder, langue="fr")
    screen.page.clock.fast_forward(timedelta(days=31).total_seconds() * 1000)
    screen.pass_time(3)
    assert screen.state["old"] is True
    seen: dict[str, str] = {}
    for _ in range(60):
        slide = screen.state["slide"]
        seen[slide] = seen.get(slide, "") + screen.text()
        assert screen.count(".pill") == 0
        screen.press("ArrowRight")
    assert not {"permanences", "actions"} & set(seen)
    assert "carte" in seen
    said = plain["languages"][0]["interface"]
    assert said["data_old"].split("{date}")[1] in seen["besoin:soigner"]
    assert said["phone_first"] not in seen["besoin:soigner"], "said once, above all places"
    assert "02 48 00 00 00" in seen["besoin:soigner"]
    assert "rue de la Longue-Promenade" in seen["besoin:soigner"]
    assert said["open_title"] not in seen["ouvert"]


def test_a_machine_that_starts_in_1970(television: Opener, plain: Content, tmp_path: Path) -> None:
    """Without a battery for its clock: no time, no hours, until the network sets it right."""
    folder = write_bundle(plain, tmp_path)
    screen = television(at=datetime(1970, 1, 1, tzinfo=UTC)).show(folder, langue="fr")
    assert (screen.state["local"], screen.text(".front .now")) == (None, "")
    assert screen.count(".pill") == 0
    turns(screen, 1)
    screen.page.clock.set_system_time(MADE_AT)
    screen.pass_time(2)
    assert screen.state["local"]["minutes"] == 10 * 60 + 30


def test_a_clock_that_jumps_is_not_believed_at_once(
    television: Opener, plain: Content, tmp_path: Path
) -> None:
    """Two hours ahead, nobody knows why: hidden, then believed once it has held ten minutes."""
    screen = television().show(write_bundle(plain, tmp_path), langue="fr")
    screen.pass_time(5)
    screen.page.clock.set_system_time(MADE_AT + timedelta(hours=2))
    screen.pass_time(2)
    assert screen.state["local"] is None
    turns(screen, 1)
    screen.page.clock.set_system_time(MADE_AT + timedelta(seconds=70))
    screen.pass_time(2)
    assert screen.state["local"] is not None, "back where it was: nothing to doubt any more"
    screen.page.clock.set_system_time(datetime(1970, 1, 1, tzinfo=UTC))
    screen.pass_time(2)
    assert screen.state["local"] is None
    screen.page.clock.set_system_time(MADE_AT + timedelta(hours=2))
    screen.pass_time(2)
    screen.pass_time(610)
    assert screen.state["local"]["minutes"] // 60 == 12


def test_the_server_sets_a_wrong_clock_right(
    television: Opener, place: Place, plain: Content, tmp_path: Path
) -> None:
    content = addressed(plain, place)
    write_bundle(content, place.folder)
    place.at = MADE_AT + timedelta(hours=3)
    screen = television().show(write_bundle(content, tmp_path / "cle"))
    assert screen.state["local"]["minutes"] == 10 * 60 + 30
    screen.poll("s.local && s.local.minutes >= 13 * 60 + 30")


@pytest.mark.parametrize(
    ("start", "before", "after"),
    [
        (datetime(2027, 3, 28, 0, 59, 50, tzinfo=UTC), "1:59", "3:00"),
        (datetime(2026, 10, 25, 0, 59, 50, tzinfo=UTC), "2:59", "2:00"),
    ],
)
def test_nights_when_the_hour_changes(
    television: Opener, plain: Content, tmp_path: Path, start: datetime, before: str, after: str
) -> None:
    """In the zone of the place, whatever the zone of the machine."""
    content = changed(plain, made_at=(start - timedelta(hours=16)).strftime("%Y-%m-%dT%H:%M:%SZ"))
    screen = television(at=start).show(write_bundle(content, tmp_path), langue="fr")
    screen.pass_time(1)
    assert screen.text(".front .now") == before
    screen.pass_time(20)
    assert screen.text(".front .now") == after
    assert screen.state["local"]["day"] == start.date().isoformat()


def test_an_emergency_takes_the_screen_and_leaves(television: Opener, plain: Content, tmp_path: Path) -> None:
    """From its first minute to its last, in every language, even on a paused screen."""
    urgent = emergency(
        {"fr": "Forte chaleur.", "ar": "حر شديد."}, starts="2026-11-23T10:35", ends="2026-11-23T10:45"
    )
    content = screen_content()
    folder = write_bundle(changed(content, messages=[*content["messages"], urgent]), tmp_path)
    screen = television().show(folder)
    assert screen.state["kind"] != "emergency"
    screen.press("Space")
    screen.pass_time(5 * 60 + 2)
    assert (screen.state["kind"], screen.state["language"]) == ("emergency", "fr")
    assert "Forte chaleur." in screen.text()
    languages = set()
    for _ in range(30):
        languages.add(screen.state["language"])
        screen.pass_time(10)
        assert screen.state["kind"] == "emergency"
    assert languages == {"fr", "ar", "ta"}
    screen.pass_time(5 * 60)
    assert screen.state["kind"] != "emergency"


def test_an_emergency_comes_by_the_network(
    television: Opener, place: Place, plain: Content, tmp_path: Path
) -> None:
    """Between two polls, and not at the end of the slide."""
    content = addressed(plain, place)
    write_bundle(content, tmp_path / "cle")
    urgent = emergency({"fr": "Coupure d'eau."})
    write_bundle(changed(content, messages=[urgent], made_at="2026-11-23T09:31:00Z"), place.folder)
    screen = television().show(tmp_path / "cle")
    screen.poll("s.kind === 'emergency'")
    assert "Coupure d'eau." in screen.text()


def test_served_by_the_application(television: Opener, place: Place, plain: Content) -> None:
    """A newer content is taken where the page comes from; a newer player reloads it, once."""
    write_bundle(plain, place.folder)
    screen = television(service_workers="block").show(place.address)
    screen.page.evaluate("window.before = true")
    said = json.loads((place.folder / "version.json").read_text(encoding="utf-8"))
    renewed = json.dumps(said | {"player": "newer"}).encode()
    place.instead = {"version.json": (200, renewed), "index.html": (503, b"")}
    screen.live(24)
    assert "/index.html" in place.asked
    assert screen.page.evaluate("window.before") is True, "not while the page cannot be had"
    del place.instead["index.html"]
    with screen.page.expect_navigation():
        screen.live(340)
    screen.wait("s.shown > 0")
    screen.page.evaluate("window.before = true")
    screen.live(340)
    assert screen.page.evaluate("window.before") is True, "only once"


def test_a_page_of_the_network_comes_back_without_its_server(
    television: Opener, place: Place, plain: Content
) -> None:
    """Where the browser allows it (secure contexts), the files of the page are kept."""
    write_bundle(plain, place.folder)
    screen = television(at=None).show(place.address)
    ready = "navigator.serviceWorker.ready.then((one) => Boolean(one.active))"
    assert screen.page.evaluate(ready) is True
    place.stop()
    screen.show(place.address)
    assert screen.state["version"] == plain["version"]


def test_accelerated_hours(television: Opener, plain: Content, tmp_path: Path) -> None:
    """The trial switch: a minute of slides in a second, on the browser's own clock."""
    screen = television(at=None).show(write_bundle(plain, tmp_path), vitesse="200")
    screen.wait("s.shown >= 20")
    assert screen.state["paused"] is False
