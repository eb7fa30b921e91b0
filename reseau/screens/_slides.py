"""The slides of a screen, in its order; a slide that would be empty is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reseau.model.screens import SHOWN_FROM, SLIDES, Screen
from reseau.screens._times import whens
from reseau.screens.content import IdeasPart, MessagePart, Place, Slide
from reseau.screens.needs import asked_needs
from reseau.screens.sensitive import NOTHING, NUMBERS_ONLY, PLACES, mode_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What there is to show. `places`: nearest first; `open_ids`: those near whose hours are known."""

    places: Sequence[Place]
    open_ids: Sequence[int]
    has_permanences: bool
    has_actions: bool
    messages: Sequence[MessagePart]
    ideas: IdeasPart


def slides_of(screen: Screen, shown: Shown) -> list[Slide]:
    """Slides of a screen. Ids are the keys of `SLIDES`, and `besoin:<key>` for each need.

    Raises:
        RefusedInput: a day part has a wrong time.
    """
    makers: Mapping[str, Callable[[], Iterator[Slide]]] = {
        "ouvert": lambda: _one("ouvert", "open", shown.open_ids),
        "besoins": lambda: _needs(screen, shown.places),
        "carte": lambda: _one("carte", "map", [p["id"] for p in shown.places if p["number"] is not None]),
        "permanences": lambda: _plain("permanences", "permanences", shown.has_permanences),
        "actions": lambda: _plain("actions", "actions", shown.has_actions),
        "messages": lambda: _plain(
            "messages", "messages", any(not message["emergency"] for message in shown.messages)
        ),
        "avis": lambda: _plain("avis", "ideas", bool(shown.ideas["needs"] or shown.ideas["counts"])),
    }
    kinds = [kind for kind in dict.fromkeys(screen.slides) if kind in SLIDES]
    found = [slide for kind in kinds for slide in makers[kind]()]
    return [slide | {"when": whens(slide["id"], screen.day_parts)} for slide in found]


def _one(key: str, kind: str, ids: Sequence[int]) -> Iterator[Slide]:
    if ids:
        yield Slide(id=key, kind=kind, need="", places=list(ids), numbers=[], when=[])


def _plain(key: str, kind: str, there: bool) -> Iterator[Slide]:
    if there:
        yield Slide(id=key, kind=kind, need="", places=[], numbers=[], when=[])


def _needs(screen: Screen, places: Sequence[Place]) -> Iterator[Slide]:
    for need in asked_needs(screen):
        mode = mode_of(need, screen)
        ids = [place["id"] for place in places if need.key in place["needs"]]
        if mode == NOTHING or not (ids or need.numbers):
            continue
        yield Slide(
            id=f"besoin:{need.key}",
            kind="safe" if mode == NUMBERS_ONLY else "need",
            need=need.key,
            places=[] if mode == NUMBERS_ONLY else ids,
            numbers=list(need.numbers),
            when=[],
        )


def ideas_part(screen: Screen, counts: Mapping[str, int], since: str) -> IdeasPart:
    """What residents can say and have said.

    Sensitive needs are left out unless their places are shown: nobody should be seen touching them. Counts
    below `SHOWN_FROM` are not shown.
    """
    needs = [need.key for need in asked_needs(screen) if mode_of(need, screen) == PLACES]
    said = {key: int(counts[key]) for key in needs if counts.get(key, 0) >= SHOWN_FROM}
    return IdeasPart(needs=needs if screen.touch else [], counts=said, since=since if said else "")
