"""`diff SOURCE FICHIER`: what an import would change, before anything is written."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from reseau.cli._base import Answer, Command, progress, tell
from reseau.cli.verbs.importer import add_type, defaults_of
from reseau.model.reports import FieldChange, ImportPlan, RowChange
from reseau.services import App, importing, territoires

ACTIONS = {"new": "nouveau", "changed": "modifie", "reopened": "rouvert", "gone": "disparu"}
TITLES = {
    "nouveau": "Nouvelles", "modifie": "Modifiées", "rouvert": "Citées de nouveau",
    "disparu": "Plus citées par le fichier",
}  # fmt: skip
COUNTS = {
    "lus": "lues", "nouveaux": "nouvelles", "modifies": "modifiées", "disparus": "plus citées",
    "rouverts": "citées de nouveau", "inchanges": "inchangées", "refuses": "refusées",
    "hors_territoire": "hors du territoire",
}  # fmt: skip
SHOWN = 60


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument("source", metavar="SOURCE", help="voir « list »")
    parser.add_argument("file", metavar="FICHIER")
    parser.add_argument("--feuille", metavar="NOM", help="feuille du classeur (par défaut la première)")
    add_type(parser)


def run(app: App, args: argparse.Namespace) -> Answer:
    """Compare, write nothing."""
    place = territoires.find_territoire(app, args.territoire)
    file = importing.FileToImport(path=Path(args.file), sheet=args.feuille, defaults=defaults_of(args))
    plan = importing.plan_import(app, place.id, args.source, file, on_progress=progress)
    for note in plan.notes:
        tell(note)
    return answer_of(plan)


def answer_of(plan: ImportPlan) -> dict[str, Any]:
    """The answer about one plan."""
    return {
        "source": plan.source,
        "fichier": plan.filename,
        "lus": plan.read,
        "nouveaux": plan.count("new"),
        "modifies": plan.count("changed"),
        "disparus": plan.count("gone"),
        "rouverts": plan.count("reopened"),
        "inchanges": plan.unchanged,
        "refuses": len(plan.refused),
        "hors_territoire": plan.out_of_scope,
        "changements": [_change(plan.kind, change) for change in plan.changes],
    }


def _change(kind: str, change: RowChange) -> dict[str, Any]:
    return {
        "cle": change.key,
        "action": ACTIONS[change.action],
        "ligne": change.line or None,
        "fiche": change.label,
        "champs": _fields(kind, change.fields),
        "gardes": _fields(kind, change.kept),
    }


def _fields(kind: str, found: Iterable[FieldChange]) -> list[dict[str, Any]]:
    return [
        {
            "champ": importing.field_label(kind, item.field),
            "avant": _plain(item.old),
            "apres": _plain(item.new),
            "source_avant": item.old_source,
        }
        for item in found
    ]


def _plain(value: Any) -> Any:
    """A value JSON can hold."""
    return value.isoformat() if isinstance(value, date) else value


def lines(answer: Answer) -> list[str]:
    """Counts, then the rows by kind of change."""
    if not isinstance(answer, dict):
        raise TypeError("one plan is expected")
    counts = ", ".join(f"{label} : {answer[name]}" for name, label in COUNTS.items())
    found = [f"{answer['fichier']} ({answer['source']}) – rien n'est enregistré", f"Lignes {counts}."]
    for action, title in TITLES.items():
        rows = [row for row in answer["changements"] if row["action"] == action]
        if rows:
            found += ["", f"{title} ({len(rows)})"]
            found += [line for row in rows[:SHOWN] for line in _row_lines(row)]
        if len(rows) > SHOWN:
            found.append(f"  … et {len(rows) - SHOWN} autres (toutes avec --json)")
    if not answer["changements"]:
        found.append("L'import ne changerait rien.")
    return found


def _row_lines(row: dict[str, Any]) -> list[str]:
    where = f"ligne {row['ligne']} : " if row["ligne"] else ""
    found = [f"- {where}{_one_line(row['fiche'])}"]
    if row["action"] == "nouveau":
        return found
    for item in row["champs"]:
        whose = f" (de : {item['source_avant']})" if item["source_avant"] else ""
        found.append(f"    {item['champ']} : {_text(item['avant'])} → {_text(item['apres'])}{whose}")
    for item in row["gardes"]:
        found.append(
            f"    {item['champ']} : {_text(item['avant'])} reste (de : {item['source_avant']}) ; "
            f"le fichier dit {_text(item['apres'])}"
        )
    return found


def _text(value: Any) -> str:
    if value in (None, "", [], {}):
        return "(vide)"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return _one_line(str(value))


def _one_line(text: str) -> str:
    """Text of a file on one line of a terminal, without its control characters."""
    return "".join(char if char.isprintable() else " " for char in text)


COMMAND = Command(
    id="diff",
    help="voir ce qu'un import changerait, sans rien enregistrer",
    order=19,
    arguments=arguments,
    run=run,
    lines=lines,
)
