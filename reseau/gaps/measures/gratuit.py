"""Somebody free of charge."""

from reseau.gaps._fine import fine_measure

MEASURE = fine_measure(
    id="gratuit",
    label="Gratuit",
    formula="Au moins un lieu proche est gratuit.",
    answer=lambda details: details.free,
)
