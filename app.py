"""Réseau: the door of the application (`streamlit run app.py`)."""

from reseau.ui.shell import run

run()
