"""One table as a CSV file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from reseau.exports._base import Export, ExportBundle
from reseau.exports._cells import as_text
from reseau.exports._columns import Table


@dataclass(frozen=True, kw_only=True)
class CsvExport(Export):
    """A table as CSV: `;`, UTF-8 with a byte-order mark (so that Excel reads accents), CRLF lines."""

    table: Table
    extension: str = ".csv"
    mime: str = "text/csv"

    def _write(self, bundle: ExportBundle, path: Path) -> int:
        count = 0
        with path.open("x", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
            writer.writerow([column.header for column in self.table.written(bundle)])
            for _, cells in self.table.rows(bundle):
                writer.writerow(map(as_text, cells))
                count += 1
        return count
