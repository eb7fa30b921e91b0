"""Photos of the figures: what was found on a day, kept so that two dates can be compared."""

from __future__ import annotations

import calendar
import logging
from dataclasses import dataclass, replace
from datetime import date

from reseau.errors import NotFound, RefusedInput, ReseauError
from reseau.gaps.figures import Figures, from_json, to_json
from reseau.services._checks import text_problem
from reseau.services._figures import figures_of
from reseau.services.app import App
from reseau.services.territoires import tidy_name
from reseau.services.view import open_view
from reseau.store import snapshots as repository

MAX_LABEL = 200
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A photo of the figures, without them.

    Attributes:
        automatic: kept by itself, the first time figures were shown that month.
    """

    id: int
    on: date
    label: str
    automatic: bool


def present_figures(app: App, territoire_id: int) -> Figures:
    """The figures of today, computed once per change of the data."""
    view = open_view(app, territoire_id)
    found = view.memo("figures", lambda: figures_of(view))
    assert isinstance(found, Figures)  # noqa: S101 -- what `figures_of` made
    return found


def keep_snapshot(
    app: App, territoire_id: int, label: str = "", automatic: bool = False, *, on: date | None = None
) -> int:
    """Keep the figures of today and return the id of the photo.

    Args:
        label: what people call it, empty for its date alone.
        automatic: kept by itself (see `keep_monthly`).
        on: day written on it, today by default.

    Raises:
        RefusedInput: no quartier yet, so nothing to keep, or a label that is too long.
        NotFound: no such territory.
    """
    label = _checked(label)
    figures = present_figures(app, territoire_id)
    if not figures.areas:
        raise RefusedInput("Il n'y a encore aucun quartier : aucun chiffre à garder. Importez-en d'abord.")
    with app.store.write() as connection:
        return repository.insert_snapshot(
            connection, _values(territoire_id, figures, label=label, automatic=automatic, on=on)
        )


def keep_monthly(app: App, territoire_id: int, *, on: date | None = None) -> int | None:
    """Keep a photo by itself, the first time in a month that there are figures to keep.

    A page that shows figures calls it: it never fails, it writes in the log why it could not.

    Returns:
        Id of the photo, None where there was nothing to do (or no way to).
    """
    day = on or date.today()
    first, last = day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    try:
        with app.store.read() as connection:
            if repository.has_automatic(connection, territoire_id, first, last):
                return None
        figures = present_figures(app, territoire_id)
        if not figures.areas or not figures.counts["structures"]:
            return None
        with app.store.write() as connection:
            # Two people may open the page at the same moment: one of the two keeps it.
            if repository.has_automatic(connection, territoire_id, first, last):
                return None
            values = _values(territoire_id, figures, label="", automatic=True, on=day)
            return repository.insert_snapshot(connection, values)
    except ReseauError as error:
        _log.warning("the monthly snapshot could not be kept: %s", error)
        return None


def list_snapshots(app: App, territoire_id: int) -> list[Snapshot]:
    """Photos of a territory, the latest first."""
    with app.store.read() as connection:
        rows = repository.list_snapshots(connection, territoire_id)
    return [Snapshot(id=row.id, on=row.on, label=row.label, automatic=bool(row.automatic)) for row in rows]


def read_snapshot(app: App, territoire_id: int, snapshot_id: int) -> Figures:
    """The figures of a photo.

    Raises:
        NotFound: no such photo in this territory.
        RefusedInput: it cannot be read.
    """
    with app.store.read() as connection:
        return from_json(repository.get_content(connection, territoire_id, snapshot_id))


def find_snapshot(app: App, territoire_id: int, text: str) -> Snapshot:
    """The photo of that number, or the latest of that day (`2026-11-22`).

    Raises:
        NotFound: there is none.
    """
    known = list_snapshots(app, territoire_id)
    wanted = text.strip()
    for item in known:
        if wanted in {str(item.id), item.on.isoformat()}:
            return item
    if not known:
        raise NotFound(
            "Aucune photo des chiffres n'est encore gardée : « mesures --garder » en garde une aujourd'hui."
        )
    days = ", ".join(f"{item.on.isoformat()} (n° {item.id})" for item in known[:20])
    raise NotFound(f"Aucune photo « {wanted} ». Photos gardées : {days}.")


def rename_snapshot(app: App, territoire_id: int, snapshot_id: int, label: str) -> None:
    """Change what a photo is called.

    Raises:
        NotFound: no such photo. RefusedInput: a label that is too long.
    """
    label = _checked(label)
    with app.store.write() as connection:
        repository.rename_snapshot(connection, territoire_id, snapshot_id, label)


def delete_snapshot(app: App, territoire_id: int, snapshot_id: int) -> None:
    """Forget a photo for good.

    Raises:
        NotFound: no such photo.
    """
    with app.store.write() as connection:
        repository.delete_snapshot(connection, territoire_id, snapshot_id)


def _checked(label: str) -> str:
    label = tidy_name(label)
    if len(label) > MAX_LABEL:
        raise RefusedInput(f"Ce nom est trop long ({MAX_LABEL} caractères au plus).")
    if problem := text_problem("name", label):
        raise RefusedInput(problem)
    return label


def _values(
    territoire_id: int, figures: Figures, *, label: str, automatic: bool, on: date | None
) -> dict[str, object]:
    kept = replace(figures, on=on or figures.on)
    return {
        "territoire_id": territoire_id,
        "on": kept.on,
        "label": label,
        "automatic": automatic,
        "content": to_json(kept),
    }
