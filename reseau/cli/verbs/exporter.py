"""`exporter FORMAT CHEMIN`: write an export."""

from __future__ import annotations

import argparse
from pathlib import Path

from reseau.cli._base import Answer, Command
from reseau.services import App, territoires


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument("format", metavar="FORMAT", help="voir « list »")
    parser.add_argument("path", metavar="CHEMIN")
    parser.add_argument("--public", action="store_true", help="sans ce qui est réservé à l'équipe")


def run(app: App, args: argparse.Namespace) -> Answer:
    """Write it."""
    from reseau.services import exporting

    place = territoires.find_territoire(app, args.territoire)
    count = exporting.export(app, place.id, args.format, Path(args.path), public=args.public)
    return {"chemin": args.path, "lignes": count}


COMMAND = Command(id="exporter", help="écrire un export", order=70, arguments=arguments, run=run)
