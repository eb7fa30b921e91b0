"""What comes first in a territory: the ranking, its formula, what it leaves apart."""

from __future__ import annotations

from reseau.gaps.priority import Priorities, PriorityInputs, rank
from reseau.model.records import Territoire
from reseau.services.app import App
from reseau.services.territoires import update_territoire
from reseau.services.view import View

WEIGHTS = ("weight_to_link", "weight_needs", "social_indicator")
DEFAULT_WEIGHTS = {name: getattr(Territoire(name=""), name) for name in WEIGHTS}


def priorities(view: View) -> Priorities:
    """The ranking of a territory, computed once per change of its data."""
    found: Priorities = view.memo("priorities", lambda: rank(inputs_of(view)))
    return found


def inputs_of(view: View) -> PriorityInputs:
    """What the priorities of a view are made of."""
    return PriorityInputs(
        states=view.gaps,
        types=view.types,
        people=view.inhabitants.quartiers,
        figures=view.quartiers["indicators"].to_dict(),
        needs=view.needs,
        settings=view.territoire,
    )


def set_weights(
    app: App,
    territoire_id: int,
    *,
    weight_to_link: float,
    weight_needs: float,
    social_indicator: str,
) -> None:
    """Change what the formula weighs.

    Args:
        weight_to_link: how much an inhabitant near an unlinked place counts as uncovered, 0–1.
        weight_needs: how much expressed needs raise a priority, 0 for not at all, 5 at most.
        social_indicator: code of `reseau.model.indicators.social_indicators`, empty for none.

    Raises:
        RefusedInput: a value outside its bounds, an unknown figure.
    """
    update_territoire(
        app,
        territoire_id,
        weight_to_link=weight_to_link,
        weight_needs=weight_needs,
        social_indicator=social_indicator,
    )
