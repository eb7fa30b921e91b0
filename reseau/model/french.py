"""Numbers, days, places and types of partner in French, as plain text."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reseau.model.typology import PartnerType

THIN, NBSP = "\u202f", "\u00a0"
FEMININE = frozenset({
    "agence", "aide", "antenne", "association", "bibliothèque", "caisse", "clinique", "commission",
    "communauté", "consultation", "coopérative", "crèche", "fédération", "halte", "instance",
    "ludothèque", "mairie", "maison", "mission", "mutualité", "médiathèque", "médiation", "permanence",
    "pharmacie", "plateforme", "protection", "préfecture", "régie", "résidence", "sage-femme", "salle",
    "union", "école", "épicerie", "équipe",
})  # fmt: skip
MASCULINE = frozenset({
    "accueil", "atelier", "bailleur", "bureau", "cabinet", "café", "centre", "chirurgien-dentiste",
    "club", "collectif", "collège", "comité", "conseil", "contrat", "dispositif", "espace", "foyer",
    "groupe", "guichet", "hébergement", "hôpital", "infirmier", "institut", "interprétariat", "jardin",
    "lieu", "lycée", "médecin", "point", "point-justice", "professionnel", "psychiatre", "psychologue",
    "pôle", "relais", "réseau", "service", "syndicat", "tiers-lieu", "équipement", "établissement",
})  # fmt: skip
# Acronyms that mean something else to most people (CSS is first a health cover, CES a school): said in full.
AMBIGUOUS = frozenset({"CSS", "CDS", "CES", "MDA", "MDS"})
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip
# «À Centre ancien» is no French: a common noun without article is announced.
COMMON_NOUNS = frozenset(
    {"centre", "centre-ville", "cité", "cités", "cœur", "coeur", "secteur", "ville", "zone"}
)
ARTICLES = {"le": "Au", "les": "Aux", "quartier": "Au quartier", "quartiers": "Aux quartiers"}


@dataclass(frozen=True, slots=True)
class Noun:
    """A type of partner as a singular noun."""

    text: str
    feminine: bool

    @property
    def none(self) -> str:
        """«aucun CMP», «aucune pharmacie»."""
        return f"{'aucune' if self.feminine else 'aucun'} {self.text}"

    @property
    def one(self) -> str:
        """«un CMP», «une pharmacie»."""
        return f"{'une' if self.feminine else 'un'} {self.text}"

    @property
    def nearest(self) -> str:
        """«le plus proche», «la plus proche»."""
        return f"{'la' if self.feminine else 'le'} plus proche"


def noun_of(partner_type: PartnerType) -> Noun:
    """The type as a noun, with its gender read from the first word of its label.

    A label that is no plain singular noun (plural, list, unknown word, or acronym that does not stand for
    the label) is quoted after «lieu», so that no sentence is wrong: «aucun lieu « Personnes âgées »».
    """
    word = re.split(r"[\s,']", partner_type.label.lower(), maxsplit=1)[0]
    acronym, label = partner_type.acronym, partner_type.label
    stands_for = acronym[:1].upper() == _plain(label[:1]) if acronym else _is_one_noun(label)
    if stands_for and word in FEMININE | MASCULINE:
        text = label[:1].lower() + label[1:]
        if acronym:
            text = f"{text} ({acronym})" if acronym in AMBIGUOUS else acronym
        return Noun(text, word in FEMININE)
    return Noun(f"lieu «{NBSP}{partner_type.short_label}{NBSP}»", feminine=False)


def at_quartier(name: str) -> str:
    """«À Beauval», «Aux Izards», «Au Mirail», «Au quartier Nord», «Au quartier Centre ancien»."""
    first, _, rest = name.partition(" ")
    if first.lower() in COMMON_NOUNS:
        return f"Au quartier {name}"
    article = ARTICLES.get(first.lower())
    return f"{article} {rest}" if article and rest else f"À {name}"


def inhabitants(population: int | None, *, estimated: bool = False) -> str:
    """«3 200 habitants», «environ 3 200 habitants (estimation)», «nombre d'habitants inconnu»."""
    if population is None:
        return "nombre d'habitants inconnu"
    text = f"{number(population)}{NBSP}habitant{'s' if population > 1 else ''}"
    return f"environ {text} (estimation)" if estimated else text


def number(value: int) -> str:
    """Whole number with thin spaces between thousands."""
    return f"{value:,}".replace(",", THIN)


def decimal(value: float) -> str:
    """«4,5», «15»: at most two decimals, a comma."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def percent(share: float) -> str:
    """«48 %»; what is not quite nothing or everything says so: «moins de 1 %», «plus de 99 %»."""
    rounded = round(share * 100)
    if rounded == 0 and share > 0:
        return f"moins de 1{THIN}%"
    if rounded == 100 and share < 1:
        return f"plus de 99{THIN}%"
    return f"{rounded}{THIN}%"


def distance(metres: float) -> str:
    """«moins de 10 m», «400 m» to the nearest ten, «2,9 km», «12 km»."""
    tens = round(metres / 10) * 10
    if not tens:
        return f"moins de 10{NBSP}m"
    if tens < 1000:
        return f"{tens}{NBSP}m"
    km = metres / 1000
    figure = f"{km:.1f}".replace(".", ",") if km < 9.95 else number(round(km))
    return f"{figure}{NBSP}km"


def whole_minutes(minutes: float) -> int:
    """The nearest minute, half a minute rounded up: what every page says of one walk."""
    return math.floor(minutes + 0.5)


def duration(minutes: float) -> str:
    """«moins de 1 min», «50 min», «1 h 05»."""
    whole = whole_minutes(minutes)
    if not whole:
        return f"moins de 1{NBSP}min"
    if whole < 60:
        return f"{whole}{NBSP}min"
    hours, rest = divmod(whole, 60)
    return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")


def written_day(on: date) -> str:
    """«1er mars 2026», «22 novembre 2026»."""
    first = "1er" if on.day == 1 else str(on.day)
    return f"{first} {MONTHS[on.month - 1]} {on.year}"


def _plain(letter: str) -> str:
    return letter.upper().translate(str.maketrans("ÉÈÊÀÂÎÔÛÇ", "EEEAAIOUC"))


def _is_one_noun(label: str) -> bool:
    return "," not in label and " et " not in label
