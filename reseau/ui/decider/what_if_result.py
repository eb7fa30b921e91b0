"""The result of a what-if: sentences first, then the table, the network and the map."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from reseau.maps.data import MapData
from reseau.maps.shapes import permanence_marks, quartier_shapes, structure_marks
from reseau.model.vocabulary import STATE_LABELS, STATE_SIGNS, State
from reseau.services import scenarios
from reseau.services.scenario_exports import figure_words, result_csv, result_text
from reseau.ui import state, wording
from reseau.ui.components.map_view import map_view
from reseau.ui.decider.siting_map import base

if TYPE_CHECKING:
    from reseau.plan.differences import Total
    from reseau.services.scenarios import ScenarioResult
    from reseau.services.view import View
    from reseau.ui.context import Context
    from reseau.ui.decider.what_if_draft import Draft

TABLE, TOTALS, NETWORK, MAP = "tableau", "totaux", "reseau", "carte"
PARTS = {TABLE: "Ce qui change", TOTALS: "Totaux", NETWORK: "Réseau", MAP: "Carte"}
SIDES = {"after": "Ensuite", "before": "Aujourd'hui"}
LEAST_SHARE = 0.005
LEAST_PEOPLE = 0.5
TABLE_HEIGHT = 330
MAP_HEIGHT = 420


def show(context: Context, draft: Draft, result: ScenarioResult) -> None:
    """What to remember, then the details asked for."""
    first, *others = result.sentences
    st.markdown(f"##### {wording.markdown_text(first)}")
    if others:
        st.markdown("\n".join(f"- {wording.markdown_text(item)}" for item in others))
    part = st.segmented_control(
        "Détail", list(PARTS), format_func=PARTS.__getitem__, default=TABLE, required=True,
        label_visibility="collapsed", key="et_si_detail", width="stretch",
    )  # fmt: skip
    if part == NETWORK:
        _network(result)
    elif part == TOTALS:
        _totals(context.view, result)
    elif part == MAP:
        _map(context, result)
    else:
        _table(context.view, result)
    st.caption(wording.markdown_text(result.basis))
    _files(context, draft, result)


def _table(view: View, result: ScenarioResult) -> None:
    left, right = st.columns(2)
    everything = left.toggle(
        "Tous les types", key="et_si_tous", help="Aussi les types que votre territoire n'attend pas."
    )
    little = right.toggle(
        "Aussi les petits écarts", key="et_si_ecarts",
        help="Les cases où seuls des minutes de marche ou moins d'un habitant changent.",
    )  # fmt: skip
    rows = result.table if everything else result.shown
    rows = (rows if little else rows[_matters(rows)]).reset_index(drop=True)
    if rows.empty:
        st.info(
            "Rien ne change pour les types attendus."
            if not len(result.shown)
            else "Seuls des écarts de quelques minutes : cochez « Aussi les petits écarts » pour les voir."
        )
        return
    event = st.dataframe(
        _shown(view, rows),
        hide_index=True,
        width="stretch",
        height=min(TABLE_HEIGHT, 38 + 35 * len(rows)),
        on_select="rerun",
        selection_mode="single-row",
        key="et_si_table",
        column_config={
            name: st.column_config.TextColumn(width=width, help=words)
            for name, (width, words) in _COLUMNS.items()
        },
    )
    if event["selection"]["rows"]:
        row = rows.iloc[event["selection"]["rows"][0]]
        _chosen(view, {str(key): value for key, value in row.items()})


def _matters(rows: pd.DataFrame) -> pd.Series[bool]:
    share = rows["share_after"].fillna(0.0) - rows["share_before"].fillna(0.0)
    people = rows["gained"].abs()
    found: pd.Series[bool] = (
        rows["state_changed"] | (people >= LEAST_PEOPLE) | (people.isna() & (share.abs() >= LEAST_SHARE))
    )
    return found


_COLUMNS: dict[str, tuple[int, str | None]] = {
    "Quartier": (105, None),
    "Type": (80, None),
    "Aujourd'hui": (112, "« fragile » : l'état basculerait pour peu de chose"),
    "Ensuite": (112, None),
    "Habitants": (70, "Habitants du quartier à portée d'un lieu connu et placé, en plus ou en moins"),
    "À portée": (80, "Part des habitants du quartier à portée, aujourd'hui → ensuite"),
    "Marche": (80, "Minutes jusqu'au plus proche, en moyenne, aujourd'hui → ensuite"),
}


def _shown(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    cells = (
        rows["quartier_name"],
        [view.typology[code].short_label for code in rows["type_code"]],
        [_state_words(code, fragile=fragile) for code, fragile in _states_of(rows, "before")],
        [_state_words(code, fragile=fragile) for code, fragile in _states_of(rows, "after")],
        rows["gained"].map(_signed),
        _arrows(rows, "share", wording.percent),
        _arrows(rows, "minutes_nearest", wording.minutes),
    )
    return pd.DataFrame(dict(zip(_COLUMNS, cells, strict=True)))


def _states_of(rows: pd.DataFrame, side: str) -> list[tuple[str, bool]]:
    return list(zip(rows[f"state_{side}"], rows[f"fragile_{side}"].astype(bool), strict=True))


def _state_words(code: str, *, fragile: bool) -> str:
    return f"{STATE_SIGNS[State(code)]} {STATE_LABELS[State(code)]}{', fragile' if fragile else ''}"


def _signed(people: float) -> str:
    """«+3 200», «−41», «0», «inconnu»."""
    if math.isnan(people):
        return "inconnu"
    count = round(people)
    return f"{'+' if count > 0 else '−' if count < 0 else ''}{wording.number(abs(count))}"


def _arrows(rows: pd.DataFrame, name: str, words: Any) -> list[str]:
    pairs = zip(rows[f"{name}_before"].astype(float), rows[f"{name}_after"].astype(float), strict=True)
    return [_arrow(_or_dash(first, words), _or_dash(last, words)) for first, last in pairs]


def _arrow(first: str, last: str) -> str:
    """«0 → 100 %», «50 → 24 min»: a unit both figures end with is written once, for a narrow column."""
    for unit in ("%", "min"):
        if first.endswith(unit) and last.endswith(unit):
            first = first.removesuffix(unit).rstrip()
    return f"{first} → {last}"


def _or_dash(value: float, words: Any) -> str:
    return "–" if pd.isna(value) else str(words(value))


def _chosen(view: View, row: dict[str, Any]) -> None:
    """The line chosen becomes the quartier and the type of every page, and is told in full."""
    quartier_id, code = int(row["quartier_id"]), str(row["type_code"])
    state.select(view, quartier_id=quartier_id, type_code=code)
    nearest = [
        f"{label} : {row[f'nearest_name_{side}']}"
        for label, side in (("aujourd'hui", "before"), ("ensuite", "after"))
        if row[f"nearest_name_{side}"]
    ]
    parts = (
        f"{row['quartier_name']}, {view.typology[code].full_label}",
        f"le plus proche, {' ; '.join(nearest)}" if nearest else "",
        _remark(row),
    )
    st.text(f"{'. '.join(part[:1].upper() + part[1:] for part in parts if part)}.")


def _remark(row: dict[str, Any]) -> str:
    parts = []
    if pd.isna(row["population"]):
        parts.append("nombre d'habitants non renseigné")
    if row["n_unplaced_after"]:
        parts.append(
            wording.plural(int(row["n_unplaced_after"]), "lieu non placé", "lieux non placés")
            + " : certains habitants en sont peut-être déjà proches"
        )
    if row["reason_after"]:
        parts.append(str(row["reason_after"]))
    return " ; ".join(parts)


def _totals(view: View, result: ScenarioResult) -> None:
    if not result.types:
        st.info("Rien ne change pour les types attendus.")
        return
    st.caption(
        "Habitants des quartiers prioritaires : un quartier vécu peut en recouvrir un autre, il n'est pas "
        "ajouté. D'un type à l'autre, ce sont souvent les mêmes personnes : on ne les additionne pas."
    )
    left, right = st.columns([55, 45], gap="small")
    by_type = [
        {"Type": view.typology[str(item.key)].short_label, **_states(item),
         "Habitants": _both(item), "Sans population": item.unknown}
        for item in result.types
    ]  # fmt: skip
    with left:
        st.dataframe(pd.DataFrame(by_type), hide_index=True, width="stretch")
    names = view.quartiers["name"]
    by_quartier = [{"Quartier": names[item.key], **_states(item)} for item in result.quartiers]
    with right:
        st.dataframe(pd.DataFrame(by_quartier), hide_index=True, width="stretch")


def _states(total: Total) -> dict[str, int]:
    return {"Mieux": total.better, "Moins bien": total.worse}


def _both(total: Total) -> str:
    """«+3 200», «−41», «+3 200 et −41», «0», «inconnu»."""
    if total.gained is None or total.lost is None:
        return "inconnu"
    return " et ".join(_signed(value) for value in (total.gained, -total.lost) if round(value)) or "0"


def _network(result: ScenarioResult) -> None:
    effect = result.network
    st.dataframe(
        pd.DataFrame(
            {
                "Réseau": [item.label for item in effect.figures],
                "Aujourd'hui": [figure_words(item.before, item.digits) for item in effect.figures],
                "Ensuite": [figure_words(item.after, item.digits) for item in effect.figures],
                "Comment c'est compté": [item.help for item in effect.figures],
            }
        ),
        hide_index=True,
        width="stretch",
    )
    for label, names in (
        ("Ne seraient plus reliées", effect.cut_off),
        ("Seraient reliées", effect.connected),
    ):
        if names:
            st.text(f"{label} : {', '.join(names)}")


def _map(context: Context, result: ScenarioResult) -> None:
    """States of one type, today or then."""
    view = context.view
    changed = list(dict.fromkeys(result.shown["type_code"]))
    if not changed:
        st.info("Rien ne change pour les types attendus : la carte serait la même.")
        return
    left, right = st.columns([6, 4], vertical_alignment="bottom")
    code = left.selectbox(
        "Type", changed, format_func=lambda item: view.typology[item].full_label, key="et_si_carte_type"
    )
    with right:
        side = st.segmented_control(
            "Moment", list(SIDES), format_func=SIDES.__getitem__, default="after", required=True,
            label_visibility="collapsed", key="et_si_carte_quand",
        )  # fmt: skip
    frames = result.frames if side == "after" else scenarios.frames_of(view)
    table = result.after.states if side == "after" else view.gaps
    of_type = table[table["type_code"] == code]
    states = {
        int(key): State(found) for key, found in zip(of_type["quartier_id"], of_type["state"], strict=True)
    }
    places = frames.structures[~frames.structures["closed"].astype(bool)]
    places = places[places["types"].map(lambda codes: code in codes)]
    held = frames.permanences[frames.permanences["type_code"] == code]
    map_view(
        base(context),
        MapData(
            quartiers=quartier_shapes(view.quartiers, states),
            structures=structure_marks(places, view.typology),
            permanences=permanence_marks(held, view.typology),
            type_label=view.typology[code].short_label,
            selected_quartier=state.selection(view).quartier_id,
            pivot=view.pivot_id,
        ),
        key="et-si-carte",
        height=MAP_HEIGHT,
    )


def _files(context: Context, draft: Draft, result: ScenarioResult) -> None:
    view = context.view
    title = f"Et si… {draft.saved.name if draft.saved else view.territoire.name}"
    left, right = st.columns(2)
    left.download_button(
        "Tableau (CSV)",
        result_csv(result, view.typology),
        file_name="et-si.csv",
        mime="text/csv",
        icon=":material/table:",
        key="et_si_csv",
        width="stretch",
        on_click="ignore",
    )
    right.download_button(
        "Texte pour un comité",
        result_text(result, scenarios.names_of(view), title=title).encode("utf-8-sig"),
        file_name="et-si.txt",
        mime="text/plain",
        icon=":material/description:",
        key="et_si_texte",
        width="stretch",
        on_click="ignore",
    )
