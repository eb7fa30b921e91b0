"""What time it is where the territory is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
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
    zone = next((ZONES[code[:3]] for code in communes if code[:3] in ZONES), MAINLAND)
    return datetime.now(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)
