"""The needs of residents, in their words, and the national numbers: data files read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from reseau.model.screens import Screen
from reseau.screens.content import NumberPart

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One need.

    Attributes:
        key: its words are `besoins.<key>` in the texts of each language.
        pictogram: name of its drawing.
        types: codes of the types that answer it.
        subject: key of `reseau.model.screens.SUBJECTS`, empty for a need that is not sensitive.
        numbers: keys of the national numbers worth knowing.
    """

    key: str
    pictogram: str
    types: tuple[str, ...]
    subject: str
    numbers: tuple[str, ...]


@cache
def load_needs() -> Mapping[str, Need]:
    """Every need by key, in the order of the file."""
    return MappingProxyType(
        {
            key: Need(
                key=key,
                pictogram=item["pictogramme"],
                types=tuple(item["types"]),
                subject=item.get("sujet", ""),
                numbers=tuple(item.get("numeros", ())),
            )
            for key, item in _read("besoins.toml").items()
        }
    )


def asked_needs(screen: Screen) -> list[Need]:
    """Needs of a screen, in its order; a key that is not known is passed over."""
    needs = load_needs()
    return [needs[key] for key in dict.fromkeys(screen.needs or needs) if key in needs]


@cache
def load_numbers() -> Mapping[str, NumberPart]:
    """National numbers by key, in the order of the file; to be copied before they are changed."""
    return MappingProxyType(
        {
            key: NumberPart(dial=item["compose"], always=item["toujours"], free=item["gratuit"])
            for key, item in _read("numeros.toml").items()
        }
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
