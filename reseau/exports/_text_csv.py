"""A table as CSV, in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from reseau.exports._cells import as_text, plain


def text_csv(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """CSV (`;`, UTF-8 with BOM, CRLF lines), cells written so that no spreadsheet runs them.

    Args:
        headers: first row.
        rows: following rows: texts, figures, dates, yes or no; what is missing stays empty.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerows([as_text(plain(cell)) for cell in row] for row in (headers, *rows))
    return buffer.getvalue().encode("utf-8-sig")
