"""From words to verbs, and from answers to text or JSON."""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from reseau.cli.parser import build_parser
from reseau.errors import RefusedInput, ReseauError, why
from reseau.model.vocabulary import STATE_LABELS, State
from reseau.services import App, backups, importing, open_app, territoires

# Verbs that compute load two seconds of libraries: they import their service themselves, so that the others
# answer at once.

Answer = dict[str, Any] | list[dict[str, Any]]
OK, REFUSED, INTERRUPTED = 0, 1, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 when done, 1 when the input was refused (nothing is printed on standard output then), 130 when
        interrupted. Wrong usage leaves with SystemExit(2).
    """
    args = build_parser().parse_args(argv)
    verb = f"{args.verb} {args.sub}" if getattr(args, "sub", None) else args.verb
    try:
        answer = VERBS[verb](args)
    except ReseauError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    except OSError as error:
        sys.stderr.write(f"{error.filename or 'Fichier'} : {why(error)}.\n")
        return REFUSED
    except MemoryError:
        sys.stderr.write("La mémoire ne suffit pas : prenez un fichier plus petit.\n")
        return REFUSED
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrompu : rien n'a été fait à moitié.\n")
        return INTERRUPTED
    _print(verb, answer, as_json=args.json)
    return OK


def _with_app(run: Callable[[App, argparse.Namespace], Answer]) -> Callable[[argparse.Namespace], Answer]:
    def wrapped(args: argparse.Namespace) -> Answer:
        app = open_app()
        try:
            return run(app, args)
        finally:
            app.close()

    return wrapped


def _create(app: App, args: argparse.Namespace) -> Answer:
    made = territoires.create_territoire(app, args.name, communes=args.communes, radius_km=args.rayon_km)
    return {"territoire": made.record.name}


def _list_territoires(app: App, _args: argparse.Namespace) -> Answer:
    return [
        {"territoire": item.record.name, "communes": list(item.record.communes)}
        for item in territoires.list_territoires(app)
    ]


def _import(app: App, args: argparse.Namespace) -> Answer:
    place = territoires.find_territoire(app, args.territoire)
    path = Path(args.file)
    report = importing.import_file(
        app,
        place.id,
        args.source,
        importing.FileToImport(path=path, sheet=args.feuille),
        on_progress=_progress,
    )
    refused_path = _write_refused(report, path.stem) if report.refused else ""
    for note in report.notes:
        sys.stderr.write(f"{note}\n")
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
        sys.stderr.write(
            f"L'import est fait, mais la liste des lignes refusées n'a pas pu être écrite : {error} "
            "Elle reste sur la page Données.\n"
        )
        return ""


def _gaps(app: App, args: argparse.Namespace) -> Answer:
    from reseau.services.view import open_view

    view = open_view(app, territoires.find_territoire(app, args.territoire).id)
    table = view.gaps if args.tous else view.expected_gaps
    return [
        {
            "quartier": row.quartier_code,
            "nom": row.quartier_name,
            "type": row.type_code,
            "etat": str(row.state),
            "part_population": _number(row.share, 4),
            "minutes_plus_proche": _number(row.minutes_nearest, 1),
            "plus_proche": row.nearest_name or None,
            "fiable": bool(row.reliable),
        }
        for row in table.itertuples()
    ]


def _export(app: App, args: argparse.Namespace) -> Answer:
    from reseau.services import exporting

    place = territoires.find_territoire(app, args.territoire)
    count = exporting.export(app, place.id, args.format, Path(args.path), public=args.public)
    return {"chemin": args.path, "lignes": count}


def _save(app: App, args: argparse.Namespace) -> Answer:
    return {"chemin": args.path, "lignes": backups.save_backup(app, Path(args.path))}


def _restore(app: App, args: argparse.Namespace) -> Answer:
    return {"chemin": args.path, "lignes": backups.restore_backup(app, Path(args.path))}


def _demo(app: App, args: argparse.Namespace) -> Answer:
    from reseau.services import demo

    if args.si_vide and territoires.list_territoires(app):
        return {"territoire": territoires.find_territoire(app).record.name, "imports": []}
    made, reports = demo.load_demo(app, on_progress=_progress)
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


def _list(_args: argparse.Namespace) -> Answer:
    from reseau.services import catalogue

    return dict(catalogue.list_plugins())


VERBS: dict[str, Callable[[argparse.Namespace], Answer]] = {
    "territoire creer": _with_app(_create),
    "territoire lister": _with_app(_list_territoires),
    "importer": _with_app(_import),
    "lacunes": _with_app(_gaps),
    "exporter": _with_app(_export),
    "sauvegarder": _with_app(_save),
    "restaurer": _with_app(_restore),
    "list": _list,
    "demo": _with_app(_demo),
}


def _progress(_share: float, message: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"{message}\n")


def _number(value: Any, digits: int) -> float | None:
    return None if value is None or math.isnan(value) else round(float(value), digits)


def _print(verb: str, answer: Answer, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
        return
    lines = _gap_lines(answer) if verb == "lacunes" else _lines(answer)
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _gap_lines(answer: Answer) -> list[str]:
    return [
        f"{item['nom']} | {item['type']} | {STATE_LABELS[State(item['etat'])]}"
        + (f" | {item['plus_proche']} à {item['minutes_plus_proche']:g} min" if item["plus_proche"] else "")
        for item in answer
        if isinstance(item, dict)
    ]


def _lines(answer: Any, indent: str = "") -> list[str]:
    if isinstance(answer, list):
        return [line for item in answer for line in _lines(item, indent)]
    if not isinstance(answer, dict):
        return [f"{indent}- {answer}"]
    if set(answer) == {"id", "titre"}:
        return [f"{indent}{answer['id']} : {answer['titre']}"]
    lines: list[str] = []
    for key, value in answer.items():
        if isinstance(value, list | dict):
            lines += [f"{indent}{key} :", *_lines(value, indent + "  ")]
        else:
            lines.append(f"{indent}{key} : {value}")
    return lines
