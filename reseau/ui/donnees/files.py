"""Files given, what each is recognised as, and how its columns are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

import streamlit as st

from reseau.services.guessing import guess_source
from reseau.services.importing import SourceSpec
from reseau.ui import wording
from reseau.ui.donnees.fetched import Fetched, fetched, forget_fetched
from reseau.ui.donnees.mapping import Choice, choose, forget_other_files
from reseau.ui.donnees.uploads import Upload, under_its_name

if TYPE_CHECKING:
    from reseau.ui.context import Context

ROUND, RECOGNISED = "donnees_round", "donnees_recognised"


def given_files(context: Context, specs: Mapping[str, SourceSpec], compared: Collection[str]) -> list[Choice]:
    """Draw the uploader and one line a file; answers how each will be read.

    Args:
        compared: files already compared: once they all are, what they are is folded away.
    """
    uploads = cast(
        "list[Upload]",
        st.file_uploader(
            "**1. Vos fichiers** : un ou plusieurs, de toutes sortes à la fois",
            accept_multiple_files=True,
            key=f"donnees_files_{st.session_state.get(ROUND, 0)}",
        ),
    )
    uploads = [*fetched(context), *uploads]
    forget_other_files(uploads)
    _forget_recognised(uploads)
    if not uploads:
        return []
    fresh = any(upload.file_id not in compared for upload in uploads)
    label = f"Sources et colonnes ({wording.plural(len(uploads), 'fichier')})"
    with st.expander(label, expanded=fresh, icon=":material/draft:"):
        return [_file(context, specs, upload, opened=fresh and len(uploads) == 1) for upload in uploads]


def start_over() -> None:
    """Empty the uploader: a new key makes a new one."""
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.session_state.pop(RECOGNISED, None)
    forget_fetched()


def _file(context: Context, specs: Mapping[str, SourceSpec], upload: Upload, *, opened: bool) -> Choice:
    with st.container(gap="small"):
        name, chooser, about = st.columns([40, 50, 10], vertical_alignment="center")
        name.text(upload.name)
        found = _recognised(context, upload)
        options = sources_for(upload.name, specs)
        source_id = chooser.selectbox(
            "Source de ce fichier",
            options,
            index=options.index(found) if found in options else None,
            format_func=lambda code: specs[code].title,
            placeholder="Choisir ce que c'est",
            label_visibility="collapsed",
            key=f"donnees_source_{upload.file_id}",
        )
        if source_id is None:
            st.warning(
                "Ce fichier n'a pas été reconnu : choisissez ce que c'est dans la liste.",
                icon=":material/help:",
            )
            return Choice(upload, ready=False)
        with about.popover("", icon=":material/info:", help="À propos de cette source"):
            about_source(specs[source_id], context)
        return choose(context.app, source_id, upload, opened=opened)


def sources_for(filename: str, specs: Mapping[str, SourceSpec]) -> list[str]:
    """Sources that read files with this extension, all of them when none does."""
    suffix = Path(filename).suffix.lower()
    return [code for code, spec in specs.items() if suffix in spec.extensions] or list(specs)


def about_source(spec: SourceSpec, context: Context) -> None:
    """Who publishes it, under which licence, why to trust it, where to find it."""
    st.markdown(f"**{spec.title}**")
    st.caption(spec.why_trust)
    lines = [f"**Éditeur** : {spec.publisher}", f"**Licence** : {spec.licence}"]
    lines.append(f"**Mise à jour** : {spec.frequency}")
    if spec.address:
        lines.append(f"**Où le trouver** : [{spec.address.split('/')[2]}]({spec.address})")
    typology = context.view.typology
    labels = [typology[code].short_label for code in spec.claims if code in typology]
    if labels:
        lines.append(f"**Dit tout recenser** pour : {', '.join(labels)}")
    elif spec.kind == "structures":
        lines.append("**Ne dit pas tout recenser** : un type qui n'y est pas reste « non renseigné ».")
    st.markdown("  \n".join(lines))


def scope_words(context: Context) -> str:
    """What a national file is reduced to."""
    record = context.territoire.record
    parts = [", ".join(record.communes)] if record.communes else []
    if record.qpv_codes:
        parts.append(f"quartiers {', '.join(record.qpv_codes)}")
    radius = f", et {wording.number(record.radius_km, 1)} km autour des quartiers" if record.radius_km else ""
    where = " ; ".join(parts) or "aucune commune choisie (page Réglages)"
    return f"Un fichier national est réduit à votre territoire : {where}{radius}."


def _recognised(context: Context, upload: Upload) -> str | None:
    """Source of a file according to its name and first bytes, asked once."""
    if isinstance(upload, Fetched):
        return upload.source_id
    known: dict[str, str | None] = st.session_state.setdefault(RECOGNISED, {})
    if upload.file_id not in known:
        with st.spinner("Lecture du fichier…"), under_its_name(upload) as path:
            known[upload.file_id] = guess_source(context.app, path)
    return known[upload.file_id]


def _forget_recognised(uploads: list[Upload]) -> None:
    kept = {upload.file_id for upload in uploads}
    known = st.session_state.get(RECOGNISED, {})
    st.session_state[RECOGNISED] = {key: value for key, value in known.items() if key in kept}
