"""Somebody without appointment."""

from reseau.gaps._fine import fine_measure

MEASURE = fine_measure(
    id="sans_rdv",
    label="Sans rendez-vous",
    short="Sans rdv",
    formula="Au moins un lieu proche reçoit sans rendez-vous.",
    answer=lambda details: details.no_appointment,
)
