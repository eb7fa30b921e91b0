"""Capacity per 1 000 inhabitants, everyone within the threshold counting the same."""

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
    id="deux_sfca",
    label="Capacité à portée pour 1\u202f000 habitants",
    short="Capacité",
    unit=capacity_unit("capacité"),
    direction=Direction.HIGHER,
    formula=(
        "Méthode des deux étapes (2SFCA). 1 : pour chaque lieu, sa capacité ÷ les habitants des quartiers "
        "qui l'ont dans leur seuil. 2 : pour chaque habitant, la somme de ces rapports sur les lieux "
        f"dans son seuil ; puis la moyenne du quartier, × 1\u202f000. {NOT_USED}"
    ),
    compute=lambda analysis: access_of(analysis, "plain"),
    subject=Subject.SUPPLY,
    rank=5,
    digits=2,
    threshold=capacity_threshold,
    unusable=without_ratio,
    pointless=no_walk,
    units=unit_by_type,
)
