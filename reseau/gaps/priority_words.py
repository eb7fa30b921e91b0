"""Priorities in French sentences, as plain text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reseau.gaps.priority import LEAST_INDEX, MOST_INDEX
from reseau.model import french as fr
from reseau.model.indicators import indicator
from reseau.model.records import Territoire
from reseau.model.vocabulary import THEMES, State

FORMULA = "habitants non couverts × poids du type × indice social × demandes"
Line = Mapping[Any, Any]


def explanation(line: Line) -> str:
    """«1 240 habitants non couverts × poids 2 × indice social 1,3 × demandes 1,4 = 4 514»."""
    return f"{product(line)}{fr.NBSP}= {fr.number(int(line['score']))}"


def product(line: Line) -> str:
    """The factors of a line; a share of the inhabitants where their number is unknown."""
    if _unknown(line["uncovered"]):
        people = f"{fr.percent(line['uncovered_share'])} des habitants (nombre inconnu)"
    else:
        count = int(line["uncovered"])
        many = "s" if count > 1 else ""
        people = f"{fr.number(count)}{fr.NBSP}habitant{many} non couvert{many}"
        if line["state"] == State.A_RELIER:
            people = (
                f"{fr.number(count)}{fr.NBSP}habitant{many} compté{many} sur "
                f"{fr.number(int(line['population']))} (proches, sans relation active)"
            )
    factors = {"poids": "weight", "indice social": "social_index", "demandes": "needs_factor"}
    told = [f"{name}{fr.NBSP}{fr.decimal(line[column])}" for name, column in factors.items()]
    return " × ".join([people, *told])


def doubts(line: Line, settings: Territoire) -> tuple[str, ...]:
    """What a line does not know, or knows badly, one short phrase each."""
    found = []
    if _unknown(line["population"]):
        found.append("nombre d'habitants inconnu")
    elif line["estimated"]:
        found.append("nombre d'habitants estimé")
    if settings.social_indicator and _unknown(line["social_value"]):
        label = indicator(settings.social_indicator).label.lower()
        found.append(f"{label} inconnu pour ce quartier : indice social 1")
    if not line["needs_total"]:
        found.append("aucune demande notée dans ce quartier : demandes 1")
    # What is said of an absence is its proof, not a doubt.
    if line["reason"] and line["state"] != State.ABSENT:
        found.append(f"état fragile : {line['reason']}" if line["fragile"] else str(line["reason"]))
    return tuple(found)


def formula_lines(settings: Territoire, mean: float) -> tuple[str, ...]:
    """What each factor of the formula is in this territory, one sentence each.

    Args:
        mean: `Priorities.social_mean`.
    """
    return (
        "Habitants non couverts : ceux qui n'ont pas de lieu à portée ; pour un type à relier, ceux qui en "
        f"ont un comptent pour {fr.decimal(settings.weight_to_link)}.",
        "Poids du type : ce que compte chaque habitant non couvert (Réglages, Types attendus).",
        _social_line(settings, mean),
        f"Demandes : 1 + {fr.decimal(settings.weight_needs)} × part des demandes du quartier qui portent sur "
        "le thème du type ; 1 quand aucune demande n'est notée.",
    )


def needs_words(line: Line) -> str:
    """«14 demandes sur 60 : santé mentale, écoute», empty when none is noted."""
    total, count = int(line["needs_total"]), int(line["needs_count"])
    if not total:
        return ""
    theme = THEMES.get(line["theme"], line["theme"])
    return f"{fr.number(count)} demande{'s' if count > 1 else ''} sur {fr.number(total)} : {theme}"


def _social_line(settings: Territoire, mean: float) -> str:
    if not settings.social_indicator:
        return "Indice social : aucun chiffre choisi, 1 partout."
    known = indicator(settings.social_indicator)
    label = known.label.lower()
    if _unknown(mean):
        return f"Indice social : {label}, qu'aucun quartier n'a ici ; 1 partout."
    unit = f"{fr.NBSP}{known.unit}" if known.unit else ""
    said = f"{fr.decimal(mean)}{unit}"
    how = f"{label} du quartier ÷ moyenne des quartiers ({said})"
    if known.deprived == "bas":
        how = f"moyenne des quartiers ({said}) ÷ {label} du quartier"
    return (
        f"Indice social : {how}, pondérée par les habitants, entre {fr.decimal(LEAST_INDEX)} et "
        f"{fr.decimal(MOST_INDEX)} ; 1 quand le chiffre est inconnu."
    )


def _unknown(value: Any) -> bool:
    return bool(pd.isna(value))
