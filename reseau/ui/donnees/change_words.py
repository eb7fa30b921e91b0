"""Changes a file would make, as lines of a table: which row, which field, before, after."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from reseau.model.records import COUNT_LABELS
from reseau.model.reports import FieldChange, ImportPlan, RowChange
from reseau.model.typology import Typology
from reseau.services.field_labels import field_label
from reseau.ui import wording
from reseau.ui.annuaire.labels import value_words

SHORT = 120
ACTIONS = {"new": "Nouvelle", "changed": "Modifiée", "reopened": "Rouverte", "gone": "Disparue"}
GROUPS = {"new": "Nouvelles", "changed": "Modifiées", "reopened": "Rouvertes", "gone": "Disparues"}
GONE_WORDS = {
    "structures": "sera marquée fermée, pas supprimée",
    "": "n'est plus dans le fichier : sera mise de côté, vous pourrez la reprendre",
}
PERSON = "vous (corrigé à la main)"
SHAPES = frozenset({"wkb"})
COLUMNS = ("Action", "Fiche", "Champ", "Avant", "Après", "Remplace", "Ligne")


def brief(name: str, value: Any, typology: Typology) -> str:
    """A value in a few words: a boundary, a table of figures are named, not written out."""
    if value is None or value == "" or value in ((), [], {}):
        return ""
    if name in SHAPES or isinstance(value, bytes):
        return "un contour"
    if name == "counts" and isinstance(value, Mapping):
        text = ", ".join(f"{COUNT_LABELS.get(key, key)} : {number}" for key, number in value.items())
    elif isinstance(value, Mapping):
        return wording.plural(len(value), "valeur")
    elif isinstance(value, float) and name not in {"lon", "lat"}:
        text = wording.number(value, 0 if value.is_integer() else 2)
    elif isinstance(value, list | tuple) and value and isinstance(value[0], list | tuple | Mapping):
        return wording.plural(len(value), "élément")
    else:
        text = value_words(name, value, typology)
    text = " ".join(text.split())
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def change_lines(
    plan: ImportPlan, typology: Typology, titles: Mapping[str, str]
) -> tuple[pd.DataFrame, list[str]]:
    """One line per field that would change, one per new or gone row; and the key of each line's row."""
    lines: list[tuple[str, ...]] = []
    keys: list[str] = []
    for change in plan.changes:
        for line in _lines_of(change, plan.kind, typology, titles):
            lines.append(line)
            keys.append(change.key)
    return pd.DataFrame(lines, columns=list(COLUMNS)), keys


def kept_lines(plan: ImportPlan, typology: Typology, titles: Mapping[str, str]) -> pd.DataFrame:
    """What the file says and that stays as it is: a person, or a better source, says otherwise."""
    lines = [
        (change.label, field_label(item.field), old, new, _whose(item, titles))
        for change in plan.changes
        for item, old, new in pairs(change.kept, typology)
    ]
    return pd.DataFrame(lines, columns=["Fiche", "Champ", "Gardé", "Ce que dit le fichier", "Qui le dit"])


def _lines_of(
    change: RowChange, kind: str, typology: Typology, titles: Mapping[str, str]
) -> Iterator[tuple[str, ...]]:
    action, line = ACTIONS.get(change.action, change.action), str(change.line or "")
    if change.action == "new":
        said = [brief(item.field, item.new, typology) for item in change.fields if item.field not in SHAPES]
        yield action, change.label, "", "", " · ".join(filter(None, said)), "", line
        return
    if change.action == "gone":
        yield action, change.label, "", "", GONE_WORDS.get(kind, GONE_WORDS[""]), "", line
        return
    changed = list(pairs(change.fields, typology))
    if not changed:
        yield action, change.label, "", "", "de nouveau dans le fichier", "", line
    for item, old, new in changed:
        yield action, change.label, field_label(item.field), old, new, _whose(item, titles), line


def pairs(changes: Iterable[FieldChange], typology: Typology) -> Iterator[tuple[FieldChange, str, str]]:
    """Each change with its values in words; longitude and latitude are one position."""
    by_name = {item.field: item for item in changes}
    position = ("lon", "lat")
    place: dict[str, FieldChange] = {name: by_name.pop(name) for name in position if name in by_name}
    if len(place) == 2:
        by_name.pop("position_precision", None)
        lon, lat = place["lon"], place["lat"]
        old, new = _place(lon.old, lat.old), _place(lon.new, lat.new)
        moved = _metres(lon, lat)
        item = FieldChange(field="position", old=old, new=new, old_source=lon.old_source)
        yield item, old, f"{new} (à {wording.distance(moved)} de là)" if moved is not None else new
    else:
        by_name |= place
    for item in by_name.values():
        old, new = brief(item.field, item.old, typology), brief(item.field, item.new, typology)
        if item.field in SHAPES:
            old, new = "", "contour modifié" if item.old else "un contour"
        elif old == new and item.old != item.new:
            new = f"{new} (modifié)" if new else "vidé"
        elif not new and item.old not in (None, "", [], (), {}):
            new = "vidé"
        yield item, old, new


def _place(lon: Any, lat: Any) -> str:
    known = isinstance(lon, int | float) and isinstance(lat, int | float)
    return f"{wording.number(lat, 5)} ; {wording.number(lon, 5)}" if known else ""


def _metres(lon: FieldChange, lat: FieldChange) -> float | None:
    """How far a position would move: plane approximation, good to a percent over a few kilometres."""
    values = (lon.old, lat.old, lon.new, lat.new)
    if not all(isinstance(value, int | float) for value in values):
        return None
    east = (lon.new - lon.old) * 111_320 * math.cos(math.radians(lat.old))
    return math.hypot(east, (lat.new - lat.old) * 111_320)


def _whose(item: FieldChange, titles: Mapping[str, str]) -> str:
    """Whose value it is; of «FINESS – établissements…», what a narrow column can hold."""
    return titles.get(item.old_source, item.old_source).split(" – ")[0] if item.old_source else ""
