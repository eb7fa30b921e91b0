"""From a row of the list to the fields of a structure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reseau.hours import ParsedHours, changes_hours, from_day_columns
from reseau.model.communes import current_code
from reseau.sources._cells import MAX_NAME
from reseau.sources._gentle import gentle, placed, plain, street_only, travelling, without_cedex
from reseau.sources._row import Remarks

TYPE = "france-services"
DAYS = ("h_lundi", "h_mardi", "h_mercredi", "h_jeudi", "h_vendredi", "h_samedi", "h_dimanche")
KNOWN = frozenset(DAYS) | {
    "id_fs", "insee_dep", "lib_fs", "adresse", "complement_adresse", "insee_com", "code_postal", "lib_com",
    "latitude", "longitude", "mail", "telephone", "prise_rdv", "commentaire", "type_fs", "format_fs",
    "groupe_fs", "labellisation_fs",
}  # fmt: skip
_TRAVELLING = frozenset({"bus_équivalent", "bus", "itinérante", "itinérant", "mobile"})
# «Itinérante» in a name is not enough: such a team may hold set hours in a town hall, which is a place.
_BUS = re.compile(r"\bbus\b", re.IGNORECASE)
_SEVERAL_SITES = frozenset({"multisites", "multi-sites"})


def is_travelling(cells: Mapping[str, str]) -> bool:
    """Whether a place travels: its address is that of who runs it, not somewhere to go."""
    written = cells.get("format_fs", "").strip().lower()
    return written in _TRAVELLING or (written != "fixe" and bool(_BUS.search(cells.get("lib_fs", ""))))


def structure_of(cells: Mapping[str, str], *, insee: str, line: int, remarks: Remarks) -> dict[str, object]:
    """Fields of the structure of a row; an unreadable contact or position is left out with a remark."""
    commune, is_cedex = without_cedex(plain(cells.get("lib_com", "")))
    address = street_only(plain(cells.get("adresse", "")))
    hours = _hours(cells)
    given: dict[str, object] = {
        "uid": f"{TYPE}--{cells['id_fs'][:150]}",
        "name": plain(cells["lib_fs"])[:MAX_NAME],
        "types": (TYPE,),
        "description": _description(cells),
        "address_extra": plain(cells.get("complement_adresse", "")),
        "postcode": "" if is_cedex else _gentle(cells, "code_postal", "code postal", line, remarks),
        "commune": commune,
        "insee": current_code(insee),
        "phone": _gentle(cells, "telephone", "téléphone", line, remarks),
        "email": _gentle(cells, "mail", "courriel", line, remarks),
        "opening_hours": hours.osm,
        "hours_text": hours.text,
        "access_conditions": _conditions(cells),
    }
    given = {name: value for name, value in given.items() if value not in ("", None)}
    if hours.osm or hours.text:
        # One replaces the other: what was kept as text must go once it is understood.
        given |= {"opening_hours": hours.osm, "hours_text": hours.text}
    if is_travelling(cells):
        return given | travelling(given, address)
    if address:
        given["address"] = address
    lat, lon = cells.get("latitude", ""), cells.get("longitude", "")
    return given | placed(lat, lon, address=address, insee=insee, line=line, remarks=remarks)


def _gentle(cells: Mapping[str, str], column: str, what: str, line: int, remarks: Remarks) -> str:
    return gentle(cells.get(column, ""), what, line=line, remarks=remarks)


def _hours(cells: Mapping[str, str]) -> ParsedHours:
    days = {number: plain(cells.get(name, "")) for number, name in enumerate(DAYS)}
    return from_day_columns(days, empty_is_closed=True, remark=plain(cells.get("commentaire", "")))


def _conditions(cells: Mapping[str, str]) -> str:
    """The comment, unless it is about hours and kept with them; what it is worth is not interpreted."""
    comment = plain(cells.get("commentaire", ""))
    booking = cells.get("prise_rdv", "").strip().lower() == "oui"
    said = [comment] if comment.strip(". ") and not changes_hours(comment) else []
    if booking and "rendez-vous" not in comment.lower():
        said.append("Prise de rendez-vous possible")
    return ". ".join(said)


def _description(cells: Mapping[str, str]) -> str:
    """What kind of place it is, in the words of the list."""
    parts = []
    if cells.get("type_fs", "").strip().lower() == "antenne":
        group = plain(cells.get("groupe_fs", ""))
        parts.append(f"Antenne France services{f' ({group})' if group else ''}.")
    if cells.get("format_fs", "").strip().lower() in _SEVERAL_SITES:
        parts.append("Plusieurs sites : vérifier lequel est ouvert, et quand.")
    if label := plain(cells.get("labellisation_fs", "")):
        parts.append(f"{label}.")
    return " ".join(parts)
