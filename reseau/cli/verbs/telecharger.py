"""`telecharger SOURCE`: bring the file a publisher serves, and import it if asked."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from reseau.cli._base import Answer, Command, progress
from reseau.cli.verbs.importer import answer_of
from reseau.services import App, importing, territoires


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument("source", metavar="SOURCE", help="voir « list »")
    parser.add_argument(
        "--adresse", metavar="URL", default="", help="où est le fichier, ou le tableau partagé"
    )
    parser.add_argument(
        "--dossier", metavar="DOSSIER", help="où le mettre (par défaut celui de l'application)"
    )
    parser.add_argument("--importer", action="store_true", help="l'importer ensuite dans le territoire")


def run(app: App, args: argparse.Namespace) -> Answer:
    """Download, and import when asked."""
    from reseau.services import downloading

    if args.source == "tableur" and args.adresse and not args.dossier:
        return _table(app, args)
    known = territoires.list_territoires(app)
    place = territoires.find_territoire(app, args.territoire) if known or args.importer else None
    got = downloading.download_source(
        app,
        args.source,
        territoire_id=place.id if place else None,
        address=args.adresse,
        folder=Path(args.dossier) if args.dossier else None,
        on_progress=progress,
    )
    imported = None
    if args.importer and place:
        imported = _import(app, place.id, args.source, importing.FileToImport(path=got.path))
    return _answer(args, got, imported)


def _table(app: App, args: argparse.Namespace) -> Answer:
    """A shared table: its address is kept with the territory, for the next times."""
    from reseau.services import feeds

    place = territoires.find_territoire(app, args.territoire)
    feed, got = feeds.read_new(app, place.id, args.adresse, on_progress=progress)
    imported = None
    if args.importer:
        imported = _import(app, place.id, args.source, feeds.file_of(feed, got.path))
    return _answer(args, got, imported)


def _import(app: App, territoire_id: int, source: str, file: importing.FileToImport) -> dict[str, object]:
    report = importing.import_file(app, territoire_id, source, file, on_progress=progress)
    return answer_of(report, file.path.stem)


def _answer(args: argparse.Namespace, got: Any, imported: dict[str, object] | None) -> Answer:
    return {
        "source": args.source,
        "adresse": got.url,
        "fichier": str(got.path),
        "octets": got.bytes,
        "date": got.on,
        "repris": got.resumed,
        "inchange": got.unchanged,
        "import": imported,
    }


COMMAND = Command(id="telecharger", help="télécharger une source", order=18, arguments=arguments, run=run)
