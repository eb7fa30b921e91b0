"""A key held down presses its button once: a keyboard repeats it thirty times a second."""

from __future__ import annotations

import streamlit as st

# Arrows and the like go on repeating, and so does writing.
_SCRIPT = """
export default function () {
  if (window.reseauOnePress) return;
  window.reseauOnePress = true;
  window.addEventListener("keydown", (event) => {
    const writing = event.target.closest && event.target.closest("input, textarea, [contenteditable=true]");
    if (event.repeat && event.key.length === 1 && !writing) event.stopImmediatePropagation();
  }, true);
}
"""
_component = st.components.v2.component("reseau_one_press", js=_SCRIPT, html="<span></span>")


def one_press() -> None:
    """Drop the repetitions of a letter held down outside a field, for the pages whose buttons have keys."""
    _component(key="reseau_one_press", height=1)
