"""The shapes the directory is published in, read into the same records, one at a time.

A record is the object of the national JSON: nested lists. The flat export holds these lists as JSON inside
strings (see `listed`); the table of 2019 is rewritten into that shape.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from reseau.errors import RefusedInput
from reseau.sources._gentle import plain, street_only
from reseau.sources._json_objects import Chained, json_objects

Record = Mapping[str, Any]
# Read; then known and left aside on purpose, who works there (`affectation_personne`) above all.
READ = frozenset({
    "id", "nom", "pivot", "code_insee_commune", "adresse", "telephone", "adresse_courriel", "site_internet",
    "plage_ouverture", "commentaire_plage_ouverture", "siret", "date_modification", "statut_de_diffusion",
})  # fmt: skip
_ASIDE = frozenset({
    "affectation_personne", "organigramme", "hierarchie", "sigle", "copyright", "siren", "ancien_code_pivot",
    "reseau_social", "texte_reference", "partenaire", "telecopie", "itm_identifiant", "service_disponible",
    "partenaire_identifiant", "ancien_identifiant", "ancien_nom", "annuaire", "tchat", "categorie", "sve",
    "telephone_accessible", "application_mobile", "version_type", "type_repertoire", "date_creation",
    "version_etat_modification", "partenaire_date_modification", "mission", "formulaire_contact",
    "version_source", "type_organisme", "url_service_public", "information_complementaire", "date_diffusion",
    "demarche", "zonage", "geo_point_2d", "geo_shape", "recordid", "datasetid",
})  # fmt: skip

OLD_MARK = "table de 2019"
OLD_COLUMNS = ("id", "name", "request_email", "notes", "home_page", "tag_string")
KNOWN = READ | _ASIDE | {OLD_MARK}
_JSON_KEYS = ("service", "results", "records", "features")
_FIELD_LIMIT = 16 * 1024**2
_OLD_NUMBER = re.compile(r"\s*\b(?:\d{2}|2[AB])\w{3}-\d{2}\s*$")
_OLD_NOTES = re.compile(
    r"\s*Adresse\s*:(?P<address>.*?)\|\s*T[ée]l\s*:(?P<phone>.*?)(?:\|\s*Fax\s*:.*)?", re.DOTALL
)
# Every number of four digits was padded to five in that file: years and numbers of streets too.
_PADDED = re.compile(r"(?<!\d)0([1-9]\d{3})(?!\d)")
_STREET = re.compile(
    r"\d|(?:rue|avenue|place|boulevard|bd|route|chemin|all[ée]e|impasse|quai|cours|square|passage|esplanade|mail"
    r"|rond-point|faubourg|ruelle|mont[ée]e|sentier|traverse|venelle|promenade|grande?[ -]rue)\b",
    re.IGNORECASE,
)
# «ac-creteil.frcio»: the slash after the domain was lost.
_LOST_SLASH = re.compile(r"\.(?:fr|com|org|net|eu)[a-z0-9]", re.IGNORECASE)


class Malformed(Exception):
    """A row that cannot be read. `reason`: French; `row`: what there is of it."""

    def __init__(self, reason: str, row: Mapping[str, str]) -> None:
        super().__init__(reason)
        self.reason, self.row = reason, row


def read_records(stream: BinaryIO, name: str) -> Iterator[tuple[int, Record | Malformed]]:
    """Line (or rank, for JSON) and content of each record.

    Raises:
        RefusedInput: none of the known shapes, cut JSON, or text that is not UTF-8.
    """
    start = stream.read(4096)
    whole = cast("BinaryIO", Chained(start, stream))
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        yield from _json_records(whole, name)
    else:
        yield from _table_records(whole, name)


def listed(record: Record, key: str) -> list[Any]:
    """A nested field as a list, whether it is one, is JSON in a string, a bare value or missing."""
    value = record.get(key)
    if isinstance(value, str):
        value = value.strip()
        if value[:1] in ("[", "{"):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                return []
    if isinstance(value, list):
        return value
    return [value] if value else []


def _json_records(stream: BinaryIO, name: str) -> Iterator[tuple[int, Record]]:
    for number, found in json_objects(stream, name, keys=_JSON_KEYS):
        inside = found.get("properties", found.get("fields"))
        record = inside if isinstance(inside, dict) else found
        if number == 1 and not {"nom", "pivot"} <= record.keys():
            raise _not_ours(name)
        yield number, record


def _not_ours(name: str) -> RefusedInput:
    return RefusedInput(
        f"« {name} » n'est pas l'annuaire des administrations locales de service-public.fr. Prenez la « base "
        "de données locales » de data.gouv.fr (JSON), ou un export de api-lannuaire.service-public.fr."
    )


def _table_records(stream: BinaryIO, name: str) -> Iterator[tuple[int, Record | Malformed]]:
    text = io.TextIOWrapper(io.BufferedReader(cast("io.RawIOBase", stream)), "utf-8-sig", newline="")
    try:
        with _long_cells():
            header_line = text.readline()
            delimiter = max(";,\t", key=header_line.count)
            columns = next(csv.reader([header_line], delimiter=delimiter), [])
            old = set(OLD_COLUMNS) <= set(columns)
            if not old and not {"nom", "pivot"} <= set(columns):
                raise _not_ours(name)
            reader = csv.reader(text, delimiter=delimiter)
            for line, cells in _numbered(reader):
                yield line, _row(columns, cells, old=old)
    except (UnicodeDecodeError, csv.Error) as error:
        raise RefusedInput(
            f"« {name} » est abîmé ou n'est pas en UTF-8 : reprenez le fichier tel qu'il est publié, sans "
            "l'ouvrir dans un tableur."
        ) from error


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line they start on, the header being line 1."""
    before = 1
    for cells in reader:
        if any(cells):
            yield before + 1, cells
        before = 1 + reader.line_num


def _row(columns: list[str], cells: list[str], *, old: bool) -> Record | Malformed:
    row = dict(zip(columns, cells, strict=False))
    if len(cells) != len(columns):
        reason = (
            f"Cette ligne a {len(cells)} champs, l'en-tête en annonce {len(columns)} : le fichier est coupé "
            "ou abîmé ici. Téléchargez-le de nouveau."
        )
        return Malformed(
            reason, {name: row.get(name, "")[:200] for name in ("id", "nom", "name") if name in row}
        )
    return _from_2019(row) if old else row


@contextmanager
def _long_cells() -> Iterator[None]:
    # An organisation chart in one cell may be longer than what the reader takes by default.
    usual = csv.field_size_limit(_FIELD_LIMIT)
    try:
        yield
    finally:
        csv.field_size_limit(usual)


def _from_2019(row: Mapping[str, str]) -> Record:
    """A row of the table of 2019 in today's shape: the commune is in its identifier, the rest in `notes`."""
    number = row["id"].strip()
    parts = number.rsplit("-", 2)
    notes = _OLD_NOTES.fullmatch(row["notes"])
    website = row["home_page"].strip()
    domain = website.partition("//")[2].partition("/")[0]
    return {
        OLD_MARK: True,
        "id": number,
        "nom": _OLD_NUMBER.sub("", row["name"]),
        "pivot": [{"type_service_local": row["tag_string"].strip() or parts[0]}],
        "code_insee_commune": parts[1] if len(parts) == 3 else "",
        "adresse": [_old_address(notes["address"])] if notes else [],
        "telephone": [{"valeur": text} for text in _old_phones(notes["phone"])] if notes else [],
        "adresse_courriel": [row["request_email"]],
        # Unreadable on purpose: it is counted as such, and seen in the row as read.
        "site_internet": [{"valeur": f"barre perdue : {website}" if _LOST_SLASH.search(domain) else website}],
        **{name: text for name, text in row.items() if name not in OLD_COLUMNS},
    }


def _old_phones(text: str) -> list[str]:
    """Numbers without the words about their price; two of them may be stuck together."""
    number = re.sub(r"/\s*[^\d+/].*", "", text, flags=re.DOTALL).strip()
    digits = re.sub(r"\D", "", number)
    return [digits[:10], digits[10:]] if re.fullmatch(r"(?:0[1-9]\d{8}){2}", digits) else [number]


def _old_address(text: str) -> dict[str, str]:
    """«Bâtiment - 3 rue des Lilas - BP 12, 2200, Soissons»: the postcode lost its first zero."""
    street, postcode, commune = text.rsplit(",", 2) if text.count(",") > 1 else (text, "", "")
    postcode = postcode.strip()
    parts = [part for part in street_only(_PADDED.sub(r"\1", plain(street))).split(" - ") if part]
    # The street comes last, after the name of the building; the geocoder wants it alone.
    place = next((part for part in reversed(parts) if _STREET.match(part)), " - ".join(parts))
    return {
        "type_adresse": "Adresse",
        "numero_voie": place,
        "complement1": ", ".join(part for part in parts if part != place and place in parts),
        "code_postal": f"0{postcode}" if re.fullmatch(r"[1-9]\d{3}", postcode) else postcode,
        "nom_commune": commune,
    }
