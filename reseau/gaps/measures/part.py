"""Share of inhabitants within the threshold."""

from reseau.gaps._base import Direction, Measure, Subject

MEASURE = Measure(
    id="part",
    label="Part des habitants à portée",
    short="À portée",
    unit="part de 0 à 1",
    direction=Direction.HIGHER,
    formula=(
        "Part des habitants du quartier qui ont un lieu de ce type dans le seuil de sa gamme ; tous quand un "
        "service vient dans le quartier. Inconnue quand aucun lieu connu ne peut être situé."
    ),
    compute=lambda analysis: analysis.column("share"),
    subject=Subject.ACCESS,
    rank=2,
)
