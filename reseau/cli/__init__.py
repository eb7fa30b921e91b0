"""The same verbs as the interface, for scripts and servers (no Streamlit here)."""

from reseau.cli.main import main

__all__ = ["main"]
