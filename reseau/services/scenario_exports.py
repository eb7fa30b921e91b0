"""The result of a what-if as files: a table for a spreadsheet, a text for a steering committee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from reseau.exports import text_csv
from reseau.model import french as fr
from reseau.model.typology import Typology
from reseau.model.vocabulary import STATE_LABELS, State
from reseau.plan.scenario_words import Names, state_sentences

if TYPE_CHECKING:
    from reseau.services.scenarios import ScenarioResult

MAX_STATES_TOLD = 40
HEADINGS = {
    "quartier_code": "code quartier",
    "quartier_name": "quartier",
    "type_code": "code type",
    "type": "type",
    "state_before": "état aujourd'hui",
    "state_after": "état ensuite",
    "share_before": "part d'habitants à portée aujourd'hui",
    "share_after": "part d'habitants à portée ensuite",
    "minutes_nearest_before": "minutes jusqu'au plus proche aujourd'hui",
    "minutes_nearest_after": "minutes jusqu'au plus proche ensuite",
    "nearest_name_before": "le plus proche aujourd'hui",
    "nearest_name_after": "le plus proche ensuite",
    "population": "habitants du quartier",
    "gained": "habitants à portée en plus (ou en moins)",
    "threshold_minutes_after": "seuil en minutes",
    "fragile_after": "état fragile ensuite",
    "n_unplaced_after": "lieux non placés",
    "reason_after": "remarque",
}
"""Columns of the CSV: name in the table → French heading."""
_DIGITS = {
    "share_before": 4, "share_after": 4, "minutes_nearest_before": 1, "minutes_nearest_after": 1, "gained": 0,
}  # fmt: skip


def result_csv(result: ScenarioResult, typology: Typology, *, everything: bool = False) -> bytes:
    """What changes as CSV (`;`, UTF-8 with a byte-order mark); unknown cells are empty.

    Args:
        result: of `compare_scenario`.
        typology: for the names of types.
        everything: types that are not expected too.
    """
    table = result.table if everything else result.shown
    rows = ([_cell(name, row, typology) for name in HEADINGS] for row in table.to_dict("records"))
    return text_csv([*HEADINGS.values(), "calcul"], ([*cells, result.basis] for cells in rows))


def _cell(name: str, row: dict[Any, Any], typology: Typology) -> Any:
    if name == "type":
        code = row["type_code"]
        return typology[code].full_label if code in typology else code
    value = row[name]
    if name.startswith("state_"):
        return STATE_LABELS[State(value)]
    if name in _DIGITS and not pd.isna(value):
        figure = round(float(value), _DIGITS[name])
        return figure if _DIGITS[name] else int(figure)
    return value


def result_text(result: ScenarioResult, names: Names, *, title: str) -> str:
    """What a scenario gives, to be read aloud: changes, figures, states, network, how it was made."""
    parts = [
        ("", [title, f"Scénario établi le {result.on:%d/%m/%Y}. Rien n'est changé dans l'annuaire."]),
        ("Changements", [f"{rank}. {line}" for rank, line in enumerate(result.lines, start=1)]),
        ("À savoir", list(result.problems)),
        ("Ce que cela donne", result.sentences),
        ("États qui changent", _states(result, names)),
        ("Réseau de relations", network_lines(result)),
        ("Comment c'est calculé", [result.basis]),
    ]
    blocks = ["\n".join([head, *lines] if head else lines) for head, lines in parts if lines]
    return "\n\n".join(blocks) + "\n"


def _states(result: ScenarioResult, names: Names) -> list[str]:
    told = state_sentences(result.shown, names)
    more = len(told) - MAX_STATES_TOLD
    return told[:MAX_STATES_TOLD] + ([f"… et {more} autres : voir le tableau."] if more > 0 else [])


def network_lines(result: ScenarioResult) -> list[str]:
    """«Structures : 24, puis 23», one per figure."""
    return [
        f"{figure.label} : {figure_words(figure.before, figure.digits)}, "
        f"puis {figure_words(figure.after, figure.digits)}"
        for figure in result.network.figures
    ]


def figure_words(value: float | None, digits: int = 0) -> str:
    """«1 240», «1,75», «sans objet»."""
    if value is None:
        return "sans objet"
    return fr.number(round(value)) if not digits else fr.decimal(round(value, digits))
