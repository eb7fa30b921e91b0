"""Outreach actions as CSV."""

from reseau.exports._csv import CsvExport
from reseau.exports._tables import ACTIONS

EXPORT = CsvExport(id="actions", label="Actions aller-vers (CSV)", table=ACTIONS)
