"""Every language of the screens, whoever translated it: whole, exact where it matters, fit to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reseau.errors import RefusedInput
from reseau.model.screens import REASONS
from reseau.model.typology import load_typology
from reseau.screens import texts
from reseau.screens.fonts import undrawn
from reseau.screens.needs import load_needs, load_numbers
from reseau.screens.text_checks import check_language
from reseau.screens.texts import FRENCH, NAMES, SECTIONS, language_codes, load_language, read_file, type_texts

CODES = language_codes()
SPOKEN_IN_FRANCE = {"fr", "en", "ar", "tr", "pt", "es", "ro", "uk", "ru", "ta", "bn"}
# A few words only, by choice: what nobody could check stays in French, numbers for emergencies first.
BEGUN = {"zdj"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of languages with the French file alone, that a test adds to."""
    (tmp_path / "fr.toml").write_text(
        (texts.FOLDER / "fr.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    load_language.cache_clear()
    yield tmp_path
    load_language.cache_clear()


def write(folder: Path, *, about: str = "", body: str = "", code: str = "xx") -> None:
    """The file of a language, in order but for what a test is about."""
    about = about or 'nom = "Essai"\nsens = "ltr"\necriture = "latin"'
    (folder / f"{code}.toml").write_text(f"[langue]\n{about}\n{body}", encoding="utf-8")


def test_languages_asked_for_are_there() -> None:
    assert set(CODES) >= SPOKEN_IN_FRANCE | BEGUN
    assert CODES[0] == FRENCH


@pytest.mark.parametrize("code", CODES)
def test_a_file_is_in_order(code: str) -> None:
    """Words in braces, figures, keys, days and months, direction, script, length, nothing hidden."""
    assert check_language(code) == []


@pytest.mark.parametrize("code", CODES)
def test_fonts_of_a_screen_draw_every_character(code: str) -> None:
    language = load_language(code)
    said = [
        text
        for name in SECTIONS
        for key, text in language.texts[name].items()
        if not language.lacks(name, key)
    ]
    written = " ".join([language.name, *language.days, *language.months, *said])
    assert undrawn(written, language.script) == ""


@pytest.mark.parametrize("code", CODES)
def test_what_saves_a_life_is_the_first_thing_translated(code: str) -> None:
    """A language just begun has its emergency numbers in exact French. Once it serves, it has them."""
    language = load_language(code)
    vital = {f"numeros.{key}" for key in load_numbers()}
    vital |= {f"interface.{key}" for key in ("emergency_call", "emergency_title", "call", "safe_note")}
    every = sum(len(texts_of) for texts_of in language.texts.values())
    begun = not language.reviewed and len(language.missing) > every / 2
    assert begun or vital.isdisjoint(language.missing)


@pytest.mark.parametrize("code", sorted(SPOKEN_IN_FRANCE))
def test_first_languages_are_whole(code: str) -> None:
    assert load_language(code).missing == ()


@pytest.mark.parametrize("code", [code for code in CODES if code != FRENCH])
def test_no_two_needs_nor_reasons_read_the_same(code: str) -> None:
    """Two pictures under the same words: the resident could not choose."""
    language = load_language(code)
    for section in ("besoins", "avis", "numeros"):
        said = list(language.texts[section].values())
        assert len(set(said)) == len(said)


def test_french_has_words_for_all_that_a_screen_says() -> None:
    french = load_language(FRENCH).texts
    assert set(french["besoins"]) == set(load_needs())
    assert set(french["numeros"]) == set(load_numbers())
    assert set(french["avis"]) == set(REASONS)
    assert set(french["types"]) == set(load_typology().types)


def test_sentences_of_types_are_short() -> None:
    """Simple-text versions: one or two short sentences, read standing at four metres."""
    assert [text for text in load_language(FRENCH).texts["types"].values() if len(text) > 90] == []


@pytest.mark.parametrize("code", CODES)
def test_a_sentence_ends_like_the_french_one(code: str) -> None:
    """Titles without a full stop, sentences with one, questions with the mark of the language."""
    language, french = load_language(code), load_language(FRENCH)
    ends = {".": ".।", "?": "?؟"}
    wrong = [
        f"{section}.{key}"
        for section in SECTIONS
        for key, text in french.texts[section].items()
        if text[-1] in ends and language.text(section, key)[-1] not in ends[text[-1]]
    ]
    assert wrong == []


def test_arabic_is_written_with_its_own_punctuation() -> None:
    """A Latin comma or question mark among Arabic letters looks turned round."""
    said = [text for section in SECTIONS for text in load_language("ar").texts[section].values()]
    assert [text for text in said if re.search(r"[,;?]", text)] == []


def test_punctuation_never_starts_a_line() -> None:
    """French puts a space before it, where a screen would cut."""
    said = [text for section in SECTIONS for text in load_language(FRENCH).texts[section].values()]
    assert [text for text in said if re.search(r" [?!:;»]|« ", text)] == []
    assert (
        load_language(FRENCH).text("interface", "emergency_call").startswith("En danger\u00a0? Appelez le 17")
    )


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    with pytest.raises(RefusedInput, match=r"Langue inconnue : zz\. Langues possibles : fr, ar"):
        load_language("zz")


@pytest.mark.parametrize("code", ["", "../fr", "FR", "fr/../fr"])
def test_a_code_is_never_a_path(code: str) -> None:
    with pytest.raises(RefusedInput, match="Langue inconnue"):
        load_language(code)


def test_what_is_missing_or_emptied_is_in_french_and_said(folder: Path) -> None:
    write(folder, body='[besoins]\nmanger = "Eat"\nloger = " "\n')
    language, french = load_language("xx"), load_language(FRENCH)
    assert language.text("besoins", "manger") == "Eat"
    assert not language.lacks("besoins", "manger")
    assert language.text("besoins", "loger") == french.text("besoins", "loger")
    assert language.lacks("besoins", "loger")
    assert language.lacks("interface", "open_title")
    assert language.days == french.days
    assert {"jours.noms", "mois.noms"} <= set(language.missing)
    every = sum(len(french.texts[section]) for section in SECTIONS) + len(NAMES)
    assert len(language.missing) == every - 1


@pytest.mark.parametrize(
    "text", ["{minutes} min", "min", "{n} {n} min", "{} min"], ids=["renamed", "lost", "twice", "unnamed"]
)
def test_a_text_that_cannot_be_filled_in_is_in_french(folder: Path, text: str) -> None:
    """A resident never reads `{minutes}`."""
    write(folder, body=f'[interface]\nwalk = "{text}"\n')
    assert load_language("xx").text("interface", "walk") == load_language(FRENCH).text("interface", "walk")
    assert load_language("xx").lacks("interface", "walk")
    assert "interface.walk : gardez exactement les mots entre accolades ({n})." in check_language("xx")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'[langue]\nnom = "Essai\n', "line 2"),
        ('[langue]\nnom = "\xe9t\xe9"'.encode("latin-1"), "xx.toml"),
        (b"\xff\xfe\x00", "xx.toml"),
        (b"", "« nom »"),
        (b'langue = "xx"', "« nom »"),
        (b'[langue]\nnom = 3\nsens = "ltr"\necriture = "latin"', "« nom »"),
        (b'[langue]\nnom = "X"\nsens = "gauche"\necriture = "latin"', "« sens » (ltr, rtl)"),
        (b'[langue]\nnom = "X"\nsens = "ltr"\necriture = "chinois"', "« ecriture » (latin, cyrillique"),
    ],
    ids=["quote", "encoding", "binary", "empty", "no-table", "number", "direction", "script"],
)
def test_a_damaged_file_is_named(folder: Path, content: bytes, said: str) -> None:
    (folder / "xx.toml").write_bytes(content)
    with pytest.raises(RefusedInput) as refused:
        load_language("xx")
    assert "Le fichier de langue xx.toml" in str(refused.value)
    assert said in str(refused.value)
    assert check_language("xx") == [str(refused.value)]


def test_a_file_saved_by_a_text_editor_of_windows_is_read(folder: Path) -> None:
    """It adds a mark in front of the file and ends lines its own way."""
    content = (folder / "fr.toml").read_text(encoding="utf-8").replace("\n", "\r\n")
    (folder / "xx.toml").write_bytes(b"\xef\xbb\xbf" + content.encode())
    assert load_language("xx").missing == ()


@pytest.mark.parametrize(
    "body",
    [
        "[interface]\nwalk = 3\nhere = [1]\n",
        "[interface.walk]\nn = 1\n",
        "[jours]\nnoms = 7\n",
        "[jours]\nnoms = [1, 2, 3, 4, 5, 6, 7]\n",
        '[mois]\nnoms = ["a"]\n',
        "[jours]\n",
    ],
)
def test_values_of_another_kind_are_in_french(folder: Path, body: str) -> None:
    write(folder, body=body)
    language, french = load_language("xx"), load_language(FRENCH)
    assert (language.texts, language.days, language.months) == (french.texts, french.days, french.months)
    assert check_language("xx") != []


def test_a_section_that_is_not_a_table_is_in_french(folder: Path) -> None:
    content = 'interface = "x"\njours = 3\n[langue]\nnom = "X"\nsens = "ltr"\necriture = "latin"\n'
    (folder / "xx.toml").write_text(content, encoding="utf-8")
    assert load_language("xx").texts == load_language(FRENCH).texts
    assert any(
        line.startswith("interface : écrivez la section entre crochets") for line in check_language("xx")
    )


@pytest.mark.parametrize("said", ['"true"', "1", "false"])
def test_only_a_plain_true_makes_a_reviewed_language(folder: Path, said: str) -> None:
    write(folder, about=f'nom = "X"\nsens = "ltr"\necriture = "latin"\nrelu = {said}')
    assert not load_language("xx").reviewed


BROKEN = {
    "figure": ('[interface]\nemergency_call = "In danger? Call 18, or 114 (SMS)."', "gardez les chiffres"),
    "arabic figure": ('[interface]\nemergency_call = "In danger? Call ١٧, or ١١٤."', "gardez les chiffres"),
    "bidi": ('[besoins]\nmanger = "\\u202eEat"', "caractère invisible"),
    "control": ('[besoins]\nmanger = "Eat\\u0007"', "caractère invisible"),
    "two scripts": ('[besoins]\nmanger = "E\u0430t good food"', "« E\u0430t » mélange deux écritures"),
    "line": ('[besoins]\nmanger = """Eat\nwell"""', "caractère invisible ou un retour à la ligne"),
    "long": (
        f'[besoins]\nmanger = "{"eat " * 9}now"',
        "trop long pour l'écran (39 caractères, 6 en français)",
    ),
    "space": ('[besoins]\nmanger = "Eat "', "une espace de trop"),
    "french": ('[besoins]\nmanger = "Manger"', "laissé en français"),
    "unknown key": ('[besoins]\ndormir = "Sleep"', "besoins.dormir : n'existe pas"),
    "unknown section": ('[divers]\na = "b"', "divers : section inconnue"),
    "braces": ('[besoins]\nmanger = "Eat }"', "accolades (aucun ici)"),
    "script": ('[besoins]\nmanger = "أكل"', "0% des lettres seulement"),
    "same day": (f"[jours]\nnoms = {['lundi'] * 7}", "jours.noms : le même nom y est deux fois"),
    "six days": (f"[jours]\nnoms = {list('abcdef')}", "jours.noms : il en faut 7"),
    "two scripts in a day": (
        f"[jours]\nnoms = {[*'abcdef', 'g?']}".replace("?", "\u0430"),
        "jours.noms : « g\u0430 » mélange deux écritures",
    ),
    "hidden day": (
        f"[jours]\nnoms = {[*'abcdef', 'g']}".replace("'g'", '"\\u200fg"'),
        "jours.noms : contient",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_check_says_what_is_wrong(folder: Path, name: str) -> None:
    """The same checks as above, on files that fail them: a check that finds nothing proves nothing."""
    body, said = BROKEN[name]
    write(folder, body=body)
    found = check_language("xx")
    assert len(found) == 1
    assert said in found[0]


def test_direction_goes_with_the_script(folder: Path) -> None:
    write(folder, about='nom = "X"\nsens = "ltr"\necriture = "arabe"')
    assert check_language("xx") == ["langue.sens : pour cette écriture, écrivez « rtl »."]


def test_a_copy_not_translated_yet_is_told_line_by_line(folder: Path) -> None:
    """The guide says to copy fr.toml: what nobody translated must not pass for a translation."""
    (folder / "xx.toml").write_text((folder / "fr.toml").read_text(encoding="utf-8"), encoding="utf-8")
    found = check_language("xx")
    assert all("laissé en français" in line for line in found)
    words = sum(len(read_file(FRENCH)[section]) for section in SECTIONS)
    assert len(found) > 0.9 * words


def test_a_sentence_of_a_type_is_left_to_french_where_a_language_lacks_it() -> None:
    french = load_language(FRENCH)
    said = french.texts["types"]
    other = replace(french, code="zz", missing=("types.pharmacie",))
    assert type_texts(("pharmacie",), [french, other]) == {"fr": said["pharmacie"]}
    assert type_texts(("invente", "pharmacie"), [french]) == {"fr": said["pharmacie"]}
    assert type_texts(("invente",), [french, other]) == {"fr": said["autre"], "zz": said["autre"]}
