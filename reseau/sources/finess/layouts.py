"""The two CSV layouts the national register is published in, read into the same light entries.

A national file has a hundred thousand establishments of which a territory keeps a few hundred: entries
keep their line as read, and only what is kept is taken apart.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from reseau.errors import RefusedInput
from reseau.model.reports import Problem, RefusedRow
from reseau.model.typology import normalise
from reseau.sources._text import lines_of
from reseau.sources.finess.codes import insee_code

# People's homes («lieux de vie et d'accueil»): never kept, never shown, not even in a refused row.
PEOPLES_HOMES = "462"
STRUCTURE_FIELDS = (
    "kind", "nofinesset", "nofinessej", "rs", "rslongue", "complrs", "compldistrib", "numvoie", "typvoie",
    "voie", "compvoie", "lieuditbp", "commune", "departement", "libdepartement", "ligneacheminement",
    "telephone", "telecopie", "categetab", "libcategetab", "categagretab", "libcategagretab", "siret",
    "codeape", "codemft", "libmft", "codesph", "libsph", "dateouv", "dateautor", "datemaj", "numuai",
)  # fmt: skip
POSITION_FIELDS = ("kind", "nofinesset", "coordxet", "coordyet", "sourcecoordet", "datemaj")
# Normalised header → our name, where the flat files use another one than the raw layout.
_FLAT_SYNONYMS = {
    "numero finess etablissement": "nofinesset",
    "numero finess et": "nofinesset",
    "num finess et": "nofinesset",
    "nofiness": "nofinesset",
    "numero finess": "nofinesset",
    "raison sociale": "rs",
    "raison sociale longue": "rslongue",
    "code commune": "commune",
    "code departement": "departement",
    "libelle departement": "libdepartement",
    "categorie": "libcategetab",
    "libelle categorie": "libcategetab",
    "code categorie": "categetab",
    "code insee": "insee",
    "adresse": "voie",
    "date fermeture": "datefermeture",
    "date de fermeture": "datefermeture",
}
# Columns of the flat files that are read, or known and left aside: activities are not kept.
_FLAT_KNOWN = frozenset(STRUCTURE_FIELDS) | {
    "insee", "latitude", "longitude", "coordxet", "coordyet", "sourcecoordet", "datefermeture",
    "numerofinessetablissementjuridique", "nofinessej1", "rsej", "libelledescriptionequipementsociaux",
    "libtaequipement", "activite", "libelleactivite", "forme", "libelleforme", "typedetablissements",
}  # fmt: skip
_REQUIRED = {"nofinesset": "numéro FINESS", "categetab": "code de catégorie", "rs": "raison sociale"}
FINESS_NUMBER = re.compile(r"\d[0-9A-Z]\d{7}")


@dataclass(slots=True)
class Entry:
    """One establishment as found; `x`, `y` are in the system that `place` names, NaN when unknown.

    `cells` is empty where the commune is not wanted.
    """

    line: int
    number: str
    category: str
    insee: str
    cells: str | Sequence[str]
    x: float = math.nan
    y: float = math.nan
    place: str = ""


@dataclass(slots=True)
class Extract:
    """Everything read in a file, before any choice of territory.

    Attributes:
        values: takes an entry's line apart into named text values.
        cut: the last line is not whole: what came after it is missing too.
    """

    values: Callable[[Entry], Mapping[str, str]]
    entries: dict[str, Entry] = field(default_factory=dict)
    refused: list[RefusedRow] = field(default_factory=list)
    homes: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    other_kinds: Counter[str] = field(default_factory=Counter)
    data_date: date | None = None
    has_positions: bool = False
    unused_columns: tuple[str, ...] = ()
    unknown_keys: set[str] = field(default_factory=set)
    cut: bool = False

    def refuse(self, line: int, text: str, reason: str) -> None:
        """Keep a line that cannot be taken, unless it tells where people live."""
        if "lieux de vie" in normalise(text) and PEOPLES_HOMES in text:
            self.counts["category_462"] += 1
            return
        problem = Problem(line=line, column="", value=text[:200], reason=reason)
        self.refused.append(RefusedRow(line=line, problems=(problem,), row={"ligne": text}))


def read_extract(text: str, name: str, wanted: Callable[[str], bool] = lambda _insee: True) -> Extract:
    """Read either layout.

    Args:
        wanted: whether a commune (INSEE code) may be kept; other establishments are only counted.

    Raises:
        RefusedInput: not a file of the register.
    """
    first = text[:2000].lstrip().partition("\n")[0].strip()
    if first.startswith(("{", "[", "<")):
        raise RefusedInput(
            f"« {name} » n'est pas un fichier FINESS : il ressemble à un GeoJSON ou à une page. Prenez "
            "l'extraction FINESS de data.gouv.fr ; les contours de quartiers sont pour la source « qpv »."
        )
    if normalise(first.partition(";")[0]) in {"finess", "structureet", "geolocalisation"}:
        extract = _read_raw(text, wanted)
    else:
        extract = _read_flat(text, first, name)
    if not extract.entries and not extract.homes:
        raise RefusedInput(
            f"« {name} » ne contient aucun établissement lisible : prenez l'extraction FINESS des "
            "établissements (cs1100507 avec positions, ou cs1100502)."
        )
    last_line = text.rstrip().count("\n") + 1
    extract.cut = any(row.line >= last_line for row in extract.refused)
    return extract


def _split(line: str) -> list[str]:
    if '"' in line:
        try:
            return next(csv.reader([line], delimiter=";"))
        except csv.Error:
            # A stray carriage return, or a quote that swallows a whole file: cut anyhow, and be refused.
            pass
    return line.split(";")


def _raw_values(entry: Entry) -> Mapping[str, str]:
    cells = _split(entry.cells) if isinstance(entry.cells, str) else entry.cells
    return dict(zip(STRUCTURE_FIELDS, cells, strict=True))


def _lines(text: str) -> Iterator[str]:
    """Lines one by one: a list of them would weigh as much as the text again.

    `splitlines` would also cut at characters that Latin-1 texts may hold.
    """
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _read_raw(text: str, wanted: Callable[[str], bool]) -> Extract:
    extract = Extract(values=_raw_values)
    positions: list[tuple[int, str]] = []
    for number, raw in enumerate(_lines(text), start=1):
        line = raw.rstrip("\r")
        kind = line.partition(";")[0]
        if kind == "structureet":
            _read_structure(line, number, extract, wanted)
        elif kind == "geolocalisation":
            positions.append((number, line))
        elif kind == "finess":
            extract.data_date = _date(line.rpartition(";")[2])
        elif line.strip():
            extract.other_kinds[kind[:40]] += 1
    extract.has_positions = bool(positions)
    for number, line in positions:
        _read_position(line, number, extract)
    return extract


def _read_structure(line: str, number: int, extract: Extract, wanted: Callable[[str], bool]) -> None:
    cells = _split(line)
    if len(cells) != len(STRUCTURE_FIELDS):
        reason = (
            f"Cette ligne a {len(cells)} champs, il en faut {len(STRUCTURE_FIELDS)} : le fichier a été coupé "
            "ou un point-virgule s'est glissé dans un texte. Corrigez la ligne ou reprenez le fichier."
        )
        extract.refuse(number, line, reason)
        return
    insee = insee_code(cells[13], cells[12])
    kept = line if wanted(insee) else ""
    _add(Entry(number, cells[1].strip(), cells[18].strip(), insee, kept), line, extract)


def _add(entry: Entry, line: str, extract: Extract) -> None:
    if entry.category == PEOPLES_HOMES:
        extract.homes.add(entry.number)
    elif not FINESS_NUMBER.fullmatch(entry.number):
        extract.refuse(
            entry.line, line, "Le numéro FINESS doit avoir neuf caractères, 310012345 par exemple."
        )
    elif entry.number in extract.entries:
        extract.counts["duplicate_lines"] += 1
    else:
        extract.entries[entry.number] = entry


def _read_position(line: str, number: int, extract: Extract) -> None:
    cells = _split(line)
    finess = cells[1].strip() if len(cells) > 1 else ""
    if finess in extract.homes:
        return
    if len(cells) != len(POSITION_FIELDS):
        reason = f"Cette géolocalisation a {len(cells)} champs, il en faut {len(POSITION_FIELDS)}."
        extract.refuse(number, line, reason + " Corrigez la ligne ou reprenez le fichier.")
        return
    entry = extract.entries.get(finess)
    if entry is None:
        extract.counts["positions_without_establishment"] += 1
        return
    entry.x, entry.y, entry.place = number_of(cells[2]), number_of(cells[3]), cells[4]


def _read_flat(text: str, first: str, name: str) -> Extract:
    delimiter = max(";,\t|", key=first.count)
    reader = csv.reader(lines_of(text), delimiter=delimiter)
    try:
        header = next(reader, [])
    except csv.Error:
        header = []
    columns = [_flat_name(column) for column in header]
    missing = [label for column, label in _REQUIRED.items() if column not in columns]
    if missing:
        raise RefusedInput(
            f"« {name} » n'est pas un fichier FINESS : il y manque {', '.join(missing)}. Prenez l'extraction "
            "cs1100507 (data.gouv.fr) ou le fichier FINESS d'un portail Opendatasoft."
        )

    def values(entry: Entry) -> Mapping[str, str]:
        return dict(zip(columns, entry.cells, strict=True))

    extract = Extract(values=values, has_positions={"latitude", "coordxet"} & set(columns) != set())
    extract.unused_columns = tuple(
        shown for shown, column in zip(header, columns, strict=True) if column not in _FLAT_KNOWN
    )
    try:
        for cells in reader:
            _read_flat_row(cells, reader.line_num, columns, extract)
    except csv.Error as error:
        raise RefusedInput(
            f"« {name} » : un guillemet n'est pas refermé vers la ligne {reader.line_num}. "
            "Reprenez le fichier."
        ) from error
    return extract


def _flat_name(header: str) -> str:
    name = normalise(header)
    return _FLAT_SYNONYMS.get(name, name.replace(" ", ""))


def _read_flat_row(cells: list[str], line: int, columns: list[str], extract: Extract) -> None:
    if not any(cells):
        return
    extract.counts["lines"] += 1
    if len(cells) != len(columns):
        reason = f"Cette ligne a {len(cells)} champs, l'en-tête en annonce {len(columns)} : corrigez-la."
        extract.refuse(line, ";".join(cells), reason)
        return
    row = dict(zip(columns, cells, strict=True))
    number = row["nofinesset"].strip().upper().zfill(9)
    if number in extract.entries or number in extract.homes:
        return
    insee = insee_code(row.get("departement", ""), row.get("commune", ""), full=row.get("insee", ""))
    entry = Entry(line, number, row["categetab"].strip(), insee, cells)
    if "latitude" in row:
        entry.x, entry.y, entry.place = (
            number_of(row.get("longitude", "")),
            number_of(row["latitude"]),
            "EPSG:4326",
        )
    else:
        entry.x, entry.y = number_of(row.get("coordxet", "")), number_of(row.get("coordyet", ""))
        entry.place = row.get("sourcecoordet", "")
    _add(entry, ";".join(cells), extract)


def number_of(text: str) -> float:
    """A number written with a comma or a point, NaN when it is not one."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return math.nan


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
