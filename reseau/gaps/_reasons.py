"""Why a state is what it is, in French: what allows saying «absent», and what makes a figure fragile."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import numpy as np

from reseau.gaps._base import Claim, GapInputs
from reseau.gaps._reach import AS_IS, FURTHER, LONGER, NEARER, SHORTER, THRESHOLD_SHIFT
from reseau.geo.nearness import Floats, Ints
from reseau.model import french as fr
from reseau.model.communes import current_code, matching_codes
from reseau.model.vocabulary import STATE_LABELS, State

UNLISTED = "aucune source chargée ne dit les recenser tous ici : il y en a peut-être un plus proche"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Numbers of points by type, then by quartier × type (`near`, `served`), also by variant (`linked`)."""

    known: Ints
    placed: Ints
    unplaced: Ints
    unplaced_nowhere: Ints
    declaring: Ints
    outside: Ints
    inside: Ints
    near: Ints
    served: Ints
    linked: Ints


def justifications(inputs: GapInputs, counts: Counts) -> np.ndarray:
    """What allows saying there is none, or none but those known, for each (quartier, type), else empty."""
    texts = np.full((len(inputs.quartiers), len(inputs.types)), "", dtype=object)
    claims: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in inputs.claims:
        claims[claim.type_code].append(claim)
    verified = {(item.quartier_code, item.type_code): item.on for item in inputs.absences}
    for t, type_code in enumerate(inputs.types["type_code"]):
        told: dict[tuple[str, ...], str] = {}
        cites = "aucun" if not counts.known[t] else "aucun autre"
        for q, (code, communes) in enumerate(
            zip(inputs.quartiers["code"], inputs.quartiers["communes"], strict=True)
        ):
            if day := verified.get((code, type_code)):
                texts[q, t] = f"vérifié par une personne le {_day(_iso(day))}"
                continue
            wanted = tuple(communes or inputs.settings.communes)
            if wanted not in told:
                told[wanted] = _claimed(claims[type_code], wanted, cites)
            texts[q, t] = told[wanted]
    return texts


def _claimed(claims: list[Claim], communes: tuple[str, ...], cites: str) -> str:
    """Sources that together list the type in all these communes, empty where they do not."""
    if not claims:
        return ""
    wanted = {current_code(code) for code in communes}
    useful = [claim for claim in claims if not wanted.isdisjoint(_listed(claim, wanted))]
    everywhere = [claim for claim in claims if claim.communes is None]
    covered = frozenset[str]().union(*(_listed(claim, wanted) for claim in useful))
    if not everywhere and not (wanted and wanted <= covered):
        return ""
    sources = _sources(useful or everywhere)
    verbs = (
        "les recense tous ici et n'en cite" if len(sources) == 1 else "les recensent tous ici et n'en citent"
    )
    return f"{' et '.join(sources)} {verbs} {cites}"


def _sources(claims: list[Claim]) -> list[str]:
    """Each source once, with its most recent date."""
    latest: dict[str, str] = {}
    for claim in claims:
        latest[claim.source] = max(latest.get(claim.source, ""), _iso(claim.data_date))
    return [f"{name} (données du {_day(day)})" if day else name for name, day in sorted(latest.items())]


def _listed(claim: Claim, wanted: set[str]) -> frozenset[str]:
    return frozenset(wanted) if claim.communes is None else matching_codes(claim.communes)


def fragilities(states: np.ndarray, minutes: Floats) -> np.ndarray:
    """What would make each state another one, in French, empty where nothing looked at would.

    Args:
        states: variants × quartiers × types (see `reseau.gaps._reach`).
        minutes: threshold of each type, NaN for none.
    """
    state = states[AS_IS]
    parts = np.full(state.shape, "", dtype=object)
    known = np.isin(state, [State.COUVERT, State.A_RELIER, State.ELOIGNE])
    for variant in (SHORTER, LONGER, FURTHER, NEARER):
        for q, t in np.argwhere(known & (states[variant] != state)):
            label = STATE_LABELS[State(states[variant, q, t])].lower()
            separator = " ; " if parts[q, t] else ""
            parts[q, t] += f"{separator}serait “{label}” {_otherwise(variant, float(minutes[t]))}"
    return parts


def _otherwise(variant: int, minutes: float) -> str:
    if variant in (SHORTER, LONGER):
        other = minutes * (1 + (THRESHOLD_SHIFT if variant == LONGER else -THRESHOLD_SHIFT))
        return f"avec un seuil de {fr.decimal(other)}\u00a0min au lieu de {fr.decimal(minutes)}"
    way = "éloignés" if variant == FURTHER else "proches"
    return f"si les lieux étaient plus {way}, dans la limite de la précision de leur position"


def reasons(
    inputs: GapInputs,
    counts: Counts,
    state: np.ndarray,
    doubts: tuple[np.ndarray, Ints, np.ndarray],
) -> np.ndarray:
    """Sentence parts that go with each state, empty where there is nothing to add.

    Args:
        inputs: what is computed.
        counts: numbers of points.
        state: states, quartiers × types.
        doubts: what makes it fragile, number of points that could not be located (by type), what allows
            saying there is none.
    """
    why_fragile, lost, why_absent = doubts
    why_lost = np.array([_unplaced(int(n)) if n else "" for n in lost], dtype=object)
    why_unknown = np.array([_why_unknown(counts, t) for t in range(len(lost))], dtype=object)
    no_pivot = "" if inputs.pivot_ids else "la structure pivot n'est pas encore choisie"
    to_link = np.where(state == State.A_RELIER, no_pivot, "")
    unlisted = np.where((state == State.ELOIGNE) & (why_absent == ""), UNLISTED, "")
    parts = np.broadcast_arrays(why_fragile, why_lost, to_link, unlisted)
    texts = np.full(state.shape, "", dtype=object)
    for cell in np.argwhere(np.any([part != "" for part in parts], axis=0)):
        texts[tuple(cell)] = " ; ".join(filter(None, (part[tuple(cell)] for part in parts)))
    texts = np.where(state == State.NON_RENSEIGNE, why_unknown, texts)
    return np.where(state == State.ABSENT, why_absent, texts)


def _why_unknown(counts: Counts, t: int) -> str:
    if not counts.known[t]:
        return "aucun lieu connu, et aucune source chargée ne dit les recenser tous ici"
    if counts.placed[t]:
        return "lieux connus, mais le contour du quartier ou leur commune manque"
    if counts.unplaced[t]:
        return _unplaced(int(counts.unplaced[t]))
    return "service connu qui se déplace, sans dire dans quels quartiers"


def _unplaced(n: int) -> str:
    return "1 lieu connu mais non placé" if n == 1 else f"{n} lieux connus mais non placés"


def _iso(day: date | str | None) -> str:
    return day.isoformat() if isinstance(day, date) else day or ""


def _day(iso: str) -> str:
    """«2026-05-12» → «12/05/2026»; a text that is not a date is shown as it is."""
    try:
        return f"{date.fromisoformat(iso[:10]):%d/%m/%Y}"
    except ValueError:
        return iso
