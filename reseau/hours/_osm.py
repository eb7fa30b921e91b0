"""The one gate to the OSM opening-hours evaluator."""

from __future__ import annotations

import re
from functools import lru_cache

from opening_hours import OpeningHours, validate

# Longer than any real schedule; an expression nobody can read is kept as text.
MAX_LENGTH = 500
_COMMENT = re.compile(r'"[^"]*"')
_HAS_TIME = re.compile(r"\d{1,2}:\d{2}|24/7")
# Sun events depend on a place and a day: «open until sunset» would be a guess here.
_SUN = re.compile(r"sunrise|sunset|dawn|dusk", re.IGNORECASE)


@lru_cache(maxsize=4096)
def compiled(osm: str) -> OpeningHours | None:
    """Evaluator of an expression, or None where it says nothing certain.

    None for: empty text, invalid syntax, no clock time at all (`"Fr"`, `"Mar"`, `"unknown"`, a mere
    comment), times given by the sun, more than 500 characters.
    """
    if not 0 < len(osm) <= MAX_LENGTH:
        return None
    bare = _COMMENT.sub("", osm)
    if not _HAS_TIME.search(bare) or _SUN.search(bare):
        return None
    if not validate(osm):
        return None
    # A bound of one year keeps far-fetched expressions («week 53») from scanning centuries.
    return OpeningHours(osm, country="FR", max_interval_days=366)


def canonical(osm: str) -> str:
    """Expression with sorted, merged rules, for comparing two readings; empty when it says nothing."""
    hours = compiled(osm)
    return "" if hours is None else str(hours.normalize())
