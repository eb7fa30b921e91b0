"""The shape of a table to write: French headers over frame columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reseau.exports._base import ExportBundle
from reseau.exports._cells import Cell, plain
from reseau.exports._references import References

Row = Mapping[str, Any]
Value = Callable[[Row, References], Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A header, how its value is made, and the frame columns it cannot do without.

    A column whose frame columns were filtered out (`public_view`) is not written at all.
    """

    header: str
    value: Value
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of the export.

    Attributes:
        frame: attribute of `ExportBundle` that holds its rows.
        title: French name, used as a sheet name (31 characters at most).
    """

    frame: str
    title: str
    columns: tuple[Column, ...]

    def rows_in(self, bundle: ExportBundle) -> pd.DataFrame | None:
        """The frame of this table, None where it may not leave."""
        frame: pd.DataFrame | None = getattr(bundle, self.frame)
        return frame

    def written(self, bundle: ExportBundle) -> tuple[Column, ...]:
        """Columns that can be written from this bundle."""
        frame = self.rows_in(bundle)
        if frame is None:
            return ()
        return tuple(column for column in self.columns if set(column.needs) <= set(frame.columns))

    def rows(self, bundle: ExportBundle) -> Iterator[tuple[int, list[Cell]]]:
        """(database id, cells) of each row, in the order of `written`."""
        frame = self.rows_in(bundle)
        if frame is None:
            return
        columns, references = self.written(bundle), References(bundle)
        names = list(frame.columns)
        series = [frame[name].tolist() for name in names]
        for row_id, values in zip(frame.index.tolist(), zip(*series, strict=True), strict=True):
            row = dict(zip(names, values, strict=True))
            yield row_id, [column.value(row, references) for column in columns]


def text(name: str, header: str) -> Column:
    """A column written as it is (text, number, yes/no, date, list of codes)."""
    return Column(header, lambda row, _: plain(row[name]), (name,))


def number(name: str, header: str) -> Column:
    """A numeric column; whole figures lose the decimals a missing neighbour gave them."""

    def value(row: Row, _: References) -> Cell:
        figure = plain(row[name])
        return int(figure) if isinstance(figure, float) and figure.is_integer() else figure

    return Column(header, value, (name,))


def word(name: str, header: str, labels: Mapping[Any, str]) -> Column:
    """A code of a closed list, or several, written with their French labels."""

    def value(row: Row, _: References) -> Cell:
        codes = plain(row[name])
        if isinstance(codes, tuple):
            return tuple(labels.get(code, code) for code in codes)
        return labels.get(codes, str(codes)) if codes is not None else None

    return Column(header, value, (name,))


def types(name: str, header: str) -> Column:
    """One type code or several, written with their labels."""

    def value(row: Row, references: References) -> Cell:
        codes = plain(row[name])
        if isinstance(codes, tuple):
            return tuple(references.type_label(code) for code in codes)
        return references.type_label(str(codes)) if codes is not None else None

    return Column(header, value, (name,))


def structure(id_name: str, name: str, header: str) -> Column:
    """A structure, named so that an import finds it again."""
    return Column(header, lambda row, references: references.name(row[id_name], row[name]), (id_name, name))


def hours(header: str) -> Column:
    """Opening hours in OSM syntax, else as their source wrote them."""
    return Column(
        header,
        lambda row, _: plain(row["opening_hours"]) or plain(row["hours_text"]),
        ("opening_hours", "hours_text"),
    )
