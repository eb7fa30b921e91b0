"""Data sources: one folder each, discovered. Files in, checked records and a report out.

The readers of single values are here too, so that forms understand and refuse the same things.
"""

from functools import cache

from reseau.discovery import collect
from reseau.sources._base import KINDS, Preview, ReadOptions, Source, SourceSpec
from reseau.sources._cells import (
    MAX_CAPACITY,
    MAX_CELL,
    MAX_NAME,
    CellError,
    read_email,
    read_finess,
    read_insee,
    read_phone,
    read_postcode,
    read_siret,
    read_time,
    read_uai,
    read_website,
)
from reseau.sources._position import MISSING_ONE, read_position
from reseau.sources._refused import refused_to_table
from reseau.sources._text import has_nir

__all__ = [
    "KINDS",
    "MAX_CAPACITY",
    "MAX_CELL",
    "MAX_NAME",
    "MISSING_ONE",
    "CellError",
    "Preview",
    "ReadOptions",
    "Source",
    "SourceSpec",
    "all_sources",
    "has_nir",
    "read_email",
    "read_finess",
    "read_insee",
    "read_phone",
    "read_position",
    "read_postcode",
    "read_siret",
    "read_time",
    "read_uai",
    "read_website",
    "refused_to_table",
]


@cache
def all_sources() -> dict[str, Source]:
    """Every source, keyed by id, sorted by folder name."""
    return collect("reseau.sources", "SOURCE", Source)  # type: ignore[type-abstract]
