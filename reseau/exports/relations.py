"""Relations as CSV."""

from reseau.exports._csv import CsvExport
from reseau.exports._tables import RELATIONS

EXPORT = CsvExport(id="relations", label="Relations (CSV)", table=RELATIONS)
