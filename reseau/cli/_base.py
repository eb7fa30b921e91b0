"""What every command of the command line is made of."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reseau.services import App

Answer = dict[str, Any] | list[dict[str, Any]]
# Not printable for Python, and harmless: lines, and the spaces of French typography.
_SPACES = "\n\t\u00a0\u202f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command, named `COMMAND` in its file of `reseau.cli.verbs`.

    A command that computes loads seconds of libraries: it imports its service inside `run`, so that the
    others answer at once.

    Attributes:
        id: the word typed.
        help: one line of French.
        order: place in the help, small first.
        arguments: adds what the command expects to its parser.
        run: does it; `app` is the opened application.
        here: takes `--territoire`.
        lines: the answer as lines of text, None for the usual «key : value».
    """

    id: str
    help: str
    order: int
    run: Callable[[App, argparse.Namespace], Answer]
    arguments: Callable[[argparse.ArgumentParser], None] = lambda _parser: None
    here: bool = True
    lines: Callable[[Answer], list[str]] | None = None


def decimal(text: str) -> float:
    """A number typed with a comma or a point."""
    return float(text.replace(",", "."))


def number(value: Any, digits: int) -> float | None:
    """A figure for JSON, None when unknown."""
    return None if value is None or math.isnan(value) else round(float(value), digits)


def plain(text: str) -> str:
    """Text for a terminal: what people and files write must not move its cursor or change its colours."""
    return "".join(char if char.isprintable() or char in _SPACES else " " for char in text)


def progress(_share: float, message: str) -> None:
    """Tell a person where a long task is; silent in a script."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{plain(message)}\n")


def tell(message: str) -> None:
    """A sentence beside the answer: standard error, so that standard output stays one document."""
    sys.stderr.write(f"{plain(message)}\n")
