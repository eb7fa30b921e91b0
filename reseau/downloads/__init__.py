"""Bringing a public file onto this machine, only when a person asks."""
