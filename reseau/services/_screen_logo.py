"""The logo of a screen: an image out of anybody's file, made again so that nothing else comes with it."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from reseau.errors import RefusedInput

MAX_BYTES = 2_000_000
MAX_SIDE = 6_000
SIZE = (600, 200)
FORMATS = ("PNG", "JPEG", "WEBP")
# What reading a file that is damaged or made up may raise.
_DAMAGED = (
    OSError, ValueError, SyntaxError, TypeError, ArithmeticError, LookupError, EOFError, MemoryError,
    RuntimeError, Image.DecompressionBombError, Warning,
)  # fmt: skip


def as_png(data: bytes) -> bytes:
    """The image as PNG, at most `SIZE` pixels, without what the file said besides its pixels.

    Raises:
        RefusedInput: not a PNG, JPEG or WebP image, damaged, moving, or too big.
    """
    if len(data) > MAX_BYTES:
        raise RefusedInput("Logo : le fichier dépasse 2 Mo. Enregistrez-le en plus petit, puis recommencez.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return _made_again(data)
    except _DAMAGED as error:
        raise RefusedInput(
            "Logo : ce fichier n'est pas une image PNG, JPEG ou WebP, ou il est abîmé. Choisissez-en un "
            "autre (une image SVG s'exporte d'abord en PNG)."
        ) from error


def _made_again(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        if getattr(image, "n_frames", 1) > 1:
            raise RefusedInput("Logo : cette image bouge. Choisissez une image fixe.")
        if max(image.size) > MAX_SIDE:
            raise RefusedInput(
                f"Logo : l'image fait plus de {MAX_SIDE} pixels de côté. Réduisez-la, puis recommencez."
            )
        image.draft("RGB", SIZE)  # a large JPEG is read at a smaller size
        shown = ImageOps.exif_transpose(image).convert("RGBA")
    shown.thumbnail(SIZE)
    # Pasted on a fresh canvas: no comment, profile or position of the camera follows the pixels.
    fresh = Image.new("RGBA", shown.size)
    fresh.paste(shown)
    target = io.BytesIO()
    fresh.save(target, "PNG", optimize=True)
    return target.getvalue()
