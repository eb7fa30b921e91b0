"""Two dates: photos of the figures, kept by hand or once a month, beside today or one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.gaps.comparing import Cause
from reseau.gaps.comparing_words import (
    CAUSE_LABELS,
    CHANGE_LABELS,
    cell_words,
    changes_table,
    dates_sentences,
    dates_table,
)
from reseau.services import comparisons, snapshots
from reseau.services.snapshots import MAX_LABEL, Snapshot
from reseau.ui import state, wording
from reseau.ui.mesures import comparing_tables as tables

if TYPE_CHECKING:
    from reseau.services.comparisons import DatesComparison
    from reseau.ui.context import Context

TODAY = 0
EVERYWHERE = "Tous les quartiers"
_SAID = "comparer_dit"


def dates(context: Context) -> None:
    """The section."""
    if said := st.session_state.pop(_SAID, None):
        st.toast(said, icon=":material/check:")
    known = snapshots.list_snapshots(context.app, context.tid)
    left, right, keep, shelf = st.columns([32, 32, 18, 18], vertical_alignment="bottom")
    with keep.popover("Garder une photo", icon=":material/photo_camera:", width="stretch"):
        _keep(context)
    if not known:
        st.info(
            "Aucune photo des chiffres n'est encore gardée : il n'y a rien à comparer à aujourd'hui. Une "
            "photo est gardée d'elle-même chaque mois où cette page est ouverte ; « Garder une photo » en "
            "garde une maintenant, par exemple avant un comité."
        )
        return
    with shelf.popover(
        wording.counted("Photos", len(known)), icon=":material/photo_library:", width="stretch"
    ):
        _shelf(context, known)
    words = {item.id: _name(item) for item in known}
    oldest = len(known) - 1
    before = left.selectbox(
        "De", list(words), index=oldest, format_func=words.__getitem__, key=f"comparer_de_{context.tid}"
    )
    ends = {TODAY: "aujourd'hui"} | {key: text for key, text in words.items() if key != before}
    after = right.selectbox("à", list(ends), format_func=ends.__getitem__, key=f"comparer_a_{context.tid}")
    try:
        found = comparisons.compare_photos(context.app, context.tid, before, after or None)
    except ReseauError as error:
        st.error(wording.markdown_text(str(error)))
        return
    _show(context, found)


def _name(item: Snapshot) -> str:
    label = item.label or ("photo du mois" if item.automatic else "")
    return f"{wording.day(item.on)}{f' — {label}' if label else ''} (n° {item.id})"


def _keep(context: Context) -> None:
    label = st.text_input(
        "Son nom (facultatif)", key="comparer_nom", max_chars=MAX_LABEL, placeholder="Avant le comité de mars"
    )
    st.caption(
        "Les états, les parts, les réglages et les dates des données d'aujourd'hui. Aucun nom de lieu."
    )
    if st.button("Garder les chiffres d'aujourd'hui", type="primary", key="comparer_garder"):
        try:
            snapshots.keep_snapshot(context.app, context.tid, label)
        except ReseauError as error:
            st.error(wording.markdown_text(str(error)))
            return
        st.session_state[_SAID] = "La photo est gardée."
        st.rerun()


def _shelf(context: Context, known: list[Snapshot]) -> None:
    """Rename or delete one."""
    words = {item.id: _name(item) for item in known}
    chosen = st.selectbox(
        "Photo", list(words), format_func=words.__getitem__, key=f"comparer_photo_{context.tid}"
    )
    label = next(item.label for item in known if item.id == chosen)
    name = st.text_input("Nom", value=label, key=f"comparer_renommer_{chosen}_{label}", max_chars=MAX_LABEL)
    sure = st.checkbox("Oui, la supprimer pour de bon", key=f"comparer_sur_{chosen}")
    with st.container(horizontal=True):
        rename = st.button("Renommer", icon=":material/edit:", key="comparer_renommer")
        delete = st.button("Supprimer", icon=":material/delete:", key="comparer_supprimer", disabled=not sure)
    try:
        if rename:
            snapshots.rename_snapshot(context.app, context.tid, chosen, name)
            st.session_state[_SAID] = "La photo est renommée."
        elif delete:
            snapshots.delete_snapshot(context.app, context.tid, chosen)
            st.session_state[_SAID] = "La photo est supprimée."
    except ReseauError as error:
        st.error(wording.markdown_text(str(error)))
        return
    if rename or delete:
        st.rerun()


def _show(context: Context, found: DatesComparison) -> None:
    tables.say(dates_sentences(found.before, found.after, found.rows, methods=found.methods))
    _method(found)
    view = context.view
    quartier, sort = st.columns([35, 65], vertical_alignment="bottom")
    names = {row.quartier_code: row.quartier_name for row in found.rows}
    options = {"": EVERYWHERE} | wording.unique_labels(names)
    where = quartier.selectbox(
        "Quartier", list(options), format_func=options.__getitem__, key=f"comparer_ou_{context.tid}"
    )
    with sort:
        shown = tables.filters("comparer_dates")
    rows = [
        row
        for row in found.rows
        if where in {"", row.quartier_code}
        and (not shown.differences_only or row.cause is not Cause.NONE)
        and (not shown.expected_only or any(cell and cell.expected for cell in (row.before, row.after)))
    ]
    labels = {**found.before.labels, **found.after.labels}
    today = view.typology.types
    short = {item.code: item.short_label for item in view.typology}
    frame = pd.DataFrame(
        [
            (row.quartier_name, short.get(row.type_code) or labels.get(row.type_code, row.type_code),
             CHANGE_LABELS[row.verdict], CAUSE_LABELS[row.cause], cell_words(row.before, places=False),
             cell_words(row.after, places=False))
            for row in rows
        ],
        columns=["Quartier", "Type", "Changement", "Vient de", "Avant", "Après"],
    )  # fmt: skip
    chosen = tables.table(
        frame,
        widths={"Quartier": 150, "Type": 170, "Changement": 120, "Vient de": 150},
        key="comparer_dates",
        empty="Aucune différence parmi ce qui est montré.",
    )
    if chosen is not None:
        codes = view.quartiers["code"]
        here = codes.index[codes == rows[chosen].quartier_code]
        if len(here) and rows[chosen].type_code in today:
            state.select(view, quartier_id=int(here[0]), type_code=rows[chosen].type_code)
    tables.download(
        *dates_table(found.rows, labels=labels, known=today),
        name=f"changements-{found.before.on}-{found.after.on}",
        key="comparer_dates_csv",
    )


def _method(found: DatesComparison) -> None:
    """What is not measured alike, then files and sheets."""
    if found.separated:
        st.caption(
            "Les chiffres d'aujourd'hui ont été recalculés avec les réglages d'alors : ce qui vient de la "
            "méthode est compté à part."
        )
    elif found.separated is False:
        st.caption(
            "L'ancienne façon de mesurer ne peut pas être refaite : ce qui en dépend n'est attribué ni au "
            "territoire ni à la méthode."
        )
    left, right = st.columns(2)
    if found.methods:
        words = wording.counted("Ce qui n'est pas mesuré ou compté pareil", len(found.methods))
        with left.expander(words, icon=":material/rule:", expanded=found.separated is False):
            tables.markdown_table(*changes_table(found.methods))
    if found.sources:
        words = wording.counted("Fichiers et fiches entre les deux dates", len(found.sources))
        with right.expander(words, icon=":material/upload_file:"):
            st.caption(
                "Un lieu ajouté par un fichier n'a pas forcément ouvert entre-temps : il est connu depuis."
            )
            tables.markdown_table(*changes_table(found.sources))
