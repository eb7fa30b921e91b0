"""When a screen is lit, and slides shown at certain times only."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import streamlit as st

from reseau.model.screens import SLIDES, DayPart
from reseau.screens.needs import load_needs
from reseau.screens.texts import FRENCH, load_language
from reseau.ui import state

if TYPE_CHECKING:
    from reseau.ui.ecrans.drafting import Draft

DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
OPENING, CLOSING = time(8, 0), time(19, 0)


def hours(draft: Draft) -> None:
    """The tab."""
    _lit(draft)
    st.markdown("**Diapositives à certaines heures seulement**")
    st.caption(
        "Sans ligne ici, une diapositive passe toute la journée ; plusieurs lignes pour la même s'ajoutent."
    )
    labels = _slide_labels()
    draft.change(
        day_parts=tuple(_row(draft, rank, part, labels) for rank, part in enumerate(draft.record.day_parts))
    )
    if st.button("Ajouter un moment", icon=":material/add:", key=draft.key("moment_ajouter")):
        new = DayPart(slide="permanences", start="08:00", end="12:00")
        draft.change(day_parts=(*draft.record.day_parts, new))
        state.rerun_part()


def _row(draft: Draft, rank: int, part: DayPart, labels: dict[str, str]) -> DayPart:
    """One slide, its hours and its days."""
    with st.container(border=True, key=draft.key(f"moment_{rank}"), gap="xsmall"):
        name, remove = st.columns([88, 12], vertical_alignment="bottom", gap="xxsmall")
        labels = {part.slide: part.slide, **labels}
        slide = name.selectbox(
            "Diapositive",
            list(labels),
            format_func=labels.__getitem__,
            key=draft.seed(f"moment_diapo_{rank}", part.slide),
        )
        if remove.button(
            "", icon=":material/close:", key=draft.key(f"moment_retirer_{rank}"), type="tertiary",
            help="Retirer ce moment",
        ):  # fmt: skip
            _remove(draft, rank)
        left, right = st.columns(2, gap="small")
        start = left.time_input("De", key=draft.seed(f"moment_de_{rank}", _time(part.start)))
        end = right.time_input("à", key=draft.seed(f"moment_a_{rank}", _time(part.end)))
        days = st.pills(
            "Jours (aucun choisi : tous les jours)",
            range(len(DAYS)),
            format_func=DAYS.__getitem__,
            selection_mode="multi",
            key=draft.seed(f"moment_jours_{rank}", list(part.days)),
        )
    return DayPart(
        slide=slide,
        start=_words(start) or part.start,
        end=_kept_midnight(part.end, end),
        days=tuple(sorted(days)),
    )


def _remove(draft: Draft, rank: int) -> None:
    """Take a row out; the fields of those below take their place."""
    parts = list(draft.record.day_parts)
    del parts[rank]
    draft.change(day_parts=tuple(parts))
    for key in [str(key) for key in st.session_state]:
        if key.startswith("ecran_moment_") and key.endswith(draft.key("")[len("ecran_") :]):
            del st.session_state[key]
    state.rerun_part()


def _lit(draft: Draft) -> None:
    record = draft.record
    limited = st.toggle(
        "L'écran s'éteint la nuit", key=draft.seed("eteint", bool(record.on_from or record.on_until))
    )
    if not limited:
        draft.change(on_from="", on_until="")
        return
    left, right = st.columns(2)
    start = left.time_input("Allumé de", key=draft.seed("allume", _time(record.on_from) or OPENING))
    end = right.time_input("à", key=draft.seed("noir", _time(record.on_until) or CLOSING))
    st.caption(
        "En dehors de ces heures, l'écran est noir. Une fin plus tôt que le début passe minuit. L'aperçu "
        "reste allumé."
    )
    draft.change(on_from=_words(start), on_until=_kept_midnight(record.on_until, end))


def _slide_labels() -> dict[str, str]:
    french = load_language(FRENCH)
    return SLIDES | {f"besoin:{key}": f"Besoin : {french.text('besoins', key)}" for key in load_needs()}


def _time(text: str) -> time | None:
    """«24:00», the end of the day, is midnight."""
    return time.fromisoformat(text.replace("24:00", "00:00")) if text else None


def _words(value: time | None) -> str:
    return f"{value:%H:%M}" if value else ""


def _kept_midnight(before: str, value: time | None) -> str:
    """Words of an end; the midnight that was there stays written as it was."""
    words = _words(value)
    return before if not words or (before == "24:00" and words == "00:00") else words
