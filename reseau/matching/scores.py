"""From clues to a score, a verdict and reasons in French. Weights and thresholds: docs/doublons.md."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from reseau.matching.evidence import SAME_FAMILY, SAME_PLACE_M, Evidence

CERTAIN, PROBABLE, POSSIBLE, UNLIKELY = "certain", "probable", "possible", "peu_probable"
VERDICTS = (CERTAIN, PROBABLE, POSSIBLE, UNLIKELY)
PROBABLE_FROM = 82.0
POSSIBLE_FROM = 70.0
# Out of 100: names, place, type, contact details.
NAME, PLACE, TYPE, CONTACT = 62.0, 22.0, 8.0, 8.0
CONTRADICTION = 15.0
EXTRA = 5.0
OTHER_TYPE = 8.0
# Neither the same kind of service nor the same door: a shared place name brought them together.
OTHER_SERVICE_ELSEWHERE = 12.0
OTHER_SIRET = 3.0
# Two numbers of the register are two establishments, whatever else they share.
OTHER_NUMBER_AT_MOST = 40.0
FAR_M = 1_000.0

Floats = NDArray[np.float64]


def place(clues: Evidence) -> Floats:
    """How much the places agree, 0–1."""
    near = np.interp(clues.metres, [15.0, 100.0, 250.0, FAR_M], [1.0, 0.75, 0.45, 0.0])
    unknown = np.where(clues.same_commune, 0.4, 0.0)
    found = np.where(np.isnan(clues.metres), unknown, near)
    found = np.where(clues.other_address & ~(clues.metres <= SAME_PLACE_M), found * 0.6, found)
    return np.where(clues.same_address, 1.0, found)


def contact(clues: Evidence) -> Floats:
    """How much phones, mail and web addresses agree, 0–1; a platform shares its number among places."""
    found = np.full(len(clues.name), 0.4)
    found = np.where(clues.differ["phone"], 0.2, found)
    found = np.where(clues.same["email"] | clues.same["website"], 0.8, found)
    return np.where(clues.same["phone"], 1.0, found)


def contradictions(clues: Evidence) -> Floats:
    """How many times the names say two different things."""
    flags = (clues.other_kinds, clues.other_numbers, clues.other_sides)
    return np.asarray(np.sum(flags, axis=0), dtype=np.float64)


def score(clues: Evidence) -> Floats:
    """Likeness of each pair, 0–100."""
    found = NAME * clues.name + PLACE * place(clues) + TYPE * clues.types + CONTACT * contact(clues)
    found -= CONTRADICTION * contradictions(clues) + EXTRA * clues.extra
    found -= OTHER_TYPE * (clues.types == 0) + OTHER_SIRET * clues.differ["siret"]
    other_type = (clues.types == 0) | (clues.types == SAME_FAMILY)
    found -= OTHER_SERVICE_ELSEWHERE * (other_type & clues.other_address)
    # Several services under one roof: another type is never more than a question.
    doubt = other_type | clues.other_kinds | clues.other_modes
    found = np.where(doubt, np.minimum(found, PROBABLE_FROM - 1), found)
    found = np.where(
        clues.differ["finess"] | clues.differ["uai"], np.minimum(found, OTHER_NUMBER_AT_MOST), found
    )
    found = np.where(certain(clues), 100.0, found)
    return np.clip(np.round(found, 1), 0.0, 100.0)


def certain(clues: Evidence) -> NDArray[np.bool_]:
    """Same FINESS or UAI number; or same SIRET at one place, for services that may be one.

    A SIRET belongs to an organisation at an address: its services there share it.
    """
    here = clues.same_address | (clues.metres <= SAME_PLACE_M)
    one_service = (clues.types > 0) & (contradictions(clues) == 0) & (clues.name >= 0.5)
    by_siret = clues.same["siret"] & here & one_service & ~clues.differ["finess"] & ~clues.differ["uai"]
    found: NDArray[np.bool_] = clues.same["finess"] | clues.same["uai"] | by_siret
    return found


def verdicts(scores: Floats, sure: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Verdict of each pair."""
    found = np.where(scores >= PROBABLE_FROM, PROBABLE, np.where(scores >= POSSIBLE_FROM, POSSIBLE, UNLIKELY))
    return np.where(sure, CERTAIN, found).astype(object)


def reasons(clues: Evidence, rank: int) -> tuple[str, ...]:
    """Why, in French: what speaks for it, then what speaks against it."""
    return (*_for(clues, rank), *_against(clues, rank))


def _for(clues: Evidence, rank: int) -> Iterator[str]:
    labels = {
        "finess": "même numéro FINESS", "uai": "même numéro UAI", "siret": "même SIRET",
        "phone": "même téléphone", "email": "même courriel", "website": "même site",
    }  # fmt: skip
    yield from (label for key, label in labels.items() if clues.same[key][rank])
    likeness = clues.name[rank]
    if likeness >= 0.995:
        yield "même nom"
    elif likeness >= 0.85:
        yield "noms très proches"
    elif likeness >= 0.65:
        yield "noms proches"
    if clues.same_address[rank]:
        yield "même adresse"
    metres = clues.metres[rank]
    if metres <= SAME_PLACE_M:
        yield "même endroit" if metres < 1 else f"à {metres:.0f} m l'une de l'autre"
    if clues.types[rank] == 1:
        yield "même type"
    elif clues.types[rank] == SAME_FAMILY:
        yield "types de la même famille"


def _against(clues: Evidence, rank: int) -> Iterator[str]:
    labels = {
        "finess": "numéros FINESS différents",
        "uai": "numéros UAI différents",
        "siret": "SIRET différents",
    }
    yield from (label for key, label in labels.items() if clues.differ[key][rank])
    metres = clues.metres[rank]
    if metres > SAME_PLACE_M:
        yield (
            f"à {metres:.0f} m l'une de l'autre"
            if metres < FAR_M
            else f"à {metres / 1000:.1f} km".replace(".", ",")
        )
    elif np.isnan(metres) and not clues.same_address[rank]:
        yield "distance inconnue"
    flags = {
        "adresses différentes": clues.other_address,
        "types différents": clues.types == 0,
        "les noms désignent deux services différents": clues.other_kinds,
        "numéros différents dans les noms": clues.other_numbers,
        "publics ou secteurs différents dans les noms": clues.other_sides,
        "l'une est itinérante, l'autre non": clues.other_modes,
    }
    yield from (label for label, flag in flags.items() if flag[rank])
    if clues.name[rank] < 0.5:
        yield "noms très différents"
    elif clues.name[rank] < 0.65:
        yield "noms peu semblables"
