"""The state itself."""

from reseau.gaps._base import Direction, Measure, Subject

MEASURE = Measure(
    id="etat",
    label="État",
    unit="",
    direction=Direction.CATEGORY,
    formula=(
        "Couvert : proche, et la structure pivot a une relation active avec un lieu proche. "
        "À relier : proche, sans relation active. Trop loin : des lieux existent, aucun n'est proche. "
        "Absent : aucun lieu connu, et une source ou une personne permet de le dire. "
        "Non renseigné : rien ne permet de le dire."
    ),
    compute=lambda analysis: analysis.column("state"),
    subject=Subject.ACCESS,
    rank=1,
)
