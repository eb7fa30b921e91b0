"""Codes the register writes in its own way: departments, communes, coordinate systems, precision."""

from __future__ import annotations

import re
from functools import lru_cache

from reseau.geo.crs import MAINLAND, WGS84, epsg_for_commune
from reseau.model.communes import restore_insee
from reseau.model.typology import normalise

# The register's overseas departments → first characters of the INSEE code; the commune code follows.
_OVERSEAS = {**dict.fromkeys(("9A", "9B", "9C", "9D", "9E", "9F"), "97"), "9J": "98"}
_KNOWN_EPSG = frozenset({MAINLAND, WGS84, 5490, 2972, 2975, 4471, 4467, 8903, 3297, 3163})
# Fragment of a normalised label → EPSG. Saint-Pierre-et-Miquelon and Wallis come without a code.
_LABELS = {
    "lambert 93": MAINLAND,
    "l93": MAINLAND,
    "metropole": MAINLAND,
    "antilles": 5490,
    "guadeloupe": 5490,
    "martinique": 5490,
    "20n": 5490,
    "n20": 5490,
    "guyane": 2972,
    "22n": 2972,
    "n22": 2972,
    "reunion": 2975,
    "40s": 2975,
    "s40": 2975,
    "mayotte": 4471,
    "38s": 4471,
    "s38": 4471,
    "miquelon": 4467,
    "21n": 4467,
    "n21": 4467,
    "wallis": 8903,
    "1s": 8903,
    "polynesie": 3297,
    "caledonie": 3163,
}
WEAK_SCORE = 75


# A national file says the same few thousand communes a hundred thousand times.
@lru_cache(maxsize=65_536)
def insee_code(department: str, commune: str, *, full: str = "") -> str:
    """INSEE code of a commune (five characters), empty when the parts do not make one.

    `full` is used when the file gives it. The raw layout gives `31` + `555`, `2A` + `004`, and overseas
    `9A` + `101` for 97101; some files write `971` + `01`.
    """
    if code := restore_insee(full):
        return code
    prefix, number = department.strip().upper(), commune.strip()
    if not number.isdecimal():
        return ""
    prefix = _OVERSEAS.get(prefix, prefix)
    if prefix.isdecimal() and len(prefix) == 1:
        prefix = f"0{prefix}"
    return restore_insee(prefix + number.zfill(5 - len(prefix))[-(5 - len(prefix)) :]) or ""


def source_epsg(place: str, insee: str) -> int | None:
    """Coordinate system of a position, from the text beside it (`1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / …`).

    An EPSG code is believed when it is one used in France, then the label, then the department.
    """
    if (found := re.search(r"EPSG\s*:\s*(\d+)", place, re.IGNORECASE)) and int(found[1]) in _KNOWN_EPSG:
        return int(found[1])
    label = f" {normalise(place)} "
    for fragment, epsg in _LABELS.items():
        if f" {fragment} " in label:
            return epsg
    return epsg_for_commune(insee)


def position_precision(place: str) -> str:
    """Precision of a position (key of `POSITION_PRECISIONS`), from the same text.

    Its first item is the level found (1 number, 2 and 3 street or locality, 4 commune), its third the
    geocoder's score out of 100, its fourth the reference used. A weak score is never called a number.
    """
    items = [item.strip() for item in place.split(",")]
    reference = normalise(" ".join(items[1:4]))
    if any(word in reference for word in ("commune", "chef lieu", "admin express", "centroide", "mairie")):
        return "commune"
    level = items[0] if items[0].isdecimal() else ""
    if level and int(level) >= 4:
        return "commune"
    score = items[2] if len(items) > 2 else ""
    weak = score.isdecimal() and int(score) < WEAK_SCORE
    return "rue" if weak or level in {"2", "3"} else "adresse"
