"""What residents leave on a screen by touch: checked, counted only once the team accepts it.

Nobody who touches is known: a day, a need, a reason of a closed list, and perhaps a spot rounded to about a
hundred metres. What waits changes nothing that is shown, so it does not change the version of the data.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import shapely

from reseau.errors import RefusedInput
from reseau.model.screens import REASONS, SHOWN_FROM, Participation, Screen
from reseau.screens.needs import asked_needs
from reseau.screens.sensitive import PLACES, mode_of
from reseau.services._screen_counts import Counting
from reseau.services.clock import local_now
from reseau.services.screens import screen_by_key
from reseau.services.siting_places import is_far
from reseau.services.view import open_view
from reseau.store import screen_words as repository
from reseau.store import territoires
from reseau.store.screens import list_screens, one_at_a_time, record_of

if TYPE_CHECKING:
    import geopandas as gpd
    from sqlalchemy import Connection

    from reseau.services.app import App
    from reseau.services.view import View

WAITING, ACCEPTED, REFUSED = "a_relire", "accepte", "refuse"
CONTENT = "merci"
"""A reason that is no lack: it is kept, and counted nowhere."""

A_MINUTE = 30
MAX_WAITING = 500
KEPT_DAYS = 30
"""Days after which what was refused is erased."""

DECIMALS = 3
"""Of a degree: about 110 m north to south, 70 to 110 m west to east in France."""

_KEY = re.compile(r"[A-Za-z0-9_-]{16,40}")
_FIELDS = {"key", "need", "reason", "spot"}


@dataclass(slots=True)
class _Gate:
    """When each screen received something, in seconds of a clock that only goes forward."""

    times: dict[str, deque[float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def lets_in(self, key: str, now: float) -> bool:
        """Whether one more may come in, and counts it."""
        with self.lock:
            mine = self.times.setdefault(key, deque(maxlen=A_MINUTE))
            if len(mine) == A_MINUTE and now - mine[0] < 60:
                return False
            mine.append(now)
            return True


_gate = _Gate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a resident left, as the team reads it. `screen`: name of the screen."""

    id: int
    screen_id: int
    screen: str
    on: date
    record: Participation
    status: str
    decided_on: date | None


def receive(app: App, key: str, payload: Mapping[str, Any], *, on: date | None = None) -> bool:
    """Take what a device sends for a screen; False when too much comes at once (it may try again later).

    Args:
        key: of the screen.
        payload: `key`, `need`, `reason`, and `spot` (longitude, latitude) or not.
        on: the day, today on the clocks of the territory by default.

    Raises:
        NotFound: no such screen.
        RefusedInput: anything else than what a screen sends; nothing is kept.
    """
    territoire_id, saved = screen_by_key(app, key)
    record = _checked(saved.record, payload)
    if not _gate.lets_in(key, time.monotonic()):
        return False
    spot = payload.get("spot")
    lon, lat = (None, None) if spot is None else _position(open_view(app, territoire_id), spot)
    with app.store.write() as connection:
        one_at_a_time(connection, territoire_id)
        if repository.is_received(connection, record.key):
            return True
        if repository.count_of_status(connection, saved.id, WAITING) >= MAX_WAITING:
            return False
        communes = territoires.get_territoire(connection, territoire_id).communes
        day = on or local_now(communes).date()
        values = {"territoire_id": territoire_id, "screen_id": saved.id, "on": day, "status": WAITING}
        said = {"key": record.key, "need": record.need, "reason": record.reason, "lon": lon, "lat": lat}
        repository.insert_participation(connection, {**values, **said})
        _forget(connection, territoire_id, day)
    return True


def to_review(app: App, territoire_id: int) -> list[Received]:
    """What waits for the team, oldest first."""
    return list_participations(app, territoire_id, status=WAITING)


def list_participations(app: App, territoire_id: int, *, status: str | None = None) -> list[Received]:
    """What residents left, oldest first; of one status (key of `PARTICIPATION_STATUSES`) when given."""
    forget_refused(app, territoire_id)
    with app.store.read() as connection:
        names = {row["id"]: row["name"] for row in list_screens(connection, territoire_id)}
        rows = repository.participations_of(connection, territoire_id, status=status)
    return [_received(row, names[row["screen_id"]]) for row in rows if row["screen_id"] in names]


def decide(app: App, territoire_id: int, ids: Iterable[int], accept: bool, *, on: date | None = None) -> int:
    """Accept or refuse what residents left; the answer can be changed later.

    What is accepted is counted once among the expressed needs, what is refused no more (see
    `reseau.services._screen_counts`).

    Returns:
        How many were decided; those decided so already, or gone, are not counted again.

    Raises:
        NotFound: no such territory.
    """
    view = open_view(app, territoire_id)
    wanted = set(ids)
    status = ACCEPTED if accept else REFUSED
    decided = 0
    with app.store.write() as connection:
        one_at_a_time(connection, territoire_id)
        day = on or local_now(view.territoire.communes).date()
        screens = {row["id"]: record_of(row) for row in list_screens(connection, territoire_id)}
        counting = Counting()
        for row in repository.participations_of(connection, territoire_id):
            if row["id"] not in wanted or row["status"] == status:
                continue
            values: dict[str, Any] = {"status": status, "decided_on": day}
            if row["counted_in"]:
                counting.take_back(row)
                values["counted_in"] = ""
            elif accept and row["reason"] != CONTENT:
                values["counted_in"] = _quartier(view.quartiers, screens[row["screen_id"]], row)
                counting.add({**row, **values})
            repository.decide_participation(connection, row["id"], values)
            decided += 1
        counting.write(connection, territoire_id)
        _forget(connection, territoire_id, day)
        if decided:
            territoires.touch(connection, territoire_id)
    return decided


def shown_counts(app: App, territoire_id: int, screen_id: int) -> dict[str, int]:
    """Accepted lacks by need on a screen; those of fewer than `SHOWN_FROM` are not there."""
    counts = Counter(row["need"] for row in _accepted(app, territoire_id, screen_id))
    return {need: count for need, count in sorted(counts.items()) if count >= SHOWN_FROM}


def shown_since(app: App, territoire_id: int, screen_id: int) -> date | None:
    """Day of the first of what `shown_counts` counts; None when nothing is shown."""
    shown = shown_counts(app, territoire_id, screen_id)
    days = [row["on"] for row in _accepted(app, territoire_id, screen_id) if row["need"] in shown]
    return min(days, default=None)


def forget_refused(app: App, territoire_id: int, *, on: date | None = None) -> int:
    """Erase what was refused more than `KEPT_DAYS` ago, and say how many; done at each reading too."""
    before = (on or date.today()) - timedelta(days=KEPT_DAYS)
    with app.store.read() as connection:
        old = repository.old_ids(connection, territoire_id, status=REFUSED, before=before)
    if old:
        with app.store.write() as connection:
            repository.erase_participations(connection, old)
    return len(old)


def _forget(connection: Connection, territoire_id: int, today: date) -> None:
    before = today - timedelta(days=KEPT_DAYS)
    old = repository.old_ids(connection, territoire_id, status=REFUSED, before=before)
    repository.erase_participations(connection, old)


def _accepted(app: App, territoire_id: int, screen_id: int) -> list[dict[str, Any]]:
    with app.store.read() as connection:
        rows = repository.participations_of(connection, territoire_id, status=ACCEPTED, screen_id=screen_id)
    return [row for row in rows if row["reason"] != CONTENT]


def _checked(screen: Screen, payload: Mapping[str, Any]) -> Participation:
    """What a device says, without its spot.

    Raises:
        RefusedInput: this screen takes nothing, or does not ask this.
    """
    if not screen.touch:
        raise RefusedInput("Cet écran ne recueille pas d'avis.")
    said = [payload.get(name) for name in ("key", "need", "reason")]
    if not set(payload) <= _FIELDS or not all(isinstance(item, str) for item in said):
        raise RefusedInput("Avis : ce n'est pas ce qu'un écran envoie.")
    key, need, reason = map(str, said)
    # Nobody should be seen touching a sensitive subject: a screen does not ask it.
    offered = {item.key for item in asked_needs(screen) if mode_of(item, screen) == PLACES}
    if not _KEY.fullmatch(key) or need not in offered or reason not in REASONS:
        raise RefusedInput("Avis : besoin, raison ou identifiant inconnu.")
    return Participation(key=key, need=need, reason=reason)


def _position(view: View, spot: Any) -> tuple[float, float]:
    """A spot, rounded before anything keeps it.

    Raises:
        RefusedInput: not longitude and latitude, or not around the quartiers of the territory.
    """
    numbers = isinstance(spot, list) and len(spot) == 2 and all(type(item) in (int, float) for item in spot)
    on_earth = numbers and abs(spot[0]) <= 180 and abs(spot[1]) <= 90
    if not on_earth or is_far(view, *spot):
        raise RefusedInput("Avis : ce point n'est pas sur le plan de l'écran.")
    return round(spot[0], DECIMALS), round(spot[1], DECIMALS)


def _quartier(quartiers: gpd.GeoDataFrame, screen: Screen, row: Mapping[str, Any]) -> str:
    """Code of the quartier a lack is counted in: the one of the spot, else the first of the screen.

    Empty when the territory has neither any more.
    """
    known = list(dict.fromkeys(code for code in screen.quartiers if code in set(quartiers["code"])))
    if row["lon"] is not None and row["lat"] is not None:
        spot = shapely.Point(row["lon"], row["lat"])
        around = set(quartiers.loc[quartiers.geometry.intersects(spot), "code"])
        known = [*(code for code in known if code in around), *sorted(around), *known]
    return known[0] if known else ""


def _received(row: Mapping[str, Any], screen: str) -> Received:
    record = Participation(
        key=row["key"], need=row["need"], reason=row["reason"], lon=row["lon"], lat=row["lat"]
    )
    return Received(
        id=row["id"],
        screen_id=row["screen_id"],
        screen=screen,
        on=row["on"],
        record=record,
        status=row["status"],
        decided_on=row["decided_on"],
    )
