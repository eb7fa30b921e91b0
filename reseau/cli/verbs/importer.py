"""`importer SOURCE FICHIER`: bring a file into a territory."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from reseau.cli._base import Answer, Command, progress, tell
from reseau.errors import RefusedInput
from reseau.services import App, importing, territoires


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument("source", metavar="SOURCE", help="voir « list »")
    parser.add_argument("file", metavar="FICHIER")
    parser.add_argument("--feuille", metavar="NOM", help="feuille du classeur (par défaut la première)")
    add_type(parser)
    parser.add_argument(
        "--fermer",
        action="store_true",
        help="fermer ce que le fichier ne cite plus, même si c'est plus de la moitié de ce qui est connu",
    )


def add_type(parser: argparse.ArgumentParser) -> None:
    """The option that gives one type to a file of places without any."""
    parser.add_argument(
        "--type",
        metavar="TYPE",
        help="type de tous les lieux d'un fichier qui n'en donne pas (source « points »)",
    )


def defaults_of(args: argparse.Namespace) -> dict[str, str]:
    """What the options give for all the rows."""
    return {"types": args.type} if args.type else {}


def run(app: App, args: argparse.Namespace) -> Answer:
    """Import, and write the refused rows beside."""
    place = territoires.find_territoire(app, args.territoire)
    path = Path(args.file)
    report = importing.import_file(
        app,
        place.id,
        args.source,
        importing.FileToImport(
            path=path, sheet=args.feuille, defaults=defaults_of(args), close_many=args.fermer
        ),
        on_progress=progress,
    )
    return answer_of(report, path.stem)


def answer_of(report: importing.ImportReport, stem: str) -> dict[str, object]:
    """The answer about one import; its refused rows are written to a file called after `stem`."""
    refused_path = _write_refused(report, stem) if report.refused else ""
    for note in report.notes:
        tell(note)
    if report.closed:
        tell(f"Fiches que le fichier ne cite plus, marquées fermées ou mises de côté : {report.closed}.")
    return {
        "source": report.source,
        "lus": report.read,
        "nouveaux": report.created,
        "modifies": report.updated,
        "inchanges": report.unchanged,
        "refuses": len(report.refused),
        "hors_territoire": report.out_of_scope,
        "rapport": refused_path,
    }


def _write_refused(report: importing.ImportReport, stem: str) -> str:
    """Where the command is run: the folder of the file may be read-only. The import is done all the same."""
    from reseau.services import refusals

    try:
        return str(refusals.write_refused(report, (Path.cwd(), Path(tempfile.gettempdir())), stem))
    except (RefusedInput, OSError) as error:
        tell(
            f"L'import est fait, mais la liste des lignes refusées n'a pas pu être écrite : {error} "
            "Elle reste sur la page Données."
        )
        return ""


COMMAND = Command(id="importer", help="importer un fichier", order=20, arguments=arguments, run=run)
