"""Pieces of the Réglages page, one section a file."""
