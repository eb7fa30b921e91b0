"""From a French address to a position, asked of the national geocoder only when a person asks.

Nothing is sent when this package is imported. «The service does not answer» (`Unavailable`) and
«the service knows no such address» (`None`) are never the same.
"""

from reseau.geocoding.address import AddressQuery
from reseau.geocoding.batch import GeocodeOutcome, Locator, geocode_many
from reseau.geocoding.client import GeocodeResult, NationalGeocoder, make_client
from reseau.geocoding.policy import Decision, Verdict, decide

__all__ = [
    "AddressQuery",
    "Decision",
    "GeocodeOutcome",
    "GeocodeResult",
    "Locator",
    "NationalGeocoder",
    "Verdict",
    "decide",
    "geocode_many",
    "make_client",
]
