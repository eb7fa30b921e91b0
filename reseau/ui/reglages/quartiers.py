"""Quartiers and what people verified about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.model.indicators import indicator, worth_reading
from reseau.model.vocabulary import LANGUAGES
from reseau.services import editing
from reseau.ui import state, wording
from reseau.ui.reglages import generations

if TYPE_CHECKING:
    from reseau.ui.context import Context

KINDS = {"qpv": "QPV", "vecu": "quartier vécu"}
TABLE, CHOSEN = "quartiers_table", "quartiers_chosen"
MAX_TEXT = 300


def quartiers(context: Context) -> None:
    """List on the left, the chosen one on the right."""
    frame = context.view.quartiers
    if frame.empty:
        st.info(
            "Aucun quartier n'est enregistré. Importez les contours des QPV (quartiers prioritaires de la "
            "politique de la ville) dans la page Données, ou dessinez un quartier vécu sur la page Carte."
        )
        if st.button("Ouvrir la page Données"):
            state.go("p9_donnees")
        return
    left, right = st.columns([6, 4], gap="medium")
    with left:
        _list(context)
        generations.generations(context)
    with right:
        _chosen(context)


def _list(context: Context) -> None:
    frame = context.view.quartiers
    ids = [int(index) for index in frame.index]
    rows = [
        {
            "Code": row["code"],
            "Quartier": row["name"],
            "Genre": _kind(row),
            "Habitants": None if pd.isna(row["population"]) else int(row["population"]),
            "Communes": ", ".join(row["commune_names"] or row["communes"]),
            "Source du nombre": row["population_source"],
            "Langues": ", ".join(LANGUAGES.get(code, code) for code in row["languages"]),
        }
        for row in frame.to_dict("records")
    ]

    def pick() -> None:
        chosen = st.session_state[TABLE]["selection"]["rows"]
        if chosen:
            state.select(context.view, quartier_id=ids[chosen[0]])

    st.caption("Choisissez une ligne pour la modifier. Un nombre d'habitants vide n'est pas connu.")
    st.dataframe(
        pd.DataFrame(rows).astype({"Habitants": "Int64"}),
        hide_index=True,
        width="stretch",
        height="auto",
        on_select=pick,
        selection_mode="single-row",
        key=TABLE,
        placeholder=wording.UNKNOWN,
        column_config={
            "Communes": st.column_config.TextColumn(width=150),
            "Habitants": st.column_config.NumberColumn(format="%d", width=100),
        },
    )
    unknown = int(frame["population"].isna().sum())
    if unknown:
        st.caption(
            f"Nombre d'habitants inconnu pour {wording.plural(unknown, 'quartier')} : sans lui, on ne peut "
            "pas dire combien de personnes une lacune concerne."
        )


def _kind(row: dict[Any, Any]) -> str:
    label = KINDS.get(row["kind"], str(row["kind"]))
    return label if pd.isna(row["generation"]) else f"{label} {int(row['generation'])}"


def _chosen(context: Context) -> None:
    frame = context.view.quartiers
    ids = [int(index) for index in frame.index]
    shared = state.selection(context.view).quartier_id
    st.session_state[CHOSEN] = shared if shared in ids else None
    chosen = st.selectbox(
        "Quartier à modifier",
        ids,
        format_func=lambda key: f"{frame.at[key, 'name']} ({frame.at[key, 'code']})",
        index=None,
        placeholder="Choisir un quartier",
        key=CHOSEN,
        on_change=lambda: state.select(context.view, quartier_id=st.session_state[CHOSEN]),
    )
    if chosen is None:
        return
    stored = editing.get_row(context.app, "quartiers", chosen)
    if f"q_name_{chosen}" not in st.session_state:
        # The version of what is on the screen, not of what is stored by the time it is saved.
        st.session_state[_version_key(chosen)] = stored["version"]
    # A box whose default is a figure cannot be emptied: its value comes through the session instead.
    st.session_state.setdefault(f"q_population_{chosen}", stored["population"])
    with st.form(f"quartier_{chosen}"):
        values = {
            "name": st.text_input("Nom", stored["name"], max_chars=MAX_TEXT, key=f"q_name_{chosen}"),
            "population": st.number_input(
                "Nombre d'habitants (vide : pas connu)",
                value=None,
                min_value=0,
                step=1,
                key=f"q_population_{chosen}",
            ),
            "population_source": st.text_input(
                "Source de ce nombre",
                stored["population_source"],
                max_chars=MAX_TEXT,
                placeholder="Insee, recensement 2021",
                key=f"q_source_{chosen}",
            ),
            "languages": st.multiselect(
                "Langues parlées, d'après l'équipe",
                list(LANGUAGES),
                default=[code for code in stored["languages"] if code in LANGUAGES],
                format_func=LANGUAGES.__getitem__,
                placeholder="Choisir des langues",
                key=f"q_languages_{chosen}",
            ),
        }
        if st.form_submit_button("Enregistrer le quartier", type="primary"):
            _save(context, chosen, values)
    generations.origin(context, stored["code"])
    _figures(stored["indicators"])
    _delete(context, chosen, stored["name"])


def _figures(indicators: dict[str, float]) -> None:
    """Published figures, those with a label first; a secret one is not there, and not zero."""
    if not indicators:
        return
    with st.expander(f"Chiffres publiés ({len(indicators)})", icon=":material/bar_chart:"):
        known = [(code, indicator(code)) for code in worth_reading(list(indicators))]
        rows = [
            {"Chiffre": item.label, "Valeur": indicators[code], "Unité": item.unit, "À savoir": item.note}
            for code, item in known
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", height=260)
        st.caption("Un chiffre secret n'est pas dans cette liste : il est inconnu, ce n'est pas un zéro.")


def _version_key(quartier_id: int) -> str:
    return f"q_version_{quartier_id}"


def _save(context: Context, chosen: int, values: dict[str, Any]) -> None:
    values = values | {
        "name": values["name"].strip(), "population_source": values["population_source"].strip(),
    }  # fmt: skip
    version = st.session_state[_version_key(chosen)]
    try:
        editing.save_row(context.app, context.tid, "quartiers", values, row_id=chosen, version=version)
    except ReseauError as error:
        st.error(str(error))
        return
    st.session_state[_version_key(chosen)] = editing.get_row(context.app, "quartiers", chosen)["version"]
    st.toast("Le quartier est enregistré.", icon=":material/check:")
    st.rerun()


def _delete(context: Context, chosen: int, name: str) -> None:
    with st.popover("Supprimer ce quartier", icon=":material/delete:"):
        st.text(name)
        st.markdown(
            "Le quartier disparaît du tableau et de la carte. Ses structures restent. "
            "Il pourra revenir : page Données, Sauvegarde, Corbeille."
        )
        if st.button("Oui, supprimer ce quartier", key=f"q_delete_{chosen}"):
            editing.delete_row(context.app, context.tid, "quartiers", chosen)
            state.select(context.view, quartier_id=None)
            st.toast("Le quartier est dans la corbeille.", icon=":material/delete:")
            st.rerun()


def absences(context: Context) -> None:
    """What people verified not to exist, each with a way to take it back."""
    view = context.view
    if not view.absences:
        st.info(
            "Personne n'a encore noté « vérifié : il n'y en a pas ». Cela se note dans la vue d'ensemble, en "
            "cliquant sur une case « non renseigné » : elle devient « absent », avec la date."
        )
        return
    st.caption("Une case reste « absent » tant que cette vérification est là. Retirez-la si elle a vieilli.")
    by_code = {code: int(index) for index, code in view.quartiers["code"].items()}
    for item in view.absences:
        words, button = st.columns([6, 1], vertical_alignment="center")
        quartier_id = by_code[item.quartier_code]
        known = item.type_code in view.typology
        label = view.typology[item.type_code].full_label if known else item.type_code
        details = " · ".join(filter(None, (f"vérifié le {wording.day(item.on)}", item.author, item.note)))
        words.text(f"{view.quartiers.at[quartier_id, 'name']} : {label}\n{details}")
        key = f"absence_{quartier_id}_{item.type_code}"
        if button.button("Retirer", key=key, icon=":material/undo:", width="stretch"):
            editing.remove_absence(context.app, context.tid, quartier_id, item.type_code)
            st.toast("La vérification est retirée.", icon=":material/check:")
            st.rerun()
