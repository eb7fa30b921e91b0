"""Doublons possibles: two sheets at a time, one structure or two, and the history of what was merged."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.services import duplicates
from reseau.ui import state, wording
from reseau.ui.a_verifier import pair_card
from reseau.ui.annuaire.labels import FIELD_LABELS

if TYPE_CHECKING:
    from reseau.services.duplicates import Left, Merge, Pair
    from reseau.ui.context import Context

CURRENT, LATER, PART, ROUND = "doublons_current", "doublons_later", "doublons_part", "doublons_round"
TO_CONFIRM, MERGED, DISTINCT = "À confirmer", "Fusions faites", "Dites différentes"
VERDICTS = {
    duplicates.CERTAIN: ("certaine", "certaines"),
    duplicates.PROBABLE: ("probable", "probables"),
    duplicates.POSSIBLE: ("possible", "possibles"),
}
KIND_WORDS = {
    "structures": "fiche", "relations": "relation", "permanences": "permanence", "contacts": "contact",
    "journal": "entrée du journal", "actions": "action", "territoires": "structure pivot",
}  # fmt: skip

Key = tuple[int, int]


def draw(context: Context) -> None:
    """Draw the section."""
    part = st.segmented_control(
        "Doublons",
        (TO_CONFIRM, MERGED, DISTINCT),
        default=TO_CONFIRM,
        required=True,
        label_visibility="collapsed",
        key=PART,
    )
    if part == MERGED:
        _history(context)
    elif part == DISTINCT:
        _distinct(context)
    else:
        _queue(context)


def _queue(context: Context) -> None:
    with st.spinner("Recherche des fiches qui pourraient être la même structure…"):
        found = duplicates.queue(context.app, context.tid)
    for note in found.notes:
        st.warning(note, icon=":material/groups:")
    if not found.pairs:
        _nothing(context)
        return
    pairs = _of_selection(context, list(found.pairs))
    _toolbar(pairs, _current(pairs))
    pair = _current(pairs)
    _pair(context, pair)


def _nothing(context: Context) -> None:
    if len(context.view.structures) < 2:
        st.info("L'annuaire a moins de deux fiches : il n'y a rien à comparer. Importez vos partenaires.")
        return
    count = wording.plural(len(context.view.structures), "fiche comparée", "fiches comparées")
    st.success(f"Aucun doublon possible parmi {count}.", icon=":material/done_all:")


def _of_selection(context: Context, pairs: list[Pair]) -> list[Pair]:
    """Only the pairs of the structure chosen on another page, when the person wants it."""
    chosen = state.selection(context.view).structure_id
    about = [pair for pair in pairs if chosen in (pair.a_id, pair.b_id)]
    if not about or len(about) == len(pairs):
        return pairs
    name = wording.markdown_text(str(context.view.structures.at[chosen, "name"])[:80])
    only = st.toggle(f"Seulement « {name} » ({wording.number(len(about))})", key="doublons_selection")
    return about if only else pairs


def _ordered(pairs: list[Pair]) -> list[Pair]:
    """Those to see later come last."""
    later: list[Key] = st.session_state.get(LATER, [])
    return sorted(pairs, key=lambda pair: later.index(_key(pair)) + 1 if _key(pair) in later else 0)


def _key(pair: Pair) -> Key:
    return (pair.a_id, pair.b_id)


def _current(pairs: list[Pair]) -> Pair:
    """The pair on screen: the one chosen while it is there, else the first."""
    wanted = st.session_state.get(CURRENT)
    return next((pair for pair in pairs if _key(pair) == wanted), _ordered(pairs)[0])


def _toolbar(pairs: list[Pair], current: Pair) -> None:
    counts = Counter(pair.verdict for pair in pairs)
    words = [
        f"{wording.number(counts[verdict])} {one if counts[verdict] < 2 else many}"
        for verdict, (one, many) in VERDICTS.items()
        if counts[verdict]
    ]
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.markdown(f"**{wording.plural(len(pairs), 'paire')} à regarder** : {', '.join(words)}.")
    with right.popover("Toutes les paires", icon=":material/list:", width="stretch"):
        _list(pairs, current)


def _list(pairs: list[Pair], current: Pair) -> None:
    ordered = _ordered(pairs)
    table = pd.DataFrame(
        {
            "Avis": [duplicates.VERDICT_LABELS[pair.verdict] for pair in ordered],
            "Score": [round(pair.score) for pair in ordered],
            "Fiche 1": [pair.a_name for pair in ordered],
            "Fiche 2": [pair.b_name for pair in ordered],
        }
    )
    # A table keeps the line chosen before: another pair on screen makes it another table.
    key = f"doublons_table_{_key(current)[0]}_{_key(current)[1]}_{st.session_state.get(ROUND, 0)}"
    chosen = st.dataframe(
        table, hide_index=True, on_select="rerun", selection_mode="single-row", key=key, height=320, width=640
    )
    rows = chosen["selection"]["rows"]
    if rows and rows[0] < len(ordered) and _key(ordered[rows[0]]) != _key(current):
        st.session_state[CURRENT] = _key(ordered[rows[0]])
        st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
        st.rerun()


def _pair(context: Context, pair: Pair) -> None:
    key = f"doublons_{pair.a_id}_{pair.b_id}"
    try:
        sheets = pair_card.read_sheets(context, pair)
        different = duplicates.differences(context.app, pair.a_id, pair.b_id)
    except ReseauError as error:
        st.error(str(error))
        return
    left, right = st.columns([5, 3], gap="medium")
    with left:
        verdict = duplicates.VERDICT_LABELS[pair.verdict]
        st.markdown(f"**Doublon {verdict}** (score {wording.number(pair.score)} sur 100)")
        st.caption(_sentence(pair.reasons))
        pair_card.comparison(context, sheets, different)
        _open_sheets(context, sheets, key)
    with right, st.container(border=True):
        _decide(context, sheets, different, key)


def _sentence(words: tuple[str, ...]) -> str:
    text = " ; ".join(words)
    return f"{text[:1].upper()}{text[1:]}."


def _open_sheets(context: Context, sheets: tuple[pair_card.Sheet, pair_card.Sheet], key: str) -> None:
    for rank, (column, sheet) in enumerate(zip(st.columns(2), sheets, strict=True), start=1):
        if column.button(
            f"Ouvrir la fiche {rank}",
            icon=":material/open_in_new:",
            type="tertiary",
            key=f"{key}_open_{rank}",
        ):
            state.select(context.view, structure_id=sheet.id)
            state.go("p5_annuaire")


def _decide(
    context: Context,
    sheets: tuple[pair_card.Sheet, pair_card.Sheet],
    different: list[duplicates.Difference],
    key: str,
) -> None:
    buttons = st.container()
    kept = pair_card.choose_kept(sheets, key)
    choices = pair_card.choose_values(context, sheets, different, kept, key)
    if different:
        st.caption("La valeur laissée de côté reste notée dans la fiche (onglet Provenance), avec sa source.")
    pair = (sheets[0].id, sheets[1].id)
    with buttons:
        if st.button(
            "C'est la même structure : fusionner", type="primary", width="stretch", key=f"{key}_merge"
        ):
            _merge(context, (sheets[kept].id, sheets[1 - kept].id), choices)
        if st.button("Ce sont deux structures différentes", width="stretch", key=f"{key}_distinct"):
            _say_distinct(context, pair)
        if st.button("Plus tard", width="stretch", key=f"{key}_later"):
            later = [item for item in st.session_state.get(LATER, []) if item != pair]
            st.session_state[LATER] = [*later, pair]
            _next()


def _next() -> None:
    st.session_state[CURRENT] = None
    st.rerun()


def _merge(context: Context, ids: Key, choices: dict[str, str]) -> None:
    try:
        duplicates.merge(context.app, context.tid, ids[0], ids[1], choices=choices)
    except ReseauError as error:
        st.error(str(error))
        return
    if state.selection(context.view).structure_id == ids[1]:
        state.select(context.view, structure_id=ids[0])
    st.toast("Fiches fusionnées. « Fusions faites » permet de défaire.", icon=":material/merge:")
    _next()


def _say_distinct(context: Context, pair: Key) -> None:
    try:
        duplicates.say_distinct(context.app, context.tid, *pair)
    except ReseauError as error:
        st.error(str(error))
        return
    st.toast("Deux structures différentes : la question ne sera plus posée.", icon=":material/call_split:")
    _next()


def _history(context: Context) -> None:
    """Merges done, and undoing one."""
    for sentence in st.session_state.pop("doublons_left", ()):
        st.warning(sentence)
    merges = duplicates.list_merges(context.app, context.tid)
    if not merges:
        st.info("Aucune fusion n'a été faite sur ce territoire.")
        return
    table = pd.DataFrame(
        {
            "Le": [pd.Timestamp(item.on) for item in merges],
            "Fiche gardée": [item.kept_name for item in merges],
            "Fiche fondue": [item.gone_name for item in merges],
            "Rattachés déplacés": [item.moved for item in merges],
            "Mis de côté": [item.apart for item in merges],
            "Défaite le": [wording.short_day(item.undone_on) for item in merges],
        }
    )
    days = {"Le": st.column_config.DateColumn(format="DD/MM/YYYY")}
    chosen = st.dataframe(
        table,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config=days,
        key=f"doublons_history_{st.session_state.get(ROUND, 0)}",
    )
    st.caption(
        "« Mis de côté » : ce qui aurait été en double (la même relation deux fois), ou une relation entre "
        "les deux fiches. Défaire remet tout comme avant, sauf ce qui a été changé depuis."
    )
    rows = [row for row in chosen["selection"]["rows"] if row < len(merges)]
    if not rows:
        st.caption("Choisissez une ligne pour défaire une fusion.")
        return
    _undo(context, merges[rows[0]])


def _undo(context: Context, merge: Merge) -> None:
    kept, gone = (wording.markdown_text(name[:120]) for name in (merge.kept_name, merge.gone_name))
    if merge.undone_on is not None:
        st.info(f"La fusion de « {gone} » dans « {kept} » est déjà défaite.")
        return
    st.markdown(f"Fusion de « {gone} » dans « {kept} ».")
    if not st.button("Défaire cette fusion", icon=":material/undo:", key=f"doublons_undo_{merge.id}"):
        return
    try:
        left = duplicates.unmerge(context.app, context.tid, merge.id)
    except ReseauError as error:
        st.error(str(error))
        return
    st.session_state["doublons_left"] = [_left_words(item) for item in left]
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.toast("Fusion défaite : les deux fiches sont de nouveau là.", icon=":material/undo:")
    st.rerun()


def _left_words(left: Left) -> str:
    kind = KIND_WORDS[left.table]
    if not left.columns:
        return f"Effacé depuis la fusion, donc non remis : {kind} n° {left.key['id']}."
    fields = ", ".join(FIELD_LABELS.get(name, name).lower() for name in left.columns)
    return f"Changé depuis la fusion, donc laissé tel quel ({kind} gardée) : {fields}."


def _distinct(context: Context) -> None:
    """Pairs said to be different, and taking an answer back."""
    pairs = duplicates.distinct_pairs(context.app, context.tid)
    if not pairs:
        st.info("Aucune paire n'a été dite différente. Celles que vous écartez se retrouvent ici.")
        return
    table = pd.DataFrame(
        {"Fiche 1": [pair.a_name for pair in pairs], "Fiche 2": [pair.b_name for pair in pairs]}
    )
    chosen = st.dataframe(
        table,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"doublons_distinct_{st.session_state.get(ROUND, 0)}",
    )
    rows = [row for row in chosen["selection"]["rows"] if row < len(pairs)]
    if not rows:
        st.caption("Choisissez une ligne pour que la question soit posée de nouveau.")
        return
    pair = pairs[rows[0]]
    key = f"doublons_forget_{pair.a_id}_{pair.b_id}"
    if st.button("Poser de nouveau la question", icon=":material/undo:", key=key):
        duplicates.forget_answer(context.app, context.tid, pair.a_id, pair.b_id)
        st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
        st.rerun()
