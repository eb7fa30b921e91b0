"""`geocoder`: look for the positions of addresses, or show which ones would be sent."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from reseau.cli._base import Answer, Command, progress, tell
from reseau.services import App, territoires

if TYPE_CHECKING:
    from reseau.services.placing import Placing


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError(text)
    return count


# What the parser says of a wrong value starts with this name.
_count.__name__ = "int"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument("--voir", action="store_true", help="montrer ce qui serait envoyé, sans rien envoyer")
    parser.add_argument("--limite", metavar="N", type=_count, help="envoyer N adresses au plus")


def run(app: App, args: argparse.Namespace) -> Answer:
    """Send the addresses, or show them."""
    from reseau.services import placing

    place = territoires.find_territoire(app, args.territoire)
    if args.voir:
        return _shown(app, place.id, args.limite)
    try:
        done = placing.place_by_address(app, place.id, limit=args.limite, on_progress=progress)
    except KeyboardInterrupt:
        tell("Ce que le service a déjà répondu est gardé : relancez « geocoder » pour continuer.")
        raise
    return _answer(done)


def _shown(app: App, territoire_id: int, limit: int | None) -> Answer:
    from reseau.services import placing

    waiting = len(placing.to_place(app, territoire_id))
    nothing = placing.Placing(
        waiting=waiting, sent=0, placed=0, review=0, refused=0, unknown=0, remaining=waiting, left=()
    )
    lines = list(placing.addresses_to_send(app, territoire_id, limit=limit))
    return {**_answer(nothing), "service": app.config.geocoder_domain, "adresses": lines}


def _answer(done: Placing) -> dict[str, object]:
    return {
        "a_placer": done.waiting,
        "envoyees": done.sent,
        "acceptees": done.placed,
        "a_relire": done.review,
        "refusees": done.refused,
        "sans_reponse": done.unknown,
        "restantes": done.remaining,
    }


def lines(answer: Answer) -> list[str]:
    """What happened in words, and the addresses when they are only shown."""
    if not isinstance(answer, dict):
        return []
    if "adresses" in answer:
        count, host = len(answer["adresses"]), answer["service"]
        return [f"Serait envoyé à {host}, rien d'autre ({count}) :", *answer["adresses"]]
    words = {
        "a_placer": "À placer",
        "envoyees": "Adresses envoyées",
        "acceptees": "Structures placées",
        "a_relire": "À relire (page À vérifier)",
        "refusees": "Réponses refusées",
        "sans_reponse": "Inconnues du service",
        "restantes": "Ni envoyées ni placées",
    }
    return [f"{words[key]} : {value}" for key, value in answer.items()]


COMMAND = Command(
    id="geocoder",
    help="chercher la position des adresses (avec --voir : montrer ce qui partirait)",
    order=45,
    arguments=arguments,
    run=run,
    lines=lines,
)
