"""Somebody open on Saturday."""

from reseau.gaps._fine import fine_measure
from reseau.hours import opens_on

SATURDAY = 5

MEASURE = fine_measure(
    id="samedi",
    label="Ouvert le samedi",
    short="Samedi",
    formula="Au moins un lieu proche ouvre le samedi.",
    answer=lambda details: opens_on(details.opening_hours, SATURDAY),
    threshold=lambda _settings, _gamme: "samedi",
)
