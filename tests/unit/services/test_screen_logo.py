"""A logo comes from anybody's file: only its pixels get in, and nothing hostile costs more than a refusal."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from reseau.errors import NotFound, RefusedInput
from reseau.model.screens import Screen
from reseau.services import App, screens
from reseau.services._screen_logo import MAX_BYTES, SIZE, as_png
from tests.unit.services.images import image
from tests.unit.services.towns import make_town


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=("PNG",))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("size", [(10, 10), (600, 200), (3000, 200), (200, 3000), (4000, 4000)])
def test_any_image_becomes_a_small_png_of_the_same_shape(kind: str, size: tuple[int, int]) -> None:
    made = opened(as_png(image(kind, size)))
    assert made.width <= SIZE[0]
    assert made.height <= SIZE[1]
    assert made.width / made.height == pytest.approx(size[0] / size[1], rel=0.1)
    red, green, blue, alpha = made.convert("RGBA").getpixel((made.width // 2, made.height // 2))
    assert abs(red - 0x0B) + abs(green - 0x3D) + abs(blue - 0x6E) < 12
    assert alpha == 255


def test_a_small_image_is_not_stretched() -> None:
    assert opened(as_png(image(size=(40, 20)))).size == (40, 20)


def test_transparency_stays() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (30, 30), (10, 20, 30, 0)).save(target, "PNG")
    assert opened(as_png(target.getvalue())).convert("RGBA").getpixel((5, 5))[3] == 0


def test_nothing_follows_the_pixels() -> None:
    """Who took a photograph, where, and with what, is in its file."""
    exif = Image.Exif()
    exif[0x013B] = "Camille Personne"
    photo = image("JPEG", exif=exif.tobytes(), comment=b"secret de Camille")
    noted = PngImagePlugin.PngInfo()
    noted.add_text("Author", "Camille Personne")
    drawing = image("PNG", pnginfo=noted, icc_profile=b"secret" * 20)
    for data in (photo, drawing):
        assert b"Camille" in data
        made = as_png(data)
        assert b"Camille" not in made
        assert b"secret" not in made
        assert set(opened(made).info) <= {"transparency"}


def test_a_photograph_taken_sideways_is_put_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert opened(as_png(image("JPEG", (100, 50), exif=exif.tobytes()))).size == (50, 100)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(side: int) -> bytes:
    """A PNG that says it is huge, in a few bytes."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("#000000", "#ffffff")]
    target = io.BytesIO()
    frames[0].save(target, kind, save_all=True, append_images=frames[1:])
    return target.getvalue()


HOSTILE = {
    "vide": b"",
    "texte": b"bonjour",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "page": b"<html><img src=x></html>",
    "gif": image("GIF"),
    "tiff": image("TIFF"),
    "png coupé": image(size=(400, 400))[:-30],
    "jpeg coupé": image("JPEG", (400, 400))[:300],
    "en-tête seul": b"\x89PNG\r\n\x1a\n",
    "bombe": bomb(60_000),
    "grande": bomb(9_000),
    "menteuse": bomb(3_000),
    "apng": moving("PNG"),
    "webp animé": moving("WEBP"),
    "trop lourd": image() + b"\0" * MAX_BYTES,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=list(HOSTILE))
def test_what_is_no_still_image_is_refused_in_french(data: bytes) -> None:
    with pytest.raises(RefusedInput, match=r"^Logo : "):
        as_png(data)


def test_text_hidden_in_a_chunk_that_swells_is_refused() -> None:
    """Ten kilobytes that would be a hundred megabytes once read."""
    swollen = chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 100_000_000))
    data = image()
    with pytest.raises(RefusedInput, match=r"^Logo : "):
        as_png(data[:33] + swollen + data[33:])


def test_a_refused_logo_leaves_the_one_that_was_there(app: App, tid: int) -> None:
    saved = screens.save_screen(app, tid, Screen(name="Accueil", quartiers=make_town(app, tid)[:1]))
    assert not saved.has_logo
    kept = screens.set_logo(app, tid, saved.id, image())
    assert kept.has_logo
    # Nobody who was changing the settings meanwhile is told that somebody else did.
    assert kept.version == saved.version
    before = screens.get_logo(app, tid, saved.id)
    with pytest.raises(RefusedInput):
        screens.set_logo(app, tid, saved.id, b"bonjour")
    assert screens.get_logo(app, tid, saved.id) == before
    assert not screens.set_logo(app, tid, saved.id, None).has_logo
    with pytest.raises(NotFound):
        screens.set_logo(app, tid, saved.id + 1, image())
