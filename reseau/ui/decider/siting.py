"""To be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from reseau.ui.context import Context


def siting(context: Context) -> None:
    """The section."""
    st.caption(context.view.territoire.name)
