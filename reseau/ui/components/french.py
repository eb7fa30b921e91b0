"""The page says it is in French, and so do Streamlit's own few English words."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_SCRIPT = (Path(__file__).parent / "french.js").read_text(encoding="utf-8")
_component = st.components.v2.component("reseau_french", js=_SCRIPT, html="<span></span>")


def speak_french() -> None:
    """Set `lang="fr"` and translate the fixed texts Streamlit writes in English."""
    _component(key="reseau_french", height=1)
