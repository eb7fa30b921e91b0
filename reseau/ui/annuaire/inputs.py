"""Widgets of a form, one per field of a row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import streamlit as st

from reseau.ui.annuaire.directory import directory
from reseau.ui.annuaire.drafts import Draft
from reseau.ui.annuaire.labels import FIELD_LABELS

if TYPE_CHECKING:
    from reseau.services.view import View

YES_NO: dict[bool | None, str] = {None: "non renseigné", True: "oui", False: "non"}
EARLY, LATE = date(1900, 1, 1), date(2200, 12, 31)


def candidates(view: View, key: str, *, kept: Collection[int | None] = ()) -> list[int]:
    """Structures to choose from, by name, fewer once something is typed in the box this draws.

    The lists of the browser do not find «Écluse» for «ecluse»; this search does, by type and commune too.

    Args:
        kept: always among them.
    """
    text = st.text_input(
        "Raccourcir la liste des structures, puis Entrée (facultatif)",
        key=key,
        placeholder="nom, type, commune…",
        icon=":material/search:",
    )
    found = directory(view)
    keep = found.holding(text)
    return [key for key in found.labels if key in keep or key in kept]


class Inputs:
    """Draws fields of a draft and gathers what they hold in `values`."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.values: dict[str, Any] = {}

    def _set(self, name: str, value: Any) -> None:
        self.values[name] = value
        self.draft.fields.add(name)

    def _key(self, name: str) -> str:
        return f"{self.draft.prefix}{name}"

    def text(self, name: str, *, label: str = "", hint: str | None = None, limit: int = 300) -> None:
        """One line."""
        value = st.text_input(
            label or FIELD_LABELS[name],
            value=self.draft.row.get(name) or "",
            key=self._key(name),
            placeholder=hint,
            max_chars=max(limit, len(self.draft.row.get(name) or "")),
        )
        self._set(name, value.strip())

    def area(self, name: str, *, label: str = "", hint: str | None = None, height: int = 90) -> None:
        """Several lines."""
        value = st.text_area(
            label or FIELD_LABELS[name],
            value=self.draft.row.get(name) or "",
            key=self._key(name),
            placeholder=hint,
            height=height,
        )
        self._set(name, value.strip())

    def choice(self, name: str, words: Mapping[Any, str], *, label: str = "") -> None:
        """One of a short list."""
        options = list(words)
        current = self.draft.row.get(name)
        value = st.selectbox(
            label or FIELD_LABELS[name],
            options,
            index=options.index(current) if current in options else 0,
            format_func=lambda code: words[code],
            key=self._key(name),
        )
        self._set(name, value)

    def pick(
        self,
        name: str,
        options: Sequence[Any],
        words: Callable[[Any], str],
        *,
        label: str = "",
        empty: str = "",
    ) -> None:
        """One of a long list, searchable; `empty` says what nothing chosen means."""
        current = self.draft.row.get(name)
        value = st.selectbox(
            label or FIELD_LABELS[name],
            options,
            index=options.index(current) if current in options else None,
            format_func=words,
            key=self._key(name),
            placeholder=empty or "Choisir",
        )
        self._set(name, value)

    def several(self, name: str, words: Mapping[str, str], *, label: str = "") -> None:
        """Some of a list, in the order they are chosen."""
        current = [code for code in self.draft.row.get(name) or () if code in words]
        value = st.multiselect(
            label or FIELD_LABELS[name],
            list(words),
            default=current,
            format_func=lambda code: words[code],
            key=self._key(name),
            placeholder="Non renseigné",
        )
        self._set(name, value)

    def yes_no(self, name: str, *, label: str = "") -> None:
        """Yes, no or not known."""
        self.choice(name, YES_NO, label=label)

    def day(self, name: str, *, label: str = "") -> None:
        """A date, or none."""
        value = st.date_input(
            label or FIELD_LABELS[name],
            value=self.draft.row.get(name),
            key=self._key(name),
            format="DD/MM/YYYY",
            min_value=EARLY,
            max_value=LATE,
        )
        self._set(name, value)

    def degrees(self, name: str) -> None:
        """A longitude or a latitude, or none."""
        current = self.draft.row.get(name)
        value = st.number_input(
            FIELD_LABELS[name],
            value=None if current is None else float(current),
            key=self._key(name),
            format="%.6f",
            step=0.0001,
            placeholder="inconnue",
        )
        self._set(name, value)

    def amount(self, name: str, *, label: str = "", hint: str = "") -> None:
        """A number over zero, or none."""
        current = self.draft.row.get(name)
        value = st.number_input(
            label or FIELD_LABELS[name],
            value=None if current is None else float(current),
            key=self._key(name),
            min_value=0.0,
            step=1.0,
            format="%g",
            placeholder=hint,
        )
        self._set(name, value)

    def whole(self, name: str, *, label: str = "", hint: str = "", least: int = 1, most: int = 3650) -> None:
        """A whole number, or none."""
        value = st.number_input(
            label or FIELD_LABELS[name],
            value=self.draft.row.get(name),
            key=self._key(name),
            min_value=least,
            max_value=most,
            step=1,
            placeholder=hint,
        )
        self._set(name, value)

    def check(self, name: str, *, label: str = "") -> None:
        """Yes or no."""
        value = st.checkbox(
            label or FIELD_LABELS[name], value=bool(self.draft.row.get(name)), key=self._key(name)
        )
        self._set(name, value)
