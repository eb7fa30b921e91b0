"""From the register's fields to a structure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from reseau.model.communes import current_code
from reseau.model.records import Structure
from reseau.model.typology import Typology
from reseau.sources._cells import CellError, read_phone
from reseau.sources.finess.codes import position_precision
from reseau.sources.finess.layouts import Entry

OTHER = "autre"
_STREET_KINDS = {
    "ALL": "ALLEE",
    "AV": "AVENUE",
    "BD": "BOULEVARD",
    "BOU": "BOULEVARD",
    "CAR": "CARREFOUR",
    "CHE": "CHEMIN",
    "CRS": "COURS",
    "CTRE": "CENTRE",
    "ESP": "ESPLANADE",
    "FG": "FAUBOURG",
    "HAM": "HAMEAU",
    "IMP": "IMPASSE",
    "LD": "LIEU-DIT",
    "LOT": "LOTISSEMENT",
    "MTE": "MONTEE",
    "PAS": "PASSAGE",
    "PL": "PLACE",
    "PROM": "PROMENADE",
    "QUA": "QUARTIER",
    "QU": "QUAI",
    "R": "RUE",
    "RES": "RESIDENCE",
    "RLE": "RUELLE",
    "RPT": "ROND-POINT",
    "RTE": "ROUTE",
    "SQ": "SQUARE",
    "TRA": "TRAVERSE",
    "VLA": "VILLA",
}
# «12 B rue»: the letter or word that goes with the number, not with the place.
_REPEAT = re.compile(r"[A-Z]|BIS|TER|QUATER", re.IGNORECASE)
_POST_OFFICE_BOX = re.compile(r"^(BP|CS|TSA)\b", re.IGNORECASE)


def structure_of(
    entry: Entry, values: Mapping[str, str], *, position: list[float], typology: Typology
) -> tuple[Structure, frozenset[str]] | None:
    """The structure an entry describes and the fields it gives; None when it has no name.

    Args:
        entry: as found in the file.
        values: its fields, named as in the raw layout.
        position: WGS84 longitude and latitude, NaN when unknown.
        typology: gives the type of a category; a category it does not know is an «autre», described by
            the register's own label.
    """
    name = _clean(values.get("rslongue", "")) or _clean(values.get("rs", ""))
    if not name:
        return None
    type_code = typology.for_finess(entry.category)
    given: dict[str, object] = {
        "uid": f"finess--{entry.number}",
        "name": name,
        "types": (type_code or OTHER,),
        "finess": entry.number,
        "insee": current_code(entry.insee),
        "description": "" if type_code else _clean(values.get("libcategetab", "")),
        "siret": _siret(values.get("siret", "")),
        "phone": _phone(values.get("telephone", "")),
        **_address(values),
    }
    lon, lat = position
    if not math.isnan(lon):
        precision = position_precision(entry.place)
        given |= {"lon": round(lon, 7), "lat": round(lat, 7), "position_precision": precision}
    given = {field: value for field, value in given.items() if value not in ("", None)}
    if "datefermeture" in values:
        given["closed"] = bool(values["datefermeture"].strip())
    return Structure(**given), frozenset(given)  # type: ignore[arg-type]


def _clean(text: str) -> str:
    return " ".join(text.split())


def _siret(text: str) -> str:
    digits = re.sub(r"\s", "", text)
    return digits if re.fullmatch(r"\d{14}", digits) else ""


def _phone(text: str) -> str:
    try:
        return read_phone(text) if text.strip() else ""
    except CellError:
        return ""


def _address(values: Mapping[str, str]) -> dict[str, str]:
    """Address fields from the register's parts: `900`, `RTE`, `DE PARIS`, `01440 VIRIAT`."""
    part = {name: _clean(value) for name, value in values.items()}
    repeat = part.get("compvoie", "")
    is_repeat = bool(part.get("numvoie") and _REPEAT.fullmatch(repeat))
    kind = _STREET_KINDS.get(part.get("typvoie", "").upper(), part.get("typvoie", ""))
    street = part.get("voie", "")
    if street.upper().split(" ")[0] == kind.upper():
        kind = ""
    address = " ".join(filter(None, (part.get("numvoie"), repeat if is_repeat else "", kind, street)))
    extras = [
        part.get("complrs", ""),
        part.get("compldistrib", ""),
        "" if is_repeat else repeat,
        part.get("lieuditbp", ""),
    ]
    if not address:
        # A place name («ZAC MOULIN JOLI») is an address where there is no street; a box or the rest of the
        # establishment's name is not.
        places = (text for text in reversed(extras[1:]) if text and not _POST_OFFICE_BOX.match(text))
        place = next(places, "")
        address, extras = place, [text for text in extras if text != place]
    postcode, _, commune = part.get("ligneacheminement", "").partition(" ")
    if not re.fullmatch(r"\d{5}", postcode):
        postcode, commune = "", ""
    return {
        "address": address,
        "address_extra": ", ".join(filter(None, extras)),
        "postcode": postcode,
        "commune": re.sub(r"\s+CEDEX( \d+)?$", "", commune),
    }
