"""Gaps as CSV."""

from reseau.exports._csv import CsvExport
from reseau.exports._tables import LACUNES

EXPORT = CsvExport(id="lacunes", label="Lacunes par quartier et par type (CSV)", table=LACUNES)
