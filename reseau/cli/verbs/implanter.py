"""`implanter`: the places that reach most inhabitants, or the fewest that reach enough of them."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING, Any

from reseau.cli._base import Answer, Command, decimal, number, progress
from reseau.errors import RefusedInput
from reseau.services import App, territoires

if TYPE_CHECKING:
    from reseau.services.siting import Proposal, SitingResult
    from reseau.services.siting_actions import Proposed
    from reseau.services.siting_places import Candidate
    from reseau.services.view import View


def _percent(text: str) -> float:
    return decimal(text.replace("%", "").strip())


# What the parser says of a wrong value starts with this name.
_percent.__name__ = "float"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument(
        "--type", action="append", required=True, metavar="CODE", help="type de service (se répète)"
    )
    goal = parser.add_mutually_exclusive_group(required=True)
    goal.add_argument("--nombre", type=int, metavar="K", help="choisir K lieux")
    goal.add_argument("--part", type=_percent, metavar="X", help="atteindre X %% des habitants (ex. 80)")
    parser.add_argument("--lieux", metavar="TYPE,TYPE", help="genres de structures qui pourraient accueillir")
    parser.add_argument("--reperes", metavar="TYPE,TYPE", help="genres de lieux d'OpenStreetMap")
    parser.add_argument(
        "--point", action="append", default=[], metavar="LON,LAT,NOM", help="un lieu possible (se répète)"
    )
    parser.add_argument(
        "--quartier", action="append", default=[], metavar="CODE", help="compter ces quartiers seulement"
    )
    parser.add_argument("--creer", action="store_true", help="créer une action (idée) par lieu choisi")
    parser.add_argument(
        "--delai", type=decimal, default=10.0, metavar="S", help="secondes de calcul au plus (10)"
    )


def run(app: App, args: argparse.Namespace) -> Answer:
    """Choose, and write the actions when asked to."""
    from reseau.services.siting import Wish, site
    from reseau.services.siting_actions import propose_actions
    from reseau.services.view import open_view

    place = territoires.find_territoire(app, args.territoire)
    view = open_view(app, place.id)
    wish = Wish(
        types=tuple(dict.fromkeys(_code(view, text) for text in args.type)),
        k=args.nombre,
        share=None if args.part is None else _share(args.part),
        quartiers=tuple(dict.fromkeys(args.quartier)),
        time_limit=args.delai,
    )
    result = site(app, place.id, wish, _candidates(app, view, args), on_progress=progress)
    written = propose_actions(app, place.id, result) if args.creer else None
    return _answer(result, written)


def _code(view: View, text: str) -> str:
    """A type by its code, acronym or name; what is not recognised stays, for the service to blame."""
    return view.typology.recognise(text) or text


def _share(percent: float) -> float:
    if not 1 < percent <= 100:
        raise RefusedInput(
            f"--part {percent:g} : donnez un pourcentage, au-dessus de 1 et jusqu'à 100 (ex. 80)."
        )
    return percent / 100


def _candidates(app: App, view: View, args: argparse.Namespace) -> list[Candidate]:
    from reseau.services.action_drafts import HOST_TYPES
    from reseau.services.siting_places import read_point, repere_candidates, structure_candidates

    points = [read_point(text) for text in args.point]
    kinds = _kinds(view, args.lieux, "--lieux")
    reperes = _kinds(view, args.reperes, "--reperes")
    if not (kinds or reperes or points):
        kinds = list(HOST_TYPES)
    return [*structure_candidates(view, kinds), *repere_candidates(app, view, reperes), *points]


def _kinds(view: View, text: str | None, option: str) -> list[str]:
    typed = [part.strip() for part in (text or "").split(",") if part.strip()]
    codes = [_code(view, part) for part in typed]
    if unknown := [code for code in codes if code not in view.typology]:
        raise RefusedInput(
            f"{option} : type inconnu ({', '.join(unknown)}). Les types sont ceux de la page Réglages."
        )
    return codes


def _weight(result: SitingResult, value: float) -> float | None:
    """Inhabitants to the unit; sums of shares of quartiers to the hundredth."""
    if result.by_share or math.isnan(value):
        return number(value, 2)
    return round(value)


def _answer(result: SitingResult, written: Proposed | None) -> dict[str, Any]:
    return {
        "types": list(result.wish.types),
        "statut": str(result.outcome),
        "ecart": number(result.gap, 4),
        "phrase": result.sentence,
        "lieux_possibles": len(result.candidates),
        "lieux_utiles": result.useful,
        "unite": "quartiers" if result.by_share else "habitants",
        "comptes": _weight(result, result.people),
        "totaux": [
            {
                "type": total.type_code,
                "minutes": number(total.minutes, 1),
                "avant": _weight(result, total.before),
                "apres": _weight(result, total.after),
                "avec_tous_les_lieux": _weight(result, total.most),
            }
            for total in result.totals
        ],
        "choisis": [_chosen(result, item) for item in result.proposals],
        "quartiers": [
            {
                "code": row.code,
                "nom": row.name,
                "type": row.type_code,
                "habitants": number(row.people, 0),
                "part_avant": number(row.before, 4),
                "part_apres": number(row.after, 4),
            }
            for row in result.quartiers.itertuples(index=False)
        ],
        "marche": result.travel,
        "a_savoir": list(result.notes),
    } | ({} if written is None else {"creees": len(written.created), "deja_la": len(written.existing)})


def _chosen(result: SitingResult, item: Proposal) -> dict[str, Any]:
    place = item.candidate
    return {
        "rang": item.rank,
        "nom": place.label,
        "lon": round(place.lon, 6),
        "lat": round(place.lat, 6),
        "structure": place.structure_id,
        "source": place.credit or None,
        "gain": _weight(result, item.gain),
        "seul": _weight(result, item.alone),
        "quartiers": [helped.code for helped in item.quartiers],
    }


def lines(answer: Answer) -> list[str]:
    """The answer in words, then one line per place, then what to know."""
    if not isinstance(answer, dict):
        return []
    found = [answer["phrase"]]
    found += [
        f"{item['rang']}. {item['nom']} : +{item['gain']} {answer['unite']} ({item['seul']} à lui seul)"
        for item in answer["choisis"]
    ]
    found += [f"- {note}" for note in answer["a_savoir"]]
    if "creees" in answer:
        found.append(f"Actions créées (idées) : {answer['creees']} ; déjà là : {answer['deja_la']}")
    return found


COMMAND = Command(
    id="implanter",
    help="choisir les lieux qui atteignent le plus d'habitants",
    order=65,
    arguments=arguments,
    run=run,
    lines=lines,
)
