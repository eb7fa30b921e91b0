"""Whose word counts: priorities of sources, a person above all, fields that only make sense together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from reseau.sources import all_sources
from reseau.store.rows import PERSON

PERSON_PRIORITY = 1_000
# Fields that only make sense together: one corrected by a person protects the others.
GROUPS = (
    frozenset({"lon", "lat", "position_precision"}),
    frozenset({"opening_hours", "hours_text"}),
    frozenset({"capacity", "capacity_unit"}),
)


@cache
def priorities() -> dict[str, int]:
    """Priority of each source, a person's included; what is not there (the geocoder) has none."""
    return {item.id: item.spec.priority for item in all_sources().values()} | {PERSON: PERSON_PRIORITY}


@cache
def with_groups(names: frozenset[str]) -> frozenset[str]:
    """These fields and those that go with them."""
    for group in GROUPS:
        if names & group:
            names |= group
    return names


def group_of(name: str) -> frozenset[str]:
    """The field and those that go with it."""
    return with_groups(frozenset({name}))


def fields_of(sources: Iterable[str], provenance: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Fields (and those that go with them) that come from one of these sources.

    Args:
        provenance: source → fields of one structure that come from it.
    """
    found: frozenset[str] = frozenset()
    for source in sources:
        found |= provenance.get(source, frozenset())
    return with_groups(found)


def better_than(source_id: str) -> frozenset[str]:
    """Those whose word is not overwritten by this source."""
    known = priorities()
    return frozenset(name for name, priority in known.items() if priority > known[source_id])
