"""Source `permanences`: see `source.toml`."""

from reseau.sources.permanences.parser import Permanences

SOURCE = Permanences()

__all__ = ["SOURCE"]
