"""Data sources: one folder each, discovered. Files in, checked records and a report out."""

from reseau.discovery import collect
from reseau.sources._base import Preview, ReadOptions, Source, SourceSpec
from reseau.sources._refused import refused_to_table

__all__ = ["Preview", "ReadOptions", "Source", "SourceSpec", "all_sources", "refused_to_table"]


def all_sources() -> dict[str, Source]:
    """Every source, keyed by id, sorted by folder name."""
    return collect("reseau.sources", "SOURCE", Source)  # type: ignore[type-abstract]
