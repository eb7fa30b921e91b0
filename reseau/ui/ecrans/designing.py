"""Screens of a territory, designed beside a live preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from reseau.ui.context import Context


def designing(context: Context) -> None:
    """The section."""
    st.caption(f"{context.territoire.record.name} : section en préparation.")
