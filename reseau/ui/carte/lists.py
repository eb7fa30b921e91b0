"""What the map says, said in tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.gaps.sentences import basis_sentence
from reseau.hours import describe_fr
from reseau.model.typology import FAMILIES, INTERMEDIAIRE, TERRITOIRE
from reseau.model.vocabulary import (
    INTENSITIES,
    RELATION_PURPOSES,
    RELATION_STATUS_LABELS,
    STATE_LABELS,
    STATE_SIGNS,
    RelationStatus,
    State,
)
from reseau.ui import state, wording
from reseau.ui.annuaire.directory import directory
from reseau.ui.annuaire.openness import opening_sentence
from reseau.ui.carte.filters import NO_TIE, TIES, tie_with_pivot
from reseau.ui.overview import gap_row, sentence_of

if TYPE_CHECKING:
    from datetime import datetime

    from reseau.services.view import View
    from reseau.ui.carte.filters import Shown

LIST_HEIGHT = 420
ROW_HEIGHT = 35


def permanences_shown(view: View, shown: Shown) -> pd.DataFrame:
    """Permanences that are held now and answer the filters on type and structure."""
    rows = pd.DataFrame(view.permanences)
    if "permanences" not in shown.layers:
        return rows.iloc[:0]
    held = pd.Series(
        [not isinstance(day, date) or day >= view.on for day in rows["ended_on"]],
        index=rows.index,
        dtype=bool,
    )
    rows = rows[held]
    chosen = state.selection(view)
    if chosen.type_code:
        return rows[rows["type_code"] == chosen.type_code]
    if shown.filtered:
        return rows[rows["structure_id"].isin(shown.ids) | rows["host_id"].isin(shown.ids)]
    return rows


def relations_shown(view: View, shown: Shown) -> pd.DataFrame:
    """Ties on demand: those of the chosen structure, else those between the structures shown."""
    rows = view.relations[view.relations["status"] != RelationStatus.TERMINE]
    if "relations" not in shown.layers:
        return rows.iloc[:0]
    chosen = state.selection(view).structure_id
    if chosen is not None:
        return rows[(rows["from_id"] == chosen) | (rows["to_id"] == chosen)]
    if not shown.filtered:
        return rows
    ids = {*shown.ids, view.pivot_id}
    return rows[rows["from_id"].isin(ids) & rows["to_id"].isin(ids)]


def what_is_missing(view: View, shown: Shown, areas: Sequence[str]) -> None:
    """What the map cannot show, what its light areas are, and how distances are read."""
    rows = view.structures.loc[shown.ids]
    closed = int(rows["closed"].sum())
    unplaced = int((~rows["placed"] & ~rows["closed"]).sum())
    parts = [f"{wording.plural(len(rows) - unplaced - closed, 'structure')} sur la carte"]
    if unplaced:
        parts.append(f"{wording.plural(unplaced, 'autre', 'autres')} sans position : dans la liste seulement")
    if closed:
        parts.append(f"{wording.plural(closed, 'fermée', 'fermées')} : dans la liste seulement")
    parts += areas
    st.caption(" · ".join(parts) + f". {basis_sentence(view.territoire, view.travel, view.people)}")


def threshold_minutes(view: View, type_code: str | None) -> int | None:
    """Walking threshold of a type, None for one that only has to be in the territory."""
    gammes = dict(zip(view.types["type_code"], view.types["gamme"], strict=True))
    gamme = gammes.get(type_code, TERRITOIRE)
    if gamme == TERRITOIRE:
        return None
    settings = view.territoire
    return settings.minutes_intermediaire if gamme == INTERMEDIAIRE else settings.minutes_proximite


def show(
    view: View, shown: Shown, at: datetime, *, more: Mapping[str, Callable[[], None]] | None = None
) -> None:
    """The chosen gap and structure, then one table per thing drawn.

    Args:
        more: other tables by title, each drawn by a function.
    """
    others = more or {}
    _chosen_gap(view)
    _chosen_card(view, at)
    permanences, relations = permanences_shown(view, shown), relations_shown(view, shown)
    names = [
        f"Structures ({len(shown.ids)})",
        f"Quartiers ({len(view.quartiers)})",
        f"Permanences ({len(permanences)})",
        f"Relations ({len(relations)})",
    ]
    structures_tab, quartiers_tab, permanences_tab, relations_tab, *tabs = st.tabs([*names, *others])
    with structures_tab:
        if others:
            # The tools of the table come out above it, over the last tab when there are five.
            st.space("small")
        _structures(view, shown, at)
    with quartiers_tab:
        _quartiers(view)
    with permanences_tab:
        _permanences(permanences, view)
    with relations_tab:
        _relations(relations, shown)
    for tab, draw in zip(tabs, others.values(), strict=True):
        with tab:
            draw()


def _chosen_gap(view: View) -> None:
    """The state of the chosen type in the chosen quartier, in words."""
    chosen = state.selection(view)
    if chosen.quartier_id is None or chosen.type_code is None:
        return
    row = gap_row(view, chosen.quartier_id, chosen.type_code)
    found = State(row["state"])
    with st.container(border=True):
        st.markdown(f"{STATE_SIGNS[found]} **{STATE_LABELS[found]}**")
        st.text(sentence_of(view, row))
        if st.button("Préparer une action", icon=":material/directions_walk:", key="carte_action"):
            st.session_state["prepare_action"] = (chosen.quartier_id, chosen.type_code)
            state.go("p6_aller_vers")


def _chosen_card(view: View, at: datetime) -> None:
    chosen = state.selection(view).structure_id
    if chosen is None:
        return
    row = view.structures.loc[chosen]
    with st.container(border=True):
        st.markdown(f"**{wording.markdown_text(row['name'])}**")
        types = ", ".join(view.typology[code].full_label for code in row["types"] if code in view.typology)
        tie = TIES[tie_with_pivot(view)[chosen]]
        lines = [
            types,
            opening_sentence(row["opening_hours"], row["hours_text"], at),
            "votre structure pivot" if row["is_pivot"] else f"avec votre structure : {tie}",
            " ".join(part for part in (row["address"], row["postcode"], row["commune"]) if part),
        ]
        st.text("\n".join(line for line in lines if line))
        sheet, network, close = st.columns([2, 2, 1])
        if sheet.button("Ouvrir la fiche", width="stretch", key="carte_sheet"):
            state.go("p5_annuaire")
        if network.button("Son réseau", width="stretch", key="carte_network"):
            state.go("p3_reseau")
        if close.button("✕", width="stretch", key="carte_close", help="Ne plus choisir cette structure"):
            state.select(view, structure_id=None)
            state.rerun_part()


def _structures(view: View, shown: Shown, at: datetime) -> None:
    if not len(shown.ids):
        st.info(
            "Aucune structure n'est encore enregistrée : importez vos partenaires dans la page Données."
            if view.structures.empty
            else "Aucune structure ne répond à tous ces filtres. Enlevez-en un."
        )
        return
    found = directory(view)
    rows = view.structures.loc[shown.ids]
    table = pd.DataFrame(
        {
            "Signe": rows["family"].map(lambda code: FAMILIES[code].letter),
            "Nom": rows["name"],
            "Types": found.shown.loc[shown.ids, "Types"],
            "Ouvert": found.opened(view, at).loc[shown.ids],
            "Relation": tie_with_pivot(view).loc[shown.ids].map(_tie_words),
            "Famille": rows["family"].map(lambda code: FAMILIES[code].label),
            "Position": found.shown.loc[shown.ids, "Position"],
        }
    )
    _choose(view, table, shown)


def _choose(view: View, table: pd.DataFrame, shown: Shown) -> None:
    """A click on a line chooses the structure; only a new click counts."""
    key = f"carte_list_{view.version}_{hash(shown.ids.tobytes())}"
    event = st.dataframe(
        table,
        key=key,
        hide_index=True,
        height=_height(table),
        width="stretch",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Signe": st.column_config.TextColumn(width=40, help="Lettre de la famille, comme sur la carte"),
            "Nom": st.column_config.TextColumn(width=185),
            "Types": st.column_config.TextColumn(width=95),
            "Ouvert": st.column_config.TextColumn(width=55, help="Ouvert maintenant ?"),
        },
    )
    rows = tuple(event["selection"]["rows"])
    seen = st.session_state.get("carte_list_seen")
    st.session_state["carte_list_seen"] = (key, rows)
    if rows and seen != (key, rows) and rows[0] < len(shown.ids):
        structure_id = int(shown.ids[rows[0]])
        if state.selection(view).structure_id != structure_id:
            state.select(view, structure_id=structure_id)
            state.rerun_part()


def _height(table: pd.DataFrame) -> int:
    """As high as its lines, up to a limit."""
    return min(LIST_HEIGHT, ROW_HEIGHT * (len(table) + 1) + 3)


def _tie_words(code: str) -> str:
    return "" if code == NO_TIE else RELATION_STATUS_LABELS[RelationStatus(code)]


def _quartiers(view: View) -> None:
    if view.quartiers.empty:
        st.info("Aucun quartier : importez les QPV dans la page Données, ou dessinez un quartier vécu.")
        return
    chosen = state.selection(view).type_code
    rows = view.quartiers
    inside = view.located[view.located["inside"]].groupby("quartier_id").size()
    table = pd.DataFrame(
        {
            "Quartier": rows["name"],
            "Habitants": rows["population"].map(wording.number),
            "Structures dedans": [int(inside.get(key, 0)) for key in rows.index],
            "Genre": rows["kind"].map({"qpv": "QPV", "vecu": "quartier vécu"}),
            "Code": rows["code"],
        }
    )
    if chosen:
        of_type = view.gaps[view.gaps["type_code"] == chosen].set_index("quartier_id")
        table.insert(
            1, view.typology[chosen].short_label, of_type["state"].reindex(rows.index).map(_state_words)
        )
    st.dataframe(table, hide_index=True, width="stretch", height=_height(table))


def _state_words(code: str) -> str:
    found = State(code)
    return f"{STATE_SIGNS[found]} {STATE_LABELS[found]}"


def _permanences(rows: pd.DataFrame, view: View) -> None:
    if rows.empty:
        st.caption("Aucune permanence à montrer (couche « Permanences » ou filtres).")
        return
    table = pd.DataFrame(
        {
            "Service": rows["type_code"].map(
                lambda code: view.typology[code].short_label if code in view.typology else code
            ),
            "Tenue par": rows["structure_name"],
            "Lieu": rows["host_name"].where(rows["host_name"].astype(bool), rows["place"]),
            "Quand": rows.apply(_when, axis=1),
        }
    )
    st.dataframe(table, hide_index=True, width="stretch", height=_height(table))


def _when(row: Any) -> str:
    return (
        describe_fr(row["opening_hours"]) if row["opening_hours"] else (row["hours_text"] or wording.UNKNOWN)
    )


def _relations(rows: pd.DataFrame, shown: Shown) -> None:
    if rows.empty:
        hint = (
            "" if "relations" in shown.layers else " Cochez « Relations » dans « Couches » pour les tracer."
        )
        st.caption(f"Aucune relation tracée.{hint}")
        return
    table = pd.DataFrame(
        {
            "De": rows["from_name"],
            "Vers": rows["to_name"],
            "Objet": rows["purpose"].map(RELATION_PURPOSES),
            "Intensité": rows["intensity"].map(INTENSITIES),
            "Statut": rows["status"].map(lambda code: RELATION_STATUS_LABELS[RelationStatus(code)]),
        }
    )
    st.dataframe(table, hide_index=True, width="stretch", height=_height(table))
