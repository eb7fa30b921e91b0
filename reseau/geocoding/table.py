"""Many addresses as one table: what is sent to the batch service, and how its answer is read.

The service gives back the lines it was sent with its own columns after them. Lines are matched by our own
number, never by their order, and a line that does not have the columns of the header is not read at all: one
comma out of place would give a structure the score of another column.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from reseau.geocoding.address import AddressQuery
from reseau.geocoding.answers import Answer, position_of, result_of

NUMBER, TEXT, POSTCODE, CITYCODE = "numero", "adresse", "code_postal", "code_insee"
COLUMNS = (NUMBER, TEXT, POSTCODE, CITYCODE)
NEEDED = frozenset({
    "latitude", "longitude", "result_score", "result_type", "result_label", "result_citycode",
})  # fmt: skip
PROPERTIES = ("score", "type", "label", "citycode", "postcode", "city")
# What the service says of a line it could not treat: to be asked again, not «no such address».
FAILED = "error"


class ChangedTable(ValueError):
    """The answer does not have the columns expected."""


def written(queries: Sequence[AddressQuery]) -> bytes:
    """Addresses as UTF-8 CSV, numbered from 0: nothing but what a single request would send."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, query in enumerate(queries):
        filters = query.filters()
        writer.writerow([number, query.text, filters.get("postcode", ""), filters.get("citycode", "")])
    return text.getvalue().encode("utf-8")


def fields_of(queries: Sequence[AddressQuery]) -> list[tuple[str, str]]:
    """Parameters of the form: which column is the address, which ones only filter."""
    found: list[tuple[str, str]] = [("columns", TEXT)]
    named = {name for query in queries for name in query.filters()}
    if "citycode" in named:
        found.append(("citycode", CITYCODE))
    if "postcode" in named:
        found.append(("postcode", POSTCODE))
    return found


def answers_in(
    body: bytes, *, key: str = NUMBER, expected: Collection[str] | None = None
) -> dict[str, Answer]:
    """What the service says of each line, by the line's own number.

    A line that is missing, doubled, unreadable or that the service failed to treat has no entry: nothing is
    known of it. A line without latitude nor longitude is an address the service does not know.

    Args:
        body: the CSV received, latitude before longitude or not: columns are found by name.
        key: column that names a line.
        expected: names of the lines sent, None to take all.

    Raises:
        ChangedTable: it is not text, or columns are missing.
    """
    try:
        header, *rows = list(_rows(body)) or [[]]
    except csv.Error as error:
        raise ChangedTable("texte") from error
    missing = sorted((NEEDED | {key}) - set(header))
    if missing:
        raise ChangedTable(", ".join(missing))
    lines = [dict(zip(header, row, strict=True)) for row in rows if len(row) == len(header)]
    times = Counter(line[key] for line in lines)
    found: dict[str, Answer] = {}
    for line in lines:
        name = line[key]
        answer = _answer(line) if times[name] == 1 and (expected is None or name in expected) else None
        if answer is not None:
            found[name] = answer
    return found


def _rows(body: bytes) -> Iterator[list[str]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ChangedTable("texte") from error
    # A last line without its end may be cut in the middle of a value.
    whole = text[: text.rfind("\n") + 1]
    first = whole.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    return csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter)


def _answer(line: dict[str, str]) -> Answer | None:
    if line.get("result_status", "").strip().lower() == FAILED:
        return None
    lon, lat = line["longitude"].strip(), line["latitude"].strip()
    if not lon and not lat:
        return Answer()
    position = position_of(_number(lon), _number(lat))
    if position is None:
        return None
    properties = {name: line.get(f"result_{name}", "").strip() for name in PROPERTIES}
    return Answer(candidates=(result_of(position, {**properties, "score": _number(properties["score"])}),))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
