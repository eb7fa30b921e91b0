"""What a choice of places says, and what to know before using it, in French (plain text)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from reseau.model.french import NBSP, THIN, decimal, noun_of, number, percent
from reseau.model.vocabulary import State
from reseau.plan.siting import Outcome
from reseau.services.siting_overlaps import told_twice

if TYPE_CHECKING:
    from reseau.services.siting import SitingResult, TypeTotal
    from reseau.services.view import View


def summary(view: View, result: SitingResult) -> str:
    """The answer, in a few sentences."""
    if result.outcome is Outcome.INFEASIBLE:
        return _infeasible(view, result)
    if not result.proposals:
        return _nothing(view, result)
    count = len(result.proposals)
    chosen = f"{count} lieu{'x' if count > 1 else ''} sur {number(len(result.candidates))} possibles"
    parts = [
        f"{chosen} : {gained(result, _gain(result))}.",
        *(_total(view, result, t) for t in result.totals),
    ]
    if result.wish.k is not None and count < result.wish.k:
        parts.append(
            f"{_places(count)} : un de plus n'atteindrait personne de plus." if count < result.useful else ""
        )
        if count >= result.useful:
            parts.append("Aucun autre lieu possible n'atteindrait quelqu'un de plus.")
    if result.outcome is Outcome.TIME_LIMIT:
        parts.append(_doubt(result))
    return " ".join(filter(None, parts))


def gained(result: SitingResult, gain: float) -> str:
    """«1 240 habitants de plus», once per type where there are several."""
    whole = round(gain)
    found = f"{number(whole)}{NBSP}habitant{'s' if whole > 1 else ''} de plus"
    if result.by_share:
        found = f"l'équivalent de {decimal(gain)} quartier{'s' if gain >= 2 else ''} de plus"
    return f"{found} (comptés une fois par type)" if len(result.wish.types) > 1 else found


def threshold(view: View, total: TypeTotal) -> str:
    """«à 15 minutes à pied ou moins d'un CMP»."""
    noun = noun_of(view.typology[total.type_code])
    return f"à {decimal(total.minutes)}{NBSP}minutes à pied ou moins d'{noun.one}"


def notes(view: View, result: SitingResult) -> tuple[str, ...]:
    """What to know before using the answer."""
    found = [*_method(view, result), *_unknown(view, result), *_doubts_on_types(view, result)]
    idle = len(result.candidates) - result.useful
    if idle and result.proposals:
        found.append(
            f"{number(idle)} des {number(len(result.candidates))} lieux possibles "
            f"n'atteindrai{'ent' if idle > 1 else 't'} personne de plus."
        )
    return (*found, *_overlaps(view, result))


def _gain(result: SitingResult) -> float:
    return sum(item.gain for item in result.proposals)


def _share(result: SitingResult, value: float) -> str:
    known = result.people > 0 and not math.isnan(value)
    # Weights are sums of 1/n: rounding keeps everybody at exactly 1.
    return percent(round(value / result.people, 9)) if known else "part non renseignée"


def _total(view: View, result: SitingResult, total: TypeTotal) -> str:
    after, where = _share(result, total.after), threshold(view, total)
    today = "aujourd'hui, on ne sait pas"
    if not math.isnan(total.before):
        today = f"{_share(result, total.before)} aujourd'hui"
    if result.by_share:
        return f"En moyenne des quartiers, {after} des habitants seraient {where} ({today})."
    return (
        f"{number(round(total.after))} habitants sur {number(round(result.people))} seraient {where} : "
        f"{after} ({today})."
    )


def _places(count: int) -> str:
    return "Un lieu suffit" if count == 1 else f"{count} lieux suffisent"


def _nothing(view: View, result: SitingResult) -> str:
    if result.wish.share is not None:
        today = ", ".join(
            f"{_share(result, total.before)} {threshold(view, total)}" for total in result.totals
        )
        return f"C'est déjà le cas aujourd'hui, sans rien ouvrir : {today}."
    if all(total.before >= result.people * (1 - 1e-9) for total in result.totals):
        return (
            "Tous les habitants comptés sont déjà à portée des types choisis : ouvrir un lieu de plus "
            "n'atteindrait personne de nouveau."
        )
    if result.useful:
        return (
            "Les lieux possibles n'atteindraient de nouveaux habitants que dans des quartiers dont la "
            "population est inconnue : ils ne peuvent pas être comptés. Choisissez ces quartiers seuls, ou "
            "complétez leur population (page Réglages)."
        )
    if len(result.candidates) > 1:
        told = f"Aucun des {number(len(result.candidates))} lieux possibles n'atteindrait un habitant"
    else:
        told = "Le seul lieu possible n'atteindrait aucun habitant"
    return (
        f"{told} de plus : trop loin des habitants que rien n'atteint. Ajoutez des lieux plus proches d'eux "
        "(une école, un point sur la carte)."
    )


def _infeasible(view: View, result: SitingResult) -> str:
    share = result.wish.share or 0.0
    short = [total for total in result.totals if total.most < share * result.people * (1 - 1e-6)]
    said = [
        f"même avec {_all(len(result.candidates))}, {_share(result, total.most)} des habitants seraient "
        f"{threshold(view, total)} ; {_share(result, result.people - total.most)} resteraient plus loin de "
        "tout lieu"
        for total in short
    ]
    return (
        f"Atteindre {percent(share)} des habitants n'est pas possible : {' ; '.join(said)}. Ajoutez des "
        "lieux possibles, ou visez une part plus petite."
    )


def _all(count: int) -> str:
    return "le seul lieu possible" if count == 1 else f"les {number(count)} lieux possibles"


def _doubt(result: SitingResult) -> str:
    start = f"Le calcul s'est arrêté au bout de {decimal(result.wish.time_limit)}{NBSP}secondes : "
    if result.wish.k is None:
        more = len(result.proposals) - int(result.bound)
        return f"{start}il y a peut-être {more} lieu{'x' if more > 1 else ''} de trop, pas davantage."
    # Rounded up: a promise must not be a little too good.
    gap = np.ceil(result.gap * 1000) / 10
    return f"{start}ce choix est au plus à {decimal(float(gap))}{THIN}% du meilleur possible."


def _method(view: View, result: SitingResult) -> list[str]:
    pace = decimal(view.territoire.walking_kmh)
    how = f"Marche : {result.travel}, à {pace}{NBSP}km/h"
    people = view.inhabitants.quartiers
    counted = people[view.quartiers["code"].isin(result.quartiers["code"])]
    sources = sorted(
        {text for text in counted.loc[counted["population"].notna(), "population_source"] if text}
    )
    spread = sorted(set(counted["spread"]))
    return [
        f"{how}{' (une estimation)' if result.estimated else ''}.",
        f"Habitants : {', '.join(sources) or 'source non renseignée'} ; {', '.join(spread)}."
        if not result.by_share
        else "Aucune population n'est connue : chaque quartier compte autant que les autres, et un gain est "
        "une somme de parts de quartiers.",
        "Un habitant compte quand il est à la durée de marche du type, ou moins, d'un lieu connu et placé ou "
        "d'une permanence en cours, et quand un service du type se déplace dans son quartier.",
    ]


def _unknown(view: View, result: SitingResult) -> list[str]:
    table = result.quartiers.drop_duplicates("code")
    names = list(table.loc[table["people"].isna(), "name"])
    found = []
    if names and not result.by_share:
        found.append(
            f"Population inconnue : {', '.join(names)}. Leurs habitants ne peuvent pas être comptés dans le "
            "choix ; la part atteinte y est donnée à côté."
        )
    people = view.inhabitants.quartiers
    estimated = people.index[people["estimated"].astype(bool)]
    named = [str(view.quartiers.at[item, "name"]) for item in estimated]
    named = [name for name in named if name in set(table["name"])]
    if named:
        found.append(f"Population estimée (somme de carreaux ou d'îlots) : {', '.join(named)}.")
    return found


def _doubts_on_types(view: View, result: SitingResult) -> list[str]:
    found = []
    for code in result.wish.types:
        gaps = view.gaps[(view.gaps["type_code"] == code)]
        label = view.typology[code].short_label
        if unplaced := int(gaps["n_unplaced"].max()):
            found.append(
                f"{label} : {number(unplaced)} lieu{'x' if unplaced > 1 else ''} connu"
                f"{'s' if unplaced > 1 else ''} sans position ne compte{'nt' if unplaced > 1 else ''} pas. "
                "Placez-les d'abord (page Données)."
            )
        if (gaps["state"] == State.NON_RENSEIGNE).all():
            found.append(
                f"{label} : aucun lieu connu, et rien ne dit qu'il n'y en a pas. Vérifiez avant de décider "
                "d'en ouvrir un."
            )
    return found


def _overlaps(view: View, result: SitingResult) -> list[str]:
    codes = set(result.quartiers["code"])
    found = []
    if pairs := told_twice(view, codes):
        found.append(
            f"{' ; '.join(pairs)} se recouvrent : leurs habitants communs comptent deux fois. "
            "Choisissez les quartiers à compter pour l'éviter."
        )
    if not result.wish.quartiers:
        left = list(view.quartiers.loc[~view.quartiers["code"].isin(codes), "name"])
        if left:
            found.append(
                f"Pas compté{'s' if len(left) > 1 else ''}, pour ne pas compter deux fois les mêmes "
                f"habitants : {', '.join(left)} (quartier vécu qui recouvre un quartier prioritaire). "
                "Choisissez les quartiers à compter pour en décider autrement."
            )
    return found
