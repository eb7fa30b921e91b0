"""How other records are named in a file."""

from __future__ import annotations

from collections import Counter
from typing import Any

from reseau.exports._base import ExportBundle
from reseau.exports._cells import plain


class References:
    """Names of structures and types that an import recognises."""

    def __init__(self, bundle: ExportBundle) -> None:
        frame = bundle.structures
        self._typology = bundle.typology
        self._uids = dict(zip(frame.index.tolist(), frame["uid"].tolist(), strict=True))
        self._shared = {name for name, count in Counter(frame["name"].tolist()).items() if count > 1}

    def name(self, structure_id: Any, name: Any, *, separators: str = "|\n") -> str | None:
        """Exact name, or the uid where the name would not lead back to this one structure alone.

        Args:
            separators: characters that end a name in the cell it is written to.
        """
        known = plain(name)
        if not isinstance(known, str):
            return None
        unclear = name in self._shared or known != name or not set(separators).isdisjoint(known)
        uid = self._uids.get(plain(structure_id))
        return str(uid) if unclear and uid else known

    def type_label(self, code: str) -> str:
        """Label of a type where it is recognised as that type, else the code."""
        if code not in self._typology:
            return code
        label = self._typology[code].label
        return label if self._typology.recognise_all(label) == ((code,), ()) and "|" not in label else code
