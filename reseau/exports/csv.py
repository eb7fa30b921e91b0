"""Partners as CSV."""

from reseau.exports._csv import CsvExport
from reseau.exports._tables import PARTENAIRES

EXPORT = CsvExport(id="csv", label="Partenaires (CSV)", table=PARTENAIRES)
