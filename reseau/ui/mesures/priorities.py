"""What comes first: the ranking, the calculation of each line, what is left apart, where it leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.gaps.priority_words import doubts, explanation, needs_words
from reseau.model.vocabulary import STATE_LABELS, STATE_SIGNS, THEMES, State
from reseau.services.priorities import priorities as ranked
from reseau.ui import state, wording
from reseau.ui.mesures.priority_weights import formula
from reseau.ui.overview import gap_row, sentence_of

if TYPE_CHECKING:
    from reseau.gaps.priority import Priorities
    from reseau.services.view import View
    from reseau.ui.context import Context

HEIGHT, ROW = 430, 33
FIGURES = {
    "Habitants": (72, "Habitants non couverts"),
    "Poids": (50, "Poids du type (Réglages, Types attendus)"),
    "Social": (50, "Indice social du quartier"),
    "Demandes": (72, "Ce qu'ajoutent les demandes des habitants"),
    "Score": (62, "Le produit des quatre"),
}
OVERLAP = (
    "Un quartier vécu recouvre souvent des quartiers prioritaires : ses habitants comptent alors dans les "
    "deux, et dans les deux sommes."
)


def priorities(context: Context) -> None:
    """The section."""
    view = context.view
    found = ranked(view)
    formula(context)
    if view.quartiers.empty:
        st.info("Aucun quartier n'est chargé : rien à classer (page Données).")
        return
    aside = len(found.without_population) + len(found.to_fill)
    lines, quartiers, types, apart = st.tabs(
        ["Classement", "Par quartier", "Par type", wording.counted("À part", aside)]
    )
    with lines:
        _ranking(context, found)
    with quartiers:
        _by_quartier(view, found)
    with types:
        _by_type(view, found)
    with apart:
        _apart(view, found)


def _ranking(context: Context, found: Priorities) -> None:
    view = context.view
    if found.lines.empty:
        st.info(
            "Rien à classer : aucun type attendu n'a d'habitants non couverts dont le nombre est connu. "
            "Regardez « À part »."
        )
        return
    table, detail = st.columns([73, 27], gap="small")
    with table:
        shown = _filtered(view, found)
        _table(view, shown)
        st.caption(
            f"{wording.plural(len(found.lines), 'ligne classée', 'lignes classées')} ; "
            f"{wording.plural(found.n_covered, 'case')} sans personne de non couvert. Cliquez à gauche d'une "
            "ligne pour la choisir."
        )
    with detail:
        _detail(context, found)


def _filtered(view: View, found: Priorities) -> pd.DataFrame:
    left, right = st.columns(2)
    quartiers = left.multiselect(
        "Quartiers",
        list(dict.fromkeys(found.lines["quartier_id"])),
        format_func=lambda key: str(view.quartiers.at[key, "name"]),
        placeholder="Tous les quartiers",
        key="priorities_quartiers",
        label_visibility="collapsed",
    )
    themes = right.multiselect(
        "Thèmes",
        list(THEMES),
        format_func=lambda code: THEMES[code],
        placeholder="Tous les thèmes",
        key="priorities_themes",
        label_visibility="collapsed",
    )
    kept = found.lines
    if quartiers:
        kept = kept[kept["quartier_id"].isin(quartiers)]
    return kept[kept["theme"].isin(themes)] if themes else kept


def _table(view: View, lines: pd.DataFrame) -> None:
    if lines.empty:
        st.info("Aucune ligne ne correspond à ces filtres.")
        return
    shown = pd.DataFrame(
        {
            "Rang": lines["rank"],
            "Quartier": lines["quartier_name"],
            "Type": [view.typology[code].short_label for code in lines["type_code"]],
            "État": [f"{STATE_SIGNS[State(item)]} {STATE_LABELS[State(item)]}" for item in lines["state"]],
            "Habitants": lines["uncovered"].astype(int),
            "Poids": lines["weight"],
            "Social": lines["social_index"],
            "Demandes": lines["needs_factor"],
            "Score": lines["score"].astype(int),
        }
    )
    couples = list(zip(lines["quartier_id"], lines["type_code"], strict=True))
    key = f"priorities_rows_{abs(hash(tuple(couples)))}"

    def chosen() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows and rows[0] < len(couples):
            quartier_id, type_code = couples[rows[0]]
            state.select(view, quartier_id=int(quartier_id), type_code=str(type_code))

    st.dataframe(
        shown,
        hide_index=True,
        height=min(HEIGHT, ROW * (len(shown) + 1) + 3),
        key=key,
        on_select=chosen,
        selection_mode="single-row",
        column_config={
            "Rang": st.column_config.NumberColumn(width=44),
            "Quartier": st.column_config.TextColumn(width=122),
            "Type": st.column_config.TextColumn(width=136),
            "État": st.column_config.TextColumn(width=86),
            **{
                name: st.column_config.NumberColumn(width=width, format="localized", help=text)
                for name, (width, text) in FIGURES.items()
            },
        },
    )


def _detail(context: Context, found: Priorities) -> None:
    """The line chosen here or elsewhere, the first one otherwise."""
    view = context.view
    line = _chosen_line(view, found)
    quartier_id, type_code = int(line["quartier_id"]), str(line["type_code"])
    with st.container(border=True):
        title = f"{line['quartier_name']} · {view.typology[type_code].full_label}"
        st.markdown(f"**{int(line['rank'])}. {wording.markdown_text(title)}**")
        st.text(sentence_of(view, gap_row(view, quartier_id, type_code)))
        st.markdown(wording.markdown_text(explanation(line)))
        told = [text for text in (needs_words(line), *doubts(line, view.territoire)) if text]
        if told:
            st.caption("  \n".join(wording.markdown_text(text) for text in told))
        _ways_on(view, quartier_id, type_code)


def _chosen_line(view: View, found: Priorities) -> dict[Any, Any]:
    chosen = state.selection(view)
    lines = found.lines
    same = lines[(lines["quartier_id"] == chosen.quartier_id) & (lines["type_code"] == chosen.type_code)]
    found_line: dict[Any, Any] = (same if len(same) else lines).iloc[0].to_dict()
    return found_line


def _ways_on(view: View, quartier_id: int, type_code: str) -> None:
    if st.button(
        "Créer une action",
        icon=":material/directions_walk:",
        type="primary",
        width="stretch",
        key="priorities_action",
    ):
        state.select(view, quartier_id=quartier_id, type_code=type_code)
        st.session_state["prepare_action"] = (quartier_id, type_code)
        state.go("p6_aller_vers")
    if st.button(
        "Chercher où aller", icon=":material/add_location_alt:", width="stretch", key="priorities_siting"
    ):
        state.select(view, quartier_id=quartier_id, type_code=type_code)
        st.session_state["decider_next_section"] = "ou_aller"
        state.go("p7_decider")
    if st.button("Voir sur la carte", icon=":material/map:", width="stretch", key="priorities_map"):
        state.select(view, quartier_id=quartier_id, type_code=type_code)
        state.go("p2_carte")


def _by_quartier(view: View, found: Priorities) -> None:
    sums = found.by_quartier()
    if sums.empty:
        st.info("Rien à additionner.")
        return
    _bars(pd.DataFrame({"Quartier": sums["quartier_name"], "Somme des scores": sums["score"],
                        "Lignes": sums["n"]}))  # fmt: skip
    absent = sorted(set(view.quartiers.index) - set(sums["quartier_id"]))
    if absent:
        names = ", ".join(str(view.quartiers.at[key, "name"]) for key in absent)
        st.caption(
            wording.markdown_text(f"Sans somme : {names} (nombre d'habitants inconnu, ou rien à couvrir).")
        )
    _say_overlap(view)


def _by_type(view: View, found: Priorities) -> None:
    sums = found.by_type()
    if sums.empty:
        st.info("Rien à additionner.")
        return
    labels = [view.typology[code].full_label for code in sums["type_code"]]
    _bars(pd.DataFrame({"Type": labels, "Somme des scores": sums["score"],
                        "Habitants non couverts": sums["uncovered"], "Quartiers": sums["n"]}))  # fmt: skip
    _say_overlap(view)


def _bars(table: pd.DataFrame) -> None:
    numbers = {name: st.column_config.NumberColumn(format="localized") for name in table.columns[2:]}
    st.dataframe(
        table,
        hide_index=True,
        height=min(HEIGHT, ROW * (len(table) + 1) + 3),
        column_config={
            table.columns[0]: st.column_config.TextColumn(width="large"),
            "Somme des scores": st.column_config.ProgressColumn(
                format="localized",
                min_value=0,
                max_value=float(table["Somme des scores"].max()),
                width="large",
            ),
            **numbers,
        },
    )


def _say_overlap(view: View) -> None:
    if (view.quartiers["kind"] == "vecu").any():
        st.caption(OVERLAP)


def _apart(view: View, found: Priorities) -> None:
    left, right = st.columns([54, 46], gap="medium")
    with left:
        st.markdown("**Nombre d'habitants inconnu**")
        st.caption(
            "Impossible de compter les habitants non couverts : ces lignes n'ont pas de score, ce n'est "
            "pas zéro. Donnez le nombre d'habitants (Réglages, Quartiers) ou importez les carreaux de 200 m."
        )
        lines = found.without_population
        if lines.empty:
            st.text("Aucune ligne.")
        _aside(
            pd.DataFrame(
                {
                    "Quartier": lines["quartier_name"],
                    "Type": [view.typology[code].short_label for code in lines["type_code"]],
                    "Part non couverte": [wording.percent(part) for part in lines["uncovered_share"]],
                    "Poids": lines["weight"],
                    "Social": lines["social_index"],
                    "Demandes": lines["needs_factor"],
                }
            )
        )
    with right:
        st.markdown("**À renseigner**")
        st.caption(
            "Rien ne permet de dire s'il y a un lieu : c'est une lacune des données, pas du territoire. "
            "Complétez-les avant de conclure."
        )
        fill = found.to_fill
        if fill.empty:
            st.text("Aucune ligne.")
        shown = pd.DataFrame(
            {
                "Quartier": fill["quartier_name"],
                "Type": [view.typology[code].short_label for code in fill["type_code"]],
                "Pourquoi": fill["reason"],
            }
        )
        reasons = list(dict.fromkeys(fill["reason"]))
        if len(reasons) == 1:
            # Too long for a cell, and the same on every line.
            st.caption(wording.markdown_text(f"Pour toutes ces lignes : {reasons[0]}."))
            shown = shown.drop(columns="Pourquoi")
        _aside(shown)


def _aside(table: pd.DataFrame) -> None:
    if len(table):
        figures: dict[str, Any] = {
            name: st.column_config.NumberColumn(width=width, format="localized", help=text)
            for name, (width, text) in FIGURES.items()
            if name in table.columns
        }
        figures["Type"] = st.column_config.TextColumn(width=165)
        st.dataframe(
            table, hide_index=True, column_config=figures, height=min(HEIGHT, ROW * (len(table) + 1) + 3)
        )
