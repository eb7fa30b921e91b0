"""Source `journal`: see `source.toml`."""

from reseau.sources.journal.parser import Journal

SOURCE = Journal()

__all__ = ["SOURCE"]
