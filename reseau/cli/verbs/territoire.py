"""`territoire creer|lister`: create a territory, or list them."""

from __future__ import annotations

import argparse
from typing import Any

from reseau.cli._base import Answer, Command, decimal
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
        "--communes", nargs="+", required=True, metavar="CODE", help="codes INSEE, par exemple 31555"
    )
    create.add_argument(
        "--rayon-km", type=decimal, metavar="KM", help="prendre aussi ce qui est à moins de KM"
    )
    sub.add_parser("lister", parents=[common], help="lister les territoires")


def run(app: App, args: argparse.Namespace) -> Answer:
    """Create one, or list them all."""
    if args.sub == "creer":
        made = territoires.create_territoire(app, args.name, communes=args.communes, radius_km=args.rayon_km)
        return {"territoire": made.record.name}
    return [
        {"territoire": item.record.name, "communes": list(item.record.communes)}
        for item in territoires.list_territoires(app)
    ]


COMMAND = Command(
    id="territoire",
    help="créer un territoire, ou les lister",
    order=10,
    arguments=arguments,
    run=run,
    here=False,
)
