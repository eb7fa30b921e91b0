"""`list`: everything that is plugged in."""

from __future__ import annotations

import argparse
from typing import Any

from reseau.cli._base import Answer, Command
from reseau.services import App


def run(_app: App, _args: argparse.Namespace) -> Answer:
    """Sources, measures, exports, pages and languages of the waiting-room screens."""
    from reseau.services import catalogue

    return dict(catalogue.list_plugins())


def lines(answer: Any) -> list[str]:
    """A line each; what a translator has to correct comes under its language."""
    told: list[str] = []
    for kind, items in answer.items():
        told.append(f"{kind} :")
        for item in items:
            state = f" ({item['etat']})" if "etat" in item else ""
            told.append(f"  {item['id']} : {item['titre']}{state}")
            told += [f"    - {said}" for said in item.get("a_corriger", [])]
    return told


COMMAND = Command(
    id="list",
    help="sources, mesures, exports, pages et langues de l'écran",
    order=90,
    run=run,
    here=False,
    lines=lines,
)
