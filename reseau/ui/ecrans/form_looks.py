"""How a screen looks and how fast it goes; where it finds its content, and what people can do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from reseau.errors import RefusedInput
from reseau.screens.colours import MIN_CONTRAST, contrast, inks
from reseau.services.screen_form import MIN_SECONDS, PACE, readable_logo
from reseau.ui import wording
from reseau.ui.annuaire.drafts import show_error
from reseau.ui.ecrans import address as addresses

if TYPE_CHECKING:
    from reseau.ui.donnees.uploads import Upload
    from reseau.ui.ecrans.drafting import Draft

MAX_ADDRESS = 300


def looks(draft: Draft) -> None:
    """The tab «Apparence»."""
    record = draft.record
    left, right = st.columns(2)
    background = left.color_picker("Fond", key=draft.seed("fond", record.background))
    accent = right.color_picker("Bandeaux et numéros", key=draft.seed("accent", record.accent))
    draft.change(background=background, accent=accent)
    _readable(background, accent)
    _logo(draft)
    seconds = st.slider(
        "Une page reste au moins",
        *MIN_SECONDS,
        key=draft.seed("secondes", record.min_seconds),
        format="%d secondes",
    )
    pace = st.select_slider(
        "Rythme : temps laissé pour lire",
        _paces(record.pace),
        format_func=lambda value: f"× {value:g}".replace(".", ","),
        key=draft.seed("rythme", record.pace),
        help="1 : le temps habituel pour lire la page, compté d'après la longueur du texte. 2 : deux fois "
        "plus longtemps.",
    )
    draft.change(min_seconds=seconds, pace=pace)


def _paces(now: float) -> list[float]:
    """Every tenth within the bounds, and the one in hand."""
    low, high = (round(bound * 10) for bound in PACE)
    return sorted({*(tenth / 10 for tenth in range(low, high + 1)), now})


def _readable(background: str, accent: str) -> None:
    try:
        colours = inks(background, accent)
    except RefusedInput as error:
        show_error(str(error))
        return
    on_page = contrast(colours["ink"], background)
    on_band = contrast(colours["on_accent"], accent)
    st.caption(
        f":material/check: L'écriture se lit de loin : contraste {wording.number(on_page, 1)} sur le fond, "
        f"{wording.number(on_band, 1)} sur les bandeaux (il en faut {MIN_CONTRAST:.0f}). Elle est noire ou "
        "blanche, selon ce qui se lit le mieux."
    )


def _logo(draft: Draft) -> None:
    upload = cast(
        "Upload | None",
        st.file_uploader(
            "Logo de votre structure (PNG, JPEG ou WebP)",
            type=["png", "jpg", "jpeg", "webp"],
            key=draft.key("logo"),
            max_upload_size=2,
        ),
    )
    taken = draft.key("logo_pris")
    if upload is not None and st.session_state.get(taken) != upload.file_id:
        try:
            draft.logo = readable_logo(bytes(upload.getbuffer()))
        except RefusedInput as error:
            show_error(str(error))
            return
        st.session_state[taken] = upload.file_id
        draft.logo_changed = True
    if draft.logo is None:
        st.caption("Sans logo, l'écran montre le nom du quartier seul.")
        return
    image, remove = st.columns([60, 40], vertical_alignment="center")
    image.image(draft.logo, width=180)
    if remove.button("Retirer le logo", icon=":material/close:", key=draft.key("logo_retirer")):
        draft.logo, draft.logo_changed = None, True
        st.rerun()


def access(draft: Draft) -> None:
    """The tab «Accès»."""
    record = draft.record
    address = st.text_input(
        "Adresse de l'application pour cet écran (facultatif)",
        key=draft.seed("adresse", record.address),
        placeholder="http://exemple.fr:8501",
        max_chars=MAX_ADDRESS,
        help="Là où l'écran, parti d'une clé USB ou d'un dossier, vient voir si quelque chose a changé. Vide "
        ": il ne se met jamais à jour par le réseau.",
    )
    here = addresses.application()
    if here and not addresses.is_local(here) and not address:
        st.button(
            f"Mettre celle de cette page : {wording.markdown_text(here)}",
            icon=":material/content_paste_go:",
            key=draft.key("adresse_ici"),
            type="tertiary",
            on_click=st.session_state.__setitem__,
            args=(draft.key("adresse"), here),
        )
    link = st.text_input(
        "Lien à ouvrir avec un téléphone (facultatif)",
        key=draft.seed("lien", record.link),
        placeholder="https://…",
        max_chars=MAX_ADDRESS,
        help="Montré comme un carré à photographier (code QR), sur l'écran et sur les affiches.",
    )
    touch = st.toggle("Les habitants peuvent toucher l'écran", key=draft.seed("toucher", record.touch))
    st.caption(
        "Sur un écran tactile, un habitant peut dire ce qui manque en touchant des images, sans rien écrire. "
        "Rien ne s'affiche avant que vous l'ayez relu (section « Avis des habitants »)."
    )
    draft.change(address=address, link=link, touch=touch)
