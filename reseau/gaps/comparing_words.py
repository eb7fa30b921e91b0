"""Comparisons in French: sentences of what differs first, then tables of text for screens and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from reseau.gaps.comparing import (
    Cause,
    DatesRow,
    MethodChange,
    PlacesRow,
    Reached,
    Verdict,
    counted,
    reached,
)
from reseau.gaps.figures import Area, Cell, Figures
from reseau.model import french as fr
from reseau.model.indicators import indicator
from reseau.model.vocabulary import STATE_LABELS, STATE_SIGNS

Table = tuple[list[str], list[list[str]]]
UNKNOWN = "non renseigné"
NOT_HERE = "ni attendu, ni connu"
NAMED = 8
LONGEST_NAME = 40
CAUSE_LABELS = {
    Cause.NONE: "",
    Cause.RELATION: "relation nouée ou perdue",
    Cause.PLACES: "lieux connus",
    Cause.KNOWLEDGE: "ce qu'on sait",
    Cause.METHOD: "méthode seulement",
    Cause.UNSURE: "territoire ou méthode, on ne peut pas dire",
}
PLACES_LABELS = {
    Verdict.BETTER: "▲ mieux",
    Verdict.WORSE: "▼ moins bien",
    Verdict.SAME: "= comparable",
    Verdict.UNKNOWN: "? non comparable",
}
CHANGE_LABELS = {
    Verdict.BETTER: "▲ mieux",
    Verdict.WORSE: "▼ moins bien",
    Verdict.SAME: "= pareil",
    Verdict.UNKNOWN: "? non comparable",
    Verdict.LEARNT: "+ renseigné depuis",
    Verdict.FORGOTTEN: "? n'est plus renseigné",
    Verdict.NEW: "+ nouveau dans les chiffres",
    Verdict.GONE: "− n'est plus dans les chiffres",
}


def names_of(left: Area, right: Area) -> tuple[str, str]:
    """Short names of two areas that cannot be mistaken for one another."""
    names = [_short(area.name) or area.code for area in (left, right)]
    if names[0] == names[1]:
        names = [f"{name} ({area.code})" for name, area in zip(names, (left, right), strict=True)]
    if names[0] == names[1]:
        names = [f"{names[0]}, 1", f"{names[1]}, 2"]
    return names[0], names[1]


def places_sentences(
    left: Area, right: Area, rows: Sequence[PlacesRow], *, labels: Mapping[str, str]
) -> list[str]:
    """What differs, most important first, as plain text.

    Args:
        left, right: the two areas.
        rows: their comparison.
        labels: short label of each type.
    """
    one, two = names_of(left, right)
    said = [f"{one} {reached_words(reached(left))}, {two} {reached_words(reached(right), short=True)}."]
    for name, mine, theirs in ((two, "right", "left"), (one, "left", "right")):
        only = [row.type_code for row in rows if _only(row, mine, theirs)]
        if only:
            said.append(f"À portée seulement pour {name}{fr.NBSP}: {_listed(only, labels)}.")
    unknown = [row.type_code for row in rows if row.verdict is Verdict.UNKNOWN and row.expected]
    if unknown:
        said.append(
            f"Non comparable (non renseigné d'un côté au moins){fr.NBSP}: {_listed(unknown, labels)}."
        )
    return said


def reached_words(found: Reached, *, short: bool = False) -> str:
    """«atteint 9 types attendus sur 14 (2 non renseignés)»; `short`: «12 sur 14»."""
    unknown = ""
    if found.unknown:
        unknown = f" ({found.unknown} non renseigné{'s' if found.unknown > 1 else ''})"
    if short:
        return f"{found.reached} sur {found.expected}{unknown}"
    types = "types attendus" if found.reached > 1 else "type attendu"
    return f"atteint {found.reached} {types} sur {found.expected}{unknown}"


def facts_sentence(area: Area, name: str, social: str) -> str:
    """«Beauval : 3 200 habitants – INSEE 2021 ; taux de pauvreté 44,1 % ; habitants répartis également».

    Args:
        area: what is told of.
        name: as the rest of the comparison calls it.
        social: code of the social indicator.
    """
    known = indicator(social)
    unit = f"{fr.THIN}{known.unit}" if known.unit == "%" else f" {known.unit}".rstrip()
    poverty = UNKNOWN if area.poverty is None else f"{fr.decimal(area.poverty)}{unit}"
    label = known.label[:1].lower() + known.label[1:]
    parts = [people_words(area), f"{label} {poverty}"]
    if area.spread:
        parts.append(f"habitants {area.spread}")
    return f"{name}{fr.NBSP}: {' ; '.join(parts)}."


def places_table(left: Area, right: Area, rows: Sequence[PlacesRow], *, labels: Mapping[str, str]) -> Table:
    """Headers and rows of text, one per type."""
    one, two = names_of(left, right)
    headers = ["Type", difference_header(one), f"{one}{fr.NBSP}: état", f"{two}{fr.NBSP}: état"]
    columns = ("part à portée", "minutes", "lieux proches", "dans", "à 500 m")
    headers += [f"{name}{fr.NBSP}: {column}" for column in columns for name in (one, two)]
    headers.append("Attendu")
    table = []
    for row in rows:
        sides = [_figures(cell) for cell in (row.left, row.right)]
        table.append([
            labels.get(row.type_code, row.type_code),
            PLACES_LABELS[row.verdict],
            state_words(row.left),
            state_words(row.right),
            *(side[place] for place in range(len(columns)) for side in sides),
            "oui" if row.expected else "non",
        ])  # fmt: skip
    return headers, table


def difference_header(name: str) -> str:
    """What the column of verdicts is called."""
    return f"Pour {name}"


def state_words(cell: Cell | None) -> str:
    """«◐ À relier», with «fragile» where it would flip easily."""
    if cell is None:
        return NOT_HERE
    fragile = ", fragile" if cell.fragile else ""
    return f"{STATE_SIGNS[cell.state]} {STATE_LABELS[cell.state]}{fragile}"


def cell_words(cell: Cell | None, *, places: bool = True) -> str:
    """«● Couvert · 80 % · 6 min · 3 lieux proches» (`places`: how many), as much as is known."""
    if cell is None:
        return NOT_HERE
    parts = [state_words(cell)]
    if cell.share is not None and cell.threshold is not None:
        parts.append(fr.percent(cell.share))
    if cell.minutes is not None:
        parts.append(fr.duration(cell.minutes))
    if places and cell.near:
        near = f"lieu{'x' if cell.near > 1 else ''} proche{'s' if cell.near > 1 else ''}"
        parts.append(f"{fr.number(cell.near)}{fr.NBSP}{near}")
    return " · ".join(parts)


def dates_sentences(
    before: Figures, after: Figures, rows: Sequence[DatesRow], *, methods: Sequence[MethodChange]
) -> list[str]:
    """What changed in the territory first, then what comes from the method alone, as plain text."""
    counts = counted(rows)
    said = []
    better, worse = (
        counts.get((Cause.RELATION, verdict), 0) + counts.get((Cause.PLACES, verdict), 0)
        for verdict in (Verdict.BETTER, Verdict.WORSE)
    )
    when = f"Du {day(before.on)} au {day(after.on)}"
    if better or worse:
        linked = [counts.get((Cause.RELATION, verdict), 0) for verdict in (Verdict.BETTER, Verdict.WORSE)]
        said.append(
            f"{when}{fr.NBSP}: {_gone(better, 'mieux')}{_by_relation(linked[0], 'nouée')}, "
            f"{_gone(worse, 'moins bien')}{_by_relation(linked[1], 'perdue')}."
        )
    else:
        alike = ", à méthode égale" if any(item.types is None or item.types for item in methods) else ""
        sure = "" if _of(counts, Cause.UNSURE) == 0 else ", pour ce qu'on peut en dire"
        said.append(f"{when}{fr.NBSP}: aucune case ne va mieux ni moins bien{alike}{sure}.")
    if unsure := _of(counts, Cause.UNSURE):
        said.append(
            f"{_cells(unsure)} {'diffèrent' if unsure > 1 else 'diffère'} sans qu'on puisse dire si c'est le "
            "territoire qui a changé ou la façon de mesurer : à ne pas lire comme un progrès ni un recul."
        )
    if method := _of(counts, Cause.METHOD):
        said.append(
            f"{_cells(method)} {'diffèrent' if method > 1 else 'diffère'} par la méthode seulement : ce "
            "n'est pas un changement du territoire."
        )
    if known := _of(counts, Cause.KNOWLEDGE):
        verb = "tiennent" if known > 1 else "tient"
        said.append(
            f"{_cells(known)} {verb} à ce qu'on sait (renseignée depuis, apparue ou sortie des chiffres)."
        )
    return said


def dates_table(rows: Sequence[DatesRow], *, labels: Mapping[str, str], known: Mapping[str, object]) -> Table:
    """Headers and rows of text, one per (quartier, type).

    Args:
        rows: the comparison.
        labels: label of each type, those of the photos included.
        known: types of today's typology: the others are said to be withdrawn.
    """
    headers = [
        "Code", "Quartier", "Type", "Changement", "Vient de", "Avant", "Après", "Part avant", "Part après",
        "Minutes avant", "Minutes après", "Lieux proches avant", "Lieux proches après",
        "Après, aux réglages d'avant", "Ce qui n'est pas mesuré pareil",
    ]  # fmt: skip
    table = []
    for row in rows:
        sides = [_figures(cell) for cell in (row.before, row.after)]
        label = labels.get(row.type_code, row.type_code)
        table.append([
            row.quartier_code,
            row.quartier_name,
            label if row.type_code in known else f"{label} (type retiré)",
            CHANGE_LABELS[row.verdict],
            CAUSE_LABELS[row.cause],
            state_words(row.before),
            state_words(row.after),
            *(side[place] for place in range(3) for side in sides),
            state_words(row.alike) if row.alike else "",
            " ; ".join(row.methods),
        ])  # fmt: skip
    return headers, table


def changes_sentence(changes: Sequence[MethodChange], *, sides: tuple[str, str]) -> str:
    """«Seuil de proximité : 12 min à pied ici, 15 min à pied là-bas.», the first ones."""
    named = [
        f"{item.label}{fr.NBSP}: {item.before} {sides[0]}, {item.after} {sides[1]}"
        for item in changes[:NAMED]
    ]
    rest = len(changes) - len(named)
    return f"{' ; '.join(named)}{f' ; et {rest} autres' if rest else ''}."


def changes_table(changes: Sequence[MethodChange], *, sides: tuple[str, str] = ("Avant", "Après")) -> Table:
    """What is not measured alike, one line each."""
    return ["", *sides], [[item.label, item.before, item.after] for item in changes]


def people_words(area: Area) -> str:
    """«3 200 habitants – INSEE 2021», «nombre d'habitants inconnu»."""
    if area.population is None:
        return fr.inhabitants(None)
    source = f" – {area.population_source}" if area.population_source else ""
    return f"{fr.inhabitants(int(area.population))}{source}"


def day(value: date) -> str:
    """«22/11/2026»."""
    return f"{value:%d/%m/%Y}"


def _figures(cell: Cell | None) -> tuple[str, str, str, str, str]:
    if cell is None:
        return ("", "", "", "", "")
    return (
        UNKNOWN if cell.share is None else fr.percent(cell.share),
        UNKNOWN if cell.minutes is None else str(fr.whole_minutes(cell.minutes)),
        str(cell.near),
        str(cell.inside),
        str(cell.around),
    )


def _only(row: PlacesRow, mine: str, theirs: str) -> bool:
    """Whether an expected type is reached on one side, and known not to be on the other."""
    one, other = getattr(row, mine), getattr(row, theirs)
    return row.expected and one is not None and one.reached is True and (other and other.reached) is False


def _listed(codes: Sequence[str], labels: Mapping[str, str]) -> str:
    named = [labels.get(code, code) for code in codes[:NAMED]]
    rest = len(codes) - len(named)
    more = f" et {rest} autre{'s' if rest > 1 else ''}" if rest else ""
    return ", ".join(named) + more


def _cells(count: int) -> str:
    return f"{fr.number(count)}{fr.NBSP}case{'s' if count > 1 else ''}"


def _gone(count: int, how: str) -> str:
    """«2 cases vont mieux», «aucune case ne va moins bien»."""
    if not count:
        return f"aucune case ne va {how}"
    return f"{_cells(count)} {'vont' if count > 1 else 'va'} {how}"


def _by_relation(count: int, word: str) -> str:
    if not count:
        return ""
    return f" (dont {count} par une relation {word})"


def _of(counts: Mapping[tuple[Cause, Verdict], int], cause: Cause) -> int:
    return sum(count for (known, _), count in counts.items() if known is cause)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
