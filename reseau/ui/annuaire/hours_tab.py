"""Hours of a structure: read as a week, typed in a grid or as a sentence."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.hours import (
    Week,
    describe_fr,
    from_week,
    parse_hours,
    split_holidays,
    to_week_grid,
    unsure_week,
    week,
)
from reseau.services.clock import local_now
from reseau.ui import wording
from reseau.ui.annuaire.drafts import Draft, open_draft, show_error
from reseau.ui.annuaire.rows import conclude

if TYPE_CHECKING:
    from reseau.ui.context import Context

DONE = "Horaires enregistrés."
COLUMNS = ("de", "à", "puis de", "jusqu'à")
CLOCK = re.compile(r"(\d{1,2})\s*(?:[h:]\s*(\d{2})?|heures?)?", re.IGNORECASE)


def tab(context: Context, structure_id: int) -> None:
    """The week on the left, the ways to change it on the right."""
    row = context.view.structures.loc[structure_id]
    shown, typed = st.columns([4, 6], gap="medium")
    with shown:
        _week_now(context, str(row["opening_hours"]), str(row["hours_text"]))
    draft = open_draft(context, "horaires", "structures", structure_id, first="holidays")
    draft.fields = {"opening_hours", "hours_text"}
    with typed:
        values = _grid(draft) or _sentence(draft)
        conclude(context, draft, values, done=DONE)


def _week_now(context: Context, osm: str, text: str) -> None:
    if text:
        st.caption("Tel qu'écrit par la source (gardé comme texte) :")
        st.text(text)
    if not osm:
        st.info("Horaires non renseignés : inconnu n'est pas fermé.")
        return
    today = local_now(context.view.territoire.communes).date()
    monday = today - timedelta(days=today.weekday())
    days = zip(wording.DAYS, week(osm, monday), unsure_week(osm, monday), strict=True)
    lines = [
        {
            "Jour": f"{name} {'◂' if number == today.weekday() else ''}",
            "Cette semaine": day_words(sure, unsure),
        }
        for number, (name, sure, unsure) in enumerate(days)
    ]
    st.dataframe(pd.DataFrame(lines), hide_index=True)
    st.caption(wording.markdown_text(describe_fr(osm)))


def day_words(sure: tuple[tuple[str, str], ...], unsure: tuple[tuple[str, str], ...]) -> str:
    """Hours of one day; those that may be open, as the source says, are «à vérifier»."""
    parts = [slots_words(sure)] if sure or not unsure else []
    return ", ".join([*parts, *([f"{slots_words(unsure)} (à vérifier)"] if unsure else [])])


def slots_words(slots: tuple[tuple[str, str], ...]) -> str:
    """«9 h–12 h, 14 h–17 h 30», or «fermé»."""
    return ", ".join("–".join(map(_clock_words, slot)) for slot in slots) or "fermé"


def _clock_words(clock: str) -> str:
    hour, minute = clock.split(":")
    return f"{int(hour)}\u00a0h" + ("" if minute == "00" else f"\u00a0{minute}")


def _grid(draft: Draft) -> dict[str, Any] | None:
    """The week to fill, two openings a day; what to write when it is sent."""
    base, closed_on_holidays = split_holidays(draft.row["opening_hours"])
    grid = to_week_grid(base)
    if draft.row["opening_hours"] and (grid is None or any(len(day) > 2 for day in grid)):
        st.warning("Ces horaires ne tiennent pas dans une semaine type : remplir la grille les remplacerait.")
        grid = None
    with st.form(f"{draft.prefix}form", border=False):
        edited = st.data_editor(
            _frame(grid),
            key=f"{draft.prefix}week",
            hide_index=True,
            num_rows="fixed",
            disabled=["Jour"],
            column_config={name: st.column_config.TextColumn(max_chars=8) for name in COLUMNS},
        )
        holidays = st.checkbox(
            "Fermé les jours fériés", value=closed_on_holidays, key=f"{draft.prefix}holidays"
        )
        if not st.form_submit_button("Enregistrer la semaine", type="primary", icon=":material/save:"):
            return None
    try:
        return {"opening_hours": from_week(_slots(edited), closed_on_holidays=holidays), "hours_text": ""}
    except ValueError as error:
        show_error(str(error))
        return None


def _frame(grid: Week | None) -> pd.DataFrame:
    rows = []
    for number, name in enumerate(wording.DAYS):
        clocks = [clock for slot in (grid[number] if grid else ()) for clock in slot]
        rows.append([name, *clocks, *[""] * (4 - len(clocks))])
    return pd.DataFrame(rows, columns=["Jour", *COLUMNS])


def _slots(edited: pd.DataFrame) -> list[list[tuple[str, str]]]:
    """Slots of each day as typed.

    Raises:
        ValueError: half a slot, or something that is not a time (French message).
    """
    days = []
    for row in edited.itertuples(index=False):
        clocks = [read_clock(cell) for cell in row[1:]]
        for start, end in ((clocks[0], clocks[1]), (clocks[2], clocks[3])):
            if bool(start) != bool(end):
                raise ValueError(f"Horaires du {row[0]} : il manque l'ouverture ou la fermeture.")
        days.append([(clocks[at], clocks[at + 1]) for at in (0, 2) if clocks[at]])
    return days


def read_clock(cell: object) -> str:
    """«9», «9h», «9 h 30», «09:30» as `HH:MM`; empty for an empty cell.

    Raises:
        ValueError: not a time (French message).
    """
    text = cell.strip() if isinstance(cell, str) else ""
    if not text:
        return ""
    match = CLOCK.fullmatch(text.replace("\u00a0", " "))
    if match is None:
        raise ValueError(f"Horaires : « {text[:20]} » n'est pas une heure. Écrivez par exemple 9h30.")
    return f"{int(match[1]):02d}:{match[2] or '00'}"


def _sentence(draft: Draft) -> dict[str, Any] | None:
    """Hours as a sentence, read back at once; what to write when it is sent."""
    text = st.text_input(
        "Ou écrivez-les en une phrase, puis Entrée",
        key=f"{draft.prefix}sentence",
        placeholder="lundi-vendredi 9h-12h et 14h-17h30, samedi 9h-12h",
        max_chars=500,
    )
    if not text.strip():
        if (draft.row["opening_hours"] or draft.row["hours_text"]) and st.button(
            "Effacer ces horaires (redevenir « non renseigné »)", key=f"{draft.prefix}erase", type="tertiary"
        ):
            return {"opening_hours": "", "hours_text": ""}
        return None
    read = parse_hours(text)
    if read.osm:
        st.success(f"Compris : {wording.markdown_text(describe_fr(read.osm))}", icon=":material/check:")
    else:
        st.warning(
            "Non compris : ce sera gardé comme texte, et « ouvert maintenant » restera inconnu.",
            icon=":material/question_mark:",
        )
    if st.button("Enregistrer ces horaires", key=f"{draft.prefix}send", icon=":material/save:"):
        return {"opening_hours": read.osm, "hours_text": read.text}
    return None
