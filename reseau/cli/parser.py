"""Words of the command line, in French."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from functools import cache
from typing import Any, NoReturn

from reseau.cli._base import Command
from reseau.discovery import collect

MESSAGES = (
    (r"the following arguments are required: (.+)", r"il manque : \1"),
    (r"unrecognized arguments: (.+)", r"mots en trop : \1"),
    (r"one of the arguments (.+) is required", r"il manque une de ces options : \1"),
    (r"argument (.+): not allowed with argument (.+)", r"\1 et \2 ne vont pas ensemble"),
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


def with_values(words: Sequence[str]) -> list[str]:
    """The words of a command, a value that starts with a minus tied to its option (`--point -1.55,47.21`).

    argparse takes it for an option: half of France is west of Greenwich.
    """
    tied: list[str] = []
    for word in words:
        if tied and re.match(r"-\d", word) and re.fullmatch(r"--[a-z][a-z-]*", tied[-1]):
            tied[-1] += f"={word}"
        else:
            tied.append(word)
    return tied


@cache
def all_commands() -> dict[str, Command]:
    """Every command, in the order of the help."""
    found = collect("reseau.cli.verbs", "COMMAND", Command)
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


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
    for command in all_commands().values():
        parents = [common, here] if command.here else [common]
        command.arguments(verbs.add_parser(command.id, parents=parents, help=command.help))
    return parser
