"""Why a state is what it is, in French: what allows saying «absent», and what makes a figure fragile."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import numpy as np

from reseau.gaps._base import Claim, GapInputs
from reseau.geo.nearness import Floats, Ints
from reseau.model.communes import current_code, matching_codes
from reseau.model.vocabulary import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Numbers of points by type (first block) and by quartier × type (`near`, `linked`, `served`)."""

    known: Ints
    placed: Ints
    unplaced: Ints
    unplaced_nowhere: Ints
    declaring: Ints
    outside: Ints
    inside: Ints
    near: Ints
    linked: Ints
    served: Ints


def justifications(inputs: GapInputs, counts: Counts) -> np.ndarray:
    """What allows saying there is none, for each (quartier, type) without any known point, else empty."""
    texts = np.full((len(inputs.quartiers), len(inputs.types)), "", dtype=object)
    claims: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in inputs.claims:
        claims[claim.type_code].append(claim)
    verified = {(item.quartier_code, item.type_code): item.on for item in inputs.absences}
    for t, type_code in enumerate(inputs.types["type_code"]):
        if counts.known[t]:
            continue
        for q, (code, communes) in enumerate(
            zip(inputs.quartiers["code"], inputs.quartiers["communes"], strict=True)
        ):
            if day := verified.get((code, type_code)):
                texts[q, t] = f"vérifié par une personne le {_day(_iso(day))}"
            else:
                texts[q, t] = _claimed(claims[type_code], communes or inputs.settings.communes)
    return texts


def _claimed(claims: list[Claim], communes: tuple[str, ...]) -> str:
    """Sources that together list the type in all these communes, empty where they do not."""
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
    return f"{' et '.join(sources)} {verbs} aucun"


def _sources(claims: list[Claim]) -> list[str]:
    """Each source once, with its most recent date."""
    latest: dict[str, str] = {}
    for claim in claims:
        latest[claim.source] = max(latest.get(claim.source, ""), _iso(claim.data_date))
    return [f"{name} (données du {_day(day)})" if day else name for name, day in sorted(latest.items())]


def _listed(claim: Claim, wanted: set[str]) -> frozenset[str]:
    return frozenset(wanted) if claim.communes is None else matching_codes(claim.communes)


def reasons(
    inputs: GapInputs,
    counts: Counts,
    state: np.ndarray,
    doubts: tuple[Floats, np.ndarray, np.ndarray],
    why_absent: np.ndarray,
) -> np.ndarray:
    """Sentence parts that go with each state, empty where there is nothing to add.

    Args:
        inputs: what is computed.
        counts: numbers of points.
        state: states, quartiers × types.
        doubts: share, whether it is close to the share asked, number of points that could not be located
            (by type).
        why_absent: what allows saying there is none.
    """
    share, at_the_limit, lost = doubts
    asked = _percent(inputs.settings.near_share)
    texts = np.full(state.shape, "", dtype=object)
    for q, t in np.ndindex(*state.shape):
        if state[q, t] == State.ABSENT:
            texts[q, t] = why_absent[q, t]
            continue
        if state[q, t] == State.NON_RENSEIGNE:
            texts[q, t] = _why_unknown(counts, t)
            continue
        parts = []
        if at_the_limit[q, t]:
            parts.append(f"{_percent(float(share[q, t]))} des habitants, tout près de la limite de {asked}")
        if lost[t]:
            parts.append(_unplaced(int(lost[t])))
        if state[q, t] == State.A_RELIER and not inputs.pivot_ids:
            parts.append("la structure pivot n'est pas encore choisie")
        texts[q, t] = " ; ".join(parts)
    return texts


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


def _percent(share: float) -> str:
    return f"{round(share * 100)}\u202f%"


def _iso(day: date | str | None) -> str:
    return day.isoformat() if isinstance(day, date) else day or ""


def _day(iso: str) -> str:
    """«2026-05-12» → «12/05/2026»; a text that is not a date is shown as it is."""
    try:
        return f"{date.fromisoformat(iso[:10]):%d/%m/%Y}"
    except ValueError:
        return iso
