"""How many are inside the quartier."""

from reseau.gaps._base import Direction, Measure, Subject, unplaced
from reseau.gaps._counts import where_drawn

MEASURE = Measure(
    id="dans",
    label="Lieux dans le quartier",
    short="Dedans",
    unit="lieux",
    direction=Direction.HIGHER,
    formula=(
        "Nombre de lieux connus et placés de ce type dans le contour du quartier, sa limite comprise. "
        "Inconnu quand le contour manque, ou quand aucun des lieux connus n'est placé."
    ),
    compute=lambda analysis: where_drawn(analysis, "n_inside"),
    subject=Subject.SUPPLY,
    rank=1,
    threshold=lambda _settings, _gamme: "contour du quartier",
    unusable=unplaced,
)
