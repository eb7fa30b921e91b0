"""Réseau: partners, quartiers, gaps and outreach of a local health and social network."""

__version__ = "0.1.0"
