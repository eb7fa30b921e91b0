"""`territoire creer|lister`: create a territory, or list them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from reseau.cli._base import Answer, Command, decimal, tell
from reseau.errors import NotFound
from reseau.services import App, territoires


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its two verbs."""
    kind: Any = type(parser)
    sub = parser.add_subparsers(dest="sub", metavar="VERBE", required=True, title="verbes", parser_class=kind)
    common = kind(helped=False)
    common.add_argument("--json", action="store_true", help="un seul document JSON sur la sortie standard")
    create = sub.add_parser("creer", parents=[common], help="créer un territoire")
    create.add_argument("name", metavar="NOM")
    create.add_argument(
        "--communes",
        nargs="+",
        default=[],
        metavar="COMMUNE",
        help="codes INSEE ou noms : 31555, Toulouse, « Saint-Denis (93) »",
    )
    create.add_argument(
        "--qpv",
        nargs="+",
        default=[],
        metavar="CODE",
        help="seulement ces quartiers prioritaires ; sans --communes, les leurs viendront avec leur fichier",
    )
    create.add_argument(
        "--referentiel",
        metavar="FICHIER",
        help="fichier de quartiers prioritaires ou de communes, où chercher les noms",
    )
    create.add_argument(
        "--chercher", action="store_true", help="demander à geo.api.gouv.fr les noms qui restent inconnus"
    )
    create.add_argument(
        "--rayon-km", type=decimal, metavar="KM", help="prendre aussi ce qui est à moins de KM"
    )
    create.set_defaults(misused=create.error)
    sub.add_parser("lister", parents=[common], help="lister les territoires")


def run(app: App, args: argparse.Namespace) -> Answer:
    """Create one, or list them all."""
    if args.sub == "creer":
        return _create(app, args)
    return [
        {"territoire": item.record.name, "communes": list(item.record.communes)}
        | ({"qpv": list(item.record.qpv_codes)} if item.record.qpv_codes else {})
        for item in territoires.list_territoires(app)
    ]


def _create(app: App, args: argparse.Namespace) -> Answer:
    from reseau.services import communes_search

    if not (args.communes or args.qpv):
        args.misused("donnez au moins une commune (--communes) ou un quartier prioritaire (--qpv)")
    reference = Path(args.referentiel) if args.referentiel else None
    if reference is not None and not reference.is_file():
        raise NotFound(f"Le fichier « {reference} » n'existe pas. Vérifiez son nom et son dossier.")
    found = communes_search.require_communes(
        app, args.communes, reference=reference, ask=communes_search.ask_online if args.chercher else None
    )
    made = territoires.create_territoire(
        app, args.name, communes=found.codes, qpv_codes=args.qpv, radius_km=args.rayon_km
    )
    if found.codes != tuple(args.communes):
        tell(f"Communes : {found.words}.")
    return {"territoire": made.record.name}


COMMAND = Command(
    id="territoire",
    help="créer un territoire, ou les lister",
    order=10,
    arguments=arguments,
    run=run,
    here=False,
)
