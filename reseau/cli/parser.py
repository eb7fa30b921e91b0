"""Words of the command line, in French."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any, NoReturn

MESSAGES = (
    (r"the following arguments are required: (.+)", r"il manque : \1"),
    (r"unrecognized arguments: (.+)", r"mots en trop : \1"),
    (r"argument (.+): expected one argument", r"\1 : il manque une valeur"),
    (r"argument (.+): expected at least one argument", r"\1 : il manque au moins une valeur"),
    (r"argument (.+): invalid choice: (.+?) \(choose from (.+)\)", r"\1 : \2 n'existe pas (possibles : \3)"),
    (r"argument (.+): invalid (\w+) value: (.+)", r"\1 : \3 n'est pas un nombre"),
    (r"ambiguous option: (.+) could match (.+)", r"option ambiguë : \1 (\2)"),
)


class FrenchParser(argparse.ArgumentParser):
    """argparse, speaking French, exiting with 2 on wrong usage."""

    def __init__(self, *, helped: bool = True, **kwargs: Any) -> None:
        kwargs |= {"add_help": False, "allow_abbrev": False}
        super().__init__(**kwargs)
        self._positionals.title = "à indiquer"
        self._optionals.title = "options"
        if helped:
            self.add_argument("-h", "--aide", "--help", action="help", help="affiche cette aide")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how the command is written."""
        for english, french in MESSAGES:
            message = re.sub(f"^{english}$", french, message)
        sys.stderr.write(f"{self.format_usage()}Erreur : {message}\n")
        raise SystemExit(2)

    def format_usage(self) -> str:
        """`usage:` in French."""
        return super().format_usage().replace("usage: ", "utilisation : ", 1)

    def format_help(self) -> str:
        """`usage:` in French."""
        return super().format_help().replace("usage: ", "utilisation : ", 1)


def _decimal(text: str) -> float:
    return float(text.replace(",", "."))


def build_parser() -> FrenchParser:
    """The parser of `python -m reseau`."""
    common = FrenchParser(helped=False)
    common.add_argument("--json", action="store_true", help="un seul document JSON sur la sortie standard")
    here = FrenchParser(helped=False)
    here.add_argument("--territoire", metavar="NOM", help="par défaut le seul, ou le dernier créé")

    parser = FrenchParser(
        prog="python -m reseau",
        description="Réseau : partenaires, quartiers, lacunes et actions d'un réseau local.",
        epilog="La base de données est celle de RESEAU_DATABASE_URL (par défaut reseau.db, à côté d'app.py).",
    )
    verbs = parser.add_subparsers(
        dest="verb", metavar="COMMANDE", required=True, title="commandes", parser_class=FrenchParser
    )

    territoire = verbs.add_parser("territoire", help="créer un territoire, ou les lister")
    sub = territoire.add_subparsers(
        dest="sub", metavar="VERBE", required=True, title="verbes", parser_class=FrenchParser
    )
    create = sub.add_parser("creer", parents=[common], help="créer un territoire")
    create.add_argument("name", metavar="NOM")
    create.add_argument(
        "--communes", nargs="+", required=True, metavar="CODE", help="codes INSEE, par exemple 31555"
    )
    create.add_argument(
        "--rayon-km", type=_decimal, metavar="KM", help="prendre aussi ce qui est à moins de KM"
    )
    sub.add_parser("lister", parents=[common], help="lister les territoires")

    load = verbs.add_parser("importer", parents=[common, here], help="importer un fichier")
    load.add_argument("source", metavar="SOURCE", help="voir « list »")
    load.add_argument("file", metavar="FICHIER")
    load.add_argument("--feuille", metavar="NOM", help="feuille du classeur (par défaut la première)")

    gaps = verbs.add_parser("lacunes", parents=[common, here], help="état de chaque quartier et type attendu")
    gaps.add_argument("--tous", action="store_true", help="tous les types, pas seulement les attendus")

    export = verbs.add_parser("exporter", parents=[common, here], help="écrire un export")
    export.add_argument("format", metavar="FORMAT", help="voir « list »")
    export.add_argument("path", metavar="CHEMIN")
    export.add_argument("--public", action="store_true", help="sans ce qui est réservé à l'équipe")

    save = verbs.add_parser("sauvegarder", parents=[common], help="toute la base dans un fichier")
    save.add_argument("path", metavar="CHEMIN")
    restore = verbs.add_parser(
        "restaurer", parents=[common], help="remplacer toute la base par une sauvegarde"
    )
    restore.add_argument("path", metavar="CHEMIN")

    verbs.add_parser("list", parents=[common], help="sources, mesures, exports et pages")
    demo = verbs.add_parser("demo", parents=[common], help="charger la démonstration dans une base vide")
    demo.add_argument(
        "--si-vide", action="store_true", help="ne rien faire (et réussir) si elle ne l'est pas"
    )
    return parser
