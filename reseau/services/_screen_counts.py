"""Accepted opinions of residents as expressed needs: one count per quartier, theme and month.

By month, dated its first day: a count of one on a known day would almost be a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """What is to be added to the expressed needs of a territory, or taken back; written all at once.

    Attributes:
        steps: by (code of the quartier, theme, month).
    """

    steps: Counter[tuple[str, str, date]] = field(default_factory=Counter)

    def add(self, row: Mapping[str, Any]) -> None:
        """Count one participation where its `counted_in` says; nothing when it says nowhere."""
        self._step(row, +1)

    def take_back(self, row: Mapping[str, Any]) -> None:
        """Count one participation no more."""
        self._step(row, -1)

    def _step(self, row: Mapping[str, Any], step: int) -> None:
        if row["counted_in"] and row["need"] in THEME_OF_NEED:
            self.steps[row["counted_in"], THEME_OF_NEED[row["need"]], row["on"].replace(day=1)] += step

    def write(self, connection: Connection, territoire_id: int) -> None:
        """Write every step, inside a transaction that is open. A quartier that is gone counts nothing."""
        if not any(self.steps.values()):
            return
        quartiers = repository.rows_of(connection, "quartiers", territoire_id)
        ids = {row["code"]: row["id"] for row in quartiers}
        known = {
            (row["quartier_id"], row["theme"], row["on"]): row
            for row in repository.rows_of(connection, "besoins", territoire_id)
            if normalise(row["collected"]) == normalise(COLLECTED)
        }
        for (code, theme, month), step in self.steps.items():
            if not step or code not in ids:
                continue
            if (row := known.get((ids[code], theme, month))) is not None:
                _change(connection, row, step)
            elif step > 0:
                values = {"quartier_id": ids[code], "theme": theme, "count": step, "on": month}
                about = {"territoire_id": territoire_id, "collected": COLLECTED, "source": SOURCE}
                repository.insert_row(connection, "besoins", {**values, **about, "note": ""})


def _change(connection: Connection, row: Mapping[str, Any], step: int) -> None:
    """A count grows or shrinks; one that nobody worked on goes when nothing is left of it."""
    count = max(0, row["count"] + step)
    repository.update_row(connection, "besoins", row["id"], {"count": count}, by_person=False)
    # Zero would say that residents were asked and wanted none.
    if not count and row["source"] == SOURCE and not row["overrides"]:
        repository.delete_row(connection, "besoins", row["id"])
        repository.purge_row(connection, "besoins", row["id"])
