"""Kinds of partner: families, types, how near each should be, and how to recognise their names."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TYPOLOGIES_DIR = Path(__file__).parent / "typologies"
PROXIMITE, INTERMEDIAIRE, TERRITOIRE = "proximite", "intermediaire", "territoire"
GAMME_LABELS = {
    PROXIMITE: "à proximité, à pied",
    INTERMEDIAIRE: "à distance intermédiaire, à pied",
    TERRITOIRE: "dans les communes du territoire",
}
# Written as «plusieurs types dans une cellule»; a comma may belong to a label, so it is tried last.
TYPE_SEPARATORS = re.compile(r"[;|/+\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A family of types; shape and letter say on a map what the colour says."""

    code: str
    label: str
    colour: str
    shape: str
    letter: str


FAMILIES = {
    family.code: family
    for family in (
        Family(code="acces-droits", label="Accès aux droits", colour="#1f5fa8", shape="carre", letter="D"),
        Family(code="addictions", label="Addictions", colour="#8a5a00", shape="losange", letter="A"),
        Family(
            code="collectivites", label="Collectivités et État", colour="#44546a", shape="carre", letter="C"
        ),
        Family(code="action-sociale", label="Action sociale", colour="#b3471c", shape="rond", letter="S"),
        Family(
            code="discriminations", label="Discriminations", colour="#6b3fa0", shape="losange", letter="X"
        ),
        Family(code="sante", label="Santé", colour="#b0203a", shape="croix", letter="M"),
        Family(
            code="education-social-culture",
            label="Éducation, social et culture",
            colour="#2c7a4b",
            shape="rond",
            letter="E",
        ),
        Family(code="medico-social", label="Médico-social", colour="#a12a7d", shape="croix", letter="P"),
        Family(
            code="habitat", label="Habitat et hébergement", colour="#5b6b00", shape="triangle", letter="H"
        ),
        Family(code="violences", label="Violences", colour="#7a1f5c", shape="losange", letter="V"),
        Family(code="interpretariat", label="Interprétariat", colour="#00707a", shape="rond", letter="I"),
        Family(code="coordination", label="Coordination", colour="#2a3f9d", shape="triangle", letter="K"),
        Family(code="autre", label="Autre", colour="#555555", shape="rond", letter="Z"),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerType:
    """One line of the typology.

    Attributes:
        finess: national-register category codes.
        data_inclusion: networks that carry such structures in data·inclusion (`reseaux_porteurs`), and
            their former `typologie`.
        service_public: kinds of local service of the service-public directory (`type_service_local`).
    """

    code: str
    acronym: str
    label: str
    family: str
    gamme: str
    sensitive: bool
    expected: bool
    finess: tuple[str, ...]
    aliases: tuple[str, ...]
    data_inclusion: tuple[str, ...] = ()
    service_public: tuple[str, ...] = ()

    @property
    def short_label(self) -> str:
        """The acronym where there is one, else the label."""
        return self.acronym or self.label

    @property
    def full_label(self) -> str:
        """Label with its acronym spelled out: «CMP – Centre médico-psychologique»."""
        return f"{self.acronym} – {self.label}" if self.acronym else self.label


def normalise(text: str) -> str:
    """Fold accents, case, apostrophes and punctuation: «Centre médico-psy.» → «centre medico psy»."""
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.findall(r"[a-z0-9]+", bare.lower()))


class Typology:
    """An ordered vocabulary of types with recognition by code, acronym, label or alias."""

    def __init__(self, types: list[PartnerType]) -> None:
        self.types = {item.code: item for item in types}
        self._index: dict[str, str] = {}
        # Codes win over acronyms, acronyms over labels, labels over aliases: an alias never hides a name.
        for names in (
            [(item.code, item.code) for item in types],
            [(item.acronym, item.code) for item in types],
            [(item.label, item.code) for item in types],
            [(alias, item.code) for item in types for alias in item.aliases],
        ):
            for name, code in names:
                if key := normalise(name):
                    self._index.setdefault(key, code)
        self._singulars = {_singular(key): code for key, code in reversed(self._index.items())}
        self._by_finess = {category: item.code for item in types for category in item.finess}
        self._by_service_public = {kind: item.code for item in types for kind in item.service_public}
        self._by_data_inclusion: dict[str, str | None] = {}
        for item in types:
            for name in item.data_inclusion:
                # A name that several types share («ASSO») says none of them.
                self._by_data_inclusion[name] = None if name in self._by_data_inclusion else item.code

    def __getitem__(self, code: str) -> PartnerType:
        return self.types[code]

    def __contains__(self, code: object) -> bool:
        return code in self.types

    def __iter__(self) -> Iterator[PartnerType]:
        return iter(self.types.values())

    def recognise(self, text: str) -> str | None:
        """Code of the type a person meant, or None.

        Tries the whole text, then singular forms, then the text without a bracketed part.
        """
        without_brackets = re.sub(r"\([^)]*\)", " ", text)
        in_brackets = " ".join(re.findall(r"\(([^)]*)\)", text))
        for candidate in (text, without_brackets, in_brackets):
            key = normalise(candidate)
            if found := self._index.get(key) or self._singulars.get(_singular(key)):
                return found
        return None

    def recognise_all(self, cell: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Split a cell holding one or several types into (recognised codes, unrecognised texts)."""
        if whole := self.recognise(cell):
            return (whole,), ()
        codes: list[str] = []
        unknown: list[str] = []
        for part in filter(None, (piece.strip() for piece in TYPE_SEPARATORS.split(cell))):
            pieces = [part] if self.recognise(part) else [p.strip() for p in part.split(",") if p.strip()]
            for piece in pieces:
                code = self.recognise(piece)
                if code is None:
                    unknown.append(piece)
                elif code not in codes:
                    codes.append(code)
        return tuple(codes), tuple(unknown)

    def for_finess(self, category: str) -> str | None:
        """Type of a national-register category code, or None."""
        return self._by_finess.get(category)

    def for_data_inclusion(self, name: str) -> str | None:
        """Type of a `reseau_porteur` of data·inclusion (or of its former `typologie`), or None."""
        return self._by_data_inclusion.get(name)

    def for_service_public(self, kind: str) -> str | None:
        """Type of a kind of local service of the service-public directory, or None."""
        return self._by_service_public.get(kind)

    def family_of(self, codes: tuple[str, ...]) -> str:
        """Main family: that of the first known type, `autre` where there is none."""
        return next((self.types[code].family for code in codes if code in self.types), "autre")


def _singular(key: str) -> str:
    return " ".join(map(_singular_word, key.split()))


def _singular_word(word: str) -> str:
    if word.endswith("aux") and not word.endswith("eaux"):
        return word[:-3] + "al"
    return word.rstrip("sx") if len(word) > 3 else word


def _split(cell: str, separator: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(separator) if part.strip())


@cache
def load_typology(name: str = "participative") -> Typology:
    """Read a vocabulary shipped with the package (UTF-8, `;`, one type a line)."""
    with (TYPOLOGIES_DIR / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return Typology(
        [
            PartnerType(
                code=row["code"],
                acronym=row["sigle"],
                label=row["libelle"],
                family=row["famille"],
                gamme=row["gamme"],
                sensitive=row["sensible"] == "oui",
                expected=row["attendu"] == "oui",
                finess=_split(row["finess"], None),
                aliases=_split(row["alias"], "|"),
                data_inclusion=_split(f"{row['reseau_porteur']} {row['structure_v0']}", None),
                service_public=_split(row["service_public"], None),
            )
            for row in rows
        ]
    )
