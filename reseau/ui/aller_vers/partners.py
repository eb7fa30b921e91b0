"""Partners of an action and their roles, in the order the team wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.model.vocabulary import PARTNER_ROLES
from reseau.ui import wording
from reseau.ui.aller_vers.words import short

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reseau.ui.aller_vers.drafts import Draft

DEFAULT_ROLE = "coanime"
N_SUGGESTED = 4


def partners_editor(draft: Draft, names: Mapping[int, str]) -> None:
    """Rows of partners, then one to add, then who could take part.

    Args:
        names: label of every structure that can be chosen, by id.
    """
    st.markdown("**Partenaires et rôles**")
    if not draft.partners:
        st.caption("Personne pour l'instant.")
    for rank, (structure_id, role) in enumerate(list(draft.partners)):
        label, roles, up, out = st.columns([44, 40, 8, 8], vertical_alignment="center", gap="xsmall")
        label.text(names.get(structure_id, "structure à la corbeille"))
        key = draft.key(f"role_{structure_id}")
        st.session_state.setdefault(key, role)
        chosen = roles.selectbox(
            "Rôle",
            list(PARTNER_ROLES),
            format_func=PARTNER_ROLES.__getitem__,
            key=key,
            label_visibility="collapsed",
        )
        draft.partners[rank] = (structure_id, chosen)
        up.button(
            "↑",
            help="Monter",
            key=f"avb-{draft.key(f'up_{structure_id}')}",
            disabled=rank == 0,
            on_click=_raise,
            args=(draft, structure_id),
            width="stretch",
        )
        out.button(
            "✕",
            help="Retirer",
            key=f"avb-{draft.key(f'out_{structure_id}')}",
            on_click=_remove,
            args=(draft, structure_id),
            width="stretch",
        )
    _adding(draft, names)


def _adding(draft: Draft, names: Mapping[int, str]) -> None:
    present = {structure_id for structure_id, _ in draft.partners}
    free = [structure_id for structure_id in names if structure_id not in present]
    choice, roles, add = st.columns([44, 36, 20], vertical_alignment="bottom", gap="xsmall")
    choice_key, role_key = draft.key("add_partner"), draft.key("add_role")
    if st.session_state.get(choice_key) not in free:
        st.session_state[choice_key] = None
    structure_id = choice.selectbox(
        "Ajouter une structure",
        free,
        index=None,
        format_func=names.__getitem__,
        key=choice_key,
        placeholder="Chercher par nom",
    )
    st.session_state.setdefault(role_key, DEFAULT_ROLE)
    role = roles.selectbox("Rôle", list(PARTNER_ROLES), format_func=PARTNER_ROLES.__getitem__, key=role_key)
    add.button(
        "Ajouter",
        key=draft.key("add"),
        disabled=structure_id is None,
        on_click=_add,
        args=(draft, structure_id, role),
        width="stretch",
    )
    waiting = [item for item in draft.helpers if item.structure_id not in present][:N_SUGGESTED]
    if waiting:
        st.caption("Ils pourraient en être :")
    for item in waiting:
        st.button(
            f"{wording.markdown_text(short(item.name))} — {wording.markdown_text(item.reason)}",
            icon=":material/add:",
            type="tertiary",
            key=f"avs-{draft.key(f'helper_{item.structure_id}')}",
            on_click=_add,
            args=(draft, item.structure_id, item.role),
        )


def _add(draft: Draft, structure_id: int | None, role: str) -> None:
    if structure_id is not None and structure_id not in dict(draft.partners):
        st.session_state.pop(draft.key(f"role_{structure_id}"), None)
        draft.partners.append((structure_id, role))


def _remove(draft: Draft, structure_id: int) -> None:
    draft.partners[:] = [item for item in draft.partners if item[0] != structure_id]


def _raise(draft: Draft, structure_id: int) -> None:
    rank = [item[0] for item in draft.partners].index(structure_id)
    draft.partners[rank - 1 : rank + 1] = [draft.partners[rank], draft.partners[rank - 1]]
