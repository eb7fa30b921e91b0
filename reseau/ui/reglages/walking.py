"""How walks are counted: the streets of an OpenStreetMap extract or the straight line, and at what pace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import streamlit as st

from reseau.errors import ReseauError
from reseau.services import walking as service
from reseau.services.territoires import update_territoire
from reseau.ui import wording
from reseau.ui.donnees.report import local
from reseau.ui.donnees.uploads import Upload, under_its_name
from reseau.ui.reglages.thresholds import forget_speed

if TYPE_CHECKING:
    from reseau.services.walking import NetworkInfo
    from reseau.ui.context import Context

ANSWER, ROUND = "walking_answer", "walking_round"
OTHER = "autre"
STREETS, STRAIGHT = "rues", "droite"
WHY = (
    "La ligne droite ne voit ni rivière, ni voie ferrée, ni rocade : elle dit souvent trop près. Avec les "
    "rues d'un extrait d'**OpenStreetMap**, Réseau suit les chemins où l'on marche vraiment. Elles restent "
    "avec ce territoire ; rien n'est envoyé, et il n'y a plus besoin de connexion."
)
WHERE = (
    "Un extrait de votre région ou de votre ville : fichier **.osm.pbf** ou **.osm** de "
    "download.openstreetmap.fr ou de Geofabrik. C'est le même fichier que pour les repères de la carte. "
    "Au-delà de 200 Mo, passez par la ligne de commande («\u00a0marche\u00a0»)."
)


def walking(context: Context) -> None:
    """Draw the section."""
    info = service.network_info(context.app, context.tid)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Rues", anchor=False)
        st.markdown(WHY)
        _answer(context)
        if info is not None:
            _known(context, info)
        _loader(context, replaces=info is not None)
    with right:
        st.subheader("Comment les trajets sont comptés", anchor=False)
        _way(context, info)
        st.subheader("Qui marche ?", anchor=False)
        _pace(context)


def _known(context: Context, info: NetworkInfo) -> None:
    with st.container(border=True):
        st.markdown(f"**{wording.markdown_text(info.title)}**, chargé le {_loaded_on(info)}")
        if info.problem:
            st.error(info.problem)
        else:
            _figures(context, info)
        st.caption(info.attribution)
        with st.popover("Oublier ce réseau", icon=":material/delete:"):
            st.markdown("Les trajets seront de nouveau comptés en ligne droite. Le fichier n'est pas touché.")
            if st.button("Oui, oublier ce réseau", key="walking_forget"):
                service.drop_network(context.app, context.tid)
                st.toast("Le réseau est oublié : les trajets sont comptés en ligne droite.")
                st.rerun()


def _loaded_on(info: NetworkInfo) -> str:
    return wording.day(local(info.loaded_at.isoformat()).date())


def _figures(context: Context, info: NetworkInfo) -> None:
    streets, people, structures = st.columns(3)
    streets.metric("Rues et chemins", f"{wording.number(info.km, 1)} km")
    people.metric("Habitants", wording.percent(info.people_share))
    structures.metric(
        "Structures",
        f"{wording.number(info.on_network)} sur {wording.number(info.structures)}",
    )
    day = f"Données du {wording.day(info.data_date)}." if info.data_date else "Date des données inconnue."
    detour = wording.number(context.territoire.record.detour_factor, 1)
    st.caption(
        f"{day} Habitants et structures : ceux qui ont une rue à 250 m au plus. Plus loin, ou sans chemin "
        f"entre deux rues gardées, le trajet est estimé : ligne droite × {detour}. Rues gardées : celles que "
        "porte votre plus grand seuil, et un kilomètre de plus. La pente et l'attente aux traversées ne sont "
        "pas comptées."
    )


def _loader(context: Context, *, replaces: bool) -> None:
    label = "Remplacer par un autre extrait" if replaces else "Charger un extrait"
    with st.expander(label, icon=":material/upload:", expanded=not replaces):
        st.caption(WHERE)
        upload = cast(
            "Upload | None",
            st.file_uploader(
                "Extrait d'OpenStreetMap",
                type=["osm", "pbf"],
                key=f"walking_file_{st.session_state.get(ROUND, 0)}",
            ),
        )
        known = {path.name: path for path in service.local_extracts(context.app)}
        chosen = None
        if known and upload is None:
            chosen = st.selectbox(
                "Ou un fichier déjà téléchargé",
                list(known),
                index=None,
                placeholder="Choisir un fichier",
                key="walking_known",
            )
        if upload is None and chosen is None:
            return
        if st.button("Garder ces rues", type="primary", icon=":material/route:", key="walking_load"):
            _load(context, upload, known[chosen] if chosen else None)


def _load(context: Context, upload: Upload | None, path: Path | None) -> None:
    progress = st.progress(0.0, "Lecture du fichier…")

    def tell(share: float, sentence: str) -> None:
        progress.progress(min(share, 1.0), sentence)

    try:
        if upload is None and path is not None:
            loaded = service.load_network(context.app, context.tid, path, on_progress=tell)
        elif upload is not None:
            with under_its_name(upload) as given:
                loaded = service.load_network(context.app, context.tid, given, on_progress=tell)
        else:
            return
    except ReseauError as error:
        progress.empty()
        st.error(wording.markdown_text(str(error)))
        return
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.session_state[ANSWER] = (context.tid, loaded)
    st.rerun()


def _answer(context: Context) -> None:
    """What the last file gave, once."""
    tid, loaded = st.session_state.pop(ANSWER, (None, None))
    if tid != context.tid or loaded is None:
        return
    kept = "Les trajets restent comptés en ligne droite, comme vous l'avez choisi."
    used = "Les états et les temps sont recalculés." if loaded.info.in_use else kept
    read = wording.plural(loaded.ways, "rue ou chemin lu", "rues et chemins lus")
    st.success(f"{read} autour des quartiers. {used}", icon=":material/check:")
    st.markdown("\n".join(f"- {wording.markdown_text(note)}" for note in loaded.notes))


def _way(context: Context, info: NetworkInfo | None) -> None:
    st.markdown(f"Aujourd'hui : **{wording.markdown_text(context.view.travel.label)}**.")
    if info is None or info.problem:
        detour = wording.number(context.territoire.record.detour_factor, 1)
        st.caption(
            f"Sans réseau de rues, un trajet à pied est estimé : ligne droite × {detour} (le détour se règle "
            "dans « Seuils »). C'est une estimation, et elle est dite à côté de chaque chiffre."
        )
        return
    labels = {STREETS: "Par les rues du réseau", STRAIGHT: "En ligne droite × détour"}
    wanted = st.radio(
        "Compter les trajets",
        list(labels),
        index=0 if info.in_use else 1,
        format_func=lambda code: labels[code],
        key=f"walking_way_{context.tid}_{context.view.version}",
        label_visibility="collapsed",
    )
    if (wanted == STREETS) != info.in_use:
        _change(context, {"use_network": wanted == STREETS}, "Les états et les temps sont recalculés.")


def _pace(context: Context) -> None:
    now = context.territoire.record.walking_kmh
    labels = {pace.id: f"{pace.label} : {wording.number(pace.kmh, 1)} km/h" for pace in service.PACES}
    current = next((pace.id for pace in service.PACES if pace.kmh == now), OTHER)
    if current == OTHER:
        labels[OTHER] = f"Autre : {wording.number(now, 1)} km/h (réglé dans « Seuils »)"
    wanted = st.radio(
        "Qui marche ?",
        list(labels),
        index=list(labels).index(current),
        format_func=lambda code: labels[code],
        key=f"walking_pace_{context.tid}_{context.view.version}",
        label_visibility="collapsed",
    )
    st.caption(
        "Ordres de grandeur, à plat, sans pause. Le choix vaut pour tout le territoire : une personne âgée "
        "qui marche 15 minutes va un tiers moins loin qu'un adulte."
    )
    speeds = {pace.id: pace.kmh for pace in service.PACES}
    if wanted != current and wanted in speeds:
        forget_speed(context.tid)
        _change(context, {"walking_kmh": speeds[wanted]}, "La vitesse de marche est enregistrée.")


def _change(context: Context, changes: dict[str, object], done: str) -> None:
    try:
        update_territoire(context.app, context.tid, **changes)
    except ReseauError as error:
        st.error(wording.markdown_text(str(error)))
        return
    st.toast(done, icon=":material/check:")
    st.rerun()
