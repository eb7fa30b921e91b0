"""The report of one import: what became of every line, and the refused ones to correct."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.services.refusals import refused_csv, refused_xlsx
from reseau.ui import wording

if TYPE_CHECKING:
    from reseau.model.reports import ImportReport, RefusedRow
    from reseau.model.typology import Typology

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOTHING_NEW = "Rien n'a changé : ce que dit ce fichier était déjà enregistré, à l'identique."
WHOLE = 5
OUTSIDE = (
    "Rien n'a été enregistré : tout est hors de votre territoire. Vérifiez les codes INSEE de vos communes "
    "(pas les codes postaux) dans la page Réglages, ou le département du fichier."
)
NOTHING_TAKEN = "Rien n'a été enregistré : aucune ligne de ce fichier n'a pu être prise."


def show_report(report: ImportReport, *, typology: Typology, key: str) -> None:
    """Draw a report. `key` makes its buttons unique on the page."""
    counts = {
        "Lignes lues": report.read,
        "Nouvelles": report.created,
        "Modifiées": report.updated,
        "Inchangées": report.unchanged,
        "Refusées": len(report.refused),
        "Hors territoire": report.out_of_scope,
    }
    if report.skipped:
        counts["Non choisies"] = report.skipped
    if report.closed:
        counts["Disparues"] = report.closed
    for column, (label, count) in zip(st.columns(len(counts)), counts.items(), strict=True):
        column.metric(label, wording.number(count))
    st.caption(balance(report))
    if not (report.created or report.updated or report.closed):
        if report.read and report.out_of_scope == report.read:
            st.warning(OUTSIDE, icon=":material/flag:")
        else:
            st.info(NOTHING_NEW if report.unchanged else NOTHING_TAKEN, icon=":material/done_all:")
    if report.notes:
        st.markdown("\n".join(f"- {wording.markdown_text(note)}" for note in report.notes))
    if report.claims:
        labels = ", ".join(typology[code].short_label for code in report.claims if code in typology)
        st.caption(
            "Ce fichier dit tout recenser dans vos communes pour : "
            f"{wording.markdown_text(labels)}. Sans aucun lieu connu, ces types seront « absent » et non "
            "« non renseigné »."
        )
    if report.refused:
        _refused(report, key)


def balance(report: ImportReport) -> str:
    """«12 lignes lues = 8 nouvelles + 1 modifiée + …»: nothing is lost on the way."""
    parts = [
        wording.plural(report.created, "nouvelle"),
        wording.plural(report.updated, "modifiée"),
        wording.plural(report.unchanged, "inchangée"),
        wording.plural(len(report.refused), "refusée"),
        f"{wording.number(report.out_of_scope)} hors du territoire",
    ]
    if report.skipped:
        parts.append(wording.plural(report.skipped, "non choisie"))
    read = wording.plural(report.read, "ligne lue", "lignes lues")
    return f"{read} = {' + '.join(parts)}.{left_words(report.closed)}"


def left_words(gone: int) -> str:
    """What is said of rows the source no longer lists."""
    if not gone:
        return ""
    if gone == 1:
        return " 1 fiche enregistrée n'y est plus."
    return f" {wording.number(gone)} fiches enregistrées n'y sont plus."


def moment(report: ImportReport) -> datetime:
    """When it was done, local time (midnight for a report that only knows its day)."""
    return local(report.on)


def local(stored: str) -> datetime:
    """A stored moment (UTC, or only a day) in local time."""
    when = datetime.fromisoformat(stored)
    return when.replace(tzinfo=UTC).astimezone() if len(stored) > 10 else when


def data_day(report: ImportReport) -> date | None:
    """Date of the data according to the file, None when it does not say."""
    return date.fromisoformat(report.data_date) if report.data_date else None


def _refused(report: ImportReport, key: str) -> None:
    count = wording.plural(len(report.refused), "ligne n'a pas été prise", "lignes n'ont pas été prises")
    st.warning(
        f"{count}. Rien n'est perdu : téléchargez-les avec leurs raisons, corrigez le fichier, puis "
        "importez-le de la même façon.",
        icon=":material/edit_note:",
    )
    stem = report.filename.rsplit(".", 1)[0] or "import"
    left, middle, _ = st.columns([3, 3, 1])
    left.download_button(
        "Lignes à corriger (XLSX)",
        refused_xlsx(report),
        file_name=f"{stem}-a-corriger.xlsx",
        mime=XLSX,
        icon=":material/download:",
        key=f"{key}_xlsx",
        on_click="ignore",
        width="stretch",
    )
    middle.download_button(
        "Lignes à corriger (CSV)",
        refused_csv(report),
        file_name=f"{stem}-a-corriger.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"{key}_csv",
        on_click="ignore",
        width="stretch",
    )
    table = refused_frame(report.refused)
    # A table cuts long texts: the first reasons are written whole.
    for problem in table.head(WHOLE).itertuples(index=False):
        st.text(f"Ligne {problem[0]}, {problem[1] or 'toute la ligne'} : {problem[3]}")
    with st.expander(f"Toutes les raisons, en tableau ({len(table)})", expanded=len(table) > WHOLE):
        st.dataframe(table, hide_index=True, width="stretch", height="auto")


def refused_frame(refused: Sequence[RefusedRow]) -> pd.DataFrame:
    """One row per problem: line, column, value, reason."""
    return pd.DataFrame(
        [
            (problem.line, problem.column, problem.value, problem.reason)
            for row in refused
            for problem in row.problems
        ],
        columns=["Ligne", "Colonne", "Valeur", "Pourquoi, et que faire"],
    )
