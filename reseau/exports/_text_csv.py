"""A table of plain text as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from reseau.exports._cells import neutralise


def text_csv(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """CSV (`;`, UTF-8 with BOM, CRLF lines), cells written so that no spreadsheet runs them.

    Args:
        headers: first row.
        rows: following rows, as long as `headers`.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerows([[neutralise(cell) for cell in row] for row in (headers, *rows)])
    return buffer.getvalue().encode("utf-8-sig")
