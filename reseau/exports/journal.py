"""Journal, for the team only, as CSV."""

from reseau.exports._csv import CsvExport
from reseau.exports._tables import JOURNAL

EXPORT = CsvExport(
    id="journal", label="Journal des contacts (CSV, interne)", table=JOURNAL, can_be_public=False
)
