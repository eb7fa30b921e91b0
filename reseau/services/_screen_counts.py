"""Accepted opinions of residents as expressed needs: one count per quartier, theme and month.

By month, dated its first day: a count of one on a known day would almost be a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from reseau.model.typology import normalise
from reseau.store import rows as repository

if TYPE_CHECKING:
    from sqlalchemy import Connection

COLLECTED = "écran"
SOURCE = "ecran"
THEME_OF_NEED = {
    "soigner": "soins",
    "parler": "sante_mentale",
    "droits": "droits",
    "manger": "alimentation",
    "enfants": "enfance",
    "jeunes": "jeunesse",
    "arreter": "addictions",
    "securite": "violences",
    "sexualite": "soins",
    "loger": "logement",
    "francais": "langue",
    "bouger": "lien_social",
    "rencontrer": "lien_social",
    "emploi": "jeunesse",
    "vieillir": "vieillesse",
}
"""Theme (key of `THEMES`) that counts a need of the screens: told in `docs/ecrans.md`."""


@dataclass(slots=True)
class Counting:
    """Adds to the expressed needs of a territory, and takes back, inside a transaction that is open."""

    connection: Connection
    territoire_id: int

    def add(self, row: Mapping[str, Any]) -> None:
        """Count one participation where its `counted_in` says; nothing when it says nowhere."""
        quartier_id = self._quartier_id(row["counted_in"])
        theme = THEME_OF_NEED.get(row["need"])
        if quartier_id is None or theme is None:
            return
        known = self._count(quartier_id, theme, row["on"])
        if known is not None:
            self._change(known, +1)
            return
        values = {
            "territoire_id": self.territoire_id,
            "quartier_id": quartier_id,
            "theme": theme,
            "count": 1,
            "on": _month(row["on"]),
            "collected": COLLECTED,
            "note": "",
            "source": SOURCE,
        }
        repository.insert_row(self.connection, "besoins", values)

    def take_back(self, row: Mapping[str, Any]) -> None:
        """Count one participation no more; a count nobody worked on goes when nothing is left of it."""
        quartier_id = self._quartier_id(row["counted_in"])
        theme = THEME_OF_NEED.get(row["need"])
        if quartier_id is None or theme is None:
            return
        known = self._count(quartier_id, theme, row["on"])
        if known is not None and known["count"] > 0:
            self._change(known, -1)

    def _quartier_id(self, code: str) -> int | None:
        rows = repository.rows_of(self.connection, "quartiers", self.territoire_id)
        return next((row["id"] for row in rows if code and row["code"] == code), None)

    def _count(self, quartier_id: int, theme: str, on: date) -> dict[str, Any] | None:
        key = (quartier_id, theme, _month(on), normalise(COLLECTED))
        rows = repository.rows_of(self.connection, "besoins", self.territoire_id)
        found = (
            row
            for row in rows
            if (row["quartier_id"], row["theme"], row["on"], normalise(row["collected"])) == key
        )
        return next(found, None)

    def _change(self, row: Mapping[str, Any], step: int) -> None:
        """One more, or one less."""
        count = row["count"] + step
        repository.update_row(self.connection, "besoins", row["id"], {"count": count}, by_person=False)
        # Zero would say that residents were asked and wanted none.
        if not count and row["source"] == SOURCE and not row["overrides"]:
            repository.delete_row(self.connection, "besoins", row["id"])
            repository.purge_row(self.connection, "besoins", row["id"])


def _month(on: date) -> date:
    return on.replace(day=1)
