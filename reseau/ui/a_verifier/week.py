"""Cette semaine: the sheets to check, the most useful first, and saying that one is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.quality import CRITERIA, week_end
from reseau.services import quality
from reseau.ui import state, wording
from reseau.ui.annuaire.labels import type_words

if TYPE_CHECKING:
    from reseau.ui.context import Context

TABLE, ROUND = "week_table", "week_round"
HEIGHT, ROWS = 420, 11
LABELS = {item.id: item.label for item in CRITERIA}
SHORT = {item.id: item.short for item in CRITERIA}
ADVICE = {item.id: item.advice for item in CRITERIA}


def draw(context: Context) -> None:
    """Draw the section."""
    everything = quality.sheets(context.app, context.tid)
    if everything.empty:
        st.info(
            "L'annuaire est vide : il n'y a rien à vérifier. Importez vos partenaires (page Données) ou "
            "saisissez-les (page Annuaire)."
        )
        return
    due = quality.to_check(context.app, context.tid)
    _figures(context, everything, due)
    if due.empty:
        following = min(everything["due_on"])
        st.success(
            f"Aucune fiche à vérifier d'ici dimanche. La prochaine le sera le {wording.day(following)}.",
            icon=":material/done_all:",
        )
    else:
        _table(context, due)
    with st.expander("Ce qui manque le plus dans vos fiches", icon=":material/rule:", expanded=due.empty):
        _gaps(everything)


def _figures(context: Context, everything: pd.DataFrame, due: pd.DataFrame) -> None:
    late = int((due["late_days"] > 0).sum())
    # The date of the data of a source puts a check off; nobody has checked for all that.
    never = int(context.view.structures.loc[everything.index, "reviewed_on"].isna().sum())
    figures = {
        "À vérifier d'ici dimanche": wording.number(len(due)),
        "Dont en retard": wording.number(late),
        "Jamais vérifiées par l'équipe": wording.number(never),
        "Qualité moyenne des fiches": wording.percent(everything["score"].mean()),
    }
    for column, (label, figure) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(label, figure)
    st.caption(
        f"Fiches ouvertes : {wording.number(len(everything))}. Une fiche est à vérifier quand sa période est "
        f"passée, d'ici le {wording.day(week_end(context.view.on))}. La période est celle du type (page "
        "Réglages, un an au départ) ou de la fiche ; compte la dernière vérification, à défaut la date des "
        "données de sa source (ou de leur import). Qualité : part de ce qu'une fiche devrait dire "
        "et qu'elle dit ; ce qui est sans objet n'est pas compté."
    )


def _table(context: Context, due: pd.DataFrame) -> None:
    ids = [int(key) for key in due.index]
    buttons = st.container(horizontal=True, vertical_alignment="center")
    st.caption(
        "D'abord les partenaires avec qui vous travaillez, puis ceux qui ont une relation active, puis les "
        "plus en retard. Cochez une ou plusieurs lignes."
    )
    answer = st.dataframe(
        _shown(context, due),
        hide_index=True,
        placeholder="jamais",
        width="stretch",
        height=HEIGHT if len(due) > ROWS else "auto",
        on_select="rerun",
        selection_mode="multi-row",
        key=state.rows_key(f"{TABLE}_{context.tid}_{st.session_state.get(ROUND, 0)}", ids),
        column_config={
            "Structure": st.column_config.TextColumn(width=230),
            "Vérifiée le": st.column_config.DateColumn(format="DD/MM/YYYY", width=95),
            "Retard (jours)": st.column_config.NumberColumn(width=95),
            "Qualité": st.column_config.ProgressColumn(format="%d %%", width=110, min_value=0, max_value=100),
            "Ce qui manque": st.column_config.TextColumn(width=300),
        },
    )
    chosen = [ids[row] for row in answer["selection"]["rows"] if row < len(ids)]
    label = (
        f"Tout est juste : {wording.plural(len(chosen), 'fiche vérifiée', 'fiches vérifiées')} aujourd'hui"
    )
    if buttons.button(
        label if chosen else "Tout est juste : vérifiée aujourd'hui",
        type="primary",
        icon=":material/check:",
        disabled=not chosen,
        key=state.rows_key("week_done", ids),
    ):
        _done(context, chosen)
    if buttons.button(
        "Ouvrir la fiche", icon=":material/open_in_new:", disabled=len(chosen) != 1, key="week_open"
    ):
        state.select(context.view, structure_id=chosen[0])
        state.go("p5_annuaire")


def _shown(context: Context, due: pd.DataFrame) -> pd.DataFrame:
    typology = context.view.typology
    return pd.DataFrame(
        {
            "Structure": due["name"].tolist(),
            "Types": [type_words(types, typology) for types in due["types"]],
            "Vous travaillez avec": ["oui" if ties else "" for ties in due["ties"]],
            "Vérifiée le": pd.to_datetime(context.view.structures.loc[due.index, "reviewed_on"]).tolist(),
            "Retard (jours)": [max(days, 0) for days in due["late_days"]],
            "Qualité": (due["score"] * 100).round().tolist(),
            "Ce qui manque": [", ".join(SHORT[name] for name in names) for names in due["missing"]],
        }
    )


def _done(context: Context, chosen: list[int]) -> None:
    try:
        count = quality.mark_reviewed(context.app, context.tid, chosen)
    except ReseauError as error:
        st.error(str(error))
        return
    # Another table: the rows ticked are not the same ones any more.
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.toast(
        f"{wording.plural(count, 'fiche vérifiée', 'fiches vérifiées')} aujourd'hui.", icon=":material/check:"
    )
    st.rerun()


def _gaps(everything: pd.DataFrame) -> None:
    """One line per criterion, the most often missing first; «sans objet» apart."""
    rows = [
        {
            "Ce qu'une fiche doit dire": LABELS[name],
            "Fiches qui le disent": int((everything[name] == "oui").sum()),
            "Fiches où cela manque": int((everything[name] == "non").sum()),
            "Sans objet": int((everything[name] == "sans objet").sum()),
            "Que faire": ADVICE[name],
        }
        for name in LABELS
    ]
    table = pd.DataFrame(rows).sort_values("Fiches où cela manque", ascending=False, kind="stable")
    st.dataframe(table, hide_index=True, width="stretch", height="auto")
