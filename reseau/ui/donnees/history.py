"""Imports done, and the sources they came from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.model.reports import ImportReport, UndoReport
from reseau.services.undoing import can_undo, undo_import
from reseau.ui import wording
from reseau.ui.donnees.importing import ordered_sources
from reseau.ui.donnees.report import data_day, local, moment, show_report

if TYPE_CHECKING:
    from reseau.ui.context import Context


ROWS, HEIGHT = 8, 300
UNDONE, ASKED = "donnees_undone", "donnees_undo_asked"


def history(context: Context) -> None:
    """Every import, latest first, and the report of the one chosen."""
    reports = context.view.imports
    if not reports:
        st.info("Aucun fichier n'a encore été importé dans ce territoire. Ouvrez « Importer ».")
        return
    titles = {spec.id: spec.title for spec in ordered_sources()}
    st.caption("Choisissez une ligne pour lire son compte rendu et reprendre les lignes refusées.")
    answer = st.dataframe(
        _history_frame(reports, titles),
        hide_index=True,
        width="stretch",
        height=HEIGHT if len(reports) > ROWS else "auto",
        on_select="rerun",
        selection_mode="single-row",
        key=f"history_{context.tid}",
        column_config={
            "Le": st.column_config.DatetimeColumn(format="DD/MM/YYYY HH:mm", width=125),
            "Source": st.column_config.TextColumn(width=150),
            "Fichier": st.column_config.TextColumn(width=150),
            "Hors territoire": st.column_config.NumberColumn("Hors territ.", width=85),
        },
    )
    rows = answer["selection"]["rows"]
    report = reports[rows[0]] if rows and rows[0] < len(reports) else reports[0]
    with st.container(border=True):
        when = moment(report)
        title = wording.markdown_text(titles.get(report.source, report.source))
        words, button = st.columns([4, 1], vertical_alignment="center")
        words.markdown(
            f"**{wording.markdown_text(report.filename)}** · {title} · importé le {wording.day(when.date())}"
        )
        if can_undo(report) and button.button(
            "Annuler cet import", icon=":material/undo:", width="stretch", key=f"undo_{report.id}"
        ):
            st.session_state[ASKED] = report.id
        if st.session_state.get(ASKED) == report.id:
            _ask_undo(context, report)
        _undone(context, report)
        show_report(report, typology=context.view.typology, key=f"history_{report.id}")


def _leave() -> None:
    st.session_state.pop(ASKED, None)


@st.dialog("Annuler cet import", width="medium", on_dismiss=_leave)
def _ask_undo(context: Context, report: ImportReport) -> None:
    """Say what will happen, then do it."""
    st.markdown(f"**{wording.markdown_text(report.filename)}**")
    st.markdown("\n".join(f"- {line}" for line in _consequences(report)))
    problem = st.empty()
    sure, leave = st.columns(2)
    if sure.button(
        "Annuler l'import", type="primary", icon=":material/undo:", width="stretch", key="undo_sure"
    ):
        try:
            with st.spinner("Annulation…"):
                done = undo_import(context.app, context.tid, int(report.id or 0))
        except ReseauError as error:
            problem.error(wording.markdown_text(str(error)))
            return
        st.session_state[UNDONE] = (report.id, done)
        _leave()
        st.rerun()
    if leave.button("Ne rien changer", width="stretch", key="undo_leave"):
        _leave()
        st.rerun()


def _consequences(report: ImportReport) -> list[str]:
    """What undoing an import would do."""
    made = wording.plural(
        report.created,
        "fiche créée par cet import sera retirée",
        "fiches créées par cet import seront retirées",
    )
    changed = wording.plural(
        report.updated + report.closed,
        "fiche modifiée retrouvera ses valeurs d'avant",
        "fiches modifiées retrouveront leurs valeurs d'avant",
    )
    lines = [f"{made} ;"] if report.created else []
    lines += [f"{changed} ;"] if report.updated + report.closed else []
    lines = lines or ["cet import n'avait rien écrit : aucune fiche ne change ;"]
    return [
        *lines,
        "ce que vous ou un autre import avez changé depuis **reste**, et la liste vous en sera donnée ;",
        "l'import reste dans cette liste, marqué « annulé ».",
    ]


def _undone(context: Context, report: ImportReport) -> None:
    """What undoing did, just after; later, the day it was done."""
    known, done = st.session_state.get(UNDONE) or (None, None)
    if known == report.id and isinstance(done, UndoReport):
        st.success(undo_words(done), icon=":material/undo:")
        if done.left:
            st.caption("Ce qui reste, et pourquoi :")
            table = pd.DataFrame(done.left, columns=["Fiche", "Pourquoi elle reste"])
            st.dataframe(
                table, hide_index=True, width="stretch", height=HEIGHT if len(table) > ROWS else "auto"
            )
    elif report.undone_on:
        st.warning(
            f"Import annulé le {wording.day(local(report.undone_on).date())} : ce qu'il avait écrit n'est "
            "plus là, sauf ce qui avait été changé depuis.",
            icon=":material/undo:",
        )


def undo_words(done: UndoReport) -> str:
    """«L'import est annulé : 12 fiches retirées, 3 remises comme avant, 1 laissée»."""
    removed = wording.plural(done.removed, "fiche retirée", "fiches retirées")
    restored = wording.plural(done.restored, "remise comme avant", "remises comme avant")
    left = wording.plural(len(done.left), "laissée", "laissées")
    return f"L'import est annulé : {removed}, {restored}, {left}."


def _history_frame(reports: tuple[ImportReport, ...], titles: dict[str, str]) -> pd.DataFrame:
    shown = pd.DataFrame(
        [
            {
                "Le": moment(report).replace(tzinfo=None),
                "Source": titles.get(report.source, report.source),
                "Fichier": report.filename,
                "État": "annulé" if report.undone_on else "",
                "Données du": wording.short_day(data_day(report)) or "non précisé",
                "Lues": report.read,
                "Nouvelles": report.created,
                "Modifiées": report.updated,
                "Inchangées": report.unchanged,
                "Refusées": len(report.refused),
                "Hors territoire": report.out_of_scope,
            }
            for report in reports
        ]
    )
    return shown if shown["État"].any() else shown.drop(columns="État")


def sources(context: Context) -> None:
    """Where data may come from, why to trust it, how old what is loaded is."""
    latest: dict[str, ImportReport] = {}
    for report in context.view.imports:
        if not report.undone_on:
            latest.setdefault(report.source, report)
    typology = context.view.typology
    rows = []
    for spec in ordered_sources():
        labels = [typology[code].short_label for code in spec.claims if code in typology]
        where = f"[{spec.address.split('/')[2]}]({spec.address})" if spec.address else "—"
        rows.append(
            {
                "Source": f"**{spec.title}**",
                "Chargée": _loaded(latest.get(spec.id)),
                "Éditeur, licence": f"{spec.publisher}. {spec.licence}.",
                "Adresse": where,
                "Mise à jour": spec.frequency,
                "Pourquoi s'y fier": spec.why_trust,
                "Dit tout recenser pour": ", ".join(labels) or "rien : ne prouve aucune absence",
            }
        )
    st.caption(
        "« Dit tout recenser » : quand cette source est chargée et qu'elle n'a aucun lieu d'un de ces types "
        "dans vos communes, le tableau dit « absent ». Sinon il dit « non renseigné » : on ne sait pas."
    )
    st.table(pd.DataFrame(rows).set_index("Source"))


def _loaded(report: ImportReport | None) -> str:
    if report is None:
        return "jamais"
    day: date | None = data_day(report)
    dated = f"données du {wording.day(day)}" if day else "date des données non précisée"
    return f"{dated} (import du {wording.day(moment(report).date())})"
