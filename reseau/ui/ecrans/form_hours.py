"""When a screen is lit, and slides shown at certain times only."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.model.screens import SLIDES, DayPart
from reseau.screens.needs import load_needs
from reseau.screens.texts import FRENCH, load_language

if TYPE_CHECKING:
    from reseau.ui.ecrans.drafting import Draft

DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
SLIDE, START, END, ON = "Diapositive", "De", "À", "Jours"
OPENING, CLOSING = time(8, 0), time(19, 0)


def hours(draft: Draft) -> None:
    """The tab."""
    _lit(draft)
    st.markdown("**Diapositives à certaines heures seulement**")
    st.caption(
        "Sans ligne ici, une diapositive passe toute la journée. Ajoutez une ligne en bas du tableau ; aucun "
        "jour choisi : tous les jours."
    )
    labels = _slide_labels()
    key = draft.key("horaires")
    if key not in st.session_state:
        draft.hours = [
            {SLIDE: labels.get(part.slide, part.slide), START: _time(part.start), END: _time(part.end),
             ON: [DAYS[day] for day in part.days if 0 <= day < len(DAYS)]}
            for part in draft.record.day_parts
        ]  # fmt: skip
    edited = st.data_editor(
        pd.DataFrame(draft.hours, columns=[SLIDE, START, END, ON]),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        column_config={
            SLIDE: st.column_config.SelectboxColumn(options=list(labels.values()), required=True, width=150),
            START: st.column_config.TimeColumn(format="HH:mm", required=True, width=60),
            END: st.column_config.TimeColumn(format="HH:mm", required=True, width=60),
            ON: st.column_config.MultiselectColumn(options=list(DAYS), color="gray", width=130),
        },
    )
    codes = {label: code for code, label in labels.items()}
    rows = edited.to_dict("records")
    parts = [part for row in rows if (part := _part(row, codes))]
    draft.change(day_parts=tuple(parts))
    if len(parts) < len(rows):
        st.caption(":material/report: Une ligne est incomplète : il lui faut une diapositive et deux heures.")


def _lit(draft: Draft) -> None:
    record = draft.record
    limited = st.toggle(
        "L'écran s'éteint la nuit", key=draft.seed("eteint", bool(record.on_from or record.on_until))
    )
    if not limited:
        draft.change(on_from="", on_until="")
        return
    left, right = st.columns(2)
    start = left.time_input("Allumé de", key=draft.seed("de", _time(record.on_from) or OPENING))
    end = right.time_input("à", key=draft.seed("a", _time(record.on_until) or CLOSING))
    st.caption(
        "En dehors de ces heures, l'écran est noir (un message d'urgence l'allume quand même). Une fin plus "
        "tôt que le début passe minuit."
    )
    draft.change(on_from=_words(start), on_until=_words(end))


def _slide_labels() -> dict[str, str]:
    french = load_language(FRENCH)
    return SLIDES | {f"besoin:{key}": f"Besoin : {french.text('besoins', key)}" for key in load_needs()}


def _part(row: dict[Any, Any], codes: dict[str, str]) -> DayPart | None:
    slide, start, end, days = row[SLIDE], row[START], row[END], row[ON]
    if not isinstance(slide, str) or not isinstance(start, time) or not isinstance(end, time):
        return None
    chosen = {DAYS.index(day) for day in days if day in DAYS} if isinstance(days, list) else set()
    return DayPart(
        slide=codes.get(slide, slide), start=_words(start), end=_words(end), days=tuple(sorted(chosen))
    )


def _time(text: str) -> time | None:
    """«24:00», the end of the day, is midnight."""
    return time.fromisoformat(text.replace("24:00", "00:00")) if text else None


def _words(value: time | None) -> str:
    return f"{value:%H:%M}" if value else ""
