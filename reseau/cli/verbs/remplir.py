"""`remplir FICHIER…`: fill a territory from several files at once."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from reseau.cli._base import Answer, Command, progress, tell
from reseau.cli.verbs.importer import answer_of
from reseau.errors import RefusedInput
from reseau.services import App, importing, territoires

if TYPE_CHECKING:
    from reseau.services.filling import FillOutcome

COUNTS = ("lus", "nouveaux", "modifies", "inchanges", "refuses", "hors_territoire", "rapport")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument(
        "files",
        metavar="FICHIER",
        nargs="+",
        help="chacun est reconnu à son contenu ; sinon, écrivez SOURCE=FICHIER (tableur=liste.xlsx)",
    )


def run(app: App, args: argparse.Namespace) -> Answer:
    """Import each file, in the order a territory needs them."""
    from reseau.services import filling

    place = territoires.find_territoire(app, args.territoire)
    named = [_named(word) for word in args.files]
    files = [importing.FileToImport(path=path) for _, path in named]
    sources = {path.name: source for source, path in named if source}
    outcomes = filling.fill(app, place.id, files, sources=sources, on_progress=progress)
    if all(outcome.report is None for outcome in outcomes):
        raise RefusedInput("\n".join(outcome.problem for outcome in outcomes))
    return [_answer(outcome) for outcome in outcomes]


def _named(word: str) -> tuple[str, Path]:
    """(source, file) of «tableur=liste.xlsx»; an equals sign in an ordinary name is part of the name."""
    source, sign, name = word.partition("=")
    known = {spec.id for spec in importing.list_sources()}
    return (source, Path(name)) if sign and source in known else ("", Path(word))


def _answer(outcome: FillOutcome) -> dict[str, object]:
    named = {"fichier": outcome.filename, "source": outcome.source or None}
    if outcome.report is None:
        tell(f"{outcome.filename} : {outcome.problem}")
        return {**named, "probleme": outcome.problem, **dict.fromkeys(COUNTS)}
    counts = answer_of(outcome.report, Path(outcome.filename).stem)
    return {**named, "probleme": None, **{name: counts[name] for name in COUNTS}}


def lines(answer: Answer) -> list[str]:
    """One block per file."""
    found: list[str] = []
    for item in answer if isinstance(answer, list) else [answer]:
        found.append(f"{item['fichier']} ({item['source'] or 'non reconnu'})")
        if item["probleme"]:
            found.append("  rien n'en a été pris, voir ci-dessus")
            continue
        found.append("  " + ", ".join(f"{name.replace('_', ' ')} : {item[name]}" for name in COUNTS[:-1]))
        if item["rapport"]:
            found.append(f"  lignes à corriger : {item['rapport']}")
    return found


COMMAND = Command(
    id="remplir",
    help="importer plusieurs fichiers d'un coup, chacun reconnu",
    order=21,
    arguments=arguments,
    run=run,
    lines=lines,
)
