"""Territories and their settings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reseau.errors import NotFound, RefusedInput
from reseau.model.expectations import starting_setting
from reseau.model.indicators import social_indicators
from reseau.model.records import Territoire, TypeSetting
from reseau.model.typology import GAMME_LABELS
from reseau.services._checks import text_problem
from reseau.services.app import App
from reseau.store import expectations as versions
from reseau.store import territoires as repository
from reseau.store.rows import rows_of

MAX_NAME = 200
FORMER_NOTE = "Choix faits avant que l'historique soit gardé."
INSEE = re.compile(r"(?:\d{5}|2[AB]\d{3})")
QPV = re.compile(r"Q[NP][0-9A-Z]{4,8}")
BOUNDS = {
    "radius_km": (0.1, 200.0, "Le rayon"),
    "minutes_proximite": (1, 180, "Le seuil de proximité"),
    "minutes_intermediaire": (1, 180, "Le seuil intermédiaire"),
    "near_share": (0.01, 1.0, "La part d'habitants"),
    "walking_kmh": (1.0, 8.0, "La vitesse de marche"),
    "detour_factor": (1.0, 3.0, "Le facteur de détour"),
    "review_days": (1, 3650, "La période de vérification (en jours)"),
    "weight": (0.1, 10.0, "Le poids d'un type"),
    "from_inhabitants": (0, 1_000_000, "Le nombre d'habitants à partir duquel un type est attendu"),
    "weight_to_link": (0.0, 1.0, "La part des habitants proches d'un lieu à relier"),
    "weight_needs": (0.0, 5.0, "Le poids des demandes"),
}


@dataclass(frozen=True, slots=True)
class NamedTerritoire:
    """A territory with its database id."""

    id: int
    record: Territoire


def tidy_name(text: str) -> str:
    """A name on one line, accents in one piece, without characters that cannot be seen.

    Two terminals may write «É» in two ways, and what is not seen could not be typed again.
    """
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(char for char in composed if char.isprintable())


def parse_communes(text: str) -> tuple[str, ...]:
    """INSEE codes out of what a person typed, separated by commas, semicolons or spaces.

    Raises:
        RefusedInput: something is not an INSEE code.
    """
    codes = [piece.upper() for piece in re.split(r"[\s,;]+", text.strip()) if piece]
    for code in codes:
        if not INSEE.fullmatch(code):
            raise RefusedInput(
                f"« {code} » n'est pas un code commune INSEE (cinq caractères, par exemple 31555 pour "
                "Toulouse ; ce n'est pas le code postal)."
            )
    return tuple(dict.fromkeys(codes))


def parse_qpv(text: str) -> tuple[str, ...]:
    """Codes of quartiers prioritaires out of what a person typed, separated as communes are.

    Raises:
        RefusedInput: something is not such a code.
    """
    codes = [piece.upper() for piece in re.split(r"[\s,;]+", text.strip()) if piece]
    for code in codes:
        if not QPV.fullmatch(code):
            raise RefusedInput(
                f"« {code} » n'est pas un code de quartier prioritaire (QN03101M en 2024, QP031001 en 2015)."
            )
    return tuple(dict.fromkeys(codes))


def create_territoire(
    app: App,
    name: str,
    *,
    communes: Iterable[str] = (),
    qpv_codes: Iterable[str] = (),
    radius_km: float | None = None,
    fictional: bool = False,
) -> NamedTerritoire:
    """Create a territory. With quartiers and no commune, theirs come with their file (`adopt_communes`).

    Raises:
        RefusedInput: no name, a name already taken, a wrong INSEE code, quartier code or radius.
    """
    name = tidy_name(name)
    if not name or len(name) > MAX_NAME:
        raise RefusedInput(f"Donnez un nom au territoire ({MAX_NAME} caractères au plus).")
    codes = parse_communes(" ".join(communes))
    _check_bounds({"radius_km": radius_km})
    record = Territoire(
        name=name,
        communes=codes,
        qpv_codes=parse_qpv(" ".join(qpv_codes)),
        radius_km=radius_km,
        fictional=fictional,
    )
    with app.store.write() as connection:
        return NamedTerritoire(repository.insert_territoire(connection, record), record)


def list_territoires(app: App) -> list[NamedTerritoire]:
    """Every territory, oldest first."""
    with app.store.read() as connection:
        return [NamedTerritoire(*item) for item in repository.list_territoires(connection)]


def find_territoire(app: App, name: str | None = None) -> NamedTerritoire:
    """The territory of that name; without a name the only one, or the last one made.

    Raises:
        NotFound: there is none.
    """
    known = list_territoires(app)
    if not known:
        raise NotFound(
            "Aucun territoire n'existe encore. Créez-en un : "
            "python -m reseau territoire creer NOM --communes COMMUNE"
        )
    if name is None:
        return known[-1]
    wanted = tidy_name(name)
    for item in known:
        if wanted in {item.record.name, tidy_name(item.record.name)}:
            return item
    names = ", ".join(f"« {item.record.name} »" for item in known)
    raise NotFound(f"Aucun territoire ne s'appelle « {name} ». Territoires connus : {names}.")


def update_territoire(app: App, territoire_id: int, **changes: Any) -> None:
    """Change settings (fields of `Territoire`), all or none.

    Raises:
        RefusedInput: a value outside its bounds, a wrong INSEE code, a name taken or empty.
    """
    if "name" in changes:
        changes["name"] = tidy_name(str(changes["name"]))
        if not changes["name"] or len(changes["name"]) > MAX_NAME:
            raise RefusedInput(f"Donnez un nom au territoire ({MAX_NAME} caractères au plus).")
    if "communes" in changes:
        changes["communes"] = parse_communes(" ".join(changes["communes"]))
    if "qpv_codes" in changes:
        changes["qpv_codes"] = parse_qpv(" ".join(changes["qpv_codes"]))
    _check_bounds(changes)
    if changes.get("social_indicator", "") not in {"", *social_indicators()}:
        listed = ", ".join(item.label.lower() for item in social_indicators().values())
        raise RefusedInput(f"Ce chiffre ne sert pas d'indice social. Chiffres possibles : {listed}.")
    with app.store.write() as connection:
        current = repository.get_territoire(connection, territoire_id)
        near = changes.get("minutes_proximite", current.minutes_proximite)
        far = changes.get("minutes_intermediaire", current.minutes_intermediaire)
        if near > far:
            raise RefusedInput("Le seuil intermédiaire doit être au moins égal au seuil de proximité.")
        repository.update_territoire(connection, territoire_id, changes)
        repository.touch(connection, territoire_id)


def adopt_communes(app: App, territoire_id: int) -> tuple[str, ...]:
    """Give a territory named by its quartiers alone the communes of those that are stored, and return them.

    Does nothing where communes were chosen, or where no quartier is named.
    """
    with app.store.write() as connection:
        record = repository.get_territoire(connection, territoire_id)
        if record.communes or not record.qpv_codes:
            return ()
        rows = rows_of(connection, "quartiers", territoire_id)
        found = sorted({code for row in rows if row["code"] in record.qpv_codes for code in row["communes"]})
        if found:
            repository.update_territoire(connection, territoire_id, {"communes": found})
            repository.touch(connection, territoire_id)
    return tuple(found)


def effective_types(app: App, territoire_id: int) -> list[TypeSetting]:
    """What the territory expects of every type: its own setting, else that of the reference."""
    with app.store.read() as connection:
        own = repository.get_type_settings(connection, territoire_id)
    return _whole(app, own)


def set_types(
    app: App, territoire_id: int, settings: Iterable[TypeSetting], *, author: str = "", note: str = ""
) -> int | None:
    """Replace the territory's settings of types, and keep the whole set as a new version.

    What equals the reference (typology and `reseau.model.expectations`) is not stored. A set that changes
    nothing makes no version.

    Args:
        settings: those of some types; the others go back to the reference.
        author, note: who and why, as the person wrote them.

    Returns:
        Number of the version, None where nothing changed.

    Raises:
        RefusedInput: an unknown type or gamme, a weight, size or period outside its bounds, a text too long
            or that looks like a patient's number.
    """
    own = {}
    for setting in settings:
        _check_setting(app, setting)
        if setting != starting_setting(app.typology[setting.type_code]):
            own[setting.type_code] = setting
    author, note = " ".join(author.split()), " ".join(note.split())
    problems = [text for text in (text_problem("author", author), text_problem("note", note)) if text]
    if problems:
        raise RefusedInput("\n".join(problems))
    with app.store.write() as connection:
        before = repository.get_type_settings(connection, territoire_id)
        if _whole(app, before) == _whole(app, own):
            return None
        if before and versions.last_version(connection, territoire_id) is None:
            # Chosen before versions were kept: without this one, it could not be gone back to.
            versions.add_version(connection, territoire_id, _whole(app, before), note=FORMER_NOTE)
        repository.set_type_settings(connection, territoire_id, own.values())
        number = versions.add_version(connection, territoire_id, _whole(app, own), author=author, note=note)
        repository.touch(connection, territoire_id)
    return number


def _whole(app: App, own: Mapping[str, TypeSetting]) -> list[TypeSetting]:
    return [own.get(item.code) or starting_setting(item) for item in app.typology]


def _check_setting(app: App, setting: TypeSetting) -> None:
    if setting.type_code not in app.typology or setting.gamme not in GAMME_LABELS:
        raise RefusedInput(f"Type ou gamme inconnus : {setting.type_code}, {setting.gamme}.")
    chosen = {name: getattr(setting, name) for name in ("review_days", "weight", "from_inhabitants")}
    try:
        _check_bounds(chosen)
    except RefusedInput as error:
        raise RefusedInput(f"{app.typology[setting.type_code].short_label} : {error}") from None


def _check_bounds(changes: dict[str, Any]) -> None:
    for field, (low, high, label) in BOUNDS.items():
        value = changes.get(field)
        if value is not None and not low <= value <= high:
            said = f"{label} doit être compris entre {low:g} et {high:g} (reçu : {value:g})."
            raise RefusedInput(re.sub(r"(?<=\d)\.(?=\d)", ",", said))
