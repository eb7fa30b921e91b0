"""French labels of published figures. A figure without a label is shown under its own code."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from reseau.model.typology import TYPOLOGIES_DIR

# Two figures at the end of a code are the year of publication: `DISP_TP6021`, `DISP_MED21`.
_YEAR = re.compile(r"_?(?:20)?\d{2}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A figure that statistics offices publish.

    Attributes:
        code: as files call it, lower case.
        unit: «%», «habitants»…; empty for an index.
        note: what it counts, in a few words.
        deprived: which way it says that people have less, `haut` or `bas`; empty when it does not say that.
        same_as: code of the figure it is another name of, empty for none.
    """

    code: str
    label: str
    unit: str = ""
    note: str = ""
    deprived: str = ""
    same_as: str = ""


@cache
def load_indicators() -> dict[str, Indicator]:
    """Labelled figures by code, in the order they are worth reading (UTF-8, `;`, one a line)."""
    with (TYPOLOGIES_DIR / "indicateurs.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Indicator(
                code=row["code"],
                label=row["libelle"],
                unit=row["unite"],
                note=row["note"],
                deprived=row["defaveur"],
                same_as=row["comme"],
            )
            for row in csv.DictReader(file, delimiter=";")
        }


def indicator(code: str) -> Indicator:
    """The figure of a code, whatever its case and the year at its end; its own code for an unknown one."""
    known = load_indicators()
    key = code.strip().lower()
    for candidate in (key, _YEAR.sub("", key)):
        if candidate in known:
            return known[candidate]
    return Indicator(code=key, label=code)


def worth_reading(codes: object) -> list[str]:
    """Codes that have a label, in the order of the table, then the others by name."""
    order = {code: place for place, code in enumerate(load_indicators())}
    names = [str(code) for code in codes] if isinstance(codes, (list, tuple, set, dict)) else []
    return sorted(names, key=lambda name: (order.get(indicator(name).code, len(order)), name))


def social_indicators() -> dict[str, Indicator]:
    """Figures that say how deprived people are, by code, each once whatever its names."""
    return {code: item for code, item in load_indicators().items() if item.deprived and not item.same_as}


def figure_of(figures: Mapping[str, float], code: str) -> float | None:
    """One figure of a place under any of its names, the latest year where there are several; None: unknown.

    Args:
        figures: value by name, as the files call them.
        code: a code of `load_indicators`.
    """
    found = [name for name in figures if code in {(known := indicator(name)).code, known.same_as}]
    return figures[max(found, key=_year_of)] if found else None


def _year_of(name: str) -> tuple[int, str]:
    digits = (
        re.search(r"(\d+)$", name) if _YEAR.search(name) and name.lower() not in load_indicators() else None
    )
    return int(digits[1][-2:]) if digits else -1, name
