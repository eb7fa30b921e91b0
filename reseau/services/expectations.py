"""Versions of what a territory expects: what was saved, what changed, going back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from reseau.model.expectations import START_LABEL, starting_setting
from reseau.model.french import written_day
from reseau.model.records import TypeSetting
from reseau.model.typology import GAMME_LABELS
from reseau.services.app import App
from reseau.services.clock import local_time
from reseau.services.territoires import set_types
from reseau.store import expectations as repository
from reseau.store import territoires

if TYPE_CHECKING:
    from sqlalchemy import Connection

START = 0
"""Number under which the starting reference is compared and gone back to."""
FORMER_LABEL = "réglages du territoire, d'avant l'historique"
FIELDS = {
    "expected": "attendu",
    "gamme": "à quelle distance",
    "weight": "poids",
    "from_inhabitants": "à partir de (habitants)",
    "review_days": "à revoir tous les (jours)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One saved set of expected types.

    Attributes:
        at: when it was saved, on the clocks of the territory.
        settings: by type code.
    """

    number: int
    at: datetime
    author: str
    note: str
    settings: Mapping[str, TypeSetting]

    @property
    def label(self) -> str:
        """«référence v3 du 12 novembre 2026»."""
        return version_label(self.number, self.at.date())


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of one type that two sets do not say alike; `before`, `after` in French."""

    type_code: str
    field: str
    before: str
    after: str


def list_versions(app: App, territoire_id: int) -> list[Version]:
    """Sets saved in a territory, latest first; the first of the list is the one in use."""
    with app.store.read() as connection:
        communes = territoires.get_territoire(connection, territoire_id).communes
        stored = repository.list_versions(connection, territoire_id)
    return [
        Version(
            number=item.number,
            at=local_time(item.at, communes),
            author=item.author,
            note=item.note,
            settings={setting.type_code: setting for setting in item.settings},
        )
        for item in stored
    ]


def settings_of(app: App, territoire_id: int, number: int) -> list[TypeSetting]:
    """What a version expects of every type of today's typology.

    A type that came later has what the reference says of it.

    Args:
        number: of the version, `START` for the starting reference.

    Raises:
        NotFound: no such version.
    """
    kept: dict[str, TypeSetting] = {}
    if number != START:
        with app.store.read() as connection:
            stored = repository.get_version(connection, territoire_id, number)
        kept = {item.type_code: item for item in stored.settings}
    return [kept.get(item.code) or starting_setting(item) for item in app.typology]


def compare_versions(app: App, territoire_id: int, before: int, after: int) -> list[Change]:
    """What changed from one version to another, type by type in the order of the typology.

    Raises:
        NotFound: no such version.
    """
    return changes_between(settings_of(app, territoire_id, before), settings_of(app, territoire_id, after))


def changes_between(before: Iterable[TypeSetting], after: Iterable[TypeSetting]) -> list[Change]:
    """Fields that differ between two sets of the same types."""
    former = {item.type_code: item for item in before}
    return [
        Change(
            type_code=item.type_code,
            field=FIELDS[name],
            before=_said(name, getattr(former[item.type_code], name)),
            after=_said(name, getattr(item, name)),
        )
        for item in after
        if item.type_code in former
        for name in FIELDS
        if getattr(former[item.type_code], name) != getattr(item, name)
    ]


def restore_version(app: App, territoire_id: int, number: int, *, author: str = "") -> int | None:
    """Go back to a version, or to the starting reference (`START`): it becomes a new version.

    Returns:
        Number of the new version, None where it is what is in use already.

    Raises:
        NotFound: no such version.
    """
    note = f"Retour à la {START_LABEL}." if number == START else f"Retour à la version {number}."
    settings = settings_of(app, territoire_id, number)
    return set_types(app, territoire_id, settings, author=author, note=note)


def reference_label(app: App, territoire_id: int) -> str:
    """What figures say they were made with: «référence v3 du 12 novembre 2026», «référence de départ»."""
    with app.store.read() as connection:
        return label_in_use(connection, territoire_id)


def label_in_use(connection: Connection, territoire_id: int) -> str:
    """`reference_label` where a connection is open."""
    last = repository.last_version(connection, territoire_id)
    if last is None:
        return FORMER_LABEL if territoires.get_type_settings(connection, territoire_id) else START_LABEL
    communes = territoires.get_territoire(connection, territoire_id).communes
    return version_label(last[0], local_time(last[1], communes).date())


def version_label(number: int, on: date) -> str:
    """«référence v3 du 12 novembre 2026»."""
    return f"référence v{number} du {written_day(on)}"


def _said(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if value is None:
        return "période habituelle"
    return GAMME_LABELS[value] if name == "gamme" else f"{value:g}".replace(".", ",")
