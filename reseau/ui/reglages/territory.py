"""Making a territory, loading the demonstration, changing what a territory is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import streamlit as st

from reseau.errors import RefusedInput, ReseauError
from reseau.services.communes_search import Resolved, ask_online, require_communes, split_words
from reseau.services.demo import load_demo
from reseau.services.territoires import adopt_communes, create_territoire, parse_qpv, update_territoire
from reseau.ui import state, wording
from reseau.ui.donnees.uploads import Upload, as_file

if TYPE_CHECKING:
    from reseau.services import App
    from reseau.ui.context import Context

COMMUNES_HELP = (
    "Noms ou codes INSEE, séparés par des virgules : Toulouse, 31069, Saint-Denis (93). Le code INSEE d'une "
    "commune a cinq caractères (31555 pour Toulouse, 2A004 pour Ajaccio) ; ce n'est pas le code postal. "
    "Paris, Lyon et Marseille : le code de la ville (75056) ou d'arrondissements (75118)."
)
QPV_HELP = (
    "Facultatif. Codes de la génération 2024 (QN03101M) ou 2015 (QP031001). Seuls ces quartiers prioritaires "
    "seront pris dans un fichier national. Si vous ne donnez aucune commune, les leurs seront remplies quand "
    "vous importerez le fichier des quartiers."
)
REFERENCE_HELP = (
    "Un nom se cherche dans ce que l'application connaît déjà, puis dans ce fichier : les contours des "
    "quartiers prioritaires, ou une liste de communes. Rien n'en est enregistré ici."
)
REFERENCES = ["geojson", "json", "gpkg", "zip", "csv"]
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
            state.go("p9_donnees")


def creation_form(app: App) -> None:
    """Name, communes or quartiers, radius; the new territory is opened."""
    # Above the form: below it, an opened «Où chercher» would push a refusal out of sight.
    notice = st.container()
    with st.form("new_territory"):
        name = st.text_input(
            "Nom du territoire", key="new_name", max_chars=MAX_NAME, placeholder="Contrat local de santé…"
        )
        communes = st.text_input(
            "Communes (nom ou code INSEE)",
            key="new_communes",
            placeholder="Toulouse, 31069",
            help=COMMUNES_HELP,
        )
        qpv = st.text_input(
            "Quartiers prioritaires (codes)", key="new_qpv", placeholder="facultatif", help=QPV_HELP
        )
        radius = st.number_input(
            "Rayon autour des quartiers, en kilomètres",
            value=None,
            step=0.5,
            key="new_radius",
            placeholder="facultatif",
            help=RADIUS_HELP,
        )
        names = _where_to_look("new")
        if not st.form_submit_button("Créer le territoire", type="primary"):
            return
    try:
        found = _communes(app, communes, names)
        made = create_territoire(app, name, communes=found.codes, qpv_codes=parse_qpv(qpv), radius_km=radius)
    except ReseauError as error:
        with notice:
            _say(error)
        return
    state.select_territoire(made.record.name)
    where = f" Communes : {wording.markdown_text(found.words)}." if found.names else ""
    st.toast(f"{wording.markdown_text(made.record.name)} est créé.{where}", icon=":material/check:")
    st.rerun()


@dataclass(frozen=True, slots=True)
class _Names:
    """Where the person lets names of communes be looked up."""

    reference: Upload | None
    online: bool


def _where_to_look(key: str) -> _Names:
    """A file of communes, and the national service when the person says so."""
    with st.expander("Où chercher un nom de commune"):
        reference = st.file_uploader(
            "Fichier de quartiers prioritaires ou de communes (facultatif)",
            type=REFERENCES,
            key=f"{key}_reference",
            help=REFERENCE_HELP,
        )
        online = st.checkbox(
            "Chercher en ligne les noms qui restent inconnus",
            key=f"{key}_online",
            help="Seuls les noms écrits ci-dessus sont envoyés, au service public geo.api.gouv.fr.",
        )
    return _Names(cast("Upload | None", reference), online)


def _communes(app: App, typed: str, names: _Names) -> Resolved:
    """Codes of what was typed.

    Raises:
        ReseauError: a word has no code of its own, or the place to look it up cannot be read.
    """
    ask = ask_online if names.online else None
    words = split_words(typed)
    if names.reference is None:
        with st.spinner("Recherche des communes…"):
            return require_communes(app, words, ask=ask)
    with st.spinner("Recherche des communes dans le fichier…"), as_file(names.reference) as path:
        try:
            return require_communes(app, words, reference=path, ask=ask)
        except RefusedInput as error:
            raise RefusedInput(str(error).replace(path.name, names.reference.name)) from error


def _say(error: ReseauError) -> None:
    """Every sentence of a refusal; what was typed is in it, so it stays text."""
    st.error("\n\n".join(map(wording.markdown_text, str(error).splitlines())))


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
    notice = st.container()
    with st.form(f"territory_{tid}"):
        name = st.text_input("Nom du territoire", record.name, max_chars=MAX_NAME, key=f"name_{tid}")
        communes = st.text_area(
            "Communes (nom ou code INSEE)",
            ", ".join(record.communes),
            height=80,
            key=f"communes_{tid}",
            help=COMMUNES_HELP,
        )
        qpv = st.text_area(
            "Quartiers prioritaires (codes)",
            ", ".join(record.qpv_codes),
            height=68,
            key=f"qpv_{tid}",
            placeholder="tous ceux des communes",
            help=QPV_HELP,
        )
        radius = st.number_input(
            "Rayon autour des quartiers, en kilomètres",
            value=None,
            step=0.5,
            key=f"radius_{tid}",
            placeholder="communes seulement",
            help=RADIUS_HELP,
        )
        names = _where_to_look(f"territory_{tid}")
        saved = st.form_submit_button("Enregistrer", type="primary")
    if saved:
        try:
            found = _communes(context.app, communes, names)
            chosen = {"communes": found.codes, "qpv_codes": parse_qpv(qpv), "radius_km": radius}
            update_territoire(context.app, tid, name=name.strip(), **chosen)
            adopt_communes(context.app, tid)
        except ReseauError as error:
            with notice:
                _say(error)
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
