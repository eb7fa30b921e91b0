"""What the comparisons share: filters, sentences, tables of plain text, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from reseau.model.typology import normalise
from reseau.services.comparisons import comparison_csv
from reseau.ui import state, wording

if TYPE_CHECKING:
    import pandas as pd

    from reseau.services.view import View

ROWS_SHOWN = 14
ROW_HEIGHT = 35


@dataclass(frozen=True, slots=True)
class Shown:
    """Which rows of a table are shown."""

    expected_only: bool
    differences_only: bool


def filters(key: str) -> Shown:
    """Expected types only, differences only."""
    with st.container(horizontal=True):
        differences = st.toggle("Différences seulement", value=True, key=f"{key}_differences")
        expected = st.toggle("Types attendus seulement", value=True, key=f"{key}_attendus")
    return Shown(expected, differences)


def choose_quartier(view: View, *, key: str) -> int:
    """A box that changes the quartier of the shared selection; the first by name where none is chosen."""
    names = view.quartiers["name"].sort_values()
    words = wording.unique_labels({int(row_id): str(name) for row_id, name in names.items()})
    chosen = state.selection(view).quartier_id
    st.session_state[key] = next(iter(words)) if chosen is None else chosen

    def changed() -> None:
        state.select(view, quartier_id=st.session_state[key])

    st.selectbox("Quartier", list(words), format_func=words.__getitem__, key=key, on_change=changed)
    return int(st.session_state[key])


def say(sentences: Sequence[str]) -> None:
    """What differs: the first sentence stands out."""
    with st.container(gap="xxsmall"):
        for rank, sentence in enumerate(sentences):
            text = wording.markdown_text(sentence)
            st.markdown(f"**{text}**" if rank == 0 else text)


def notes(sentences: Sequence[str]) -> None:
    """What must be known to read the figures."""
    with st.container(gap="xxsmall"):
        for sentence in sentences:
            st.caption(wording.markdown_text(sentence))


def markdown_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A small table of plain text."""
    lines = [_line(headers), "|" + "---|" * len(headers), *map(_line, rows)]
    st.markdown("\n".join(lines))


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(wording.markdown_text(cell) or " " for cell in cells) + " |"


def table(frame: pd.DataFrame, *, widths: Mapping[str, int], key: str, empty: str) -> int | None:
    """A table of text; answers the position of the row chosen. `widths`: pixels of some columns."""
    if frame.empty:
        st.info(empty)
        return None
    event = st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        height=min(len(frame), ROWS_SHOWN) * ROW_HEIGHT + ROW_HEIGHT + 3,
        on_select="rerun",
        selection_mode="single-row",
        column_config={name: st.column_config.TextColumn(width=width) for name, width in widths.items()},
        key=f"{key}_table",
    )
    rows = event["selection"]["rows"]
    return int(rows[0]) if rows and rows[0] < len(frame) else None


def download(headers: Sequence[str], rows: Sequence[Sequence[str]], *, name: str, key: str) -> None:
    """The whole table as CSV, whatever the filters."""
    stem = normalise(name).replace(" ", "-")[:80] or "comparaison"
    st.download_button(
        "Tout le tableau (CSV)",
        comparison_csv(headers, rows),
        file_name=f"{stem}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=key,
        on_click="ignore",
    )
