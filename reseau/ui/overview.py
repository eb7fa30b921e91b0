"""Pieces of the overview page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import streamlit as st

from reseau.gaps import all_measures
from reseau.gaps.priority_words import FORMULA, explanation, product
from reseau.gaps.sentences import basis_sentence, gap_sentence
from reseau.model.typology import FAMILIES
from reseau.model.vocabulary import (
    ACTION_FORMS,
    STATE_COLOURS,
    STATE_LABELS,
    STATE_MEANINGS,
    STATE_SIGNS,
    ActionStatus,
    RelationStatus,
    State,
)
from reseau.services import editing
from reseau.services.importing import list_sources
from reseau.services.priorities import priorities
from reseau.services.scenario_ideas import permanence_in
from reseau.ui import state, wording
from reseau.ui.components.matrix import Cell, matrix
from reseau.ui.decider.what_if_draft import propose
from reseau.ui.mesures.of_cell import measures_of_cell

if TYPE_CHECKING:
    from reseau.model.typology import PartnerType
    from reseau.services.view import View
    from reseau.ui.context import Context

COMING_DAYS = 45
SHOWN = 10
FRAGILE_SIGN = "~"
FRAGILE_MEANING = "état fragile : un seuil ou des positions un peu différents le changeraient"
UNPLACED_MEANING = "un lieu est connu, mais sans position : rien ne peut être mesuré"


def first_steps(view: View) -> None:
    """What to do when there is nothing to show yet, and why the table is empty."""
    st.info("Le tableau se remplit avec deux fichiers : les contours des quartiers et vos partenaires.")
    steps = (
        ("Importer les contours des quartiers (QPV), ou dessiner un quartier vécu sur la carte",
         view.quartiers.empty, "Données", "p9_donnees"),
        ("Importer vos partenaires (tableur) ou les établissements de santé (FINESS)",
         view.structures.empty, "Données", "p9_donnees"),
        ("Choisir votre structure pivot, c'est-à-dire la vôtre",
         view.pivot_id is None, "Réglages", "p10_reglages"),
    )  # fmt: skip
    following = next((rank for rank, step in enumerate(steps) if step[1]), None)
    for rank, (words, missing, page, target) in enumerate(steps):
        text, button = st.columns([80, 20], vertical_alignment="center")
        text.text(f"{rank + 1}. {words} : {'à faire' if missing else '✓ fait'}")
        kind: Literal["primary", "secondary"] = "primary" if rank == following else "secondary"
        if button.button(f"Ouvrir la page {page}", key=f"first_{rank}", type=kind, width="stretch"):
            state.go(target)


def figures(view: View) -> None:
    """One line of counts, each with what it leaves out."""
    structures = view.structures
    unplaced = int((~structures["placed"] & ~structures["closed"]).sum())
    active = int((view.relations["status"] == RelationStatus.ACTIF).sum())
    counts = view.expected_gaps["state"].value_counts()
    parts = [
        wording.plural(len(view.quartiers), "quartier"),
        f"{wording.plural(len(structures), 'structure')} ({unplaced} à placer)",
        wording.plural(active, "relation active", "relations actives"),
        *(
            f"{STATE_SIGNS[item]} {STATE_LABELS[item].lower()} : {wording.number(counts.get(item, 0))}"
            for item in State
        ),
    ]
    st.caption(" · ".join(parts))
    if view.pivot_id is None:
        st.warning(
            "Votre structure pivot n'est pas choisie : aucune relation ne peut compter, et rien ne peut être "
            "« couvert ». Choisissez-la dans la page Réglages.",
            icon=":material/flag:",
        )


def header(words: str) -> tuple[list[str], bool]:
    """Title of the page and, beside it, families and whether only expected types are shown."""
    title, left, right = st.columns([26, 44, 30], vertical_alignment="center")
    title.title(words, anchor=False)
    chosen = left.multiselect(
        "Familles",
        list(FAMILIES),
        format_func=lambda code: FAMILIES[code].label,
        placeholder="Toutes les familles",
        key="overview_families",
        label_visibility="collapsed",
    )
    expected = right.toggle(
        "Types attendus seulement",
        value=True,
        key="overview_expected",
        help="Les types que votre territoire attend pour chaque quartier (page Réglages).",
    )
    return chosen, expected


def state_table(view: View, *, families: list[str], expected_only: bool) -> Cell | None:
    """The table quartier × type; answers the cell just clicked."""
    table = view.expected_gaps if expected_only else view.gaps
    present = set(table["type_code"])
    types = [
        item for item in view.typology if item.code in present and (not families or item.family in families)
    ]
    if not types:
        st.info("Aucun type ne correspond à ces filtres.")
        return None
    order = list(FAMILIES)
    types.sort(key=lambda item: order.index(item.family))
    rows = [
        {
            "id": item.code,
            "label": item.short_label,
            "title": item.full_label,
            "group": FAMILIES[item.family].label,
            "colour": FAMILIES[item.family].colour,
        }
        for item in types
    ]
    columns = [
        {
            "id": int(quartier_id),
            "label": quartier["name"],
            "title": f"{quartier['name']} ({quartier['code']}), {_inhabitants(quartier)}",
        }
        for quartier_id, quartier in zip(
            view.people.index.tolist(), view.people.to_dict("records"), strict=True
        )
    ]
    drawn: dict[tuple[int, str], dict[str, str]] = view.memo(
        "overview_cells",
        lambda: {couple: _cell(row, view.typology[couple[1]]) for couple, row in _gap_rows(view).items()},
    )
    asked = set(zip(table["quartier_id"].tolist(), table["type_code"].tolist(), strict=True))
    # A type may be expected of large quartiers only: the others have no cell.
    cells = [
        [drawn[couple] if (couple := (column["id"], row["id"])) in asked else None for column in columns]
        for row in rows
    ]
    chosen = state.selection(view)
    selected = Cell(chosen.quartier_id, chosen.type_code) if chosen.quartier_id and chosen.type_code else None
    answer = matrix(rows, columns, cells, selected=selected, key="overview_matrix")
    legend = " · ".join(f"{STATE_SIGNS[item]} {STATE_LABELS[item]}" for item in State)
    if any(cell is None for line in cells for cell in line):
        legend += " · case vide : non attendu d'un quartier de cette taille"
    basis = basis_sentence(view.territoire, view.travel, view.people)
    st.caption(
        f"{legend} · {FRAGILE_SIGN} {FRAGILE_MEANING}. Cliquez sur une case pour le détail. {basis} Types "
        f"attendus : {view.reference} (il n'existe pas de norme nationale)."
    )
    return answer


def _cell(row: Mapping[str, Any], kind: PartnerType) -> dict[str, str]:
    found = State(row["state"])
    why = f" : {row['reason']}" if row["reason"] else ""
    doubt = f" — {'fragile' if row['fragile'] else 'à vérifier'}{why}"
    return {
        "state": found.value,
        "sign": STATE_SIGNS[found],
        "mark": FRAGILE_SIGN if row["fragile"] else "",
        "colour": STATE_COLOURS[found],
        "title": f"{row['quartier_name']}, {kind.full_label} : {STATE_LABELS[found]} "
        f"({STATE_MEANINGS[found]}){'' if row['reliable'] else doubt}",
    }


def _inhabitants(quartier: Mapping[Any, Any]) -> str:
    if pd.isna(quartier["population"]):
        return "nombre d'habitants non renseigné"
    told = wording.plural(int(quartier["population"]), "habitant")
    return f"environ {told} ({quartier['population_source']})" if quartier["estimated"] else told


def cell_detail(context: Context) -> None:
    """What is known of the chosen cell, and where it leads."""
    view = context.view
    chosen = state.selection(view)
    if chosen.quartier_id is None or chosen.type_code is None:
        _how_to_read()
        return
    row = gap_row(view, chosen.quartier_id, chosen.type_code)
    partner_type = view.typology[chosen.type_code]
    found = State(row["state"])
    with st.container(border=True):
        st.markdown(
            f"**{wording.markdown_text(row['quartier_name'])} · "
            f"{wording.markdown_text(partner_type.full_label)}**"
        )
        waiting = found is State.NON_RENSEIGNE and row["n_unplaced"] > 0
        meaning = UNPLACED_MEANING if waiting else STATE_MEANINGS[found]
        st.markdown(f"{STATE_SIGNS[found]} **{STATE_LABELS[found]}** : {meaning}")
        st.text(sentence_of(view, row))
        if row["reason"] and found not in {State.ABSENT, State.NON_RENSEIGNE}:
            doubt = f"{FRAGILE_SIGN} **État fragile** : " if row["fragile"] else ""
            st.caption(f"{doubt}{wording.markdown_text(row['reason'])}")
        st.caption(
            f"Part d'habitants à portée : {wording.percent(row['share'])} · "
            f"lieux connus : {row['n_points']} · à placer : {row['n_unplaced']}"
        )
        _fine_holes(view, chosen.quartier_id, chosen.type_code)
        measures_of_cell(view, chosen.quartier_id, chosen.type_code)
        if st.button("Voir sur la carte", icon=":material/map:", width="stretch"):
            state.go("p2_carte")
        if st.button("Voir dans le réseau", icon=":material/hub:", width="stretch"):
            if not pd.isna(row["nearest_id"]):
                state.select(view, structure_id=int(row["nearest_id"]))
            state.go("p3_reseau")
        if st.button(
            "Préparer une action", icon=":material/directions_walk:", width="stretch", type="primary"
        ):
            st.session_state["prepare_action"] = (chosen.quartier_id, chosen.type_code)
            state.go("p6_aller_vers")
        if found is not State.COUVERT and st.button(
            "Et si une permanence ouvrait ?", icon=":material/science:", width="stretch"
        ):
            propose([permanence_in(view, chosen.quartier_id, chosen.type_code)])
        if found in {State.ELOIGNE, State.ABSENT} and not pd.isna(row["threshold_minutes"]):
            _where_button()
        if waiting:
            _place_button()
        _absence_button(context, row)


def _where_button() -> None:
    if st.button("Où aller pour ce type ?", icon=":material/add_location_alt:", width="stretch"):
        st.session_state["decider_next_section"] = "ou_aller"
        state.go("p7_decider")


def _place_button() -> None:
    if st.button("Placer ce lieu sur la carte", icon=":material/location_on:", width="stretch"):
        st.session_state["donnees_next_section"] = "a_placer"
        state.go("p9_donnees")


def _fine_holes(view: View, quartier_id: int, type_code: str) -> None:
    """Among the near places: somebody in the evening, on Saturday, free of charge…? Unknown stays unknown."""
    answers = {
        measure.label: view.fine_holes[key].get((quartier_id, type_code))
        for key, measure in all_measures().items()
        if key in view.fine_holes
    }
    known = {label: answer for label, answer in answers.items() if isinstance(answer, str)}
    if known:
        st.caption("Parmi les lieux proches — " + " · ".join(f"{label} : {known[label]}" for label in known))


def _how_to_read() -> None:
    with st.container(border=True):
        st.markdown("**Comment lire ce tableau**")
        for item in State:
            st.markdown(f"{STATE_SIGNS[item]} **{STATE_LABELS[item]}** : {STATE_MEANINGS[item]}.")
        st.markdown(f"{FRAGILE_SIGN} {FRAGILE_MEANING}.")
        st.caption(
            "Absent et non renseigné ne sont jamais confondus : le second est un trou dans les données."
        )


def _absence_button(context: Context, row: dict[str, Any]) -> None:
    """Record or take back «vérifié : il n'y en a pas»."""
    view = context.view
    quartier_id, type_code = int(row["quartier_id"]), str(row["type_code"])
    verified = any(
        item.quartier_code == row["quartier_code"] and item.type_code == type_code for item in view.absences
    )
    if verified:
        if st.button("Retirer « vérifié : il n'y en a pas »", width="stretch"):
            editing.remove_absence(context.app, context.tid, quartier_id, type_code)
            st.rerun()
    elif row["state"] in {State.NON_RENSEIGNE, State.ABSENT} and not row["n_unplaced"]:
        with st.popover("J'ai vérifié : il n'y en a pas", width="stretch"):
            note = st.text_input("Comment le savez-vous ? (facultatif)", key="absence_note", max_chars=200)
            if st.button("Enregistrer avec la date du jour"):
                editing.set_absence(context.app, context.tid, quartier_id, type_code, note=note)
                st.toast("L'absence vérifiée est enregistrée.", icon=":material/check:")
                st.rerun()


def gap_row(view: View, quartier_id: int, type_code: str) -> dict[str, Any]:
    """The line of GAPS of one cell, to be read only."""
    return _gap_rows(view)[quartier_id, type_code]


def _gap_rows(view: View) -> dict[tuple[int, str], dict[str, Any]]:
    rows: dict[tuple[int, str], dict[str, Any]] = view.memo(
        "gap_rows",
        lambda: {(row["quartier_id"], row["type_code"]): row for row in view.gaps.to_dict("records")},
    )
    return rows


def sentence_of(view: View, row: Any) -> str:
    """One line of GAPS in words, as plain text."""
    return gap_sentence(
        row,
        quartier=view.people.loc[row["quartier_id"]],
        partner_type=view.typology[row["type_code"]],
        settings=view.territoire,
        walked=not view.travel.is_straight,
    )


def first_priorities(context: Context) -> None:
    """The first ten priorities in words, each one click from its cell."""
    view = context.view
    st.subheader("Les dix priorités", anchor=False)
    found = priorities(view)
    first = found.lines.head(SHOWN).to_dict("records")
    # Without a number of inhabitants there is no score: better said after the others than not at all.
    first += found.without_population.head(SHOWN - len(first)).to_dict("records")
    if not first:
        st.info("Aucune lacune connue parmi les types attendus. Regardez aussi ce qui n'est pas renseigné.")
    for row in first:
        quartier_id, type_code = int(row["quartier_id"]), str(row["type_code"])
        words, button = st.columns([82, 18], vertical_alignment="center")
        sign = STATE_SIGNS[State(row["state"])]
        words.text(f"{sign} {sentence_of(view, gap_row(view, quartier_id, type_code))}")
        how = product(row) if pd.isna(row["score"]) else explanation(row)
        if button.button("Ouvrir", key=f"first_{quartier_id}_{type_code}", help=how, width="stretch"):
            state.select(view, quartier_id=quartier_id, type_code=type_code)
            st.rerun()
    unknown = len(found.to_fill)
    st.caption(
        f"Rangées par {FORMULA} ({view.reference}). À part : {wording.plural(unknown, 'case')} "
        "sans rien qui permette de conclure (données à compléter, pas une lacune du territoire)."
    )
    if first and st.button("Voir tout le classement et son calcul", icon=":material/priority_high:"):
        st.session_state["mesures_next_section"] = "priorites"
        state.go("p4_mesures")


def next_actions(view: View) -> None:
    """Actions of the coming weeks, soonest first."""
    st.subheader("Prochaines actions", anchor=False)
    actions = view.actions
    soon = [
        row
        for row in actions.to_dict("records")
        if isinstance(row["starts_on"], date)
        and view.on <= row["starts_on"] <= view.on + timedelta(days=COMING_DAYS)
        and row["status"] not in {ActionStatus.ANNULEE, ActionStatus.REALISEE}
    ]
    if not soon:
        st.caption(f"Aucune action prévue dans les {COMING_DAYS} prochains jours.")
    for row in sorted(soon, key=lambda item: (item["starts_on"], item["start_time"]))[:6]:
        when = wording.day(row["starts_on"]) + (f", {row['start_time']}" if row["start_time"] else "")
        st.text(f"{when} — {row['title']} ({ACTION_FORMS[row['form']]})")
    if st.button("Ouvrir l'aller-vers", icon=":material/calendar_month:"):
        state.go("p6_aller_vers")


def freshness(view: View) -> None:
    """How old the data is, source by source."""
    st.subheader("Fraîcheur des données", anchor=False)
    titles = {spec.id: spec.title for spec in list_sources()}
    latest: dict[str, tuple[str, str]] = {}
    for report in view.imports:
        latest.setdefault(report.source, (report.data_date, report.on[:10]))
    if not latest:
        st.caption("Aucun fichier importé : tout a été saisi à la main.")
        return
    # A Markdown table: the grid component of `st.dataframe` would double the weight of the first page.
    lines = ["| Source | Données du | Importées le |", "|---|---|---|"]
    for source, (dated, imported) in sorted(latest.items()):
        told = wording.short_day(date.fromisoformat(dated)) if dated else "non précisé"
        when = wording.short_day(date.fromisoformat(imported))
        lines.append(f"| {wording.markdown_text(titles.get(source, source))} | {told} | {when} |")
    st.markdown("\n".join(lines))
