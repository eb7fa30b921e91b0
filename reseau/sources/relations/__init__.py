"""Source `relations`: see `source.toml`."""

from reseau.sources.relations.parser import Relations

SOURCE = Relations()

__all__ = ["SOURCE"]
