"""Pieces of the Données page, one section a file."""
