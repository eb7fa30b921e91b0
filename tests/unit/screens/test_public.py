"""Public means public: on hostile data, nothing but whitelisted fields is in the document."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reseau.model.columns import ACTIONS, PERMANENCES, STRUCTURES
from reseau.model.screens import SLIDES, Screen, ScreenPlace
from reseau.screens._public import PRACTICES
from tests import frames, screens

# What names a person, or speaks of the team's work, in each table.
PRIVATE = {
    "structures": ("email", "internal_note", "description", "access_conditions", "hours_text",
                   "address_extra", "finess", "siret", "uai", "uid", "sources", "publics",
                   "capacity_unit", "insee", "family"),
    "permanences": ("structure_name", "hours_text", "note", "languages", "insee"),
    "actions": ("uid", "form", "publics", "team", "partners", "counts", "outcome", "note", "host_name"),
}  # fmt: skip
MOBILE = "06 12 34 56 78"


def marked(table: str) -> dict[str, Any]:
    """A cell with a mark of its own in every private field, and what it may look like."""
    cells: dict[str, Any] = {}
    for name in PRIVATE[table]:
        mark = f"SECRET-{table}-{name}"
        if name in {"publics", "sources", "languages"}:
            cells[name] = (mark,)
        elif name == "partners":
            cells[name] = ((4242, mark, mark),)
        elif name == "counts":
            cells[name] = {mark: 4242}
        else:
            cells[name] = mark
    return cells


def hostile(**changes: Any) -> str:
    """The document of a territory whose private fields are all full."""
    sample = screens.sample_inputs()
    structures, permanences = sample.structures.copy(), sample.permanences.copy()
    actions = screens.actions(
        {"id": 1, "title": "Café santé", "starts_on": date(2026, 11, 26), "host_id": 3, **marked("actions")},
        {"id": 2, "title": "SECRET-planned", "starts_on": date(2026, 11, 26), "status": "prevue"},
        {"id": 3, "title": "SECRET-idea", "starts_on": date(2026, 11, 26), "status": "idee"},
        {"id": 4, "title": "SECRET-cancelled", "starts_on": date(2026, 11, 26), "status": "annulee"},
        {"id": 5, "title": "SECRET-elsewhere", "starts_on": date(2026, 11, 26), "quartiers": ("QN99999M",)},
    )
    for frame, table in ((structures, "structures"), (permanences, "permanences")):
        for name, cell in marked(table).items():
            frame[name] = [cell] * len(frame)
    content = screens.sample_content(
        **{"structures": structures, "permanences": permanences, "actions": actions} | changes
    )
    assert content["places"]
    assert content["permanences"]
    assert [action["title"] for action in content["actions"]] == ["Café santé"]
    return json.dumps(content, ensure_ascii=False)


def test_every_private_field_is_marked() -> None:
    """A column that is added one day must be thought of: public here, or private here."""
    from reseau.screens import _public

    known = {
        "structures": set(STRUCTURES), "permanences": set(PERMANENCES), "actions": set(ACTIONS),
    }  # fmt: skip
    shown = {"structures": _public.STRUCTURES, "permanences": _public.PERMANENCES, "actions": _public.ACTIONS}
    technical = {"geometry", "version", "is_pivot", "updated_on", "reviewed_on", "review_days", "capacity",
                 "position_precision", "postcode", "lon", "lat", "status", "host_name",
                 "languages"}  # fmt: skip
    for table, names in known.items():
        assert set(shown[table]).isdisjoint(PRIVATE[table])
        assert names - set(shown[table]) - set(PRIVATE[table]) <= technical


def test_no_private_field_is_in_the_document() -> None:
    assert "SECRET" not in hostile()


def test_nor_when_everything_is_asked() -> None:
    """All languages, all subjects opened, every slide, touch."""
    screen = screens.sample_screen(
        languages=("fr",), slides=tuple(SLIDES), touch=True,
        sensitive={"violences": "lieux", "addictions": "lieux", "vih": "lieux"},
    )  # fmt: skip
    assert "SECRET" not in hostile(screen=screen)


@pytest.mark.parametrize("field", ["phone", "name", "website"])
def test_a_mobile_number_shows_only_when_the_team_says_so(field: str) -> None:
    """Whatever the public column it hides in, the team's tick is what opens it."""
    written = f"https://wa.me/33{MOBILE[1:].replace(' ', '')}" if field == "website" else f"Lieu {MOBILE}"
    structures = screens.sample_structures()
    structures.loc[2, field] = written
    needle = "612345678" if field == "website" else MOBILE
    text = json.dumps(screens.sample_content(structures=structures))
    assert needle not in text
    ticked = screens.said(ScreenPlace(structure_id=2, show_mobile=True))
    assert needle in json.dumps(screens.sample_content(structures=structures, places=ticked))


def test_a_mobile_number_written_in_other_texts_goes() -> None:
    structures = screens.sample_structures()
    permanences = screens.sample_permanences()
    structures["address"] = f"5 rue Haute {MOBILE}"
    permanences["place"] = f"chez {MOBILE}"
    actions = screens.actions(
        {"title": f"Café {MOBILE}", "place": f"appeler {MOBILE}", "starts_on": screens.NOW.date()}
    )
    places = screens.said(ScreenPlace(structure_id=3, texts={"fr": f"Appelez {MOBILE} ou a@b.fr."}))
    content = screens.sample_content(
        structures=structures, permanences=permanences, actions=actions, places=places
    )
    text = json.dumps(content, ensure_ascii=False)
    assert MOBILE not in text
    assert "a@b.fr" not in text
    assert content["actions"][0]["title"] == "Café"


@pytest.mark.parametrize("code", sorted(PRACTICES))
def test_the_name_of_a_practice_is_a_person_s(code: str) -> None:
    """Neither as a place, nor as the place of a permanence or of an action."""
    sample = screens.sample_inputs()
    structures = sample.structures.copy()
    structures.at[4, "types"] = (code,)
    permanences = frames.permanences(
        {"structure_id": 3, "type_code": "cpam", "host_id": 4, "host_name": "Docteur Camille Personne",
         "at": (500, 300), "opening_hours": "Mo-Fr 09:00-10:00"},
    )  # fmt: skip
    actions = screens.actions(
        {
            "title": "Atelier",
            "host_id": 4,
            "host_name": "Docteur Camille Personne",
            "starts_on": screens.NOW.date(),
        }
    )
    content = screens.sample_content(structures=structures, permanences=permanences, actions=actions)
    assert "Camille" not in json.dumps(content)
    place = next(place for place in content["places"] if place["id"] == 4)
    assert place["name"] == ""
    assert place["text"]["fr"]
    assert content["permanences"][0]["place"] == content["actions"][0]["place"] == "5 rue Haute"


def test_a_house_keeps_its_name_though_it_lists_professions() -> None:
    structures = screens.sample_structures()
    structures.at[1, "types"] = ("medecin", "msp", "infirmier")
    content = screens.sample_content(structures=structures)
    assert "Maison de santé du Parc" in {place["name"] for place in content["places"]}


def test_text_stays_text() -> None:
    """Markup, formulas and templates come out as they were typed: who writes them escapes them."""
    structures = screens.sample_structures()
    payload = "</script><img src=x onerror=alert(1)> {{7*7}} =1+1 #panic()"
    structures.loc[3, "name"] = f"\u202e{payload}\x00"
    content = screens.sample_content(structures=structures)
    assert payload in {place["name"] for place in content["places"]}


def test_frames_given_are_left_as_they_were() -> None:
    inputs = screens.sample_inputs()
    copies = {
        name: getattr(inputs, name).copy() for name in ("structures", "permanences", "actions", "quartiers")
    }
    screens.build_content(inputs)
    for name, copy in copies.items():
        assert getattr(inputs, name).equals(copy)


def test_the_screen_record_says_nothing_of_where_its_settings_come_from() -> None:
    """Only what the player needs of a screen travels: not its places by hand, nor its days of work."""
    screen: Screen = replace(screens.sample_screen(), lon=2.35, lat=46.95)
    assert set(screens.sample_content(screen=screen)["screen"]) == {
        "key", "name", "quartier", "address", "link", "link_qr", "link_qr_size", "logo", "colours",
        "language_order", "min_seconds", "pace", "touch", "lit", "fictional",
    }  # fmt: skip
