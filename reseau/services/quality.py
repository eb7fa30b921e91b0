"""Which sheets are good enough, which are to be looked at this week, and saying that one was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

import pandas as pd

from reseau.errors import RefusedInput
from reseau.quality import freshness, quality, review_periods, week_end
from reseau.services import editing
from reseau.services.app import App
from reseau.services.context import in_commune
from reseau.services.view import View, open_view
from reseau.store.freshness import last_said


def sheets(app: App, territoire_id: int) -> pd.DataFrame:
    """Quality and freshness of every open structure, computed once per change of the data.

    Returns:
        Indexed by structure id: columns of `reseau.quality.quality` and `reseau.quality.freshness`.
    """
    view = open_view(app, territoire_id)
    known = view.memo("quality", partial(_sheets, app, view))
    assert isinstance(known, pd.DataFrame)  # noqa: S101 -- what `_sheets` made
    return known


def _sheets(app: App, view: View) -> pd.DataFrame:
    with app.store.read() as connection:
        said_on = last_said(connection, view.territoire_id)
    fresh = freshness(view.structures, said_on, review_periods(view.type_settings), on=view.on)
    told = view.structures.assign(
        fresh=fresh["fresh"].reindex(view.structures.index),
        inside_commune=in_commune(app, view.territoire_id).reindex(view.structures.index),
    )
    return quality(told).join(fresh)


def to_check(app: App, territoire_id: int) -> pd.DataFrame:
    """Sheets due by the end of this week, those that matter most first.

    Matter most: partners the pivot works with, then those tied to anybody, then the latest, then the poorest.

    Returns:
        As `sheets`, plus `name`, `types`, `commune`, `ties` (active ties with the pivot), `any_ties`.
    """
    view = open_view(app, territoire_id)
    table = sheets(app, territoire_id)
    due = table[table["due_on"] <= week_end(view.on)]
    active = view.relations[view.relations["status"] == "actif"]
    ends = pd.concat([active["from_id"], active["to_id"]])
    with_pivot = active[(active["from_id"] == view.pivot_id) | (active["to_id"] == view.pivot_id)]
    pivot_ends = pd.concat([with_pivot["from_id"], with_pivot["to_id"]])
    found = due.join(view.structures[["name", "types", "commune"]]).assign(
        ties=due.index.map(pivot_ends.value_counts()).fillna(0).astype(int),
        any_ties=due.index.map(ends.value_counts()).fillna(0).astype(int),
    )
    return found.sort_values(
        ["ties", "any_ties", "late_days", "score", "name"], ascending=[False, False, False, True, True]
    )


def mark_reviewed(
    app: App, territoire_id: int, structure_ids: Iterable[int], *, on: date | None = None
) -> int:
    """Say that a person checked these sheets; answers how many.

    Raises:
        RefusedInput: a day in the future.
        NotFound: no such structure.
    """
    day = on or date.today()
    if day > date.today():
        raise RefusedInput("La date de vérification ne peut pas être dans le futur.")
    ids = list(dict.fromkeys(structure_ids))
    for structure_id in ids:
        editing.save_row(app, territoire_id, "structures", {"reviewed_on": day}, row_id=structure_id)
    return len(ids)
