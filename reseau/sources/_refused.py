"""Refused rows as a table to download, correct and import again."""

from __future__ import annotations

from collections.abc import Iterable

from reseau.model.reports import Problem, RefusedRow
from reseau.sources._columns import REFUSAL_COLUMN, is_extra, is_housekeeping


def refused_to_table(refused: Iterable[RefusedRow]) -> tuple[list[str], list[list[str]]]:
    """Headers and rows of text: the columns of the file in order, then «motif du refus».

    That last column is passed over when the corrected file is imported again. The text is as it was read:
    the writer protects cells that a spreadsheet would run.
    """
    rows = list(refused)
    names: dict[str, None] = {}
    for row in rows:
        names |= dict.fromkeys(name for name in row.row if not _is_old_reason(name))
    # Values that had no column go last, so that the original columns keep their places.
    headers = sorted(names, key=is_housekeeping)
    table = [[*(row.row.get(name, "") for name in headers), refusal_text(row)] for row in rows]
    return [*headers, REFUSAL_COLUMN], table


def refusal_text(row: RefusedRow) -> str:
    """All the reasons of a row: «ligne 4 : colonne « type » : … | …»."""
    return f"ligne {row.line} : " + " | ".join(map(_problem_text, row.problems))


def _problem_text(problem: Problem) -> str:
    return f"colonne « {problem.column} » : {problem.reason}" if problem.column else problem.reason


def _is_old_reason(name: str) -> bool:
    return is_housekeeping(name) and not is_extra(name)
