"""The table quartier × type: sign, colour, and the word on hover; a click gives the cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "reseau_matrix",
    html='<div class="matrix"></div>',
    css=(_HERE / "matrix.css").read_text(encoding="utf-8"),
    js=(_HERE / "matrix.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell somebody clicked."""

    quartier_id: int
    type_code: str


def matrix(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[Mapping[str, Any]],
    cells: Sequence[Sequence[Mapping[str, str] | None]],
    *,
    selected: Cell | None,
    key: str,
) -> Cell | None:
    """Draw the table and answer the cell just clicked, None on any other rerun.

    Args:
        rows: one per type: `id`, `label`, `title`, `group` (family label), `colour`.
        columns: one per quartier: `id`, `label`, `title`.
        cells: per row, per column: `sign`, `colour`, `title`, `state`, `mark` (a second, discreet sign);
            None where the type is not expected of the quartier.
        selected: cell drawn as chosen.
    """
    chosen = [selected.type_code, selected.quartier_id] if selected else None
    data = {"rows": list(rows), "columns": list(columns), "cells": list(cells), "selected": chosen}
    result = _component(key=key, data=data, on_clicked_change=lambda: None)
    clicked = result.get("clicked")
    if not clicked:
        return None
    return Cell(quartier_id=int(clicked["quartier"]), type_code=str(clicked["type"]))
