"""Walking time to the nearest place."""

from reseau.gaps._base import Direction, Measure, Subject, unplaced

MEASURE = Measure(
    id="minutes",
    label="Minutes à pied jusqu'au lieu le plus proche",
    short="Minutes",
    unit="min",
    direction=Direction.LOWER,
    formula=(
        "Moyenne, sur les habitants, du temps de marche jusqu'au lieu placé le plus proche de chacun : "
        "longueur à pied (réseau des rues, ou ligne droite × facteur de détour) ÷ vitesse de marche."
    ),
    compute=lambda analysis: analysis.column("minutes_nearest"),
    subject=Subject.ACCESS,
    rank=3,
    unusable=unplaced,
)
