"""The screen in hand: what a person is changing, kept in the session until it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from reseau.model.screens import SLIDES, Screen
from reseau.services import screens

if TYPE_CHECKING:
    from reseau.services.screens import SavedScreen
    from reseau.ui.context import Context

DRAFTS = "ecrans_brouillons"
CHOSEN = "ecrans_choisi"
TURNS = "ecrans_tours"
SAID = "ecrans_dit"
NEW = 0


@dataclass(slots=True, kw_only=True)
class Draft:
    """One screen being changed.

    Attributes:
        record: the screen as the form has it.
        saved: the screen as it was when it was opened, None for a new one.
        logo: PNG, as the form has it.
        logo_changed: whether it is still to be saved.
        order: every kind of slide, those not shown last.
        turn: differs each time the form is to be drawn afresh.
        error: why it could not be saved.
        late: somebody else saved the same screen meanwhile.
    """

    record: Screen
    saved: SavedScreen | None
    turn: int
    logo: bytes | None = None
    logo_changed: bool = False
    order: list[str] = field(default_factory=list)
    error: str = ""
    late: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether it holds something that is not saved."""
        return self.saved is None or self.logo_changed or self.record != self.saved.record

    @property
    def id(self) -> int:
        """Id of the screen, `NEW` for one never saved."""
        return self.saved.id if self.saved else NEW

    def key(self, name: str) -> str:
        """Key of a widget of this form."""
        return f"ecran_{name}_{self.id}_{self.turn}"

    def seed(self, name: str, value: Any) -> str:
        """Key of a widget that starts from a value, and is still there after another section was shown."""
        key = self.key(name)
        st.session_state.setdefault(key, value)
        return key

    def change(self, **values: Any) -> None:
        """Take what the form has."""
        self.record = replace(self.record, **values)


def current(context: Context, known: Sequence[SavedScreen]) -> Draft:
    """The draft of the screen in hand: the one chosen, else the last saved one, else a new one."""
    drafts = _drafts(context)
    by_id = {item.id: item for item in known}
    _follow(context, drafts, by_id)
    chosen = st.session_state.get(_chosen_key(context))
    if chosen != NEW and chosen not in by_id:
        chosen = NEW if NEW in drafts or not known else known[-1].id
    if chosen not in drafts:
        drafts[chosen] = _opened(context, by_id[chosen]) if chosen else _new(context)
    st.session_state[_chosen_key(context)] = chosen
    found: Draft = drafts[chosen]
    return found


def choose(context: Context, screen_id: int) -> None:
    """Take another screen in hand (`NEW`: one to create); what was changed of the former one is kept."""
    st.session_state[_chosen_key(context)] = screen_id


def forget(context: Context, draft: Draft) -> None:
    """Drop what is not saved of a draft."""
    _drafts(context).pop(draft.id, None)


def drop_new(context: Context) -> None:
    """Drop the screen never saved, and come back to a saved one where there is one."""
    _drafts(context).pop(NEW, None)
    st.session_state.pop(_chosen_key(context), None)


def put(context: Context, draft: Draft) -> None:
    """Take a draft in hand under its own id."""
    _drafts(context)[draft.id] = draft
    choose(context, draft.id)


def opened(context: Context, saved: SavedScreen) -> None:
    """Take in hand a screen just saved, as it is saved."""
    put(context, _opened(context, saved))


def unsaved(context: Context) -> set[int]:
    """Ids of the screens that have changes not saved."""
    return {key for key, draft in _drafts(context).items() if draft.is_changed}


def next_turn() -> int:
    """A number no form has used in this session."""
    turn = int(st.session_state.get(TURNS, 0)) + 1
    st.session_state[TURNS] = turn
    return turn


def _follow(context: Context, drafts: dict[int, Draft], known: dict[int, SavedScreen]) -> None:
    """Follow what others saved or deleted, never losing what is typed here."""
    for key in [key for key in drafts if key != NEW]:
        draft, fresh = drafts[key], known.get(key)
        if fresh is None:
            _orphan(context, drafts, drafts.pop(key))
        elif draft.saved and fresh.version != draft.saved.version:
            if draft.is_changed:
                draft.late = True
            else:
                drafts[key] = _opened(context, fresh)


def _orphan(context: Context, drafts: dict[int, Draft], draft: Draft) -> None:
    """A screen somebody else deleted: what was typed here becomes a new one."""
    if not draft.is_changed or NEW in drafts:
        return
    was_chosen = st.session_state.get(_chosen_key(context)) == draft.id
    draft.saved, draft.late, draft.turn = None, False, next_turn()
    draft.error = (
        "Cet écran a été supprimé entre-temps. Ce que vous avez saisi est gardé comme un nouvel écran."
    )
    drafts[NEW] = draft
    if was_chosen:
        choose(context, NEW)


def _opened(context: Context, saved: SavedScreen) -> Draft:
    logo = screens.get_logo(context.app, context.tid, saved.id) if saved.has_logo else None
    return _draft(saved.record, saved, logo)


def _new(context: Context) -> Draft:
    """A new screen, of the quartier chosen elsewhere or of the first one."""
    from reseau.ui import state

    quartiers = context.view.quartiers
    chosen = state.selection(context.view).quartier_id
    code = str(quartiers["code"].iloc[0] if chosen is None else quartiers.at[chosen, "code"])
    return _draft(screens.default_screen(context.app, context.tid, (code,), ("fr",)), None, None)


def _draft(record: Screen, saved: SavedScreen | None, logo: bytes | None) -> Draft:
    order = [*record.slides, *(kind for kind in SLIDES if kind not in record.slides)]
    return Draft(record=record, saved=saved, turn=next_turn(), logo=logo, order=order)


def _drafts(context: Context) -> dict[int, Draft]:
    found: dict[int, Draft] = st.session_state.setdefault(f"{DRAFTS}_{context.tid}", {})
    return found


def _chosen_key(context: Context) -> str:
    return f"{CHOSEN}_{context.tid}"
