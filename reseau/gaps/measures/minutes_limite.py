"""Walking time of the inhabitant who is closest."""

from reseau.gaps._base import Direction, Measure, Subject, unplaced

MEASURE = Measure(
    id="minutes_limite",
    label="Minutes à pied pour l'habitant le mieux placé",
    short="Le mieux placé",
    unit="min",
    direction=Direction.LOWER,
    formula=(
        "Temps de marche jusqu'au lieu placé le plus proche, depuis le point habité du quartier qui en est "
        "le plus près : personne dans le quartier ne met moins. Longueur à pied ÷ vitesse de marche."
    ),
    compute=lambda analysis: analysis.column("minutes_boundary"),
    subject=Subject.ACCESS,
    rank=4,
    unusable=unplaced,
)
