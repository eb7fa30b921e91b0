"""Source `actions`: see `source.toml`."""

from reseau.sources.actions.parser import Actions

SOURCE = Actions()

__all__ = ["SOURCE"]
