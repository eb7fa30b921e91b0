"""Opening hours: OSM syntax, simple French text, and what can be said of them at a given time.

Everything is in French local time (Europe/Paris) with naive datetimes; an aware datetime is converted.
A text that is not fully understood stays text: hours are never guessed.
"""

from reseau.hours.describe import describe_fr
from reseau.hours.evaluate import (
    is_open,
    is_public_holiday,
    is_valid,
    next_change,
    opens_after,
    opens_on,
    week,
)
from reseau.hours.parse import ParsedHours, parse_hours
from reseau.hours.week import (
    CLOSED_WEEK,
    Slot,
    Week,
    from_week,
    split_holidays,
    to_week_grid,
)

__all__ = [
    "CLOSED_WEEK",
    "ParsedHours",
    "Slot",
    "Week",
    "describe_fr",
    "from_week",
    "is_open",
    "is_public_holiday",
    "is_valid",
    "next_change",
    "opens_after",
    "opens_on",
    "parse_hours",
    "split_holidays",
    "to_week_grid",
    "week",
]
