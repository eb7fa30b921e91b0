"""Walking time to the nearest place."""

from reseau.gaps._base import Direction, Measure

MEASURE = Measure(
    id="minutes",
    label="Minutes à pied jusqu'au lieu le plus proche",
    unit="min",
    direction=Direction.LOWER,
    formula=(
        "Moyenne, sur les habitants, du temps de marche jusqu'au lieu placé le plus proche de chacun : ligne "
        "droite × facteur de détour ÷ vitesse de marche."
    ),
    compute=lambda analysis: analysis.column("minutes_nearest"),
)
