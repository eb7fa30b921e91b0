"""Backup and restoration of everything, and what was deleted and can come back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.model.vocabulary import THEMES
from reseau.services import App, editing
from reseau.services.backups import backup_counts, current_counts, restore_backup, save_backup
from reseau.services.territoires import list_territoires
from reseau.ui import state, wording
from reseau.ui.donnees.uploads import Upload, as_file

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.context import Context

BACKUP = "donnees_backup"
ROUND = "donnees_restore_round"
SHOWN = 30
TABLES = {
    "territoires": "Territoires",
    "quartiers": "Quartiers",
    "structures": "Structures",
    "relations": "Relations",
    "permanences": "Permanences",
    "contacts": "Contacts",
    "journal": "Entrées du journal",
    "actions": "Actions",
    "needs": "Demandes d'habitants",
    "imports": "Imports",
}


def saving(context: Context) -> None:
    """Download everything in one file."""
    st.subheader("Sauvegarder", anchor=False)
    st.caption(
        "Un seul fichier avec tous les territoires, toutes les fiches et tout l'historique. Il contient des "
        "contacts de personnes et des notes : gardez-le en lieu sûr."
    )
    if st.button("Préparer la sauvegarde", icon=":material/inventory_2:"):
        with st.spinner("Écriture de la sauvegarde…"), TemporaryDirectory(prefix="reseau-") as folder:
            path = Path(folder) / "sauvegarde.zip"
            rows = save_backup(context.app, path)
            st.session_state[BACKUP] = (datetime.now(), rows, path.read_bytes())
    if prepared := st.session_state.get(BACKUP):
        made, rows, data = prepared
        st.success(
            f"Prête : {wording.plural(rows, 'ligne')}, état du {wording.day(made.date())} à {made:%H:%M}.",
            icon=":material/check:",
        )
        st.download_button(
            "Télécharger la sauvegarde",
            data,
            file_name=f"reseau-sauvegarde-{made:%Y-%m-%d-%H%M}.zip",
            mime="application/zip",
            icon=":material/download:",
            type="primary",
            on_click="ignore",
        )


def restoring(app: App) -> None:
    """Replace everything by a backup, once the person has seen what that means."""
    st.subheader("Restaurer", anchor=False)
    st.caption("Une sauvegarde remplace tout ce qui est dans l'application : rien n'est mélangé.")
    upload = cast(
        "Upload | None",
        st.file_uploader(
            "Fichier de sauvegarde (.zip)", type=["zip"], key=f"restore_{st.session_state.get(ROUND, 0)}"
        ),
    )
    if upload is None:
        return
    try:
        with as_file(upload) as path:
            counts = backup_counts(path)
    except ReseauError as error:
        st.error(_as_known(error, path.name, upload.name))
        return
    now = current_counts(app)
    comparison = pd.DataFrame(
        {
            "Dans l'application maintenant": [now.get(name, 0) for name in TABLES],
            "Dans la sauvegarde": [counts.get(name, 0) for name in TABLES],
        },
        index=list(TABLES.values()),
    )
    st.table(comparison)
    if sum(now.values()):
        st.warning(
            "Tout ce qui est dans la première colonne sera remplacé par la seconde, pour tout le monde. "
            "Téléchargez d'abord une sauvegarde de ce qui est là maintenant.",
            icon=":material/warning:",
        )
    sure = st.checkbox("J'ai compris : remplacer tout par cette sauvegarde", key="restore_sure")
    if st.button("Restaurer", type="primary", disabled=not sure, icon=":material/settings_backup_restore:"):
        _restore(app, upload)


def _restore(app: App, upload: Upload) -> None:
    try:
        with st.spinner("Restauration…"), as_file(upload) as path:
            restore_backup(app, path)
    except ReseauError as error:
        st.error(_as_known(error, path.name, upload.name))
        return
    for name in (BACKUP, "donnees_outcomes", "donnees_export", "placing_result"):
        st.session_state.pop(name, None)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    known = list_territoires(app)
    if known:
        state.select_territoire(known[-1].record.name)
    st.toast("Tout a été restauré.", icon=":material/check:")
    st.rerun()


def _as_known(error: ReseauError, written: str, name: str) -> str:
    return str(error).replace(written, wording.markdown_text(name))


def trash(context: Context) -> None:
    """What was deleted, latest first, each with a way back."""
    st.subheader("Corbeille", anchor=False)
    rows = editing.deleted_rows(context.app, context.tid)
    if not rows:
        st.caption("Rien n'a été supprimé. Ce que vous supprimez attend ici, et peut revenir.")
        return
    for kind, row in rows[:SHOWN]:
        words, button, erase = st.columns([6, 2, 2], vertical_alignment="center")
        words.text(
            f"{wording.short_day(row['deleted_at'])} · {editing.KIND_LABELS[kind]} · "
            f"{describe(kind, row, context.view)}"
        )
        if button.button(
            "Remettre", key=f"restore_{kind}_{row['id']}", icon=":material/undo:", width="stretch"
        ):
            editing.restore_row(context.app, context.tid, kind, row["id"])
            st.toast("C'est remis à sa place.", icon=":material/check:")
            st.rerun()
        with erase.popover("Effacer", icon=":material/delete_forever:", width="stretch"):
            st.text("Effacer pour de bon ? Seules vos sauvegardes en garderont une trace.")
            if st.button("Effacer pour de bon", key=f"purge_{kind}_{row['id']}", type="primary"):
                editing.purge_row(context.app, context.tid, kind, row["id"])
                st.toast("C'est effacé.", icon=":material/check:")
                st.rerun()
    if len(rows) > SHOWN:
        st.caption(f"{wording.plural(len(rows) - SHOWN, 'élément')} de plus, supprimés avant ceux-là.")


def describe(kind: str, row: dict[str, Any], view: View) -> str:
    """A deleted row in a few words; never the name of a person nor what a journal says."""

    def name(structure_id: Any) -> str:
        known = structure_id in view.structures.index
        return str(view.structures.at[structure_id, "name"]) if known else "structure supprimée"

    if kind == "relations":
        return f"{name(row['from_id'])} ↔ {name(row['to_id'])}"
    if kind == "permanences":
        code = row["type_code"]
        label = view.typology[code].short_label if code in view.typology else code
        return f"{label}, tenue par {name(row['structure_id'])}"
    if kind == "contacts":
        return f"{row['role'] or 'fonction non renseignée'}, {name(row['structure_id'])}"
    if kind == "journal":
        return f"{wording.short_day(row['on'])}, {name(row['structure_id'])}"
    if kind == "besoins":
        known = row["quartier_id"] in view.quartiers.index
        where = str(view.quartiers.at[row["quartier_id"], "name"]) if known else "quartier supprimé"
        return f"{THEMES.get(row['theme'], row['theme'])}, {where}"
    return str(row["title"] if kind == "actions" else row["name"])
