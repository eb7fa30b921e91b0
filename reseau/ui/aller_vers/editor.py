"""The form of an action, prepared from a gap, new, or changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import TYPE_CHECKING, Any

import streamlit as st

from reseau.errors import Conflict, ReseauError
from reseau.model.vocabulary import (
    ACTION_FORMS,
    ACTION_STATUS_LABELS,
    LANGUAGES,
    PUBLICS,
    RECURRENCES,
)
from reseau.services.actions import save_action
from reseau.services.privacy import personal_hints
from reseau.ui import wording
from reseau.ui.aller_vers import chosen, drafts
from reseau.ui.aller_vers.partners import partners_editor
from reseau.ui.aller_vers.place import place_editor
from reseau.ui.aller_vers.words import TEAM_ONLY, quartier_names, status_words

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.aller_vers.drafts import Draft
    from reseau.ui.context import Context

FREE_TEXTS = ("title", "theme", "place", "team", "note")


def editor(context: Context, draft: Draft) -> None:
    """The whole form; writes it when asked."""
    with st.container(key="aller_vers_form", gap="xsmall"):
        wanted = _bar(draft)
        messages = st.container()
        if draft.sentence:
            st.info(f"Répond à ce manque : {wording.markdown_text(draft.sentence)}", icon=":material/flag:")
        _what(draft)
        _for_whom(context.view, draft)
        _when(draft)
        drafts.refresh_suggestions(context.view, draft)
        names = _structure_names(context.view)
        left, right = st.columns(2, gap="medium")
        with left, st.container(border=True, gap="xsmall"):
            place_editor(context, draft, names)
        with right, st.container(border=True, gap="xsmall"):
            partners_editor(draft, names)
        _team(draft)
        wanted |= st.button(
            "Enregistrer", key=draft.key("save_below"), type="primary", icon=":material/check:"
        )
    with messages:
        if wanted:
            _submit(context, draft, sure=False)
        _messages(context, draft)


def _bar(draft: Draft) -> bool:
    title, save, cancel = st.columns([56, 24, 20], vertical_alignment="center")
    title.subheader("Modifier l'action" if draft.row_id is not None else "Nouvelle action", anchor=False)
    if cancel.button("Abandonner", key=draft.key("cancel"), width="stretch"):
        drafts.close()
        st.rerun()
    return save.button(
        "Enregistrer", key=draft.key("save"), type="primary", icon=":material/check:", width="stretch"
    )


def _what(draft: Draft) -> None:
    title, form, status, theme = st.columns([40, 22, 14, 24])
    _text(title, draft, "title", "Titre")
    _choice(form, draft, "form", ("Forme", list(ACTION_FORMS), ACTION_FORMS.__getitem__))
    _choice(status, draft, "status", ("Statut", [str(key) for key in ACTION_STATUS_LABELS], status_words))
    _text(theme, draft, "theme", "Thème")


def _for_whom(view: View, draft: Draft) -> None:
    quartier, kind, public, language = st.columns([31, 24, 19, 26])
    codes = list(dict.fromkeys([*view.quartiers["code"], *draft.values["quartiers"]]))
    labels = wording.unique_labels(dict(zip(codes, quartier_names(view, codes), strict=True)))
    _choices(quartier, draft, "quartiers", ("Quartiers", codes, labels.__getitem__))
    types = ["", *(item.code for item in view.typology)]
    _choice(
        kind,
        draft,
        "type_code",
        ("Type dont elle comble le manque", types, lambda code: _type_label(view, code)),
    )
    _choices(public, draft, "publics", ("Publics", list(PUBLICS), PUBLICS.__getitem__))
    _choices(language, draft, "languages", ("Langues", list(LANGUAGES), LANGUAGES.__getitem__))


def _type_label(view: View, code: str) -> str:
    return view.typology[code].full_label if code else "aucun en particulier"


def _when(draft: Draft) -> None:
    first, start, end, again, until = st.columns([18, 15, 15, 32, 20])
    _date(first, draft, "starts_on", "Date")
    _time(start, draft, "start_time", "De")
    _time(end, draft, "end_time", "À")
    _choice(again, draft, "recurrence", ("Récurrence", list(RECURRENCES), RECURRENCES.__getitem__))
    if draft.values["recurrence"]:
        _date(until, draft, "ends_on", "Jusqu'au (un an au plus si vide)")
    else:
        draft.values["ends_on"] = None


def _team(draft: Draft) -> None:
    team, note = st.columns([35, 65])
    _text(team, draft, "team", f"Équipe ({TEAM_ONLY})")
    key = draft.key("note")
    st.session_state.setdefault(key, draft.values["note"])
    draft.values["note"] = note.text_area(f"Note ({TEAM_ONLY})", key=key, height=80)


def _text(place: Any, draft: Draft, name: str, label: str) -> None:
    key = draft.key(name)
    st.session_state.setdefault(key, draft.values[name])
    draft.values[name] = place.text_input(label, key=key)


Options = tuple[str, list[Any], Callable[[Any], str]]


def _choice(place: Any, draft: Draft, name: str, options: Options) -> None:
    label, values, words = options
    key = draft.key(name)
    st.session_state.setdefault(key, draft.values[name])
    draft.values[name] = place.selectbox(label, values, format_func=words, key=key)


def _choices(place: Any, draft: Draft, name: str, options: Options) -> None:
    label, values, words = options
    key = draft.key(name)
    known = set(values)
    st.session_state.setdefault(key, [item for item in draft.values[name] if item in known])
    chosen_values = place.multiselect(label, values, format_func=words, key=key, placeholder="Choisir")
    draft.values[name] = tuple(chosen_values)


def _date(place: Any, draft: Draft, name: str, label: str) -> None:
    key = draft.key(name)
    st.session_state.setdefault(key, draft.values[name])
    found = place.date_input(
        label,
        value=None,
        key=key,
        format="DD/MM/YYYY",
        min_value=date(2000, 1, 1),
        max_value=date(2100, 12, 31),
    )
    draft.values[name] = found if isinstance(found, date) else None


def _time(place: Any, draft: Draft, name: str, label: str) -> None:
    key = draft.key(name)
    written = draft.values[name]
    st.session_state.setdefault(key, time.fromisoformat(written) if written else None)
    found = place.time_input(label, value=None, key=key)
    draft.values[name] = found.strftime("%H:%M") if found else ""


def _structure_names(view: View) -> Mapping[int, str]:
    """Label of every open structure, by name."""
    known = view.structures[~view.structures["closed"]].sort_values("name")
    labels = {
        int(index): " · ".join(filter(None, (name, commune)))
        for index, name, commune in known[["name", "commune"]].itertuples(name=None)
    }
    return wording.unique_labels(labels)


def _submit(context: Context, draft: Draft, *, sure: bool) -> None:
    texts = [str(draft.values[name]) for name in FREE_TEXTS]
    draft.error, draft.outdated = "", False
    draft.hints = [] if sure else personal_hints(texts, today=context.view.on)
    if draft.hints:
        return
    values: dict[str, Any] = {
        name: list(item) if isinstance(item, tuple) else item for name, item in draft.values.items()
    }
    values["title"] = values["title"].strip()
    try:
        action_id = save_action(
            context.app,
            context.tid,
            values,
            partners=draft.partners,
            row_id=draft.row_id,
            version=draft.version,
        )
    except ReseauError as error:
        draft.error, draft.outdated = str(error), isinstance(error, Conflict)
        return
    chosen.say("Action enregistrée.")
    chosen.show(action_id)
    drafts.close()
    st.rerun()


def _messages(context: Context, draft: Draft) -> None:
    if draft.error:
        chosen.show_error(draft.error)
    if draft.outdated and draft.row_id in context.view.actions.index:
        row = {"id": draft.row_id, **context.view.actions.loc[draft.row_id].to_dict()}
        st.button(
            "Repartir de la fiche à jour (ma saisie sera perdue)",
            key=draft.key("fresh"),
            on_click=drafts.open_existing,
            args=(context.view, row),
        )
    if draft.hints:
        st.warning(
            f"Ces textes semblent contenir {' et '.join(draft.hints)}. Réseau ne garde aucune donnée de "
            "patient : n'écrivez rien qui désigne une personne accompagnée.",
            icon=":material/privacy_tip:",
        )
        if st.button("Enregistrer quand même", key=draft.key("sure")):
            _submit(context, draft, sure=True)
            if draft.error:
                chosen.show_error(draft.error)
