"""One record each, as it travels in: from a file, a form or a service to the store.

Conventions: longitudes and latitudes are WGS84 degrees (EPSG:4326); dates are ISO local dates;
`None` means «not known» and is never the same as «no» or zero. Text is plain text, never markup.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """An organisation's place.

    Attributes:
        uid: stable identifier `<source>--<native id>`, unique in a territory.
        types: codes of the typology, main one first.
        position_precision: key of `POSITION_PRECISIONS`, empty when there is no position.
        opening_hours: OSM opening-hours syntax, empty when unknown.
        hours_text: hours as written by their source where they could not be read.
        served_quartiers: codes of quartiers an outgoing service declares to serve.
        uai: number of a school in the education register, eight characters.
        reviewed_on: when a person last checked the sheet.
        review_days: days after which it is to be checked again, None for the period of its type.
        capacity: how much it can take, in `capacity_unit`, None when unknown.
        capacity_unit: key of `CAPACITY_UNITS`, empty when unknown.
    """

    uid: str
    name: str
    types: tuple[str, ...] = ()
    description: str = ""
    address: str = ""
    address_extra: str = ""
    postcode: str = ""
    commune: str = ""
    insee: str = ""
    lon: float | None = None
    lat: float | None = None
    position_precision: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    opening_hours: str = ""
    hours_text: str = ""
    publics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    free: bool | None = None
    no_appointment: bool | None = None
    accessible: bool | None = None
    access_conditions: str = ""
    reception_modes: tuple[str, ...] = ()
    served_quartiers: tuple[str, ...] = ()
    finess: str = ""
    siret: str = ""
    uai: str = ""
    closed: bool = False
    internal_note: str = ""
    reviewed_on: date | None = None
    review_days: int | None = None
    capacity: float | None = None
    capacity_unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quartier:
    """A QPV or a *quartier vécu*.

    Attributes:
        code: official code (`QN…` 2024, `QP…` 2015) or `QV-<slug>` for a quartier vécu.
        kind: `qpv` or `vecu`.
        generation: 2015, 2024 or None for a quartier vécu.
        communes: INSEE codes, several where the quartier spans communes.
        population: inhabitants, None when unknown (never zero).
        wkb: boundary, WKB polygon or multipolygon in EPSG:4326, valid.
        languages: ISO 639 codes of languages spoken there, as the team states them.
        indicators: figures by name; a secret or unknown figure has no key.
    """

    code: str
    name: str
    wkb: bytes
    kind: str = "qpv"
    generation: int | None = None
    communes: tuple[str, ...] = ()
    commune_names: tuple[str, ...] = ()
    population: int | None = None
    population_source: str = ""
    languages: tuple[str, ...] = ()
    indicators: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A tie between two structures, named by uid or by exact name when it comes from a file.

    Attributes:
        purpose: key of `RELATION_PURPOSES`.
        direction: key of `DIRECTIONS`, read from `from_ref` to `to_ref`.
        intensity: 1 (connaissance) to 5 (convention).
        status: value of `RelationStatus`.
        confirmed: whether the other side confirmed it; None when nobody asked.
    """

    from_ref: str
    to_ref: str
    purpose: str = "orientation"
    direction: str = "reciproque"
    intensity: int = 1
    status: str = "a_contacter"
    declared_by: str = ""
    confirmed: bool | None = None
    referent_from: str = ""
    referent_to: str = ""
    started_on: date | None = None
    renewal_on: date | None = None
    last_contact_on: date | None = None
    evidence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permanence:
    """A service held at another place than home: a service point of `type_code` at that place.

    Attributes:
        structure_ref: who holds it (uid or exact name).
        host_ref: structure that hosts it; empty when it is held elsewhere (`place`, `lon`, `lat`).
        opening_hours: OSM opening-hours syntax.
    """

    structure_ref: str
    type_code: str
    host_ref: str = ""
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    opening_hours: str = ""
    hours_text: str = ""
    free: bool | None = None
    no_appointment: bool | None = None
    languages: tuple[str, ...] = ()
    started_on: date | None = None
    ended_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A named person at a partner. Personal data: editors' pages only, never exported publicly."""

    structure_ref: str
    name: str
    role: str = ""
    phone: str = ""
    email: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """A trace of partnership work with a structure: a call, a meeting, a visit."""

    structure_ref: str
    on: date
    kind: str = "note"
    text: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A structure taking part in an action, with its role (key of `PARTNER_ROLES`)."""

    structure_ref: str
    role: str = "coanime"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An *aller-vers* action; afterwards, counts only, never names.

    Attributes:
        uid: stable identifier, unique in a territory.
        type_code: type of service whose gap it answers, empty when none.
        quartiers: codes.
        counts: what happened, e.g. `{"personnes_rencontrees": 34}`; a missing key is unknown.
    """

    uid: str
    title: str
    form: str = "autre"
    theme: str = ""
    publics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    quartiers: tuple[str, ...] = ()
    type_code: str = ""
    host_ref: str = ""
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    starts_on: date | None = None
    start_time: str = ""
    end_time: str = ""
    recurrence: str = ""
    ends_on: date | None = None
    team: str = ""
    status: str = "idee"
    partners: tuple[Partner, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    outcome: str = ""
    note: str = ""


COUNT_LABELS = {
    "personnes_rencontrees": "personnes rencontrées",
    "premiers_contacts": "dont première rencontre",
    "orientations": "orientations proposées",
    "rendez_vous_pris": "rendez-vous pris",
    "relais_aboutis": "orientations qui ont abouti",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Territoire:
    """One team's workspace and its settings.

    Attributes:
        communes: INSEE codes.
        radius_km: also take what lies within this distance of the quartiers, None for communes only.
        qpv_codes: the only QPV taken from a national file, empty for all those of the communes.
        pivot_uid: uid of the team's own structure, empty until chosen.
        minutes_proximite: walking threshold of the gamme *proximité*, minutes.
        minutes_intermediaire: walking threshold of the gamme *intermédiaire*, minutes.
        near_share: share of inhabitants (0–1) that makes a type «near».
        walking_kmh: walking speed, kilometres per hour.
        detour_factor: straight line × this factor ≈ walked distance.
        fictional: a demonstration territory, said so on every page.
        use_network: walk on the network kept with the territory, when there is one.
        social_indicator: figure of the quartiers the social index is made of (`reseau.gaps.priority`).
        weight_to_link: part of the inhabitants near an unlinked place that counts as uncovered (0–1).
        weight_needs: how much expressed needs raise a priority, 0 for not at all.
    """

    name: str
    communes: tuple[str, ...] = ()
    radius_km: float | None = None
    qpv_codes: tuple[str, ...] = ()
    pivot_uid: str = ""
    minutes_proximite: int = 15
    minutes_intermediaire: int = 30
    near_share: float = 0.5
    walking_kmh: float = 4.5
    detour_factor: float = 1.3
    fictional: bool = False
    use_network: bool = True
    social_indicator: str = "tp60"
    weight_to_link: float = 0.2
    weight_needs: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeSetting:
    """A territory's own copy of what it expects of a type.

    Attributes:
        review_days: days after which a sheet of this type is to be checked again, None for the usual period.
        weight: how much an uncovered inhabitant counts for this type.
        from_inhabitants: expected of quartiers of at least so many inhabitants (0: of all; a quartier of
            unknown population is expected to have it).
    """

    type_code: str
    expected: bool
    gamme: str
    review_days: int | None = None
    weight: float = 1.0
    from_inhabitants: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """How often residents of a quartier asked for something of a theme: a count, never who.

    Attributes:
        quartier_ref: code or exact name of the quartier.
        theme: key of `reseau.model.vocabulary.THEMES`.
        count: times it was expressed, at least 0.
        on: day of the survey, meeting or workshop, None when unknown.
        collected: how it was collected (survey, workshop, reception desk…).
    """

    quartier_ref: str
    theme: str
    count: int
    on: date | None = None
    collected: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedAbsence:
    """«Vérifié : il n'y en a pas», by a person, on a date."""

    quartier_code: str
    type_code: str
    on: date
    author: str = ""
    note: str = ""
