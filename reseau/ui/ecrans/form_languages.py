"""Languages of a screen: which ones, in which order, and how far each translation has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.model.screens import LANGUAGE_ORDERS
from reseau.model.vocabulary import LANGUAGES
from reseau.screens.texts import FRENCH
from reseau.services.screen_languages import LanguageState, list_languages
from reseau.ui import wording

if TYPE_CHECKING:
    from reseau.ui.ecrans.drafting import Draft


def languages(draft: Draft) -> None:
    """The tab."""
    states = {item.code: item for item in list_languages()}
    usable = {code: item for code, item in states.items() if item.in_french is not None}
    chosen = st.multiselect(
        "Langues de l'écran, dans l'ordre où vous les choisissez",
        list(usable),
        format_func=lambda code: label(usable[code]),
        key=draft.seed("langues", [code for code in draft.record.languages if code in usable]),
        placeholder="Choisir au moins une langue",
    )
    order = st.radio(
        "Comment elles se suivent",
        list(LANGUAGE_ORDERS),
        format_func=LANGUAGE_ORDERS.__getitem__,
        key=draft.seed("ordre_langues", draft.record.language_order),
        disabled=len(chosen) < 2,
    )
    draft.change(languages=tuple(chosen), language_order=order)
    for code in chosen:
        _state(usable[code])
    if damaged := [code for code in states if code not in usable]:
        st.warning(f"Langue dont le fichier ne se lit pas : {', '.join(damaged)}.", icon=":material/report:")
    if chosen and FRENCH not in chosen:
        st.caption("Le français n'est pas choisi : seuls les textes sans traduction s'affichent en français.")
    st.caption(
        "Les textes de votre équipe (messages, phrases des lieux) s'écrivent langue par langue ; sans "
        "traduction, ils s'affichent en français, et l'écran le dit."
    )


def label(item: LanguageState) -> str:
    """«arabe (العربية)», «français»."""
    name = LANGUAGES.get(item.code, "")
    return name if item.code == FRENCH else f"{name} ({item.name})" if name else item.name


def _state(item: LanguageState) -> None:
    missing = len(item.in_french or ())
    if item.code == FRENCH:
        return
    words = [] if item.reviewed else ["traduction non relue par une personne dont c'est la langue"]
    if missing:
        words.append(f"{wording.plural(missing, 'texte manque', 'textes manquent')} : affichés en français")
    name = wording.markdown_text(label(item))
    icon = ":material/check:" if not words else ":material/translate:"
    st.markdown(f"{icon} **{name}** : {' ; '.join(words) or 'traduction relue et complète'}.")
