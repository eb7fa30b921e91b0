"""What a form about a screen needs to know before anything is kept: bounds, and a logo as it would be."""

from __future__ import annotations

from reseau.services._screen_checks import MIN_SECONDS, PACE, WALK_MINUTES
from reseau.services._screen_logo import as_png
from reseau.sources import MAX_NAME

__all__ = ["MAX_NAME", "MIN_SECONDS", "PACE", "WALK_MINUTES", "readable_logo"]


def readable_logo(data: bytes) -> bytes:
    """The PNG that a screen would show for an image file.

    Raises:
        RefusedInput: not a PNG, JPEG or WebP image, damaged, moving, or too big.
    """
    return as_png(data)
