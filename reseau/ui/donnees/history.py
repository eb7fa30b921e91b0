"""Imports done, and the sources they came from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.ui import wording
from reseau.ui.donnees.importing import ordered_sources
from reseau.ui.donnees.report import data_day, moment, show_report

if TYPE_CHECKING:
    from reseau.model.reports import ImportReport
    from reseau.ui.context import Context


ROWS, HEIGHT = 8, 300


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
            "Source": st.column_config.TextColumn(width=190),
            "Fichier": st.column_config.TextColumn(width=150),
            "Hors territoire": st.column_config.NumberColumn(width=100),
        },
    )
    rows = answer["selection"]["rows"]
    report = reports[rows[0]] if rows and rows[0] < len(reports) else reports[0]
    with st.container(border=True):
        when = moment(report)
        title = wording.markdown_text(titles.get(report.source, report.source))
        st.markdown(
            f"**{wording.markdown_text(report.filename)}** · {title} · importé le {wording.day(when.date())}"
        )
        show_report(report, typology=context.view.typology, key=f"history_{report.id}")


def _history_frame(reports: tuple[ImportReport, ...], titles: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Le": moment(report).replace(tzinfo=None),
                "Source": titles.get(report.source, report.source),
                "Fichier": report.filename,
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


def sources(context: Context) -> None:
    """Where data may come from, why to trust it, how old what is loaded is."""
    latest: dict[str, ImportReport] = {}
    for report in context.view.imports:
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
