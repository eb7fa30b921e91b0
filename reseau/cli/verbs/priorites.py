"""`priorites`: what comes first, with the calculation of each line."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from reseau.cli._base import Answer, Command, number
from reseau.services import App, territoires

if TYPE_CHECKING:
    import pandas as pd

    from reseau.model.records import Territoire

USUAL = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument(
        "--nombre", type=int, default=USUAL, metavar="N", help=f"nombre de lignes montrées ({USUAL} sinon)"
    )


def run(app: App, args: argparse.Namespace) -> Answer:
    """The formula, the first lines, and what was left apart."""
    from reseau.errors import RefusedInput
    from reseau.gaps.priority_words import FORMULA, formula_lines
    from reseau.model.expectations import NO_NORM
    from reseau.services.priorities import priorities
    from reseau.services.view import open_view

    if args.nombre < 1:
        raise RefusedInput("--nombre est un nombre entier, 1 ou plus.")
    view = open_view(app, territoires.find_territoire(app, args.territoire).id)
    found = priorities(view)
    settings = view.territoire
    return {
        "formule": FORMULA,
        "facteurs": list(formula_lines(settings, found.social_mean)),
        "reference": view.reference,
        "avertissement": NO_NORM,
        "classees": len(found.lines),
        "sans_population": len(found.without_population),
        "a_renseigner": len(found.to_fill),
        "priorites": _entries(found.lines.head(args.nombre), settings),
        "non_classees": _entries(found.without_population.head(args.nombre), settings),
    }


def _entries(table: pd.DataFrame, settings: Territoire) -> list[dict[str, Any]]:
    from reseau.gaps.priority_words import doubts, explanation, product

    return [
        {
            "rang": None if (score := number(row["score"], 0)) is None else int(row["rank"]),
            "quartier": row["quartier_code"],
            "nom": row["quartier_name"],
            "type": row["type_code"],
            "theme": row["theme"],
            "etat": str(row["state"]),
            "habitants_non_couverts": number(row["uncovered"], 0),
            "poids": row["weight"],
            "indice_social": row["social_index"],
            "demandes": row["needs_factor"],
            "score": score,
            "calcul": product(row) if score is None else explanation(row),
            "inconnues": list(doubts(row, settings)),
        }
        for row in table.to_dict("records")
    ]


def lines(answer: Answer) -> list[str]:
    """The formula, one line per priority, then what was left apart."""
    if isinstance(answer, list):
        return []
    told = [f"Score = {answer['formule']} ({answer['reference']})"]
    told += [
        f"{item['rang']}. {item['nom']} | {item['type']} | {item['calcul']}"
        + (f" [{' ; '.join(item['inconnues'])}]" if item["inconnues"] else "")
        for item in answer["priorites"]
    ]
    if not answer["priorites"]:
        told.append("Rien à classer : aucun type attendu n'a d'habitants non couverts comptés.")
    told += [
        f"Non classé : {item['nom']} | {item['type']} | {item['calcul']}" for item in answer["non_classees"]
    ]
    told.append(
        f"Classées : {answer['classees']} ; sans nombre d'habitants : {answer['sans_population']} ; à "
        f"renseigner : {answer['a_renseigner']}."
    )
    return [*told, answer["avertissement"]]


COMMAND = Command(
    id="priorites",
    help="ce qui vient d'abord : le classement et le calcul de chaque ligne",
    order=62,
    arguments=arguments,
    run=run,
    lines=lines,
)
