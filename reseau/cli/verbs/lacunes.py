"""`lacunes`: the state of every quartier and type."""

from __future__ import annotations

import argparse

from reseau.cli._base import Answer, Command, number
from reseau.model.french import decimal
from reseau.model.vocabulary import STATE_LABELS, State
from reseau.services import App, territoires


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument("--tous", action="store_true", help="tous les types, pas seulement les attendus")


def run(app: App, args: argparse.Namespace) -> Answer:
    """One entry per quartier and type."""
    from reseau.services.view import open_view

    view = open_view(app, territoires.find_territoire(app, args.territoire).id)
    table = view.gaps if args.tous else view.expected_gaps
    return [
        {
            "quartier": row.quartier_code,
            "nom": row.quartier_name,
            "type": row.type_code,
            "etat": str(row.state),
            "part_population": number(row.share, 4),
            "minutes_plus_proche": number(row.minutes_nearest, 1),
            "plus_proche": row.nearest_name or None,
            "fiable": bool(row.reliable),
            "fragile": bool(row.fragile),
            "raison": row.reason or None,
        }
        for row in table.itertuples()
    ]


def lines(answer: Answer) -> list[str]:
    """One line per quartier and type."""
    return [
        f"{item['nom']} | {item['type']} | {STATE_LABELS[State(item['etat'])]}"
        + (
            f" | {item['plus_proche']} à {decimal(item['minutes_plus_proche'])} min"
            if item["plus_proche"]
            else ""
        )
        for item in answer
        if isinstance(item, dict)
    ]


COMMAND = Command(
    id="lacunes",
    help="état de chaque quartier et type attendu",
    order=60,
    arguments=arguments,
    run=run,
    lines=lines,
)
