"""Making a territory, loading the demonstration, changing what a territory is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.errors import ReseauError
from reseau.services.demo import load_demo
from reseau.services.territoires import create_territoire, parse_communes, update_territoire
from reseau.ui import state, wording

if TYPE_CHECKING:
    from reseau.services import App
    from reseau.ui.context import Context

COMMUNES_HELP = (
    "Le code INSEE d'une commune a cinq caractères (31555 pour Toulouse, 2A004 pour Ajaccio). Ce n'est pas "
    "le code postal. Paris, Lyon et Marseille : le code de la ville (75056) ou d'arrondissements (75118)."
)
RADIUS_HELP = (
    "Facultatif. Un fichier national garde alors aussi ce qui est à moins de cette distance, à vol d'oiseau, "
    "d'un de vos quartiers, même dans une autre commune. Vide : les communes seulement."
)
MAX_NAME = 200


def first_steps(app: App) -> None:
    """Two ways to start, where there is no territory at all."""
    st.info("Aucun territoire n'existe encore. Choisissez comment commencer.")
    own, demo = st.columns(2, gap="large")
    with own:
        st.subheader("Créer votre territoire", anchor=False)
        creation_form(app)
    with demo:
        st.subheader("Découvrir avec la démonstration", anchor=False)
        st.caption(
            "Un territoire fictif : quartiers, structures, personnes et relations sont inventés. Il se "
            "charge en quelques secondes, sans réseau. Vous pourrez créer le vôtre ensuite, à côté."
        )
        if st.button("Charger la démonstration", icon=":material/theater_comedy:", width="stretch"):
            _load_demo(app)
        st.caption("Vous avez déjà une sauvegarde ? Restaurez-la dans la page Données.")
        if st.button("Restaurer une sauvegarde", icon=":material/settings_backup_restore:", width="stretch"):
            state.go("p7_donnees")


def creation_form(app: App) -> None:
    """Name, communes, radius; the new territory is opened."""
    with st.form("new_territory"):
        name = st.text_input(
            "Nom du territoire", key="new_name", max_chars=MAX_NAME, placeholder="Contrat local de santé…"
        )
        communes = st.text_input(
            "Communes (codes INSEE, séparés par des espaces ou des virgules)",
            key="new_communes",
            placeholder="31555",
            help=COMMUNES_HELP,
        )
        radius = st.number_input(
            "Rayon autour des quartiers, en kilomètres",
            value=None,
            step=0.5,
            key="new_radius",
            placeholder="facultatif",
            help=RADIUS_HELP,
        )
        if not st.form_submit_button("Créer le territoire", type="primary"):
            return
    try:
        made = create_territoire(app, name, communes=parse_communes(communes), radius_km=radius)
    except ReseauError as error:
        st.error(str(error))
        return
    state.select_territoire(made.record.name)
    st.toast(f"{wording.markdown_text(made.record.name)} est créé.", icon=":material/check:")
    st.rerun()


def _load_demo(app: App) -> None:
    bar = st.progress(0.0, "Chargement de la démonstration…")

    def on_progress(share: float, sentence: str) -> None:
        bar.progress(share, wording.markdown_text(sentence))

    try:
        made, _ = load_demo(app, on_progress=on_progress)
    except ReseauError as error:
        bar.empty()
        st.error(str(error))
        return
    state.select_territoire(made.record.name)
    state.go("p1_vue_densemble")


def identity(context: Context) -> None:
    """Name, communes and radius of the territory shown."""
    record, tid = context.territoire.record, context.tid
    # A box whose default is a figure cannot be emptied: its value comes through the session instead.
    st.session_state.setdefault(f"radius_{tid}", record.radius_km)
    with st.form(f"territory_{tid}"):
        name = st.text_input("Nom du territoire", record.name, max_chars=MAX_NAME, key=f"name_{tid}")
        communes = st.text_area(
            "Communes (codes INSEE)",
            ", ".join(record.communes),
            height=80,
            key=f"communes_{tid}",
            help=COMMUNES_HELP,
        )
        radius = st.number_input(
            "Rayon autour des quartiers, en kilomètres",
            value=None,
            step=0.5,
            key=f"radius_{tid}",
            placeholder="communes seulement",
            help=RADIUS_HELP,
        )
        saved = st.form_submit_button("Enregistrer", type="primary")
    if saved:
        try:
            codes = parse_communes(communes)
            update_territoire(context.app, tid, name=name.strip(), communes=codes, radius_km=radius)
        except ReseauError as error:
            st.error(str(error))
            return
        if name.strip() != record.name:
            st.session_state["sel_territoire"] = name.strip()
            state.write_address()
        st.toast("Le territoire est enregistré.", icon=":material/check:")
        st.rerun()
    st.caption(
        "Changer les communes ne retire rien de ce qui est enregistré : le changement vaut pour les "
        "prochains imports de fichiers nationaux, et pour les types « dans les communes du territoire »."
    )


def pivot(context: Context) -> None:
    """The team's own structure, in the middle of the network."""
    view = context.view
    st.markdown(
        "La **structure pivot** est la vôtre : la maison ou le centre de santé, l'atelier santé ville… "
        "Elle est au milieu du réseau. Un quartier n'est « couvert » pour un type que si la structure pivot "
        "a une relation active avec un lieu proche ; sinon il est « à relier »."
    )
    if view.structures.empty:
        st.info("Aucune structure n'est enregistrée : importez vos partenaires dans la page Données.")
        return
    names = view.structures.sort_values("name", key=lambda column: column.str.casefold())
    ids = [int(index) for index in names.index]

    labels = wording.unique_labels(
        {
            structure_id: f"{row['name']} ({row['commune'] or row['insee'] or 'commune non renseignée'})"
            for structure_id, row in zip(ids, names.to_dict("records"), strict=True)
        }
    )

    key = f"pivot_{context.tid}"
    if st.session_state.get(key, view.pivot_id) not in {*ids, None}:
        del st.session_state[key]
    st.session_state.setdefault(key, view.pivot_id)
    chosen = st.selectbox(
        "Structure pivot (écrivez quelques lettres pour chercher)",
        ids,
        index=None,
        format_func=labels.__getitem__,
        placeholder="Aucune structure pivot pour le moment",
        key=key,
    )
    if chosen == view.pivot_id:
        return
    if chosen is None:
        st.warning("Sans structure pivot, aucune relation ne compte et rien ne peut être « couvert ».")
    if st.button("Enregistrer la structure pivot", type="primary"):
        uid = "" if chosen is None else str(view.structures.at[chosen, "uid"])
        update_territoire(context.app, context.tid, pivot_uid=uid)
        st.toast("La structure pivot est enregistrée.", icon=":material/check:")
        st.rerun()
