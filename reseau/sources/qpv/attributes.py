"""Attributes of a quartier, under every name they are published with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from reseau.model.communes import restore_insee
from reseau.model.reports import Problem
from reseau.model.typology import normalise
from reseau.model.vocabulary import LANGUAGES

# Field → normalised column names, the most trusted first.
COLUMNS = {
    "code": ("code qp", "code qpv", "codeqp", "codeqpv", "code quartier", "code"),
    "name": ("lib qp", "nom qp", "lib qpv", "nom qpv", "libelle qp", "nom quartier", "libelle", "nom"),
    "communes": ("insee com", "code commune", "code insee", "insee", "code com", "codgeo", "com insee"),
    "commune_names": ("lib com", "nom commune", "commune qp", "commune", "nom com", "communes"),
    "population": (
        "pop",
        "pop mun",
        "population",
        "pop qp",
        "pop mun qp",
        "population municipale",
        "habitants",
    ),
    "population_source": ("pop source", "source population", "source pop"),
    "kind": ("genre",),
    "generation": ("generation",),
    "languages": ("langues", "langue"),
}
# Names no other kind of boundary is published with.
OWN_CODES = frozenset(COLUMNS["code"]) - {"code"}
# Published with the boundaries and of no use here: not worth a remark. A column made of these words only.
_EXPECTED_WORDS = frozenset(
    {"fid", "objectid", "id", "gid", "insee", "lib", "nom", "code", "siren", "epci", "reg", "region", "dep"}
    | {"dept", "departement", "geo", "point", "2d", "shape", "st", "area", "length", "leng"}
)
_OFFICIAL = re.compile(r"Q([NP])[0-9A-Z]{4,8}")
_GENERATIONS = {"N": 2024, "P": 2015}
_KINDS = {
    "": "",
    "qpv": "qpv",
    "qp": "qpv",
    "quartier prioritaire": "qpv",
    "vecu": "vecu",
    "quartier vecu": "vecu",
}
_LIST = re.compile(r"[,;|/]")
_LANGUAGES = {normalise(word): code for code, label in LANGUAGES.items() for word in (code, label)}
VECU_PREFIX = "QV-"
# As in the form where a person types it.
MAX_POPULATION = 1_000_000


@dataclass(slots=True, kw_only=True)
class Attributes:
    """What the attributes of one feature say; `problems` is empty when the feature can be taken.

    Attributes:
        remarks: names of what is counted: `insee_zero_restored`, `population_unreadable`, `language_unknown`.
    """

    code: str = ""
    name: str = ""
    kind: str = "qpv"
    generation: int | None = None
    communes: tuple[str, ...] = ()
    commune_names: tuple[str, ...] = ()
    population: int | None = None
    population_source: str = ""
    languages: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    remarks: set[str] = field(default_factory=set)


def recognise_columns(columns: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Field → columns that give it, the most trusted first; fields nobody gives are absent."""
    named: dict[str, list[str]] = {}
    for column in columns:
        named.setdefault(normalise(column), []).append(column)
    found = {
        field_name: tuple(column for name in names for column in named.get(name, ()))
        for field_name, names in COLUMNS.items()
    }
    return {field_name: columns for field_name, columns in found.items() if columns}


def unused_columns(columns: Iterable[str]) -> tuple[str, ...]:
    """Columns that are neither read nor usually there."""
    read = {name for names in COLUMNS.values() for name in names}
    return tuple(
        column for column in columns if normalise(column) not in read and not _is_expected(normalise(column))
    )


def _is_expected(name: str) -> bool:
    return _EXPECTED_WORDS.issuperset(name.split())


def read_attributes(
    row: Mapping[str, str], columns: Mapping[str, tuple[str, ...]], *, line: int
) -> Attributes:
    """Read one feature's attributes (`columns` as given by `recognise_columns`)."""
    cells = {name: _first(row, candidates) for name, candidates in columns.items()}

    def cell(name: str) -> str:
        return cells.get(name, ("", ""))[1]

    found = Attributes(name=cell("name"), population_source=cell("population_source"))
    found.commune_names = _split(cell("commune_names"))

    def problem(name: str, reason: str) -> None:
        column, value = cells.get(name, ("", ""))
        found.problems.append(Problem(line=line, column=column, value=value[:200], reason=reason))

    kind = _KINDS.get(normalise(cell("kind")))
    if kind is None:
        problem("kind", "Genre inconnu : écrivez « qpv » ou « vecu ».")
    _read_code(found, cell("code"), kind or "", problem=problem)
    _read_communes(found, cell("communes"), problem=problem)
    _read_population(found, cell("population"))
    _read_languages(found, cell("languages"))
    return found


def _first(row: Mapping[str, str], candidates: tuple[str, ...]) -> tuple[str, str]:
    for column in candidates:
        if value := row.get(column, "").strip():
            return column, " ".join(value.split())
    return candidates[0], ""


def _split(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in _LIST.split(text) if part.strip()))


def _read_code(found: Attributes, text: str, kind: str, *, problem: Callable[[str, str], None]) -> None:
    official = _OFFICIAL.fullmatch(text.upper())
    if not text:
        problem("code", "Le code du quartier est vide : sans code, le quartier ne peut pas être retrouvé.")
    elif kind == "vecu" or text.upper().startswith(VECU_PREFIX):
        rest = text[len(VECU_PREFIX) :] if text.upper().startswith(VECU_PREFIX) else text
        found.kind, found.code = "vecu", VECU_PREFIX + normalise(rest).replace(" ", "-")
    elif official:
        found.code, found.generation = text.upper(), _GENERATIONS[official[1]]
    else:
        problem(
            "code",
            "Ce code n'est pas celui d'un quartier : attendu QN… (2024), QP… (2015) ou QV-… (quartier vécu).",
        )


def _read_communes(found: Attributes, text: str, *, problem: Callable[[str, str], None]) -> None:
    codes = []
    for part in _split(text):
        code = restore_insee(part)
        if code is None:
            problem(
                "communes", "Ce code INSEE n'en est pas un : cinq caractères attendus, 31555 par exemple."
            )
            return
        if len(part.partition(".")[0]) < len(code):
            found.remarks.add("insee_zero_restored")
        codes.append(code)
    found.communes = tuple(dict.fromkeys(codes))


def _read_population(found: Attributes, text: str) -> None:
    digits = re.sub(r"[\s\u202f\u00a0]", "", text).replace(",", ".")
    if not digits or normalise(text) in {"nd", "nc", "ns", "s", "secret", "na"}:
        return
    # A boundary nobody lives in is not a quartier: zero is how some tools write «unknown».
    if re.fullmatch(r"\d{1,9}(\.\d+)?", digits) and 0 < round(float(digits)) <= MAX_POPULATION:
        found.population = round(float(digits))
    else:
        found.remarks.add("population_unreadable")


def _read_languages(found: Attributes, text: str) -> None:
    codes = []
    for part in _split(text):
        if code := _LANGUAGES.get(normalise(part)):
            codes.append(code)
        else:
            found.remarks.add("language_unknown")
    found.languages = tuple(dict.fromkeys(codes))
