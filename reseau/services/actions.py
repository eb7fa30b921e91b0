"""Outreach actions: which ones are to come, what they gave, and writing one with its partners."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from reseau.errors import RefusedInput
from reseau.model.records import COUNT_LABELS
from reseau.model.vocabulary import PARTNER_ROLES, ActionStatus
from reseau.plan.occurrences import last_day, next_day
from reseau.services.editing import DEFAULTS, Edit, write_edit
from reseau.store import imports
from reseau.store import rows as repository

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reseau.services.app import App

Row = Mapping[str, Any]
Partners = Sequence[tuple[int, str]]
CLOSED = frozenset({ActionStatus.REALISEE, ActionStatus.ANNULEE})
PROMISED = frozenset({ActionStatus.PREVUE, ActionStatus.CONFIRMEE})
# What is not taken over when an action is done again.
PAST_FIELDS: dict[str, Any] = {
    "starts_on": None, "ends_on": None, "status": ActionStatus.IDEE.value, "counts": {}, "outcome": "",
}  # fmt: skip


def is_coming(row: Row, on: date) -> bool:
    """Whether an action still takes place: neither done nor cancelled, with a day from `on`."""
    return row["status"] not in CLOSED and next_day(row, on) is not None


def is_to_review(row: Row, on: date) -> bool:
    """Whether its figures are awaited: done without any, or promised and past without being said done."""
    if row["status"] == ActionStatus.REALISEE:
        return not row["counts"]
    last = last_day(row)
    return row["status"] in PROMISED and last is not None and last < on


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTotal:
    """Sum of one figure over actions done.

    Attributes:
        key: key of `COUNT_LABELS`.
        total: None when no action gave the figure: unknown, not zero.
        given: actions that gave it.
        missing: actions that did not.
    """

    key: str
    total: int | None
    given: int
    missing: int


def count_totals(rows: Iterable[Row]) -> list[CountTotal]:
    """Totals of each figure over the actions done among `rows`; empty when none is done."""
    done = [row["counts"] for row in rows if row["status"] == ActionStatus.REALISEE]
    if not done:
        return []
    totals = []
    for key in COUNT_LABELS:
        known = [counts[key] for counts in done if counts.get(key) is not None]
        total = sum(known) if known else None
        totals.append(CountTotal(key=key, total=total, given=len(known), missing=len(done) - len(known)))
    return totals


def known_counts(counts: Mapping[str, int | None]) -> dict[str, int]:
    """Counts without those that are unknown.

    Raises:
        RefusedInput: more first meetings than people met.
    """
    known = {key: int(value) for key, value in counts.items() if value is not None}
    met, first = known.get("personnes_rencontrees"), known.get("premiers_contacts")
    if met is not None and first is not None and first > met:
        raise RefusedInput(
            f"Bilan : {first} premières rencontres pour {met} personnes rencontrées. "
            "Vérifiez ces deux nombres."
        )
    return known


def save_action(
    app: App,
    territoire_id: int,
    values: Row,
    *,
    partners: Partners | None = None,
    row_id: int | None = None,
    version: int | None = None,
) -> int:
    """Create (`row_id` None) or change an action and its partners, all or nothing; returns its id.

    Args:
        values: fields of the stored row; only those given are changed.
        partners: (structure id, role) in order; None leaves them as they are.
        version: version on the person's screen.

    Raises:
        RefusedInput: a value is wrong; every problem is in the message, one per line.
        Conflict: the action has changed since `version`.
        NotFound: no such action.
    """
    edit = Edit(kind="actions", values=values, row_id=row_id, version=version)
    with app.store.write() as connection:
        saved = write_edit(
            connection, territoire_id, edit, app.typology, others=_partner_problems(partners or ())
        )
        if partners is not None:
            _set_partners(connection, territoire_id, saved, partners)
    return saved


def _set_partners(connection: Connection, territoire_id: int, row_id: int, partners: Partners) -> None:
    if list(partners) == imports.action_partners_of(connection, territoire_id).get(row_id, []):
        return
    imports.set_action_partners(connection, row_id, partners)
    overrides = repository.get_row(connection, "actions", row_id)["overrides"]
    changed = {"overrides": sorted({*overrides, "partners"})}
    repository.update_row(connection, "actions", row_id, changed, by_person=False)


def _partner_problems(partners: Partners) -> list[str]:
    problems = []
    ids = [structure_id for structure_id, _ in partners]
    if len(set(ids)) < len(ids):
        problems.append("Partenaires : une structure est inscrite deux fois, gardez-la une seule fois.")
    if any(role not in PARTNER_ROLES for _, role in partners):
        problems.append("Partenaires : choisissez le rôle de chacun dans la liste.")
    return problems


def done_again(row: Row, fields: Collection[str] = tuple(DEFAULTS["actions"])) -> dict[str, Any]:
    """What a new action takes from a former one: everything but dates, status and figures."""
    return {name: row[name] for name in (*fields, "title", "host_id")} | PAST_FIELDS
