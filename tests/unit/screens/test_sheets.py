"""Sheets are printed and taken home: nobody can correct them afterwards. They are read back and looked at."""

from __future__ import annotations

import base64
import copy
import re
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO

import numpy as np
import pypdfium2
import pytest
import typst
from PIL import Image

from reseau.errors import RefusedInput, ReseauError
from reseau.screens import _sheet_words, sheets
from reseau.screens.content import Content
from reseau.screens.sheets import KINDS, NEAREST, SIDES, printed, sheet_pdf
from reseau.screens.texts import language_codes, load_language
from tests.screens import places, sample_content, sample_screen

SIZES = {"affiche": (297, 420), "feuille": (210, 297), "livret": (210, 297)}
HOSTILE = [
    '#eval("1+1") #read("/etc/passwd")',
    "*gras* _x_ $x^2$ `code` \\ #let x = 1 // c",
    "= titre @ref <etiquette> ~ --- [a](b)",
    "<script>alert(1)</script> {{7*7}} {n} {total}",
    "évi\u202edent\u202c \u2066caché\u2069",
    "W" * 300,
    "à la ferme " * 40,
    "مركز صحي " * 40,
    "க்" * 200,
    "e\u0301" * 200 + "\u200d" * 50,
    "中文名字 😀 \U000f0000 \x00\x1b",
    "ਪੰਜਾਬੀ ქართული සිංහල 한국어 ไทย עברית",
]


def content(*languages: str, **changes: int) -> Content:
    """A document in these languages, French when none is given."""
    return copy.deepcopy(_made(languages or ("fr",), **changes))


@lru_cache
def _made(languages: tuple[str, ...], *, many: int = 0) -> Content:
    screen = sample_screen(languages=languages, link="https://exemple.fr/ecran")
    return sample_content(screen=screen, **({"structures": places(many)} if many else {}))


def pages(pdf: bytes) -> Iterator[pypdfium2.PdfPage]:
    document = pypdfium2.PdfDocument(pdf)
    yield from document
    document.close()


class Written(str):
    """What is written, without blanks: a name may be on two lines."""

    __slots__ = ()

    def __contains__(self, words: object) -> bool:
        return super().__contains__(tight(str(words)))


def tight(words: str) -> str:
    # A hyphen at the end of a line is read as U+FFFE; places where a word may be cut are blanks too.
    return re.sub(r"[\s\u200b]", "", words.replace("\ufffe", "-"))


def raw(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pages(pdf))


def text(pdf: bytes) -> Written:
    return Written(tight(raw(pdf)))


def seen(pdf: bytes) -> Written:
    """What is written, line by line from left to right as an eye meets it: `text` reorders Arabic."""
    lines: list[str] = []
    for page in pages(pdf):
        words = page.get_textpage()
        signs: dict[int, list[tuple[float, str]]] = {}
        for index in range(words.count_chars()):
            left, bottom, _, _ = words.get_charbox(index, loose=True)
            signs.setdefault(round(bottom), []).append((left, words.get_text_range(index, 1)))
        lines += [
            "".join(sign for _, sign in sorted(line)) for _, line in sorted(signs.items(), reverse=True)
        ]
    return Written(tight("\n".join(lines)))


def ink(page: pypdfium2.PdfPage) -> np.ndarray:
    """Whether each pixel (half a millimetre) is other than white."""
    picture = page.render(scale=2 * 25.4 / 72).to_pil().convert("L")
    return np.asarray(picture) < 250


def page_picture(page: pypdfium2.PdfPage) -> Image.Image:
    return page.render(scale=1).to_pil().convert("L")


def inside(pdf: bytes, kind: str) -> bool:
    """Whether margins are white; the band of the poster runs from edge to edge on purpose."""
    for page in pages(pdf):
        dark = ink(page)
        edge, bottom = 20, 18
        below = int(dark.shape[0] * 0.35) if kind == "affiche" else 0
        sides = dark[below:, :edge].any() or dark[below:, -edge:].any()
        if sides or dark[-bottom:].any() or (kind != "affiche" and dark[:18].any()):
            return False
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_is_a_page_of_its_size_with_a_title_and_a_language(kind: str) -> None:
    """A printer and a screen reader both need to know what they have."""
    pdf = sheet_pdf(content("fr", "ar"), language="ar", kind=kind)

    for page in pages(pdf):
        width, height = (round(side * 25.4 / 72) for side in page.get_size())
        assert (width, height) == SIZES[kind]
    document = pypdfium2.PdfDocument(pdf)
    assert "Le Parc" in document.get_metadata_dict()["Title"]
    assert pypdfium2.raw.FPDFCatalog_IsTagged(document)
    assert re.findall(
        rb"/Catalog.*?/Lang\s*\(([^)]*)\)|/Lang\s*\(([^)]*)\)[^<>]*/Type\s*/Catalog", pdf, re.DOTALL
    )
    assert b"pdfuaid" in pdf


def test_a_hand_out_says_what_a_person_needs_to_get_there() -> None:
    document = content()
    said = text(sheet_pdf(document, language="fr", kind="feuille"))

    for place in document["places"]:
        assert (place["name"] or place["role"]["fr"]) in said
        assert place["address"] in said
        assert place["phone"] in said
        assert str(place["number"] or "") in said
    for words in (
        "Autour de vous", "Le Parc", "Vous êtes ici", "Me soigner", "Accessible en fauteuil roulant",
        "Une personne fait vos démarches avec vous.", "lundi–vendredi : 9 h–12 h, 14 h–17 h",
        "samedi : 10 h–12 h", "8 min à pied", "Sans rendez-vous", "On y parle", "Par téléphone ou chez vous",
        "Téléphonez avant d'y aller.", "250 m", "Imprimé le lundi 23 novembre 2026.", "Annuaire de l'équipe",
        "Démonstration : lieux inventés", "Plus d'informations", "3919", "39 89", "115", "1 sur 2",
    ):  # fmt: skip
        assert words in said, words


def test_a_poster_says_numbers_and_names_and_where_to_read_more() -> None:
    document = content()
    said = text(sheet_pdf(document, language="fr", kind="affiche"))

    for place in document["places"]:
        assert (place["name"] or place["role"]["fr"]) in said
    for words in (
        "Autour de vous",
        "Se loger",
        "115",
        "3919",
        "0 800 840 800",
        "Imprimé le lundi 23 novembre 2026.",
    ):
        assert words in said, words
    assert "place du Parc" not in said, "an address nobody can read two metres away"


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_document_gives_the_same_bytes(kind: str) -> None:
    """What did not change is not printed, sent or stored again."""
    assert sheet_pdf(content(), language="fr", kind=kind) == sheet_pdf(content(), language="fr", kind=kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", language_codes())
def test_every_language_is_drawn_with_its_letters(code: str, kind: str) -> None:
    """PDF/UA refuses a letter that no font draws: a page that is made has them all."""
    document = content(code)
    pdf = sheet_pdf(document, language=code, kind=kind)

    assert inside(pdf, kind)
    assert kind != "feuille" or len(list(pages(pdf))) <= SIDES
    assert "Centre social" in seen(pdf)
    assert load_language(code).dir == "rtl" or load_language(code).text("interface", "sheet_title") in text(
        pdf
    )


def test_a_letter_that_no_font_draws_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above relies on it."""
    monkeypatch.setattr(_sheet_words, "drawn", lambda text: text)
    document = content()
    document["places"][0]["name"] = "한국어"

    with pytest.raises(ReseauError, match="n'a pas pu être faite"):
        sheet_pdf(document, language="fr", kind="feuille")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HOSTILE)
def test_what_people_typed_is_text_and_stays_on_the_page(name: str, kind: str) -> None:
    document = content("fr", "ar")
    for place in document["places"]:
        place.update(name=name, text={"fr": name}, address=name, phone=name)
    document["screen"].update(quartier=name, name=name)
    document["sources"] = [name]

    for language in ("fr", "ar"):
        pdf = sheet_pdf(document, language=language, kind=kind)

        assert inside(pdf, kind)
        assert kind != "affiche" or len(list(pages(pdf))) == 1


@pytest.mark.parametrize("name", HOSTILE[:4])
def test_markup_is_shown_as_it_was_typed(name: str) -> None:
    document = content()
    document["places"][0]["name"] = name

    assert name in text(sheet_pdf(document, language="fr", kind="feuille"))


def test_nothing_of_a_sheet_comes_from_the_machine() -> None:
    """A path in the document is a drawing or nothing; a template cannot be made to read a file."""
    document = content()
    document["pictograms"]["soigner"] = ['"/><image href="/etc/passwd"/><path d="']
    document["map"]["areas"] = ["M0 0</svg>"]  # type: ignore[index]
    document["places"][0]["qr"] = "M0 0<script/>"

    assert "root:" not in text(sheet_pdf(document, language="fr", kind="feuille"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_without_anything_still_says_where_and_when(kind: str) -> None:
    document = content()
    document.update(places=[], slides=[], map=None, sources=[])
    said = text(sheet_pdf(document, language="fr", kind=kind))

    assert "Le Parc" in said
    assert "Imprimé le lundi 23 novembre 2026." in said


def test_a_hand_out_is_one_sheet_with_as_many_places_as_its_two_sides_hold() -> None:
    """Seven stapled pages are not given to anyone; few needs leave room for more places of each."""
    many = content(many=1000)
    few = copy.deepcopy(many)
    [kept] = [slide for slide in few["slides"] if slide["kind"] == "need"][:1]
    few["slides"] = [kept]
    named = {place["id"]: place["name"] for place in few["places"]}
    listed = {}
    for document in (many, few):
        pdf = sheet_pdf(document, language="fr", kind="feuille")
        assert len(list(pages(pdf))) <= SIDES
        said = text(pdf)
        listed[id(document)] = [key for key in kept["places"][: NEAREST["feuille"]] if named[key] in said]
    assert listed[id(many)] == kept["places"][: len(listed[id(many)])] != []
    assert listed[id(few)] == kept["places"][: NEAREST["feuille"]]


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_show_the_pages_of_the_pdf(kind: str) -> None:
    """What the team looks at before it prints is what comes out of the printer."""
    made = printed(content(), language="fr", kind=kind)
    drawn = [Image.open(BytesIO(picture)).convert("L") for picture in made.pictures]
    assert len(drawn) == len(list(pages(made.pdf)))
    assert made.pdf == sheet_pdf(content(), language="fr", kind=kind)
    for page, picture in zip(pages(made.pdf), drawn, strict=True):
        # Two ways of drawing letters differ from pixel to pixel, not from place to place.
        coarse = [each.resize((40, 56), Image.Resampling.BOX) for each in (page_picture(page), picture)]
        first, second = (np.asarray(each, dtype=float).ravel() for each in coarse)
        assert np.corrcoef(first, second)[0, 1] > 0.97


def test_a_thousand_places_are_the_nearest_of_each_need_and_the_booklet_says_so() -> None:
    """A sheet is carried: it must not become a directory."""
    document = content(many=1000)
    pdf = sheet_pdf(document, language="fr", kind="livret")
    said = text(pdf)

    assert len(list(pages(pdf))) <= 8
    assert "Voici les lieux les plus proches. Il y en a d'autres." in said
    for slide in document["slides"]:
        if slide["kind"] == "need":
            named = [next(p for p in document["places"] if p["id"] == key) for key in slide["places"]]
            assert all(place["address"] in said for place in named[: NEAREST["livret"]])
            assert not [
                p
                for p in named[NEAREST["livret"] :]
                if f"{p['name']} {p['text']['fr']}" in said and len(p["needs"]) == 1
            ]


def test_a_poster_of_a_thousand_places_is_one_page_whose_map_shows_what_it_lists() -> None:
    document = content(many=1000)
    pdf = sheet_pdf(document, language="fr", kind="affiche")
    on_map, listed = raw(pdf).split("Vous êtes ici")

    assert len(list(pages(pdf))) == 1
    assert inside(pdf, "affiche")
    assert "Il y en a d'autres." in text(pdf)
    numbers = re.findall(r"^(\d+) Lieu numéro", listed, re.MULTILINE)
    assert len(numbers) >= 10
    # Numbers side by side are read as one line.
    assert set(re.findall(r"\d+", on_map)) == set(numbers)


def test_a_sensitive_need_gives_its_numbers_and_no_place() -> None:
    """A sheet lies about at home: nothing on it says that someone asked about violence."""
    said = text(sheet_pdf(content(), language="fr", kind="feuille"))

    assert "3919" in said
    assert "Être en sécurité chez soi" not in said
    assert "Accueil des femmes" not in said
    assert "rue Discrète" not in said


def test_french_on_a_sheet_of_another_language_is_marked_as_french() -> None:
    document = content("fr", "ar")
    for place in document["places"]:
        place["text"] = {"fr": "On vous écoute."}
    arabic = seen(sheet_pdf(document, language="ar", kind="feuille"))
    french = text(sheet_pdf(document, language="fr", kind="feuille"))

    assert "FR On vous écoute." in arabic
    assert "FR On vous" not in french


def test_numbers_and_hours_keep_their_order_from_right_to_left() -> None:
    """A number dialled backwards calls a stranger; hours read backwards lead to a closed door."""
    said = seen(sheet_pdf(content("ar"), language="ar", kind="feuille"))

    assert "02 48 00 00 01" in said
    # Opening hours are read from the right, as the rest of the line.
    assert "12:00–9:00" in said
    assert "9:00–12:00" not in said


@pytest.mark.parametrize("kind", KINDS)
def test_a_logo_is_printed_and_a_broken_one_is_refused(kind: str) -> None:
    document = content()
    without = sheet_pdf(document, language="fr", kind=kind)
    document["screen"]["logo"] = "data:image/png;base64," + _png()
    assert len(sheet_pdf(document, language="fr", kind=kind)) > len(without)

    document["screen"]["logo"] = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\nabc").decode()
    with pytest.raises(RefusedInput, match="Logo"):
        sheet_pdf(document, language="fr", kind=kind)


def _png() -> str:
    out = BytesIO()
    Image.effect_noise((60, 30), 80).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


@pytest.mark.parametrize("ratio", [0.2, 0.5, 3.0])
@pytest.mark.parametrize("kind", KINDS)
def test_a_map_of_any_shape_fits(kind: str, ratio: float) -> None:
    document = content()
    plan = document["map"]
    assert plan is not None
    plan["height"] = plan["width"] * ratio
    plan["here"] = (plan["width"], plan["height"])

    assert inside(sheet_pdf(document, language="fr", kind=kind), kind)


def test_a_language_or_a_kind_that_is_not_there_is_refused_in_french() -> None:
    with pytest.raises(RefusedInput, match="n'est pas en « ta »"):
        sheet_pdf(content(), language="ta", kind="feuille")
    with pytest.raises(RefusedInput, match="affiche, feuille"):
        sheet_pdf(content(), language="fr", kind="tract")


def test_a_page_maker_that_breaks_is_an_error_a_person_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library breaks with something that is not an ordinary exception: the application would end."""
    broken = type("PanicException", (BaseException,), {})

    def breaks(*_: object, **__: object) -> bytes:
        raise broken("unwrap")

    monkeypatch.setattr(typst, "compile", breaks)
    with pytest.raises(ReseauError, match="n'a pas pu être faite"):
        sheet_pdf(content(), language="fr", kind="feuille")


def test_a_person_who_stops_the_programme_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(*_: object, **__: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(sheets.typst, "compile", stops)
    with pytest.raises(KeyboardInterrupt):
        sheet_pdf(content(), language="fr", kind="feuille")
