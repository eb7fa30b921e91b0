"""Sections of the page «À vérifier»."""
