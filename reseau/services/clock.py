"""What time it is where the territory is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

MAINLAND = "Europe/Paris"
ZONES = {
    "971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne",
    "974": "Indian/Reunion", "975": "America/Miquelon", "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy", "978": "America/Marigot", "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti", "988": "Pacific/Noumea",
}  # fmt: skip


def local_now(communes: Iterable[str]) -> datetime:
    """Present time on the walls of these communes (INSEE codes), naive, to the minute."""
    return datetime.now(_zone(communes)).replace(tzinfo=None, second=0, microsecond=0)


def local_time(at: datetime, communes: Iterable[str]) -> datetime:
    """A stored moment (UTC, naive) on the clocks of these communes, naive."""
    return at.replace(tzinfo=UTC).astimezone(_zone(communes)).replace(tzinfo=None)


def zone_name(communes: Iterable[str]) -> str:
    """IANA name of the time zone of these communes."""
    return next((ZONES[code[:3]] for code in communes if code[:3] in ZONES), MAINLAND)


def _zone(communes: Iterable[str]) -> ZoneInfo:
    return ZoneInfo(zone_name(communes))
