"""From words to verbs, and from answers to text or JSON."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from reseau.cli.parser import build_parser
from reseau.errors import ReseauError
from reseau.model.vocabulary import STATE_LABELS, State
from reseau.services import (
    App,
    backups,
    catalogue,
    demo,
    exporting,
    importing,
    open_app,
    refusals,
    territoires,
)
from reseau.services.view import open_view

Answer = dict[str, Any] | list[dict[str, Any]]
OK, REFUSED = 0, 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 when done, 1 when the input was refused. Wrong usage leaves with SystemExit(2).
    """
    args = build_parser().parse_args(argv)
    verb = f"{args.verb} {args.sub}" if getattr(args, "sub", None) else args.verb
    try:
        answer = VERBS[verb](args)
    except ReseauError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
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
    refused_path = ""
    if report.refused:
        refused_path = str(refusals.write_refused(report, _refused_path(path)))
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


def _refused_path(path: Path) -> Path:
    """Beside where the command is run: the folder of the file may be read-only."""
    return Path.cwd() / f"{path.stem}-refus.csv"


def _gaps(app: App, args: argparse.Namespace) -> Answer:
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
    place = territoires.find_territoire(app, args.territoire)
    path = Path(args.path)
    try:
        count = exporting.export(app, place.id, args.format, path, public=args.public)
    except OSError as error:
        raise ReseauError(f"« {path} » ne peut pas être écrit : {error.strerror}.") from error
    return {"chemin": str(path), "lignes": count}


def _save(app: App, args: argparse.Namespace) -> Answer:
    try:
        count = backups.save_backup(app, Path(args.path))
    except OSError as error:
        raise ReseauError(f"« {args.path} » ne peut pas être écrit : {error.strerror}.") from error
    return {"chemin": args.path, "lignes": count}


def _restore(app: App, args: argparse.Namespace) -> Answer:
    return {"chemin": args.path, "lignes": backups.restore_backup(app, Path(args.path))}


def _demo(app: App, args: argparse.Namespace) -> Answer:
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
