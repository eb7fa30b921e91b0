"""Many addresses, one outcome at a time: an interruption loses nothing already found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from reseau.errors import RefusedInput
from reseau.geocoding.address import AddressQuery
from reseau.geocoding.client import GeocodeResult
from reseau.geocoding.policy import Decision, Verdict, decide


class Locator(Protocol):
    """Anything that places one address, such as `NationalGeocoder`."""

    def locate(self, query: AddressQuery) -> GeocodeResult | None:
        """Best place found, None when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeocodeOutcome:
    """What became of the address at `index` of the list."""

    index: int
    query: AddressQuery
    result: GeocodeResult | None
    decision: Decision


def geocode_many(
    addresses: Sequence[AddressQuery],
    *,
    client: Locator,
    on_progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Iterator[GeocodeOutcome]:
    """Place addresses in order, yielding each outcome as soon as it is known.

    Write each outcome when it comes: whatever was yielded before a stop or an error stays true. The same
    address is asked once. Nothing is sent before the first outcome is asked for.

    Args:
        addresses: what to place.
        client: who is asked.
        on_progress: called after each outcome with (done, total).
        stop: asked before each address; True ends quietly.

    Raises:
        Unavailable: the service does not answer; addresses not yielded yet were not placed.
    """
    known: dict[str, tuple[GeocodeResult | None, Decision]] = {}
    for index, query in enumerate(addresses):
        if stop is not None and stop():
            return
        if query.cache_key not in known:
            known[query.cache_key] = _ask(client, query)
        result, decision = known[query.cache_key]
        yield GeocodeOutcome(index=index, query=query, result=result, decision=decision)
        if on_progress is not None:
            on_progress(index + 1, len(addresses))


def _ask(client: Locator, query: AddressQuery) -> tuple[GeocodeResult | None, Decision]:
    try:
        result = client.locate(query)
    except RefusedInput as refusal:
        return None, Decision(Verdict.REFUSED, reason=str(refusal))
    return result, decide(query, result)
