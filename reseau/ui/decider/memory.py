"""What was chosen in a section of Décider, kept when the person goes to another page and comes back."""

from __future__ import annotations

from typing import Any

import streamlit as st

MEMORY = "decider_memory"


def recall(key: str, default: Any) -> None:
    """Give a widget the value it had: Streamlit forgets those of a page that is not shown."""
    if key not in st.session_state:
        st.session_state[key] = st.session_state.setdefault(MEMORY, {}).get(key, default)


def keep(key: str) -> Any:
    """Remember the value of a widget that was just drawn, and answer it."""
    value = st.session_state[key]
    st.session_state.setdefault(MEMORY, {})[key] = value
    return value


def write(key: str, value: Any) -> None:
    """Change a value from elsewhere, before its widget is drawn."""
    st.session_state[key] = value
    st.session_state.setdefault(MEMORY, {})[key] = value
