"""Names of quartiers in files → ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from reseau.model.typology import normalise
from reseau.services._references import Unresolved


class QuartierIndex:
    """Finds a quartier by its code, its exact name (accents and case aside), or «code (name)».

    A name that a quartier of 2015 shares with the one that replaced it is that of today.

    Args:
        rows: stored quartiers, those put aside too.
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        every = list(rows)
        self._rows = [row for row in every if row["deleted_at"] is None]
        self._by_code = {_code(row["code"]): row["id"] for row in self._rows}
        self._by_name: dict[str, list[Mapping[str, Any]]] = {}
        for row in self._rows:
            self._by_name.setdefault(normalise(row["name"]), []).append(row)
        gone = [row for row in every if row["deleted_at"] is not None]
        self._gone = {_code(row["code"]) for row in gone} | {normalise(row["name"]) for row in gone}

    def find(self, column: str, reference: str) -> int:
        """Id of the quartier meant.

        Raises:
            Unresolved: none, or several.
        """
        codes = (_code(reference), _code(reference.partition(" (")[0]))
        for code in codes:
            if code in self._by_code:
                return int(self._by_code[code])
        named = self._by_name.get(normalise(reference), [])
        found = named if len(named) < 2 else self._present(named)
        if len(found) == 1:
            return int(found[0]["id"])
        if found:
            reason = "plusieurs quartiers portent ce nom : écrivez le code de celui que vous désignez"
        elif not self._gone.isdisjoint({*codes, normalise(reference)}):
            reason = "ce quartier a été supprimé : restaurez-le (page Données), ou retirez la ligne"
        else:
            reason = f"aucun quartier ne porte ce code ou ce nom : {self._advice(reference)}"
        raise Unresolved(column, reference, reason)

    def _present(self, rows: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        # Loads geopandas: only where two quartiers share a name.
        import pandas as pd

        from reseau.geo.correspondence import is_former

        frame = pd.DataFrame({name: [row[name] for row in self._rows] for name in ("generation", "communes")})
        former = {row["id"] for row, gone in zip(self._rows, is_former(frame).tolist(), strict=True) if gone}
        return [row for row in rows if row["id"] not in former]

    def _advice(self, reference: str) -> str:
        names = {normalise(row["name"]): str(row["name"]) for row in self._rows}
        close = get_close_matches(normalise(reference)[:100], names, n=3, cutoff=0.75)
        if close:
            return f"vouliez-vous dire {', '.join(names[name] for name in close)} ?"
        return "importez d'abord les contours des quartiers, ou corrigez le nom"


def _code(text: str) -> str:
    return text.strip().casefold()
