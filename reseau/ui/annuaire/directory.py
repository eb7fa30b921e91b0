"""What the table and the lists of structures are made of, computed once per view."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reseau.gaps.measures.soiree import EVENING_HOUR
from reseau.hours import opens_between
from reseau.model.typology import PartnerType, normalise
from reseau.model.vocabulary import LANGUAGES, POSITION_PRECISIONS, RelationStatus
from reseau.ui import wording
from reseau.ui.annuaire.labels import type_words
from reseau.ui.annuaire.openness import opening_word

if TYPE_CHECKING:
    from reseau.services.view import View

CLOSED = "fermée"
TO_PLACE = "à placer"
FLAGS = {
    "ouvert": "Ouvert maintenant",
    "soir": "Ce soir",
    "samedi": "Samedi",
    "gratuit": "Gratuit",
    "sans_rdv": "Sans rendez-vous",
    "accessible": "Accessible",
    "a_placer": "À placer",
    "sans_relation": "Sans relation",
}

HOURS = "horaires"
ASKED = {
    "ouvert": ("opening_hours", HOURS),
    "soir": ("opening_hours", HOURS),
    "samedi": ("opening_hours", HOURS),
    "gratuit": ("free", "gratuité"),
    "sans_rdv": ("no_appointment", "besoin d'un rendez-vous"),
    "accessible": ("accessible", "accessibilité"),
}
"""Filter → column it looks at, and how that is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person looks for; empty means anything.

    Attributes:
        text: words that must all be found, accents and case aside.
        near: with `quartier_id`, take what lies within 500 m of it too.
        flags: keys of `FLAGS`.
        publics: one of them, or places open to everybody.
    """

    text: str = ""
    families: tuple[str, ...] = ()
    type_code: str | None = None
    quartier_id: int | None = None
    near: bool = True
    flags: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()


@dataclass(slots=True)
class Directory:
    """One view's structures by name.

    Attributes:
        shown: columns of the table, index = structure id, sorted by name.
        haystack: everything one may search in, folded, same index.
        labels: how each structure is named in lists to choose from.
        linked: structures with at least one relation that is not ended.
    """

    shown: pd.DataFrame
    haystack: pd.Series
    labels: dict[int, str]
    linked: frozenset[int]
    _open: tuple[datetime, pd.Series] | None = field(default=None)

    def opened(self, view: View, at: datetime) -> pd.Series:
        """«oui», «non», «?» or «fermée» for each structure, index as `shown`."""
        if self._open is None or self._open[0] != at:
            self._open = at, _opened(view.structures.loc[self.shown.index], at)
        return self._open[1]

    def holding(self, text: str) -> frozenset[int]:
        """Structures that hold every word, accents and case aside."""
        keep = pd.Series(True, index=self.haystack.index)
        for word in normalise(text).split():
            keep &= self.haystack.str.contains(word, regex=False)
        return frozenset(keep.index[keep])


def directory(view: View) -> Directory:
    """The directory of a view, remembered with it."""
    known: Directory = view.memo("annuaire_directory", lambda: _build(view))
    return known


def matching(view: View, wanted: Wanted, at: datetime) -> np.ndarray:
    """Ids of the structures wanted, sorted by name."""
    found = directory(view)
    rows = view.structures.loc[found.shown.index]
    keep = pd.Series(rows.index.isin(list(found.holding(wanted.text))), index=rows.index)
    if wanted.families:
        families = {item.code: item.family for item in view.typology}
        keep &= _meets(
            rows["types"].map(lambda codes: [families.get(code) for code in codes]), wanted.families
        )
    if wanted.type_code:
        keep &= _meets(rows["types"], (wanted.type_code,))
    if wanted.quartier_id is not None:
        located = view.located
        here = located[(located["quartier_id"] == wanted.quartier_id) & (located["inside"] | wanted.near)]
        keep &= rows.index.isin(here["structure_id"])
    if wanted.languages:
        keep &= _meets(rows["languages"], wanted.languages)
    if wanted.publics:
        keep &= _meets(rows["publics"], (*wanted.publics, "tous"))
    for flag in wanted.flags:
        keep &= _flagged(view, found, rows, flag, at)
    return np.asarray(rows.index[keep])


def not_known(view: View, flags: Collection[str]) -> dict[str, int]:
    """What the filters ask and that is not known → open structures left out for that alone."""
    rows = view.structures[~view.structures["closed"]]
    counts: dict[str, int] = {}
    for flag, (column, words) in ASKED.items():
        if flag in flags:
            cells = rows[column]
            counts[words] = int((cells == "").sum() if words == HOURS else cells.isna().sum())
    return {words: count for words, count in counts.items() if count}


def similar_names(view: View, name: str, *, commune: str = "", limit: int = 3) -> list[int]:
    """Structures of the same commune (of any, when it is not given) that have nearly this name."""
    from difflib import SequenceMatcher

    wanted, place = normalise(name), normalise(commune)
    if not wanted:
        return []
    found: list[tuple[float, int]] = []
    matcher = SequenceMatcher(b=wanted, autojunk=False)
    for row_id, raw, known_place in zip(
        view.structures.index, view.structures["name"], view.structures["commune"], strict=True
    ):
        known = normalise(raw)
        if place and known_place and normalise(known_place) != place:
            continue
        matcher.set_seq1(known)
        likely = matcher.real_quick_ratio() > 0.8 and matcher.quick_ratio() > 0.8
        ratio = matcher.ratio() if likely else 0.0
        if ratio > 0.8 or set(known.split()) == set(wanted.split()):
            found.append((max(ratio, 0.81), int(row_id)))
    return [row_id for _, row_id in sorted(found, reverse=True)[:limit]]


def _meets(cells: pd.Series, wanted: tuple[str, ...]) -> pd.Series:
    known = frozenset(wanted)
    return cells.map(lambda cell: not known.isdisjoint(cell)).astype(bool)


def _flagged(view: View, found: Directory, rows: pd.DataFrame, flag: str, at: datetime) -> pd.Series:
    if flag == "ouvert":
        return found.opened(view, at) == "oui"
    if flag in {"soir", "samedi"}:
        start, end = evening(at) if flag == "soir" else saturday(at)
        words = {osm: opens_between(osm, start, end) is True for osm in rows["opening_hours"].unique()}
        return rows["opening_hours"].map(words).astype(bool) & ~rows["closed"]
    if flag == "a_placer":
        return ~rows["placed"] & ~rows["closed"]
    if flag == "sans_relation":
        return pd.Series(~rows.index.isin(list(found.linked)), index=rows.index)
    column = {"gratuit": "free", "sans_rdv": "no_appointment", "accessible": "accessible"}[flag]
    return rows[column].map(lambda value: value is True).astype(bool)


def evening(at: datetime) -> tuple[datetime, datetime]:
    """What is left of today's evening, from 18 h."""
    midnight = datetime.combine(at.date(), time()) + timedelta(days=1)
    return max(at, midnight - timedelta(hours=24 - EVENING_HOUR)), midnight


def saturday(at: datetime) -> tuple[datetime, datetime]:
    """The next Saturday, or what is left of this one."""
    day = at.date() + timedelta(days=(5 - at.weekday()) % 7)
    start = datetime.combine(day, time())
    return max(at, start), start + timedelta(days=1)


def _opened(rows: pd.DataFrame, at: datetime) -> pd.Series:
    words = {osm: opening_word(osm, at) for osm in rows["opening_hours"].unique()}
    return rows["opening_hours"].map(words).mask(rows["closed"], CLOSED)


def _build(view: View) -> Directory:
    rows = view.structures
    order = rows["name"].map(normalise).sort_values(kind="stable").index
    rows = rows.loc[order]
    kinds = {item.code: item for item in view.typology}
    shown = pd.DataFrame(
        {
            "Nom": rows["name"],
            "Types": rows["types"].map(lambda codes: type_words(codes, view.typology)),
            "Commune": rows["commune"],
            "Position": [
                _position_words(precision, placed=placed)
                for precision, placed in zip(rows["position_precision"], rows["placed"], strict=True)
            ],
            "Mise à jour": pd.to_datetime(rows["updated_on"]),
        },
        index=order,
    )
    type_texts = {
        codes: normalise(" ".join(_type_text(kinds[code]) for code in codes if code in kinds))
        for codes in rows["types"].unique()
    }
    haystack = [
        f"{normalise(f'{name} {commune} {address} {extra} {postcode}')} {type_texts[codes]} "
        f"{normalise(' '.join(LANGUAGES.get(code, code) for code in languages))}"
        for name, commune, address, extra, postcode, codes, languages in zip(
            rows["name"], rows["commune"], rows["address"], rows["address_extra"], rows["postcode"],
            rows["types"], rows["languages"], strict=True,
        )
    ]  # fmt: skip
    labels = {
        int(row_id): f"{name} ({commune})" if commune else str(name)
        for row_id, name, commune in zip(order, rows["name"], rows["commune"], strict=True)
    }
    alive = view.relations[view.relations["status"] != RelationStatus.TERMINE]
    return Directory(
        shown=shown,
        haystack=pd.Series(haystack, index=order, dtype=object),
        labels=wording.unique_labels(labels),
        linked=frozenset({*alive["from_id"], *alive["to_id"]}),
    )


def _type_text(kind: PartnerType) -> str:
    return " ".join((kind.acronym, kind.label, *kind.aliases))


def _position_words(precision: str, *, placed: bool) -> str:
    if placed:
        return POSITION_PRECISIONS[precision]
    return f"{TO_PLACE} (commune)" if precision == "commune" else TO_PLACE
