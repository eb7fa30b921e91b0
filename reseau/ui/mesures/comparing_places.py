"""Two areas side by side: sentences, then a table, then a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.gaps.comparing_words import (
    PLACES_LABELS,
    cell_words,
    difference_header,
    facts_sentence,
    names_of,
    places_sentences,
    places_table,
)
from reseau.gaps.sentences import basis_sentence
from reseau.services import comparisons
from reseau.services.comparisons import PlacesComparison
from reseau.ui import state, wording
from reseau.ui.mesures import comparing_tables as tables

if TYPE_CHECKING:
    from reseau.ui.context import Context


def quartiers(context: Context) -> None:
    """Two quartiers of the territory."""
    view = context.view
    if len(view.quartiers) < 2:
        st.info(
            "Ce territoire n'a qu'un quartier : comparez-le à sa commune, à une autre date, ou aux quartiers "
            "d'autres territoires. Un autre quartier s'importe dans la page Données, ou se dessine sur la "
            "carte."
        )
        return
    left, right, toggles = st.columns([32, 32, 36], vertical_alignment="bottom")
    with left:
        one = tables.choose_quartier(view, key="comparer_quartier")
    names = view.quartiers["name"].sort_values()
    words = wording.unique_labels({int(i): str(name) for i, name in names.items() if i != one})
    with right:
        other = st.selectbox(
            "comparé à", list(words), format_func=words.__getitem__, key=f"comparer_avec_{context.tid}"
        )
    codes = view.quartiers["code"]
    try:
        found = comparisons.compare_quartiers(context.app, context.tid, str(codes[one]), str(codes[other]))
    except ReseauError as error:
        st.error(wording.markdown_text(str(error)))
        return
    with toggles:
        shown = tables.filters("comparer_quartiers")
    show(context, found, shown, key="comparer_quartiers")


def commune(context: Context) -> None:
    """A quartier and its commune."""
    view = context.view
    left, right, toggles = st.columns([32, 32, 36], vertical_alignment="bottom")
    with left:
        chosen = tables.choose_quartier(view, key="comparer_quartier_commune")
    quartier = str(view.quartiers.at[chosen, "code"])
    known = comparisons.communes_of(context.app, context.tid, quartier)
    with right:
        wanted = _choose_commune(known, key=f"comparer_commune_{quartier}")
    try:
        with st.spinner("Calcul de la commune…"):
            found = comparisons.compare_with_commune(context.app, context.tid, quartier, wanted)
    except ReseauError as error:
        st.info(wording.markdown_text(str(error)), icon=":material/location_off:")
        if st.button("Ouvrir la page Données", key="comparer_commune_donnees"):
            state.go("p9_donnees")
        return
    with toggles:
        shown = tables.filters("comparer_commune_table")
    show(context, found, shown, key="comparer_commune_table")


def _choose_commune(known: dict[str, str], *, key: str) -> str | None:
    if len(known) < 2:
        st.text_input(
            "comparé à", value=next(iter(known.values()), "commune inconnue"), disabled=True, key=key
        )
        return next(iter(known), None)
    words = wording.unique_labels(dict(known))
    return str(st.selectbox("comparé à", list(words), format_func=words.__getitem__, key=f"{key}_choix"))


def show(context: Context, found: PlacesComparison, shown: tables.Shown, *, key: str) -> None:
    """Sentences first, then what must be known to read them, then the table and its file."""
    view = context.view
    labels = {item.code: item.short_label for item in view.typology}
    said = places_sentences(found.left, found.right, found.rows, labels=labels)
    tables.say(said)
    one, two = names_of(found.left, found.right)
    social = view.territoire.social_indicator
    facts = [facts_sentence(area, name, social) for area, name in ((found.left, one), (found.right, two))]
    tables.notes([*facts, *found.notes])
    rows = [
        row
        for row in found.rows
        if (row.expected or not shown.expected_only) and (row.differs or not shown.differences_only)
    ]
    full = {item.code: item.full_label for item in view.typology}
    frame = pd.DataFrame(
        [
            (full.get(row.type_code, row.type_code), PLACES_LABELS[row.verdict], cell_words(row.left),
             cell_words(row.right))
            for row in rows
        ],
        columns=["Type", difference_header(one), one, two],
    )  # fmt: skip
    chosen = tables.table(
        frame,
        widths={"Type": 300, difference_header(one): 130},
        key=key,
        empty="Aucune différence connue parmi les types montrés. Ce qui n'est pas renseigné se voit sans "
        "« Différences seulement ».",
    )
    if chosen is not None and rows[chosen].type_code in view.typology:
        state.select(view, type_code=rows[chosen].type_code)
    with st.container(horizontal=True, vertical_alignment="center"):
        tables.download(
            *places_table(found.left, found.right, found.rows, labels=full),
            name=f"comparaison-{found.left.code}-{found.right.code}",
            key=f"{key}_csv",
        )
        st.caption(
            "Différence : un autre état, ou dans le même état dix points de part d'habitants ou cinq "
            "minutes. " + wording.markdown_text(basis_sentence(view.territoire, view.travel, view.people))
        )
