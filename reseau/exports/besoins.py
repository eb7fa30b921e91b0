"""What residents asked for, in counts, for the team only, as CSV."""

from reseau.exports._csv import CsvExport
from reseau.exports._tables import BESOINS

EXPORT = CsvExport(
    id="besoins", label="Demandes des habitants (CSV, interne)", table=BESOINS, can_be_public=False
)
