"""What «near» means in this territory, with its effect in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.errors import ReseauError
from reseau.model.records import Territoire
from reseau.services.territoires import BOUNDS, update_territoire
from reseau.ui import wording

if TYPE_CHECKING:
    from reseau.ui.context import Context

FIELDS = ("minutes_proximite", "minutes_intermediaire", "near_share", "walking_kmh", "detour_factor")
DEFAULTS = {name: getattr(Territoire(name=""), name) for name in FIELDS}
PENDING = "thresholds_defaults"


def straight_line_metres(minutes: float, *, walking_kmh: float, detour_factor: float) -> float:
    """Straight line, metres, reached in so many minutes on foot: speed × time / detour."""
    return minutes / 60 * walking_kmh * 1000 / detour_factor


def forget_speed(tid: int) -> None:
    """The speed was changed elsewhere: show what is stored."""
    st.session_state.pop(_key("walking_kmh", tid), None)


def thresholds(context: Context) -> None:
    """Draw the section."""
    tid = context.tid
    # Boxes follow what is stored until someone writes in them.
    if st.session_state.pop(PENDING, False):
        for name in FIELDS:
            st.session_state[_key(name, tid)] = _shown(name, DEFAULTS[name])
    left, right = st.columns(2, gap="large")
    with left:
        values = _boxes(context)
        changed = any(values[name] != getattr(context.territoire.record, name) for name in FIELDS)
        row = st.container(horizontal=True)
        if row.button("Enregistrer les seuils", type="primary", disabled=not changed):
            _save(context, values)
        if row.button("Reprendre les valeurs de départ", icon=":material/restart_alt:"):
            st.session_state[PENDING] = True
            st.rerun()
        if changed:
            st.caption("Changements non enregistrés.")
    with right, st.container(border=True):
        _effect(context, values)


def _boxes(context: Context) -> dict[str, float]:
    record, tid = context.territoire.record, context.tid
    for name in FIELDS:
        st.session_state.setdefault(_key(name, tid), _shown(name, getattr(record, name)))
    return {
        "minutes_proximite": _minutes(
            "minutes_proximite",
            tid,
            label="À proximité : minutes à pied",
            text="Pour les types « à proximité » : école, pharmacie, centre social…",
        ),
        "minutes_intermediaire": _minutes(
            "minutes_intermediaire",
            tid,
            label="À distance intermédiaire : minutes à pied",
            text="Pour les types « à distance intermédiaire », comme un centre médico-psychologique.",
        ),
        "near_share": st.slider(
            "Part des habitants qui doivent être à portée",
            min_value=5,
            max_value=100,
            step=5,
            format="%d %%",
            key=_key("near_share", tid),
            help="Un type est proche d'un quartier quand au moins cette part de ses habitants l'atteint.",
        )
        / 100,
        "walking_kmh": _scale(
            "walking_kmh",
            tid,
            label="Vitesse de marche, en km/h",
            text="4,5 km/h pour un adulte ; 3 à 3,5 km/h avec une poussette ou une canne.",
        ),
        "detour_factor": _scale(
            "detour_factor",
            tid,
            label="Détour : longueur du chemin ÷ ligne droite",
            text="Les rues ne vont pas tout droit : 1,3 en ville ; plus avec une voie ferrée ou une rocade.",
        ),
    }


def _minutes(name: str, tid: int, *, label: str, text: str) -> int:
    low, high, _ = BOUNDS[name]
    value: int = st.number_input(
        label, min_value=int(low), max_value=int(high), step=1, key=_key(name, tid), help=text
    )
    return value


def _scale(name: str, tid: int, *, label: str, text: str) -> float:
    """A slider over tenths, with a French comma; a stored value in between keeps its place."""
    low, high, _ = BOUNDS[name]
    steps = {tenth / 10 for tenth in range(round(low * 10), round(high * 10) + 1)}
    options = sorted(steps | {st.session_state[_key(name, tid)]})
    value: float = st.select_slider(
        label,
        options,
        format_func=lambda number: wording.number(number, 1),
        key=_key(name, tid),
        help=text,
    )
    return value


def _effect(context: Context, values: dict[str, float]) -> None:
    straight = context.view.travel.is_straight
    st.markdown("**Ce que cela veut dire**")
    for name, label in (("minutes_proximite", "À proximité"), ("minutes_intermediaire", "Intermédiaire")):
        metres = straight_line_metres(
            values[name], walking_kmh=values["walking_kmh"], detour_factor=values["detour_factor"]
        )
        walked = wording.distance(metres * values["detour_factor"])
        line = f" ≈ **{wording.number(metres)} m en ligne droite**" if straight else " par les rues"
        st.markdown(f"- **{label}** : {wording.minutes(values[name])} à pied ≈ {walked} de marche{line}.")
    st.markdown(
        f"- Un type est **proche** d'un quartier quand au moins {wording.percent(values['near_share'])} de "
        "ses habitants atteignent un lieu de ce type dans ce temps.\n"
        "- **Dans les communes du territoire** : pas de temps de marche, un lieu dans une de vos communes "
        "suffit."
    )
    if straight:
        said = (
            "Distances : ligne droite × détour, à la vitesse donnée. C'est une estimation : un obstacle "
            "(voie ferrée, pente) n'est pas connu. Pour compter par les rues, voyez « Marche »."
        )
    else:
        said = (
            f"Distances : {context.view.travel.label}, à la vitesse donnée. Le détour ne sert plus que loin "
            "des rues gardées."
        )
    st.caption(wording.markdown_text(said))


def _save(context: Context, values: dict[str, float]) -> None:
    try:
        update_territoire(context.app, context.tid, **values)
    except ReseauError as error:
        st.error(str(error))
        return
    st.toast("Les seuils sont enregistrés : les états sont recalculés.", icon=":material/check:")
    st.rerun()


def _key(name: str, tid: int) -> str:
    return f"threshold_{name}_{tid}"


def _shown(name: str, value: float) -> float:
    """The share is shown as whole percents, the rest as it is."""
    return round(value * 100) if name == "near_share" else value
