"""Placing structures that have an address but no position. Nothing leaves without being asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from reseau.geocoding import (
    AddressQuery,
    Answer,
    Answered,
    Boundaries,
    Decision,
    Locator,
    Verdict,
    ask_all,
    decide_answer,
    load_policy,
    make_client,
)
from reseau.model.vocabulary import PLACED_PRECISIONS
from reseau.services import context
from reseau.services.app import App, Progress, no_progress
from reseau.services.view import open_view
from reseau.store import caches, imports, territoires
from reseau.store.rows import get_row, update_row

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = [
    "Boundaries", "Placing", "addresses_to_send", "boundaries_of", "place_by_address", "to_place",
]  # fmt: skip
GEOCODER = "geocodage"
POSITION = ("lon", "lat", "position_precision")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """What a round of geocoding did. `waiting` is always the sum of what became of each structure.

    Attributes:
        waiting: open structures without a usable position at the start.
        sent: addresses sent to the service (the same one for several structures counts once).
        placed: structures placed.
        review: structures whose answer a person has to look at.
        refused: structures whose answer was not worth showing.
        unknown: structures whose address the service does not know.
        remaining: structures of which nothing was asked: no address, or not reached yet.
        left: (structure id, name, reason) of those asked for and not placed.
    """

    waiting: int
    sent: int
    placed: int
    review: int
    refused: int
    unknown: int
    remaining: int
    left: tuple[tuple[int, str, str], ...]


def to_place(app: App, territoire_id: int) -> pd.DataFrame:
    """Open structures without a position that counts (columns `STRUCTURES`)."""
    structures = open_view(app, territoire_id).structures
    return pd.DataFrame(structures[~structures["placed"] & ~structures["closed"]])


def addresses_to_send(app: App, territoire_id: int, *, limit: int | None = None) -> tuple[str, ...]:
    """Exactly what `place_by_address` would send, one line per address never asked before."""
    queries = _queries(to_place(app, territoire_id)).values()
    return tuple(query.shown for query in _never_asked(app, queries)[:limit])


def place_by_address(
    app: App,
    territoire_id: int,
    *,
    client: Locator | None = None,
    limit: int | None = None,
    on_progress: Progress = no_progress,
    stop: Callable[[], bool] | None = None,
) -> Placing:
    """Ask the national geocoder for every structure that has an address and no position.

    Answers are written with the positions they give as soon as they come, a batch in one transaction: an
    interruption or an outage loses nothing, and the next round goes on from there. Answers are remembered:
    the same address is not sent twice.

    Args:
        client: who is asked, the configured service by default.
        limit: addresses sent at most.
        stop: asked before each request; True ends quietly.

    Raises:
        Unavailable: the service does not answer; what came before is kept.
    """
    waiting = to_place(app, territoire_id)
    round_ = _Round(app, territoire_id, _queries(waiting))
    missing = round_.use_what_is_known()[:limit]
    for group in ask_all(missing, client=client or make_client(app.config), stop=stop):
        round_.write(group)
        on_progress(round_.sent / len(missing), f"{round_.sent} adresses sur {len(missing)}…")
    return round_.outcome(waiting)


def query_of(row: Mapping[Any, Any]) -> AddressQuery:
    """What would be asked about a structure."""
    return AddressQuery(
        address=row["address"], postcode=row["postcode"], commune=row["commune"], citycode=row["insee"]
    )


def known_answers(app: App, queries: Iterable[AddressQuery]) -> dict[str, Answer]:
    """Answers remembered, by cache key; an address never asked is not there."""
    with app.store.read() as connection:
        stored = caches.get_answers(connection, {query.cache_key for query in queries})
    read = {key: Answer.read(value) for key, value in stored.items()}
    return {key: answer for key, answer in read.items() if answer is not None}


def boundaries_of(app: App, territoire_id: int) -> Boundaries:
    """Boundaries of the communes known in a territory, none where no file gave any."""
    frame = context.boundaries(app, territoire_id)
    return Boundaries(dict(zip(frame["code"], frame.geometry, strict=True)))


def judge(query: AddressQuery, answer: Answer, boundaries: Boundaries) -> Decision:
    """What to do with an answer, its position checked against the boundary of its commune."""
    inside = None
    if answer.best is not None:
        metres = load_policy().tolerance_metres
        inside = boundaries.check(query, answer.best, tolerance_metres=metres)
    return decide_answer(query, answer, inside=inside)


def _queries(waiting: pd.DataFrame) -> dict[int, AddressQuery]:
    """What can be asked, by structure id."""
    rows = zip(waiting.index, waiting.to_dict("records"), strict=True)
    queries = {int(structure_id): query_of(row) for structure_id, row in rows}
    return {structure_id: query for structure_id, query in queries.items() if query.sendable}


def _never_asked(app: App, queries: Iterable[AddressQuery]) -> list[AddressQuery]:
    by_key: dict[str, AddressQuery] = {}
    for query in queries:
        by_key.setdefault(query.cache_key, query)
    known = known_answers(app, by_key.values())
    return [query for key, query in by_key.items() if key not in known]


class _Round:
    """A round of geocoding: who waits for which address, and what was decided so far."""

    def __init__(self, app: App, territoire_id: int, queries: Mapping[int, AddressQuery]) -> None:
        self._app, self._territoire_id, self._queries = app, territoire_id, queries
        self._boundaries = boundaries_of(app, territoire_id)
        self._waiting: dict[str, list[int]] = {}
        for structure_id, query in queries.items():
            self._waiting.setdefault(query.cache_key, []).append(structure_id)
        self._decisions: dict[int, tuple[Answer, Decision]] = {}
        self.sent = 0

    def use_what_is_known(self) -> list[AddressQuery]:
        """Write what the answers remembered give, and tell which addresses were never asked."""
        queries = [self._queries[ids[0]] for ids in self._waiting.values()]
        known = known_answers(self._app, queries)
        self._keep(
            [
                Answered(query=query, answer=known[query.cache_key])
                for query in queries
                if query.cache_key in known
            ],
            remember=False,
        )
        return [query for query in queries if query.cache_key not in known]

    def write(self, group: Iterable[Answered]) -> None:
        """Keep answers just received and the positions they give, all or nothing."""
        group = list(group)
        self._keep(group, remember=True)
        self.sent += len(group)

    def _keep(self, group: list[Answered], *, remember: bool) -> None:
        decided = {item.query.cache_key: judge(item.query, item.answer, self._boundaries) for item in group}
        accepted = [item for item in group if decided[item.query.cache_key].verdict is Verdict.ACCEPTED]
        if accepted or (remember and group):
            with self._app.store.write() as connection:
                if remember:
                    answers = {item.query.cache_key: item.answer.stored() for item in group}
                    caches.set_answers(connection, answers)
                for item in accepted:
                    self._place(connection, item, decided[item.query.cache_key].precision)
                if accepted:
                    territoires.touch(connection, self._territoire_id)
        for item in group:
            for structure_id in self._waiting[item.query.cache_key]:
                self._decisions[structure_id] = item.answer, decided[item.query.cache_key]

    def _place(self, connection: Connection, item: Answered, precision: str) -> None:
        best = item.answer.best
        assert best is not None  # noqa: S101 -- only a candidate can be accepted
        values = {"lon": best.lon, "lat": best.lat, "position_precision": precision}
        for structure_id in self._waiting[item.query.cache_key]:
            # Answers take minutes to come: a person may have corrected the sheet meanwhile.
            row = get_row(connection, "structures", structure_id)
            if query_of(row) != self._queries[structure_id] or row["position_precision"] in PLACED_PRECISIONS:
                continue
            if update_row(connection, "structures", structure_id, values, by_person=False):
                entries = [(structure_id, name) for name in POSITION]
                imports.set_provenance(connection, entries, source=GEOCODER, on=date.today())

    def outcome(self, waiting: pd.DataFrame) -> Placing:
        """What the round did."""
        verdicts = {key: decision.verdict for key, (_, decision) in self._decisions.items()}
        unknown = {
            key
            for key, (answer, _) in self._decisions.items()
            if not answer.candidates and not answer.refusal
        }
        count = list(verdicts.values()).count
        return Placing(
            waiting=len(waiting),
            sent=self.sent,
            placed=count(Verdict.ACCEPTED),
            review=count(Verdict.REVIEW),
            refused=count(Verdict.REFUSED) - len(unknown),
            unknown=len(unknown),
            remaining=len(waiting) - len(verdicts),
            left=tuple(
                (key, str(waiting.at[key, "name"]), decision.reason)
                for key, (_, decision) in self._decisions.items()
                if decision.verdict is not Verdict.ACCEPTED
            ),
        )
