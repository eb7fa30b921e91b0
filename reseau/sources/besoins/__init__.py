"""Source `besoins`: see `source.toml`."""

from reseau.sources.besoins.parser import Besoins

SOURCE = Besoins()

__all__ = ["SOURCE"]
