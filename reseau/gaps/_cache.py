"""What was measured for each type, kept so that an edit measures its own type only."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

from reseau.geo.variants import TypeReach

SIZE = 512


class ReachCache:
    """Access of quartiers to the places of one type, by digest of all it was measured from.

    Bounded: what was not used for longest goes first. One may serve several threads.

    Attributes:
        measured: how many types were measured since it was made.
    """

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._known: OrderedDict[bytes, TypeReach] = OrderedDict()
        self._lock = threading.Lock()
        self.measured = 0

    def __len__(self) -> int:
        return len(self._known)

    def get(self, keys: Sequence[bytes], measure: Callable[[list[int]], list[TypeReach]]) -> list[TypeReach]:
        """What goes with each key; `measure` is asked, once, for the positions that are not known."""
        with self._lock:
            known = {key: self._known[key] for key in keys if key in self._known}
        places = {key: position for position, key in enumerate(keys) if key not in known}
        found = dict(zip(places, measure(list(places.values())), strict=True)) if places else {}
        with self._lock:
            self.measured += len(found)
            known |= found
            self._known.update(known)
            for key in known:
                self._known.move_to_end(key)
            while len(self._known) > self._size:
                self._known.popitem(last=False)
        return [known[key] for key in keys]
