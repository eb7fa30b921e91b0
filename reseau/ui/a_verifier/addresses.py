"""Addresses to look at again: one item after the other, without leaving the page."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.services import reviewing
from reseau.services.reviewing import (
    KINDS,
    NO_ADDRESS,
    NOT_ASKED,
    OUTSIDE,
    REFUSED,
    REVIEW,
    UNKNOWN,
    Candidate,
    ReviewItem,
)
from reseau.ui import state, wording
from reseau.ui.a_verifier import address_map
from reseau.ui.a_verifier.address_form import correcting
from reseau.ui.components.one_press import one_press

if TYPE_CHECKING:
    from reseau.ui.context import Context

QUEUE = "relire_file"
CURRENT = "relire_ici"
SEEN = "relire_choisie"
PLACING = "relire_placer"
TYPING = "relire_adresse"
PROBLEM = "relire_probleme"
SAID = "relire_dit"
FILTER = "relire_filtre"
NEXT_FILTER = "relire_filtre_voulu"
TURN = "relire_tour"
DRAWN = "relire_dessinee"
DROPPED = "relire_appui_ignore"
READING_SECONDS = 0.7
"""Nobody reads a structure in less: what comes sooner is a double click, or a key held down."""
ASIDE = "mises_de_cote"
LIST_HEIGHT = 470
SHORT = {
    REVIEW: "à relire", OUTSIDE: "hors commune", REFUSED: "refusée", UNKNOWN: "inconnue",
    NOT_ASKED: "à chercher", NO_ADDRESS: "sans adresse",
}  # fmt: skip
"""What waits, in the narrow list: the buttons above say it whole."""


def draw(context: Context) -> None:
    """Draw the section."""
    if context.view.structures.empty:
        st.info("Aucune structure n'est enregistrée : importez d'abord un fichier de partenaires.")
        return
    _review(context)
    one_press()


@st.fragment
def _review(context: Context) -> None:
    """List, sheet and map: a decision runs this part alone."""
    items = _items(context)
    if said := st.session_state.pop(SAID, None):
        st.toast(said, icon=":material/check:")
    if dropped := st.session_state.pop(DROPPED, None):
        st.toast(dropped, icon=":material/front_hand:")
    if not items:
        st.success(
            "Toutes les structures ouvertes ont une position utilisable : rien n'attend.",
            icon=":material/check:",
        )
        return
    _never_asked(items)
    shown = _filtered(items)
    if not shown:
        st.success("Il ne reste rien à relire ici.", icon=":material/check:")
        return
    current = _current(context, shown)
    left, right = st.columns([35, 65], gap="medium")
    with left:
        _list(context, shown, current)
    with right:
        _item(context, shown, current)
    if st.session_state.get(DRAWN) is None:
        st.session_state[DRAWN] = time.monotonic()


def _items(context: Context) -> dict[int, ReviewItem]:
    """What waits, read once per version of the data; each decision then only changes its own item."""
    key = (context.tid, context.view.version)
    kept = st.session_state.get(QUEUE)
    if kept is None or kept[0] != key:
        found = reviewing.queue(context.app, context.tid)
        kept = (key, {item.structure_id: item for item in found})
        st.session_state[QUEUE] = kept
    items: dict[int, ReviewItem] = kept[1]
    return items


def _never_asked(items: dict[int, ReviewItem]) -> None:
    count = sum(item.kind == NOT_ASKED for item in items.values())
    if not count:
        return
    words, button = st.columns([7, 3], vertical_alignment="center")
    sentence = wording.plural(count, "adresse n'a jamais été cherchée", "adresses n'ont jamais été cherchées")
    words.caption(f"{sentence} : la page Données montre ce qui partirait, et attend votre accord.")
    if button.button("Chercher ces adresses", icon=":material/travel_explore:", width="stretch"):
        st.session_state["donnees_next_section"] = "a_placer"
        state.go("p9_donnees")


def _filtered(items: dict[int, ReviewItem]) -> list[ReviewItem]:
    """Items of the chosen kind; those put aside only on demand."""
    counts = dict.fromkeys(KINDS, 0) | {ASIDE: 0}
    for item in items.values():
        counts[ASIDE if item.aside else item.kind] += 1
    labels = KINDS | {ASIDE: "Mises de côté"}
    present = [kind for kind, count in counts.items() if count]
    if wanted := st.session_state.pop(NEXT_FILTER, None):
        st.session_state[FILTER] = wanted
    if st.session_state.get(FILTER) not in present:
        st.session_state.pop(FILTER, None)
    chosen = st.pills(
        "Pourquoi elles attendent",
        present,
        format_func=lambda kind: f"{labels[kind]} ({wording.number(counts[kind])})",
        key=FILTER,
        label_visibility="collapsed",
    )
    if chosen == ASIDE:
        return [item for item in items.values() if item.aside]
    return [item for item in items.values() if not item.aside and chosen in (None, item.kind)]


def _current(context: Context, shown: list[ReviewItem]) -> ReviewItem:
    """The item on screen: the structure just chosen elsewhere, else the one in hand, else the first."""
    by_id = {item.structure_id: item for item in shown}
    elsewhere = state.selection(context.view).structure_id
    wanted = [st.session_state.get(CURRENT)]
    if st.session_state.get(SEEN) != elsewhere:
        st.session_state[SEEN] = elsewhere
        wanted.insert(0, elsewhere)
    found = next((by_id[key] for key in wanted if key in by_id), shown[0])
    if st.session_state.get(CURRENT) != found.structure_id:
        _show(found.structure_id)
        _redraw_list()
    return found


def _show(structure_id: int | None) -> None:
    """Bring an item on screen, with nothing begun on it."""
    st.session_state[CURRENT] = structure_id
    for key in (PLACING, TYPING, PROBLEM, DRAWN, address_map.POINT, address_map.RANK):
        st.session_state.pop(key, None)


def _list(context: Context, shown: list[ReviewItem], current: ReviewItem) -> None:
    table = pd.DataFrame(
        {
            "Structure": [item.name for item in shown],
            "Pourquoi": [SHORT[item.kind] for item in shown],
            "Score": ["" if item.score is None else wording.number(item.score, 2) for item in shown],
            "Adresse": [_address(item) for item in shown],
        }
    )
    turn = st.session_state.get(TURN, 0)
    key = f"relire_liste_{turn}_{st.session_state.get(FILTER)}"

    def pick() -> None:
        # A list already replaced may speak late, along with the next key: the item before would come back.
        if st.session_state.get(TURN, 0) != turn:
            return
        rows = st.session_state[key]["selection"]["rows"]
        chosen = shown[rows[0]].structure_id if rows else None
        # The list tells the row it was drawn with, too: what is begun on that item must not be dropped.
        if chosen is not None and chosen != st.session_state.get(CURRENT):
            _show(chosen)
            st.session_state[SEEN] = chosen
            state.select(context.view, structure_id=chosen)

    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height=LIST_HEIGHT if len(shown) > 12 else "auto",
        on_select=pick,
        selection_mode="single-row",
        selection_default={"selection": {"rows": [shown.index(current)]}},
        key=key,
        column_config={
            "Structure": st.column_config.TextColumn(width=175),
            "Pourquoi": st.column_config.TextColumn(width=83),
            "Score": st.column_config.TextColumn(width=52),
        },
    )


def _item(context: Context, shown: list[ReviewItem], item: ReviewItem) -> None:
    rank = shown.index(item) + 1
    st.markdown(
        f"**{wording.markdown_text(item.name)}** "
        f":small[:gray[{wording.number(rank)}\u00a0sur\u00a0{wording.number(len(shown))}]]"
    )
    reason = wording.markdown_text(item.reason)
    st.caption(f"{wording.markdown_text(_address(item)) or 'Pas d’adresse'} · **{reason}**")
    chosen = address_map.choice(item)
    typing = bool(st.session_state.get(TYPING))
    placing = bool(st.session_state.get(PLACING)) or (chosen is None and not typing)
    _buttons(context, shown, item, chosen=chosen, placing=placing)
    if problem := st.session_state.get(PROBLEM):
        st.error(problem)
    if typing:
        correcting(
            context, item, replace=lambda new: _replace(shown, item, new), leave=lambda: _leave(TYPING)
        )
    if placing and (point := st.session_state.get(address_map.POINT)):
        st.button(
            "Enregistrer la place cliquée",
            type="primary",
            icon=":material/check:",
            key=_tied("enregistrer", item),
            on_click=_decide,
            args=(shown, item, lambda: _move(context, item, point)),
        )
    if address_map.show(context, item, chosen, placing=placing):
        state.rerun_part()


def _buttons(
    context: Context, shown: list[ReviewItem], item: ReviewItem, *, chosen: Candidate | None, placing: bool
) -> None:
    """The gestures, each with its key; the frame of the map aside, they work without the mouse."""
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Accepter",
            # One main button at a time: once a place is clicked, it is the one that saves it.
            type="secondary" if placing and st.session_state.get(address_map.POINT) else "primary",
            shortcut="A",
            disabled=chosen is None or not chosen.acceptable,
            key=_tied("accepter", item),
            on_click=_decide,
            args=(shown, item, lambda: _accept(context, item)),
        )
        st.button(
            "Placer ailleurs" if item.candidates else "Placer",
            shortcut="P",
            disabled=placing,
            key=_tied("ailleurs", item),
            on_click=_begin,
            args=(item, PLACING),
        )
        st.button(
            "Corriger l'adresse",
            shortcut="D",
            key=_tied("corriger", item),
            on_click=_begin,
            args=(item, TYPING),
        )
        st.button(
            "Reprendre" if item.aside else "Pas maintenant",
            shortcut="M",
            key=_tied("cote", item),
            on_click=_decide,
            args=(shown, item, lambda: _set_aside(context, item)),
        )
        st.button(
            "Suivante",
            shortcut="S",
            disabled=len(shown) < 2,
            key=_tied("suivante", item),
            on_click=_go_on,
            args=(shown, item),
        )


def _tied(gesture: str, item: ReviewItem) -> str:
    """Key of a button. A button of the same name for every item would, pressed twice, act on the next one."""
    return f"relire_{gesture}_{item.structure_id}"


def _is_shown(item: ReviewItem) -> bool:
    """Whether a gesture still is about what is on screen: on a slow computer it may come after."""
    items: dict[int, ReviewItem] = st.session_state[QUEUE][1]
    return st.session_state.get(CURRENT) == item.structure_id and items.get(item.structure_id) == item


def _is_readable() -> bool:
    """Whether the item has been there long enough, whole, without a gesture that was dropped."""
    since = st.session_state.get(DRAWN)
    return since is not None and time.monotonic() - since >= READING_SECONDS


def _begin(item: ReviewItem, mode: str) -> None:
    if not _is_shown(item):
        return
    for key in (PLACING, TYPING, PROBLEM, address_map.POINT):
        st.session_state.pop(key, None)
    st.session_state[mode] = True


def _leave(mode: str) -> None:
    st.session_state.pop(mode, None)
    st.session_state.pop(PROBLEM, None)


def _go_on(shown: list[ReviewItem], item: ReviewItem) -> None:
    if _is_shown(item):
        _next(shown, item)


def _next(shown: list[ReviewItem], item: ReviewItem) -> None:
    """Go on, in a circle."""
    ids = [other.structure_id for other in shown]
    _show(ids[(ids.index(item.structure_id) + 1) % len(ids)])
    _redraw_list()


def _redraw_list() -> None:
    """The row on screen is the one chosen in the list: only a list drawn anew takes that from us."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _decide(
    shown: list[ReviewItem], item: ReviewItem, action: Callable[[], tuple[str, ReviewItem | None]]
) -> None:
    """Do it, say it, and bring the next item; what fails is said and stays on screen.

    A gesture made twice decides once: nobody has read the item that came in between.
    """
    if not _is_shown(item) or not _is_readable():
        st.session_state.pop(DRAWN, None)
        st.session_state[DROPPED] = "Second appui ignoré : lisez d'abord la structure affichée."
        return
    try:
        said, left = action()
    except ReseauError as error:
        st.session_state[PROBLEM] = str(error)
        return
    _next(shown, item)
    _keep(item, left)
    # Said by the next run: a callback of a fragment would draw over the head of the page.
    st.session_state[SAID] = said


def _replace(shown: list[ReviewItem], item: ReviewItem, new: ReviewItem | None) -> None:
    """The item after its address changed; gone when nothing waits any more."""
    if new is None:
        _next(shown, item)
    else:
        _show(item.structure_id)
        if st.session_state.get(FILTER) not in (None, new.kind):
            # What the service just answered is what the person wants to see, whatever it was filed under.
            st.session_state[NEXT_FILTER] = new.kind
    _keep(item, new)


def _keep(item: ReviewItem, left: ReviewItem | None) -> None:
    items: dict[int, ReviewItem] = st.session_state[QUEUE][1]
    if left is None:
        items.pop(item.structure_id, None)
    else:
        items[item.structure_id] = left


def _accept(context: Context, item: ReviewItem) -> tuple[str, None]:
    # As the radio says now: a choice and the key right after it come together.
    candidate = address_map.in_hand(item)
    reviewing.accept(context.app, context.tid, item.structure_id, candidate, version=item.version)
    return f"{wording.markdown_text(item.name)} : position acceptée.", None


def _move(context: Context, item: ReviewItem, point: tuple[float, float]) -> tuple[str, None]:
    lon, lat = point
    reviewing.move(context.app, context.tid, item.structure_id, lon, lat, version=item.version)
    return f"{wording.markdown_text(item.name)} est placée.", None


def _set_aside(context: Context, item: ReviewItem) -> tuple[str, ReviewItem]:
    reviewing.set_aside(context.app, context.tid, item.structure_id, aside=not item.aside)
    said = "reprise" if item.aside else "mise de côté, à reprendre avec le filtre « Mises de côté »"
    return f"{wording.markdown_text(item.name)} : {said}.", replace(item, aside=not item.aside)


def _address(item: ReviewItem) -> str:
    town = " ".join(filter(None, (item.postcode, item.commune or item.insee)))
    return ", ".join(filter(None, (item.address, town)))
