"""`doublons`: pairs of sheets that may be one structure."""

from __future__ import annotations

import argparse

from reseau.cli._base import Answer, Command, decimal, tell
from reseau.services import App, territoires


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument(
        "--minimum",
        metavar="SCORE",
        type=decimal,
        help="score le plus bas montré, de 0 à 100 (par défaut 70)",
    )


def run(app: App, args: argparse.Namespace) -> Answer:
    """One entry per pair, best first; nothing is changed."""
    from reseau.services import duplicates

    place = territoires.find_territoire(app, args.territoire)
    minimum = duplicates.POSSIBLE_FROM if args.minimum is None else args.minimum
    found = duplicates.queue(app, place.id, minimum=minimum)
    for note in found.notes:
        tell(note)
    return [
        {
            "a": {"id": pair.a_id, "uid": pair.a_uid, "nom": pair.a_name},
            "b": {"id": pair.b_id, "uid": pair.b_uid, "nom": pair.b_name},
            "score": pair.score,
            "verdict": pair.verdict,
            "raisons": list(pair.reasons),
        }
        for pair in found.pairs
    ]


def lines(answer: Answer) -> list[str]:
    """One line per pair."""
    pairs = [item for item in answer if isinstance(item, dict)]
    if not pairs:
        return ["Aucun doublon possible."]
    return [
        " | ".join(
            (
                f"{pair['verdict'].replace('_', ' ')} ({pair['score']:.0f})",
                pair["a"]["nom"],
                pair["b"]["nom"],
                ", ".join(pair["raisons"]),
            )
        )
        for pair in pairs
    ]


COMMAND = Command(
    id="doublons",
    help="fiches qui pourraient être la même structure",
    order=55,
    arguments=arguments,
    run=run,
    lines=lines,
)
