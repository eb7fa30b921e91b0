"""Downloading: what is asked of whom, the button that asks, and what is here already."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from reseau.errors import ReseauError
from reseau.services import feeds
from reseau.services.downloading import Downloaded, Offer, download_source, list_offers
from reseau.ui import wording
from reseau.ui.donnees.fetched import Fetched, hand_over
from reseau.ui.donnees.report import local

if TYPE_CHECKING:
    from reseau.ui.context import Context

SAID = "donnees_download_said"


def downloading(context: Context) -> None:
    """Draw the section."""
    st.caption(
        "Rien n'est demandé à personne avant que vous appuyiez sur un bouton. Un téléchargement interrompu "
        "reprend où il s'était arrêté, et un fichier qui n'a pas changé n'est pas envoyé de nouveau."
    )
    work = st.container()
    left, right = st.columns([6, 4], gap="large")
    with left:
        st.markdown("**Sources publiques**")
        for offer in list_offers(context.app):
            _offer(context, offer, work)
    with right:
        _tables(context, work)


def _offer(context: Context, offer: Offer, work: st.delta_generator.DeltaGenerator) -> None:
    with st.container(border=True, gap="small"):
        about, act = st.columns([66, 34], vertical_alignment="center")
        with about.container(gap=None):
            st.markdown(f"**{wording.markdown_text(offer.title)}**")
            st.caption(f"{_asked(offer)}  \n**{_here(offer.last)}**")
        if act.button(
            "Télécharger de nouveau" if offer.last else "Télécharger",
            icon=":material/cloud_download:",
            width="stretch",
            key=f"download_{offer.source_id}",
        ):
            _run(
                work,
                offer.source_id,
                lambda tell: download_source(
                    context.app, offer.source_id, territoire_id=context.tid, on_progress=tell
                ),
            )
        if offer.last and act.button(
            "Comparer et importer",
            icon=":material/compare_arrows:",
            type="primary",
            width="stretch",
            key=f"take_{offer.source_id}",
        ):
            _take(context, offer.source_id, offer.last)
        _said(offer.source_id)


def _asked(offer: Offer) -> str:
    """Who is asked, what is sent, how much comes."""
    sent = (
        "sont envoyés : les codes de vos communes, rien d'autre"
        if offer.by_api
        else "rien n'est envoyé de votre territoire"
    )
    parts = [f"Demandé à {offer.host} ; {sent}"]
    if offer.size:
        parts.append(f"taille : {offer.size}")
    text = " ; ".join(parts) + "."
    return wording.markdown_text(f"{text} {offer.note}".strip())


def _here(last: Downloaded | None) -> str:
    if last is None:
        return "Pas encore téléchargé."
    return f"Téléchargé le {wording.day(local(last.on).date())} ({_size(last.bytes)})."


def _size(count: int) -> str:
    if count < 100_000:
        return f"{wording.number(count / 1000, 1)} ko"
    return f"{wording.number(count / 1_000_000, 1)} Mo"


def _run(
    work: st.delta_generator.DeltaGenerator,
    key: str,
    ask: Callable[[Callable[[float, str], None]], Downloaded],
) -> Downloaded | None:
    """Ask, showing where it is; what is said of it stays under its button."""
    bar = work.progress(0.0, "Téléchargement…")

    def tell(share: float, sentence: str) -> None:
        bar.progress(min(max(share, 0.0), 1.0), wording.markdown_text(f"Téléchargement : {sentence}"))

    try:
        got = ask(tell)
    except ReseauError as error:
        bar.empty()
        st.session_state[SAID] = (key, False, str(error))
        return None
    bar.empty()
    st.session_state[SAID] = (key, True, _told(got))
    if not key.startswith("feed"):
        st.rerun()
    return got


def _told(got: Downloaded) -> str:
    if got.unchanged:
        return "Le fichier n'a pas changé depuis le dernier téléchargement."
    again = ", repris où il s'était arrêté" if got.resumed else ""
    return f"Fichier reçu en entier ({_size(got.bytes)}{again}). Rien n'est encore importé."


def _said(key: str) -> None:
    about, well, sentence = st.session_state.get(SAID) or ("", True, "")
    if about != key:
        return
    draw, icon = (st.success, ":material/check:") if well else (st.error, ":material/cloud_off:")
    draw(wording.markdown_text(sentence), icon=icon)


def _take(context: Context, source_id: str, got: Downloaded) -> None:
    """Give a downloaded file to the import section."""
    st.session_state.pop(SAID, None)
    hand_over(
        context,
        Fetched(
            name=got.path.name,
            file_id=f"fetched_{source_id}_{got.on}_{got.bytes}",
            source_id=source_id,
            path=got.path,
            size=got.bytes,
        ),
    )
    st.rerun()


def _tables(context: Context, work: st.delta_generator.DeltaGenerator) -> None:
    """Shared tables of the team, read again on demand."""
    st.markdown("**Tableaux partagés de l'équipe**")
    st.caption(
        "Un tableau que l'équipe tient en ligne (Google Sheets, Grist, Nextcloud, ou l'adresse d'un CSV ou "
        "d'un XLSX). Il est relu quand vous le demandez, jamais tout seul. Il doit être lisible sans "
        "compte : n'y mettez ni contact nominatif ni donnée personnelle."
    )
    for feed in feeds.list_feeds(context.app, context.tid):
        _table(context, feed, work)
    with st.form("feed_new", clear_on_submit=False, border=True):
        title = st.text_input("Nom du tableau", max_chars=feeds.MAX_TITLE, placeholder="Nos partenaires")
        url = st.text_input("Adresse de partage", max_chars=feeds.MAX_URL, placeholder="https://…")
        if st.form_submit_button("Ajouter ce tableau", icon=":material/add_link:"):
            _add(context, url, title)
    _said("feed_new")


def _add(context: Context, url: str, title: str) -> None:
    try:
        feeds.add_feed(context.app, context.tid, url, title)
    except ReseauError as error:
        st.session_state[SAID] = ("feed_new", False, str(error))
    else:
        said = "Adresse gardée : appuyez sur « Lire et comparer » quand vous voulez la lire."
        st.session_state[SAID] = ("feed_new", True, said)
    st.rerun()


def _table(context: Context, feed: feeds.Feed, work: st.delta_generator.DeltaGenerator) -> None:
    key = f"feed_{feed.id}"
    with st.container(border=True, gap="small"):
        st.markdown(f"**{wording.markdown_text(feed.title)}**")
        read = f"lu le {wording.day(local(feed.fetched_on).date())}" if feed.fetched_on else "pas encore lu"
        st.caption(wording.markdown_text(f"Demandé à {feed.host} ; {read}."))
        row = st.container(horizontal=True, vertical_alignment="center")
        if row.button("Lire et comparer", icon=":material/sync:", key=f"refresh_{key}"):
            got = _run(
                work,
                key,
                lambda tell: feeds.refresh_feed(context.app, context.tid, feed.id, on_progress=tell),
            )
            if got is not None:
                _take_table(context, feed, got)
        if row.button(
            "Oublier cette adresse", icon=":material/link_off:", type="tertiary", key=f"drop_{key}"
        ):
            feeds.remove_feed(context.app, context.tid, feed.id)
            st.rerun()
        _said(key)


def _take_table(context: Context, feed: feeds.Feed, got: Downloaded) -> None:
    st.session_state.pop(SAID, None)
    hand_over(
        context,
        Fetched(
            name=f"{feed.title}{got.path.suffix}",
            file_id=f"fetched_feed_{feed.id}_{got.on}_{got.bytes}",
            source_id=feed.source,
            path=got.path,
            size=got.bytes,
            feed_id=feed.id,
            mapping=feed.mapping,
        ),
    )
    st.rerun()
