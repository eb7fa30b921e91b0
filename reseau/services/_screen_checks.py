"""What may be said of a screen: every problem at once, in French."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from reseau.errors import RefusedInput
from reseau.model.screens import LANGUAGE_ORDERS, SENSITIVE_MODES, SLIDES, SUBJECTS, DayPart, Screen
from reseau.model.typology import normalise
from reseau.screens.colours import inks
from reseau.screens.needs import load_needs
from reseau.screens.phones import plain, public_text
from reseau.screens.qr import MAX_LENGTH, web_address
from reseau.screens.texts import FRENCH, language_codes
from reseau.services.siting_places import FAR
from reseau.services.territoires import tidy_name
from reseau.sources import MAX_NAME, CellError, has_nir, read_position

PACE = (0.5, 3.0)
MIN_SECONDS = (5, 120)
WALK_MINUTES = (5, 60)
MAX_DAY_PARTS = 50
ONE_NEED = "besoin:"
NIR = (
    "ce texte contient ce qui ressemble à un numéro de sécurité sociale. Réseau ne garde aucune donnée de "
    "patient : retirez-le."
)
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def tidy_screen(record: Screen) -> Screen:
    """Names on one line, codes said once, colours in small letters, addresses without blanks around."""
    return replace(
        record,
        name=tidy_name(record.name),
        quartiers=_once(record.quartiers),
        languages=_once(record.languages),
        slides=_once(record.slides),
        needs=_once(record.needs),
        background=record.background.strip().lower(),
        accent=record.accent.strip().lower(),
        address=record.address.strip().rstrip("/"),
        link=record.link.strip(),
    )


def problems_of(record: Screen, quartiers: Collection[str], *, far: bool = False) -> list[str]:
    """What is wrong of a screen that was tidied.

    Args:
        quartiers: codes of those of its territory.
        far: it stands too far from all of them.
    """
    return [
        *_name(record.name),
        *_codes("Quartiers", record.quartiers, quartiers, "au moins un quartier"),
        *_codes("Langues", record.languages, language_codes(), "au moins une langue"),
        *_codes("Diapositives", record.slides, SLIDES, "au moins une diapositive"),
        *_codes("Besoins", record.needs, load_needs()),
        *_codes("Ordre des langues", (record.language_order,), LANGUAGE_ORDERS),
        *_codes("Sujets sensibles", tuple(record.sensitive), SUBJECTS),
        *_codes("Sujets sensibles", tuple(record.sensitive.values()), SENSITIVE_MODES),
        *_day_parts(record.day_parts),
        *_lit(record),
        *_number("Durée minimale d'une page (secondes)", record.min_seconds, MIN_SECONDS),
        *_number("Rythme", record.pace, PACE),
        *_number("Distance à pied (minutes)", record.walk_minutes, WALK_MINUTES),
        *_position(record, far=far),
        *_colours(record),
        *_address("Adresse de l'application", record.address, path_only=True),
        *_address("Lien à ouvrir avec un téléphone", record.link),
    ]


def texts_problems(texts: Mapping[str, str], limit: int, what: str) -> list[str]:
    """What is wrong of texts by language: an unknown language, no French, too long, patient data."""
    problems = _codes("Langues", tuple(texts), language_codes())
    if not texts.get(FRENCH):
        problems.append(f"{what} : écrivez-le en français ; les autres langues s'y ajoutent.")
    for code, text in texts.items():
        if len(text) > limit:
            problems.append(f"{what} ({code}) : {limit} caractères au plus, il y en a {len(text)}.")
        if has_nir(text):
            problems.append(f"{what} ({code}) : {NIR}")
    return problems


def private_problem(text: str) -> str:
    """What a screen would take out of a text, in French; empty when nothing."""
    if public_text(text) == plain(text):
        return ""
    return (
        "ce texte contient ce qui ressemble à une adresse électronique ou à un numéro de mobile : "
        "un écran public ne les montre pas. Retirez-les."
    )


def tidy_texts(texts: Mapping[str, str], *, lines: bool = False) -> dict[str, str]:
    """Texts that can be seen, the empty ones gone."""
    tidied = {code: plain(text, lines=lines) for code, text in texts.items()}
    return {code: text for code, text in tidied.items() if text}


def _once(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in values))


def _name(name: str) -> Iterator[str]:
    if not normalise(name):
        yield "Nom : donnez un nom à l'écran."
    if len(name) > MAX_NAME:
        yield f"Nom : {MAX_NAME} caractères au plus."
    if has_nir(name):
        yield f"Nom : {NIR}"
    elif problem := private_problem(name):
        yield f"Nom : {problem}"


def _codes(label: str, chosen: Sequence[str], known: Collection[str], least: str = "") -> list[str]:
    if least and not chosen:
        return [f"{label} : choisissez {least}."]
    unknown = [plain(code)[:40] for code in chosen if code not in known]
    if not unknown:
        return []
    possible = f" Possibles : {', '.join(sorted(known))}." if 0 < len(known) <= 20 else ""
    return [f"{label} : inconnu ({', '.join(unknown)}).{possible}"]


def _day_parts(parts: Sequence[DayPart]) -> Iterator[str]:
    if len(parts) > MAX_DAY_PARTS:
        yield f"Moments de la journée : {MAX_DAY_PARTS} au plus."
        return
    slides = {*SLIDES, *(f"{ONE_NEED}{key}" for key in load_needs())}
    for part in parts:
        yield from _codes("Moments de la journée", (part.slide,), slides)
        yield from _span("Moments de la journée", part.start, part.end)
        if not set(part.days) <= set(range(7)):
            yield "Moments de la journée : les jours vont de 0 (lundi) à 6 (dimanche)."


def _lit(record: Screen) -> Iterator[str]:
    if record.on_from or record.on_until:
        yield from _span("Allumage", record.on_from or "00:00", record.on_until or "24:00")


def _span(label: str, start: str, end: str) -> Iterator[str]:
    wrong = [text for text in (start, end) if not _TIME.fullmatch(text)]
    if wrong and not (wrong == ["24:00"] and end == "24:00"):
        yield f"{label} : « {plain(wrong[0])[:20]} » n'est pas une heure. Écrivez-la comme 09:30."
    elif start == end:
        yield f"{label} : le début et la fin sont à la même heure ({start})."


def _number(label: str, value: float, bounds: tuple[float, float]) -> Iterator[str]:
    low, high = bounds
    if not low <= value <= high:
        yield f"{label} : entre {_french(low)} et {_french(high)}."


def _french(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _position(record: Screen, *, far: bool) -> Iterator[str]:
    if (record.lon is None) != (record.lat is None):
        yield "Position de l'écran : donnez la longitude et la latitude, ou aucune des deux."
    elif record.lon is not None and record.lat is not None:
        if not (math.isfinite(record.lon) and math.isfinite(record.lat)):
            yield "Position de l'écran : ce ne sont pas des degrés."
            return
        try:
            read_position(str(record.lat), str(record.lon))
        except CellError as error:
            yield f"Position de l'écran : {error}"
            return
        if far:
            yield f"Position de l'écran : {FAR}"


def _colours(record: Screen) -> Iterator[str]:
    try:
        inks(record.background, record.accent)
    except RefusedInput as error:
        yield str(error)


def _address(label: str, text: str, *, path_only: bool = False) -> Iterator[str]:
    if not text:
        return
    if len(text) > MAX_LENGTH:
        yield f"{label} : {MAX_LENGTH} caractères au plus."
    elif not web_address(text, local=True):
        yield f"{label} : ce n'est pas une adresse web. Elle commence par http:// ou https://."
    elif path_only and (urlsplit(text).query or urlsplit(text).fragment):
        yield f"{label} : sans « ? » ni « # » (par exemple http://exemple.fr:8501)."
    elif problem := private_problem(text):
        yield f"{label} : {problem}"
