"""What a scenario is made of: an ordered list of changes, as records and as plain JSON values.

A change names structures and permanences by their database id, and keeps in `label` how they were called when
it was written, so that a change that no longer makes sense can still be told in words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from reseau.errors import RefusedInput
from reseau.model.vocabulary import LANGUAGES, RelationStatus

MAX_CHANGES = 100
MAX_TEXT = 300
SHOWN = 5
MAX_ID = 2**53
DECIMALS = 6  # of degrees: about ten centimetres
Bounds = Mapping[str, tuple[float, float, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. `label`: name of the structure or of the place it is about."""

    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseStructure(Change):
    """A structure closes: what it holds elsewhere stops, what it hosts is held nowhere known."""

    kind: ClassVar[str] = "close"
    title: ClassVar[str] = "Une structure ferme"
    structure_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPermanence(Change):
    """A permanence stops."""

    kind: ClassVar[str] = "end_permanence"
    title: ClassVar[str] = "Une permanence s'arrête"
    permanence_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPermanence(Change):
    """A permanence opens at a structure (`host_id`) or at a point (`lon`, `lat`, WGS84 degrees).

    Attributes:
        holder_id: structure that holds it, None for nobody yet.
        hours: simple French («mardi 14h-17h») or OSM syntax; what is not understood stays text.
        free, no_appointment: None when not known.
    """

    kind: ClassVar[str] = "permanence"
    title: ClassVar[str] = "Une permanence ouvre"
    type_code: str
    host_id: int | None = None
    lon: float | None = None
    lat: float | None = None
    holder_id: int | None = None
    hours: str = ""
    languages: tuple[str, ...] = ()
    free: bool | None = None
    no_appointment: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStructure(Change):
    """A structure named `label` opens at a point; `linked`: in active relation with the pivot at once."""

    kind: ClassVar[str] = "structure"
    title: ClassVar[str] = "Une structure ouvre"
    type_code: str
    lon: float
    lat: float
    linked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRelation(Change):
    """The tie between the pivot and a structure becomes `actif` or `en_sommeil`."""

    kind: ClassVar[str] = "relation"
    title: ClassVar[str] = "Une relation change"
    structure_id: int
    status: str = RelationStatus.ACTIF.value


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveStructure(Change):
    """A structure moves to a point, with what it hosts."""

    kind: ClassVar[str] = "move"
    title: ClassVar[str] = "Une structure déménage"
    structure_id: int
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSettings(Change):
    """Other thresholds or another walking pace; None leaves the setting as it is."""

    kind: ClassVar[str] = "settings"
    title: ClassVar[str] = "Un réglage change"
    minutes_proximite: int | None = None
    minutes_intermediaire: int | None = None
    walking_kmh: float | None = None
    near_share: float | None = None


KINDS: dict[str, type[Change]] = {
    item.kind: item
    for item in (
        OpenPermanence, CloseStructure, SetRelation, OpenStructure, MoveStructure, EndPermanence,
        ChangeSettings,
    )
}  # fmt: skip
SETTINGS = ("minutes_proximite", "minutes_intermediaire", "walking_kmh", "near_share")
_JSON_NAMES = {"type_code": "type"}
_WORDS = {
    "label": "nom", "type": "type", "structure_id": "structure", "permanence_id": "permanence",
    "host_id": "lieu d'accueil", "holder_id": "qui la tient", "lon": "longitude", "lat": "latitude",
    "hours": "horaires", "languages": "langues", "free": "gratuit", "no_appointment": "sans rendez-vous",
    "linked": "en relation", "status": "état de la relation",
    "minutes_proximite": "seuil de proximité", "minutes_intermediaire": "seuil intermédiaire",
    "walking_kmh": "vitesse de marche", "near_share": "part d'habitants",
}  # fmt: skip


def to_json(change: Change) -> dict[str, Any]:
    """A change as plain JSON values; what is empty or unknown has no key."""
    cells = {_JSON_NAMES.get(item.name, item.name): getattr(change, item.name) for item in fields(change)}
    known = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in cells.items()
        if value is not None and value not in ("", ())
    }
    return {"kind": change.kind, **known}


def read_changes(raw: Any, *, types: Iterable[str], bounds: Bounds) -> tuple[Change, ...]:
    """Changes from plain JSON values, in their order.

    Args:
        raw: list of mappings, from anyone.
        types: codes of the typology.
        bounds: lowest and highest value of settings, with their name.

    Raises:
        RefusedInput: what is wrong, every problem at once, one a line.
    """
    if not isinstance(raw, Sequence) or isinstance(raw, str | bytes):
        raise RefusedInput("Scénario : une liste de changements est attendue.")
    if len(raw) > MAX_CHANGES:
        raise RefusedInput(f"Scénario : {MAX_CHANGES} changements au plus (ici {len(raw)}).")
    codes = frozenset(types)
    changes: list[Change] = []
    problems: list[str] = []
    for rank, item in enumerate(raw, start=1):
        try:
            changes.append(_read(item, codes, bounds))
        except ValueError as error:
            problems.append(f"Changement {rank} : {error}")
    if problems:
        raise RefusedInput("\n".join(problems))
    return tuple(changes)


def _read(raw: Any, types: frozenset[str], bounds: Bounds) -> Change:
    if not isinstance(raw, Mapping):
        raise ValueError("ce n'est pas un changement.")
    kind = raw.get("kind")
    made = KINDS.get(kind) if isinstance(kind, str) else None
    if made is None:
        raise ValueError(f"genre inconnu ({_shown(kind)}). Possibles : {', '.join(KINDS)}.")
    names = {_JSON_NAMES.get(item.name, item.name): item.name for item in fields(made)}
    if unknown := [str(name)[:40] for name in raw if name != "kind" and name not in names]:
        more = "…" if len(unknown) > SHOWN else ""
        raise ValueError(f"champ inconnu ({', '.join(unknown[:SHOWN])}{more}).")
    given = {name: raw[name] for name in names if raw.get(name) is not None}
    values = {names[name]: _cell(name, value) for name, value in given.items()}
    _check(made, values, types, bounds)
    return made(**values)


def _check(made: type[Change], values: Mapping[str, Any], types: frozenset[str], bounds: Bounds) -> None:
    """What one field cannot tell alone.

    Raises:
        ValueError: in French.
    """
    if "type_code" in values and values["type_code"] not in types:
        raise ValueError(f"type inconnu ({_shown(values['type_code'])}).")
    for name in SETTINGS:
        low, high, words = bounds.get(name, (-math.inf, math.inf, name))
        if name in values and not low <= values[name] <= high:
            least, most = (f"{value:g}".replace(".", ",") for value in (low, high))
            raise ValueError(f"{words} doit être entre {least} et {most}.")
    if ("lon" in values) != ("lat" in values):
        raise ValueError("il faut la longitude et la latitude, ou aucune des deux.")
    if made is OpenPermanence and "host_id" not in values and "lon" not in values:
        raise ValueError("dites où elle se tient : une structure, ou un point.")
    if made is ChangeSettings and not set(SETTINGS) & set(values):
        raise ValueError("aucun réglage n'est donné.")
    needed = {"type_code", "structure_id", "permanence_id"}
    if made in (OpenStructure, MoveStructure):
        needed |= {"lon", "lat"}
    for item in fields(made):
        if item.name in needed and item.name not in values:
            name = _JSON_NAMES.get(item.name, item.name)
            raise ValueError(f"il manque : {_WORDS[name]}.")


def _cell(name: str, value: Any) -> Any:
    try:
        return _READERS[name](value)
    except ValueError as error:
        raise ValueError(f"{_WORDS[name]} : {error} (reçu : {_shown(value)}).") from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("un texte est attendu")
    # What cannot be seen could not be told from another text, nor typed again.
    text = "".join(char for char in " ".join(value.split()) if char.isprintable())
    if len(text) > MAX_TEXT:
        raise ValueError(f"{MAX_TEXT} caractères au plus")
    return text


def _identifier(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < MAX_ID:
        raise ValueError("un identifiant est attendu")
    return value


def _figure(value: Any) -> float:
    # A whole number too large for a float cannot even be asked whether it is finite.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < MAX_ID:
        raise ValueError("un nombre est attendu")
    return float(value)


def _whole(value: Any) -> int:
    figure = _figure(value)
    if figure != int(figure):
        raise ValueError("un nombre entier est attendu")
    return int(figure)


def _degrees(limit: float) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        figure = _figure(value)
        if abs(figure) > limit:
            raise ValueError(f"des degrés entre -{limit:g} et {limit:g} sont attendus")
        return round(figure, DECIMALS)

    return read


def _yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("oui ou non est attendu")
    return value


def _languages(value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise ValueError("une liste de langues est attendue")
    if any(code not in LANGUAGES for code in value if isinstance(code, str)) or any(
        not isinstance(code, str) for code in value
    ):
        raise ValueError("une langue n'est pas dans la liste")
    return tuple(dict.fromkeys(value))


def _status(value: Any) -> str:
    if value not in (RelationStatus.ACTIF, RelationStatus.EN_SOMMEIL):
        raise ValueError("« actif » ou « en_sommeil » est attendu")
    return str(value)


def _shown(value: Any) -> str:
    text = repr(value) if not isinstance(value, str) else value
    return text if len(text) <= 40 else f"{text[:39]}…"


_READERS: dict[str, Callable[[Any], Any]] = {
    "label": _text, "type": _text, "hours": _text, "structure_id": _identifier,
    "permanence_id": _identifier, "host_id": _identifier, "holder_id": _identifier,
    "lon": _degrees(180), "lat": _degrees(90), "languages": _languages, "free": _yes_no,
    "no_appointment": _yes_no, "linked": _yes_no, "status": _status, "minutes_proximite": _whole,
    "minutes_intermediaire": _whole, "walking_kmh": _figure, "near_share": _figure,
}  # fmt: skip
