"""Actions as a month: Monday first, recurrences on each of their days, public holidays marked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from reseau.hours import is_public_holiday
from reseau.model.french import MONTHS
from reseau.model.vocabulary import ACTION_STATUS_LABELS
from reseau.plan.occurrences import month_weeks, next_day, occurrences
from reseau.services.actions import is_to_review
from reseau.ui import wording
from reseau.ui.aller_vers.chosen import MONTH, choose
from reseau.ui.aller_vers.words import Row, long_day, short, status_words, where_words

if TYPE_CHECKING:
    from reseau.services.view import View

SHOWN_A_DAY = 3
# The interface stays within what a date may be.
FIRST_YEAR, LAST_YEAR = 2000, 2100


def month_shown(view: View, chosen: Row | None) -> tuple[int, int]:
    """Year and month on screen: the one chosen, else that of the open action, else the present one."""
    known = st.session_state.get(MONTH)
    if known is None:
        day = (next_day(chosen, view.on) or chosen["starts_on"]) if chosen else None
        day = day or view.on
        known = st.session_state[MONTH] = (day.year, day.month)
    return known


def month_bar(view: View, chosen: Row | None) -> None:
    """Previous month, today, next month, and the name of the month."""
    year, month = month_shown(view, chosen)
    st.caption(f"**{MONTHS[month - 1].capitalize()} {year}**")
    before, today, after = st.columns([22, 56, 22], vertical_alignment="center", gap="xsmall")
    before.button(
        "‹",
        help="Mois précédent",
        key="aller_vers_avant",
        width="stretch",
        on_click=_move,
        args=(year, month - 1),
    )
    today.button(
        "Aujourd'hui",
        key="aller_vers_aujourdhui",
        width="stretch",
        on_click=_move,
        args=(view.on.year, view.on.month),
    )
    after.button(
        "›",
        help="Mois suivant",
        key="aller_vers_apres",
        width="stretch",
        on_click=_move,
        args=(year, month + 1),
    )


def _move(year: int, month: int) -> None:
    year, month = (year - 1, 12) if month == 0 else (year + 1, 1) if month == 13 else (year, month)
    st.session_state[MONTH] = (min(max(year, FIRST_YEAR), LAST_YEAR), month)


def month_grid(view: View, rows: list[Row], *, chosen: Row | None) -> None:
    """The month on screen, one column a weekday."""
    year, month = month_shown(view, chosen)
    weeks = month_weeks(year, month)
    by_day = _by_day(rows, weeks[0][0], weeks[-1][-1])
    open_id = int(chosen["id"]) if chosen else None
    with st.container(key="aller_vers_mois"):
        for place, name in zip(st.columns(7), wording.DAYS, strict=True):
            place.caption(name)
        for week in weeks:
            for place, day in zip(st.columns(7), week, strict=True):
                with place, st.container(key=_day_key(day, month, view.on)):
                    _day(day, by_day.get(day, []), on=view.on, open_id=open_id)
    days_here = sum(len(found) for day, found in by_day.items() if day.month == month)
    legend = " · ".join(status_words(status) for status in ACTION_STATUS_LABELS)
    undated = sum(row["starts_on"] is None for row in rows)
    st.caption(
        f"{legend} · ⚑ bilan à remplir. {wording.plural(days_here, 'rendez-vous', 'rendez-vous')} ce mois-ci"
        + (f" ; {wording.plural(undated, 'action')} sans date, à voir dans la liste." if undated else ".")
    )


def _day_key(day: date, month: int, on: date) -> str:
    marks = [
        "auj" * (day == on), "hors" * (day.month != month), "ferie" * is_public_holiday(day),
    ]  # fmt: skip
    return "-".join(["avj", *filter(None, marks), day.isoformat()])


def _by_day(rows: Iterable[Row], start: date, end: date) -> dict[date, list[Row]]:
    found: dict[date, list[Row]] = {}
    for row in rows:
        for day in occurrences(row, start, end):
            found.setdefault(day, []).append(row)
    for items in found.values():
        items.sort(key=lambda row: (row["start_time"] or "", row["title"]))
    return found


def _day(day: date, rows: list[Row], *, on: date, open_id: int | None) -> None:
    holiday = " · férié" if is_public_holiday(day) else ""
    today = " · aujourd'hui" if day == on else ""
    st.markdown(f"**{day.day}**{holiday}{today}")
    # One more line is worth no fold.
    shown = rows if len(rows) <= SHOWN_A_DAY else rows[: SHOWN_A_DAY - 1]
    for row in shown:
        _action(row, day, on=on, open_id=open_id)
    if hidden := rows[len(shown) :]:
        with st.popover(f"+ {len(hidden)} autres", key=f"avp-{day.isoformat()}", width="stretch"):
            st.markdown(f"**{long_day(day).capitalize()}**")
            for row in hidden:
                _action(row, day, on=on, open_id=open_id)


def _action(row: Row, day: date, *, on: date, open_id: int | None) -> None:
    flag = "⚑ " if is_to_review(row, on) and day <= on else ""
    sign = status_words(row["status"]).split()[0]
    text = wording.markdown_text(short(row["title"], 50))
    mark = "ouverte-" if row["id"] == open_id else ""
    st.button(
        f"{sign} {flag}{row['start_time']} {text}",
        key=f"ava-{row['status']}-{mark}{day.isoformat()}-{row['id']}",
        help=_tip(row, flag),
        on_click=choose,
        args=(int(row["id"]),),
        width="stretch",
    )


def _tip(row: Row, flag: str) -> str:
    parts = [status_words(row["status"]), *(["bilan à remplir"] if flag else []), short(row["title"], 200)]
    where = short(where_words(row), 200)
    return wording.markdown_text(" — ".join(filter(None, [*parts, where])))
