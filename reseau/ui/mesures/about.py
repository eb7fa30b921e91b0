"""What a figure is made of: formula, unit, direction, threshold, sources, dates; the figures as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from reseau.model.typology import GAMME_LABELS
from reseau.services.measures import (
    ABOUT_TIES,
    NO_POPULATION,
    PART,
    gamme_of,
    rows_of,
    tie_source,
    type_source,
    write_csv,
)
from reseau.ui import wording

if TYPE_CHECKING:
    import pandas as pd

    from reseau.gaps import Measure
    from reseau.services.view import View

SEVERAL_UNITS = "selon le type : celle de la plupart de ses capacités"
NOT_AT_ALL = "sans objet"


def about_measure(view: View, measure: Measure, type_code: str | None) -> None:
    """Formula, unit, direction, threshold and source of a measure, for one type or for all."""
    st.markdown(f"**{wording.markdown_text(measure.label)}** (`{measure.id}`)")
    _say(measure.formula)
    unit = "%" if measure.unit == PART else measure.unit or "aucune (des mots)"
    if measure.units is not None:
        unit = SEVERAL_UNITS if type_code is None else measure.unit_of(view.analysis, type_code)
    _say(f"Unité : {unit}")
    _say(f"Sens : {measure.direction.value}")
    _say(f"Seuil : {_threshold(view, measure, type_code)}")
    if measure.id in ABOUT_TIES:
        _say(f"Source des relations : {tie_source(view)[0]}")
    elif type_code is not None:
        _say(f"Source des lieux : {type_source(view, type_code)[0]}")
    else:
        _say("Source des lieux et date : celles de chaque type, dans la dernière colonne.")


def _threshold(view: View, measure: Measure, type_code: str | None) -> str:
    if type_code is not None:
        return measure.threshold(view.territoire, gamme_of(view, type_code)) or NOT_AT_ALL
    said = [measure.threshold(view.territoire, gamme) or NOT_AT_ALL for gamme in GAMME_LABELS]
    different = list(dict.fromkeys(said))
    return different[0] if len(different) == 1 else f"{', '.join(different)}, selon le type"


def _say(text: str) -> None:
    st.caption(wording.markdown_text(text))


def about_figures(view: View, quartier_id: int | None) -> None:
    """Where inhabitants come from and how walks are measured."""
    people = view.people if quartier_id is None else view.people.loc[[quartier_id]]
    sources = sorted({text for text in people["population_source"] if text}) or [NO_POPULATION]
    spreads = sorted({text for text in people["spread"] if text})
    unknown = int(people["population"].isna().sum())
    _say(f"Habitants : {' ; '.join(sources)}")
    if unknown:
        _say(f"Population inconnue pour {wording.plural(unknown, 'quartier')} sur {len(people)}.")
    _say(f"Répartition : {' ; '.join(spreads)}")
    _say(f"Trajets : {view.travel.label}, à {wording.number(view.territoire.walking_kmh, 1)} km/h.")
    _say(f"Chiffres du {wording.day(view.on)}.")


def download(view: View, gaps: pd.DataFrame, measure_ids: list[str]) -> None:
    """The figures shown as a CSV file, each line with its unit, threshold, source and date."""
    if gaps.empty:
        return
    key = f"measure:csv:{hash((tuple(gaps.index), tuple(measure_ids)))}"
    st.download_button(
        "Télécharger ces chiffres (CSV)",
        data=lambda: view.memo(key, lambda: write_csv(rows_of(view, gaps, measure_ids))),
        file_name=f"mesures-{view.on.isoformat()}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
        key="table_download",
    )
