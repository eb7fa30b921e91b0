"""`mesures`: every measure of every quartier and type, and a photo of them when asked for."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from reseau.cli._base import Answer, Command, tell
from reseau.errors import RefusedInput
from reseau.services import App, territoires

if TYPE_CHECKING:
    from reseau.services.measures import MeasureRow
    from reseau.services.view import View

DIGITS = 4


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument("--tous", action="store_true", help="tous les types, pas seulement les attendus")
    parser.add_argument("--quartier", metavar="CODE", help="ce quartier seulement")
    parser.add_argument("--type", metavar="CODE", help="ce type de service seulement")
    parser.add_argument("--mesure", action="append", metavar="ID", help="cette mesure (se répète)")
    parser.add_argument(
        "--garder", nargs="?", const="", metavar="LIBELLE", help="garder une photo datée de ces chiffres"
    )


def run(app: App, args: argparse.Namespace) -> Answer:
    """One entry per quartier and type, after what each measure is."""
    from reseau.services.measures import measure_rows
    from reseau.services.view import open_view

    place = territoires.find_territoire(app, args.territoire)
    view = open_view(app, place.id)
    rows = measure_rows(
        app,
        place.id,
        # A type asked by its name is shown whether it is expected or not.
        expected_only=not args.tous and args.type is None,
        quartier_id=_quartier(view, args.quartier),
        type_code=_type(view, args.type),
        measure_ids=_measures(args.mesure),
    )
    answer: dict[str, Any] = {
        "territoire": place.record.name,
        "jour": view.on.isoformat(),
        "trajets": view.travel.label,
        "mesures": _described(args.mesure),
        "lignes": _lines(rows),
    }
    if args.garder is not None:
        from reseau.services.snapshots import keep_snapshot

        answer["photo"] = keep_snapshot(app, place.id, label=args.garder)
        tell(f"Chiffres gardés : photo n° {answer['photo']}.")
    return answer


def _quartier(view: View, typed: str | None) -> int | None:
    if typed is None:
        return None
    found = view.quartiers.index[view.quartiers["code"] == typed]
    if not len(found):
        known = ", ".join(sorted(view.quartiers["code"])[:20]) or "aucun"
        raise RefusedInput(f"Quartier inconnu : {typed[:60]}. Quartiers de ce territoire : {known}.")
    return int(found[0])


def _type(view: View, typed: str | None) -> str | None:
    if typed is None:
        return None
    code = view.typology.recognise(typed)
    if code is None or code not in set(view.types["type_code"]):
        raise RefusedInput(
            f"Type inconnu : {typed[:60]}. `python -m reseau list` les donne tous avec leur code."
        )
    return code


def _measures(typed: list[str] | None) -> list[str] | None:
    from reseau.gaps import all_measures

    if typed is None:
        return None
    if unknown := [item[:60] for item in typed if item not in all_measures()]:
        raise RefusedInput(f"Mesure inconnue : {', '.join(unknown)}. Mesures : {', '.join(all_measures())}.")
    return list(dict.fromkeys(typed))


def _described(typed: list[str] | None) -> list[dict[str, Any]]:
    from reseau.services.measures import ordered_measures

    return [
        {
            "id": item.id,
            "titre": item.label,
            "sujet": item.subject.value,
            "unite": item.unit,
            "sens": item.direction.value,
            "formule": item.formula,
        }
        for item in ordered_measures()
        if typed is None or item.id in typed
    ]


def _lines(rows: list[MeasureRow]) -> list[dict[str, Any]]:
    """Rows gathered by quartier and type, in their order."""
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for row in rows:
        line = found.setdefault(
            (row.quartier_id, row.type_code),
            {
                "quartier": row.quartier_code,
                "nom": row.quartier_name,
                "type": row.type_code,
                "mesures": {},
                "en_mots": {},
                "unites": {},
                "seuils": {},
                "inutilisables": {},
                "fragile": row.fragile,
                "population_source": row.population_source,
                "repartition": row.spread,
                "source": row.source,
                "date": None if row.data_date is None else row.data_date.isoformat(),
            },
        )
        line["mesures"][row.measure] = _plain(row.value)
        line["en_mots"][row.measure] = row.text
        line["unites"][row.measure] = row.unit
        line["seuils"][row.measure] = row.threshold
        line["inutilisables"][row.measure] = row.unusable
    return list(found.values())


def _plain(value: Any) -> float | str | None:
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    return int(value) if float(value).is_integer() else round(float(value), DIGITS)


def lines(answer: Answer) -> list[str]:
    """One line per quartier and type, every measure on it."""
    if not isinstance(answer, dict):
        return []
    titles = {item["id"]: item["titre"] for item in answer["mesures"]}
    return [
        f"{line['nom']} | {line['type']} | "
        + " | ".join(f"{titles[key]} : {text}" for key, text in line["en_mots"].items())
        + (" | fragile" if line["fragile"] else "")
        for line in answer["lignes"]
    ] or ["Aucun quartier, ou aucun type attendu : rien à mesurer."]


COMMAND = Command(
    id="mesures",
    help="toutes les mesures, par quartier et par type",
    order=61,
    arguments=arguments,
    run=run,
    lines=lines,
)
