"""Other territories of the same database: quartiers with as many inhabitants, and whole territories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.errors import ReseauError
from reseau.gaps.comparing_words import changes_sentence, reached_words
from reseau.services.sisters import TOLERANCES, Sister, Sisters, TerritoireRow, sisters, territories
from reseau.ui import wording
from reseau.ui.mesures import comparing_places
from reseau.ui.mesures import comparing_tables as tables

if TYPE_CHECKING:
    from reseau.ui.context import Context

NAMED = 12
FICTIONAL = " (territoire fictif)"


def elsewhere(context: Context) -> None:
    """The section."""
    view = context.view
    place = st.empty()
    left, right, toggles = st.columns([32, 32, 36], vertical_alignment="bottom")
    with left:
        chosen = tables.choose_quartier(view, key="comparer_quartier_ailleurs")
    bar = place.progress(0.0, "Recherche…")

    def told(share: float, words: str) -> None:
        bar.progress(min(share, 1.0), wording.markdown_text(words))

    try:
        code = str(view.quartiers.at[chosen, "code"])
        found = sisters(context.app, context.tid, code, on_progress=told)
        rows = territories(context.app, context.tid, on_progress=told) if found.others else []
    except ReseauError as error:
        st.error(wording.markdown_text(str(error)))
        return
    finally:
        place.empty()
    if not found.others:
        st.info(
            "Cette base n'a qu'un territoire. Créez-en un autre (page Réglages) et importez ses fichiers : "
            "ses quartiers se mettront ici à côté des vôtres."
        )
        return
    _about(found)
    if found.sisters:
        with right:
            sister = _choose(found.sisters, context.tid)
        with toggles:
            shown = tables.filters("comparer_ailleurs")
        _settings(sister)
        comparing_places.show(context, sister.comparison, shown, key="comparer_ailleurs")
    _territories(rows)


def _choose(known: tuple[Sister, ...], tid: int) -> Sister:
    words = wording.unique_labels(
        {
            rank: f"{item.comparison.right.name}, {item.territoire}{FICTIONAL if item.fictional else ''}"
            f" — {wording.number(item.comparison.right.population)} habitants"
            for rank, item in enumerate(known)
        }
    )
    chosen = st.selectbox(
        "comparé à", list(words), format_func=words.__getitem__, key=f"comparer_soeur_{tid}"
    )
    return known[int(chosen)]


def _about(found: Sisters) -> None:
    """Who can be compared, who cannot, and why."""
    name = wording.markdown_text(found.area.name)
    if found.area.population is None:
        st.info(
            f"Le nombre d'habitants de {name} n'est pas renseigné : aucun quartier ne peut lui être comparé. "
            "Importez les populations (page Données), ou saisissez la sienne."
        )
    elif found.tolerance is None:
        closest = ""
        if found.closest is not None:
            territoire, quartier, people = found.closest
            closest = wording.markdown_text(
                f" Le plus proche en nombre : {quartier}, {territoire}, {wording.number(people)} habitants."
            )
        st.info(
            f"Aucun quartier d'un autre territoire n'a une population proche de celle de {name} "
            f"({wording.number(found.area.population)} habitants), même à "
            f"± {wording.percent(TOLERANCES[-1])}.{closest}"
        )
    else:
        widened = (
            f"Aucun n'était à ± {wording.percent(TOLERANCES[0])} : recherche élargie à "
            f"± {wording.percent(found.tolerance)}. "
            if found.widened
            else ""
        )
        kept = f", les {len(found.sisters)} plus proches sont ici" if found.found > len(found.sisters) else ""
        st.caption(
            f"{widened}{wording.plural(found.found, 'quartier')} d'autres territoires à "
            f"± {wording.percent(found.tolerance)} d'habitants{kept}."
        )
    if found.unknown:
        named = [f"{quartier} ({territoire})" for territoire, quartier in found.unknown[:NAMED]]
        rest = len(found.unknown) - len(named)
        more = f" et {rest} autre{'s' if rest > 1 else ''}" if rest else ""
        st.caption(
            wording.markdown_text(f"De population inconnue, donc non comparés : {', '.join(named)}{more}.")
        )


def _settings(sister: Sister) -> None:
    """Thresholds of each territory, when they are not the same."""
    if not sister.settings:
        st.caption("Mêmes seuils et même mesure de la marche dans les deux territoires.")
        return
    said = changes_sentence(sister.settings, sides=("ici", "là-bas"))
    st.warning(
        "Les deux territoires ne mesurent pas de la même façon, une différence peut venir de là. "
        + wording.markdown_text(said),
        icon=":material/rule:",
    )


def _territories(rows: list[TerritoireRow]) -> None:
    st.markdown("**Territoires entiers** (cases attendues, tous quartiers ensemble)")
    frame = pd.DataFrame(
        [
            (
                f"{row.name}{' (ici)' if row.here else ''}{FICTIONAL if row.fictional else ''}",
                wording.plural(row.quartiers, "quartier"),
                wording.number(row.population),
                reached_words(row.reached, short=True),
                _share(row),
                "ici" if row.here else "oui" if not row.settings else "non",
            )
            for row in rows
        ],
        columns=["Territoire", "Quartiers", "Habitants", "Cases atteintes", "Part", "Mêmes réglages"],
    )
    st.dataframe(frame, hide_index=True, width="stretch", key="comparer_territoires")


def _share(row: TerritoireRow) -> str:
    known = row.reached.expected - row.reached.unknown
    return f"{wording.percent(row.reached.reached / known)} de ce qui est connu" if known else wording.UNKNOWN
