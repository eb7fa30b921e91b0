"""What has been read so far of one file whose rows are told apart by a code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from reseau.model.reports import LocatedRecord, Parsed, RefusedRow


@dataclass(slots=True, kw_only=True)
class Reading:
    """What has been read so far.

    Attributes:
        codes: line of each code met.
    """

    records: list[LocatedRecord] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    n_out_of_scope: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)

    def parsed(self, notes: Iterable[str]) -> Parsed:
        """The file once read; `notes`: what is said after the notes of the reading."""
        return Parsed(
            records=tuple(self.records),
            refused=tuple(self.refused),
            n_out_of_scope=self.n_out_of_scope,
            notes=(*self.notes, *notes),
            counts={name: self.counts[name] for name in sorted(self.counts)},
        )
