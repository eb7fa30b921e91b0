"""What stands on a sheet, as the JSON document its template reads: texts are texts, drawings are paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from reseau.screens._map import spread
from reseau.screens._sheet_words import Words, cut
from reseau.screens.content import Content, MapPart, NumberPart, Place
from reseau.screens.fonts import FACES
from reseau.screens.needs import load_needs

EMERGENCIES = ("15", "17", "112", "114")
CODES_UNTIL = 12
"""Places on a sheet up to which each has the code of its website: beyond, there is no room."""

NAME, TEXT, ADDRESS, POSTER_NAME = 110, 220, 140, 64
TITLE, SOURCES = 60, 2_000
"""Characters kept of what somebody typed."""

APART = 0.072
"""Share of the longer side of the plan between two numbers: on paper their discs are larger."""

_SCALES = (50, 100, 200, 250, 500, 1000, 2000, 5000)
_SCALE_SHARE = 0.3
_PATH = re.compile(r"[MLHVCQSTAZmlhvcqstaz0-9eE .,+-]*")
_FAMILY = re.compile(r'"([^"]+)"')

Data = dict[str, Any]


class Sheet:
    """The document of one sheet.

    Args:
        nearest: places shown for each need at most.
        full: with what a person takes home (address, hours…), else numbers and names.
        codes: with the code of the website of each place, where they are few.
    """

    def __init__(
        self, content: Content, words: Words, *, nearest: int, full: bool, codes: bool = True
    ) -> None:
        self.content = content
        self.words = words
        self.nearest = nearest
        self.full = full
        self._places = {place["id"]: place for place in content["places"]}
        self._seen: set[int] = set()
        self._needs = list(_needs(content, words.part["needs"]))
        shown = {place["id"] for need in self._needs for place in self._chosen(need)}
        self._shown = [place for place in content["places"] if place["id"] in shown]
        self._coded = codes and len(self._shown) <= CODES_UNTIL

    def data(self) -> Data:
        """The whole document."""
        words, screen = self.words, self.content["screen"]
        more = any(len(need["places"]) > self.nearest for need in self._needs)
        data: Data = {
            "lang": words.part["code"],
            "dir": words.part["dir"],
            "fonts": fonts_of(words.part["font"]),
            "colours": dict(screen["colours"]),
            "title": words.say("sheet_title"),
            "quartier": words.own(screen["quartier"], TITLE),
            "name": words.own(screen["name"], TITLE),
            "document": cut(f"{words.say('sheet_title')['t']} – {screen['quartier']}", 200),
            "demonstration": words.say("demonstration") if screen["fictional"] else None,
            "map": self._map(self.content["map"]),
            "needs": [self._need(need) for need in self._needs],
            "count": self.nearest,
            "nearest": words.say("sheet_nearest"),
            "more": more,
            "numbers": self._numbers(),
            "link": self._code(screen["link_qr"], screen["link_qr_size"]) if screen["link"] else None,
            "link_text": words.say("more"),
            "printed": words.say("sheet_printed", date=words.date(self._day())),
            "sources": words.own(" · ".join(self._sources()), SOURCES),
            "in_french": words.say("in_french"),
            "page": words.say("page", n="{n}", total="{total}"),
            "pin": _pin(self.content["pictograms"].get("ici", [])),
            "icons": {name: _svg(paths, 24, 24) for name, paths in self.content["pictograms"].items()},
        }
        return data | {"french": _has_french(data)}

    def _day(self) -> str:
        made = datetime.strptime(self.content["made_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        return made.astimezone(ZoneInfo(self.content["zone"])).date().isoformat()

    def _sources(self) -> list[str]:
        credit = self.content["map"]["credit"] if self.content["map"] else ""
        return [text for text in (*self.content["sources"], credit) if text]

    def _chosen(self, need: Mapping[str, Any]) -> list[Place]:
        ids = [key for key in need["places"] if key in self._places]
        return [self._places[key] for key in ids[: self.nearest]]

    def _need(self, need: Mapping[str, Any]) -> Data:
        numbers = self._calls(need["numbers"])
        return {
            "title": self.words.say(need["key"], "needs"),
            "icon": need["icon"],
            "total": len(need["places"]),
            "places": [self._place(place) for place in self._chosen(need)],
            "numbers": numbers,
        }

    def _place(self, place: Place) -> Data:
        again = place["id"] in self._seen
        self._seen.add(place["id"])
        limit = NAME if self.full else POSTER_NAME
        name = self.words.own(place["name"], limit)
        role = self.words.team(place["role"], limit)
        text = self.words.team(place["text"], TEXT if self.full else POSTER_NAME)
        title = next((said for said in (name, role) if said["t"]), None)
        told = {"number": place["number"], "name": title or text, "again": again}
        if again or not self.full:
            return told
        return told | {
            "text": text if title else None,
            "address": self.words.own(place["address"], ADDRESS),
            "phone": _dialled(place["phone"]),
            "hours": self.words.hours(place["week"]),
            "call_first": self.words.say("phone_first") if place["phone"] and not place["week"] else None,
            "walk": self._walk(place),
            "marks": list(self._marks(place)),
            "code": self._code(place["qr"], place["qr_size"]) if self._coded else None,
        }

    def _walk(self, place: Place) -> Data | None:
        if place["minutes"] is not None:
            return {"icon": "marche", "said": self.words.say("walk", n=str(place["minutes"]))}
        if place["xy"] is None and not place["address"]:
            return {"icon": "telephone", "said": self.words.say("comes")}
        return None

    def _marks(self, place: Place) -> Iterator[Data]:
        words = self.words
        if place["free"]:
            yield {"icon": "gratuit", "said": words.say("free")}
        if place["no_appointment"] is not None:
            key = "no_appointment" if place["no_appointment"] else "with_appointment"
            sign = "sans-rendez-vous" if place["no_appointment"] else "rendez-vous"
            yield {"icon": sign, "said": words.say(key)}
        if place["accessible"]:
            yield {"icon": "fauteuil", "said": words.say("accessible")}
        spoken = words.spoken(place["languages"])
        if spoken:
            yield {"icon": "langue", "said": spoken}

    def _calls(self, keys: Iterable[str]) -> list[Data]:
        numbers = self.content["numbers"]
        return [self._call(key, numbers[key]) for key in dict.fromkeys(keys) if key in numbers]

    def _call(self, key: str, number: NumberPart) -> Data:
        about = ["always"] * number["always"] + ["free_call"] * number["free"]
        return {
            "dial": _dialled(number["dial"]),
            "said": self.words.say(key, "numbers"),
            "about": self.words.several(about),
        }

    def _numbers(self) -> Data | None:
        """Numbers of the needs whose places are not shown, discreetly among those for emergencies."""
        slides = [slide for slide in self.content["slides"] if slide["kind"] == "safe"]
        safe = [key for slide in slides for key in slide["numbers"]]
        calls = self._calls([*EMERGENCIES, *safe])
        if not calls:
            return None
        return {
            "title": self.words.say("sheet_numbers"),
            "note": self.words.say("safe_note") if safe else None,
            "calls": calls,
            "safe": [
                {"title": self.words.say(slide["need"], "needs"), "calls": self._calls(slide["numbers"])}
                for slide in slides
            ],
        }

    def _code(self, path: str, size: int) -> str | None:
        return _svg([path], size, size) if path and size and _PATH.fullmatch(path) else None

    def _map(self, plan: MapPart | None) -> Data | None:
        if plan is None or not (plan["width"] > 0 and plan["height"] > 0):
            return None
        width, height = plan["width"], plan["height"]
        across = width * plan["metres"]
        bar = max((m for m in _SCALES if m <= across * _SCALE_SHARE), default=_SCALES[0])
        return {
            "svg": map_svg(plan),
            "ratio": height / width,
            "title": self.words.say("map_title"),
            "here": [plan["here"][0] / width, plan["here"][1] / height] if plan["here"] else None,
            "here_said": self.words.say("here"),
            "scale": self.words.say("scale", n=str(bar)),
            "scale_share": bar / across,
            "marks": [
                {"number": number, "x": x / width, "y": y / height}
                for number, (x, y) in self._marks_on(plan).items()
            ],
        }

    def _marks_on(self, plan: MapPart) -> dict[int, tuple[float, float]]:
        size = (plan["width"], plan["height"])
        marks = {
            place["number"]: place["xy"]
            for place in self._shown
            if place["number"] is not None and place["xy"] is not None
        }
        # The pin stands above the point it shows: numbers keep away from its head.
        x, y = plan["here"] or (-size[0], -size[1])
        return spread(marks, size, (x, y - APART * max(size) * 0.8), apart=APART)


def _has_french(part: Any) -> bool:
    """Whether something is in French for want of the language of the sheet."""
    if isinstance(part, dict):
        return part.get("french") is True or any(map(_has_french, part.values()))
    return isinstance(part, list) and any(map(_has_french, part))


def fonts_of(families: str) -> list[str]:
    """Installed families that draw those of a style sheet, then all others: a name may be in any script."""
    sources = {face.family: face.source for face in FACES}
    named = [sources[name] for name in _FAMILY.findall(families) if name in sources]
    return list(dict.fromkeys([*named, *sources.values()]))


def map_svg(plan: MapPart) -> str:
    """Ground of the plan for paper: quartiers in light grey, streets in grey."""
    width, height = plan["width"], plan["height"]
    unit = max(width, height) / 180
    areas = "".join(
        f'<path fill="#e6e6e6" stroke="#000000" stroke-width="{unit * 0.7:.2f}" stroke-linejoin="round" '
        f'fill-rule="evenodd" d="{path}"/>'
        for path in _sound(plan["areas"])
    )
    streets = "".join(
        f'<path fill="none" stroke="#8c8c8c" stroke-width="{unit * 0.35:.2f}" d="{path}"/>'
        for path in _sound(plan["streets"])
    )
    frame = f'<rect width="{width:.1f}" height="{height:.1f}" fill="#ffffff"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1f} {height:.1f}">'
        f"{frame}{areas}{streets}</svg>"
    )


def _svg(paths: Sequence[str], width: int, height: int) -> str:
    drawn = "".join(f'<path fill-rule="evenodd" d="{path}"/>' for path in _sound(paths))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{drawn}</svg>'


def _dialled(number: str) -> str:
    return " ".join(re.sub(r"[^0-9+ ]", "", number).split())[:20].strip()


def _pin(paths: Sequence[str]) -> str:
    """«Vous êtes ici», with a white edge so that it stands out on the streets."""
    shapes = "".join(
        f'<path {style} d="{path}"/>'
        for style in (
            'fill="none" stroke="#ffffff" stroke-width="2.4" stroke-linejoin="round"',
            'fill="#000000"',
        )
        for path in _sound(paths)
    )
    ground = '<circle cx="12" cy="9" r="5" fill="#ffffff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 26 26">{ground}{shapes}</svg>'


def _sound(paths: Iterable[str]) -> list[str]:
    return [path for path in paths if path and _PATH.fullmatch(path)]


def _needs(content: Content, known: Mapping[str, str]) -> Iterator[Data]:
    """Needs with places or numbers, in the order of the screen; without such slides, those of its places."""
    slides = [slide for slide in content["slides"] if slide["kind"] in {"need", "safe"}]
    for slide in slides:
        if slide["kind"] == "need" and slide["need"] in known and (slide["places"] or slide["numbers"]):
            yield _asked(slide["need"], slide["places"], slide["numbers"])
    if slides:
        return
    for key in known:
        ids = [place["id"] for place in content["places"] if key in place["needs"]]
        if ids:
            yield _asked(key, ids, [])


def _asked(key: str, places: Sequence[int], numbers: Sequence[str]) -> Data:
    return {"key": key, "places": list(places), "numbers": list(numbers), "icon": _icon(key)}


def _icon(key: str) -> str:
    need = load_needs().get(key)
    return need.pictogram if need else "ici"
