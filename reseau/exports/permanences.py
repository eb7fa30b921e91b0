"""Permanences as CSV."""

from reseau.exports._csv import CsvExport
from reseau.exports._tables import PERMANENCES

EXPORT = CsvExport(id="permanences", label="Permanences (CSV)", table=PERMANENCES)
