from __future__ import annotations

import io
from pathlib import Path

import fontpkg
import pytest
from fontTools.ttLib import TTFont

from reseau.errors import ReseauError
from reseau.screens import fonts
from reseau.screens.build import FAMILIES
from reseau.screens.texts import SCRIPTS, language_codes, load_language

# Cutting the fonts takes seconds: tests that only look at them share what was cut.
ALL = ("latin", "arabe", "tamoul", "bengali")
SHAPING = {
    "arabe": {"init", "medi", "fina", "rlig"},
    "tamoul": {"akhn", "abvs", "haln", "psts"},
    "bengali": {"akhn", "half", "rphf", "pres"},
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of its own, and nothing in memory."""
    folder = tmp_path / "polices"
    monkeypatch.setattr(fonts, "cache_folder", lambda: folder)
    monkeypatch.setattr(fonts, "_made", {})
    return folder


@pytest.fixture(scope="module")
def opened() -> dict[str, TTFont]:
    files = fonts.font_files(ALL)
    return {name.split("/")[1].split("-")[0]: TTFont(io.BytesIO(data)) for name, data in files.items()}


@pytest.mark.parametrize("code", language_codes())
def test_every_character_of_the_fixed_texts_is_drawn(code: str) -> None:
    # A box on a television in front of people who read no other language is worse than nothing.
    language = load_language(code)
    said = [language.name, *language.days, *language.months]
    said += [text for section in language.texts.values() for text in section.values()]
    assert fonts.undrawn("".join(said), language.script) == ""


@pytest.mark.parametrize("script", ["arabe", "tamoul", "bengali"])
def test_what_shapes_a_script_survives_the_cutting(script: str, opened: dict[str, TTFont]) -> None:
    # Without these tables letters stand side by side, unjoined: no reader of the language can read that.
    kept = {record.FeatureTag for record in opened[script]["GSUB"].table.FeatureList.FeatureRecord}
    assert SHAPING[script] <= kept
    assert "GPOS" in opened[script]


def test_cut_fonts_hold_what_was_asked_and_little_else(opened: dict[str, TTFont]) -> None:
    assert {ord("é"), ord("ș"), ord("ɓ"), ord("ї"), ord("€")} <= set(opened["latin"].getBestCmap())
    assert ord("a") not in opened["arabe"].getBestCmap()
    assert all(
        "wdth" not in [axis.axisTag for axis in font["fvar"].axes]
        for font in opened.values()
        if "fvar" in font
    )


def test_a_bundle_of_every_script_weighs_little() -> None:
    assert sum(map(len, fonts.font_files(SCRIPTS).values())) < 500_000


def test_the_latin_font_is_always_there() -> None:
    # Names and addresses are written so, whatever the language.
    assert [name.split("/")[1][:5] for name in fonts.font_files(["arabe"])] == ["latin", "arabe"]
    assert fonts.font_files(["cyrillique"]) == fonts.font_files(["latin"]) == fonts.font_files([])


def test_the_style_sheet_names_the_files_there_are() -> None:
    sheet = fonts.fonts_css(ALL)
    assert all(f'url("{name}")' in sheet for name in fonts.font_files(ALL))
    assert sheet.count("@font-face") == len(fonts.font_files(ALL))
    assert sheet.count("font-display:block") == len(fonts.font_files(ALL))
    for script in ALL:
        assert all(f"font-family:{name}" in sheet for name in FAMILIES[script].split(", "))


def test_undrawn_tells_what_the_screen_will_have_to_find_elsewhere() -> None:
    assert fonts.undrawn("Maison 李 🙂🙂 à 5 €\n", "latin") == "李🙂"
    assert fonts.undrawn("مركز Accueil", "arabe") == ""


def test_cut_once_then_read_from_the_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = fonts.font_files(["tamoul"])
    monkeypatch.setattr(fonts, "_made", {})
    monkeypatch.setattr(fonts, "_cut", lambda _face: pytest.fail("cut a second time"))
    assert fonts.font_files(["tamoul"]) == first
    assert {file.suffix for file in cache.iterdir()} == {".woff2"}


def _short_font(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Cutting that takes no time; tells what was cut."""
    cut: list[str] = []

    def fake(face: fonts.Face) -> bytes:
        cut.append(face.script)
        return b"wOF2\0\1\0\0" + (20).to_bytes(4) + b"12345678"

    monkeypatch.setattr(fonts, "_cut", fake)
    return cut


def test_a_file_of_the_cache_cut_short_is_made_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut = _short_font(monkeypatch)
    fonts.font_files(["latin"])
    file = next(cache.iterdir())
    file.write_bytes(file.read_bytes()[:15])
    monkeypatch.setattr(fonts, "_made", {})
    fonts.font_files(["latin"])
    assert cut == ["latin", "latin"]
    assert len(file.read_bytes()) == 20


def test_a_cache_that_cannot_be_written_stops_nothing(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fichier").write_text("")
    monkeypatch.setattr(fonts, "cache_folder", lambda: tmp_path / "fichier" / "polices")
    cut = _short_font(monkeypatch)
    assert fonts.font_files(["latin"]) == fonts.font_files(["latin"])
    assert cut == ["latin"]
    monkeypatch.setattr(fonts, "_made", {})
    monkeypatch.setattr(fonts, "cache_folder", lambda: None)
    assert len(fonts.font_files(["latin"])) == 1


def test_the_name_of_a_file_changes_with_what_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # It is kept for a year by whoever asked for it: other bytes must have another name.
    before = set(fonts.font_files(["latin"]))
    monkeypatch.setattr(fonts, "_RECIPE", 999)
    fonts._key.cache_clear()
    assert {fonts._name(face) for face in fonts.faces_of(["latin"])}.isdisjoint(before)
    fonts._key.cache_clear()


def test_a_font_that_is_not_installed_is_said_in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str, weight: int = 400) -> Path:
        raise fontpkg.FamilyNotInstalled(name)

    monkeypatch.setattr(fontpkg, "path", absent)
    with pytest.raises(ReseauError, match=r"« Noto Sans » manque.*Installez"):
        fonts.source_file(fonts.FACES[0])


def test_a_damaged_font_is_said_in_french(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    broken = tmp_path / "NotoSans.ttf"
    broken.write_bytes(b"\0\1\0\0" + b"\xff" * 40)
    monkeypatch.setattr(fontpkg, "path", lambda name, weight=400: broken)
    fonts._key.cache_clear()
    with pytest.raises(ReseauError, match="abîmée"):
        fonts.font_files(["latin"])
    fonts._key.cache_clear()


def test_whole_fonts_and_their_licences_are_found() -> None:
    assert all(any(folder.glob("*.ttf")) for folder in fonts.font_paths())
    said = fonts.font_licences(ALL)
    assert list(said) == ["Hind Siliguri", "Noto Sans", "Noto Sans Arabic", "Noto Sans Tamil"]
    assert all("SIL OPEN FONT LICENSE" in text.upper() for text in said.values())
