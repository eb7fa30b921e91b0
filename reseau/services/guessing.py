"""What a file probably is: surely one source's, else the team's table its columns look most like."""

from __future__ import annotations

from pathlib import Path

from reseau.errors import ReseauError
from reseau.services.app import App
from reseau.services.importing import FileToImport, list_sources, preview_file, recognise, template_for

MAX_BYTES = 20_000_000
HALF = 0.5


def guess_source(app: App, path: Path) -> str | None:
    """Source of a file, None when nothing tells. A table whose columns suit two sources equally is left open.

    A person sees the answer and may change it: nothing is imported on a guess alone.
    """
    found = recognise(path)
    if found is not None or path.stat().st_size > MAX_BYTES:
        return found
    suffix = path.suffix.lower()
    tables = [
        spec for spec in list_sources() if suffix in spec.extensions and template_for(spec.id) is not None
    ]
    scores = {spec.id: _likeness(app, spec.id, path) for spec in tables}
    best = max(scores.values(), default=0.0)
    winners = [spec for spec in tables if scores[spec.id] == best]
    if best < HALF or len({spec.kind for spec in winners}) > 1:
        return None
    # A list of places that reads as well as the team's own table is taken for that.
    return max(winners, key=lambda spec: spec.priority).id


def _likeness(app: App, source_id: str, path: Path) -> float:
    """Share of the columns a source knows; 0 when it cannot read the file or do without others."""
    try:
        preview = preview_file(app, source_id, FileToImport(path=path))
    except ReseauError:
        return 0.0
    if preview is None or not preview.columns or preview.required - set(preview.mapping.values()):
        return 0.0
    return sum(bool(name) for name in preview.mapping.values()) / len(preview.columns)
