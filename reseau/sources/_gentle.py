"""Public files nobody here can correct: a cell that says nothing usable is left out, and counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from reseau.hours import describe_fr
from reseau.sources._cells import CellError, read_email, read_phone, read_postcode, read_siret, read_website
from reseau.sources._position import recognise_position
from reseau.sources._row import Remarks
from reseau.sources._text import clean_cell, mask_nir

T = TypeVar("T")
READERS: dict[str, Callable[[str], str]] = {
    "téléphone": read_phone,
    "courriel": read_email,
    "site internet": read_website,
    "code postal": read_postcode,
    "siret": read_siret,
}
# Postal routing is no place to go to.
_POSTAL_BOX = re.compile(r"(?:^|[\s,–-]+)\b(?:BP|B\.P\.|CS|TSA)\s*(?:n°\s*)?\d[\d \-]*\b", re.IGNORECASE)
_CEDEX = re.compile(r"\s+CEDEX(?:\s+\d+)?\s*$", re.IGNORECASE)
_NUMBERED = re.compile(r"\d")


def gentle(text: str, what: str, *, line: int, remarks: Remarks) -> str:
    """Value of a cell by the reader of `what` (key of `READERS`), empty with a remark when unreadable."""
    bare = clean_cell(text)
    if not bare:
        return ""
    try:
        return READERS[what](bare)
    except CellError:
        remarks.add(f"« {what} » illisible, laissé vide", line)
        return ""


def first_readable(texts: Sequence[str], what: str, *, line: int, remarks: Remarks) -> str:
    """First of several cells that can be read; the remark is made only when none can."""
    quiet = Remarks()
    for text in texts:
        if found := gentle(text, what, line=line, remarks=quiet):
            return found
    return gentle(next(filter(None, texts), ""), what, line=line, remarks=remarks)


def plain(text: str) -> str:
    """One line of clean text, without any social-security number."""
    return mask_nir(" ".join(clean_cell(_unescaped(text)).split()))


def _unescaped(text: str) -> str:
    """Undo `backslash x E9` written for a character, and the Windows apostrophe left as a control one."""
    if "\\x" in text:
        text = re.sub(r"\\x([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), text)
    return re.sub("[\x80-\x9f]", lambda found: found[0].encode("latin-1").decode("cp1252", "ignore"), text)


def street_only(address: str) -> str:
    """An address without its post-office box."""
    return _POSTAL_BOX.sub("", address).strip(" ,-–")


def without_cedex(commune: str) -> tuple[str, bool]:
    """Name of a commune without its postal routing, and whether there was one: its postcode is no place."""
    bare, found = _CEDEX.subn("", commune)
    return bare.strip(), bool(found)


def address_precision(address: str) -> str:
    """Precision of a position the source does not qualify: at the number where the address has one."""
    return "adresse" if _NUMBERED.match(address.strip()) else "rue"


def placed(lat: str, lon: str, *, address: str, insee: str, line: int, remarks: Remarks) -> dict[str, object]:
    """Position fields of a structure, none (with a remark) where it cannot be used."""
    if not (lat and lon):
        return {}
    try:
        found = recognise_position(lat, lon, insee=insee)
    except CellError:
        remarks.add("Position inutilisable, laissée vide : à placer par l'adresse", line)
        return {}
    if found.remark:
        remarks.add(found.remark, line)
    return {"lon": found.lon, "lat": found.lat, "position_precision": address_precision(address)}


def travelling(given: Mapping[str, object], address: str) -> dict[str, object]:
    """Fields of a service that travels: what an earlier file said of a fixed place must go.

    Args:
        given: fields read so far.
        address: of who runs it: it is told, it is nowhere to go.
    """
    base = ", ".join(filter(None, [address, str(given.get("postcode", "")), str(given.get("commune", ""))]))
    sentence = f"Service itinérant{f', rattaché au {base}' if address else ''}."
    known = describe_fr(str(given.get("opening_hours", "")))
    hours = " ; ".join(filter(None, [known, str(given.get("hours_text", ""))]))
    return {
        "description": f"{sentence} {given.get('description', '')}".strip(),
        "reception_modes": ("mobile",),
        "address": "",
        "lon": None,
        "lat": None,
        "position_precision": "",
        # Where it is at these hours is not known: they are no opening of a place.
        **({"opening_hours": "", "hours_text": f"Tournée : {hours}"} if hours else {}),
    }
