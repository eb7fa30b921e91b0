"""`scenario`: what would change if a structure closed, a permanence opened, a relation became active."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from reseau.cli._base import Answer, Command, number
from reseau.errors import RefusedInput
from reseau.services import App, territoires

if TYPE_CHECKING:
    from reseau.services.saved_scenarios import SavedScenario
    from reseau.services.scenarios import ScenarioResult

POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    for option, metavar, words in (
        ("--fermer", "FICHE", "une structure ferme"),
        ("--ouvrir", "TYPE@LIEU", "une permanence ouvre ; LIEU : une fiche, ou « longitude,latitude »"),
        ("--le", "HORAIRES", "quand, pour chaque --ouvrir (« mardi 14h-17h »)"),
        ("--relier", "FICHE", "une relation devient active"),
    ):
        parser.add_argument(option, metavar=metavar, help=words, action="append", default=[])
    parser.add_argument("--nom", metavar="NOM", help="nom du scénario, avec --enregistrer")
    parser.add_argument("--enregistrer", action="store_true", help="garder le scénario")
    parser.add_argument("--voir", metavar="NOM", help="partir d'un scénario gardé")
    parser.add_argument("--supprimer", metavar="NOM", help="effacer un scénario gardé")


def run(app: App, args: argparse.Namespace) -> Answer:
    """Compare, keep or delete; without anything asked, the scenarios that are kept."""
    from reseau.services import saved_scenarios as shelf
    from reseau.services.scenarios import compare_scenario

    place = territoires.find_territoire(app, args.territoire)
    wanted = [*args.fermer, *args.ouvrir, *args.relier]
    _check(args, wanted)
    if args.supprimer:
        gone = shelf.find_scenario(app, place.id, args.supprimer)
        shelf.delete_scenario(app, place.id, gone)
        return {"supprime": gone.name}
    if not wanted and not args.voir:
        return {"scenarios": [_about(item) for item in shelf.list_scenarios(app, place.id)]}
    changes: list[dict[str, Any]] = []
    if args.voir:
        changes += shelf.find_scenario(app, place.id, args.voir).changes
    changes += _typed(app, place.id, args)
    result = compare_scenario(app, place.id, changes)
    kept = None
    if args.enregistrer:
        kept = shelf.save_scenario(app, place.id, args.nom, result.changes).name
    return _answer(result, kept or args.voir)


def _check(args: argparse.Namespace, wanted: list[str]) -> None:
    if args.enregistrer != bool(args.nom):
        raise RefusedInput("Pour garder le scénario, donnez --nom NOM et --enregistrer ensemble.")
    if args.le and (not args.ouvrir or len(args.le) not in {1, len(args.ouvrir)}):
        raise RefusedInput("--le : donnez-le une fois pour toutes, ou une fois pour chaque --ouvrir.")
    if args.supprimer and (wanted or args.voir or args.enregistrer):
        raise RefusedInput("--supprimer s'emploie seul.")
    if args.enregistrer and not (wanted or args.voir):
        raise RefusedInput(
            "Rien à enregistrer : donnez au moins un changement (--fermer, --ouvrir, --relier)."
        )


def _typed(app: App, territoire_id: int, args: argparse.Namespace) -> list[dict[str, Any]]:
    """The changes typed, in the order: closings, openings, relations."""
    from reseau.services.scenarios import structure_named
    from reseau.services.view import open_view

    view = open_view(app, territoire_id)
    hours = args.le if len(args.le) == len(args.ouvrir) else args.le * len(args.ouvrir)
    changes: list[dict[str, Any]] = [
        {"kind": "close", "structure_id": structure_named(view, reference)} for reference in args.fermer
    ]
    for rank, text in enumerate(args.ouvrir):
        words, separator, where = text.partition("@")
        code = app.typology.recognise(words)
        if not separator or not where.strip() or code is None:
            raise RefusedInput(
                f"--ouvrir « {text} » : écrivez TYPE@LIEU, avec un type de la typologie (commande « list ») "
                "et une fiche ou « longitude,latitude »."
            )
        opened: dict[str, Any] = {"kind": "permanence", "type": code}
        if at := POINT.fullmatch(where):
            opened |= {"lon": float(at[1]), "lat": float(at[2])}
        else:
            opened["host_id"] = structure_named(view, where.strip())
        if hours:
            opened["hours"] = hours[rank]
        changes.append(opened)
    return changes + [
        {"kind": "relation", "structure_id": structure_named(view, reference)} for reference in args.relier
    ]


def _about(saved: SavedScenario) -> dict[str, Any]:
    return {
        "nom": saved.name,
        "changements": len(saved.changes),
        "modifie_le": saved.updated_on.isoformat(),
    }


def _answer(result: ScenarioResult, name: str | None) -> Answer:
    return {
        "nom": name,
        "changements": list(result.lines),
        "problemes": list(result.problems),
        "resume": result.sentences,
        "differences": [_row(row) for row in result.shown.to_dict("records")],
        "reseau": {
            figure.id: {
                "avant": _figure(figure.before, figure.digits),
                "apres": _figure(figure.after, figure.digits),
            }
            for figure in result.network.figures
        },
        "calcul": result.basis,
    }


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    return {
        "quartier": row["quartier_code"],
        "nom": row["quartier_name"],
        "type": row["type_code"],
        "etat_avant": str(row["state_before"]),
        "etat_apres": str(row["state_after"]),
        "part_avant": number(row["share_before"], 4),
        "part_apres": number(row["share_after"], 4),
        "minutes_avant": number(row["minutes_nearest_before"], 1),
        "minutes_apres": number(row["minutes_nearest_after"], 1),
        "habitants": _figure(row["gained"]),
        "seuil_minutes": _figure(row["threshold_minutes_after"]),
    }


def _figure(value: float | None, digits: int = 0) -> float | None:
    """A count without decimals."""
    known = number(value, digits)
    return known if known is None or digits else int(known)


def lines(answer: Answer) -> list[str]:
    """Changes, what to remember, and one line per state that changes."""
    from reseau.model.vocabulary import STATE_LABELS, State

    if not isinstance(answer, dict):
        return []
    if "supprime" in answer:
        return [f"Scénario supprimé : {answer['supprime']}"]
    if "scenarios" in answer:
        kept = [
            f"{item['nom']} | changements : {item['changements']} | modifié le {item['modifie_le']}"
            for item in answer["scenarios"]
        ]
        return kept or ["Aucun scénario gardé. Voir « scenario --aide »."]
    states = [
        f"{row['nom']} | {row['type']} | {STATE_LABELS[State(row['etat_avant'])]} → "
        f"{STATE_LABELS[State(row['etat_apres'])]}"
        for row in answer["differences"]
        if row["etat_avant"] != row["etat_apres"]
    ]
    return [
        *(f"- {line}" for line in answer["changements"]),
        *(f"! {problem}" for problem in answer["problemes"]),
        *answer["resume"],
        *states,
        answer["calcul"],
    ]


COMMAND = Command(
    id="scenario",
    help="et si : ce qui changerait si une structure fermait, si une permanence ouvrait…",
    order=66,
    arguments=arguments,
    run=run,
    lines=lines,
)
