"""Many addresses, one unit of work at a time: an interruption loses nothing already answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from reseau.errors import RefusedInput, Unavailable
from reseau.geocoding.address import AddressQuery
from reseau.geocoding.answers import Answer, GeocodeResult

# Fewer are asked one by one: as quick, and the service then gives several candidates.
FEW = 10
# What a person who interrupts may have to wait for, and what a cut connection may lose.
LINES = 200


class BatchUnusable(Unavailable):
    """The batch service does not answer as expected, although the service may answer one by one."""


class Locator(Protocol):
    """Anything that finds an address, such as `NationalGeocoder`."""

    def search(self, query: AddressQuery) -> tuple[GeocodeResult, ...]:
        """Places found, best first."""

    def search_many(self, queries: Sequence[AddressQuery]) -> Mapping[int, Answer]:
        """Answer by index of the address; an address of which nothing is known has no entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An address and what the service said of it."""

    query: AddressQuery
    answer: Answer


def ask_all(
    queries: Sequence[AddressQuery], *, client: Locator, stop: Callable[[], bool] | None = None
) -> Iterator[tuple[Answered, ...]]:
    """Ask for every address, yielding as soon as they come the answers to write together.

    Write each group before asking for the next: whatever was yielded stays true after a stop or an error.
    The same address is asked once. Nothing is sent before the first group is asked for.

    Args:
        queries: what to find.
        client: who is asked.
        stop: asked before each request; True ends quietly.

    Raises:
        Unavailable: the service does not answer; addresses not yielded yet are unknown, not «not found».
    """
    by_key: dict[str, AddressQuery] = {}
    for query in queries:
        by_key.setdefault(query.cache_key, query)
    left = list(by_key.values())
    stopped = stop or (lambda: False)
    by_table = len(left) > FEW
    while left and not stopped():
        part, left = (left[:LINES], left[LINES:]) if by_table else (left[:1], left[1:])
        missed = part
        if by_table:
            try:
                answers = client.search_many(part)
            except BatchUnusable:
                by_table, left = False, part + left
                continue
            missed = [query for index, query in enumerate(part) if index not in answers]
            yield tuple(Answered(query=part[index], answer=answer) for index, answer in answers.items())
        for query in missed:
            if stopped():
                return
            yield (Answered(query=query, answer=ask_one(query, client=client)),)


def ask_one(query: AddressQuery, *, client: Locator) -> Answer:
    """Ask for one address, whatever was answered before.

    Raises:
        Unavailable: the service does not answer.
    """
    try:
        return Answer(candidates=client.search(query))
    except RefusedInput as refusal:
        return Answer(refusal=str(refusal))
