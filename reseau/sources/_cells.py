"""Text of one cell to a checked value. Each reader raises `CellError` with a reason in French.

A reader is given text that is already clean and not empty.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from urllib.parse import urlsplit

from reseau.model.typology import normalise

MAX_CELL = 5_000
MAX_NAME = 300
MAX_CAPACITY = 100_000
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
_SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s<>()\[\]\"',;:\\]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}")
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}(?::[0-9]{1,5})?(?:[/?#].*)?")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?|[+-]?\.[0-9]+")
_TIME = re.compile(r"([0-9]{1,2})\s*(?:h|:)\s*([0-9]{2})?(?::[0-9]{2}|\s*(?:mn|min))?", re.IGNORECASE)
_MONTHS = {
    name: number
    for number, name in enumerate(
        (
            "janvier",
            "fevrier",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "aout",
            "septembre",
            "octobre",
            "novembre",
            "decembre",
        ),
        start=1,
    )
}
_YES = frozenset({"oui", "o", "x", "vrai", "1", "true", "yes", "y", "ok"})
_NO = frozenset({"non", "n", "faux", "0", "false", "no"})
_UNKNOWN = frozenset({"inconnu", "inconnue", "non renseigne", "nsp", "ne sait pas", "nc", "a verifier", ""})
FLAG_WORDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "free": (frozenset({"gratuit", "gratuite"}), frozenset({"payant", "payante"})),
    "no_appointment": (
        frozenset({"sans rendez vous", "sans rdv", "libre", "acces libre"}),
        frozenset({"sur rendez vous", "sur rdv", "avec rendez vous", "rdv"}),
    ),
    "accessible": (frozenset({"accessible", "pmr"}), frozenset({"non accessible", "inaccessible"})),
    "closed": (frozenset({"fermee", "ferme"}), frozenset({"ouverte", "ouvert"})),
    "confirmed": (frozenset({"confirmee", "confirme"}), frozenset({"non confirmee"})),
}


class CellError(ValueError):
    """The value of one cell cannot be taken; the message says why and what to do."""


def _refuse_scientific(text: str) -> None:
    if _SCIENTIFIC.fullmatch(text.replace(" ", "")):
        raise CellError(
            "nombre abîmé par le tableur (écriture scientifique, des chiffres sont perdus). Mettez la "
            "colonne au format « Texte », puis saisissez de nouveau le numéro."
        )


def read_flag(text: str, field: str = "") -> bool | None:
    """Yes or no in French, or in the words of the field; None for «inconnu» and the like."""
    key = normalise(text)
    yes, no = FLAG_WORDS.get(field, (frozenset(), frozenset()))
    if key in _YES or key in yes:
        return True
    if key in _NO or key in no:
        return False
    if key in _UNKNOWN:
        return None
    raise CellError("réponse non comprise. Écrivez « oui », « non », ou laissez vide si vous ne savez pas.")


def read_date(text: str) -> date:
    """A day written AAAA-MM-JJ, JJ/MM/AAAA or «4 mars 2025»; a time after an ISO day is dropped."""
    parts = _date_parts(text)
    try:
        day = date(*parts) if parts else None
    except ValueError:
        day = None
    if day is None:
        raise CellError("date non comprise. Écrivez-la AAAA-MM-JJ ou JJ/MM/AAAA, par exemple 2026-03-04.")
    if not EARLIEST <= day <= LATEST:
        raise CellError("date hors de l'ordinaire : vérifiez l'année.")
    return day


def _date_parts(text: str) -> tuple[int, int, int] | None:
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9]{1,2}:[0-9]{2}.*)?", text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := re.fullmatch(r"([0-9]{1,2})\s?[/.\-]\s?([0-9]{1,2})\s?[/.\-]\s?([0-9]{4})", text):
        return int(found[3]), int(found[2]), int(found[1])
    words = normalise(text).split()
    if len(words) == 4:
        words = words[1:]
    if len(words) == 3 and words[1] in _MONTHS and words[2].isdigit():
        day = re.fullmatch(r"([0-9]{1,2})(?:er)?", words[0])
        return (int(words[2]), _MONTHS[words[1]], int(day[1])) if day else None
    return None


def read_time(text: str) -> str:
    """A time of day as HH:MM from «9h», «9h30», «09:30»."""
    found = _TIME.fullmatch(text)
    if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
        return f"{int(found[1]):02d}:{int(found[2] or 0):02d}"
    try:
        return datetime.fromisoformat(text).strftime("%H:%M")
    except ValueError:
        raise CellError("heure non comprise. Écrivez-la comme 9h30 ou 09:30.") from None


def read_postcode(text: str) -> str:
    """Five digits; «31 000» and a lost leading zero (see `lost_zero`) are understood."""
    _refuse_scientific(text)
    code = text.replace(" ", "")
    if not re.fullmatch(r"[0-9]{5}", code) or code.startswith("00"):
        raise CellError("un code postal a cinq chiffres, par exemple 31100.")
    return code


def read_insee(text: str) -> str:
    """INSEE code of a commune: five characters, `2A`/`2B` in Corsica."""
    _refuse_scientific(text)
    code = text.replace(" ", "").upper()
    if not re.fullmatch(r"(?:[0-9]{2}|2[AB])[0-9]{3}", code) or code.startswith("00"):
        raise CellError(
            "un code INSEE de commune a cinq caractères, par exemple 31555 ou 2A004 "
            "(ce n'est pas le code postal)."
        )
    return code


def read_siret(text: str) -> str:
    """Fourteen digits."""
    _refuse_scientific(text)
    code = re.sub(r"[\s.]", "", text)
    if not re.fullmatch(r"[0-9]{14}", code):
        raise CellError("un numéro SIRET a quatorze chiffres.")
    return code


def read_uai(text: str) -> str:
    """Seven digits and a letter."""
    code = re.sub(r"[\s.]", "", text).upper()
    if not re.fullmatch(r"[0-9]{7}[A-Z]", code):
        raise CellError("un numéro UAI a sept chiffres et une lettre, par exemple 0310001A.")
    return code


def read_days(text: str) -> int:
    """A number of days, from 1 to 3650."""
    found = re.fullmatch(r"([0-9]{1,4})(?:\s*j(?:ours?)?)?", text.strip())
    if not found or not 1 <= int(found[1]) <= 3650:
        raise CellError("un nombre de jours est attendu, de 1 à 3650, par exemple 180.")
    return int(found[1])


def read_finess(text: str) -> str:
    """Nine characters: department then digits (`2A`, `9C` are departments too)."""
    _refuse_scientific(text)
    code = re.sub(r"[\s.]", "", text).upper()
    if not re.fullmatch(r"[0-9][0-9A-F][0-9]{7}", code):
        raise CellError("un numéro FINESS a neuf caractères, par exemple 310012345.")
    return code


def lost_zero(text: str, field: str) -> str | None:
    """The text with the leading zero a spreadsheet ate, or None when nothing says one was lost.

    Four digits for a postcode or an INSEE code, eight for a FINESS number, nine (not starting with 0) for a
    telephone: each has one reading only.
    """
    length = {"postcode": 4, "insee": 4, "finess": 8, "phone": 9}.get(field)
    return (
        f"0{text}" if length == len(text) and text.isascii() and text.isdecimal() and text[0] != "0" else None
    )


def read_phone(text: str) -> str:
    """French numbers as «01 23 45 67 89», short ones as they are, foreign ones as «+32…»; several: « / »."""
    _refuse_scientific(text)
    whole = _one_phone(text)
    if whole:
        return whole
    parts = [part for part in re.split(r"[/;|,\n]|\bou\b|\bet\b", text) if part.strip()]
    numbers = [_one_phone(part) for part in parts]
    if parts and all(numbers):
        return " / ".join(dict.fromkeys(number for number in numbers if number))
    raise CellError("numéro de téléphone non compris. Écrivez-le comme 05 61 00 00 00 ou +33 5 61 00 00 00.")


def _one_phone(text: str) -> str | None:
    digits = re.sub(r"[\s.\-/()]", "", re.sub(r"\(0\)", "", text))
    digits = re.sub(r"^(?:\+33|0033)0?(?=[1-9][0-9]{8}$)", "0", digits)
    digits = re.sub(r"^00(?=[1-9])", "+", digits)
    if re.fullmatch(r"0[1-9][0-9]{8}", digits):
        return " ".join(digits[i : i + 2] for i in range(0, 10, 2))
    # Emergency and social short numbers: 15, 115, 3919, 116 006.
    if re.fullmatch(r"1[578]|11[0-9]|119|196|3[0-9]{3}|1[0-9]{3}|116[0-9]{3}|118[0-9]{3}", digits):
        return digits
    return digits if re.fullmatch(r"\+(?!33)[1-9][0-9]{6,14}", digits) else None


def read_email(text: str) -> str:
    """One e-mail address, its domain in lower case."""
    address = re.sub(r"^mailto:", "", text, flags=re.IGNORECASE).strip()
    if not _EMAIL.fullmatch(address):
        raise CellError("adresse de courriel non comprise. Une seule par cellule, comme accueil@exemple.fr.")
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


def read_website(text: str) -> str:
    """An http or https address; `https://` is put before a bare domain."""
    address = f"https://{text}" if _DOMAIN.fullmatch(text) else text
    try:
        parts = urlsplit(address)
        good = parts.scheme.lower() in {"http", "https"} and _DOMAIN.fullmatch(parts.netloc) is not None
    except ValueError:
        good = False
    if not good or re.search(r"[\s<>\"'`\\{}]", address):
        raise CellError(
            "adresse de site non comprise. Elle commence par https://, comme https://www.exemple.fr."
        )
    return address


def read_number(text: str) -> float:
    """A decimal number with a point or a comma."""
    bare = text.replace(" ", "").replace("°", "").replace("−", "-").replace(",", ".")
    if not _NUMBER.fullmatch(bare) or len(bare) > 40:
        raise CellError("nombre non compris. Écrivez-le comme 43,6045.")
    return float(bare)


def read_count(text: str) -> int:
    """A whole number, zero or more."""
    bare = re.sub(r"[.,]0+$", "", text.replace(" ", ""))
    if not re.fullmatch(r"[0-9]{1,7}", bare):
        raise CellError("un nombre entier est attendu, zéro ou plus ; laissez vide si vous ne savez pas.")
    return int(bare)


def read_capacity(text: str) -> float:
    """How much a place can take: a number over zero."""
    number = read_number(text)
    if not 0 < number <= MAX_CAPACITY:
        raise CellError("une capacité va de plus de 0 à 100 000 ; laissez vide si vous ne savez pas.")
    return number


def read_quartier_code(text: str) -> str:
    """Code of a quartier: QN… (2024), QP… (2015) or QV-… (quartier vécu)."""
    if re.fullmatch(r"Q[NP][0-9A-Z]{6}", text, re.IGNORECASE):
        return text.upper()
    if re.fullmatch(r"QV-[\w-]{1,100}", text, re.IGNORECASE):
        return f"QV-{text[3:]}"
    raise CellError(
        f"« {text[:60]} » n'est pas un code de quartier. Écrivez le code officiel (QN03101M) ou celui du "
        "quartier vécu (QV-…), plusieurs codes séparés par « | »."
    )
