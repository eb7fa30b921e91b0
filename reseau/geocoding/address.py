"""What is asked of the geocoder."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from reseau.model.communes import CITIES
from reseau.model.typology import normalise

# Limits the service states for `q`.
MIN_LENGTH, MAX_LENGTH = 3, 200
# What the cache can name.
MAX_KEY = 400


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
        key = f"{normalise(self.address)}|{self.postcode}|{normalise(self.commune)}|{self.citycode}"
        if len(key) <= MAX_KEY:
            return key
        return f"{key[:MAX_LENGTH]}|{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()}"

    @property
    def shown(self) -> str:
        """Exactly what is sent, on one line."""
        return " · ".join([self.text, *self.filters().values()])

    @property
    def sendable(self) -> bool:
        """Whether the service would read it: a few letters, and an address rather than a mere town."""
        return len(normalise(self.address)) >= MIN_LENGTH

    def filters(self) -> dict[str, str]:
        """`citycode` and `postcode` parameters worth sending.

        Paris, Lyon and Marseille as a whole are not sent: addresses there carry their arrondissement's code.
        """
        found: dict[str, str] = {}
        if re.fullmatch(r"\d[\dAB]\d{3}", self.citycode) and self.citycode not in CITIES:
            found["citycode"] = self.citycode
        if re.fullmatch(r"\d{5}", self.postcode):
            found["postcode"] = self.postcode
        return found
