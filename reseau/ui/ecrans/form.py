"""Settings of a screen, in tabs: what it shows, in which languages, when, how, and from where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.model.screens import SENSITIVE_MODES, SLIDES, SUBJECTS
from reseau.screens.needs import load_needs
from reseau.screens.texts import FRENCH, load_language
from reseau.services.screen_form import MAX_NAME
from reseau.ui import state, wording
from reseau.ui.ecrans import form_hours, form_languages, form_looks, form_place

if TYPE_CHECKING:
    from reseau.ui.context import Context
    from reseau.ui.ecrans.drafting import Draft

MODE_WORDS = {
    "numeros": "**Numéros** : qui appeler, sans lieu, sans carte, sans « près d'ici » ; regarder l'écran ne "
    "trahit personne (choix de départ).",
    "lieux": "**Lieux** : adresses et carte s'affichent ; seulement où cela ne met personne en danger.",
    "rien": "**Rien** : le sujet n'est ni sur l'écran, ni sur les affiches.",
}
"""What each mode of a sensitive subject means for those who sit in front of the screen."""


def fields(context: Context, draft: Draft) -> None:
    """Every field; the record of the draft is what they hold."""
    content, languages, hours, looks, access = st.tabs(
        ["Contenu", "Langues", "Horaires", "Apparence", "Accès"], key="ecran_onglets"
    )
    with content:
        _content(context, draft)
    with languages:
        form_languages.languages(draft)
    with hours:
        form_hours.hours(draft)
    with looks:
        form_looks.looks(draft)
    with access:
        form_looks.access(draft)


def _content(context: Context, draft: Draft) -> None:
    name = st.text_input("Nom de l'écran", key=draft.seed("nom", draft.record.name), max_chars=MAX_NAME)
    quartiers = _quartiers(context, draft)
    draft.change(name=name, quartiers=quartiers, slides=_slides(draft), needs=_needs(draft))
    _sensitive(draft)
    form_place.place(context, draft)


def _quartiers(context: Context, draft: Draft) -> tuple[str, ...]:
    frame = context.view.quartiers
    labels = dict(zip(frame["code"].astype(str), frame["name"].astype(str), strict=True))
    labels = wording.unique_labels(labels)
    gone = {code: f"{code} (n'est plus dans le territoire)" for code in draft.record.quartiers}
    labels = gone | labels
    chosen = st.multiselect(
        "Quartiers (le premier choisi donne son nom à l'écran)",
        list(labels),
        format_func=labels.__getitem__,
        key=draft.seed("quartiers", list(draft.record.quartiers)),
        placeholder="Choisir au moins un quartier",
    )
    return tuple(chosen)


def _slides(draft: Draft) -> tuple[str, ...]:
    """Kinds of slides with a box each, in their order, and arrows to change it."""
    st.markdown("**Diapositives**, dans l'ordre où elles passent")
    with st.container(key="ecran_diapos", gap="xxsmall"):
        for rank, kind in enumerate(draft.order):
            _slide(draft, rank, kind)
    st.caption("Une diapositive qui n'a rien à montrer est passée.")
    return tuple(kind for kind in draft.order if st.session_state[draft.key(f"diapo_{kind}")])


def _slide(draft: Draft, rank: int, kind: str) -> None:
    box, up, down = st.columns([76, 12, 12], vertical_alignment="center", gap="xxsmall")
    box.checkbox(SLIDES[kind], key=draft.seed(f"diapo_{kind}", kind in draft.record.slides))
    for column, step, icon, words, end in (
        (up, -1, ":material/arrow_upward:", "Plus tôt", 0),
        (down, 1, ":material/arrow_downward:", "Plus tard", len(draft.order) - 1),
    ):
        if column.button(
            "",
            icon=icon,
            key=draft.key(f"diapo_{kind}_{step}"),
            type="tertiary",
            help=f"{words} : {SLIDES[kind]}",
            disabled=rank == end,
        ):
            draft.order[rank], draft.order[rank + step] = draft.order[rank + step], kind
            state.rerun_part()


def need_words() -> dict[str, str]:
    """Needs in the words of residents, in French."""
    french = load_language(FRENCH)
    return {key: french.text("besoins", key) for key in load_needs()}


def _needs(draft: Draft) -> tuple[str, ...]:
    words = need_words()
    chosen = st.multiselect(
        "Besoins montrés (aucun choisi : tous)",
        list(words),
        format_func=words.__getitem__,
        key=draft.seed("besoins", [key for key in draft.record.needs if key in words]),
        placeholder="Tous, dans l'ordre habituel",
        help="Ils passent à l'écran dans l'ordre où vous les choisissez ici.",
    )
    return tuple(chosen)


def _sensitive(draft: Draft) -> None:
    st.markdown("**Sujets sensibles**")
    modes = dict(draft.record.sensitive)
    usual = next(iter(SENSITIVE_MODES))
    for subject, label in SUBJECTS.items():
        mode = st.selectbox(
            label,
            list(SENSITIVE_MODES),
            format_func=SENSITIVE_MODES.__getitem__,
            key=draft.seed(f"sujet_{subject}", modes.get(subject, usual)),
        )
        if mode != modes.get(subject, usual):
            modes[subject] = mode
    draft.change(sensitive=modes)
    st.caption("  \n".join(MODE_WORDS[mode] for mode in SENSITIVE_MODES))
