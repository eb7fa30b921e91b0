"""From a record of the directory to the fields of a structure. People are never looked at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from reseau.hours import DayRange, ParsedHours, from_ranges
from reseau.model.communes import current_code, restore_insee
from reseau.model.typology import Typology
from reseau.sources._cells import MAX_NAME
from reseau.sources._gentle import (
    first_readable,
    gentle,
    placed,
    plain,
    street_only,
    travelling,
    without_cedex,
)
from reseau.sources._row import Remarks
from reseau.sources.service_public.layouts import Record, listed

PREFIX = "service-public--"
PHYSICAL = "adresse"
# «Mairie - Bus» is a village: the bus must say what it is.
_TRAVELLING = re.compile(r"itin[ée]rante?|\bbus (?:de )?france|mairie mobile", re.IGNORECASE)
_ACCESSIBLE = {"ACC": True, "NAC": False}


def kinds_of(record: Record) -> tuple[str, ...]:
    """Kinds of local service (`type_service_local`)."""
    found = (item.get("type_service_local") for item in listed(record, "pivot") if isinstance(item, dict))
    return tuple(dict.fromkeys(kind.strip() for kind in found if isinstance(kind, str) and kind.strip()))


def types_of(record: Record, typology: Typology) -> tuple[str, ...]:
    """Types of the typology, none when it knows none of the kinds."""
    codes = (typology.for_service_public(kind) for kind in kinds_of(record))
    return tuple(dict.fromkeys(code for code in codes if code))


def insee_of(record: Record) -> str:
    """Commune where it is: its own code, else the only one it is the desk of; empty when unknown."""
    if code := restore_insee(_text(record.get("code_insee_commune"))):
        return code
    pivots = [item for item in listed(record, "pivot") if isinstance(item, dict)]
    codes = {str(code) for item in pivots for code in listed(item, "code_insee_commune")}
    return restore_insee(codes.pop()) or "" if len(codes) == 1 else ""


def address_of(record: Record) -> dict[str, Any]:
    """The address where people go, empty when there is only the postal one."""
    found = [item for item in listed(record, "adresse") if isinstance(item, dict)]
    return next((item for item in found if _text(item.get("type_adresse")).lower() in ("", PHYSICAL)), {})


def coordinates_of(record: Record) -> tuple[str, str]:
    """Latitude and longitude as written."""
    address = address_of(record)
    return _text(address.get("latitude")), _text(address.get("longitude"))


def modified_on(record: Record) -> date | None:
    """Day of the last change, None when not readable."""
    found = re.match(
        r"(\d{2})/(\d{2})/(\d{4})|(\d{4})-(\d{2})-(\d{2})", _text(record.get("date_modification"))
    )
    if not found:
        return None
    day, month, year = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def row_of(record: Record) -> dict[str, str]:
    """What is kept of a record as read: never the people it names."""
    address = address_of(record)
    row = {
        "id": _text(record.get("id")),
        "nom": _text(record.get("nom")),
        "type": " ".join(kinds_of(record)),
        "adresse": _text(address.get("numero_voie")),
        "code postal": _text(address.get("code_postal")),
        "commune": _text(address.get("nom_commune")),
        "code insee": _text(record.get("code_insee_commune")),
        "téléphone": " / ".join(_values(record, "telephone")),
        "courriel": " / ".join(_values(record, "adresse_courriel")),
        "site internet": " / ".join(_values(record, "site_internet")),
    }
    return {name: plain(text)[:1000] for name, text in row.items() if text}


def structure_of(record: Record, *, types: tuple[str, ...], line: int, remarks: Remarks) -> dict[str, object]:
    """Fields of the structure a record describes; `id` and `nom` are there."""
    insee = insee_of(record)
    place = address_of(record)
    commune, is_cedex = without_cedex(plain(_text(place.get("nom_commune"))))
    address = street_only(plain(_text(place.get("numero_voie"))))
    extras = (street_only(plain(_text(place.get(name)))) for name in ("complement1", "complement2"))
    hours = _hours(record)
    given: dict[str, object] = {
        "uid": f"{PREFIX}{_text(record.get('id'))[:150]}",
        "name": plain(_text(record.get("nom")))[:MAX_NAME],
        "types": types,
        "address_extra": ", ".join(filter(None, extras)),
        "postcode": ""
        if is_cedex
        else gentle(_text(place.get("code_postal")), "code postal", line=line, remarks=remarks),
        "commune": commune,
        "insee": current_code(insee),
        "phone": first_readable(_values(record, "telephone"), "téléphone", line=line, remarks=remarks),
        "email": first_readable(_values(record, "adresse_courriel"), "courriel", line=line, remarks=remarks),
        "website": first_readable(
            _values(record, "site_internet"), "site internet", line=line, remarks=remarks
        ),
        "siret": gentle(_text(record.get("siret")), "siret", line=line, remarks=remarks),
        "accessible": _ACCESSIBLE.get(_text(place.get("accessibilite")).upper()),
        "access_conditions": _conditions(place),
    }
    given = {name: value for name, value in given.items() if value not in ("", None)}
    if hours.osm or hours.text:
        given |= {"opening_hours": hours.osm, "hours_text": hours.text}
    if _TRAVELLING.search(f"{given['name']} {given.get('address_extra', '')}"):
        return given | travelling(given, address)
    if address:
        given["address"] = address
    lat, lon = coordinates_of(record)
    return given | placed(lat, lon, address=address, insee=insee, line=line, remarks=remarks)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ("" if value is None else str(value))


def _values(record: Record, key: str) -> Sequence[str]:
    """Texts of a list of values, each bare or under `valeur`; what describes them is left aside."""
    found = (item.get("valeur") if isinstance(item, dict) else item for item in listed(record, key))
    return [text for text in map(_text, found) if text]


def _conditions(place: dict[str, Any]) -> str:
    note = plain(_text(place.get("note_accessibilite")))
    parts = (
        ["Accessible en fauteuil sur demande"] if _text(place.get("accessibilite")).upper() == "DEM" else []
    )
    return ". ".join([*parts, *([f"Accessibilité : {note}"] if note else [])])


def _hours(record: Record) -> ParsedHours:
    ranges = [_range(item) for item in listed(record, "plage_ouverture") if isinstance(item, dict)]
    return from_ranges(ranges, remark=plain(_text(record.get("commentaire_plage_ouverture"))))


def _range(item: dict[str, Any]) -> DayRange:
    return DayRange(
        first=_text(item.get("nom_jour_debut")),
        last=_text(item.get("nom_jour_fin")),
        slots=tuple(
            (_text(item.get(f"valeur_heure_debut_{rank}")), _text(item.get(f"valeur_heure_fin_{rank}")))
            for rank in (1, 2)
        ),
        comment=plain(_text(item.get("commentaire"))),
    )
