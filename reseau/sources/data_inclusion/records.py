"""From a structure of data·inclusion and its services to one structure of the directory."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reseau.geo.crs import epsg_at
from reseau.hours import parse_hours
from reseau.model.communes import current_code
from reseau.model.records import Structure
from reseau.model.typology import Typology
from reseau.sources._cells import MAX_CELL, CellError, read_email, read_phone, read_website
from reseau.sources._gentle import address_precision
from reseau.sources.data_inclusion.checking import Checked
from reseau.sources.data_inclusion.personal import looks_personal

OTHER = "autre"
PUBLICS = {
    "tous-publics": "tous",
    "familles": "familles",
    "femmes": "femmes",
    "jeunes": "jeunes",
    "personnes-en-situation-de-handicap": "handicap",
    "personnes-en-situation-durgence": "precarite",
    "personnes-exilees": "exil",
    "seniors": "seniors",
}
MODES = {"en-presentiel": "sur_place", "a-distance": "visio"}
_TYPES_FILE = Path(__file__).parent / "types.csv"
_MOBILE = re.compile(r"0[67] ")
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Built:
    """A structure, the fields its record gave, and what had to be left out (names of `counts`)."""

    structure: Structure
    fields: frozenset[str]
    left_out: tuple[str, ...]


def structure_of(checked: Checked, services: Sequence[Checked], typology: Typology) -> Built:
    """One structure with what its services say of it.

    `free` is known when all services that speak of money say the same; publics and reception modes are
    those of any service. The FINESS number is not taken from the identifier: whether two records are one
    place is for a person to say.
    """
    record, offered = checked.record, [item.record for item in services]
    left_out: Counter[str] = Counter()
    types = _types(record, offered, typology)
    hours, hours_text = _hours(record, offered)
    given: dict[str, Any] = {
        "uid": f"data-inclusion--{record.id}",
        "name": " ".join(record.nom.split()),
        "types": types or (OTHER,),
        "description": _description(record, offered),
        "address": _line(record.adresse),
        "address_extra": _line(record.complement_adresse),
        "postcode": record.code_postal,
        "commune": _line(record.commune),
        "insee": current_code(record.code_insee or ""),
        "website": _read(record.site_web, read_website),
        "opening_hours": hours,
        "hours_text": hours_text,
        "publics": _codes((service.publics for service in offered), PUBLICS),
        "free": _free(offered),
        "access_conditions": _conditions(record, offered),
        "reception_modes": _codes((service.modes_accueil for service in offered), MODES),
        "siret": record.siret,
        **_contact(record, left_out),
        **_position(record, checked.certified, left_out),
    }
    given = {name: value for name, value in given.items() if value not in ("", None, ())}
    left_out["untyped"] += not types
    return Built(Structure(**given), frozenset(given), tuple(left_out.elements()))


@cache
def _own_types() -> dict[tuple[str, str], str]:
    with _TYPES_FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter=";")
        return {(row["champ"], row["valeur"]): row["type"] for row in rows}


def _types(record: Any, services: Iterable[Any], typology: Typology) -> tuple[str, ...]:
    """Types by the networks that carry the structure, then by who publishes it, then by its services."""
    networks = sorted(network.value for network in record.reseaux_porteurs or ())
    themes = sorted({theme.value for service in services for theme in service.thematiques or ()})
    own = _own_types()
    found = [
        *(typology.for_data_inclusion(network) for network in networks),
        own.get(("source", record.source)),
        *(own.get(("thematique", theme)) for theme in themes),
    ]
    return tuple(dict.fromkeys(code for code in found if code and code in typology))


def _description(record: Any, services: Sequence[Any]) -> str:
    names = list(dict.fromkeys(" ".join(service.nom.split()) for service in services))
    offer = f"Services proposés : {' ; '.join(names)}." if names else ""
    return _cut("\n\n".join(filter(None, (record.description or "", offer))))


def _conditions(record: Any, services: Sequence[Any]) -> str:
    """What must be known before coming, service by service where there are several."""
    lines = [_of_service(service, alone=len(services) == 1) for service in services]
    paying = [service for service in services if service.frais and service.frais.value == "payant"]
    if paying and _free(services) is None:
        lines.append("Certains services sont payants.")
    others = sorted(
        {item.label for service in services for item in service.publics or () if item.value not in PUBLICS}
    )
    if others:
        lines.append(f"Publics : {', '.join(others)}.")
    if record.accessibilite_lieu:
        lines.append(f"Accessibilité du lieu : {record.accessibilite_lieu}")
    return _cut("\n".join(dict.fromkeys(filter(None, lines))))


def _of_service(service: Any, *, alone: bool) -> str:
    said = " ".join(filter(None, (_line(service.conditions_acces), _line(service.frais_precisions))))
    return said if alone or not said else f"{_line(service.nom)} : {said}"


def _codes(values: Iterable[Iterable[Any] | None], known: dict[str, str]) -> tuple[str, ...]:
    found = {item.value for items in values for item in items or ()}
    return tuple(code for value, code in known.items() if value in found)


def _free(services: Iterable[Any]) -> bool | None:
    said = {service.frais.value for service in services if service.frais}
    return said == {"gratuit"} if len(said) == 1 else None


def _hours(record: Any, services: Iterable[Any]) -> tuple[str, str]:
    """Hours of the place, else those all its services share: (OSM syntax, text that could not be read)."""
    shared = {service.horaires_accueil for service in services} - {None}
    text = record.horaires_accueil or (next(iter(shared)) if len(shared) == 1 else "")
    parsed = parse_hours(_cut(text)) if text else None
    return (parsed.osm, parsed.text) if parsed else ("", "")


def _contact(record: Any, left_out: Counter[str]) -> dict[str, str]:
    """Phone and e-mail of the place. An e-mail that looks like a person's stays out, her mobile phone too."""
    phone = _read(record.telephone, read_phone)
    email = _read(record.courriel, read_email)
    left_out["phones_unread"] += bool(record.telephone and not phone)
    if email and looks_personal(email, (record.nom, record.commune or "", record.source)):
        left_out["emails_personal"] += 1
        return {"email": "", "phone": "" if _MOBILE.match(phone) else phone}
    return {"email": email, "phone": phone}


def _position(record: Any, certified: bool, left_out: Counter[str]) -> dict[str, Any]:
    """Position and its precision: certified by the national address base, or as the producer gave it."""
    lon, lat = record.longitude, record.latitude
    if lon is None or lat is None:
        return {}
    if not (math.isfinite(lon) and math.isfinite(lat)) or epsg_at(lon, lat) is None:
        left_out["positions_abroad"] += 1
        return {}
    address = record.adresse or ""
    told = address_precision(address) if certified else "rue"
    precision = told if address.strip() else "commune"
    return {"lon": round(lon, 7), "lat": round(lat, 7), "position_precision": precision}


def _read(value: Any, reader: Callable[[str], str]) -> str:
    try:
        return reader(str(value).strip()) if value else ""
    except CellError:
        return ""


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _cut(text: str) -> str:
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - len(_CUT)] + _CUT
