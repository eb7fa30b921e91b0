"""What is not the same behind two sets of figures, so that it is never read as a change of the territory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from reseau.gaps.comparing import MethodChange
from reseau.gaps.figures import Area, Figures, LoadedSource, Method
from reseau.model import french as fr
from reseau.model.typology import GAMME_LABELS, INTERMEDIAIRE, PROXIMITE, TERRITOIRE

NOTHING: frozenset[str] = frozenset()
UNKNOWN = "non renseigné"


def method_changes(before: Figures, after: Figures) -> list[MethodChange]:
    """Settings, ways of walking and of laying out inhabitants, boundaries: what states depend on.

    Types expected and populations are there too, and touch no state: they change what is counted.
    """
    return [
        *_settings(before, after),
        *_walking(before, after),
        *_gammes(before, after),
        *_by_area(before, after, "Répartition des habitants", "spread"),
        *_outlines(before, after),
        *_expectations(before, after),
        *_populations(before, after),
    ]


def settings_changes(before: Figures, after: Figures) -> list[MethodChange]:
    """The part that also makes sense between two territories: thresholds, share, walking, distances asked."""
    return [*_settings(before, after), *_walking(before, after), *_gammes(before, after)]


def source_changes(before: Figures, after: Figures) -> list[MethodChange]:
    """Files loaded, updated or taken away, and how many structures are known: they change what is known."""
    earlier, later = _by_id(before.sources), _by_id(after.sources)
    found = [
        MethodChange(
            label=(later.get(key) or earlier[key]).title,
            before=_dated(earlier.get(key)),
            after=_dated(later.get(key)),
            types=NOTHING,
        )
        for key in sorted({*earlier, *later}, key=lambda key: (later.get(key) or earlier[key]).title)
        if _dated(earlier.get(key)) != _dated(later.get(key))
    ]
    names = {
        "structures": "Structures connues",
        "placed": "Structures placées",
        "permanences": "Permanences",
        "relations": "Relations actives",
    }
    for key, label in names.items():
        counts = before.counts.get(key), after.counts.get(key)
        if counts[0] != counts[1]:
            said = [UNKNOWN if count is None else fr.number(count) for count in counts]
            found.append(MethodChange(label=label, before=said[0], after=said[1], types=NOTHING))
    return found


def _settings(before: Figures, after: Figures) -> list[MethodChange]:
    one, two = before.method, after.method
    gammes = {**before.gammes, **after.gammes}
    every = (before.gammes, after.gammes)
    walking = frozenset(
        code for code in gammes if any(known.get(code) not in {TERRITOIRE, None} for known in every)
    )
    rows = (
        ("Seuil de proximité", _minutes(one.minutes_proximite), _minutes(two.minutes_proximite),
         _of_gamme(every, PROXIMITE)),
        ("Seuil intermédiaire", _minutes(one.minutes_intermediaire), _minutes(two.minutes_intermediaire),
         _of_gamme(every, INTERMEDIAIRE)),
        ("Part d'habitants demandée", fr.percent(one.near_share), fr.percent(two.near_share), None),
        ("Vitesse de marche", _speed(one), _speed(two), walking),
    )  # fmt: skip
    return [
        MethodChange(label=label, before=first, after=second, types=types)
        for label, first, second, types in rows
        if first != second
    ]


def _of_gamme(every: Iterable[Mapping[str, str]], gamme: str) -> frozenset[str]:
    return frozenset(code for known in every for code, value in known.items() if value == gamme)


def _walking(before: Figures, after: Figures) -> list[MethodChange]:
    one, two = before.method, after.method
    walked = frozenset(
        code
        for known in (before.gammes, after.gammes)
        for code, gamme in known.items()
        if gamme != TERRITOIRE
    )
    if one.is_straight and two.is_straight:
        same = one.detour_factor == two.detour_factor
    else:
        same = (one.is_straight, one.travel_key) == (two.is_straight, two.travel_key)
    if same:
        return []
    words = (one.travel, two.travel) if one.travel != two.travel else (one.travel, f"{two.travel} (rechargé)")
    return [MethodChange(label="Mesure de la marche", before=words[0], after=words[1], types=walked)]


def _gammes(before: Figures, after: Figures) -> list[MethodChange]:
    return [
        MethodChange(
            label=f"Distance demandée, {after.labels.get(code) or code}",
            before=GAMME_LABELS.get(before.gammes[code], before.gammes[code]),
            after=GAMME_LABELS.get(after.gammes[code], after.gammes[code]),
            types=frozenset({code}),
        )
        for code in after.gammes
        if code in before.gammes and before.gammes[code] != after.gammes[code]
    ]


def _common(before: Figures, after: Figures) -> list[tuple[Area, Area]]:
    return [(before.areas[code], area) for code, area in after.areas.items() if code in before.areas]


def _by_area(before: Figures, after: Figures, label: str, name: str) -> list[MethodChange]:
    """One change per couple of words, whatever the number of areas it concerns."""
    groups: dict[tuple[str, str], list[Area]] = {}
    for one, two in _common(before, after):
        words = getattr(one, name), getattr(two, name)
        if words[0] != words[1]:
            groups.setdefault(words, []).append(two)
    return [
        MethodChange(
            label=f"{label} ({_names(areas)})",
            before=words[0] or UNKNOWN,
            after=words[1] or UNKNOWN,
            areas=frozenset(area.code for area in areas),
        )
        for words, areas in groups.items()
    ]


def _outlines(before: Figures, after: Figures) -> list[MethodChange]:
    redrawn = [two for one, two in _common(before, after) if one.outline != two.outline]
    if not redrawn:
        return []
    codes = frozenset(area.code for area in redrawn)
    return [MethodChange(label="Contour", before="ancien", after=f"modifié : {_names(redrawn)}", areas=codes)]


def _expectations(before: Figures, after: Figures) -> list[MethodChange]:
    one, two = _expected(before), _expected(after)
    found = []
    if one != two:
        added = ", ".join(_labels(after, two - one)) or "aucun"
        removed = ", ".join(_labels(before, one - two)) or "aucun"
        found.append(
            MethodChange(
                label="Types attendus",
                before=f"retirés : {removed}",
                after=f"ajoutés : {added}",
                types=NOTHING,
            )
        )
    versions = before.method.expectations, after.method.expectations
    if versions[0] != versions[1]:
        said = [version or UNKNOWN for version in versions]
        found.append(
            MethodChange(label="Référence des attentes", before=said[0], after=said[1], types=NOTHING)
        )
    return found


def _expected(figures: Figures) -> set[str]:
    return {code for area in figures.areas.values() for code, cell in area.cells.items() if cell.expected}


def _labels(figures: Figures, codes: set[str]) -> list[str]:
    return [figures.labels[code] for code in figures.labels if code in codes]


def _populations(before: Figures, after: Figures) -> list[MethodChange]:
    return [
        MethodChange(
            label=f"Habitants, {two.name}",
            before=_people(one),
            after=_people(two),
            types=NOTHING,
            areas=frozenset({two.code}),
        )
        for one, two in _common(before, after)
        if one.population != two.population
    ]


def _people(area: Area) -> str:
    if area.population is None:
        return UNKNOWN
    source = f" ({area.population_source})" if area.population_source else ""
    return f"{fr.number(int(area.population))}{source}"


def _names(areas: list[Area]) -> str:
    names = ", ".join(area.name for area in areas[:3])
    return names if len(areas) <= 3 else f"{names} et {len(areas) - 3} autres"


def _minutes(value: float) -> str:
    return f"{fr.decimal(value)}{fr.NBSP}min à pied"


def _speed(method: Method) -> str:
    return f"{fr.decimal(method.walking_kmh)}{fr.NBSP}km/h"


def _by_id(sources: Iterable[LoadedSource]) -> dict[str, LoadedSource]:
    return {item.id: item for item in sources}


def _dated(source: LoadedSource | None) -> str:
    if source is None:
        return "non chargé"
    try:
        return f"données du {date.fromisoformat(source.data_date):%d/%m/%Y}"
    except ValueError:
        return source.data_date or "chargé, date inconnue"
