"""Scenarios in French sentences, as plain text (names are not escaped)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reseau.hours import describe_fr, parse_hours
from reseau.model import french as fr
from reseau.model.typology import Typology
from reseau.model.vocabulary import LANGUAGES, STATE_LABELS, RelationStatus, State
from reseau.plan.changes import (
    Change,
    ChangeSettings,
    CloseStructure,
    EndPermanence,
    MoveStructure,
    OpenPermanence,
    OpenStructure,
    SetRelation,
)
from reseau.plan.differences import countable_together
from reseau.plan.network_effect import NetworkEffect

MAX_NAMED = 3
MAX_SENTENCES = 8
LEAST_SHARE = 0.005
SETTING_WORDS = {
    "minutes_proximite": "seuil de proximité à {} min",
    "minutes_intermediaire": "seuil intermédiaire à {} min",
    "walking_kmh": "marche à {} km/h",
    "near_share": "proche = au moins {} des habitants",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How things are called now: structures and permanences by id, types by code."""

    structures: Mapping[int, str]
    permanences: Mapping[int, str]
    typology: Typology

    def structure(self, key: int | None, label: str = "") -> str:
        """Name of a structure, between French quotes; as it was when the change was written if it is gone."""
        return _quoted(self.structures.get(key or 0) or label or "structure inconnue")


def describe_change(change: Change, names: Names) -> str:
    """One change in a line: «Permanence de CMP chez « Centre social », mardi 14 h–17 h»."""
    match change:
        case CloseStructure():
            return f"Fermeture de {names.structure(change.structure_id, change.label)}"
        case EndPermanence():
            held = names.permanences.get(change.permanence_id) or change.label or "permanence inconnue"
            return f"Fin de la permanence {_quoted(held)}"
        case OpenPermanence():
            return _permanence(change, names)
        case OpenStructure():
            called = f" {_quoted(change.label)}" if change.label else ""
            tied = ", en relation active avec vous" if change.linked else ""
            return f"Ouverture de {_one(change.type_code, names)}{called} ({_point(change)}){tied}"
        case SetRelation():
            words = "active" if change.status == RelationStatus.ACTIF else "en sommeil"
            return f"Relation {words} avec {names.structure(change.structure_id, change.label)}"
        case MoveStructure():
            name = names.structure(change.structure_id, change.label)
            return f"Déménagement de {name} ({_point(change)})"
        case ChangeSettings():
            return f"Réglages : {', '.join(_settings(change))}"
    raise TypeError(type(change).__name__)


def _permanence(change: OpenPermanence, names: Names) -> str:
    if change.host_id is not None:
        where = f"chez {names.structure(change.host_id, change.label)}"
    else:
        where = f"à {_quoted(change.label)}" if change.label else f"au point {_point(change)}"
    hours = parse_hours(change.hours)
    holder = "" if change.holder_id is None else f"tenue par {names.structure(change.holder_id)}"
    access = {True: ("gratuite", "sans rendez-vous"), False: ("payante", "sur rendez-vous")}
    parts = (
        where,
        holder or "pas encore de porteur",
        describe_fr(hours.osm) or hours.text,
        ", ".join(LANGUAGES[code] for code in change.languages),
        "" if change.free is None else access[change.free][0],
        "" if change.no_appointment is None else access[change.no_appointment][1],
    )
    return f"Permanence {_short(change.type_code, names)} {', '.join(filter(None, parts))}"


def _settings(change: ChangeSettings) -> list[str]:
    said = []
    for name, words in SETTING_WORDS.items():
        value = getattr(change, name)
        if value is not None:
            said.append(words.format(fr.percent(value) if name == "near_share" else fr.decimal(value)))
    return said


def summary(table: pd.DataFrame, network: NetworkEffect, names: Names) -> list[str]:
    """What a scenario changes, most important first.

    Args:
        table: `reseau.plan.differences.differences`.
        network: what it does to the network.
        names: how things are called.
    """
    moved = table[table["state_changed"]]
    if table.empty:
        first = "Aucun état ne change, aucune part d'habitants non plus."
    else:
        better, worse = int((moved["better"] > 0).sum()), int((moved["better"] < 0).sum())
        first = f"{_states(len(moved))}{_directions(better, worse)}."
    found = [*_people(table, names), *_unknown_people(table, names)]
    if moved.empty and not found:
        found = _walks(table, names)
    more = len(found) - MAX_SENTENCES
    rest = [f"D'autres parts changent{fr.NBSP}: voir le tableau."] if more > 0 else []
    return [first, *found[:MAX_SENTENCES], *rest, *_no_longer_known(moved, names), *_network(network)]


def _no_longer_known(moved: pd.DataFrame, names: Names) -> list[str]:
    """The last known place goes, and nothing says there is no other: that is not an absence."""
    gone = moved[(moved["state_after"] == State.NON_RENSEIGNE) & (moved["n_points_after"] == 0)]
    types = [names.typology[code].short_label for code in dict.fromkeys(gone["type_code"])]
    if not types:
        return []
    said = ", ".join(types[:MAX_NAMED]) + _others(len(types) - MAX_NAMED)
    return [
        f"{said}{fr.NBSP}: plus aucun lieu connu, et aucune source chargée ne dit les recenser tous ici "
        f"(«{fr.NBSP}{STATE_LABELS[State.NON_RENSEIGNE]}{fr.NBSP}»{fr.THIN}: il peut en rester d'autres)."
    ]


def state_sentences(table: pd.DataFrame, names: Names) -> list[str]:
    """«À Bagatelle, CMP : de Trop loin à À relier», one per state that changes, in the order of the table."""
    return [
        f"{fr.at_quartier(row['quartier_name'])}, {names.typology[row['type_code']].short_label}{fr.NBSP}: "
        f"de «{fr.NBSP}{STATE_LABELS[State(row['state_before'])]}{fr.NBSP}» à "
        f"«{fr.NBSP}{STATE_LABELS[State(row['state_after'])]}{fr.NBSP}»"
        for row in table[table["state_changed"]].to_dict("records")
    ]


def _states(count: int) -> str:
    if count == 0:
        return "Aucun état ne change"
    return "1 état change" if count == 1 else f"{fr.number(count)} états changent"


def _directions(better: int, worse: int) -> str:
    parts = [
        f"{fr.number(better)} en mieux" if better else "",
        f"{fr.number(worse)} en moins bien" if worse else "",
    ]
    said = ", ".join(filter(None, parts))
    return f" ({said})" if said else ""


def _people(table: pd.DataFrame, names: Names) -> list[str]:
    """Inhabitants gained and lost, one sentence per type and direction, most first."""
    found: list[tuple[float, str]] = []
    for code, rows in table.groupby("type_code", sort=False):
        for sign in (1, -1):
            moved = rows[rows["gained"] * sign >= 0.5]
            together = countable_together(moved)
            apart = [moved.loc[[at]] for at in moved.index.difference(together.index, sort=False)]
            for part in (together, *apart):
                if len(part):
                    people = float((part["gained"] * sign).sum())
                    found.append((people, _people_sentence(people, sign, part, names.typology[str(code)])))
    return [sentence for _, sentence in sorted(found, key=lambda item: -item[0])]


def _unknown_people(table: pd.DataFrame, names: Names) -> list[str]:
    """The share alone where the number of inhabitants is not known: «À X, 80 % des habitants à moins de…»."""
    before, after = (table[f"share_{side}"].astype(float).fillna(0.0) for side in ("before", "after"))
    rows = table[table["gained"].isna() & ((after - before).abs() >= LEAST_SHARE)]
    return [
        f"{fr.at_quartier(row['quartier_name'])} (nombre d'habitants inconnu), {_part(row, 'after')} des "
        f"habitants {_reach(rows.loc[[at]], fr.noun_of(names.typology[row['type_code']]).one)} au lieu de "
        f"{_part(row, 'before')}."
        for at, row in zip(rows.index, rows.to_dict("records"), strict=True)
    ]


def _walks(table: pd.DataFrame, names: Names) -> list[str]:
    """«À Bagatelle, CMP : 8 min de marche en moyenne au lieu de 15», where the minutes told differ."""
    known = table[["minutes_nearest_before", "minutes_nearest_after"]].notna().all(axis=1)
    rows = [
        (row, fr.duration(row["minutes_nearest_before"]), fr.duration(row["minutes_nearest_after"]))
        for row in table[known].to_dict("records")
    ]
    return [
        f"{fr.at_quartier(row['quartier_name'])}, {_short(row['type_code'], names)}{fr.NBSP}: {after} de "
        f"marche en moyenne jusqu'au plus proche, au lieu de {before}."
        for row, before, after in rows
        if before != after
    ]


def _part(row: Mapping[Any, Any], side: str) -> str:
    """The share on one side; nobody reaches a place when none is known, else it may be unknown."""
    share = float(row[f"share_{side}"])
    if math.isnan(share):
        return fr.percent(0.0) if row[f"n_points_{side}"] == 0 else "une part inconnue"
    return fr.percent(share)


def _people_sentence(people: float, sign: int, rows: pd.DataFrame, partner_type: Any) -> str:
    rows = rows.reindex(rows["gained"].abs().sort_values(ascending=False, kind="stable").index)
    count = round(people)
    noun = f"habitant{'s' if count > 1 else ''} {'de plus' if sign > 0 else 'de moins'}"
    head = f"{fr.number(int(count))}{fr.NBSP}{noun} {_reach(rows, fr.noun_of(partner_type).one)}"
    quartiers = [_lowered(fr.at_quartier(name)) for name in rows["quartier_name"]]
    if len(rows) == 1:
        comma = "," if math.isnan(rows["threshold_minutes_after"].iloc[0]) else ""
        return f"{head}{comma} {quartiers[0]}{_shares(rows.iloc[0])}."
    said = ", ".join(quartiers[:MAX_NAMED]) + _others(len(quartiers) - MAX_NAMED)
    return f"{head}, dans {len(quartiers)} quartiers ({said})."


def _reach(rows: pd.DataFrame, one: str) -> str:
    minutes = rows["threshold_minutes_after"].iloc[0]
    if math.isnan(minutes):
        return f"avec {one} dans les communes du territoire"
    return f"à moins de {round(minutes)}{fr.NBSP}min à pied d'{one}"


def _shares(row: pd.Series[Any]) -> str:
    before, after = float(row["share_before"]), float(row["share_after"])
    if math.isnan(before) or math.isnan(after):
        return ""
    return f" (de {fr.percent(before)} à {fr.percent(after)} des habitants)"


def _others(count: int) -> str:
    if count <= 0:
        return ""
    return f" et {fr.number(count)} autre{'s' if count > 1 else ''}"


def _network(effect: NetworkEffect) -> list[str]:
    if any(
        item.id == "reliees" and item.before is not None and item.after is None for item in effect.figures
    ):
        return [f"Réseau{fr.NBSP}: votre propre structure ferme, plus rien ne lui est relié."]
    sentences = []
    if effect.cut_off:
        verb = "n'est plus reliée" if len(effect.cut_off) == 1 else "ne sont plus reliées"
        names = _listed(effect.cut_off)
        sentences.append(f"Réseau{fr.NBSP}: {names} {verb} à votre structure, même indirectement.")
    if effect.connected:
        verb = "devient reliée" if len(effect.connected) == 1 else "deviennent reliées"
        sentences.append(f"Réseau{fr.NBSP}: {_listed(effect.connected)} {verb} à votre structure.")
    return sentences


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(map(_quoted, names[:MAX_NAMED])) + _others(len(names) - MAX_NAMED)


def _one(code: str, names: Names) -> str:
    return fr.noun_of(names.typology[code]).one if code in names.typology else code


def _short(code: str, names: Names) -> str:
    return names.typology[code].short_label if code in names.typology else code


def _point(change: OpenPermanence | OpenStructure | MoveStructure) -> str:
    return f"latitude {change.lat:.5f}, longitude {change.lon:.5f}".replace(".", ",")


def _quoted(text: str) -> str:
    return f"«{fr.NBSP}{text}{fr.NBSP}»"


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
