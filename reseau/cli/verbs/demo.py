"""`demo`: load the demonstration."""

from __future__ import annotations

import argparse

from reseau.cli._base import Answer, Command, progress
from reseau.services import App, territoires


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument(
        "--si-vide", action="store_true", help="ne rien faire (et réussir) si elle ne l'est pas"
    )


def run(app: App, args: argparse.Namespace) -> Answer:
    """Load it into an empty database."""
    from reseau.services import demo

    if args.si_vide and territoires.list_territoires(app):
        return {"territoire": territoires.find_territoire(app).record.name, "imports": []}
    made, reports = demo.load_demo(app, on_progress=progress)
    return {
        "territoire": made.record.name,
        "imports": [
            {
                "source": item.source, "lus": item.read, "nouveaux": item.created,
                "refuses": len(item.refused),
            }
            for item in reports
        ],
    }  # fmt: skip


COMMAND = Command(
    id="demo",
    help="charger la démonstration dans une base vide",
    order=91,
    arguments=arguments,
    run=run,
    here=False,
)
