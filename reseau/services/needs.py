"""What residents asked for, summed by quartier and theme."""

from __future__ import annotations

import pandas as pd

from reseau.model.vocabulary import THEMES
from reseau.services._checks import MAX_COUNT
from reseau.services.view import View

__all__ = ["MAX_COUNT", "entries", "former_entries", "needs_table"]


def needs_table(view: View) -> pd.DataFrame:
    """Times each theme was asked for in each quartier, whatever the date and the way it was collected.

    Returns:
        Index: themes in the order of `THEMES`; columns: ids of the quartiers of the view, in their order;
        cells `Int64`, missing where no count was noted: nobody knows, which is not zero.
    """
    rows = view.needs[view.needs["quartier_id"].isin(view.quartiers.index)]
    summed = rows.groupby(["theme", "quartier_id"])["count"].sum().unstack("quartier_id")
    return summed.reindex(index=list(THEMES), columns=view.quartiers.index).astype("Int64")


def entries(view: View, *, quartier_id: int | None = None) -> pd.DataFrame:
    """Rows of NEEDS, latest first, those without a date last; of one quartier when it is given."""
    rows = view.needs if quartier_id is None else view.needs[view.needs["quartier_id"] == quartier_id]
    day = pd.to_datetime(rows["on"])
    order = day.sort_values(ascending=False, na_position="last", kind="stable").index
    return rows.loc[order]


def former_entries(view: View) -> pd.DataFrame:
    """Rows about quartiers of 2015 that were replaced: kept, shown in no table, counted nowhere."""
    return view.needs[view.needs["quartier_id"].isin(view.former_quartiers.index)]
