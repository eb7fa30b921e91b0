"""What a screen will show, changes not saved included, at the size of a real one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import streamlit as st

from reseau.errors import ReseauError
from reseau.model.screens import FORMATS, SLIDES
from reseau.services import screen_bundles, screens
from reseau.services.clock import local_now
from reseau.services.screen_messages import is_current, list_messages
from reseau.ui import wording
from reseau.ui.annuaire.drafts import show_error
from reseau.ui.ecrans import address, form
from reseau.ui.ecrans.drafting import Draft

if TYPE_CHECKING:
    from reseau.ui.context import Context

LAST = "ecrans_apercu"
ALL = ""
URGENT = "urgence"
"""Not a slide of the screen: an emergency hides them all, and is looked at when asked for."""
SLIDE = "ecran_diapo"
FORMAT_WORDS = {
    "1080p": "Télévision (1920 × 1080)",
    "720p": "Petite télévision (1280 × 720)",
    "4k": "Grande télévision (3840 × 2160)",
    "portrait": "Debout (1080 × 1920)",
}
TALL = "portrait"
HEIGHT = 420


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview that could be made. `slides`: ids; `languages`: name by code."""

    key: str
    slides: tuple[str, ...]
    languages: Mapping[str, str]


def preview(context: Context, draft: Draft) -> None:
    """The preview and what it is looked at by; the last good one where the screen cannot be made."""
    urgent = _has_emergency(context, draft)
    shown = _made(context, draft, emergency=urgent and st.session_state.get(SLIDE) == URGENT)
    if shown is None:
        st.caption("L'aperçu s'affichera quand ce qui est signalé sera corrigé.")
        return
    size, slide, language = _choices(shown, urgent=urgent)
    query = {"cle": shown.key, "format": size}
    query |= {name: value for name, value in (("diapo", slide), ("langue", language)) if value}
    with st.container(key="ecran_cadre_haut" if size == TALL else "ecran_cadre_large"):
        st.iframe(f"{address.base_path()}/ecran/cadre?{urlencode(query)}", height=HEIGHT)
    st.caption(
        f"{wording.plural(len(shown.slides), 'diapositive')} ; une diapositive longue se coupe en pages. "
        "L'aperçu avance tout seul, comme en salle d'attente, mais reste allumé et montre tout à toute heure."
        if shown.slides
        else "Rien à montrer pour l'instant avec ces choix : aucune fiche ouverte, placée et publique dans "
        "ce rayon, ou aucune diapositive choisie."
    )


def _has_emergency(context: Context, draft: Draft) -> bool:
    """Whether an emergency message hides the real screen now."""
    now = local_now(context.view.territoire.communes)
    return any(
        item.record.emergency and is_current(item.record, now)
        for item in list_messages(context.app, context.tid)
        if item.record.screen_id in {None, draft.id}
    )


def _made(context: Context, draft: Draft, *, emergency: bool) -> Shown | None:
    """The preview of the draft, else the last one of the same screen."""
    memory: dict[int, Shown] = st.session_state.setdefault(f"{LAST}_{context.tid}", {})
    try:
        record = screens.validate(context.app, context.tid, draft.record)
        # Looked at in the evening too: never black, every slide whatever the hour.
        record = replace(record, on_from="", on_until="", day_parts=())
        key = screen_bundles.preview_key(
            context.app, context.tid, record, draft.logo, screen_id=draft.id or None, emergency=emergency
        )
        known = memory.get(draft.turn)
        if known is None or known.key != key:
            memory[draft.turn] = _read(key)
    except ReseauError as error:
        show_error(str(error))
        return _still_there(memory.get(draft.turn))
    return memory[draft.turn]


def _still_there(shown: Shown | None) -> Shown | None:
    if shown is None:
        return None
    try:
        screen_bundles.preview_files(shown.key)
    except ReseauError:
        return None
    st.caption("L'aperçu montre l'écran d'avant ce choix.")
    return shown


def _read(key: str) -> Shown:
    content: dict[str, Any] = json.loads(screen_bundles.preview_files(key)["contenu.json"])
    return Shown(
        key=key,
        slides=tuple(item["id"] for item in content["slides"]),
        languages={item["code"]: item["name"] for item in content["languages"]},
    )


def _choices(shown: Shown, *, urgent: bool) -> tuple[str, str, str]:
    """Format, slide and language looked at; nothing of it is part of the screen."""
    left, middle, right = st.columns([36, 40, 24], gap="small")
    size = left.selectbox(
        "Taille de l'aperçu", list(FORMATS), format_func=lambda code: FORMAT_WORDS[code], key="ecran_format"
    )
    words = {ALL: "Toutes, l'une après l'autre"} | {item: _slide_words(item) for item in shown.slides}
    if urgent:
        words[URGENT] = "Message d'urgence en cours"
    slide = middle.selectbox(
        "Diapositive", list(words), format_func=words.__getitem__, key=_one_of(SLIDE, words)
    )
    if urgent and slide != URGENT:
        st.caption(
            "Un message d'urgence prend en ce moment tout l'écran : choisissez-le dans « Diapositive » pour "
            "le voir."
        )
    names = {ALL: "Toutes", **shown.languages}
    language = right.selectbox(
        "Langue", list(names), format_func=names.__getitem__, key=_one_of("ecran_langue", names)
    )
    return size, slide, language


def _one_of(key: str, options: Mapping[str, str]) -> str:
    """The key, once what it holds is among the options."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = ALL
    return key


def _slide_words(slide: str) -> str:
    kind, _, need = slide.partition(":")
    return form.need_words().get(need, need) if need else SLIDES.get(kind, kind)
