"""Pictograms are shown four metres away, printed, and embedded in pages: paths, and nothing but paths."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path

from reseau.errors import RefusedInput
from reseau.model.screens import REASONS
from reseau.screens.needs import load_needs
from reseau.screens.pictograms import SIZE, load_pictograms

SIGNS = {
    "ouvert", "marche", "ici", "telephone", "rendez-vous", "sans-rendez-vous", "gratuit",
    "fauteuil", "langue", "permanences", "actions", "message", "urgence", "carte", "avis", "pause",
    "precedent", "suivant",
}  # fmt: skip
GOOD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">\n  <path d="M2 2L22 2L12 22Z"/>\n</svg>\n'
)


def test_every_need_every_reason_and_every_sign_has_its_drawing() -> None:
    wanted = {need.pictogram for need in load_needs().values()} | set(REASONS) | SIGNS

    assert wanted == set(load_pictograms())


def test_what_is_read_belongs_to_the_reader() -> None:
    """A builder that changes its copy does not change the next screen's."""
    load_pictograms()["ouvert"].append("M0 0")

    assert "M0 0" not in load_pictograms()["ouvert"]


@pytest.mark.parametrize("name", sorted(load_pictograms()))
def test_a_drawing_fills_its_square_without_leaving_it(name: str) -> None:
    """A drawing that leaves its square is cut on a screen; a small one is not seen at four metres."""
    boxes = [_bounds(path) for path in load_pictograms()[name]]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)

    assert left >= 0
    assert top >= 0
    assert right <= SIZE
    assert bottom <= SIZE
    assert max(right - left, bottom - top) >= 16
    assert abs((left + right) / 2 - SIZE / 2) <= 1.2, "not in the middle"
    assert abs((top + bottom) / 2 - SIZE / 2) <= 1.2, "not in the middle"


@pytest.mark.parametrize("name", sorted(load_pictograms()))
def test_both_rules_of_filling_give_the_same_drawing(name: str) -> None:
    """A browser fills by one rule, a PDF may by the other: holes turn the other way, nothing overlaps."""
    grid = np.arange(0.13, SIZE, 0.29)
    x, y = (axis.ravel() for axis in np.meshgrid(grid, grid))
    for path in load_pictograms()[name]:
        rings = _rings(path)
        inside = [shapely.contains_xy(shapely.Polygon(ring), x, y) for ring in rings]
        turns = [1 if ring.is_ccw else -1 for ring in rings]
        even_odd = np.sum(inside, axis=0) % 2 == 1
        non_zero = np.sum([turn * area for turn, area in zip(turns, inside, strict=True)], axis=0) != 0
        assert even_odd.any(), "a path that draws nothing"
        assert (even_odd == non_zero).all()


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("<path", "<script>alert(1)</script><path", 1),
        GOOD.replace("<path", '<path onload="x()"', 1),
        GOOD.replace("<path", '<path fill="red"', 1),
        GOOD.replace("M2 2", "url(x)"),
        GOOD.replace('"0 0 24 24"', '"0 0 48 48"'),
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + GOOD,
        GOOD.replace("</svg>", "<image href='x.png'/></svg>"),
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"></svg>',
        "",
        "\x00\x01",
    ],
)
def test_a_file_with_anything_but_paths_is_refused(tmp_path: Path, text: str) -> None:
    """Paths go into pages as they are: nothing that could act or be fetched may come with them."""
    (tmp_path / "dessin.svg").write_text(text, encoding="utf-8")

    with pytest.raises(RefusedInput, match=r"dessin\.svg"):
        load_pictograms(tmp_path)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dessin.svg").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(RefusedInput, match="ne se lit pas"):
        load_pictograms(tmp_path)


def test_a_badly_named_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Dessin 2.svg").write_text(GOOD, encoding="utf-8")

    with pytest.raises(RefusedInput, match="minuscules"):
        load_pictograms(tmp_path)


def test_a_good_file_gives_its_paths(tmp_path: Path) -> None:
    (tmp_path / "dessin.svg").write_text(GOOD, encoding="utf-8")

    assert load_pictograms(tmp_path) == {"dessin": ["M2 2L22 2L12 22Z"]}


def _bounds(path: str) -> tuple[float, float, float, float]:
    pen = BoundsPen(None)
    parse_path(path, pen)
    return pen.bounds


def _rings(path: str) -> list[shapely.LinearRing]:
    """Outline of each closed piece, its curves cut in short lines."""
    pen = RecordingPen()
    parse_path(path, pen)
    rings: list[list[tuple[float, float]]] = []
    for verb, points in pen.value:
        if verb == "moveTo":
            rings.append([points[0]])
        elif verb in {"lineTo", "qCurveTo", "curveTo"}:
            rings[-1] += _along(rings[-1][-1], points)
    return [shapely.LinearRing(ring) for ring in rings if len(ring) > 2]


def _along(start: tuple[float, float], points: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    cut = []
    for step in range(1, 9):
        line = [start, *points]
        while len(line) > 1:
            line = [
                (a[0] + (b[0] - a[0]) * step / 8, a[1] + (b[1] - a[1]) * step / 8) for a, b in pairwise(line)
            ]
        cut.append(line[0])
    return cut
