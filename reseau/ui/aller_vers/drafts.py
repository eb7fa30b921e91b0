"""The form being filled: kept in the session until it is written or given up."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

from reseau.services.action_drafts import Suggestion, prepare_action, suggested_partners, suggested_places
from reseau.services.actions import done_again
from reseau.services.editing import DEFAULTS
from reseau.ui import state
from reseau.ui.aller_vers.words import Row

if TYPE_CHECKING:
    from reseau.services.view import View

DRAFT, COUNTER, PREPARE = "aller_vers_draft", "aller_vers_draft_count", "prepare_action"
# Filled in the form; figures and outcome are written on the sheet.
FIELDS = tuple(name for name in DEFAULTS["actions"] if name not in {"counts", "outcome"})


@dataclass(slots=True, kw_only=True)
class Draft:
    """One open form.

    Attributes:
        token: makes the keys of its widgets its own.
        row_id: None for an action to create.
        values: fields as last typed.
        sentence: the gap it was prepared from, in words.
        error: what refused the last attempt to write it.
        stored_at: longitude and latitude when the form opened.
        outdated: somebody else changed the action meanwhile.
        hints: what its texts seem to say of a person, when an answer is awaited.
    """

    token: int
    territoire_id: int
    row_id: int | None
    version: int | None
    values: dict[str, Any]
    partners: list[tuple[int, str]]
    sentence: str = ""
    error: str = ""
    outdated: bool = False
    hints: list[str] = field(default_factory=list)
    suggested_for: tuple[int, str] | None = None
    stored_at: tuple[float | None, float | None] = (None, None)
    places: tuple[Suggestion, ...] = ()
    helpers: tuple[Suggestion, ...] = ()

    def key(self, name: str) -> str:
        """Key of the widget of a field."""
        return f"aller_vers_{self.token}_{name}"


def current(view: View) -> Draft | None:
    """The form open in this territory."""
    draft = st.session_state.get(DRAFT)
    return draft if isinstance(draft, Draft) and draft.territoire_id == view.territoire_id else None


def close() -> None:
    """Give up the form."""
    st.session_state.pop(DRAFT, None)


def take_prepared(view: View) -> None:
    """Open the form another page asked for, as (quartier id, type)."""
    asked = st.session_state.pop(PREPARE, None)
    if asked is not None and asked[0] in view.quartiers.index and asked[1] in view.typology:
        open_from_gap(view, *asked)


def open_blank(view: View) -> None:
    """A new action; the quartier chosen elsewhere is filled in."""
    chosen = state.selection(view).quartier_id
    codes = () if chosen is None else (str(view.quartiers.at[chosen, "code"]),)
    _open(view, {"quartiers": codes})


def open_from_gap(view: View, quartier_id: int, type_code: str) -> None:
    """A new action prepared from a gap."""
    prepared = prepare_action(view, quartier_id, type_code)
    draft = _open(view, prepared.values)
    draft.sentence = prepared.sentence


def open_existing(view: View, row: Row) -> None:
    """Change an action."""
    draft = _open(view, _taken(row))
    draft.row_id, draft.version = int(row["id"]), int(row["version"])
    draft.partners = [(item[0], item[2]) for item in row["partners"]]


def open_again(view: View, row: Row) -> None:
    """A new action like a former one, without its dates nor its figures."""
    draft = _open(view, _taken(done_again(row)))
    draft.partners = [(item[0], item[2]) for item in row["partners"]]


def _taken(row: Row) -> dict[str, Any]:
    """Fields of a row of ACTIONS, where an unknown position is NaN."""
    values = {str(name): row[name] for name in (*FIELDS, "title", "host_id")}
    unknown = values["lon"] is None or math.isnan(values["lon"])
    return values | ({"lon": None, "lat": None} if unknown else {})


def _open(view: View, values: dict[str, Any]) -> Draft:
    token = st.session_state[COUNTER] = st.session_state.get(COUNTER, 0) + 1
    blank = {name: DEFAULTS["actions"][name] for name in FIELDS} | {"title": "", "host_id": None}
    draft = Draft(
        token=token,
        territoire_id=view.territoire_id,
        row_id=None,
        version=None,
        values=blank | values,
        partners=[],
        stored_at=(values.get("lon"), values.get("lat")),
    )
    st.session_state[DRAFT] = draft
    return draft


def refresh_suggestions(view: View, draft: Draft) -> None:
    """Places and partners for the first quartier and the type on the form, when these have changed."""
    codes = [code for code in draft.values["quartiers"] if code in set(view.quartiers["code"])]
    if not codes:
        draft.suggested_for, draft.places, draft.helpers = None, (), ()
        return
    quartier_id = int(view.quartiers.index[view.quartiers["code"] == codes[0]][0])
    wanted = (quartier_id, str(draft.values["type_code"] or ""))
    if wanted != draft.suggested_for:
        draft.suggested_for = wanted
        draft.places = suggested_places(view, quartier_id)
        draft.helpers = suggested_partners(view, quartier_id, wanted[1])
