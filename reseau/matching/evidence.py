"""What speaks for and against two sheets being the same place, pair by pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist
from scipy.sparse import csr_array

from reseau.matching.blocks import Candidates
from reseau.matching.prepare import Sheets, codes_of, incidence

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
SAME_PLACE_M = 50.0
SAME_FAMILY = 0.6
# Rapidfuzz holds the pairs it is given: this many at a time keeps memory low.
BATCH = 200_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """One array per clue, in the order of the candidates.

    Attributes:
        name: likeness of the names, 0–1.
        metres: between the two positions, NaN when one is unknown.
        same_address: same house number and street, in one commune.
        other_address: both known, and another number or street.
        same_commune: True or False; False too when one is unknown.
        same: for `finess`, `siret`, `uai`, `phone`, `email`, `website`: both known and equal.
        differ: the same keys: both known and different.
        types: 1 a type in common, 0.6 same family, 0.5 unknown, 0 others.
        other_kinds, other_numbers, other_sides: the names contradict each other.
        other_modes: one goes to people, the other does not.
        extra: how many times one name alone names a service, a number or a public.
    """

    name: Floats
    metres: Floats
    exact: Flags
    same_address: Flags
    other_address: Flags
    same_commune: Flags
    same: dict[str, Flags]
    differ: dict[str, Flags]
    types: Floats
    other_kinds: Flags
    other_numbers: Flags
    other_sides: Flags
    other_modes: Flags
    extra: Floats


def weigh(sheets: Sheets, pairs: Candidates) -> Evidence:
    """Read every clue of every candidate."""
    a, b = pairs.first, pairs.second
    known = {**sheets.identifiers, **sheets.contacts}
    codes = {name: codes_of(values) for name, values in known.items()}
    both = {name: (code[a] >= 0) & (code[b] >= 0) for name, code in codes.items()}
    same = {name: both[name] & (code[a] == code[b]) for name, code in codes.items()}
    commune = codes_of(sheets.commune)
    mobile = np.array([name.mobile for name in sheets.names], dtype=bool)
    same_commune = (commune[a] >= 0) & (commune[a] == commune[b])
    same_address, other_address = _addresses(sheets, pairs, same_commune)
    return Evidence(
        name=_names(sheets, pairs),
        metres=np.hypot(*(sheets.xy[a] - sheets.xy[b]).T),
        exact=sheets.exact[a] & sheets.exact[b],
        same_address=same_address,
        other_address=other_address,
        same_commune=same_commune,
        same=same,
        differ={name: both[name] & ~same[name] for name in codes},
        types=_types(sheets, pairs),
        other_kinds=_contradict(incidence(name.kinds for name in sheets.names), pairs),
        other_numbers=_contradict(incidence(name.numbers for name in sheets.names), pairs),
        other_sides=_other_sides(sheets, pairs),
        other_modes=mobile[a] != mobile[b],
        extra=_extra(sheets, pairs),
    )


def _names(sheets: Sheets, pairs: Candidates) -> Floats:
    """Likeness of the names: of their own words first, the usual ones counting little."""
    whole = [" ".join(sorted(name.words)) for name in sheets.names]
    own = [" ".join(sorted(name.own)) for name in sheets.names]
    has_own = np.array([bool(name.own) for name in sheets.names], dtype=bool)
    kinds = incidence(name.kinds for name in sheets.names)
    a, b = pairs.first, pairs.second
    all_words = _alike(whole, pairs, fuzz.ratio)
    own_words = 0.6 * _alike(own, pairs, fuzz.token_set_ratio) + 0.4 * _alike(own, pairs, fuzz.ratio)
    both, neither = has_own[a] & has_own[b], ~has_own[a] & ~has_own[b]
    same_kind = _shared(kinds, pairs) > 0
    one_sided = np.where(same_kind, 0.62, 0.5 * all_words)
    found = np.where(both, 0.8 * own_words + 0.2 * all_words, one_sided)
    found = np.where(neither, all_words, found)
    return np.maximum(found, 0.9 * _acronyms(sheets, pairs, found))


def _alike(texts: Sequence[str], pairs: Candidates, scorer: Callable[..., float]) -> Floats:
    parts = [np.empty(0, dtype=np.float32)]
    for start in range(0, len(pairs.first), BATCH):
        end = start + BATCH
        first = [texts[rank] for rank in pairs.first[start:end].tolist()]
        second = [texts[rank] for rank in pairs.second[start:end].tolist()]
        parts.append(cpdist(first, second, scorer=scorer, dtype=np.float32))
    return np.concatenate(parts).astype(np.float64) / 100


def _acronyms(sheets: Sheets, pairs: Candidates, likeness: Floats) -> Floats:
    """1 where a word of one name is made of the first letters of the other («UTOA»), at one place."""
    found = np.zeros(len(likeness))
    near = np.hypot(*(sheets.xy[pairs.first] - sheets.xy[pairs.second]).T) <= SAME_PLACE_M
    for rank in np.flatnonzero(near & (likeness < 0.8)).tolist():
        one, other = sheets.names[pairs.first[rank]], sheets.names[pairs.second[rank]]
        found[rank] = _is_acronym(one.own, other.initials) or _is_acronym(other.own, one.initials)
    return found


def _is_acronym(words: Sequence[str], initials: tuple[str, str]) -> bool:
    return any(len(word) >= 4 and any(word in letters for letters in initials) for word in words)


def _shared(values: csr_array, pairs: Candidates) -> NDArray[np.int64]:
    """How many values the two of each pair have in common."""
    parts = [np.empty(0, dtype=np.int64)]
    for start in range(0, len(pairs.first), BATCH):
        end = start + BATCH
        common = values[pairs.first[start:end]].multiply(values[pairs.second[start:end]])
        parts.append(np.asarray(common.sum(axis=1)).ravel().astype(np.int64))
    return np.concatenate(parts)


def _has(values: csr_array) -> Flags:
    found: Flags = np.asarray(values.sum(axis=1)).ravel() > 0
    return found


def _contradict(values: csr_array, pairs: Candidates) -> Flags:
    """Both have some, and none in common."""
    has = _has(values)
    found: Flags = has[pairs.first] & has[pairs.second] & (_shared(values, pairs) == 0)
    return found


def _other_sides(sheets: Sheets, pairs: Candidates) -> Flags:
    """Children and adults, north and south: one kind at a time."""
    found = np.zeros(len(pairs.first), dtype=bool)
    kinds = {side.partition(":")[0] for name in sheets.names for side in name.sides}
    for kind in sorted(kinds):
        of_kind = incidence(
            [side for side in name.sides if side.startswith(f"{kind}:")] for name in sheets.names
        )
        found |= _contradict(of_kind, pairs)
    return found


def _extra(sheets: Sheets, pairs: Candidates) -> Floats:
    """«SAVS du foyer X» is not «Foyer X», nor «FJT Soleil 2» «FJT Soleil»: often, not always."""
    found = np.zeros(len(pairs.first))
    for values in ("kinds", "numbers", "sides"):
        table = incidence(getattr(name, values) for name in sheets.names)
        count = np.asarray(table.sum(axis=1)).ravel()
        shared = _shared(table, pairs)
        one, other = count[pairs.first], count[pairs.second]
        both = (one > 0) & (other > 0)
        # A name without any service says nothing of it; one without a number does.
        told = both if values == "kinds" else (one > 0) | (other > 0)
        found += told & (shared > 0 if values == "kinds" else True) & (np.maximum(one, other) > shared)
    return found


def _types(sheets: Sheets, pairs: Candidates) -> Floats:
    types, families = incidence(sheets.types), incidence(sheets.families)
    has = _has(types)
    known = has[pairs.first] & has[pairs.second]
    alike = np.where(_shared(families, pairs) > 0, SAME_FAMILY, 0.0)
    alike = np.where(_shared(types, pairs) > 0, 1.0, alike)
    return np.where(known, alike, 0.5)


def _addresses(sheets: Sheets, pairs: Candidates, same_commune: Flags) -> tuple[Flags, Flags]:
    """Same address, and another address, both False where one of the two is unknown."""
    a, b = pairs.first, pairs.second
    low = np.array([item.first for item in sheets.addresses], dtype=np.int64)
    high = np.array([item.last for item in sheets.addresses], dtype=np.int64)
    streets = [item.street for item in sheets.addresses]
    has_street = np.array([bool(street) for street in streets], dtype=bool)
    known = has_street[a] & has_street[b] & same_commune
    likeness = np.zeros(len(a))
    subset = Candidates(a[known], b[known])
    likeness[known] = _alike(streets, subset, fuzz.token_set_ratio)
    numbered = (low[a] > 0) & (low[b] > 0)
    overlap = (low[a] <= high[b]) & (low[b] <= high[a])
    same_number = np.where(numbered, overlap, (low[a] == 0) & (low[b] == 0))
    same = known & same_number & (likeness >= 0.85)
    other = known & ((numbered & ~overlap) | (likeness < 0.6))
    return same, other
