"""How many points are near."""

from reseau.gaps._base import Direction, Measure, Subject

MEASURE = Measure(
    id="nombre_proche",
    label="Lieux proches",
    short="Proches",
    unit="lieux",
    direction=Direction.HIGHER,
    formula=(
        "Nombre de lieux connus de ce type à portée d'au moins une partie des habitants du quartier, ou qui "
        "viennent dans le quartier ; pour la gamme « territoire », lieux situés dans le territoire."
    ),
    compute=lambda analysis: analysis.column("n_near"),
    subject=Subject.SUPPLY,
    rank=3,
)
