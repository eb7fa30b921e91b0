"""Every measure of a territory, with what goes with a figure: unit, threshold, source, what it missed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from reseau.exports import text_csv
from reseau.gaps import Measure, Subject, all_measures
from reseau.model import french as fr
from reseau.model.reports import ImportReport
from reseau.model.vocabulary import STATE_LABELS, State
from reseau.services.app import App
from reseau.services.importing import list_sources
from reseau.services.view import View, open_view
from reseau.store.rows import PERSON

UNKNOWN, POINTLESS = "inconnu", "sans objet"
NO_SOURCE, NO_POPULATION = "aucune source ne parle de ce type", "non renseignée"
PART, MINUTES = "part de 0 à 1", "min"
# Ties are the team's own word, whatever file the places come from.
ABOUT_TIES = frozenset({"dormance"})
TIES_SOURCE, HELD_SOURCE = "relations", "permanences"
ORDER = {subject: rank for rank, subject in enumerate(Subject)}
FIRST = "etat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One measure of a whole territory. Series are indexed by (quartier_id, type_code).

    Attributes:
        values: None or NaN where there is none, because it is unknown or has no object.
        texts: the same in French: «45 %», «oui», «inconnu», «sans objet».
        unusable: known places it could not use.
    """

    measure: Measure
    values: pd.Series[Any]
    texts: pd.Series[str]
    unusable: pd.Series[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """One measure of one (quartier, type), fit to be read alone.

    Attributes:
        value: a number, a word, or None.
        text: the value in French, without its unit but for «%» and «min».
        threshold: empty when it has none for this type.
        source: sources of the places of the type with the date of their data, in French.
        population_source: where the number of inhabitants comes from; spread: how they were laid out.
        travel: how walks were measured.
        unusable: known places the measure could not use.
        fragile: the state would flip for a little less or more (see `reseau.gaps.states`).
    """

    measure: str
    quartier_id: int
    quartier_code: str
    quartier_name: str
    type_code: str
    value: float | str | None
    text: str
    unit: str
    threshold: str
    source: str
    data_date: date | None
    population_source: str
    spread: str
    travel: str
    unusable: int
    fragile: bool


def ordered_measures() -> list[Measure]:
    """Every measure, by subject, the state first."""
    return sorted(all_measures().values(), key=lambda item: (ORDER[item.subject], item.rank, item.label))


def measured(view: View, measure_id: str) -> Measured:
    """One measure everywhere, computed once per change of the data.

    Raises:
        KeyError: no such measure.
    """
    measure = all_measures()[measure_id]
    found: Measured = view.memo(f"measure:{measure_id}", lambda: _measured(view, measure))
    return found


def measure_rows(
    app: App,
    territoire_id: int,
    *,
    expected_only: bool = False,
    quartier_id: int | None = None,
    type_code: str | None = None,
    measure_ids: Iterable[str] | None = None,
) -> list[MeasureRow]:
    """Every measure of every (quartier, type) asked for, quartiers × types × measures in their order.

    Raises:
        NotFound: no such territory.
        KeyError: no such measure.
    """
    view = open_view(app, territoire_id)
    gaps = couples(view, expected_only=expected_only, quartier_id=quartier_id, type_code=type_code)
    return rows_of(view, gaps, measure_ids)


def rows_of(view: View, gaps: pd.DataFrame, measure_ids: Iterable[str] | None = None) -> list[MeasureRow]:
    """Measures of some rows of GAPS: every measure of the first, then of the next.

    Raises:
        KeyError: no such measure.
    """
    wanted = [item.id for item in ordered_measures()] if measure_ids is None else list(measure_ids)
    made = [_rows_of(view, measured(view, key), gaps) for key in wanted]
    return [row for rows in zip(*made, strict=True) for row in rows]


def couples(
    view: View,
    *,
    expected_only: bool = False,
    quartier_id: int | None = None,
    type_code: str | None = None,
) -> pd.DataFrame:
    """Rows of GAPS asked for."""
    gaps = view.expected_gaps if expected_only else view.gaps
    if quartier_id is not None:
        gaps = gaps[gaps["quartier_id"] == quartier_id]
    return gaps if type_code is None else gaps[gaps["type_code"] == type_code]


def french_value(measure: Measure, value: Any) -> str:
    """«45 %», «12 min», «3», «Couvert», «oui»; «inconnu» for what is missing."""
    if value is None or pd.isna(value):
        return UNKNOWN
    if measure.id == FIRST:
        return STATE_LABELS[State(value)]
    if isinstance(value, str):
        return value
    if measure.unit == PART:
        return fr.percent(float(value))
    if measure.unit == MINUTES:
        return fr.duration(float(value))
    return f"{float(value):,.{measure.digits}f}".replace(",", fr.THIN).replace(".", ",")


def type_source(view: View, type_code: str) -> tuple[str, date | None]:
    """Sources of the places of a type, each with the date of its data, and the latest of these dates.

    «saisie» stands for a person. Where no place is known: the sources that claim to list the type.
    """
    sources = view.memo("measure:sources", lambda: _sources_by_type(view))
    found: tuple[str, date | None] = sources.get(type_code, (NO_SOURCE, None))
    return found


def tie_source(view: View) -> tuple[str, date | None]:
    """Where relations come from: the file they were imported from, else people."""
    found: tuple[str, date | None] = view.memo(
        "measure:ties", lambda: _told(view, {PERSON, *({TIES_SOURCE} & _imports(view).keys())})
    )
    return found


def write_csv(rows: Iterable[MeasureRow]) -> bytes:
    """The rows as a CSV file no spreadsheet runs (`text_csv`)."""
    labels = {item.id: item.label for item in all_measures().values()}
    return text_csv(
        _HEADERS,
        (
            (row.quartier_code, row.quartier_name, row.type_code, labels[row.measure], _figure(row.value),
             row.text, row.unit, row.threshold, row.unusable, row.fragile, row.source, row.data_date,
             row.population_source, row.spread, row.travel)
            for row in rows
        ),
    )  # fmt: skip


def _figure(value: float | str | None) -> float | None:
    """Whole figures without decimals; a word is no figure."""
    if value is None or isinstance(value, str):
        return None
    return int(value) if float(value).is_integer() else value


_HEADERS = (
    "code du quartier", "quartier", "type", "mesure", "valeur", "valeur en mots", "unité", "seuil",
    "lieux inutilisables", "fragile", "source", "date des données", "source de la population",
    "répartition des habitants", "trajets",
)  # fmt: skip


def _measured(view: View, measure: Measure) -> Measured:
    analysis = view.analysis
    values, pointless = measure.compute(analysis), measure.pointless(analysis)
    texts = [french_value(measure, value) for value in values.tolist()]
    texts = [
        POINTLESS if missing and without else text
        for text, missing, without in zip(texts, values.isna(), pointless, strict=True)
    ]
    return Measured(
        measure=measure,
        values=values,
        texts=pd.Series(texts, index=values.index, dtype=object),
        unusable=measure.unusable(analysis),
    )


def _rows_of(view: View, found: Measured, gaps: pd.DataFrame) -> list[MeasureRow]:
    measure, series = found.measure, (found.values, found.texts, found.unusable)
    about = {code: _about(view, measure, code) for code in gaps["type_code"].unique()}
    people = {row_id: _people(row) for row_id, row in view.people.to_dict("index").items()}
    columns = ["quartier_id", "quartier_code", "quartier_name", "type_code", "fragile"]
    cells = [gaps[name].tolist() for name in columns] + [item.iloc[gaps.index].tolist() for item in series]
    return [
        MeasureRow(
            measure=measure.id,
            quartier_id=quartier_id,
            quartier_code=quartier_code,
            quartier_name=quartier_name,
            type_code=type_code,
            value=None if value is None or pd.isna(value) else value,
            text=text,
            unusable=int(missed),
            fragile=bool(fragile),
            travel=view.travel.label,
            **about[type_code],
            **people[quartier_id],
        )
        for quartier_id, quartier_code, quartier_name, type_code, fragile, value, text, missed in zip(
            *cells, strict=True
        )
    ]


def _about(view: View, measure: Measure, type_code: str) -> dict[str, Any]:
    source, day = tie_source(view) if measure.id in ABOUT_TIES else type_source(view, type_code)
    return {
        "unit": measure.unit_of(view.analysis, type_code),
        "threshold": measure.threshold(view.territoire, gamme_of(view, type_code)),
        "source": source,
        "data_date": day,
    }


def gamme_of(view: View, type_code: str) -> str:
    """How near a type is wanted."""
    gammes: dict[str, str] = view.memo(
        "measure:gammes", lambda: dict(zip(view.types["type_code"], view.types["gamme"], strict=True))
    )
    return gammes[type_code]


def _people(quartier: dict[Any, Any]) -> dict[str, Any]:
    return {
        "population_source": quartier["population_source"] or NO_POPULATION,
        "spread": quartier["spread"] or "",
    }


def _sources_by_type(view: View) -> dict[str, tuple[str, date | None]]:
    by_type: dict[str, set[str]] = {}
    open_ones = view.structures[~view.structures["closed"]]
    for types, sources in zip(open_ones["types"], open_ones["sources"], strict=True):
        for code in types:
            by_type.setdefault(code, set()).update(sources)
    held = HELD_SOURCE if HELD_SOURCE in _imports(view) else PERSON
    for code in view.permanences["type_code"]:
        by_type.setdefault(code, set()).add(held)
    for report in view.imports:
        for code in report.claims if not report.undone_on else ():
            by_type.setdefault(code, set()).add(report.source)
    return {code: _told(view, sources) for code, sources in by_type.items()}


def _told(view: View, sources: set[str]) -> tuple[str, date | None]:
    """Sources in words, people last; what only found a position (the geocoder) is no source of a place."""
    titles, imports = {spec.id: spec.title for spec in list_sources()}, _imports(view)
    files = sorted(sources & titles.keys(), key=lambda source: titles[source])
    words = [
        f"{titles[source]} ({imports[source].dated})" if source in imports else titles[source]
        for source in files
    ]
    if PERSON in sources or not words:
        words.append(PERSON)
    days = [imports[source].data_date for source in files if source in imports]
    return ", ".join(words), max((date.fromisoformat(day) for day in days if day), default=None)


def _imports(view: View) -> dict[str, ImportReport]:
    """Latest import of each source."""
    found: dict[str, ImportReport] = {}
    for report in view.imports:
        if not report.undone_on:
            found.setdefault(report.source, report)
    return found
