"""The JSON publication of the register (FINESS+, «FINESS – Structures»), read into the same light entries.

Schema: `flux/out/data.gouv/structure/schema/schema-structures-v1.json` of github.com/ansforge/finess
(Agence du numérique en santé). The file names legal entities (`pmej`), each with its establishments
(`ege`), closed ones included. Categories are those of the older extractions, without their labels.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, BinaryIO

from reseau.errors import RefusedInput
from reseau.model.communes import restore_insee
from reseau.sources._json_stream import Truncated, members
from reseau.sources.finess.layouts import FINESS_NUMBER, PEOPLES_HOMES, Entry, Extract, number_of

# Code «adresse géographique du lieu d'exercice» (TRE_R377): others are where mail or visitors go.
_PLACE_OF_WORK = "03"
_FIELDS = (
    "nofinesset", "rs", "rslongue", "complrs", "compldistrib", "numvoie", "typvoie", "voie", "compvoie",
    "lieuditbp", "ligneacheminement", "telephone", "categetab", "siret",
)  # fmt: skip
# What the schema names: anything else is told, so that a change of the publication is seen.
_KNOWN = frozenset({
    "informationsGeneralesEGE", "categorieentiteGeographiqueExercice", "modefixationtarifaire", "typeBudget",
    "adresse", "contact", "engagement", "evenement", "roleEge", "etatObjet", "dateDerniereMaj",
    "egeId", "complementDenominationEg", "dateFermeture", "dateOuverture", "datePremiereAutorisation",
    "nomEgeCourt", "nomEgeLong", "numeroEducationNationale", "numeroReferenceExterne", "numFinessEge",
    "espic", "siret",
})  # fmt: skip
# Parts of the national address key (`01053_1950_00062`) → level, as in the older extractions.
_LEVELS = {1: "4", 2: "2", 3: "1"}


def read_plus(stream: BinaryIO, name: str, wanted: Callable[[str], bool]) -> Extract:
    """Read the JSON publication.

    Args:
        wanted: whether a commune (INSEE code) may be kept; other establishments are only counted.

    Raises:
        RefusedInput: not this publication.
    """
    extract = Extract(values=_values, has_positions=True)
    keys: Counter[str] = Counter()
    try:
        for key, item in members(stream, "pmej"):
            keys[key] += 1
            if key == "pmej":
                _read_entity(item, extract, wanted)
            elif key == "generatedAt":
                extract.data_date = _date(item)
    except Truncated as error:
        if not keys["pmej"]:
            raise _not_the_register(name) from error
        extract.cut = True
        reason = "Le fichier s'arrête ici : il a été coupé. Téléchargez-le de nouveau."
        extract.refuse(extract.counts["read"] + 1, error.text or "(fin du fichier)", reason)
    except (UnicodeDecodeError, RecursionError) as error:
        raise _not_the_register(name) from error
    extract.unused_columns = tuple(sorted(extract.unknown_keys))
    if not extract.entries and not extract.homes and not extract.counts["closed"]:
        raise _not_the_register(name)
    return extract


def _not_the_register(name: str) -> RefusedInput:
    return RefusedInput(
        f"« {name} » n'est pas la publication FINESS « Structures » : il y manque la liste « pmej » et ses "
        "établissements. Prenez le fichier « finess-structures » de data.gouv.fr ; des contours de quartiers "
        "s'importent avec la source « qpv »."
    )


def _values(entry: Entry) -> Mapping[str, str]:
    return dict(zip(_FIELDS, entry.cells, strict=True))


def _read_entity(entity: Any, extract: Extract, wanted: Callable[[str], bool]) -> None:
    sites = entity.get("ege") if isinstance(entity, dict) else None
    if not isinstance(entity, dict) or not isinstance(sites, list | None):
        _refuse(
            extract, entity, "Cette entité juridique n'a pas la forme attendue : signalez-le à l'éditeur."
        )
        return
    for site in sites or ():
        extract.counts["read"] += 1
        if isinstance(site, dict):
            _read_site(site, extract, wanted)
        else:
            _refuse(extract, site, "Cet établissement n'a pas la forme attendue : signalez-le à l'éditeur.")


def _read_site(site: Mapping[str, Any], extract: Extract, wanted: Callable[[str], bool]) -> None:
    line = extract.counts["read"]
    about = _dict(site.get("informationsGeneralesEGE"))
    extract.unknown_keys |= (site.keys() | about.keys()) - _KNOWN
    number = _text(about.get("numFinessEge")).upper()
    category = _text(site.get("categorieentiteGeographiqueExercice"))
    if category == PEOPLES_HOMES:
        extract.homes.add(number)
    elif not FINESS_NUMBER.fullmatch(number):
        _refuse(extract, site, "Le numéro FINESS doit avoir neuf caractères, 310012345 par exemple.")
    elif _is_closed(site, about, extract.data_date):
        extract.counts["closed"] += 1
    elif number in extract.entries:
        extract.counts["duplicate_lines"] += 1
    else:
        address = _address(site)
        insee = restore_insee(_text(address.get("cogCommune"))) or ""
        entry = Entry(line, number, category, insee, ())
        entry.x, entry.y, entry.place = _position(_dict(address.get("coordonneesGeographique")))
        if wanted(insee):
            entry.cells = _cells(about, address, site, number, category)
        extract.entries[number] = entry


def _is_closed(site: Mapping[str, Any], about: Mapping[str, Any], on: date | None) -> bool:
    """Inactive, or with a closing date that has come (one may be announced)."""
    if _text(site.get("etatObjet")).upper() == "I":
        return True
    closing = _date(about.get("dateFermeture"))
    return closing is not None and closing <= (on or date.today())


def _address(site: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where the establishment works, whatever its place in the list; the only one when there is one."""
    addresses = [_dict(address) for address in _list(site.get("adresse"))]
    of_work = [each for each in addresses if _text(each.get("usageAdresse")) == _PLACE_OF_WORK]
    return next(iter(of_work or addresses), {})


def _position(given: Mapping[str, Any]) -> tuple[float, float, str]:
    """Longitude, latitude and the text that says their system and precision.

    Two pairs are given, one in degrees and one in metres; which is which changes from row to row.
    """
    pairs = [("coordonneeX", "coordonneeY"), ("directionLongitude", "directionLatitude")]
    for x_name, y_name in pairs:
        lon, lat = number_of(_text(given.get(x_name))), number_of(_text(given.get(y_name)))
        if abs(lon) <= 180 and abs(lat) <= 90:
            return lon, lat, _place(given)
    return math.nan, math.nan, ""


def _place(given: Mapping[str, Any]) -> str:
    """Same shape as in the older extractions: `level,provider,score,reference,system`."""
    parts = [part for part in _text(given.get("cleInInteropBAN")).split("_") if part]
    level = _LEVELS.get(min(len(parts), 3), "2")
    score = number_of(_text(given.get("scoreBAN")))
    hundredths = "" if math.isnan(score) else str(round(min(max(score, 0.0), 1.0) * 100))
    return f"{level},FINESS+,{hundredths},BAN,EPSG:4326"


def _cells(
    about: Mapping[str, Any], address: Mapping[str, Any], site: Mapping[str, Any], number: str, category: str
) -> tuple[str, ...]:
    """Texts in the order of `_FIELDS`."""
    line = f"{_text(address.get('codePostal'))} {_text(address.get('ligneAcheminement'))}"
    named = {"nofinesset": number, "categetab": category, "siret": _text(about.get("siret"))}
    named |= {"ligneacheminement": line.strip(), "telephone": _phone(site)}
    sources = {
        "rs": (about, "nomEgeCourt"),
        "rslongue": (about, "nomEgeLong"),
        "complrs": (about, "complementDenominationEg"),
        "compldistrib": (address, "complementPointGeographique"),
        "numvoie": (address, "numeroVoie"),
        "typvoie": (address, "typeVoie"),
        "voie": (address, "libelleVoie"),
        "compvoie": (address, "complementVoie"),
        "lieuditbp": (address, "lieuDit"),
    }
    named |= {field: _text(given.get(key)) for field, (given, key) in sources.items()}
    return tuple(named[field] for field in _FIELDS)


def _phone(site: Mapping[str, Any]) -> str:
    """First number given; two are sometimes written in one text."""
    for contact in _list(site.get("contact")):
        phone = _text(_dict(_dict(contact).get("telecom")).get("telephone"))
        if phone:
            return phone.partition("/")[0].strip()
    return ""


def _refuse(extract: Extract, item: Any, reason: str) -> None:
    extract.refuse(max(1, extract.counts["read"]), str(item)[:500], reason)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else str(value) if type(value) in (int, float) else ""


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(_text(value)[:10])
    except ValueError:
        return None
