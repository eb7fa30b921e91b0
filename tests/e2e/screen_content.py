"""A screen with every kind of slide, in three scripts, and its bundle in a folder."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from reseau.model.screens import ScreenPlace
from reseau.screens.build import fingerprint
from reseau.screens.bundle import bundle_files, scripts_of
from reseau.screens.content import Content
from reseau.screens.fonts import font_files
from tests.screens import NOW, places, said, sample_content, sample_screen

MADE_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""Half past ten in France, on a Monday of winter."""

LANGUAGES = ("fr", "ar", "ta")
NEEDS = (
    "pharmacie", "france-services", "centre-social", "cmp", "pmi", "msp", "aide-alimentaire", "asso-logement",
    "mission-locale", "sport-sante",
)  # fmt: skip
KINDS = ("open", "need", "safe", "map", "permanences", "actions", "messages", "ideas")


def screen_content(**changes: Any) -> Content:
    """25 places, three languages, every kind of slide; `changes` are those of the inputs."""
    inputs: dict[str, Any] = {
        "screen": sample_screen(languages=LANGUAGES, link="https://quartier.exemple.fr/ecran", touch=False),
        "structures": places(25, NEEDS),
        "places": said(ScreenPlace(structure_id=2, texts={"fr": "Une personne fait vos papiers avec vous."})),
        "ideas": {"soigner": 12, "loger": 7, "droits": 5},
        "ideas_since": date(2026, 9, 1),
        "made_at": MADE_AT,
        "now": NOW,
    }  # fmt: skip
    return sample_content(**(inputs | changes))


def changed(content: Content, **parts: Any) -> Content:
    """A copy with other parts, and its own fingerprint."""
    copied = copy.deepcopy(content) | parts
    copied["version"] = fingerprint(copied)
    return copied


def emergency(text: Mapping[str, str], **bounds: str) -> dict[str, Any]:
    return {"id": 99, "emergency": True, "text": dict(text), "starts": "", "ends": "", **bounds}


def write_bundle(content: Content, folder: Path) -> Path:
    """The bundle in a folder, written over what was there."""
    for name, data in bundle_files(content, fonts=font_files(scripts_of(content))).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


HOSTILE = (
    "<b onclick=\"window.hacked=1\">x</b>{{7*7}}\u202e</script><img src=x onerror='window.hacked=1'>"
    + "W" * 300
)


def hostile(content: Content) -> Content:
    """The same screen where everything a person types is made to break it."""
    texts = {"fr": HOSTILE * 3, "ar": HOSTILE * 3}
    places = [
        place | {"name": HOSTILE, "text": texts, "address": HOSTILE, "phone": "02 48 00 00 01"}
        for place in content["places"]
    ]
    languages = [
        language | {"needs": dict.fromkeys(language["needs"], HOSTILE), "font": '"x", </style>'}
        for language in content["languages"]
    ]
    return changed(
        content,
        screen=content["screen"] | {"name": HOSTILE, "quartier": HOSTILE},
        places=places,
        languages=languages,
        permanences=[item | {"text": texts, "place": HOSTILE} for item in content["permanences"]],
        actions=[item | {"title": HOSTILE, "place": HOSTILE} for item in content["actions"]],
        messages=[item | {"text": texts} for item in content["messages"]],
    )
