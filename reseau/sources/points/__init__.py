"""Source `points`: see `source.toml`."""

from reseau.sources.points.parser import Points

SOURCE = Points()

__all__ = ["SOURCE"]
