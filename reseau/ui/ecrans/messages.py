"""Messages of the team on its screens: what is shown now, what is to come, an emergency."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

import streamlit as st

from reseau.errors import ReseauError
from reseau.model.screens import ScreenMessage
from reseau.services.clock import local_now
from reseau.services.screen_messages import (
    MAX_TEXT,
    delete_message,
    ends_soon,
    is_current,
    is_past,
    list_messages,
    save_message,
    warnings_of,
)
from reseau.services.screens import list_screens
from reseau.ui import wording
from reseau.ui.annuaire.drafts import say, show_said
from reseau.ui.ecrans.writing import boxes

if TYPE_CHECKING:
    from reseau.services.screen_messages import SavedMessage
    from reseau.ui.context import Context

NEW = 0
OPEN = "ecrans_message"
EVERY_SCREEN = "Tous les écrans"


def messages(context: Context) -> None:
    """The section."""
    show_said()
    now = local_now(context.view.territoire.communes)
    known = {item.id: item for item in list_messages(context.app, context.tid)}
    st.caption(
        "Un message reste à l'écran entre son début et sa fin. Un **message d'urgence** prend tout l'écran, "
        "à la place du reste. Les écrans branchés au réseau le montrent en quelques minutes ; les autres, "
        "quand vous y copiez le nouveau dossier."
    )
    opened = st.session_state.get(f"{OPEN}_{context.tid}")
    if opened is None:
        with st.container(horizontal=True):
            if st.button("Nouveau message", icon=":material/add:", key="message_new"):
                _open(context, (NEW, False))
            if st.button("Message d'urgence", icon=":material/warning:", key="message_emergency"):
                _open(context, (NEW, True))
    elif opened[0] == NEW or opened[0] in known:
        _form(context, known.get(opened[0]), emergency=opened[1], now=now)
    else:
        _open(context, None)
    _list(context, known, now)


def _open(context: Context, what: tuple[int, bool] | None) -> None:
    if what is None:
        st.session_state.pop(f"{OPEN}_{context.tid}", None)
    else:
        st.session_state[f"{OPEN}_{context.tid}"] = what
    st.rerun()


def _list(context: Context, known: dict[int, SavedMessage], now: datetime) -> None:
    if not known:
        st.info("Aucun message. Vos écrans montrent l'annuaire, les permanences et les actions.")
        return
    screens = {item.id: item.record.name for item in list_screens(context.app, context.tid)}
    for item in sorted(known.values(), key=lambda item: (_rank(item.record, now), -item.id)):
        with st.container(border=True):
            _one(context, item, screens, now)


def _rank(record: ScreenMessage, now: datetime) -> int:
    if is_past(record, now):
        return 2
    return 0 if is_current(record, now) else 1


def _one(context: Context, item: SavedMessage, screens: dict[int, str], now: datetime) -> None:
    record = item.record
    words, buttons = st.columns([78, 22], vertical_alignment="center")
    with words:
        st.text(record.texts.get("fr", ""))
        st.caption(" · ".join(_about(record, screens, now)))
        if doubts := warnings_of(record, today=now.date()):
            # It may be there on purpose: said to the team, and shown as it is written.
            st.caption(
                f":material/privacy_tip: Relisez ce message, il contient peut-être {', '.join(doubts)}."
            )
    with buttons.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Modifier", key=f"message_edit_{item.id}"):
            _open(context, (item.id, record.emergency))
        if st.button("Retirer", key=f"message_delete_{item.id}"):
            try:
                delete_message(context.app, context.tid, item.id, version=item.version)
            except ReseauError as error:
                st.error(str(error))
            else:
                say("Le message est retiré.")
                _open(context, None)


def _about(record: ScreenMessage, screens: dict[int, str], now: datetime) -> list[str]:
    states = (":material/visibility: **À l'écran**", ":material/schedule: À venir", "Terminé")
    where = EVERY_SCREEN if record.screen_id is None else screens.get(record.screen_id, "écran supprimé")
    parts = [states[_rank(record, now)], wording.markdown_text(where)]
    if record.emergency:
        parts.insert(0, ":material/warning: **Urgence**")
    if record.starts_at is not None:
        parts.append(f"dès le {_moment(record.starts_at)}")
    if record.ends_at is not None:
        soon = " (bientôt)" if ends_soon(record, now, days=2) else ""
        parts.append(f"jusqu'au {_moment(record.ends_at)}{soon}")
    elif not is_past(record, now):
        parts.append("sans fin : pensez à le retirer")
    parts.append(wording.plural(len(record.texts), "langue"))
    return parts


def _moment(at: datetime) -> str:
    return f"{wording.day(at.date())} à {at:%H:%M}"


def _form(context: Context, item: SavedMessage | None, *, emergency: bool, now: datetime) -> None:
    record = item.record if item else ScreenMessage(texts={}, emergency=emergency)
    key = f"message_{item.id if item else 'new'}_{'urgence' if emergency else 'info'}"
    screens = {None: EVERY_SCREEN} | wording.unique_labels(
        {item.id: item.record.name for item in list_screens(context.app, context.tid)}
    )
    st.subheader("Message d'urgence" if emergency else "Message", anchor=False)
    with st.form(key):
        texts = boxes(context, record.texts, label="Texte", limit=MAX_TEXT, key=key, height=100)
        where, *moments = st.columns([30, 18, 12, 18, 12])
        with where:
            screen_id = st.selectbox(
                "Écran", list(screens), format_func=screens.__getitem__, key=f"{key}_screen",
                index=list(screens).index(record.screen_id) if record.screen_id in screens else 0,
            )  # fmt: skip
        starts_at = _when(moments[:2], "Début", record.starts_at, key, default=time(8, 0))
        ends_at = _when(moments[2:], "Fin", record.ends_at, key, default=time(20, 0))
        st.caption("Sans début : tout de suite. Sans fin : jusqu'à ce que vous le retiriez.")
        with st.container(horizontal=True):
            sent = st.form_submit_button("Enregistrer", type="primary", icon=":material/save:")
            closed = st.form_submit_button("Fermer sans enregistrer")
    if closed:
        _open(context, None)
    if sent:
        new = ScreenMessage(
            texts=texts, screen_id=screen_id, emergency=emergency, starts_at=starts_at, ends_at=ends_at
        )
        _save(context, item, new, now)


def _when(
    columns: list[st.delta_generator.DeltaGenerator],
    label: str,
    at: datetime | None,
    key: str,
    *,
    default: time,
) -> datetime | None:
    """A day, and an hour of that day; None without a day."""
    day = columns[0].date_input(label, at.date() if at else None, key=f"{key}_{label}", format="DD/MM/YYYY")
    hour = columns[1].time_input("Heure", at.time() if at else default, key=f"{key}_{label}_hour")
    return datetime.combine(day, hour) if day else None


def _save(context: Context, item: SavedMessage | None, record: ScreenMessage, now: datetime) -> None:
    try:
        saved = save_message(
            context.app,
            context.tid,
            record,
            message_id=item.id if item else None,
            version=item.version if item else None,
        )
    except ReseauError as error:
        st.error(str(error))
        return
    over = " Sa fin est déjà passée : il ne sera pas montré." if is_past(saved.record, now) else ""
    say(f"Le message est enregistré.{over}")
    _open(context, None)
