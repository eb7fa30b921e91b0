"""Source `tableur`: see `source.toml`."""

from reseau.sources.tableur.parser import Tableur

SOURCE = Tableur()

__all__ = ["SOURCE"]
