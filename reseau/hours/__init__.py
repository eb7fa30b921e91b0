"""Opening hours: OSM syntax, simple French text, and what can be said of them at a given time.

Everything is in French local time (Europe/Paris) with naive datetimes; an aware datetime is converted.
A text that is not fully understood stays text: hours are never guessed.
"""

from reseau.hours.days import (
    DayRange,
    changes_hours,
    from_day_columns,
    from_osm,
    from_ranges,
    says_closed_on_holidays,
)
from reseau.hours.describe import describe_fr
from reseau.hours.evaluate import (
    is_open,
    is_public_holiday,
    is_valid,
    next_change,
    opens_after,
    opens_on,
    unsure_week,
    week,
)
from reseau.hours.parse import ParsedHours, parse_hours
from reseau.hours.spans import opens_between
from reseau.hours.week import (
    CLOSED_WEEK,
    DAY_NAMES,
    Slot,
    Week,
    from_week,
    split_holidays,
    to_week_grid,
)

__all__ = [
    "CLOSED_WEEK",
    "DAY_NAMES",
    "DayRange",
    "ParsedHours",
    "Slot",
    "Week",
    "changes_hours",
    "describe_fr",
    "from_day_columns",
    "from_osm",
    "from_ranges",
    "from_week",
    "is_open",
    "is_public_holiday",
    "is_valid",
    "next_change",
    "opens_after",
    "opens_between",
    "opens_on",
    "parse_hours",
    "says_closed_on_holidays",
    "split_holidays",
    "to_week_grid",
    "unsure_week",
    "week",
]
