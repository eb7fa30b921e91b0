"""The scenario in hand: its list of changes, kept in the session until it is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import streamlit as st

from reseau.errors import ReseauError
from reseau.services import scenarios
from reseau.ui import state

if TYPE_CHECKING:
    from reseau.services.saved_scenarios import SavedScenario
    from reseau.ui.context import Context

GIVEN = "decider_scenario_changes"
DRAFT = "et_si_scenario"
Raw = Mapping[str, Any]


@dataclass(slots=True)
class Draft:
    """What a person is putting together.

    Attributes:
        changes: plain values, as `compare_scenario` takes them.
        saved: the scenario it was opened from or kept as, None while it is new.
        before: the list another page replaced, to come back to.
        turn: grows when a form is to be drawn afresh.
        point: (longitude, latitude) clicked for the form in hand.
    """

    territoire_id: int
    changes: list[dict[str, Any]] = field(default_factory=list)
    saved: SavedScenario | None = None
    before: list[dict[str, Any]] = field(default_factory=list)
    turn: int = 0
    point: tuple[float, float] | None = None

    @property
    def is_changed(self) -> bool:
        """Whether it holds something that is not kept."""
        return self.changes != (list(self.saved.changes) if self.saved else [])

    def add(self, change: Raw) -> None:
        """Add a change and clear the form."""
        self.changes = [*self.changes, dict(change)]
        self.point = None
        self.turn += 1

    def remove(self, rank: int) -> None:
        """Take a change out."""
        self.changes = [item for at, item in enumerate(self.changes) if at != rank]

    def open(self, saved: SavedScenario | None) -> None:
        """Take a kept scenario in hand, or start a new one."""
        self.saved = saved
        self.changes = list(saved.changes) if saved else []
        self.before, self.point = [], None
        self.turn += 1

    def key(self, name: str) -> str:
        """Key of a widget of the form in hand."""
        return f"et_si_{name}_{self.turn}"


def propose(changes: Sequence[Raw]) -> NoReturn:
    """Open «Et si» on changes another page suggests."""
    st.session_state[GIVEN] = [dict(item) for item in changes]
    st.session_state["decider_next_section"] = "et_si"
    state.go("p7_decider")
    raise AssertionError


def current(context: Context) -> Draft:
    """The scenario in hand, with what another page gave, if anything.

    Changes given by another page take the place of the list in hand, which can be taken back.
    """
    draft = st.session_state.get(DRAFT)
    if not isinstance(draft, Draft) or draft.territoire_id != context.tid:
        draft = st.session_state[DRAFT] = Draft(context.tid)
    given = st.session_state.pop(GIVEN, None)
    if given is None:
        return draft
    try:
        scenarios.read(context.app, given)
    except ReseauError as error:
        st.error(str(error), icon=":material/error:")
        return draft
    lost = draft.changes if draft.is_changed else []
    draft.open(None)
    draft.changes, draft.before = [dict(item) for item in given], lost
    return draft
