"""Somebody open in the evening."""

from reseau.gaps._fine import fine_measure
from reseau.hours import opens_after

EVENING_HOUR = 18

MEASURE = fine_measure(
    id="soiree",
    label="Ouvert en soirée",
    short="Soirée",
    formula=f"Au moins un lieu proche est ouvert après {EVENING_HOUR} h un jour de semaine.",
    answer=lambda details: opens_after(details.opening_hours, EVENING_HOUR),
    threshold=lambda _settings, _gamme: f"{EVENING_HOUR}\u00a0h",
)
