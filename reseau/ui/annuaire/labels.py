"""Values of fields in words, beside the names of fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from reseau.hours import describe_fr
from reseau.model.typology import Typology
from reseau.model.vocabulary import (
    DIRECTIONS,
    INTENSITIES,
    JOURNAL_KINDS,
    LANGUAGES,
    POSITION_PRECISIONS,
    PUBLICS,
    RECEPTION_MODES,
    RELATION_PURPOSES,
    RELATION_STATUS_LABELS,
    THEMES,
)
from reseau.services.field_labels import FIELD_LABELS
from reseau.ui import wording

__all__ = ["FIELD_LABELS", "VOCABULARIES", "type_words", "value_words"]

VOCABULARIES: dict[str, Mapping[Any, str]] = {
    "position_precision": POSITION_PRECISIONS, "publics": PUBLICS, "languages": LANGUAGES,
    "reception_modes": RECEPTION_MODES, "purpose": RELATION_PURPOSES, "direction": DIRECTIONS,
    "intensity": INTENSITIES, "kind": JOURNAL_KINDS, "status": RELATION_STATUS_LABELS,
    "theme": THEMES,
}  # fmt: skip


def value_words(name: str, value: Any, typology: Typology) -> str:
    """A stored value as plain French text; empty when there is none."""
    if value is None or value == "" or value in ((), []):
        return ""
    if isinstance(value, bool):
        return wording.yes_no(value)
    if isinstance(value, date):
        return wording.short_day(value)
    if name == "opening_hours":
        return describe_fr(value) or str(value)
    if name in {"types", "type_code"}:
        codes = [value] if isinstance(value, str) else value
        return ", ".join(typology[code].full_label if code in typology else code for code in codes)
    if name in {"lon", "lat"}:
        return wording.number(float(value), 5)
    words = VOCABULARIES.get(name, {})
    return ", ".join(
        str(words.get(item, item)) for item in (value if isinstance(value, list | tuple) else [value])
    )


def type_words(types: tuple[str, ...], typology: Typology, *, full: bool = False) -> str:
    """Types in a few words, main one first: «CMP, CSAPA»."""
    return ", ".join(
        (typology[code].full_label if full else typology[code].short_label) if code in typology else code
        for code in types
    )
