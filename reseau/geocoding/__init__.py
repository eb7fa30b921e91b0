"""From a French address to a position, asked of the national geocoder only when a person asks.

Nothing is sent when this package is imported. «The service does not answer» (`Unavailable`) and
«the service knows no such address» (an empty `Answer`) are never the same.
"""

from reseau.geocoding.address import AddressQuery
from reseau.geocoding.answers import Answer, GeocodeResult
from reseau.geocoding.batch import Answered, BatchUnusable, Locator, ask_all, ask_one
from reseau.geocoding.boundary import Boundaries
from reseau.geocoding.client import NationalGeocoder, make_client
from reseau.geocoding.policy import Decision, Policy, Verdict, decide, decide_answer, load_policy

__all__ = [
    "AddressQuery",
    "Answer",
    "Answered",
    "BatchUnusable",
    "Boundaries",
    "Decision",
    "GeocodeResult",
    "Locator",
    "NationalGeocoder",
    "Policy",
    "Verdict",
    "ask_all",
    "ask_one",
    "decide",
    "decide_answer",
    "load_policy",
    "make_client",
]
