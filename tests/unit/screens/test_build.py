"""The whole document: complete, plain JSON, the same for the same inputs, light."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_type_hints

import pytest

from reseau.errors import RefusedInput
from reseau.model.screens import SLIDES, DayPart, ScreenMessage, ScreenPlace
from reseau.screens import content as contract
from reseau.screens.build import FAMILIES, build_content, fingerprint
from reseau.screens.content import Content
from reseau.screens.texts import SCRIPTS, language_codes
from tests import frames, screens

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def kinds(content: Content) -> list[str]:
    return [slide["kind"] for slide in content["slides"]]


def test_each_part_has_the_fields_of_the_contract_and_no_other() -> None:
    """The player and the sheets read it by name: a field too few breaks them, one too many leaks."""
    content = screens.sample_content(screen=screens.sample_screen(touch=True))
    parts: list[tuple[Any, Any]] = [
        (contract.Content, content), (contract.ScreenPart, content["screen"]),
        (contract.Colours, content["screen"]["colours"]), (contract.MapPart, content["map"]),
        (contract.IdeasPart, content["ideas"]),
        *((contract.LanguagePart, item) for item in content["languages"]),
        *((contract.Slide, item) for item in content["slides"]),
        *((contract.Place, item) for item in content["places"]),
        *((contract.Calendar, item) for item in content["calendars"]),
        *((contract.PermanenceDay, item) for item in content["permanences"]),
        *((contract.ActionDay, item) for item in content["actions"]),
        *((contract.MessagePart, item) for item in content["messages"]),
        *((contract.NumberPart, item) for item in content["numbers"].values()),
    ]  # fmt: skip
    for shape, part in parts:
        assert set(part) == set(get_type_hints(shape)), shape.__name__
    assert json.loads(json.dumps(content, allow_nan=False)) == json.loads(json.dumps(content))


def test_what_slides_point_to_exists() -> None:
    content = screens.sample_content(structures=screens.places(60))
    ids = {item["id"] for item in content["places"]}
    assert len(ids) == len(content["places"])
    for slide in content["slides"]:
        assert set(slide["places"]) <= ids
        assert set(slide["numbers"]) <= set(content["numbers"]) == set(content["languages"][0]["numbers"])
        assert not slide["need"] or slide["need"] in content["languages"][0]["needs"]
    for item in content["places"]:
        assert item["calendar"] is None or 0 <= item["calendar"] < len(content["calendars"])
        assert item["text"]["fr"]
        assert item["needs"]


def test_same_inputs_same_version() -> None:
    content = screens.sample_content()
    assert re.fullmatch(r"[0-9a-f]{16}", content["version"])
    later = screens.sample_content(
        now=screens.NOW + timedelta(hours=5), made_at=datetime(2026, 11, 23, 15, tzinfo=UTC)
    )
    assert later["version"] == content["version"]
    assert later["made_at"] == "2026-11-23T15:00:00Z"
    assert fingerprint(content) == content["version"]


@pytest.mark.parametrize(
    "changes",
    [
        {"screen": screens.sample_screen(accent="#000000")},
        {"structures": screens.sample_structures().drop(index=2)},
        {"places": screens.said(ScreenPlace(structure_id=2, texts={"fr": "Venez."}))},
        {"messages": []},
        {"now": screens.NOW + timedelta(days=1)},
        {"screen_key": "k2"},
        {"logo": PNG},
    ],
    ids=["colour", "place", "text", "message", "day", "key", "logo"],
)
def test_whatever_shows_changes_the_version(changes: dict[str, Any]) -> None:
    assert screens.sample_content(**changes)["version"] != screens.sample_content()["version"]


def test_the_order_of_every_frame_changes_nothing() -> None:
    sample = screens.sample_inputs()
    turned = {
        name: getattr(sample, name).iloc[::-1]
        for name in ("structures", "permanences", "actions", "quartiers")
    }
    assert build_content(replace(sample, **turned)) == build_content(sample)
    assert build_content(replace(sample, streets=screens.sample_streets().iloc[::-1])) == build_content(
        sample
    )


def test_slides_follow_the_order_of_the_screen() -> None:
    content = screens.sample_content(
        screen=screens.sample_screen(slides=("messages", "carte", "inconnue", "ouvert", "carte"))
    )
    assert kinds(content) == ["messages", "map", "open"]


def test_a_slide_with_nothing_to_show_is_not_there() -> None:
    """Needs that have a national number still say it."""
    empty = screens.sample_content(
        structures=frames.structures(), permanences=frames.permanences(), actions=screens.actions(),
        messages=[], pivot_id=None,
    )  # fmt: skip
    assert set(kinds(empty)) == {"need", "safe"}
    assert all(slide["numbers"] and not slide["places"] for slide in empty["slides"])
    assert set(kinds(screens.sample_content())) == {
        "open",
        "need",
        "safe",
        "map",
        "permanences",
        "actions",
        "messages",
    }


def test_day_parts_go_with_their_slides() -> None:
    parts = (DayPart(slide="besoins", start="08:00", end="12:00", days=(2,)),)
    content = screens.sample_content(
        screen=screens.sample_screen(day_parts=parts, on_from="07:30", on_until="20:00")
    )
    whens = {slide["id"]: slide["when"] for slide in content["slides"]}
    assert whens["besoin:droits"] == [{"days": [2], "span": (480, 720)}]
    assert whens["carte"] == []
    assert content["screen"]["lit"] == [(450, 1200)]


def test_messages_last_until_their_end() -> None:
    now = screens.NOW
    messages = [
        (3, ScreenMessage(texts={"fr": "Passé."}, ends_at=now)),
        (
            2,
            ScreenMessage(
                texts={"fr": "Canicule : buvez."}, emergency=True, starts_at=now, ends_at=now + timedelta(1)
            ),
        ),
        (1, ScreenMessage(texts={"fr": " Deux\nlignes ", "ar": "", "es": "Dos"})),
        (4, ScreenMessage(texts={"fr": "  "})),
        (5, ScreenMessage(texts={"es": "Sólo"})),
    ]
    content = screens.sample_content(messages=messages)
    assert [(item["id"], item["text"]) for item in content["messages"]] == [
        (1, {"fr": "Deux\nlignes"}), (2, {"fr": "Canicule : buvez."}), (5, {"fr": "Sólo"}),
    ]  # fmt: skip
    emergency = content["messages"][1]
    assert (emergency["starts"], emergency["ends"]) == ("2026-11-23T10:30", "2026-11-24T10:30")
    alone = screens.sample_content(messages=messages[1:2])
    assert "messages" not in kinds(alone), "an emergency takes the whole screen: it is not a slide"
    assert alone["messages"]


def test_addresses_of_the_screen() -> None:
    screen = screens.sample_screen(
        address="http://serveur:8501/", link="https://exemple.fr/plan", name="A\u202eB"
    )
    part = screens.sample_content(screen=screen)["screen"]
    assert part["address"] == "http://serveur:8501/ecran/k1/"
    assert part["link_qr"]
    assert part["link_qr_size"] > 20
    assert part["name"] == "AB"
    assert screens.sample_content(screen=screen, screen_key="")["screen"]["address"] == ""
    hostile = screens.sample_screen(address="javascript:alert(1)//", link="file:///etc/passwd")
    part = screens.sample_content(screen=hostile)["screen"]
    assert part["address"] == part["link"] == part["link_qr"] == ""


def test_the_logo_is_a_picture() -> None:
    assert screens.sample_content(logo=PNG)["screen"]["logo"].startswith("data:image/png;base64,iVBORw0KGgo")
    with pytest.raises(RefusedInput, match="PNG"):
        screens.sample_content(logo=b"<svg onload=alert(1)>")


def test_what_cannot_be_built_is_refused_in_french() -> None:
    with pytest.raises(RefusedInput, match=r"Accueil.*aucun de ses quartiers"):
        screens.sample_content(screen=screens.sample_screen(quartiers=("QN99999M",)))
    with pytest.raises(RefusedInput, match="aucun de ses quartiers"):
        screens.sample_content(screen=screens.sample_screen(quartiers=()))
    with pytest.raises(RefusedInput, match="Couleurs"):
        screens.sample_content(screen=screens.sample_screen(background="#808080"))
    with pytest.raises(RefusedInput, match="Langue inconnue"):
        screens.sample_content(screen=screens.sample_screen(languages=("xx",)))


def test_a_quartier_that_went_away_leaves_the_others() -> None:
    content = screens.sample_content(screen=screens.sample_screen(quartiers=("QN99999M", screens.CODE)))
    assert content["screen"]["quartier"] == "Le Parc"


def test_every_script_has_its_families() -> None:
    assert set(FAMILIES) == set(SCRIPTS)


def test_every_language_there_is_makes_a_whole_document() -> None:
    codes = tuple(language_codes())
    content = screens.sample_content(screen=screens.sample_screen(languages=codes))
    assert [item["code"] for item in content["languages"]] == list(codes)
    french = content["languages"][0]
    for item in content["languages"]:
        assert set(item["interface"]) >= set(french["interface"])
        assert item["needs"].keys() == french["needs"].keys()
        assert len(item["days"]) == 7
        assert len(item["months"]) == 12


def test_a_screen_without_french_still_has_french_to_fall_back_on() -> None:
    other = next((code for code in language_codes() if code != "fr"), "fr")
    content = screens.sample_content(screen=screens.sample_screen(languages=(other,)))
    assert [item["code"] for item in content["languages"]] == [other]
    assert all(item["text"]["fr"] for item in content["places"])


def test_a_thousand_places_stay_light() -> None:
    """With hours of their own each: the whole bundle has 8 MB, fonts included, and this document twice."""
    structures = screens.places(1000)
    structures["opening_hours"] = [
        f"Mo-Fr {8 + rank // 60 % 3:02d}:{rank % 60:02d}-12:00,14:00-{17 + rank // 180 % 3}:{rank % 60:02d}"
        for rank in range(1000)
    ]
    content = screens.sample_content(
        structures=structures,
        screen=screens.sample_screen(slides=tuple(SLIDES), languages=tuple(language_codes())),
    )
    assert len(content["places"]) == 1000
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    assert len(written) < 3_000_000
