"""Capacity per 1 000 inhabitants, what is far counting less."""

from reseau.gaps._base import Direction, Measure, Subject
from reseau.gaps._supply import (
    NOT_USED,
    capacity_threshold,
    capacity_unit,
    no_walk,
    unit_by_type,
    without_ratio,
)
from reseau.gaps._supply import access as access_of

MEASURE = Measure(
    id="deux_sfca_decroissance",
    label="Capacité à portée, le loin comptant moins",
    short="Capacité, décr.",
    unit=capacity_unit("capacité"),
    direction=Direction.HIGHER,
    formula=(
        "Comme la capacité à portée (2SFCA), mais aux deux étapes un trajet compte 1 dans le premier tiers "
        "du seuil, 0,68 dans le deuxième et 0,22 dans le dernier (E2SFCA, poids de Luo et Qi, 2009). "
        f"{NOT_USED}"
    ),
    compute=lambda analysis: access_of(analysis, "decayed"),
    subject=Subject.SUPPLY,
    rank=6,
    digits=2,
    threshold=capacity_threshold,
    unusable=without_ratio,
    pointless=no_walk,
    units=unit_by_type,
)
