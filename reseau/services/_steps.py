"""What a file would change: one step per row that would not stay as it is, and rules for every kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from reseau.model.reports import LocatedRecord, Parsed, Problem, RefusedRow
from reseau.sources import Source

NEW, CHANGED, REOPENED, GONE, SAME = "new", "changed", "reopened", "gone", "same"
# Below this many rows, a file that no longer lists most of them is taken at its word.
CROWD = 10


@dataclass(slots=True, kw_only=True)
class Step:
    """What would become of one row.

    Attributes:
        key: see `RowChange.key`.
        action: as `RowChange.action`, or `same`: only what is known about the row would change.
        row: row stored, None for a new one.
        values: what would be written, a whole row for a new one.
        sourced: fields that would be said to come from the source.
        kept: what the file says and is not written, because a person or a better source says otherwise.
        said: of `kept`, what the source had not said before, and whether to ask a person about it.
        agreed: fields where what the source said before no longer differs from what is in force.
        alias: other identifier to remember.
        partners: (structure id, role) of an action, None to leave them.
        old_partners: those it has now.
        held: too many rows would go at once: only when a person asks for it.
    """

    key: str
    action: str
    line: int
    label: str
    row: Mapping[str, Any] | None = None
    values: dict[str, Any] = field(default_factory=dict)
    sourced: Collection[str] = ()
    kept: dict[str, Any] = field(default_factory=dict)
    said: dict[str, tuple[Any, bool]] = field(default_factory=dict)
    agreed: Collection[str] = ()
    alias: str = ""
    partners: list[tuple[int, str]] | None = None
    old_partners: list[tuple[int, str]] = field(default_factory=list)
    held: bool = False

    @property
    def writes(self) -> bool:
        """Whether there is anything to write."""
        return self.action != SAME or bool(self.sourced or self.said or self.agreed or self.alias)


@dataclass(slots=True)
class Comparison:
    """Everything a file would change.

    Attributes:
        kind: kind of the rows.
        steps: rows that would not stay as they are (`same` ones too, when something is learnt of them).
        unchanged: rows of the file that stay.
        n_kept: of those, how many where the file says something else than a person.
        out_of_scope: rows about something that is not in the territory.
        put_aside: rows that designate something a person deleted: it stays so.
        notes: French sentences worth reading.
        names: names of structures by id, to show what a row refers to.
        by_source: structure id → source → fields, to say whose value it was.
    """

    kind: str
    steps: list[Step] = field(default_factory=list)
    unchanged: int = 0
    n_kept: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    out_of_scope: int = 0
    put_aside: int = 0
    notes: list[str] = field(default_factory=list)
    names: Mapping[int, str] = field(default_factory=dict)
    by_source: Mapping[int, Mapping[str, frozenset[str]]] = field(default_factory=dict)

    def add(self, step: Step) -> None:
        """Count a step of a row of the file, and keep it when there is something to write."""
        self.unchanged += step.action == SAME
        if step.writes:
            self.steps.append(step)

    def all_notes(self) -> tuple[str, ...]:
        """Its notes, with what is worth saying of its counts."""
        if not self.put_aside:
            return tuple(self.notes)
        deleted = (
            f"Lignes désignant une fiche que vous avez supprimée : {self.put_aside}. Ces fiches restent "
            "de côté ; la page Données permet de les restaurer."
        )
        return (*self.notes, deleted)


def hold_crowd(comparison: Comparison, gone: list[Step], known: int, *, replaced: bool = False) -> None:
    """Add rows that would go; hold them when most of what is known would go at once.

    Args:
        known: rows of the source that are there now.
        replaced: the file brings at least as many rows as it takes away.
    """
    crowd = len(gone) > CROWD and len(gone) * 2 > known and not replaced
    for step in gone:
        step.held = crowd
    comparison.steps += gone
    if crowd:
        comparison.notes.append(
            f"{len(gone)} fiches sur {known} ne sont plus dans ce fichier : c'est plus de la moitié, il est "
            "peut-être incomplet. Rien n'a été fermé d'office : choisissez celles à fermer dans la "
            "comparaison (sur la ligne de commande : « importer --fermer »)."
        )


def mentions(parsed: Parsed) -> set[str]:
    """Every value of the rows that were refused: what they name is still in the file."""
    return {value.strip() for row in parsed.refused for value in row.row.values()}


def speaks_for_all(source: Source, parsed: Parsed, *, by_commune: bool = False) -> bool:
    """Whether what this file does not list is no longer there: it is no extract, nor cut short.

    Args:
        by_commune: rows of this kind come by whole communes, whatever the source says of itself.
    """
    cut = bool(parsed.counts.get("incomplete")) or bool(source.spec.claims and not parsed.claims)
    return (source.spec.complete or by_commune) and bool(parsed.records or parsed.covers) and not cut


def same_as(located: LocatedRecord, line: int) -> RefusedRow:
    """Refusal of a second row about one thing."""
    reason = f"cette ligne désigne la même fiche que la ligne {line} : gardez-en une seule"
    return RefusedRow(
        line=located.line,
        problems=(Problem(line=located.line, column="", value="", reason=reason),),
        row=located.row,
    )
