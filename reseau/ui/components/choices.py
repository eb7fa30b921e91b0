"""What several pages let choose: a section, a quartier, a type, families, languages, publics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from reseau.model.typology import FAMILIES
from reseau.model.vocabulary import LANGUAGES, PUBLICS
from reseau.ui import state, wording

if TYPE_CHECKING:
    from reseau.services.view import View


def choose_section(labels: Mapping[str, str], *, page: str) -> str:
    """The section of a page to show: the one another page asked for, else the one in hand, else the first.

    Args:
        labels: section → how it is called.
        page: start of the keys `…_section` and `…_next_section`; another page asks through the second.
    """
    key = f"{page}_section"
    if wanted := st.session_state.pop(f"{page}_next_section", None):
        st.session_state[key] = wanted
    # Not the `default` of the control: Streamlit warns when a value is also given by the session.
    st.session_state.setdefault(key, next(iter(labels)))
    st.segmented_control(
        "Section",
        list(labels),
        format_func=labels.__getitem__,
        required=True,
        label_visibility="collapsed",
        key=key,
        width="stretch",
    )
    return str(st.session_state[key])


def choose_quartier(view: View, *, key: str, label: str = "Quartier") -> None:
    """A box that changes the quartier of the shared selection."""
    names = view.quartiers["name"].sort_values()
    words = wording.unique_labels({int(row_id): str(name) for row_id, name in names.items()})

    def changed() -> None:
        state.select(view, quartier_id=st.session_state[key])

    st.session_state[key] = state.selection(view).quartier_id
    _box(label, words, placeholder="Tous les quartiers", key=key, on_change=changed)


def choose_type(view: View, *, key: str) -> None:
    """A box that changes the type of the shared selection: types present, or expected."""
    present = {code for codes in view.structures["types"].unique() for code in codes}
    wanted = present | set(view.expected_types) | {state.selection(view).type_code}
    words = {item.code: item.full_label for item in view.typology if item.code in wanted}

    def changed() -> None:
        state.select(view, type_code=st.session_state[key])

    st.session_state[key] = state.selection(view).type_code
    _box("Type", words, placeholder="Tous les types", key=key, on_change=changed)


def choose_families(*, key: str) -> list[str]:
    """Families to keep, none for all."""
    labels = {code: family.label for code, family in FAMILIES.items()}
    return _several("Familles", labels, key=key, placeholder="Toutes")


def choose_languages(*, key: str) -> list[str]:
    """Languages spoken there, none for any."""
    return _several("Langues parlées", LANGUAGES, key=key, placeholder="Toutes")


def choose_publics(*, key: str) -> list[str]:
    """Publics received, none for any; places open to everybody answer all of them."""
    labels = {code: label for code, label in PUBLICS.items() if code != "tous"}
    return _several("Publics reçus (ou tout public)", labels, key=key, placeholder="Tous")


def _several(label: str, words: Mapping[str, str], **options: Any) -> list[str]:
    return st.multiselect(label, list(words), format_func=lambda code: words[code], **options)


def _box(label: str, words: dict[Any, str], **options: Any) -> None:
    st.selectbox(label, list(words), index=None, format_func=lambda code: words[code], **options)
