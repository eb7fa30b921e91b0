"""Exports: one file in the format asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from pathlib import Path

from reseau.errors import RefusedInput
from reseau.exports import Export, ExportBundle, all_exports, public_view
from reseau.gaps.sentences import basis_sentence
from reseau.services._targets import prepare
from reseau.services.app import App
from reseau.services.importing import list_sources
from reseau.services.reperes import list_reperes
from reseau.services.view import View, open_view

REPERES = "reperes"


def list_exports() -> list[Export]:
    """Every export format, by id."""
    return list(all_exports().values())


def export(app: App, territoire_id: int, format_id: str, path: Path, *, public: bool = False) -> int:
    """Write one file and return its number of rows.

    Args:
        public: leave out what only the team may read (contacts, journal, notes, referents, status of ties).

    Raises:
        RefusedInput: unknown format, one that has nothing public, or a place where nothing can be written.
    """
    formats = all_exports()
    if format_id not in formats:
        raise RefusedInput(
            f"Format inconnu : « {format_id} ». Formats possibles : {', '.join(sorted(formats))}."
        )
    prepare(path)
    view = open_view(app, territoire_id)
    bundle = bundle_of(view)
    if format_id == REPERES:
        lines = source_lines(view, reperes=True)
        bundle = replace(bundle, reperes=list_reperes(app, territoire_id), sources=lines)
    return formats[format_id].write(public_view(bundle) if public else bundle, path)


def bundle_of(view: View) -> ExportBundle:
    """Everything exports may write, for the team."""
    basis = basis_sentence(view.territoire, view.travel, view.people)
    return ExportBundle(
        territory=view.territoire.name,
        structures=view.structures,
        quartiers=view.quartiers,
        relations=view.relations,
        permanences=view.permanences,
        actions=view.actions,
        gaps=view.gaps,
        contacts=view.contacts,
        journal=view.journal,
        needs=view.needs,
        generated_on=date.today(),
        public=False,
        sources=(
            *source_lines(view),
            f"Lacunes : {basis}",
        ),
        typology=view.typology,
    )


def source_lines(
    view: View, *, reperes: bool = False, kinds: Collection[str] | None = None
) -> tuple[str, ...]:
    """One French line per loaded source: title, publisher, licence, date of its data.

    Args:
        reperes: those of the layer of places, which no other file holds, instead of all the others.
        kinds: those of these kinds only, None for all.
    """
    specs = {
        spec.id: spec
        for spec in list_sources()
        if (spec.kind == REPERES) == reperes and (kinds is None or spec.kind in kinds)
    }
    latest: dict[str, str] = {}
    for report in view.imports:
        if not report.undone_on:
            latest.setdefault(report.source, report.dated)
    return tuple(
        f"{specs[key].title} — {specs[key].publisher} — {specs[key].licence} — {dated}"
        for key, dated in sorted(latest.items())
        if key in specs
    )
