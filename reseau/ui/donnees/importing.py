"""Importing: choose a source, give files, check their columns, import, read the report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

import streamlit as st

from reseau.errors import ReseauError
from reseau.model.reports import ImportReport
from reseau.services.importing import KINDS, FileToImport, SourceSpec, import_file, list_sources, template_for
from reseau.services.placing import to_place
from reseau.ui import wording
from reseau.ui.donnees.mapping import Choice, choose, forget_other_files
from reseau.ui.donnees.report import XLSX, show_report
from reseau.ui.donnees.uploads import Upload, as_file

if TYPE_CHECKING:
    from reseau.ui.context import Context

ROUND, OUTCOMES = "donnees_round", "donnees_outcomes"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: a report, or why nothing of it was written."""

    filename: str
    report: ImportReport | None
    problem: str = ""


def ordered_sources() -> list[SourceSpec]:
    """Sources in the order a new territory needs them."""
    return sorted(list_sources(), key=lambda spec: (KINDS.index(spec.kind), spec.priority, spec.id))


def importer(context: Context) -> None:
    """Draw the section."""
    specs = {spec.id: spec for spec in ordered_sources()}
    about, work = st.columns([37, 63], gap="medium")
    with about:
        source_id = st.selectbox(
            "Que voulez-vous importer ?",
            list(specs),
            format_func=lambda code: specs[code].title,
            key="donnees_source",
        )
        _about(specs[source_id], context)
    with work:
        waiting = _files(context, specs[source_id])
        _outcomes(context, waiting)


def _about(spec: SourceSpec, context: Context) -> None:
    st.caption(spec.why_trust)
    lines = [f"**Éditeur** : {spec.publisher}", f"**Licence** : {spec.licence}"]
    lines.append(f"**Mise à jour** : {spec.frequency}")
    if spec.address:
        lines.append(f"**Où le trouver** : [{spec.address.split('/')[2]}]({spec.address})")
    labels = [context.view.typology[code].short_label for code in spec.claims]
    if labels:
        lines.append(f"**Dit tout recenser** pour : {', '.join(labels)}")
    elif spec.kind == "structures":
        lines.append("**Ne dit pas tout recenser** : un type qui n'y est pas reste « non renseigné ».")
    st.markdown("  \n".join(lines))
    template = _template(spec.id)
    if template is not None:
        st.download_button(
            "Télécharger le modèle à remplir (XLSX)",
            template,
            file_name=f"modele-{spec.id}.xlsx",
            mime=XLSX,
            icon=":material/download:",
            on_click="ignore",
            width="stretch",
        )
    record = context.territoire.record
    communes = ", ".join(record.communes) or "aucune commune choisie (page Réglages)"
    radius = f", et {wording.number(record.radius_km, 1)} km autour des quartiers" if record.radius_km else ""
    st.caption(f"Un fichier national est réduit à votre territoire : {communes}{radius}.")


@cache
def _template(source_id: str) -> bytes | None:
    return template_for(source_id)


def _files(context: Context, spec: SourceSpec) -> set[str]:
    """Files given and their columns; answers their names."""
    uploads = cast(
        "list[Upload]",
        st.file_uploader(
            f"Fichiers à importer ({', '.join(spec.extensions)})",
            type=[extension.removeprefix(".") for extension in spec.extensions],
            accept_multiple_files=True,
            key=f"donnees_files_{spec.id}_{st.session_state.get(ROUND, 0)}",
        ),
    )
    forget_other_files(uploads)
    if not uploads:
        if not st.session_state.get(OUTCOMES):
            st.info(
                "Déposez un fichier : vous verrez ses premières lignes et vous pourrez vérifier ses colonnes "
                "avant que quoi que ce soit soit enregistré."
            )
        return set()
    bar = st.container()
    choices = [choose(context.app, spec.id, upload, alone=len(uploads) == 1) for upload in uploads]
    label = "Importer" if len(choices) == 1 else f"Importer les {len(choices)} fichiers"
    ready = all(choice.ready for choice in choices)
    if bar.button(label, type="primary", icon=":material/upload:", disabled=not ready, key="donnees_import"):
        with bar:
            _run(context, spec, choices)
    return {upload.name for upload in uploads}


def _run(context: Context, spec: SourceSpec, choices: list[Choice]) -> None:
    """Import every file in turn; one that fails leaves nothing and does not stop the others."""
    progress = st.progress(0.0, "Import…")
    outcomes: list[Outcome] = []
    for rank, choice in enumerate(choices):
        name = choice.upload.name

        def on_progress(share: float, sentence: str, rank: int = rank) -> None:
            progress.progress((rank + share) / len(choices), wording.markdown_text(sentence))

        try:
            with as_file(choice.upload) as path:
                file = FileToImport(path=path, name=name, mapping=choice.mapping, sheet=choice.sheet)
                report = import_file(context.app, context.tid, spec.id, file, on_progress=on_progress)
            outcomes.append(Outcome(name, report))
        except ReseauError as error:
            outcomes.append(Outcome(name, None, str(error)))
    st.session_state[OUTCOMES] = (context.tid, outcomes)
    if all(outcome.report for outcome in outcomes):
        # A new key empties the uploader; after a failure the file stays, to try other columns.
        st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.rerun()


def _outcomes(context: Context, waiting: set[str]) -> None:
    """Reports of the last import; once other files are given, only what is about them."""
    tid, outcomes = st.session_state.get(OUTCOMES) or (None, [])
    if tid != context.tid:
        return
    if waiting:
        outcomes = [outcome for outcome in outcomes if outcome.filename in waiting]
    for rank, outcome in enumerate(outcomes):
        with st.container(border=True):
            st.markdown(f"**Compte rendu : {wording.markdown_text(outcome.filename)}**")
            if outcome.report is None:
                st.error(
                    f"{wording.markdown_text(outcome.problem)}\n\nRien n'a été enregistré de ce fichier.",
                    icon=":material/error:",
                )
            else:
                show_report(outcome.report, typology=context.view.typology, key=f"outcome_{rank}")
    if outcomes:
        _what_next(context)


def _what_next(context: Context) -> None:
    waiting = len(to_place(context.app, context.tid))
    row = st.container(horizontal=True)
    if waiting and row.button(
        f"Placer sur la carte {wording.plural(waiting, 'structure')} sans position",
        icon=":material/location_on:",
    ):
        st.session_state["donnees_next_section"] = "a_placer"
        st.rerun()
    if row.button("Fermer ce compte rendu", icon=":material/close:"):
        st.session_state.pop(OUTCOMES)
        st.rerun()
