"""Adding a change: one small form per kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from reseau.errors import ReseauError
from reseau.hours import describe_fr, parse_hours
from reseau.maps.data import MapData, ProposalMark
from reseau.maps.shapes import quartier_shapes, structure_marks
from reseau.model.vocabulary import LANGUAGES
from reseau.plan.changes import KINDS, MAX_TEXT
from reseau.services import scenarios
from reseau.services.territoires import BOUNDS
from reseau.ui import state, wording
from reseau.ui.annuaire.directory import directory
from reseau.ui.annuaire.inputs import YES_NO
from reseau.ui.components.map_view import map_view
from reseau.ui.decider.siting_map import base, kept

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.context import Context
    from reseau.ui.decider.what_if_draft import Draft

Change = dict[str, Any]
HERE, POINT = "structure", "point"
PLACES = {HERE: "Chez une structure", POINT: "Un point de la carte"}
STATUSES = {"actif": "devient active", "en_sommeil": "est mise en sommeil"}
MAP_HEIGHT = 290


def adding(context: Context, draft: Draft) -> None:
    """Choose a kind of change, fill its form, add it."""
    with st.container(border=True, key="et_si_ajout", gap="small"):
        kind = st.selectbox(
            "Ajouter un changement",
            list(KINDS),
            format_func=lambda code: KINDS[code].title,
            key="et_si_genre",
        )
        change = {"kind": kind, **_FORMS[kind](context, draft)}
        if st.button("Ajouter", icon=":material/add:", type="primary", key="et_si_ajouter", width="stretch"):
            _add(context, draft, change)


def _add(context: Context, draft: Draft, change: Change) -> None:
    known = {name: value for name, value in change.items() if value not in (None, "", [])}
    try:
        scenarios.read(context.app, [*draft.changes, known])
    except ReseauError as error:
        words = str(error).replace(f"Changement {len(draft.changes) + 1} : ", "", 1)
        st.error(wording.markdown_text(words[:1].upper() + words[1:]), icon=":material/error:")
        return
    draft.add(known)
    state.rerun_part()


def _permanence(context: Context, draft: Draft) -> Change:
    view = context.view
    change: Change = {"type": _type(view, draft), **_place(context, draft)}
    change["hours"] = _hours(draft)
    with st.expander("Qui la tient, langues, accès (facultatif)"):
        change["holder_id"] = _structure(view, draft, "porteur", "Tenue par", empty="Personne pour l'instant")
        change["languages"] = st.multiselect(
            "Langues parlées", list(LANGUAGES), format_func=LANGUAGES.__getitem__, key=draft.key("langues"),
            placeholder="Non renseigné",
        )  # fmt: skip
        left, right = st.columns(2)
        with left:
            change["free"] = _yes_no("Gratuite", draft.key("gratuit"))
        with right:
            change["no_appointment"] = _yes_no("Sans rendez-vous", draft.key("rdv"))
    return change


def _close(context: Context, draft: Draft) -> Change:
    return {"structure_id": _structure(context.view, draft, "fermer", "Structure qui fermerait", chosen=True)}


def _relation(context: Context, draft: Draft) -> Change:
    change: Change = {"structure_id": _structure(context.view, draft, "relier", "Structure", chosen=True)}
    change["status"] = st.radio(
        "Votre relation avec elle", list(STATUSES), format_func=STATUSES.__getitem__, horizontal=True,
        key=draft.key("etat"),
    )  # fmt: skip
    if context.view.pivot_id is None:
        st.caption("Votre structure pivot n'est pas choisie (page Réglages) : la relation ne comptera pas.")
    return change


def _opening(context: Context, draft: Draft) -> Change:
    change: Change = {"type": _type(context.view, draft)}
    change["label"] = st.text_input("Nom (facultatif)", key=draft.key("nom"), max_chars=MAX_TEXT)
    change |= _point(context, draft)
    if st.checkbox("En relation active avec nous dès l'ouverture", key=draft.key("liee")):
        change["linked"] = True
    return change


def _move(context: Context, draft: Draft) -> Change:
    key = _structure(context.view, draft, "demenager", "Structure qui déménagerait", chosen=True)
    return {"structure_id": key, **_point(context, draft)}


def _end(context: Context, draft: Draft) -> Change:
    labels = wording.unique_labels(scenarios.names_of(context.view).permanences)
    if not labels:
        st.caption("Aucune permanence n'est connue : il n'y en a pas à arrêter.")
        return {}
    return {
        "permanence_id": st.selectbox(
            "Permanence qui s'arrêterait",
            list(labels),
            index=None,
            format_func=labels.__getitem__,
            key=draft.key("finir"),
            placeholder="Choisir",
        )
    }


def _settings(context: Context, draft: Draft) -> Change:
    """Only what differs from today is a change."""
    now = context.view.territoire
    left, right = st.columns(2)
    found: Change = {}
    for column, name, label, step in (
        (left, "minutes_proximite", "Seuil de proximité (min)", 1),
        (right, "minutes_intermediaire", "Seuil intermédiaire (min)", 1),
        (left, "walking_kmh", "Marche (km/h)", 0.1),
    ):
        low, high, _ = BOUNDS[name]
        kind = type(step)
        value = column.number_input(
            label, min_value=kind(low), max_value=kind(high), value=kind(getattr(now, name)), step=step,
            key=draft.key(name),
        )  # fmt: skip
        found[name] = value
    percent = right.number_input(
        "Proche = part d'habitants (%)", 1, 100, round(now.near_share * 100), 5, key=draft.key("part")
    )
    found["near_share"] = percent / 100
    st.caption(
        "Une marche plus lente (3 km/h) donne ce que vivent des personnes âgées ou avec une poussette."
    )
    return {name: value for name, value in found.items() if abs(value - getattr(now, name)) > 1e-9}


_FORMS: dict[str, Callable[[Context, Draft], Change]] = {
    "permanence": _permanence,
    "close": _close,
    "relation": _relation,
    "structure": _opening,
    "move": _move,
    "end_permanence": _end,
    "settings": _settings,
}


def _type(view: View, draft: Draft) -> str | None:
    """What the territory expects comes first."""
    expected = set(view.expected_types)
    codes = sorted((item.code for item in view.typology), key=lambda code: code not in expected)
    chosen = state.selection(view).type_code
    return st.selectbox(
        "Type de service",
        codes,
        index=codes.index(chosen) if chosen in codes else None,
        format_func=lambda code: view.typology[code].full_label,
        key=draft.key("type"),
        placeholder="Choisir",
    )


def _structure(
    view: View, draft: Draft, name: str, label: str, *, chosen: bool = False, empty: str = "Choisir"
) -> int | None:
    """One of the structures that are open; `chosen`: the one chosen elsewhere at first."""
    labels = directory(view).labels
    shut = view.structures["closed"]
    keys = [key for key in labels if not shut[key]]
    first = state.selection(view).structure_id if chosen else None
    return st.selectbox(
        label,
        keys,
        index=keys.index(first) if first in keys else None,
        format_func=labels.__getitem__,
        key=draft.key(name),
        placeholder=empty,
    )


def _hours(draft: Draft) -> str:
    text = st.text_input(
        "Quand (facultatif)", key=draft.key("quand"), placeholder="mardi 14h-17h", max_chars=MAX_TEXT
    ).strip()
    if text:
        hours = parse_hours(text)
        st.caption(
            f"Compris : {wording.markdown_text(describe_fr(hours.osm))}" if hours.osm
            else "Gardé tel qu'écrit : ces horaires ne sont pas reconnus (exemple : « mardi 14h-17h »)."
        )  # fmt: skip
    return text


def _yes_no(label: str, key: str) -> bool | None:
    return st.selectbox(label, list(YES_NO), format_func=YES_NO.__getitem__, key=key)


def _place(context: Context, draft: Draft) -> Change:
    where = st.radio("Où", list(PLACES), format_func=PLACES.__getitem__, horizontal=True, key=draft.key("ou"))
    if where == HERE:
        return {"host_id": _structure(context.view, draft, "accueil", "Structure qui accueille", chosen=True)}
    label = st.text_input(
        "Nom de ce lieu (facultatif)", key=draft.key("lieu"), placeholder="école, salle, place…",
        max_chars=MAX_TEXT,
    )  # fmt: skip
    return {"label": label, **_point(context, draft)}


def _point(context: Context, draft: Draft) -> Change:
    """A click on the map."""
    view = context.view
    quartiers = kept(view, "quartiers", lambda: quartier_shapes(view.quartiers))
    marks = kept(
        view,
        "structures",
        lambda: structure_marks(view.structures[~view.structures["closed"]], view.typology),
    )
    here: tuple[ProposalMark, ...] = ()
    if draft.point:
        lon, lat = draft.point
        here = (ProposalMark(rank=1, lon=lon, lat=lat, label="Ici", chosen=True),)
    event = map_view(
        base(context),
        MapData(quartiers=quartiers, structures=marks, proposals=here),
        key="et-si-lieu",
        height=MAP_HEIGHT,
        tool="placer",
    )
    if event is not None and event.lon is not None and event.lat is not None and event.kind == "background":
        draft.point = (round(event.lon, 6), round(event.lat, 6))
        state.rerun_part()
    if draft.point is None:
        st.caption("Cliquez sur la carte pour placer le point.")
        return {}
    lon, lat = draft.point
    st.caption(
        f"Point choisi : latitude {wording.number(lat, 5)}, longitude {wording.number(lon, 5)}. "
        "Cliquez ailleurs pour le déplacer."
    )
    return {"lon": lon, "lat": lat}
