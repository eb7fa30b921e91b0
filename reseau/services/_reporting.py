"""What a person reads of an import: its plan before, its report after."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from reseau.model.reports import FieldChange, ImportPlan, ImportReport, Parsed, RefusedRow, RowChange, Scope
from reseau.services._applying import Chosen
from reseau.services._steps import CHANGED, GONE, NEW, REOPENED, SAME, Comparison, Step
from reseau.sources import Source
from reseau.store.rows import PERSON

ORDER = (NEW, CHANGED, REOPENED, GONE)
# What a person wants to read of a new row.
SHOWN = (
    "types", "address", "postcode", "commune", "phone", "finess", "status", "intensity", "role", "starts_on",
    "code", "commune_names", "communes", "population", "type_code", "opening_hours", "text", "count",
)  # fmt: skip
REFERENCES = frozenset({"structure_id", "host_id", "from_id", "to_id", "quartier_id"})


def plan_of(source: Source, filename: str, parsed: Parsed, comparison: Comparison) -> ImportPlan:
    """The plan of an import."""
    steps = [step for step in comparison.steps if step.action != SAME]
    steps.sort(key=lambda step: (ORDER.index(step.action), step.line, step.label))
    return ImportPlan(
        source=source.id,
        filename=filename,
        kind=comparison.kind,
        changes=tuple(_change(comparison, step) for step in steps),
        unchanged=comparison.unchanged,
        refused=_refused(parsed, comparison),
        out_of_scope=parsed.n_out_of_scope + comparison.out_of_scope,
        data_date=parsed.data_date.isoformat() if parsed.data_date else "",
        notes=_notes(parsed, comparison),
        claims=tuple(sorted(parsed.claims)),
        n_kept=comparison.n_kept,
    )


def report_of(
    source_id: str,
    filename: str,
    parsed: Parsed,
    comparison: Comparison,
    chosen: Chosen,
    *,
    scope: Scope,
) -> ImportReport:
    """The report of an import."""
    return ImportReport(
        id=None,
        source=source_id,
        filename=filename,
        on=date.today().isoformat(),
        data_date=parsed.data_date.isoformat() if parsed.data_date else "",
        created=chosen.count(NEW),
        updated=chosen.count(CHANGED, REOPENED),
        unchanged=comparison.unchanged,
        refused=_refused(parsed, comparison),
        out_of_scope=parsed.n_out_of_scope + comparison.out_of_scope,
        claims=tuple(sorted(parsed.claims)),
        scope_communes=_covered_communes(parsed, scope),
        scope_radius_km=scope.radius_km,
        notes=_notes(parsed, comparison),
        closed=chosen.count(GONE),
        skipped=chosen.skipped,
    )


REPEATED = "Ce fichier est le même que la dernière fois et rien n'a changé depuis : il n'a pas été relu."


def repeated(known: ImportReport, filename: str) -> ImportReport:
    """The report of the same import made again, nothing having been written since."""
    return replace(
        known,
        id=None,
        filename=filename,
        on=date.today().isoformat(),
        created=0,
        updated=0,
        unchanged=known.created + known.updated + known.unchanged,
        closed=0,
        notes=(*(note for note in known.notes if note != REPEATED), REPEATED),
    )


def _refused(parsed: Parsed, comparison: Comparison) -> tuple[RefusedRow, ...]:
    return tuple(sorted((*parsed.refused, *comparison.refused), key=lambda row: row.line))


def _notes(parsed: Parsed, comparison: Comparison) -> tuple[str, ...]:
    return tuple(map(agree, (*parsed.notes, *comparison.all_notes())))


def _covered_communes(parsed: Parsed, scope: Scope) -> tuple[str, ...]:
    """Communes of the territory the file really speaks of: an extract of elsewhere proves no absence here."""
    return tuple(sorted(scope.communes & parsed.spoken))


def _change(comparison: Comparison, step: Step) -> RowChange:
    return RowChange(
        key=step.key,
        action=step.action,
        line=step.line,
        label=step.label,
        row_id=step.row["id"] if step.row else None,
        fields=_new_fields(comparison, step) if step.row is None else _fields(comparison, step, step.values),
        kept=_fields(comparison, step, step.kept),
    )


def _new_fields(comparison: Comparison, step: Step) -> tuple[FieldChange, ...]:
    values = step.values
    return tuple(
        FieldChange(field=name, old=None, new=_shown(comparison, name, values[name]))
        for name in SHOWN
        if name in step.sourced and values.get(name) not in (None, "", (), [])
    )


def _fields(comparison: Comparison, step: Step, values: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    row = step.row or {}
    found = [
        FieldChange(
            field=name,
            old=_shown(comparison, name, row[name]),
            new=_shown(comparison, name, values[name]),
            old_source=_whose(comparison, row, name),
        )
        for name in sorted(values)
        if name in row
    ]
    partners = values.get("partners", step.partners if values is step.values else None)
    if partners is not None:
        old, new = (_partners(comparison, items) for items in (step.old_partners, partners))
        whose = PERSON if "partners" in row["overrides"] else ""
        found.append(FieldChange(field="partners", old=old, new=new, old_source=whose))
    return tuple(found)


def _whose(comparison: Comparison, row: Mapping[str, Any], name: str) -> str:
    for source, names in comparison.by_source.get(row["id"], {}).items():
        if name in names:
            return source
    if comparison.kind == "structures":
        return ""
    return PERSON if name in row["overrides"] else str(row["source"])


def _partners(comparison: Comparison, items: list[tuple[int, str]]) -> list[str]:
    return [f"{comparison.names.get(row_id, '?')} ({role})" for row_id, role in items]


def _shown(comparison: Comparison, name: str, value: Any) -> Any:
    """A value a person can read: a boundary is said, a structure is named."""
    if isinstance(value, bytes):
        return f"contour ({len(value)} octets)" if value else ""
    if name in REFERENCES and value is not None:
        return comparison.names.get(value, "?")
    return list(value) if isinstance(value, tuple) else value


def agree(note: str) -> str:
    """«1 contour(s) réparé(s)» → «1 contour réparé»: each «(s)» or «(x)» agrees with the number before it."""

    def settle(found: re.Match[str]) -> str:
        many = int(re.sub(r"\D", "", found[1])) > 1
        return found[0].replace("(s)", "s" if many else "").replace("(x)", "x" if many else "")

    return re.sub(r"(\d[\d\u202f\u00a0]*)[^\d]*", settle, note)
