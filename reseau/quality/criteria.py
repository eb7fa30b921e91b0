"""What a useful sheet says, criterion by criterion. «Sans objet» is neither good nor bad: it is not counted.

After the idea of data.inclusion's score: a service that comes to people is not punished for having no place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from reseau.model.vocabulary import OUTGOING_MODES

OTHER_TYPE = "autre"


class Mark(StrEnum):
    """Answer of a criterion about one sheet."""

    YES = "oui"
    NO = "non"
    NOT_APPLICABLE = "sans objet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing a sheet should say.

    Attributes:
        short: the same in a word or two.
        label: what is asked, in French.
        advice: what to do when it is missing, in French.
        weight: how much it counts beside the others.
        holds: structures (columns `STRUCTURES`, plus `inside_commune` and `fresh`, True, False or None where
            it cannot be told) → answers, same index.
        applies: the same → whether the question makes sense; always, when None.
    """

    id: str
    short: str
    label: str
    advice: str
    weight: int
    holds: Callable[[pd.DataFrame], pd.Series[bool]]
    applies: Callable[[pd.DataFrame], pd.Series[bool]] | None = None


def _filled(*names: str) -> Callable[[pd.DataFrame], pd.Series[bool]]:
    def holds(frame: pd.DataFrame) -> pd.Series[bool]:
        answers = pd.Series(False, index=frame.index)
        for name in names:
            answers |= frame[name].astype(bool)
        return answers

    return holds


def _told(name: str) -> Callable[[pd.DataFrame], pd.Series[bool]]:
    """A yes or a no are both answers; None is not."""
    return lambda frame: frame[name].notna()


def _known(name: str) -> Callable[[pd.DataFrame], pd.Series[bool]]:
    return lambda frame: frame[name].notna()


def _true(name: str) -> Callable[[pd.DataFrame], pd.Series[bool]]:
    return lambda frame: frame[name].map(lambda value: value is True).astype(bool)


def has_place(frame: pd.DataFrame) -> pd.Series[bool]:
    """Whether people go there: not where every mode of reception comes to them."""
    return (
        frame["reception_modes"].map(lambda modes: not modes or not set(modes) <= OUTGOING_MODES).astype(bool)
    )


def _typed(frame: pd.DataFrame) -> pd.Series[bool]:
    return frame["types"].map(lambda types: any(code != OTHER_TYPE for code in types)).astype(bool)


def _goes_out(frame: pd.DataFrame) -> pd.Series[bool]:
    return frame["reception_modes"].map(lambda modes: bool(set(modes) & OUTGOING_MODES)).astype(bool)


CRITERIA = (
    Criterion(
        id="type",
        short="type précis",
        label="Le type de partenaire est précis",
        weight=2,
        holds=_typed,
        advice="Choisissez un type autre que « autre » (onglet Identité).",
    ),
    Criterion(
        id="adresse",
        short="adresse",
        label="L'adresse est renseignée",
        weight=2,
        holds=_filled("address"),
        applies=has_place,
        advice="Écrivez le numéro et la rue (onglet Identité).",
    ),
    Criterion(
        id="position",
        short="position",
        label="La structure est placée sur la carte",
        weight=3,
        holds=_true("placed"),
        applies=has_place,
        advice="Placez-la par son adresse ou à la main (Données, À placer).",
    ),
    Criterion(
        id="dans-commune",
        short="position dans sa commune",
        label="La position est bien dans la commune annoncée",
        weight=2,
        holds=_true("inside_commune"),
        applies=_known("inside_commune"),
        advice="Corrigez la position ou la commune (À vérifier, Adresses à relire).",
    ),
    Criterion(
        id="joindre",
        short="moyen de joindre",
        label="On sait comment la joindre",
        weight=3,
        holds=_filled("phone", "email", "website"),
        advice="Ajoutez un téléphone, un courriel ou un site (onglet Identité).",
    ),
    Criterion(
        id="horaires",
        short="horaires",
        label="Les horaires sont connus et lisibles",
        weight=3,
        holds=_filled("opening_hours"),
        applies=has_place,
        advice="Saisissez les horaires (onglet Horaires).",
    ),
    Criterion(
        id="publics",
        short="publics",
        label="Les publics reçus sont dits",
        weight=1,
        holds=_filled("publics"),
        advice="Dites qui est reçu, au besoin « tout public » (onglet Accès).",
    ),
    Criterion(
        id="langues",
        short="langues",
        label="Les langues parlées sont dites",
        weight=1,
        holds=_filled("languages"),
        advice="Dites les langues parlées à l'accueil (onglet Accès).",
    ),
    Criterion(
        id="gratuit",
        short="gratuité",
        label="On sait si c'est gratuit",
        weight=1,
        holds=_told("free"),
        advice="Répondez oui ou non à « Gratuit » (onglet Accès).",
    ),
    Criterion(
        id="rendez-vous",
        short="rendez-vous",
        label="On sait s'il faut un rendez-vous",
        weight=1,
        holds=_told("no_appointment"),
        advice="Répondez oui ou non à « Sans rendez-vous » (onglet Accès).",
    ),
    Criterion(
        id="accessible",
        short="accessibilité",
        label="On sait si le lieu est accessible",
        weight=1,
        holds=_told("accessible"),
        applies=has_place,
        advice="Répondez à « Accessible aux personnes à mobilité réduite » (onglet Accès).",
    ),
    Criterion(
        id="quartiers",
        short="quartiers desservis",
        label="On sait quels quartiers elle dessert",
        weight=2,
        holds=_filled("served_quartiers"),
        applies=_goes_out,
        advice="Dites les quartiers où le service se déplace (onglet Accès).",
    ),
    Criterion(
        id="fraicheur",
        short="vérification",
        label="La fiche a été vérifiée dans les temps",
        weight=2,
        holds=_true("fresh"),
        advice="Relisez-la avec la structure, puis « Tout est juste » (À vérifier, Cette semaine).",
    ),
)
"""In the order they are shown."""
