"""The screen of the demonstration, from a file: what a team would choose, write and accept."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reseau.model.screens import Screen, ScreenMessage, ScreenPlace
from reseau.services.participations import decide, receive, to_review
from reseau.services.screen_messages import save_message
from reseau.services.screen_places import save_place
from reseau.services.screens import SavedScreen, save_screen
from reseau.services.view import open_view

if TYPE_CHECKING:
    from reseau.services.app import App


def add_screen(app: App, territoire_id: int, path: Path) -> SavedScreen:
    """Keep the screen of a file, its messages, words of places and accepted opinions.

    Raises:
        RefusedInput: what the file says could not be typed in the interface either.
    """
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    about = said["ecran"]
    record = Screen(
        name=about["nom"],
        quartiers=tuple(about["quartiers"]),
        languages=tuple(about["langues"]),
        touch=about["tactile"],
        link=about["lien"],
    )
    saved = save_screen(app, territoire_id, record)
    for message in said["message"]:
        save_message(app, territoire_id, ScreenMessage(texts=message["textes"]))
    _add_places(app, territoire_id, said["lieu"])
    _add_opinions(app, territoire_id, saved, said["avis"])
    return saved


def _add_places(app: App, territoire_id: int, places: list[dict[str, Any]]) -> None:
    structures = open_view(app, territoire_id).structures
    ids = dict(zip(structures["uid"], structures.index, strict=True))
    for place in places:
        record = ScreenPlace(
            structure_id=int(ids[f"tableur--{place['structure']}"]),
            needs=tuple(place["besoins"]) if "besoins" in place else None,
            texts=place["textes"],
        )
        save_place(app, territoire_id, record, version=0)


def _add_opinions(app: App, territoire_id: int, saved: SavedScreen, series: list[dict[str, Any]]) -> None:
    days = [item for item in series for _ in range(item["nombre"])]
    for rank, item in enumerate(days):
        payload = {
            "key": f"demonstration-{rank:06d}",
            "need": item["besoin"],
            "reason": item["raison"],
        }
        receive(app, saved.key, payload, on=item["le"])
    decide(app, territoire_id, [item.id for item in to_review(app, territoire_id)], True)
