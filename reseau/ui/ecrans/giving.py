"""Getting a screen into the room: its address on the network, or its folder on a stick."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import streamlit as st

from reseau.errors import ReseauError
from reseau.services.screen_bundles import write_bundle
from reseau.ui import wording
from reseau.ui.annuaire.drafts import show_error
from reseau.ui.donnees.exporting import file_stem
from reseau.ui.ecrans import address

if TYPE_CHECKING:
    from reseau.services.screens import SavedScreen
    from reseau.ui.context import Context
    from reseau.ui.ecrans.drafting import Draft

READY = "ecrans_dossier"


def giving(context: Context, draft: Draft) -> None:
    """What is below the form."""
    st.subheader("Mettre l'écran en place", anchor=False)
    if draft.saved is None:
        st.caption("Enregistrez l'écran : il aura alors son adresse et son dossier.")
        return
    if draft.is_changed:
        st.caption(
            ":material/edit: L'adresse et le dossier donnent l'écran tel qu'il est **enregistré**, sans vos "
            "derniers changements."
        )
    left, middle, right = st.columns(3, gap="medium")
    with left:
        _network(draft.saved)
    with middle:
        _folder(context, draft.saved)
    with right:
        _installing()


def _network(saved: SavedScreen) -> None:
    st.markdown("**Par le réseau**")
    full = address.of_screen(saved.key)
    st.code(full, language=None, wrap_lines=True)
    st.caption("À ouvrir en plein écran sur le poste : l'écran se met à jour seul.")
    if address.is_local(full):
        st.caption(
            ":material/report: Cette adresse ne marche que sur cet ordinateur. Pour un autre poste, mettez "
            "à la place le nom de cet ordinateur sur le réseau (voir « Installer » dans la documentation)."
        )


def _folder(context: Context, saved: SavedScreen) -> None:
    st.markdown("**Sans réseau, par une clé USB**")
    wanted = (context.tid, context.view.version, saved.id, saved.version)
    if st.button("Préparer le dossier (zip)", icon=":material/folder_zip:", key="ecrans_preparer"):
        _prepare(context, saved, wanted)
    ready = st.session_state.get(READY)
    if not ready or ready["wanted"] != wanted:
        st.caption("Un dossier complet : page, contenu, carte, polices. Il marche sans internet.")
        return
    size = wording.number(len(ready["data"]) / 1_000_000, 1)
    st.download_button(
        f"Télécharger le dossier ({size} Mo)",
        ready["data"],
        file_name=f"{file_stem(saved.record.name)}.zip",
        mime="application/zip",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
        key="ecrans_telecharger",
    )
    st.caption(
        f"{wording.plural(ready['files'], 'fichier')}, {wording.plural(ready['slides'], 'diapositive')}."
    )


def _prepare(context: Context, saved: SavedScreen, wanted: tuple[int, ...]) -> None:
    try:
        with st.spinner("Préparation du dossier…"), TemporaryDirectory(prefix="reseau-") as folder:
            path = Path(folder) / "ecran.zip"
            report = write_bundle(context.app, context.tid, saved, Path(folder) / "ecran", zip_path=path)
            data = path.read_bytes()
    except ReseauError as error:
        show_error(str(error))
        return
    st.session_state[READY] = {
        "wanted": wanted,
        "data": data,
        "files": report.files,
        "slides": report.slides,
    }


def _installing() -> None:
    st.markdown("**Comment l'installer**")
    st.markdown(
        "1. Copiez le dossier sur le poste relié à la télévision (ou ouvrez l'adresse).\n"
        "2. Lancez `demarrer-ecran` (le fichier de votre système), et mettez-le au démarrage du poste.\n"
        "3. C'est tout : ni clavier ni souris, une coupure de courant ou de réseau ne se voit pas."
    )
    st.caption(
        "Le pas à pas : « Écrans » dans la documentation (docs/ecrans.md), et LISEZMOI.txt du dossier."
    )
