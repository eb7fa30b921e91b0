"""Contacts, for the team only, as CSV."""

from reseau.exports._csv import CsvExport
from reseau.exports._tables import CONTACTS

EXPORT = CsvExport(id="contacts", label="Contacts (CSV, interne)", table=CONTACTS, can_be_public=False)
