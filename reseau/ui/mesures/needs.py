"""What residents ask for, in counts: the table by theme and quartier, the entries, a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.model.vocabulary import THEMES
from reseau.services.needs import MAX_COUNT, entries, former_entries, needs_table
from reseau.ui import state, wording
from reseau.ui.annuaire.drafts import open_draft, show_said
from reseau.ui.annuaire.inputs import Inputs
from reseau.ui.annuaire.rows import adding, conclude, form_buttons, other_buttons, rows_table
from reseau.ui.components.choices import choose_quartier

if TYPE_CHECKING:
    from reseau.services.view import View
    from reseau.ui.context import Context

FORM = "besoins"
NOTHING = "–"
ROW = 33
TOTAL = "Total"


def needs(context: Context) -> None:
    """The section."""
    view = context.view
    show_said()
    st.caption(
        "Combien de fois les habitants ont demandé quelque chose, par thème : **des nombres, jamais qui a "
        "demandé**. Ces demandes comptent dans les priorités. Réservé à l'équipe, jamais publié."
    )
    if view.quartiers.empty:
        st.info("Aucun quartier n'est chargé : les demandes se notent par quartier (page Données).")
        return
    with st.container(horizontal=True):
        typing = adding(FORM, "Noter un nombre", opened=None)
        if st.button("Importer un tableau", icon=":material/upload:", key="needs_import"):
            st.session_state["donnees_next_section"] = "importer"
            state.go("p9_donnees")
    if typing:
        _form(context, None)
    _table(view)
    _entries(context)


def _table(view: View) -> None:
    st.subheader("Par thème et par quartier", anchor=False)
    if view.needs.empty:
        st.info(
            "Rien n'est noté : les priorités se calculent sans les demandes. Notez un nombre, ou "
            "importez un tableau (page Données, source « Demandes des habitants »)."
        )
        return
    found = needs_table(view)
    names = wording.unique_labels({int(key): str(name) for key, name in view.quartiers["name"].items()})
    shown = found.rename(columns=names).rename(index=THEMES)
    # A sum over nothing is not zero either.
    shown[TOTAL] = found.sum(axis=1, min_count=1).to_numpy()
    totals = pd.DataFrame([shown.sum(min_count=1)], index=[TOTAL])
    shown = pd.concat([shown, totals.astype("Int64")]).rename_axis("Thème").reset_index()
    st.dataframe(
        shown,
        hide_index=True,
        placeholder=NOTHING,
        height=ROW * (len(shown) + 1) + 3,
        column_config={
            "Thème": st.column_config.TextColumn(width=230, pinned=True),
            **{name: st.column_config.NumberColumn(width=85) for name in shown.columns[1:]},
        },
    )
    silent = int(found.isna().all().sum())
    about = (
        f" Rien n'est noté pour {wording.plural(silent, 'quartier')} sur {len(found.columns)} : on ne sait "
        "pas, ce n'est pas que personne n'y demande rien."
        if silent
        else ""
    )
    st.caption(
        f"« {NOTHING} » : aucun nombre noté. « 0 » : la question a été posée, personne ne l'a demandé.{about}"
    )
    if former := len(former_entries(view)):
        st.caption(
            f"{wording.plural(former, 'nombre')} de plus sur des quartiers de 2015, remplacés depuis : ils "
            "sont gardés et ne comptent pas."
        )


def _entries(context: Context) -> None:
    view = context.view
    quartier_id = state.selection(view).quartier_id
    rows = entries(view, quartier_id=quartier_id)
    where = f" · {wording.markdown_text(str(view.quartiers.at[quartier_id, 'name']))}" if quartier_id else ""
    title, chooser = st.columns([70, 30], vertical_alignment="bottom")
    title.subheader(f"Ce qui a été noté{where}", anchor=False)
    with chooser:
        choose_quartier(view, key="needs_quartier")
    shown = pd.DataFrame(
        {
            "Date": pd.to_datetime(rows["on"]),
            "Quartier": rows["quartier_name"],
            "Thème": rows["theme"].map(lambda code: THEMES.get(code, code)),
            "Nombre": rows["count"],
            "Recueil": rows["collected"],
            "Note": rows["note"],
        }
    )
    if quartier_id is not None:
        shown = shown.drop(columns="Quartier")
    opened = rows_table(
        FORM,
        shown,
        empty="Rien n'est noté ici : on ne sait pas ce qui y est demandé.",
        columns={
            "Date": st.column_config.DateColumn(format="DD/MM/YYYY", width=95),
            "Nombre": st.column_config.NumberColumn(width=75),
            "Note": st.column_config.TextColumn(width=260),
        },
    )
    if opened is not None:
        _form(context, opened)


def _form(context: Context, row_id: int | None) -> None:
    view = context.view
    defaults = {"quartier_id": state.selection(view).quartier_id, "theme": None, "count": None}
    draft = open_draft(context, FORM, "besoins", row_id, first="collected", defaults=defaults)
    inputs = Inputs(draft)
    every = pd.concat([view.quartiers["name"], view.former_quartiers["name"]])
    names = wording.unique_labels({int(key): str(name) for key, name in every.items()})
    offered = [key for key in names if key in view.quartiers.index or key == draft.row.get("quartier_id")]
    with st.form(f"{draft.prefix}form"):
        quartier, theme, count, day = st.columns([30, 30, 20, 20])
        with quartier:
            inputs.pick(
                "quartier_id", offered, lambda key: names.get(key, "quartier supprimé"), label="Quartier"
            )
        with theme:
            inputs.pick("theme", list(THEMES), lambda code: THEMES.get(code, code), label="Thème")
        with count:
            inputs.whole("count", label="Nombre de fois", hint="0 si personne", least=0, most=MAX_COUNT)
        with day:
            inputs.day("on", label="Date (facultatif)")
        how, note = st.columns([30, 70])
        with how:
            inputs.text("collected", label="Comment", hint="porte-à-porte, atelier, accueil…")
        with note:
            inputs.text("note", hint="Pour l'équipe. Jamais rien d'une personne.", limit=1000)
        sent = form_buttons()
    conclude(context, draft, inputs.values if sent else None, done="Le nombre est enregistré.")
    other_buttons(context, draft, what="Ce nombre")
