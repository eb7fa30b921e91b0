"""How many are in the quartier or at most 500 m from it."""

from reseau.gaps._base import Direction, Measure, Subject, unplaced
from reseau.gaps._counts import where_drawn
from reseau.geo.reach_table import AROUND_M

MEASURE = Measure(
    id="a_500m",
    label=f"Lieux à {AROUND_M:.0f} m au plus",
    short="500 m",
    unit="lieux",
    direction=Direction.HIGHER,
    formula=(
        "Nombre de lieux connus et placés de ce type dans le quartier, ou à cette distance de sa limite au "
        "plus, en ligne droite. C'est la distance des cartes de la politique de la ville, pas un temps de "
        "marche. Inconnu quand le contour manque, ou quand aucun des lieux connus n'est placé."
    ),
    compute=lambda analysis: where_drawn(analysis, "n_500"),
    subject=Subject.SUPPLY,
    rank=2,
    threshold=lambda _settings, _gamme: f"{AROUND_M:.0f}\u00a0m",
    unusable=unplaced,
)
