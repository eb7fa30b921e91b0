"""What a person is typing: kept until it is written, whatever is wrong with it or happened meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import streamlit as st

from reseau.errors import Conflict, NotFound, ReseauError
from reseau.services import editing
from reseau.services.privacy import personal_hints
from reseau.ui import wording
from reseau.ui.annuaire.labels import FIELD_LABELS, value_words

if TYPE_CHECKING:
    from reseau.ui.context import Context

DRAFTS = "annuaire_drafts"
SAID = "annuaire_said"
FREE_TEXTS = frozenset(
    {"description", "access_conditions", "internal_note", "hours_text", "note", "evidence", "text", "place"}
    | {"collected"}
)


@dataclass(slots=True, kw_only=True)
class Draft:
    """One open form on one row.

    Attributes:
        row: the row as it was when the form opened; the defaults for a new one.
        row_id: None for a row to create.
        first: field whose widget is always there.
        fields: fields this form may change.
        question: `personal` or `conflict` when an answer is awaited before writing `waiting`.
    """

    form: str
    kind: str
    row_id: int | None
    row: dict[str, Any]
    epoch: int
    first: str
    fields: set[str] = field(default_factory=set)
    question: str = ""
    waiting: dict[str, Any] | None = None
    sentence: str = ""
    error: str = ""

    @property
    def prefix(self) -> str:
        """Start of the keys of this form's widgets."""
        return f"annuaire_{self.form}_{self.row_id or 'new'}_{self.epoch}_"


def open_draft(
    context: Context,
    form: str,
    kind: str,
    row_id: int | None,
    *,
    first: str,
    defaults: Mapping[str, Any] = {},
) -> Draft:
    """The draft of a form, as left by the previous run while the form stays on screen.

    Args:
        form: name of the form, unique on the page.
        first: field whose widget is always there: when it is gone, so is what was typed.
        defaults: of a new row.
    """
    drafts = st.session_state.setdefault(DRAFTS, {})
    known = drafts.get((form, row_id))
    if isinstance(known, Draft) and f"{known.prefix}{first}" in st.session_state:
        _advance(context, known)
        return known
    row = editing.DEFAULTS[kind] | dict(defaults)
    if row_id is not None:
        row = editing.get_row(context.app, kind, row_id)
    epoch = st.session_state[f"{DRAFTS}_count"] = st.session_state.get(f"{DRAFTS}_count", 0) + 1
    draft = drafts[form, row_id] = Draft(
        form=form, kind=kind, row_id=row_id, row=row, epoch=epoch, first=first
    )
    return draft


def _advance(context: Context, draft: Draft) -> None:
    """Follow changes of the row that touch none of the fields of this form: they are no conflict."""
    if draft.row_id is None:
        return
    fresh = editing.get_row(context.app, draft.kind, draft.row_id)
    if all(fresh[name] == draft.row[name] for name in draft.fields if name in fresh):
        draft.row = {**draft.row, **fresh}


def late(draft: Draft, version: int) -> bool:
    """Whether the row has changed under this form, which is still on screen."""
    return draft.row["version"] != version and f"{draft.prefix}{draft.first}" in st.session_state


def discard(draft: Draft) -> None:
    """Forget what was typed."""
    st.session_state.get(DRAFTS, {}).pop((draft.form, draft.row_id), None)


def submit(context: Context, draft: Draft, values: Mapping[str, Any], *, done: str) -> int | None:
    """Write what changed, unless a question comes first; id of the row once written.

    Args:
        done: sentence said once it is written.
    """
    changed = {key: value for key, value in values.items() if draft.row.get(key) != value}
    draft.error, draft.question, draft.waiting = "", "", None
    if draft.row_id is not None and not changed:
        say("Rien n'a changé.")
        return draft.row_id
    given = changed if draft.row_id is not None else dict(values)
    texts = [value for key, value in changed.items() if key in FREE_TEXTS and isinstance(value, str)]
    if hints := personal_hints(texts, today=date.today()):
        draft.question, draft.waiting = "personal", given
        draft.sentence = f"Ce texte semble contenir {' et '.join(hints)}, enregistrez-le quand même ?"
        return None
    return _write(context, draft, given, done=done)


def _write(context: Context, draft: Draft, given: dict[str, Any], *, done: str) -> int | None:
    try:
        row_id = editing.save_row(
            context.app, context.tid, draft.kind, given, row_id=draft.row_id, version=draft.row.get("version")
        )
    except Conflict:
        draft.question, draft.waiting = "conflict", given
        return None
    except ReseauError as error:
        draft.error = str(error)
        return None
    discard(draft)
    say(done)
    return row_id


def show_outcome(context: Context, draft: Draft, *, done: str) -> int | None:
    """What stands in the way of writing, and the buttons that decide; id of the row once written."""
    if draft.error:
        show_error(draft.error)
    if draft.question == "personal":
        return _ask_personal(context, draft, done=done)
    if draft.question == "conflict":
        return _ask_conflict(context, draft, done=done)
    return None


def _ask_personal(context: Context, draft: Draft, *, done: str) -> int | None:
    st.warning(
        f"{draft.sentence} Réseau ne garde aucune donnée de patient : n'écrivez rien qui désigne une "
        "personne accompagnée.",
        icon=":material/privacy_tip:",
    )
    yes, no = st.columns(2)
    if yes.button("Enregistrer quand même", key=f"{draft.prefix}anyway", width="stretch"):
        given, draft.question = draft.waiting or {}, ""
        return _write(context, draft, given, done=done)
    if no.button("Corriger le texte", key=f"{draft.prefix}correct", width="stretch", type="primary"):
        draft.question = ""
        st.rerun()
    return None


def _ask_conflict(context: Context, draft: Draft, *, done: str) -> int | None:
    try:
        fresh = editing.get_row(context.app, draft.kind, draft.row_id or 0)
    except NotFound as error:
        show_error(str(error))
        return None
    typology = context.view.typology
    lines = [
        f"- {FIELD_LABELS[name]} : {wording.markdown_text(value_words(name, value, typology)) or '(vide)'}"
        for name, value in fresh.items()
        if name in FIELD_LABELS and value != draft.row.get(name)
    ]
    st.warning(
        "Quelqu'un d'autre a modifié cette fiche entre-temps. Rien de ce que vous avez saisi n'est perdu, ni "
        "enregistré. Ce qui a changé de son côté :\n\n" + "\n".join(lines or ["- rien de visible ici"]),
        icon=":material/group:",
    )
    mine, theirs = st.columns(2)
    if mine.button("Enregistrer ma saisie par-dessus", key=f"{draft.prefix}mine", width="stretch"):
        draft.question, draft.row = "", fresh
        return _write(context, draft, draft.waiting or {}, done=done)
    if theirs.button("Abandonner ma saisie", key=f"{draft.prefix}theirs", width="stretch"):
        discard(draft)
        st.rerun()
    return None


def show_error(message: str) -> None:
    """Every problem on its line, as plain text."""
    lines: Iterable[str] = map(wording.markdown_text, message.splitlines())
    st.error("  \n".join(lines), icon=":material/error:")


def say(sentence: str) -> None:
    """A short confirmation, shown by the next run (`show_said`)."""
    st.session_state[SAID] = sentence


def show_said() -> None:
    """The confirmation left by the previous run."""
    if sentence := st.session_state.pop(SAID, ""):
        st.toast(wording.markdown_text(sentence), icon=":material/check:")
