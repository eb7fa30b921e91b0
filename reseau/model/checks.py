"""Is this a phone, a postcode, a position…? Each answers what is wrong, in French, or an empty string."""

from __future__ import annotations

import re

EMAIL = re.compile(r"[^@\s<>\"',;]+@[^@\s<>\"',;]+\.[^@\s<>\"',;.]{2,}")
WEBSITE = re.compile(r"https?://[^\s<>\"']+\.[^\s<>\"']+", re.IGNORECASE)
PHONE = re.compile(r"(?:\+\d{6,15}|0\d{9}|\d{2,4}|1\d{3,5}|3\d{3})")
POSTCODE = re.compile(r"\d{5}")
INSEE = re.compile(r"(?:\d{5}|2[AB]\d{3})")
FINESS = re.compile(r"(?:\d{9}|2[AB]\d{7})")
TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
# Sex, year, month (with its special values), department, commune, order, optional key.
NIR = re.compile(
    r"(?<!\d)[12]\s?\d{2}\s?(?:0[1-9]|1[0-2]|[2-4]\d|[5-9]\d)\s?(?:\d{2}|2[AB])\s?\d{3}\s?\d{3}(?:\s?\d{2})?(?!\d)"
)
# A box holding mainland France and every overseas territory Réseau has a metric CRS for.
LAT_BOUNDS = (-28.0, 52.0)


def email_problem(value: str) -> str:
    """An e-mail address?"""
    return (
        ""
        if EMAIL.fullmatch(value)
        else "ce n'est pas une adresse de courriel (exemple : accueil@exemple.fr)."
    )


def website_problem(value: str) -> str:
    """A web address of the http or https kind?"""
    return "" if WEBSITE.fullmatch(value) else "l'adresse doit commencer par https:// ou http://."


def phone_problem(value: str) -> str:
    """A French number, an international one or a short one?"""
    digits = re.sub(r"[\s.\-()/]", "", value)
    return (
        "" if PHONE.fullmatch(digits) else "ce n'est pas un numéro de téléphone (exemple : 01 23 45 67 89)."
    )


def postcode_problem(value: str) -> str:
    """Five digits?"""
    return "" if POSTCODE.fullmatch(value) else "un code postal a cinq chiffres."


def insee_problem(value: str) -> str:
    """An INSEE code of a commune?"""
    return (
        "" if INSEE.fullmatch(value) else "un code commune INSEE a cinq caractères (exemple : 31555, 2A004)."
    )


def siret_problem(value: str) -> str:
    """Fourteen digits?"""
    return "" if re.fullmatch(r"\d{14}", value) else "un SIRET a quatorze chiffres."


def finess_problem(value: str) -> str:
    """A number of the national register of establishments?"""
    return "" if FINESS.fullmatch(value) else "un numéro FINESS a neuf caractères."


def time_problem(value: str) -> str:
    """Hours and minutes?"""
    return "" if TIME.fullmatch(value) else "écrivez l'heure ainsi : 09:30."


def looks_like_nir(text: str) -> bool:
    """Whether a text holds what looks like a French social-security number (NIR)."""
    return bool(NIR.search(text))


def position_problem(lon: float | None, lat: float | None) -> str:
    """A WGS84 position somewhere France is? None, None is fine: not known.

    Longitude is checked against the globe only: French territories go all the way round.
    """
    if lon is None and lat is None:
        return ""
    if lon is None or lat is None:
        return "il manque la latitude ou la longitude : donnez les deux, ou aucune."
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return "latitude et longitude sont en degrés (exemple : 43.6045 et 1.4440)."
    if lon == 0 and lat == 0:
        return "0 et 0 désignent un point dans l'océan : laissez vide si vous ne savez pas."
    if 41 <= lon <= 52 and -6 <= lat <= 10:
        return "latitude et longitude semblent échangées."
    if not LAT_BOUNDS[0] <= lat <= LAT_BOUNDS[1]:
        return "ce point n'est pas en France : vérifiez la latitude."
    return ""
