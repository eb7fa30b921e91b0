"""From words to verbs, and from answers to text or JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from reseau.cli._base import Answer, Command, plain, tell
from reseau.cli.parser import all_commands, build_parser, with_values
from reseau.errors import ReseauError, why
from reseau.services import open_app

OK, REFUSED, INTERRUPTED = 0, 1, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 when done, 1 when the input was refused (nothing is printed on standard output then), 130 when
        interrupted. Wrong usage leaves with SystemExit(2).
    """
    words = with_values(sys.argv[1:] if argv is None else argv)
    args = build_parser().parse_args(words)
    command = all_commands()[args.verb]
    try:
        app = open_app()
        try:
            answer = command.run(app, args)
        finally:
            app.close()
    except ReseauError as error:
        tell(str(error))
        return REFUSED
    except UnicodeEncodeError:
        # Words typed in another encoding than that of the terminal, or the name of a file.
        tell(
            "Un mot tapé ou un nom de fichier n'est pas écrit en UTF-8 : retapez-le, ou renommez le fichier."
        )
        return REFUSED
    except OSError as error:
        tell(f"{error.filename or 'Fichier'} : {why(error)}.")
        return REFUSED
    except MemoryError:
        tell("La mémoire ne suffit pas : prenez un fichier plus petit.")
        return REFUSED
    except KeyboardInterrupt:
        tell("\nInterrompu : rien n'a été fait à moitié.")
        return INTERRUPTED
    _print(command, answer, as_json=args.json)
    return OK


def _print(command: Command, answer: Answer, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
        return
    lines = (command.lines or _lines)(answer)
    sys.stdout.write("".join(f"{plain(line)}\n" for line in lines))


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
