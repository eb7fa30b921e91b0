"""How good and how fresh a sheet is: pure, frames in, frames out."""

from reseau.quality.criteria import CRITERIA, Criterion, Mark
from reseau.quality.freshness import DEFAULT_DAYS, freshness, review_periods, week_end
from reseau.quality.score import quality

__all__ = [
    "CRITERIA",
    "DEFAULT_DAYS",
    "Criterion",
    "Mark",
    "freshness",
    "quality",
    "review_periods",
    "week_end",
]
