"""Somewhere accessible."""

from reseau.gaps._fine import fine_measure

MEASURE = fine_measure(
    id="accessible",
    label="Accessible",
    formula=(
        "Au moins un lieu proche est accessible aux personnes à mobilité réduite (pour une permanence, "
        "le lieu qui l'accueille)."
    ),
    answer=lambda details: details.accessible,
)
