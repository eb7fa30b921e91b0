"""A section of the page «À vérifier»."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from reseau.ui.context import Context


def draw(context: Context) -> None:
    """Draw the section."""
    st.info(f"Rien à vérifier ici pour le territoire {context.territoire.record.name}.")
