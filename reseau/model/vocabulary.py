"""Closed lists of words, with their French labels: one place for each."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """State of one type of service for one quartier. `absent` and `non_renseigne` are never merged."""

    COUVERT = "couvert"
    A_RELIER = "a_relier"
    ELOIGNE = "eloigne"
    ABSENT = "absent"
    NON_RENSEIGNE = "non_renseigne"


STATE_LABELS = {
    State.COUVERT: "Couvert",
    State.A_RELIER: "À relier",
    State.ELOIGNE: "Trop loin",
    State.ABSENT: "Absent",
    State.NON_RENSEIGNE: "Non renseigné",
}
STATE_SIGNS = {
    State.COUVERT: "●",
    State.A_RELIER: "◐",
    State.ELOIGNE: "➚",
    State.ABSENT: "✕",
    State.NON_RENSEIGNE: "?",
}
# Dark text on these grounds keeps a contrast above 4.5:1; the sign and the word carry the meaning too.
STATE_COLOURS = {
    State.COUVERT: "#b7e4c7",
    State.A_RELIER: "#ffe08a",
    State.ELOIGNE: "#ffc09f",
    State.ABSENT: "#f4a3a8",
    State.NON_RENSEIGNE: "#e3e5e8",
}
STATE_MEANINGS = {
    State.COUVERT: "proche, et la structure pivot travaille avec au moins un lieu proche",
    State.A_RELIER: "proche, mais aucune relation active : un contact à prendre ou à relancer",
    State.ELOIGNE: "des lieux existent, aucun n'est proche : permanence, aller-vers ou transport",
    State.ABSENT: "aucun lieu connu, et une source (ou une personne) permet de le dire",
    State.NON_RENSEIGNE: "aucun lieu connu, et rien ne permet de dire qu'il n'y en a pas",
}

INTENSITIES = {
    1: "connaissance",
    2: "information",
    3: "coordination",
    4: "action commune",
    5: "convention",
}


class RelationStatus(StrEnum):
    """Where a tie stands today."""

    A_CONTACTER = "a_contacter"
    CONTACT_PRIS = "contact_pris"
    ACTIF = "actif"
    EN_SOMMEIL = "en_sommeil"
    TERMINE = "termine"


RELATION_STATUS_LABELS = {
    RelationStatus.A_CONTACTER: "à contacter",
    RelationStatus.CONTACT_PRIS: "contact pris",
    RelationStatus.ACTIF: "active",
    RelationStatus.EN_SOMMEIL: "en sommeil",
    RelationStatus.TERMINE: "terminée",
}

RELATION_PURPOSES = {
    "orientation": "orientation de personnes",
    "convention": "convention",
    "permanence": "permanence",
    "action_commune": "action commune",
    "locaux_partages": "locaux partagés",
    "instance": "instance de rencontre",
    "information": "échange d'informations",
    "formation": "formation",
    "autre": "autre",
}

DIRECTIONS = {"aller": "vers", "retour": "depuis", "reciproque": "dans les deux sens"}

POSITION_PRECISIONS = {
    "exacte": "position exacte",
    "adresse": "au numéro",
    "rue": "à la rue",
    "commune": "au centre de la commune (pas une adresse)",
}
# A commune-level hit is never a position: such structures are listed as «à placer».
PLACED_PRECISIONS = frozenset({"exacte", "adresse", "rue"})
# How far the true place may be, metres: our own choice, no publisher gives one. A point of an address file is
# at the door or on the parcel; a street is known by its middle.
PRECISION_METRES = {"exacte": 10.0, "adresse": 30.0, "rue": 150.0}
USUAL_PRECISION = "adresse"

RECEPTION_MODES = {
    "sur_place": "sur place",
    "domicile": "à domicile",
    "telephone": "par téléphone",
    "visio": "à distance",
    "mobile": "équipe mobile",
}
# Modes that come to people: they serve the quartiers they declare, wherever their office is.
OUTGOING_MODES = frozenset({"domicile", "telephone", "visio", "mobile"})

PUBLICS = {
    "tous": "tout public",
    "enfants": "enfants",
    "jeunes": "jeunes",
    "femmes": "femmes",
    "hommes": "hommes",
    "familles": "familles",
    "seniors": "personnes âgées",
    "handicap": "personnes en situation de handicap",
    "exil": "personnes exilées",
    "precarite": "personnes en grande précarité",
    "lgbtqia": "personnes LGBTQIA+",
}

LANGUAGES = {
    "fr": "français",
    "ar": "arabe",
    "en": "anglais",
    "es": "espagnol",
    "pt": "portugais",
    "tr": "turc",
    "ro": "roumain",
    "ru": "russe",
    "uk": "ukrainien",
    "it": "italien",
    "de": "allemand",
    "pl": "polonais",
    "sq": "albanais",
    "ber": "berbère",
    "bm": "bambara",
    "snk": "soninké",
    "ff": "peul",
    "wo": "wolof",
    "ln": "lingala",
    "so": "somali",
    "ti": "tigrigna",
    "am": "amharique",
    "fa": "persan",
    "ps": "pachto",
    "ur": "ourdou",
    "hi": "hindi",
    "bn": "bengali",
    "ta": "tamoul",
    "zh": "chinois",
    "vi": "vietnamien",
    "zdj": "comorien",
    "gcf": "créole antillais",
    "rcf": "créole réunionnais",
    "ka": "géorgien",
    "hy": "arménien",
    "rom": "romani",
    "fsl": "langue des signes française",
}

ACTION_FORMS = {
    "stand": "stand",
    "porte_a_porte": "porte-à-porte",
    "permanence_hors_murs": "permanence hors les murs",
    "cafe_sante": "café santé",
    "atelier": "atelier",
    "intervention_scolaire": "intervention en milieu scolaire",
    "visite_domicile": "visite à domicile",
    "maraude": "maraude",
    "presence_rue": "présence de rue",
    "fete_quartier": "fête de quartier",
    "autre": "autre",
}


class ActionStatus(StrEnum):
    """Life of an outreach action."""

    IDEE = "idee"
    PREVUE = "prevue"
    CONFIRMEE = "confirmee"
    REALISEE = "realisee"
    ANNULEE = "annulee"


ACTION_STATUS_LABELS = {
    ActionStatus.IDEE: "idée",
    ActionStatus.PREVUE: "prévue",
    ActionStatus.CONFIRMEE: "confirmée",
    ActionStatus.REALISEE: "réalisée",
    ActionStatus.ANNULEE: "annulée",
}

PUBLIC_ACTIONS = frozenset({ActionStatus.CONFIRMEE, ActionStatus.REALISEE})
"""Actions that may be known outside the team: what is only imagined or planned is not."""

PARTNER_ROLES = {
    "porteur": "porte l'action",
    "coanime": "coanime",
    "accueille": "accueille (prête le lieu)",
    "oriente": "oriente des personnes",
    "finance": "finance",
    "informe": "relaie l'information",
}

RECURRENCES = {
    "": "une seule fois",
    "hebdomadaire": "toutes les semaines",
    "quinzaine": "toutes les deux semaines",
    "mensuelle": "tous les mois (même jour de la semaine)",
}

JOURNAL_KINDS = {
    "appel": "appel",
    "courriel": "courriel",
    "rencontre": "rencontre",
    "reunion": "réunion",
    "visite": "visite",
    "note": "note",
}

THEMES = {
    "droits": "accès aux droits, papiers, numérique",
    "soins": "médecin, soins, prévention",
    "sante_mentale": "santé mentale, écoute",
    "addictions": "addictions",
    "alimentation": "alimentation, aide matérielle",
    "logement": "logement, hébergement",
    "enfance": "enfants, parentalité",
    "jeunesse": "jeunes, école, emploi",
    "vieillesse": "personnes âgées, autonomie",
    "handicap": "handicap",
    "violences": "violences, discriminations",
    "langue": "langue, interprétariat",
    "lien_social": "lien social, culture, sport",
}
"""What residents ask for, and what each type of partner answers (`reseau.model.expectations`)."""

CAPACITY_UNITS = {
    "places": "places",
    "professionnels": "professionnels (équivalents temps plein)",
    "rendez_vous": "rendez-vous par semaine",
}
"""What a capacity is counted in. Two capacities are only compared in one unit."""
