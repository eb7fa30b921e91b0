"""Fonts of a bundle in a real browser, from a file: what is installed on the machine must not be needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reseau.screens import fonts
from reseau.screens.build import FAMILIES
from tests.e2e.browsing import PICTURES

pytestmark = pytest.mark.e2e

# Common words of each language of a screen, joined letters and stacked vowels among them.
SAID = {
    "latin": ("fr", "Où aller ? L'œuvre, Șaptesprezece, İstanbul, ɓweni, 5 € — « ouvert »"),
    "cyrillique": ("uk", "Де знайти допомогу поруч? Їжа, ґанок, объявление"),
    "arabe": ("ar", "مفتوح الآن — الصحة للجميع، ٥ دقائق"),
    "tamoul": ("ta", "இப்போது திறந்திருக்கிறது — மருத்துவமனை ஸ்ரீ"),
    "bengali": ("bn", "এখন খোলা — স্বাস্থ্যকেন্দ্র, বিনামূল্যে ক্ষ"),
}
WEIGHTS = (400, 700)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "fonts").mkdir()
    for name, data in fonts.font_files(SAID).items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "fonts.css").write_text(fonts.fonts_css(SAID), encoding="utf-8")
    lines = [
        f'<p id="{script}-{weight}" lang="{code}" dir="auto" '
        f"style='font:{weight} 40px {FAMILIES[script]}'>{text}</p>"
        for script, (code, text) in SAID.items()
        for weight in WEIGHTS
    ]
    page = '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="fonts.css">' + "".join(lines)
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    return tmp_path


def drawn_with(page: Any, selector: str) -> list[dict[str, Any]]:
    """Fonts the browser drew an element with, as it says itself."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    return list(session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"])


def test_every_script_is_drawn_with_the_fonts_of_the_bundle(browser: Any, folder: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((folder / "index.html").as_uri())
    page.evaluate("() => document.fonts.ready")
    states = page.evaluate("() => [...document.fonts].map(font => font.family + ' ' + font.status)")
    assert states
    assert all(state.endswith(" loaded") for state in states), states
    for script in SAID:
        for weight in WEIGHTS:
            used = drawn_with(page, f"#{script}-{weight}")
            assert used, script
            assert all(font["isCustomFont"] for font in used), (script, weight, used)
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / "ecran-polices.png")
    page.close()


def test_letters_join_and_weights_differ(browser: Any, folder: Path) -> None:
    # A joined group is not as wide as its parts: without the tables of its font, it would be.
    page = browser.new_page()
    page.goto((folder / "index.html").as_uri())
    page.evaluate("() => document.fonts.ready")
    wide = """([text, font]) => {
        const pen = document.createElement("canvas").getContext("2d");
        pen.font = font;
        return pen.measureText(text).width;
    }"""

    def width(script: str, text: str, weight: int = 400) -> float:
        return float(page.evaluate(wide, [text, f"{weight} 100px {FAMILIES[script]}"]))

    assert width("arabe", "لا") < 0.9 * (width("arabe", "ل") + width("arabe", "ا"))
    assert width("arabe", "سسس") != width("arabe", "س\u200cس\u200cس")
    assert width("bengali", "ক্ষ") < 0.9 * (width("bengali", "ক") + width("bengali", "ষ"))
    assert width("tamoul", "ஸ்ரீ") < width("tamoul", "ஸ்") + width("tamoul", "ரீ")
    for script in SAID:
        assert width(script, SAID[script][1], 700) != width(script, SAID[script][1], 400), script
    page.close()
