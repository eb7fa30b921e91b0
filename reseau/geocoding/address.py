"""What is asked of the geocoder, and where communes and arrondissements meet."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reseau.model.typology import normalise

# Cities whose addresses carry the code of an arrondissement: (first, last) arrondissement → the city.
_ARRONDISSEMENTS = {(75101, 75120): "75056", (69381, 69389): "69123", (13201, 13216): "13055"}
_CITIES = frozenset(_ARRONDISSEMENTS.values())
# Limits the service states for `q`.
MIN_LENGTH, MAX_LENGTH = 3, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressQuery:
    """One address to place.

    Attributes:
        address: number and street.
        postcode: five digits, empty when unknown.
        commune: name of the commune, empty when unknown.
        citycode: INSEE code of the commune (an arrondissement's code is accepted), empty when unknown.
    """

    address: str
    postcode: str = ""
    commune: str = ""
    citycode: str = ""

    @property
    def text(self) -> str:
        """What is sent as `q`: one line, without control characters, cut at the service's limit."""
        line = f"{self.address} {self.postcode} {self.commune}"
        return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", line).split())[:MAX_LENGTH].strip()

    @property
    def cache_key(self) -> str:
        """Same key for the same address written otherwise (case, accents, punctuation)."""
        return f"{normalise(self.address)}|{self.postcode}|{normalise(self.commune)}|{self.citycode}"

    @property
    def sendable(self) -> bool:
        """Whether the service would read it: a few letters, and an address rather than a mere town."""
        return len(normalise(self.address)) >= MIN_LENGTH

    def filters(self) -> dict[str, str]:
        """`citycode` and `postcode` parameters worth sending.

        Paris, Lyon and Marseille as a whole are not sent: addresses there carry their arrondissement's code.
        """
        found: dict[str, str] = {}
        if re.fullmatch(r"\d[\dAB]\d{3}", self.citycode) and self.citycode not in _CITIES:
            found["citycode"] = self.citycode
        if re.fullmatch(r"\d{5}", self.postcode):
            found["postcode"] = self.postcode
        return found


def fold_commune(insee: str) -> str:
    """INSEE code of the city an arrondissement of Paris, Lyon or Marseille belongs to, else the same code."""
    if insee.isdecimal():
        for (first, last), city in _ARRONDISSEMENTS.items():
            if first <= int(insee) <= last:
                return city
    return insee
