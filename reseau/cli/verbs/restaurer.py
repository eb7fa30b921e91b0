"""`restaurer CHEMIN`: the whole database from a backup."""

from __future__ import annotations

import argparse
from pathlib import Path

from reseau.cli._base import Answer, Command
from reseau.services import App, backups


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument("path", metavar="CHEMIN")


def run(app: App, args: argparse.Namespace) -> Answer:
    """Do it."""
    return {"chemin": args.path, "lignes": backups.restore_backup(app, Path(args.path))}


COMMAND = Command(
    id="restaurer",
    help="remplacer toute la base par une sauvegarde",
    order=81,
    arguments=arguments,
    run=run,
    here=False,
)
