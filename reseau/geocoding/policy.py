"""What to do with an answer of the geocoder. Pure: no network here.

After data-inclusion's practice: a geocode is kept above a score of 0.75, the street of a `municipality`
answer never is, and the commune is checked on its INSEE code rather than on the postcode.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reseau.geocoding.address import AddressQuery
from reseau.geocoding.client import GeocodeResult
from reseau.model.communes import city_of
from reseau.model.typology import normalise

ACCEPT_SCORE = 0.75
# Under this, a proposal costs a person more time to discard than to look the address up.
REVIEW_SCORE = 0.5
PRECISIONS = {"housenumber": "adresse", "street": "rue", "locality": "rue", "municipality": "commune"}


class Verdict(StrEnum):
    """`accepte`: may be written; `a_verifier`: a person looks at it; `refuse`: nothing worth showing."""

    ACCEPTED = "accepte"
    REVIEW = "a_verifier"
    REFUSED = "refuse"


@dataclass(frozen=True, slots=True)
class Decision:
    """Verdict on one answer.

    Attributes:
        precision: key of `POSITION_PRECISIONS` the position would have, empty when there is none.
        reason: French sentence, empty when accepted.
    """

    verdict: Verdict
    precision: str = ""
    reason: str = ""


def decide(query: AddressQuery, result: GeocodeResult | None) -> Decision:
    """Accept, keep for a person, or refuse an answer (None: the service knows no such address)."""
    if result is None:
        return Decision(Verdict.REFUSED, reason="adresse inconnue du service national d'adresses")
    precision = PRECISIONS.get(result.kind, "")
    same_commune = _same_commune(query, result)
    if result.score < (REVIEW_SCORE if same_commune is not False else ACCEPT_SCORE):
        return Decision(Verdict.REFUSED, precision, f"trop peu ressemblant (score {_figure(result.score)})")
    if same_commune is False:
        return Decision(Verdict.REVIEW, precision, f"autre commune : {result.city or result.citycode or '?'}")
    if not precision:
        return Decision(Verdict.REVIEW, precision, "genre de lieu non reconnu")
    if precision == "commune":
        return Decision(Verdict.REVIEW, precision, "seule la commune est reconnue, pas l'adresse")
    if same_commune is None:
        return Decision(Verdict.REVIEW, precision, "commune non précisée dans l'adresse")
    if result.score < ACCEPT_SCORE:
        return Decision(Verdict.REVIEW, precision, f"ressemblance moyenne (score {_figure(result.score)})")
    return Decision(Verdict.ACCEPTED, precision)


def _same_commune(query: AddressQuery, result: GeocodeResult) -> bool | None:
    """Whether the answer lies in the commune asked for; None when the query names no commune."""
    if query.citycode:
        return city_of(query.citycode) == city_of(result.citycode)
    if query.commune:
        return _commune_name(query.commune) == _commune_name(result.city)
    return None


def _commune_name(name: str) -> str:
    words = [word for word in normalise(name).split() if word != "cedex" and not word[0].isdigit()]
    words = [{"st": "saint", "ste": "sainte"}.get(word, word) for word in words]
    return " ".join(word for word in words if word not in ("arrondissement", "e", "er", "eme"))


def _figure(score: float) -> str:
    return f"{score:.2f}".replace(".", ",")
