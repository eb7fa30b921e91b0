"""Positions that wait for a person: doubtful answers of the geocoder, places outside their commune."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from reseau.errors import RefusedInput
from reseau.geocoding import (
    AddressQuery,
    Answer,
    Boundaries,
    GeocodeResult,
    Locator,
    Verdict,
    ask_one,
    decide,
    load_policy,
    make_client,
)
from reseau.model.typology import normalise
from reseau.model.vocabulary import PLACED_PRECISIONS
from reseau.services import context, editing
from reseau.services.app import App
from reseau.services.placing import (
    GEOCODER,
    POSITION,
    boundaries_of,
    judge,
    known_answers,
    query_of,
)
from reseau.services.view import open_view
from reseau.store import caches, imports, statements
from reseau.store.rows import PERSON, get_row, update_row

# Why an item waits, in the order a person goes through: what takes one click first.
REVIEW, OUTSIDE, REFUSED, UNKNOWN, NOT_ASKED, NO_ADDRESS = (
    "a_relire", "hors_commune", "refusee", "sans_reponse", "pas_cherchee", "sans_adresse",
)  # fmt: skip
KINDS = {
    REVIEW: "Réponse à relire",
    OUTSIDE: "Hors de sa commune",
    REFUSED: "Réponse refusée",
    UNKNOWN: "Adresse inconnue du service",
    NOT_ASKED: "Adresse pas encore cherchée",
    NO_ADDRESS: "Pas d'adresse",
}
EXACT = "exacte"
_ASIDE = "pas-maintenant|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place proposed for a structure.

    Attributes:
        lon, lat: WGS84 degrees.
        precision: key of `POSITION_PRECISIONS` it would have.
        label: the address as the service writes it; says so where it is the present position.
        kind_label: what the service recognised, in French.
        score: likeness, 0–1; None for the present position.
        reason: why it was not written alone, in French.
        boundary: «dans la commune», «hors de la commune» or «non vérifié».
    """

    lon: float
    lat: float
    precision: str
    label: str
    kind_label: str = ""
    score: float | None = None
    reason: str = ""
    boundary: str = ""

    @property
    def acceptable(self) -> bool:
        """Whether it may become a position: never the middle of a commune."""
        return self.precision in PLACED_PRECISIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """A structure whose position waits for a person.

    Attributes:
        version: of the row, so that two people do not overwrite each other.
        kind: key of `KINDS`.
        reason: in French.
        candidates: places proposed, best first, three at most.
        present: (lon, lat) of its present position, were it the middle of a commune; None when it has none.
        aside: put aside by a person, «pas maintenant».
    """

    structure_id: int
    name: str
    version: int
    address: str
    postcode: str
    commune: str
    insee: str
    kind: str
    reason: str
    candidates: tuple[Candidate, ...] = ()
    present: tuple[float, float] | None = None
    aside: bool = False

    @property
    def query(self) -> AddressQuery:
        """What would be asked about it."""
        return AddressQuery(
            address=self.address, postcode=self.postcode, commune=self.commune, citycode=self.insee
        )

    @property
    def score(self) -> float | None:
        """Likeness of the best candidate, None when there is none."""
        return self.candidates[0].score if self.candidates else None


def queue(app: App, territoire_id: int) -> list[ReviewItem]:
    """Everything that waits, what takes one click first; items put aside come last."""
    structures = open_view(app, territoire_id).structures
    structures = structures[~structures["closed"]]
    outside = _outside(app, territoire_id) & set(structures.index[structures["placed"]])
    chosen = structures[~structures["placed"] | structures.index.isin(list(outside))]
    rows = dict(zip(map(int, chosen.index), chosen.to_dict("records"), strict=True))
    ranks = list(KINDS)
    return sorted(
        _items(app, rows, outside, boundaries_of(app, territoire_id)),
        key=lambda item: (item.aside, ranks.index(item.kind), -(item.score or 0.0)),
    )


def one_item(app: App, territoire_id: int, structure_id: int) -> ReviewItem | None:
    """The item of one structure as it is now, None when nothing waits any more.

    Raises:
        NotFound: no such structure.
    """
    with app.store.read() as connection:
        row = get_row(connection, "structures", structure_id)
    boundaries = boundaries_of(app, territoire_id)
    placed = row["lon"] is not None and row["position_precision"] in PLACED_PRECISIONS
    outside = placed and _is_outside(boundaries, row)
    if row["closed"] or row["deleted_at"] is not None or (placed and not outside):
        return None
    return next(_items(app, {structure_id: row}, {structure_id} if outside else set(), boundaries))


def accept(
    app: App, territoire_id: int, structure_id: int, candidate: Candidate, *, version: int | None = None
) -> None:
    """Write a proposed place, as a correction by a person: no import overwrites it.

    Raises:
        RefusedInput: it is the middle of a commune, or nowhere in France.
        Conflict: the structure has changed since `version`.
        NotFound: no such structure.
    """
    if not candidate.acceptable:
        raise RefusedInput(
            "Le centre d'une commune n'est pas une adresse : placez la structure sur la carte, ou "
            "corrigez son adresse."
        )
    values = {"lon": candidate.lon, "lat": candidate.lat, "position_precision": candidate.precision}
    editing.save_row(app, territoire_id, "structures", values, row_id=structure_id, version=version)
    _sign(app, structure_id, said_by_geocoder=values if candidate.score is not None else None)


def move(
    app: App, territoire_id: int, structure_id: int, lon: float, lat: float, *, version: int | None = None
) -> None:
    """Place a structure by hand (WGS84 degrees). Raises as `accept`."""
    values = {"lon": lon, "lat": lat, "position_precision": EXACT}
    editing.save_row(app, territoire_id, "structures", values, row_id=structure_id, version=version)
    _sign(app, structure_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedAddress:
    """An address as a person writes it."""

    address: str
    postcode: str = ""
    commune: str = ""


def retype(
    app: App, territoire_id: int, structure_id: int, typed: TypedAddress, *, version: int | None = None
) -> ReviewItem | None:
    """Change the address of a structure, as a correction by a person; nothing is sent.

    The code of the commune follows its name where the territory knows it, and is emptied where it does not:
    an address is never searched in another commune than the one a person reads.

    Returns:
        The item as it is now, None when nothing waits any more.

    Raises:
        RefusedInput: a value is wrong.
        Conflict: the structure has changed since `version`.
    """
    values = {"address": typed.address, "postcode": typed.postcode, "commune": typed.commune}
    with app.store.read() as connection:
        row = get_row(connection, "structures", structure_id)
    if normalise(row["commune"]) != normalise(typed.commune):
        values["insee"] = _code_of(app, territoire_id, typed.commune)
    editing.save_row(app, territoire_id, "structures", values, row_id=structure_id, version=version)
    return one_item(app, territoire_id, structure_id)


def search_again(
    app: App, territoire_id: int, structure_id: int, *, client: Locator | None = None
) -> ReviewItem | None:
    """Send the address of one structure to the geocoder, because a person asked for it, and keep the answer.

    Nothing is written on the structure: the person sees what came first.

    Raises:
        Unavailable: the service does not answer.
        NotFound: no such structure.
    """
    with app.store.read() as connection:
        query = query_of(get_row(connection, "structures", structure_id))
    answer = ask_one(query, client=client or make_client(app.config))
    with app.store.write() as connection:
        caches.set_answers(connection, {query.cache_key: answer.stored()})
    return one_item(app, territoire_id, structure_id)


def set_aside(app: App, territoire_id: int, structure_id: int, *, aside: bool = True) -> None:
    """«Pas maintenant», or take it back. A new address takes it back too.

    Raises:
        NotFound: no such structure.
    """
    with app.store.write() as connection:
        row = get_row(connection, "structures", structure_id)
        if row["territoire_id"] != territoire_id:
            raise RefusedInput("Cette structure n'est pas de ce territoire.")
        key = f"{_ASIDE}{structure_id}"
        if aside:
            caches.set_answers(connection, {key: query_of(row).cache_key})
        else:
            caches.forget_answers(connection, [key])


def _sign(app: App, structure_id: int, *, said_by_geocoder: Mapping[str, Any] | None = None) -> None:
    """The whole position is the person's, even the part that did not change; who proposed it is kept."""
    today = date.today()
    with app.store.write() as connection:
        row = get_row(connection, "structures", structure_id)
        overrides = sorted({*row["overrides"], *POSITION})
        update_row(connection, "structures", structure_id, {"overrides": overrides}, by_person=False)
        imports.set_provenance(
            connection, [(structure_id, name) for name in POSITION], source=PERSON, on=today
        )
        statements.settle(connection, structure_id, POSITION)
        said = [
            statements.Statement(
                structure_id=structure_id, field=name, source=GEOCODER, value=value, on=today
            )
            for name, value in (said_by_geocoder or {}).items()
        ]
        statements.put_statements(connection, said)


def _outside(app: App, territoire_id: int) -> set[int]:
    """Structures placed outside their commune, those a person placed there excepted."""
    found = [int(key) for key in context.misplaced(app, territoire_id).index]
    with app.store.read() as connection:
        provenance = imports.provenance_of_many(connection, found)
    return {key for key in found if provenance.get((key, "lon"), ("",))[0] != PERSON}


def _is_outside(boundaries: Boundaries, row: Mapping[str, Any]) -> bool:
    metres = load_policy().tolerance_metres
    return boundaries.inside(row["insee"], row["lon"], row["lat"], tolerance_metres=metres) is False


def _items(
    app: App, rows: Mapping[int, Mapping[Any, Any]], outside: Set[int], boundaries: Boundaries
) -> Iterator[ReviewItem]:
    queries = {structure_id: query_of(row) for structure_id, row in rows.items()}
    answers = known_answers(app, queries.values())
    with app.store.read() as connection:
        kept_aside = caches.get_answers(connection, (f"{_ASIDE}{key}" for key in rows))
    for structure_id, row in rows.items():
        query = queries[structure_id]
        item = ReviewItem(
            structure_id=structure_id,
            name=row["name"],
            version=int(row["version"]),
            address=row["address"],
            postcode=row["postcode"],
            commune=row["commune"],
            insee=row["insee"],
            kind=NO_ADDRESS,
            reason="",
            present=None if pd.isna(row["lon"]) else (float(row["lon"]), float(row["lat"])),
            aside=kept_aside.get(f"{_ASIDE}{structure_id}") == query.cache_key,
        )
        item = _with_answer(item, answers.get(query.cache_key), boundaries)
        yield _as_outside(item, row["position_precision"]) if structure_id in outside else item


def _with_answer(item: ReviewItem, answer: Answer | None, boundaries: Boundaries) -> ReviewItem:
    """The item with why it waits and what was proposed."""
    if answer is None:
        kind = NOT_ASKED if item.query.sendable else NO_ADDRESS
        return replace(item, kind=kind, reason=_why_never_asked(item))
    decision = judge(item.query, answer, boundaries)
    candidates = tuple(_candidate(item.query, result, boundaries) for result in answer.candidates)
    if decision.verdict is not Verdict.REFUSED:
        # Accepted, and yet not placed: known since the last round, or asked again by a person.
        reason = decision.reason or "réponse sûre, pas encore écrite"
        return replace(item, kind=REVIEW, reason=reason, candidates=candidates)
    kind = REFUSED if answer.candidates or answer.refusal else UNKNOWN
    return replace(item, kind=kind, reason=decision.reason, candidates=candidates)


def _why_never_asked(item: ReviewItem) -> str:
    if item.query.sendable:
        return "l'adresse n'a jamais été cherchée"
    if item.address:
        return "adresse trop courte pour être cherchée"
    return "connue au centre de la commune seulement" if item.present else "ni adresse ni position"


def _as_outside(item: ReviewItem, precision: str) -> ReviewItem:
    """A placed structure: its present position comes first, what the geocoder said after."""
    if item.present is None:
        return item
    present = Candidate(
        lon=item.present[0],
        lat=item.present[1],
        precision=precision,
        label="Position actuelle",
        boundary="hors de la commune",
    )
    return replace(
        item,
        kind=OUTSIDE,
        reason="la position est hors du contour de la commune de la fiche",
        candidates=(present, *item.candidates)[:3],
    )


def _candidate(query: AddressQuery, result: GeocodeResult, boundaries: Boundaries) -> Candidate:
    policy = load_policy()
    inside = boundaries.check(query, result, tolerance_metres=policy.tolerance_metres)
    decision = decide(query, result, inside=inside)
    return Candidate(
        lon=result.lon,
        lat=result.lat,
        precision=decision.precision,
        label=result.label or "adresse sans libellé",
        kind_label=policy.rule(result.kind).label,
        score=result.score,
        reason=decision.reason,
        boundary=decision.boundary,
    )


def _code_of(app: App, territoire_id: int, commune: str) -> str:
    """INSEE code of a commune named as in the territory, empty when none or several are."""
    return open_view(app, territoire_id).commune_codes.get(normalise(commune), "")
