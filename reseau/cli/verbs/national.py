"""`national`: every quartier of the country and every type, from published files, without a territory."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from reseau.cli._base import Answer, Command, number, progress, tell
from reseau.services import App


def arguments(parser: argparse.ArgumentParser) -> None:
    """What it expects."""
    parser.add_argument("--qpv", required=True, metavar="FICHIER", help="contours des quartiers")
    parser.add_argument(
        "--etablissements",
        required=True,
        action="append",
        metavar="FICHIER",
        help="structures telles que leur éditeur les publie (à répéter pour plusieurs fichiers)",
    )
    parser.add_argument("--population", metavar="FICHIER", help="chiffres des quartiers (qpv-indicateurs)")
    parser.add_argument(
        "--departements",
        type=lambda text: tuple(text.split(",")),
        default=(),
        metavar="31,34",
        help="quartiers de ces départements seulement",
    )
    parser.add_argument(
        "--travailleurs",
        type=int,
        default=1,
        metavar="N",
        help="processus qui se partagent le calcul (par défaut un seul ; au-delà, demande Dask)",
    )
    parser.add_argument("--sortie", metavar="FICHIER", help="écrire le tableau dans ce fichier CSV")


def run(app: App, args: argparse.Namespace) -> Answer:
    """Compute it, and write it where asked."""
    from reseau.services import national

    table = national.national_table(
        app,
        national.NationalRequest(
            qpv=Path(args.qpv),
            establishments=tuple(map(Path, args.etablissements)),
            population=Path(args.population) if args.population else None,
            departments=args.departements,
            workers=args.travailleurs,
        ),
        on_progress=progress,
    )
    for note in table.notes:
        tell(note)
    answer = _summary(table)
    if args.sortie:
        answer |= {"chemin": args.sortie, "lignes": national.write_table(table, Path(args.sortie))}
    else:
        answer |= {"chemin": "", "lignes": list(national.records_of(table))}
    return answer


def _summary(table: Any) -> dict[str, Any]:
    settings, places = table.settings, table.places
    return {
        "quartiers": len(table.quartiers),
        "quartiers_sans_population": int(table.quartiers["population"].isna().sum()),
        "structures_lues": places.read,
        "lieux": len(places.kind),
        "lieux_sans_position": sum(places.unplaced.values()),
        "marche": f"{table.walk}, {settings.walking_kmh:g} km/h".replace(".", ","),
        "part_demandee": settings.near_share,
        "types": [
            {
                "type": row.type_code,
                "libelle": row.type_label,
                "seuil_minutes": number(row.threshold_minutes, 1),
                "lieux": int(row.places),
                "lieux_sans_position": int(row.unplaced),
                "quartiers_proches": int(row.near)
                if row.threshold_minutes == row.threshold_minutes
                else None,
                "quartiers_loin": int(row.far) if row.threshold_minutes == row.threshold_minutes else None,
                "habitants_dans_le_seuil": number(row.inhabitants, 0),
            }
            for row in table.types.itertuples()
        ],
    }


def lines(answer: Answer) -> list[str]:
    """The summary, then the table where no file was asked for."""
    found: Any = answer
    told = [
        f"Quartiers : {found['quartiers']}. Lieux : {found['lieux']}, sans position : "
        f"{found['lieux_sans_position']}. Marche : {found['marche']}."
    ]
    told += [_of_type(item) for item in found["types"]]
    if found["chemin"]:
        return [*told, f"Lignes écrites dans {found['chemin']} : {found['lignes']}."]
    return [*told, *(" | ".join(map(_cell, item.values())) for item in found["lignes"])]


def _of_type(item: dict[str, Any]) -> str:
    reach = "pas de seuil à pied"
    if item["seuil_minutes"] is not None:
        reach = (
            f"quartiers à moins de {item['seuil_minutes']:g} min : {item['quartiers_proches']}, "
            f"plus loin : {item['quartiers_loin']}"
        )
    return f"{item['type']} — lieux : {item['lieux']} ; {reach}"


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


COMMAND = Command(
    id="national",
    help="tous les quartiers et tous les types, à partir de fichiers nationaux",
    order=68,
    arguments=arguments,
    run=run,
    here=False,
    lines=lines,
)
