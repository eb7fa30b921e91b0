"""What is looked for, and among which places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from reseau.errors import ReseauError
from reseau.services.action_drafts import HOST_TYPES
from reseau.services.siting import Wish, walking_types
from reseau.services.siting_places import (
    Candidate,
    free_point,
    host_kinds,
    repere_candidates,
    repere_kinds,
    structure_candidates,
)
from reseau.ui import state, wording
from reseau.ui.decider.memory import keep, recall, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streamlit.delta_generator import DeltaGenerator

    from reseau.services.view import View
    from reseau.ui.context import Context

NUMBER, SHARE = "nombre", "part"
GOALS = {NUMBER: "Un nombre de lieux", SHARE: "Une part des habitants"}
SECONDS = (5, 10, 30, 60, 120)
MOST_PLACES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the form says. `placing`: clicks on the map add possible places."""

    wish: Wish
    candidates: list[Candidate]
    placing: bool
    pressed: bool


def key(view: View, name: str) -> str:
    """Key of a widget: each territory has its own choices."""
    return f"ou_aller_{view.territoire_id}_{name}"


def points(view: View) -> list[Candidate]:
    """Free points added by the person."""
    found: list[Candidate] = st.session_state.setdefault(key(view, "points"), [])
    return found


def add_point(view: View, point: Candidate) -> None:
    """Add a possible place, once."""
    if all((item.lon, item.lat) != (point.lon, point.lat) for item in points(view)):
        points(view).append(point)


def ask(context: Context) -> Asked:
    """Draw the form."""
    view = context.view
    _take_selection(view)
    row = st.columns([40, 25, 17, 18], vertical_alignment="bottom")
    types = _types(view, row[0])
    goal = _goal(view, row[1])
    value = _value(view, goal, row[2])
    pressed = row[3].button(
        "Chercher", type="primary", icon=":material/search:", width="stretch", key=key(view, "go")
    )
    row = st.columns([40, 30, 30], vertical_alignment="bottom")
    with row[0]:
        kinds = _kinds(view, "kinds", "Structures qui pourraient accueillir", host_kinds(view))
    others = len(st.session_state.get(key(view, "picked"), [])) + len(points(view))
    with row[1].popover(
        wording.counted("Autres lieux possibles", others), icon=":material/add_location_alt:", width="stretch"
    ):
        picked = choose_places(view, key(view, "picked"), label="Structures en particulier")
        reperes = _reperes(context)
        placing = _points(view)
    with row[2].popover("Quartiers comptés, calcul", icon=":material/tune:", width="stretch"):
        quartiers = _quartiers(view)
        weighted = _weighted(view, types, goal)
        seconds = _seconds(view)
    return Asked(
        wish=Wish(
            types=tuple(types),
            k=int(value) if goal == NUMBER else None,
            share=value / 100 if goal == SHARE else None,
            quartiers=tuple(quartiers),
            weighted=weighted,
            time_limit=float(seconds),
        ),
        candidates=_candidates(context, kinds, picked, reperes),
        placing=placing,
        pressed=pressed,
    )


def _take_selection(view: View) -> None:
    """A type chosen on another page becomes the one looked for."""
    chosen = state.selection(view).type_code
    seen = key(view, "seen")
    if chosen is not None and st.session_state.get(seen) != chosen and chosen in walking_types(view):
        write(key(view, "types"), [chosen])
    st.session_state[seen] = chosen


def _types(view: View, box: DeltaGenerator) -> list[str]:
    """Types to open. One alone is also the type of the shared selection."""
    known = set(walking_types(view))
    labels = {item.code: item.full_label for item in view.typology if item.code in known}
    here = key(view, "types")

    def changed() -> None:
        now = st.session_state[here]
        if len(now) == 1:
            state.select(view, type_code=now[0])
            st.session_state[key(view, "seen")] = now[0]

    recall(here, [])
    box.multiselect(
        "Services à ouvrir",
        list(labels),
        format_func=labels.__getitem__,
        key=here,
        placeholder="Choisir un type",
        on_change=changed,
        help="Les types attendus « dans les communes du territoire » ne sont pas proposés : les ouvrir à un "
        "endroit plutôt qu'à un autre ne change rien à leur état.",
    )
    found: list[str] = keep(here)
    return found


def _goal(view: View, box: DeltaGenerator) -> str:
    here = key(view, "goal")
    recall(here, NUMBER)
    box.selectbox("But", list(GOALS), format_func=GOALS.__getitem__, key=here)
    found: str = keep(here)
    return found


def _value(view: View, goal: str, box: DeltaGenerator) -> float:
    here = key(view, f"value_{goal}")
    if goal == NUMBER:
        recall(here, 3)
        box.number_input("Combien de lieux", min_value=1, max_value=MOST_PLACES, step=1, key=here)
    else:
        recall(here, 80)
        box.number_input(
            "Quelle part (%)",
            min_value=2,
            max_value=100,
            step=5,
            key=here,
            help="Part de tous les habitants comptés, ceux qui sont déjà à portée compris, pour chaque type.",
        )
    return float(keep(here))


def _kinds(view: View, name: str, label: str, counts: Mapping[str, int]) -> list[str]:
    """Kinds of places, with how many there are; those used to lending a room at first."""
    here = key(view, name)
    recall(here, [code for code in counts if code in HOST_TYPES] if name == "kinds" else [])
    labels = {code: f"{view.typology[code].short_label} ({number})" for code, number in counts.items()}
    # A kind may have gone since it was chosen.
    st.session_state[here] = [code for code in st.session_state[here] if code in labels]
    st.multiselect(
        label, list(labels), format_func=labels.__getitem__, key=here, placeholder="Choisir des genres"
    )
    found: list[str] = keep(here)
    return found


def choose_places(view: View, here: str, *, label: str) -> list[int]:
    """Some of the placed structures, by name. `here`: key of the box."""
    names = place_names(view)
    recall(here, [])
    st.session_state[here] = [item for item in st.session_state[here] if item in names]
    st.multiselect(
        label,
        list(names),
        format_func=names.__getitem__,
        key=here,
        placeholder="Chercher par nom",
    )
    found: list[int] = keep(here)
    return found


def place_names(view: View) -> dict[int, str]:
    """Names of the open and placed structures, by id, in the order of the alphabet."""

    def read() -> dict[int, str]:
        frame = view.structures
        frame = frame[frame["placed"].astype(bool) & ~frame["closed"].eq(True)]
        order = frame["name"].map(str.casefold).sort_values(kind="stable").index
        return wording.unique_labels({int(item): str(frame.at[item, "name"]) for item in order})

    found: dict[int, str] = view.memo("decider_names", read)
    return found


def _reperes(context: Context) -> list[str]:
    view = context.view
    counts: dict[str, int] = view.memo("ou_aller_reperes", lambda: repere_kinds(context.app, view))
    if not counts:
        return []
    found = _kinds(view, "reperes", "Lieux d'OpenStreetMap qui ne sont pas dans l'annuaire", counts)
    st.caption(
        "© les contributeurs d'OpenStreetMap, ODbL. La mention suit le nom du lieu dans ce qui est créé."
    )
    return found


def _points(view: View) -> bool:
    """Free points: clicked on the map, or typed."""
    st.markdown("**Points libres** (une école, une salle, une place)")
    here = key(view, "placing")
    recall(here, False)
    st.toggle("Ajouter en cliquant sur la carte", key=here)
    with st.form(key(view, "point"), clear_on_submit=True, border=False):
        name = st.text_input("Nom du lieu", max_chars=120)
        left, right = st.columns(2)
        lat = left.number_input("Latitude", min_value=-90.0, max_value=90.0, value=None, format="%.5f")
        lon = right.number_input("Longitude", min_value=-180.0, max_value=180.0, value=None, format="%.5f")
        typed = st.form_submit_button("Ajouter ce point")
    if typed:
        _type_point(view, lon, lat, name)
    for rank, point in enumerate(points(view)):
        words, out = st.columns([80, 20], vertical_alignment="center")
        words.text(point.label)
        out.button(
            ":material/close:",
            help="Retirer ce point",
            key=key(view, f"out_{rank}"),
            on_click=_remove_point,
            args=(view, rank),
        )
    found: bool = keep(here)
    return found


def _remove_point(view: View, rank: int) -> None:
    points(view).pop(rank)


def _type_point(view: View, lon: float | None, lat: float | None, name: str) -> None:
    if lon is None or lat is None:
        st.error("Point : donnez sa latitude et sa longitude, ou cliquez sur la carte.")
        return
    try:
        add_point(view, free_point(lon, lat, name))
    except ReseauError as error:
        st.error(str(error))


def _quartiers(view: View) -> list[str]:
    here = key(view, "quartiers")
    labels = {
        str(code): str(name)
        for code, name in zip(view.quartiers["code"], view.quartiers["name"], strict=True)
    }
    labels = wording.unique_labels(labels)
    recall(here, [])
    st.session_state[here] = [code for code in st.session_state[here] if code in labels]
    st.multiselect(
        "Quartiers dont les habitants comptent",
        sorted(labels, key=lambda code: labels[code].casefold()),
        format_func=labels.__getitem__,
        key=here,
        placeholder="Tous les quartiers",
        help="Sans choix : tous, sauf les quartiers vécus qui recouvrent un quartier prioritaire, pour ne "
        "pas compter deux fois les mêmes habitants.",
    )
    found: list[str] = keep(here)
    return found


def _weighted(view: View, types: Sequence[str], goal: str) -> bool:
    """Asked only where it changes something: several types, with different weights."""
    weights = {item.weight for item in view.type_settings if item.type_code in types}
    if goal != NUMBER or len(weights) < 2:
        return False
    here = key(view, "weighted")
    recall(here, True)
    st.toggle(
        "Compter avec le poids des types (page Réglages)",
        key=here,
        help="Un habitant compte d'autant plus que le type qui lui manque a un poids élevé. Les nombres "
        "d'habitants affichés restent de vrais habitants.",
    )
    found: bool = keep(here)
    return found


def _seconds(view: View) -> int:
    here = key(view, "seconds")
    recall(here, 10)
    st.selectbox(
        "Temps de calcul au plus",
        SECONDS,
        format_func=lambda value: f"{value} secondes",
        key=here,
        help="Le choix est presque toujours prouvé le meilleur bien avant. Sinon, le meilleur trouvé est "
        "donné, avec l'écart possible.",
    )
    found: int = keep(here)
    return found


def _candidates(
    context: Context, kinds: Sequence[str], picked: Sequence[int], reperes: Sequence[str]
) -> list[Candidate]:
    view = context.view
    found = structure_candidates(view, kinds, ids=picked)
    if reperes:
        found += repere_candidates(context.app, view, reperes)
    return [*found, *points(view)]
