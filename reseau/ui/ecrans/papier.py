"""Posters and hand-outs: the content of a screen, or of a quartier, on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from reseau.errors import ReseauError
from reseau.services import screens
from reseau.services.screen_languages import LanguageState, list_languages
from reseau.services.screen_sheets import KINDS, Kind, sheet_and_pictures
from reseau.services.screens import SavedScreen
from reseau.ui import state, wording
from reseau.ui.annuaire.drafts import show_error
from reseau.ui.donnees.exporting import file_stem
from reseau.ui.ecrans.form_languages import label

if TYPE_CHECKING:
    from reseau.model.screens import Screen
    from reseau.screens.sheets import Printed
    from reseau.ui.context import Context

READY = "papier_pret"
SHOWN = 2
"""Pages shown on the screen."""

WHAT_IS_ON_IT = (
    "La feuille dit la même chose que l'écran : les besoins, les lieux numérotés et la carte, les horaires "
    "habituels, le code à photographier. Une seule langue par feuille. Jamais le nom d'une personne, une "
    "note ou une relation ; un sujet sensible est montré comme sur l'écran."
)


def papier(context: Context) -> None:
    """The section."""
    if context.view.quartiers.empty:
        st.info(
            "Une affiche parle d'un quartier : il faut d'abord les contours des quartiers, importés dans la "
            "page Données."
        )
        if st.button("Ouvrir la page Données", type="primary"):
            state.go("p9_donnees")
        return
    _body(context)


@st.fragment
def _body(context: Context) -> None:
    left, right = st.columns([50, 50], gap="large")
    with left, st.container(border=True):
        chosen = _subject(context)
        language = _language(chosen)
        kind = st.radio("Format", list(KINDS), format_func=KINDS.__getitem__, key="papier_format")
        wanted = (context.tid, context.view.version, chosen, language.code if language else "", kind)
        asked = st.button(
            "Préparer le PDF",
            type="primary",
            icon=":material/picture_as_pdf:",
            key="papier_preparer",
            disabled=chosen is None or language is None,
        )
        if asked and chosen is not None and language is not None:
            _prepare(context, chosen, language.code, kind)
            if READY in st.session_state:
                st.session_state[READY]["wanted"] = wanted
    with right:
        st.markdown(WHAT_IS_ON_IT)
        st.caption(
            "Imprimez l'affiche en A3 pour un mur, la feuille en A4 recto verso pour la donner : elle "
            "garde autant de lieux que ses deux pages en tiennent. Le livret en montre jusqu'à cinq par "
            "besoin. La date d'impression est écrite : refaites-les quand les horaires changent."
        )
        ready = st.session_state.get(READY)
        if ready and ready["wanted"] == wanted:
            _download(ready)


def _subject(context: Context) -> SavedScreen | Screen | None:
    """What the sheet speaks of: a saved screen, or a quartier with the usual choices."""
    known = {f"ecran:{item.id}": item for item in screens.list_screens(context.app, context.tid)}
    frame = context.view.quartiers
    quartiers = {
        f"quartier:{code}": str(name) for code, name in zip(frame["code"], frame["name"], strict=True)
    }
    labels = {key: f"Écran : {item.record.name}" for key, item in known.items()}
    labels |= {key: f"Quartier : {name}" for key, name in quartiers.items()}
    labels = wording.unique_labels(labels)
    chosen = st.selectbox(
        "De quel écran, ou de quel quartier ?",
        list(labels),
        format_func=labels.__getitem__,
        key="papier_quoi",
    )
    if chosen in known:
        return known[chosen]
    try:
        code = chosen.removeprefix("quartier:")
        return screens.default_screen(context.app, context.tid, (code,), ("fr",))
    except ReseauError as error:
        show_error(str(error))
        return None


def _language(subject: SavedScreen | Screen | None) -> LanguageState | None:
    """Any language, those of the screen first."""
    states = {item.code: item for item in list_languages() if item.in_french is not None}
    first = [code for code in _record_of(subject).languages if code in states] if subject else []
    codes = list(dict.fromkeys([*first, *states]))
    code = st.selectbox("Langue", codes, format_func=lambda item: label(states[item]), key="papier_langue")
    item = states.get(code)
    if item is not None and not item.reviewed and item.code != "fr":
        st.caption(
            ":material/translate: Traduction non relue par une personne dont c'est la langue : faites-la "
            "relire avant d'imprimer."
        )
    return item


def _prepare(context: Context, subject: SavedScreen | Screen, language: str, kind: Kind) -> None:
    st.session_state.pop(READY, None)
    try:
        with st.spinner("Mise en page…"):
            made = sheet_and_pictures(context.app, context.tid, subject, language=language, kind=kind)
    except ReseauError as error:
        show_error(str(error))
        return
    st.session_state[READY] = {
        "made": made,
        "name": f"{file_stem(_record_of(subject).name)}-{kind}-{language}.pdf",
    }


def _record_of(subject: SavedScreen | Screen) -> Screen:
    return subject.record if isinstance(subject, SavedScreen) else subject


def _download(ready: dict[str, Any]) -> None:
    made: Printed = ready["made"]
    pages = wording.plural(len(made.pictures), "page")
    st.success(f"Prêt : {pages}, {wording.number(len(made.pdf) / 1000)} ko.", icon=":material/check:")
    st.download_button(
        "Télécharger le PDF",
        made.pdf,
        file_name=str(ready["name"]),
        mime="application/pdf",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
        key="papier_telecharger",
    )
    for column, picture in zip(st.columns(SHOWN), made.pictures, strict=False):
        column.image(picture, width="stretch")
    if len(made.pictures) > SHOWN:
        st.caption(f"Les {SHOWN} premières pages.")
