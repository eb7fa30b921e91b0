"""What is loaded around the partners: figures, communes, blocks, squares; and points outside of a commune."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.services import context as around
from reseau.services import territoires
from reseau.ui import wording
from reseau.ui.donnees.importing import ordered_sources

if TYPE_CHECKING:
    from reseau.ui.context import Context

LABELS = {
    "quartiers": "Chiffres des quartiers",
    "communes": "Communes",
    "iris": "IRIS (petits secteurs statistiques)",
    "carreaux": "Carreaux de population",
}
# Source that gives each kind, to say what to import.
SOURCES = {"quartiers": "qpv-indicateurs", "communes": "communes", "iris": "iris", "carreaux": "carreaux"}
ROWS, HEIGHT = 8, 300


def context_data(context: Context) -> None:
    """Counts, years and sources of what is loaded; then what it tells."""
    st.caption(
        "Ce qui entoure les partenaires : des chiffres et des contours publics, gardés à côté de l'annuaire. "
        "Un chiffre secret ou absent reste inconnu : ce n'est pas un zéro."
    )
    titles = {spec.id: spec.title for spec in ordered_sources()}
    rows = [_row(item, titles) for item in around.loaded(context.app, context.tid)]
    st.table(pd.DataFrame(rows).set_index("Quoi"))
    left, right = st.columns(2, gap="large")
    with left:
        _misplaced(context)
    with right:
        _epcis(context)


def _row(item: around.Loaded, titles: dict[str, str]) -> dict[str, str]:
    source = titles.get(SOURCES[item.kind], SOURCES[item.kind])
    if not item.count:
        return {
            "Quoi": LABELS[item.kind],
            "Chargé": "rien",
            "Années": "—",
            "Source": f"à importer : {source}",
            "À savoir": _missing(item.kind),
        }
    return {
        "Quoi": LABELS[item.kind],
        "Chargé": wording.number(item.count),
        "Années": ", ".join(map(str, item.years)) or "non précisées",
        "Source": ", ".join(titles.get(name, name) for name in item.sources) or source,
        "À savoir": _remark(item),
    }


def _missing(kind: str) -> str:
    if kind == "communes":
        return (
            "Sans contours de communes ni IRIS, on ne peut pas dire qu'une structure est hors de sa commune."
        )
    return ""


def _remark(item: around.Loaded) -> str:
    if item.with_boundary is not None:
        return f"{wording.plural(item.with_boundary, 'contour')}"
    if item.without_figure:
        return f"{wording.number(item.without_figure)} sans chiffre : secret ou absent"
    return ""


def _misplaced(context: Context) -> None:
    st.subheader("Hors de leur commune", anchor=False)
    inside = around.in_commune(context.app, context.tid)
    unknown = int(inside.isna().sum())
    found = around.misplaced(context.app, context.tid)
    if len(inside) and unknown == len(inside):
        st.info(
            "On ne peut le dire d'aucune structure : importez les contours des communes (source "
            "« Communes »), ou les IRIS."
        )
        return
    if found.empty:
        st.text("Aucune structure placée n'est hors de la commune qu'elle déclare.")
    else:
        st.text(f"{wording.plural(len(found), 'structure')} à vérifier : position ou commune fausse.")
        st.dataframe(
            pd.DataFrame(found[["name", "commune", "address"]]).rename(
                columns={"name": "Structure", "commune": "Commune déclarée", "address": "Adresse"}
            ),
            hide_index=True,
            width="stretch",
            height=HEIGHT if len(found) > ROWS else "auto",
        )
    if unknown:
        st.caption(
            f"On ne sait pas pour {wording.plural(unknown, 'structure')} : pas de position, pas de "
            "commune, ou contour de cette commune non chargé."
        )


def _epcis(context: Context) -> None:
    st.subheader("Intercommunalités", anchor=False)
    known = around.epcis(context.app, context.tid)
    if not known:
        st.text("Aucune n'est connue : importez une liste de communes.")
        return
    names = {item.code: f"{item.name} ({wording.plural(len(item.communes), 'commune')})" for item in known}
    st.caption(
        "Étendre le territoire à toute une intercommunalité : les imports suivants en tiennent compte."
    )
    chosen = st.selectbox("Intercommunalité", list(names), format_func=names.__getitem__, key="epci_chosen")
    own = context.view.territoire.communes
    members = around.communes_of_epci(context.app, context.tid, chosen)
    missing = [code for code in members if code not in own]
    if not missing:
        st.text("Toutes ses communes sont déjà dans le territoire.")
    elif st.button(f"Ajouter {wording.plural(len(missing), 'commune')} au territoire", key="epci_add"):
        territoires.update_territoire(context.app, context.tid, communes=(*own, *missing))
        st.toast("Le territoire est étendu. Importez de nouveau vos fichiers.", icon=":material/check:")
        st.rerun()
