"""What the tags of a place say of it: which partner it may be, how to reach it, when it is open."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from reseau.hours import is_valid
from reseau.model.context import Repere
from reseau.model.typology import Typology, normalise
from reseau.sources._cells import MAX_CELL, MAX_NAME, CellError, read_finess, read_phone, read_website
from reseau.sources._text import clean_cell, mask_nir

FINESS, FINESS_CATEGORY = "ref:FR:FINESS", "type:FR:FINESS"
PEOPLES_HOMES = "462"
# One of these says that somebody is cared for or helped here, whatever the value.
CARE_KEYS = (FINESS, "healthcare", "social_facility")
KEYS = (*CARE_KEYS, "amenity", "office")
# What the team may want to look at. Phone, e-mail, notes and names of mappers are not among them.
_SHOWN = (
    *KEYS, FINESS_CATEGORY, "healthcare:speciality", "social_facility:for", "government", "school:FR",
    "community_centre", "operator", "operator:type", "brand", "official_name", "alt_name", "short_name",
    "description", "wheelchair", "level", "opening_hours",
)  # fmt: skip
_GONE = ("disused", "abandoned", "demolished")
_ANY, LEFT_OUT = "*", "-"
Reader = Callable[[str], str]
_TAGS_FILE = Path(__file__).parent / "tags.csv"


@dataclass(frozen=True, slots=True)
class Condition:
    """What a tag must be: this value, anything (`*`), or a text that begins with these words."""

    key: str
    wanted: str
    begins: bool = False

    def holds(self, tags: Mapping[str, str]) -> bool:
        """Whether the tags meet it; «a;b» in a tag means both."""
        if self.key not in tags:
            return False
        if self.begins:
            return f"{normalise(tags[self.key])} ".startswith(f"{self.wanted} ")
        return self.wanted == _ANY or self.wanted in _values(tags[self.key])


# A region says the same few hundred values a million times, each compared with every line of the table.
@lru_cache(maxsize=4096)
def _values(text: str) -> frozenset[str]:
    return frozenset(map(normalise, text.split(";")))


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of `tags.csv`: its conditions, the type, the name of what has none."""

    conditions: tuple[Condition, ...]
    type_code: str
    label: str

    def holds(self, tags: Mapping[str, str]) -> bool:
        """Whether every condition is met."""
        return all(condition.holds(tags) for condition in self.conditions)


@cache
def rules() -> tuple[Rule, ...]:
    """The lines of `tags.csv`, in order (UTF-8, `;`, `#` for comments)."""
    with _TAGS_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter=";"))
    return tuple(Rule(_conditions(row["conditions"]), row["type"], row["libelle"]) for row in rows)


def _conditions(text: str) -> tuple[Condition, ...]:
    pairs = (part.strip().partition("=") for part in text.split("&"))
    return tuple(
        Condition(key.removesuffix("^"), _ANY if value == _ANY else normalise(value), key.endswith("^"))
        for key, _, value in pairs
    )


def rule_for(tags: Mapping[str, str]) -> Rule | None:
    """The line that applies to a place, None where it is of no interest here or no longer in use."""
    if any(tags.get(key) == "yes" for key in _GONE):
        return None
    found = next((rule for rule in rules() if rule.holds(tags)), None)
    if found is None and FINESS in tags:
        return Rule((), "", "Établissement")
    return None if found is None or found.type_code == LEFT_OUT else found


def is_home(tags: Mapping[str, str]) -> bool:
    """Whether the register says that people live here as in a family: never kept, not even as a place."""
    return PEOPLES_HOMES in tags.get(FINESS_CATEGORY, "").split(";")


def repere_of(
    uid: str, tags: Mapping[str, str], *, at: tuple[float, float], rule: Rule, typology: Typology
) -> Repere:
    """The place that tags describe.

    Args:
        at: WGS84 longitude and latitude.
        rule: what `rule_for` answered.
        typology: a type it does not know is no type.
    """
    clean = {key: mask_nir(clean_cell(value))[:MAX_CELL] for key, value in tags.items()}
    category = next(filter(None, map(typology.for_finess, clean.get(FINESS_CATEGORY, "").split(";"))), None)
    type_code = category or rule.type_code
    hours = clean.get("opening_hours", "")
    readable = is_valid(hours)
    hidden = {"opening_hours"} if readable else set()
    return Repere(
        uid=uid,
        name=_name(clean, rule),
        type_code=type_code if type_code in typology else "",
        lon=round(at[0], 7),
        lat=round(at[1], 7),
        address=_address(clean),
        phone=_read(clean, "phone", read_phone),
        website=_read(clean, "website", read_website) or _read(clean, "url", read_website),
        opening_hours=hours if readable else "",
        finess=_finess(clean.get(FINESS, "")),
        tags={key: clean[key] for key in _SHOWN if clean.get(key) and key not in hidden},
    )


def _name(tags: Mapping[str, str], rule: Rule) -> str:
    known = next((tags[key] for key in ("name", "name:fr", "official_name", "brand") if tags.get(key)), "")
    return " ".join(known.split())[:MAX_NAME] or f"{rule.label} (sans nom)"


def _address(tags: Mapping[str, str]) -> str:
    """«12 bis Rue du Port, 99100 Beauval», from the `addr:` keys, else their `contact:` twins."""

    def part(name: str) -> str:
        return " ".join((tags.get(f"addr:{name}") or tags.get(f"contact:{name}") or "").split())

    street = " ".join(filter(None, (part("housenumber"), part("street") or part("place"))))
    town = " ".join(filter(None, (part("postcode"), part("city"))))
    whole = " ".join(tags.get("addr:full", "").split())
    return ", ".join(filter(None, (street, town))) or whole


def _read(tags: Mapping[str, str], name: str, reader: Reader) -> str:
    for key in (name, f"contact:{name}"):
        if text := tags.get(key, ""):
            try:
                return reader(text)
            except CellError:
                continue
    return ""


def _finess(text: str) -> str:
    for part in text.split(";"):
        try:
            return read_finess(part.strip())
        except CellError:
            continue
    return ""
