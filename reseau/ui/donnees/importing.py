"""Importing in three steps seen together: give files, read what they would change, apply."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.services.importing import KINDS, SourceSpec, list_sources, template_for
from reseau.ui import wording
from reseau.ui.donnees.comparing import compare, current, plans
from reseau.ui.donnees.diff import review
from reseau.ui.donnees.files import given_files, scope_words
from reseau.ui.donnees.report import XLSX
from reseau.ui.donnees.running import abandon, apply_all, apply_some, is_done, outcomes, to_compare_again

if TYPE_CHECKING:
    from reseau.ui.context import Context
    from reseau.ui.donnees.mapping import Choice


def ordered_sources() -> list[SourceSpec]:
    """Sources in the order a new territory needs them."""
    return sorted(list_sources(), key=lambda spec: (KINDS.index(spec.kind), spec.priority, spec.id))


def importer(context: Context) -> None:
    """Draw the section."""
    specs = {spec.id: spec for spec in ordered_sources()}
    reports = st.container()
    given, models = st.columns([5, 1], vertical_alignment="top")
    with models.popover("Modèles", icon=":material/download:", width="stretch"):
        _templates(specs)
    with given:
        choices = given_files(context, specs, plans(context))
    waiting = [choice for choice in choices if not is_done(choice)]
    with reports:
        reported = outcomes(context, {choice.upload.name for choice in choices})
    if not choices:
        if not reported:
            _nothing_given(context, specs)
        return
    _steps(context, waiting, total=len(choices))


def _steps(context: Context, waiting: Sequence[Choice], *, total: int) -> None:
    """Compare, then apply what the person wants."""
    ready = [choice for choice in waiting if choice.ready]
    if again := to_compare_again(ready):
        compare(context, again)
    compared = [choice for choice in ready if current(context, choice) is not None]
    row = st.container(horizontal=True, vertical_alignment="center")
    row.markdown("**2. Avant d'enregistrer**", width="content")
    read = bool(ready) and len(compared) == len(ready)
    label = "Comparer à nouveau" if read else "Comparer"
    if row.button(
        label if len(ready) < 2 or read else f"Comparer les {len(ready)} fichiers",
        type="secondary" if read else "primary",
        icon=":material/compare_arrows:",
        disabled=not ready,
        key="donnees_compare",
    ):
        compare(context, ready)
        st.rerun()
    direct = "Importer sans comparer" if len(ready) < 2 else f"Importer les {len(ready)} fichiers d'un coup"
    if row.button(direct, icon=":material/upload:", disabled=not ready, key="donnees_import"):
        apply_all(context, ready, remaining=len(waiting))
    if row.button("Tout retirer", icon=":material/close:", key="donnees_cancel", type="tertiary"):
        abandon()
        st.rerun()
    if len(waiting) < total:
        done = wording.plural(total - len(waiting), "fichier déjà importé", "fichiers déjà importés")
        row.caption(f"{done} ci-dessus, {wording.plural(len(waiting), 'en attente', 'en attente')}.")
    if compared:

        def apply(choice: Choice, keys: Sequence[str] | None) -> None:
            if keys is None:
                apply_all(context, [choice], remaining=len(waiting))
            else:
                found = current(context, choice)
                more = found is not None and found.plan is not None and len(found.plan.changes) > len(keys)
                apply_some(context, choice, keys, more=more, remaining=len(waiting))

        review(context, compared, apply)


def _templates(specs: dict[str, SourceSpec]) -> None:
    st.caption("Des classeurs prêts à remplir, avec une ligne d'exemple et la liste des types.")
    for spec in specs.values():
        template = _template(spec.id)
        if template is not None:
            st.download_button(
                spec.title,
                template,
                file_name=f"modele-{spec.id}.xlsx",
                mime=XLSX,
                icon=":material/download:",
                on_click="ignore",
                width="stretch",
                key=f"template_{spec.id}",
            )


@cache
def _template(source_id: str) -> bytes | None:
    return template_for(source_id)


def _nothing_given(context: Context, specs: dict[str, SourceSpec]) -> None:
    """What may be given, and where to find it."""
    st.info(
        "Déposez vos fichiers : chacun est reconnu, vous pouvez corriger, puis vous lisez ce qu'il "
        "changerait. Rien n'est enregistré avant que vous l'ayez décidé. " + scope_words(context),
        icon=":material/upload_file:",
    )
    rows = [
        {
            "Ce qui est reconnu": spec.title,
            "Fichiers": ", ".join(extension.removeprefix(".") for extension in spec.extensions),
            "Où le trouver": spec.address,
        }
        for spec in specs.values()
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        height=330,
        column_config={
            "Où le trouver": st.column_config.LinkColumn(width=330),
            "Fichiers": st.column_config.TextColumn(width=170),
        },
    )
