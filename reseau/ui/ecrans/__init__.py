"""Waiting-room screens and printed sheets, section by section."""
