"""What the territory expects of each type: an editable table, saved when the person says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.model.records import TypeSetting
from reseau.model.typology import FAMILIES, GAMME_LABELS, PartnerType, normalise
from reseau.quality import DEFAULT_DAYS
from reseau.services.territoires import set_types
from reseau.ui import wording

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.context import Context

DRAFT, BASE = "types_draft", "types_base"
ROWS, HEIGHT = 11, 400
FAMILY, TYPE, EXPECTED, GAMME, DAYS = (
    "Famille",
    "Type",
    "Attendu",
    "À quelle distance",
    "Revoir (jours)",
)
GAMMES = {label: code for code, label in GAMME_LABELS.items()}


def expected_types(context: Context) -> None:
    """Draw the section."""
    view = context.view
    st.caption(
        "Les types attendus sont ceux dont l'absence compte : ils font le tableau de la vue d'ensemble. "
        "La distance dit quand un lieu est assez proche (onglet Seuils). Une fiche est à revoir au bout du "
        "nombre de jours de son type (en gris, celui de départ)."
    )
    saved = {item.type_code: item for item in view.type_settings}
    draft = _draft(context.tid)
    shown = _filtered(view, saved)
    buttons = st.container()
    if not shown:
        st.info("Aucun type ne correspond à ces filtres.")
    else:
        _table(context, shown, saved, draft)
    changes = {code: item for code, item in draft.items() if item != saved[code]}
    with buttons:
        _buttons(context, saved, changes)


def _draft(tid: int) -> dict[str, TypeSetting]:
    """Changes not saved yet; they outlive the filters."""
    owner, draft = st.session_state.get(DRAFT, (None, {}))
    if owner != tid:
        st.session_state[DRAFT] = (tid, draft := {})
    found: dict[str, TypeSetting] = draft
    return found


def _filtered(view: View, saved: dict[str, TypeSetting]) -> list[PartnerType]:
    families_box, search_box, only_box = st.columns([4, 3, 2], vertical_alignment="bottom")
    families = families_box.multiselect(
        "Familles",
        list(FAMILIES),
        format_func=lambda code: FAMILIES[code].label,
        placeholder="Toutes les familles",
        key="types_families",
    )
    words = normalise(search_box.text_input("Chercher un type", placeholder="CMP, PMI…", key="types_search"))
    only = only_box.toggle("Attendus seulement", key="types_only")
    order = list(FAMILIES)
    found = [
        item
        for item in view.typology
        if (not families or item.family in families)
        and (not only or saved[item.code].expected)
        and words in normalise(" ".join((item.full_label, *item.aliases)))
    ]
    return sorted(found, key=lambda item: order.index(item.family))


def _table(
    context: Context,
    shown: list[PartnerType],
    saved: dict[str, TypeSetting],
    draft: dict[str, TypeSetting],
) -> None:
    codes = tuple(item.code for item in shown)
    name = (context.tid, context.view.version, st.session_state.get("types_round", 0), codes)
    # Edits are kept by row number: the table under them must stay the same until it is another table.
    if st.session_state.get(BASE, (None,))[0] != name:
        st.session_state[BASE] = (name, _frame(shown, saved | draft))
    base: pd.DataFrame = st.session_state[BASE][1]
    edited = st.data_editor(
        base,
        hide_index=True,
        placeholder=str(DEFAULT_DAYS),
        disabled=[FAMILY, TYPE],
        column_config={
            FAMILY: st.column_config.TextColumn(width="small"),
            TYPE: st.column_config.TextColumn(width="large"),
            EXPECTED: st.column_config.CheckboxColumn(width="small"),
            GAMME: st.column_config.SelectboxColumn(options=list(GAMMES), required=True, width="medium"),
            DAYS: st.column_config.NumberColumn(
                min_value=1,
                max_value=3650,
                step=1,
                width="small",
                help=f"Jours après lesquels une fiche de ce type est à revoir. Vide : {DEFAULT_DAYS} jours.",
            ),
        },
        width="stretch",
        height=HEIGHT if len(base) > ROWS else "auto",
        key=f"types_table_{abs(hash(name))}",
    )
    for code, row in zip(codes, edited.to_dict("records"), strict=True):
        draft[code] = _setting(code, row)


def _frame(shown: list[PartnerType], settings: dict[str, TypeSetting]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            FAMILY: [FAMILIES[item.family].label for item in shown],
            TYPE: [item.full_label for item in shown],
            EXPECTED: [settings[item.code].expected for item in shown],
            GAMME: [GAMME_LABELS[settings[item.code].gamme] for item in shown],
            DAYS: pd.array([settings[item.code].review_days for item in shown], dtype="Int64"),
        }
    )


def _setting(code: str, row: dict[Any, Any]) -> TypeSetting:
    days = row[DAYS]
    return TypeSetting(
        type_code=code,
        expected=bool(row[EXPECTED]),
        gamme=GAMMES[row[GAMME]],
        review_days=None if pd.isna(days) else int(days),
    )


def _buttons(context: Context, saved: dict[str, TypeSetting], changes: dict[str, TypeSetting]) -> None:
    row = st.container(horizontal=True, vertical_alignment="center")
    label = f"Enregistrer {wording.plural(len(changes), 'changement')}" if changes else "Enregistrer"
    if row.button(label, type="primary", disabled=not changes, key="types_save"):
        _store(context, list((saved | changes).values()), "Les types attendus sont enregistrés.")
    if changes and row.button("Annuler les changements", key="types_cancel"):
        _forget()
        st.rerun()
    with row.popover("Revenir à la typologie de départ", icon=":material/restart_alt:"):
        st.markdown(
            "Tous les types retrouvent ce que la typologie prévoit : attendus et distances. "
            "Vos structures ne changent pas."
        )
        if st.button("Oui, tout remettre", key="types_reset"):
            _store(context, [], "La typologie de départ est remise.")
    expected = sum((saved | changes)[code].expected for code in saved)
    row.caption(f"{wording.plural(expected, 'type attendu', 'types attendus')} sur {len(saved)}")


def _store(context: Context, settings: list[TypeSetting], done: str) -> None:
    try:
        set_types(context.app, context.tid, settings)
    except ReseauError as error:
        st.error(str(error))
        return
    _forget()
    st.toast(done, icon=":material/check:")
    st.rerun()


def _forget() -> None:
    for name in (DRAFT, BASE):
        st.session_state.pop(name, None)
    st.session_state["types_round"] = st.session_state.get("types_round", 0) + 1
