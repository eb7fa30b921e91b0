"""Every measure: one over the whole territory, or all of them for a quartier, a type, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.gaps import Measure
from reseau.model.vocabulary import STATE_SIGNS, State
from reseau.services.measures import (
    PART,
    couples,
    gamme_of,
    measured,
    ordered_measures,
    rows_of,
    type_source,
)
from reseau.ui import state, wording
from reseau.ui.components.choices import choose_quartier, choose_type
from reseau.ui.mesures.about import about_figures, about_measure, download
from reseau.ui.overview import FRAGILE_MEANING, FRAGILE_SIGN

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.context import Context

HEIGHT, ROW = 420, 32
FIRST, NEXT = "etat", "table_next_measure"
MISSED, SOURCE, THRESHOLD = "Inutilisables", "Source", "Seuil"
MISSED_HELP = "Lieux connus de ce type que la mesure n'a pas pu utiliser (position ou information manquante)."


def table(context: Context) -> None:
    """The section."""
    view = context.view
    if view.quartiers.empty:
        st.info(
            "Aucun quartier n'est chargé : rien à mesurer. Importez les contours de vos quartiers "
            "(page Données)."
        )
        return
    measure, gaps = _choices(view)
    chosen = state.selection(view)
    main, aside = st.columns([72, 28], gap="medium")
    with main:
        if gaps.empty:
            st.info(
                "Aucun type n'est attendu ici : choisissez un type, ou décochez « Types attendus seulement »."
            )
        elif chosen.quartier_id is not None and chosen.type_code is not None:
            _sheet(view, measure, gaps)
        elif chosen.quartier_id is not None:
            _all_measures(view, gaps, rows="type_code")
        elif chosen.type_code is not None:
            _all_measures(view, gaps, rows="quartier_id")
        else:
            _one_measure(view, measure, gaps)
    with aside, st.container(border=True, height=HEIGHT + 45, gap="xsmall"):
        about_measure(view, measure, chosen.type_code)
        about_figures(view, chosen.quartier_id)
    alone = chosen.quartier_id is None and chosen.type_code is None
    files, there, _ = st.columns([24, 20, 56])
    with files:
        download(view, gaps, [measure.id] if alone else [item.id for item in ordered_measures()])
    if not alone and there.button("Voir sur la carte", icon=":material/map:", width="stretch"):
        state.go("p2_carte")


def _choices(view: View) -> tuple[Measure, pd.DataFrame]:
    """The measure to explain, and the rows of GAPS asked for."""
    listed = {item.id: item for item in ordered_measures()}
    if wanted := st.session_state.pop(NEXT, None):
        st.session_state["table_measure"] = wanted
    which, quartier, kind, expected = st.columns([30, 20, 26, 24], vertical_alignment="bottom")
    measure_id = which.selectbox(
        "Mesure",
        list(listed),
        format_func=lambda key: f"{listed[key].subject.value} · {listed[key].label}",
        key="table_measure",
    )
    with quartier:
        choose_quartier(view, key="table_quartier")
    with kind:
        choose_type(view, key="table_type")
    chosen = state.selection(view)
    only = expected.toggle(
        "Types attendus seulement",
        value=True,
        key="table_expected",
        disabled=chosen.type_code is not None,
        help="Les types que votre territoire attend pour chaque quartier (page Réglages).",
    )
    gaps = couples(
        view,
        expected_only=only and chosen.type_code is None,
        quartier_id=chosen.quartier_id,
        type_code=chosen.type_code,
    )
    return listed[measure_id], gaps


def _one_measure(view: View, measure: Measure, gaps: pd.DataFrame) -> None:
    """Types × quartiers."""
    cells = gaps.assign(
        text=_texts(view, measure.id, gaps),
        missed=measured(view, measure.id).unusable.iloc[gaps.index].to_numpy(),
    )
    table = cells.pivot(index="type_code", columns="quartier_id", values="text")
    codes = [item.code for item in view.typology if item.code in table.index]
    names = wording.unique_labels({key: str(name) for key, name in view.quartiers["name"].items()})
    # A type may be expected of some quartiers only.
    shown = table.reindex(index=codes, columns=list(names)).fillna("non attendu").rename(columns=names)
    missed = cells.groupby("type_code")["missed"].max()
    shown.insert(0, MISSED, [str(missed[code]) for code in codes])
    shown[THRESHOLD] = [
        measure.threshold(view.territoire, gamme_of(view, code)) or "sans objet" for code in codes
    ]
    shown[SOURCE] = [type_source(view, code)[0] for code in codes]
    shown.index = pd.Index([view.typology[code].short_label for code in codes])
    st.caption(
        f"**{wording.markdown_text(measure.label)}**{_unit(measure)}, types × quartiers. Cliquez à gauche "
        f"d'une ligne pour voir toutes les mesures de ce type. {_marks()}"
    )
    picked = _frame(
        shown, "Type", key=f"table_{measure.id}", widths={MISSED: 95, THRESHOLD: 190, SOURCE: 400}
    )
    if picked is not None:
        state.select(view, type_code=codes[picked])
        st.rerun()


def _all_measures(view: View, gaps: pd.DataFrame, *, rows: str) -> None:
    """All measures of one quartier by type, or of one type by quartier."""
    by_type = rows == "type_code"
    keys, listed = gaps[rows].tolist(), ordered_measures()
    shown = pd.DataFrame({item.short or item.label: _texts(view, item.id, gaps) for item in listed})
    shown["À placer"] = [str(count) for count in gaps["n_unplaced"]]
    if by_type:
        title = gaps["quartier_name"].iloc[0]
        shown.index = pd.Index([view.typology[code].short_label for code in keys])
        shown[SOURCE] = [type_source(view, code)[0] for code in keys]
    else:
        title = view.typology[gaps["type_code"].iloc[0]].full_label
        shown.index = pd.Index([str(view.quartiers.at[key, "name"]) for key in keys])
    st.caption(
        f"**{wording.markdown_text(str(title))}**, toutes les mesures. Survolez un titre de colonne pour sa "
        f"formule ; cliquez à gauche d'une ligne pour le détail. {_marks()}"
    )
    helps = {item.short or item.label: f"{item.label}. {item.formula}" for item in listed}
    helps["À placer"] = (
        "Lieux connus de ce type dont la position manque : aucune mesure de distance ne les voit."
    )
    name = "Type" if by_type else "Quartier"
    picked = _frame(shown, name, key=f"table_all_{rows}", helps=helps, widths={SOURCE: 400})
    if picked is not None:
        if by_type:
            state.select(view, type_code=keys[picked])
        else:
            state.select(view, quartier_id=keys[picked])
        st.rerun()


def _sheet(view: View, measure: Measure, gaps: pd.DataFrame) -> None:
    """Every measure of one quartier and type, a line each."""
    found, listed = rows_of(view, gaps), ordered_measures()
    title = f"{found[0].quartier_name} · {view.typology[found[0].type_code].full_label}"
    fragile = f" {FRAGILE_SIGN} {FRAGILE_MEANING}." if found[0].fragile else ""
    st.caption(
        f"**{wording.markdown_text(title)}**, toutes les mesures. Cliquez à gauche d'une ligne pour lire sa "
        f"formule.{fragile}"
    )
    shown = pd.DataFrame(
        {
            "Valeur": [row.text for row in found],
            "Unité": [_unit_words(row.unit) for row in found],
            THRESHOLD: [row.threshold or "sans objet" for row in found],
            MISSED: [str(row.unusable) for row in found],
            "Sens": [item.direction.value for item in listed],
            SOURCE: [row.source for row in found],
        },
        index=pd.Index([item.label for item in listed]),
    )
    widths = {"Valeur": 90, "Unité": 135, THRESHOLD: 125, MISSED: 85, "Sens": 180, SOURCE: 400}
    picked = _frame(shown, "Mesure", key="table_sheet", widths=widths, first=260)
    if picked is not None and listed[picked].id != measure.id:
        st.session_state[NEXT] = listed[picked].id
        st.rerun()


def _texts(view: View, measure_id: str, gaps: pd.DataFrame) -> list[str]:
    texts = measured(view, measure_id).texts.iloc[gaps.index].tolist()
    if measure_id != FIRST:
        return texts
    marks = [f"{FRAGILE_SIGN} " if fragile else "" for fragile in gaps["fragile"]]
    signs = [STATE_SIGNS[State(code)] for code in gaps["state"]]
    return [f"{sign} {mark}{text}" for sign, mark, text in zip(signs, marks, texts, strict=True)]


def _frame(
    shown: pd.DataFrame,
    name: str,
    *,
    key: str,
    widths: dict[str, int],
    helps: dict[str, str] | None = None,
    first: int = 170,
) -> int | None:
    """Draw a table; answers the position of the line just chosen."""
    known = {MISSED: MISSED_HELP, **(helps or {})}
    shown = shown.rename_axis(name).reset_index()
    widths = {name: first, **widths}
    config: dict[str, Any] = {
        column: st.column_config.TextColumn(
            help=known.get(column), pinned=column == name, width=widths.get(column, 108)
        )
        for column in shown.columns
    }
    event = st.dataframe(
        shown,
        hide_index=True,
        column_config=config,
        height=min(HEIGHT, ROW * (len(shown) + 1) + 3),
        row_height=ROW,
        width="stretch",
        on_select="rerun",
        selection_mode="single-row",
        key=key,
    )
    rows = event.selection.rows
    return int(rows[0]) if rows and rows[0] < len(shown) else None


def _marks() -> str:
    return f"{FRAGILE_SIGN} {FRAGILE_MEANING}."


def _unit(measure: Measure) -> str:
    words = _unit_words(measure.unit)
    return f" ({wording.markdown_text(words)})" if words else ""


def _unit_words(unit: str) -> str:
    return "%" if unit == PART else unit
