"""The mapping step: which column of a file says what, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.services.importing import FileToImport, preview_file
from reseau.ui import wording
from reseau.ui.donnees.fetched import Fetched
from reseau.ui.donnees.uploads import Upload, as_file

if TYPE_CHECKING:
    from pathlib import Path

    from reseau.services import App
    from reseau.services.importing import Preview

IGNORED = "ne pas importer"
PER_ROW = 4
SHOWN_ROWS = 4
CACHE = "donnees_previews"


@dataclass(frozen=True, slots=True)
class Choice:
    """How one uploaded file will be read; `ready` is False where it cannot be."""

    upload: Upload
    source_id: str = ""
    mapping: Mapping[str, str] | None = None
    sheet: str | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)
    ready: bool = True

    @property
    def signature(self) -> tuple[object, ...]:
        """What a comparison made of this file depends on."""
        columns = tuple(sorted(self.mapping.items())) if self.mapping is not None else None
        return self.source_id, columns, self.sheet, tuple(sorted(self.defaults.items()))

    def as_given(self, path: Path, name: str = "") -> FileToImport:
        """The file at this path, read as chosen; `name`: to remember, its own by default."""
        return FileToImport(
            path=path,
            name=name or self.upload.name,
            mapping=self.mapping,
            sheet=self.sheet,
            defaults=self.defaults,
        )


def choose(app: App, source_id: str, upload: Upload, *, opened: bool) -> Choice:
    """Draw how one file is read: its sheets, its first rows, its columns; answers what the person chose.

    Args:
        opened: show the columns at once.
    """
    key = f"{source_id}_{upload.file_id}"
    try:
        preview = _preview(app, source_id, upload, None)
        sheet = None
        if preview is not None and len(preview.sheets) > 1:
            sheet = st.selectbox("Feuille du classeur", preview.sheets, key=f"sheet_{key}")
            if sheet != preview.sheets[0]:
                preview = _preview(app, source_id, upload, sheet)
    except ReseauError as error:
        st.error(f"{wording.markdown_text(str(error))}\n\nRien n'a été enregistré.", icon=":material/error:")
        return Choice(upload, source_id, ready=False)
    if preview is None:
        return Choice(upload, source_id)
    defaults = _one_type(app, key) if "types" in preview.constants else {}
    how = Choice(upload, source_id, sheet=sheet, defaults=defaults)
    return _columns(preview, how, opened=opened)


def forget_other_files(uploads: list[Upload]) -> None:
    """Drop what was read of files that are no longer there."""
    kept = {upload.file_id for upload in uploads}
    known = st.session_state.get(CACHE, {})
    st.session_state[CACHE] = {key: value for key, value in known.items() if key[1] in kept}


def missing_fields(
    preview: Preview, mapping: Mapping[str, str], defaults: Mapping[str, str] | None = None
) -> list[str]:
    """Labels of required fields that no column feeds, and that are not given once for all the rows."""
    given = {*mapping.values(), *(defaults or ())}
    return [label for name, label in preview.fields.items() if name in preview.required - given]


def _preview(app: App, source_id: str, upload: Upload, sheet: str | None) -> Preview | None:
    known = st.session_state.setdefault(CACHE, {})
    key = (source_id, upload.file_id, sheet)
    if key not in known:
        with st.spinner("Lecture du fichier…"), as_file(upload) as path:
            known[key] = preview_file(app, source_id, FileToImport(path=path, name=upload.name, sheet=sheet))
    found: Preview | None = known[key]
    return found


def _columns(preview: Preview, how: Choice, *, opened: bool) -> Choice:
    preview = replace(preview, mapping=_as_before(preview, how.upload))
    recognised = sum(1 for name in preview.mapping.values() if name)
    label = (
        f"{wording.plural(preview.n_rows, 'ligne')} ; colonnes reconnues : {recognised} sur "
        f"{len(preview.columns)}"
    )
    warnings = st.container()
    unsure = bool(missing_fields(preview, preview.mapping, how.defaults))
    with st.expander(label, expanded=opened or unsure, icon=":material/swap_horiz:"):
        if preview.notes:
            st.caption(" ".join(map(wording.markdown_text, preview.notes)))
        rows = pd.DataFrame([dict(row) for row in preview.rows[:SHOWN_ROWS]], columns=list(preview.columns))
        st.dataframe(rows, hide_index=True, width="stretch", height="auto")
        st.caption(
            "Pour chaque colonne du fichier, choisissez ce qu'elle contient. "
            "Une colonne non importée reste dans votre fichier, elle n'est pas enregistrée ici."
        )
        mapping = _boxes(preview, f"{how.source_id}_{how.upload.file_id}_{how.sheet}")
    missing = missing_fields(preview, mapping, how.defaults)
    with warnings:
        _warn(preview, mapping, missing)
    return replace(how, mapping=mapping, ready=not missing)


def _one_type(app: App, key: str) -> dict[str, str]:
    """A file of places that does not say of what kind they are: one type for all of them."""
    given = st.selectbox(
        "Type de tous les lieux du fichier",
        [item.code for item in app.typology],
        index=None,
        format_func=lambda code: app.typology[code].full_label,
        placeholder="selon le fichier",
        help="Sert aux lieux dont le fichier ne dit pas le type, ou le dit d'un mot inconnu ici.",
        key=f"type_{key}",
    )
    return {"types": given} if given else {}


def _as_before(preview: Preview, upload: Upload) -> Mapping[str, str]:
    """Columns as a person checked them when this shared table was last imported, else as recognised."""
    before = (upload.mapping if isinstance(upload, Fetched) else None) or {}
    return {
        column: before[column] if before.get(column, "?") in {"", *preview.fields} else found
        for column, found in preview.mapping.items()
    }


def _warn(preview: Preview, mapping: Mapping[str, str], missing: list[str]) -> None:
    if missing:
        listed = ", ".join(f"« {wording.markdown_text(label)} »" for label in missing)
        st.warning(
            f"Aucune colonne ne donne {listed}. C'est obligatoire : choisissez la colonne dans la "
            f"correspondance, ou {_other_way(preview, missing)}.",
            icon=":material/flag:",
        )
    twice = _twice(preview, mapping)
    if twice:
        st.warning(
            f"Deux colonnes disent la même chose ({wording.markdown_text(', '.join(twice))}) : "
            "seule la première sera lue."
        )


def _other_way(preview: Preview, missing: list[str]) -> str:
    alone = missing == [preview.fields.get("types")] and "types" in preview.constants
    return "donnez un type pour tous les lieux du fichier" if alone else "ajoutez-la au fichier"


def _boxes(preview: Preview, key: str) -> dict[str, str]:
    options = ["", *preview.fields]

    def label_of(name: str) -> str:
        if not name:
            return IGNORED
        return preview.fields[name] + (" (obligatoire)" if name in preview.required else "")

    mapping: dict[str, str] = {}
    names = list(preview.columns)
    for start in range(0, len(names), PER_ROW):
        for place, name in zip(st.columns(PER_ROW), names[start : start + PER_ROW], strict=False):
            known = preview.mapping.get(name, "")
            mapping[name] = place.selectbox(
                wording.markdown_text(name),
                options,
                index=options.index(known) if known in options else 0,
                format_func=label_of,
                key=f"map_{key}_{start}_{name}",
            )
    return mapping


def _twice(preview: Preview, mapping: Mapping[str, str]) -> list[str]:
    chosen = [name for name in mapping.values() if name]
    return [preview.fields[name] for name in dict.fromkeys(chosen) if chosen.count(name) > 1]
