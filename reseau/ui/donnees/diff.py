"""What a file would change, to read before it is applied: counts, a table to filter, rows to choose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.ui import wording
from reseau.ui.donnees.change_words import ACTIONS, GROUPS
from reseau.ui.donnees.comparing import Compared, current
from reseau.ui.donnees.report import left_words, refused_frame

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from reseau.model.reports import ImportPlan
    from reseau.ui.context import Context
    from reseau.ui.donnees.mapping import Choice

Apply = Callable[["Choice", "Sequence[str] | None"], None]
"""Applies a file: every change (None), or those of these keys."""

EVERYTHING, KEPT, REFUSED = "tout", "kept", "refused"
NOTHING_HERE = (
    "Rien à prendre : aucune ligne de ce fichier ne parle de ce qui est enregistré pour votre territoire. "
    "S'il complète un autre fichier de la liste (des chiffres, les contours de leurs quartiers), "
    "importez-les d'un coup : ils seront pris dans le bon ordre."
)
HEIGHT, ROWS = 330, 8
ANY_FIELD = "Tous les champs"
WIDTHS = {"Action": 85, "Fiche": 215, "Champ": 110, "Avant": 180, "Après": 245, "Remplace": 100, "Ligne": 60}


def review(context: Context, choices: Sequence[Choice], apply: Apply) -> None:
    """Draw what the compared files would change."""
    compared = [(choice, found) for choice in choices if (found := current(context, choice)) is not None]
    if not compared:
        return
    if any(found.version != context.view.version for _, found in compared):
        st.info(
            "Les données ont changé depuis cette comparaison : comparez à nouveau pour la relire à jour.",
            icon=":material/update:",
        )
    choice, found = compared[_summary(compared)] if len(compared) > 1 else compared[0]
    if found.plan is None:
        st.error(
            f"{wording.markdown_text(found.problem)}\n\nRien ne sera enregistré de ce fichier.",
            icon=":material/error:",
        )
        return
    _plan(choice, found, found.plan, apply)


def _summary(compared: Sequence[tuple[Choice, Compared]]) -> int:
    """One line a file; answers the one whose changes are shown."""
    rows = [{"Fichier": choice.upload.name, **_counts(found.plan)} for choice, found in compared]
    st.caption(
        "Choisissez un fichier pour lire ses changements. Chacun est comparé avec ce qui est enregistré "
        "aujourd'hui, pas avec les autres fichiers de la liste."
    )
    answer = st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        height="auto",
        on_select="rerun",
        selection_mode="single-row",
        key="donnees_summary_" + "_".join(choice.upload.file_id for choice, _ in compared),
    )
    chosen = answer["selection"]["rows"]
    return int(chosen[0]) if chosen and chosen[0] < len(compared) else 0


def _counts(plan: ImportPlan | None) -> dict[str, int | None]:
    """Counts of a plan; a file that cannot be read has none."""
    if plan is None:
        return dict.fromkeys((*GROUPS.values(), "Inchangées", "Refusées", "Hors territoire"))
    return {
        **{label: plan.count(action) for action, label in GROUPS.items()},
        "Inchangées": plan.unchanged,
        "Refusées": len(plan.refused),
        "Hors territoire": plan.out_of_scope,
    }


def sentence(plan: ImportPlan) -> str:
    """«12 lignes lues = 8 nouvelles + 1 modifiée + …»: nothing is lost on the way."""
    parts = (
        wording.plural(plan.count("new"), "nouvelle"),
        wording.plural(plan.count("changed"), "modifiée"),
        wording.plural(plan.count("reopened"), "rouverte"),
        wording.plural(plan.unchanged, "inchangée"),
        wording.plural(len(plan.refused), "refusée"),
        f"{wording.number(plan.out_of_scope)} hors du territoire",
    )
    read = wording.plural(plan.read, "ligne lue", "lignes lues")
    return f"{read} = {' + '.join(parts)}.{left_words(plan.count('gone'))}"


def _plan(choice: Choice, found: Compared, plan: ImportPlan, apply: Apply) -> None:
    key = f"{choice.upload.file_id}_{abs(hash(found.signature))}"
    st.markdown(f"**3. Relire, puis appliquer** : {wording.markdown_text(choice.upload.name)}")
    st.caption(sentence(plan))
    if plan.notes:
        label = f"Remarques ({len(plan.notes)})"
        with st.expander(label, expanded=_loses_most(plan), icon=":material/notes:"):
            st.markdown("\n".join(f"- {wording.markdown_text(note)}" for note in plan.notes))
    groups = _groups(plan, found)
    buttons = st.container(horizontal=True, vertical_alignment="center")
    group = EVERYTHING
    filters: list[DeltaGenerator] = []
    if len(groups) > 1:
        shown, *filters = st.columns([5, 3, 2], vertical_alignment="center")
        group = shown.segmented_control(
            "Montrer",
            list(groups),
            format_func=groups.__getitem__,
            default=EVERYTHING,
            required=True,
            label_visibility="collapsed",
            key=f"group_{key}",
        )
    if group == REFUSED:
        chosen = None
        st.dataframe(refused_frame(plan.refused), hide_index=True, width="stretch", height="auto")
    elif group == KEPT:
        chosen = None
        _kept(plan, found)
    else:
        chosen = _changes(plan, found, group, key, filters or st.columns([3, 2]))
    with buttons:
        _apply_buttons(choice, plan, chosen, apply, key)


def _groups(plan: ImportPlan, found: Compared) -> dict[str, str]:
    """What may be shown, with counts; what is empty is not offered."""
    offered = {EVERYTHING: f"Tout ({wording.number(len(plan.changes))})"}
    counts = {action: plan.count(action) for action in GROUPS}
    if sum(bool(count) for count in counts.values()) > 1:
        offered |= {
            action: f"{GROUPS[action]} ({wording.number(count)})" for action, count in counts.items() if count
        }
    if len(found.kept) or plan.n_kept:
        offered[KEPT] = f"Gardé tel quel ({wording.number(len(found.kept) + plan.n_kept)})"
    if plan.refused:
        offered[REFUSED] = f"Refusées ({wording.number(len(plan.refused))})"
    return offered


def _loses_most(plan: ImportPlan) -> bool:
    """Whether most of what is known would go: the remark that says so is not to be missed."""
    known = plan.unchanged + plan.count("changed") + plan.count("reopened")
    return plan.count("gone") > known


def _kept(plan: ImportPlan, found: Compared) -> None:
    """What the file says and that is not written."""
    st.caption(
        "Le fichier dit autre chose que ce que vous avez corrigé, ou qu'une source plus fiable. Ces valeurs "
        "restent comme elles sont."
    )
    if len(found.kept):
        st.dataframe(
            found.kept, hide_index=True, width="stretch", height=HEIGHT if len(found.kept) > ROWS else "auto"
        )
    if plan.n_kept:
        rows = wording.plural(plan.n_kept, "fiche ne change pas", "fiches ne changent pas")
        st.caption(
            f"{rows} mais le fichier y dit autre chose que vous. Une fois le fichier importé, la page "
            "« À vérifier », section « Vos corrections et les sources », vous demandera laquelle garder."
        )


def _changes(
    plan: ImportPlan, found: Compared, group: str, key: str, filters: Sequence[DeltaGenerator]
) -> list[str] | None:
    """The table, filtered; answers keys of the rows ticked, else of those shown when a filter is on."""
    if not plan.changes:
        _no_change(plan)
        return None
    names = sorted(set(found.lines["Champ"]) - {""})
    text = filters[0].text_input(
        "Chercher",
        placeholder="Chercher une fiche, une valeur",
        label_visibility="collapsed",
        key=f"text_{key}",
    )
    name = ANY_FIELD
    if names:
        name = filters[1].selectbox(
            "Champ", [ANY_FIELD, *names], label_visibility="collapsed", key=f"field_{key}"
        )
    shown = _filtered(found.lines, ACTIONS.get(group, ""), text, "" if name == ANY_FIELD else name)
    answer = st.dataframe(
        _columns(shown),
        hide_index=True,
        width="stretch",
        height=HEIGHT if len(shown) > ROWS else "auto",
        on_select="rerun",
        selection_mode="multi-row",
        # Other lines, other table: a tick belongs to what was shown when it was set.
        key=f"changes_{key}_{group}_{abs(hash((text, name, found.version)))}",
        column_config={
            column: st.column_config.TextColumn(width=WIDTHS[column]) for column in WIDTHS if column in shown
        },
    )
    ticked = [row for row in answer["selection"]["rows"] if row < len(shown)]
    if ticked:
        return _keys(found, shown.index[ticked])
    return _keys(found, shown.index) if len(shown) < len(found.lines) else None


def _no_change(plan: ImportPlan) -> None:
    """Why there is nothing to apply: known already, or not about this territory."""
    if plan.unchanged:
        st.info("Rien ne change : ce que dit ce fichier est déjà enregistré.", icon=":material/done_all:")
    elif plan.read and plan.out_of_scope == plan.read:
        st.warning(NOTHING_HERE, icon=":material/flag:")


def _filtered(lines: pd.DataFrame, action: str, text: str, name: str) -> pd.DataFrame:
    shown = lines[lines["Action"] == action] if action else lines
    if name:
        shown = shown[shown["Champ"] == name]
    if wanted := text.strip().casefold():
        found = pd.Series(False, index=shown.index)
        for column in ("Fiche", "Avant", "Après"):
            found |= shown[column].str.casefold().str.contains(wanted, regex=False)
        shown = shown[found]
    return shown


def _columns(shown: pd.DataFrame) -> pd.DataFrame:
    """Without the columns that say nothing here, or the same on every line."""
    same = ["Action"] if shown["Action"].nunique() == 1 else []
    empty = [name for name in ("Champ", "Avant", "Remplace", "Ligne") if not shown[name].any()]
    return shown.drop(columns=[*same, *empty])


def _keys(found: Compared, index: pd.Index) -> list[str]:
    return list(dict.fromkeys(found.keys[position] for position in index))


def _apply_buttons(
    choice: Choice, plan: ImportPlan, chosen: list[str] | None, apply: Apply, key: str
) -> None:
    everything = "Appliquer tout" if plan.changes else "Enregistrer cet import (rien ne change)"
    if st.button(
        everything,
        type="primary" if plan.changes else "secondary",
        icon=":material/done_all:",
        key=f"apply_all_{key}",
    ):
        apply(choice, None)
    if plan.changes:
        count = len(chosen or ())
        label = (
            f"Appliquer la sélection ({wording.plural(count, 'fiche')})"
            if count
            else "Appliquer la sélection"
        )
        if st.button(label, disabled=not count, icon=":material/check:", key=f"apply_some_{key}"):
            apply(choice, chosen)
        st.caption(
            "Cochez des lignes, ou filtrez : ce qui est affiché est alors choisi. Une fiche est prise avec "
            "tous ses champs."
        )
