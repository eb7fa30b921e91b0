"""What the territory expects of each type: an editable table, saved when the person says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.model.expectations import NO_NORM, SIZES, expectation_of
from reseau.model.records import TypeSetting
from reseau.model.typology import FAMILIES, GAMME_LABELS, PartnerType, normalise
from reseau.model.vocabulary import THEMES
from reseau.quality import DEFAULT_DAYS
from reseau.services.expectations import START, restore_version
from reseau.services.territoires import BOUNDS, set_types
from reseau.ui import wording
from reseau.ui.reglages.type_versions import AUTHOR, versions

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.context import Context

DRAFT, BASE = "types_draft", "types_base"
ROWS, HEIGHT = 11, 400
TYPE, THEME, EXPECTED, GAMME, WEIGHT, FROM, DAYS, WHY = (
    "Type",
    "Thème",
    "Attendu",
    "À quelle distance",
    "Poids",
    "Dès (habitants)",
    "Revoir (jours)",
    "Pourquoi (référence de départ)",
)
WIDTHS = {"weight": 75, "from_inhabitants": 125, "review_days": 120}
GAMMES = {label: code for code, label in GAMME_LABELS.items()}


def expected_types(context: Context) -> None:
    """Draw the section."""
    view = context.view
    st.caption(
        f"En usage : **{wording.markdown_text(view.reference)}**. {NO_NORM}\n\n"
        "Un type attendu est un type dont l'absence compte, dans les quartiers d'au moins tant d'habitants "
        "(un quartier de population inconnue est compris). Le **poids** est ce que compte un habitant non "
        "couvert dans les priorités ; le **thème** relie le type à ce que les habitants demandent."
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
    versions(context, forget=_forget)


def _draft(tid: int) -> dict[str, TypeSetting]:
    """Changes not saved yet; they outlive the filters."""
    owner, draft = st.session_state.get(DRAFT, (None, {}))
    if owner != tid:
        st.session_state[DRAFT] = (tid, draft := {})
    found: dict[str, TypeSetting] = draft
    return found


def _filtered(view: View, saved: dict[str, TypeSetting]) -> list[PartnerType]:
    families_box, themes_box, size_box, search_box = st.columns(4, vertical_alignment="bottom")
    families = families_box.multiselect(
        "Familles",
        list(FAMILIES),
        format_func=lambda code: FAMILIES[code].label,
        placeholder="Toutes les familles",
        key="types_families",
    )
    themes = themes_box.multiselect(
        "Thèmes",
        list(THEMES),
        format_func=lambda code: THEMES[code],
        placeholder="Tous les thèmes",
        key="types_themes",
    )
    size = size_box.selectbox(
        "Attendus d'un quartier de…",
        SIZES,
        index=None,
        format_func=_size_words,
        placeholder="Toutes tailles",
        key="types_size",
        help="Ne montre que les types attendus, et qui le sont dès ce nombre d'habitants.",
    )
    words = normalise(search_box.text_input("Chercher un type", placeholder="CMP, PMI…", key="types_search"))
    order = list(FAMILIES)
    found = [
        item
        for item in view.typology
        if (not families or item.family in families)
        and (not themes or expectation_of(item.code).theme in themes)
        and (size is None or (saved[item.code].expected and saved[item.code].from_inhabitants <= size))
        and words in normalise(" ".join((item.full_label, *item.aliases)))
    ]
    return sorted(found, key=lambda item: order.index(item.family))


def _size_words(least: int) -> str:
    following = next((size for size in SIZES if size > least), None)
    if following is None:
        return f"{wording.number(least)} habitants ou plus"
    if not least:
        return f"moins de {wording.number(following)} habitants"
    return f"{wording.number(least)} à {wording.number(following - 1)} habitants"


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
        disabled=[TYPE, THEME, WHY],
        column_config={
            TYPE: st.column_config.TextColumn(width=220, pinned=True),
            THEME: st.column_config.TextColumn(width=215),
            EXPECTED: st.column_config.CheckboxColumn(width=85),
            GAMME: st.column_config.SelectboxColumn(options=list(GAMMES), required=True, width=195),
            WEIGHT: _number_column(
                "weight", 0.1, "Ce que compte un habitant non couvert. De départ : 0,5 à 3."
            ),
            FROM: _number_column(
                "from_inhabitants", 1, "Attendu des quartiers d'au moins tant d'habitants. 0 : de tous."
            ),
            DAYS: _number_column(
                "review_days",
                1,
                f"Jours après lesquels une fiche de ce type est à revoir. Vide : {DEFAULT_DAYS} jours.",
            ),
            WHY: st.column_config.TextColumn(width=420),
        },
        width="stretch",
        height=HEIGHT if len(base) > ROWS else "auto",
        key=f"types_table_{abs(hash(name))}",
    )
    for code, row in zip(codes, edited.to_dict("records"), strict=True):
        draft[code] = _setting(code, row)


def _number_column(name: str, step: float, text: str) -> Any:
    low, high, _ = BOUNDS[name]
    # Only a period may be left empty.
    return st.column_config.NumberColumn(
        format="localized",
        min_value=low,
        max_value=high,
        step=step,
        width=WIDTHS[name],
        required=name != "review_days",
        help=text,
    )


def _frame(shown: list[PartnerType], settings: dict[str, TypeSetting]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            TYPE: [item.full_label for item in shown],
            THEME: [THEMES.get(expectation_of(item.code).theme, "") for item in shown],
            EXPECTED: [settings[item.code].expected for item in shown],
            GAMME: [GAMME_LABELS[settings[item.code].gamme] for item in shown],
            WEIGHT: [settings[item.code].weight for item in shown],
            FROM: [settings[item.code].from_inhabitants for item in shown],
            DAYS: pd.array([settings[item.code].review_days for item in shown], dtype="Int64"),
            WHY: [expectation_of(item.code).why for item in shown],
        }
    )


def _setting(code: str, row: dict[Any, Any]) -> TypeSetting:
    days = row[DAYS]
    return TypeSetting(
        type_code=code,
        expected=bool(row[EXPECTED]),
        gamme=GAMMES[row[GAMME]],
        review_days=None if pd.isna(days) else int(days),
        weight=round(float(row[WEIGHT]), 2),
        from_inhabitants=int(row[FROM]),
    )


def _buttons(context: Context, saved: dict[str, TypeSetting], changes: dict[str, TypeSetting]) -> None:
    author = note = ""
    if changes:
        who, why = st.columns([3, 7])
        author = who.text_input("Votre nom (facultatif)", key=AUTHOR, max_chars=200)
        note = why.text_input(
            "Pourquoi ce changement (facultatif)",
            key="types_note",
            max_chars=300,
            placeholder="décidé avec le comité de pilotage, retour des habitants…",
        )
    row = st.container(horizontal=True, vertical_alignment="center")
    label = f"Enregistrer {wording.plural(len(changes), 'changement')}" if changes else "Enregistrer"
    if row.button(label, type="primary", disabled=not changes, key="types_save"):
        _store(context, list((saved | changes).values()), author=author, note=note)
    if changes and row.button("Annuler les changements", key="types_cancel"):
        _forget()
        st.rerun()
    with row.popover("Revenir à la référence de départ", icon=":material/restart_alt:"):
        st.markdown(
            "Tous les types retrouvent ce que la référence prévoit : attendus, distances, poids et tailles. "
            "Vos structures ne changent pas, et l'historique garde ce que vous aviez."
        )
        if st.button("Oui, tout remettre", key="types_reset"):
            restore_version(context.app, context.tid, START)
            _done("La référence de départ est remise.")
    expected = sum((saved | changes)[code].expected for code in saved)
    row.caption(f"{wording.plural(expected, 'type attendu', 'types attendus')} sur {len(saved)}")


def _store(context: Context, settings: list[TypeSetting], *, author: str, note: str) -> None:
    try:
        number = set_types(context.app, context.tid, settings, author=author, note=note)
    except ReseauError as error:
        st.error(str(error))
        return
    _done(f"Les types attendus sont enregistrés : version {number}.")


def _done(done: str) -> None:
    _forget()
    st.toast(done, icon=":material/check:")
    st.rerun()


def _forget() -> None:
    for name in (DRAFT, BASE, "types_note"):
        st.session_state.pop(name, None)
    st.session_state["types_round"] = st.session_state.get("types_round", 0) + 1
