"""Messages of the team on its screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from reseau.ui.context import Context


def messages(context: Context) -> None:
    """The section."""
    st.caption(f"{context.territoire.record.name} : section en préparation.")
