"""Small image files for tests."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image


def image(kind: str = "PNG", size: tuple[int, int] = (300, 100), **saving: Any) -> bytes:
    """A blue image, as the bytes of a file."""
    target = io.BytesIO()
    Image.new("RGB", size, "#0b3d6e").save(target, kind, **saving)
    return target.getvalue()
