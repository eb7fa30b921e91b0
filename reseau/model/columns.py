"""Columns of the frames that travel out of the store, declared once.

Frames are read-only by convention: a function that needs to change one works on a copy.
Sequences inside cells are tuples. Unknown is None/NaN/NaT, never zero or an empty figure.
All geometries are EPSG:4326. The index of each frame is the integer database id, named `id`.
"""

from __future__ import annotations

# One row per structure not deleted. geometry: Point or None. `types`, `publics`, `languages`,
# `reception_modes`, `served_quartiers`: tuples of codes. `family`: main family code.
# `placed`: True when the position may be used for distances (precision exact, address or street).
# `is_pivot`: the team's own structure. `sources`: tuple of source ids that spoke about it.
# `reviewed_on`: date of the last check by a person, None when never. `internal_note`: for the team only.
# `updated_on`: date (datetime.date) of the latest change of any field.
STRUCTURES = (
    "uid", "name", "types", "family", "description", "address", "address_extra", "postcode", "commune",
    "insee", "lon", "lat", "position_precision", "placed", "phone", "email", "website", "opening_hours",
    "hours_text", "publics", "languages", "free", "no_appointment", "accessible", "access_conditions",
    "reception_modes", "served_quartiers", "finess", "siret", "uai", "closed", "sources", "updated_on",
    "reviewed_on", "review_days", "capacity", "capacity_unit", "version", "is_pivot", "internal_note",
    "geometry",
)  # fmt: skip

# One row per quartier. geometry: Polygon or MultiPolygon. `communes`, `commune_names`, `languages`: tuples.
# `indicators`: dict of known figures by name.
QUARTIERS = (
    "code", "name", "kind", "generation", "communes", "commune_names", "population", "population_source",
    "languages", "indicators", "source", "data_date", "geometry",
)  # fmt: skip

# One row per tie; `from_id`, `to_id` are structure ids. Dates are datetime.date or None.
RELATIONS = (
    "from_id", "to_id", "from_name", "to_name", "purpose", "direction", "intensity", "status", "declared_by",
    "confirmed", "referent_from", "referent_to", "started_on", "renewal_on", "last_contact_on", "evidence",
    "note", "version",
)  # fmt: skip

# One row per permanence; `structure_id` holds it, `host_id` (nullable) hosts it. `lon`, `lat`, `geometry`:
# where it is held (the host's position when hosted). `placed` as for structures. `insee`: of the host.
PERMANENCES = (
    "structure_id", "structure_name", "type_code", "host_id", "host_name", "place", "insee", "lon", "lat",
    "placed", "opening_hours", "hours_text", "free", "no_appointment", "languages", "started_on", "ended_on",
    "note", "version", "geometry",
)  # fmt: skip

# Service points of a type, built from structures and permanences by `reseau.geo.points`:
# one row per (point, type). `kind`: structure | permanence | outgoing. `structure_id`: who serves.
# `host_id`: where, for a permanence (nullable). `served_quartiers`: codes declared by an outgoing service
# (empty otherwise). geometry: Point, or None for outgoing services and what is not placed (`placed` False).
POINTS = (
    "structure_id", "host_id", "permanence_id", "type_code", "kind", "name", "insee", "placed", "geometry",
    "served_quartiers",
)  # fmt: skip

# One row per (quartier, type): the answer. `share`: share of inhabitants within the threshold, 0–1 (1 when an
# outgoing service comes; 1 or 0 for the gamme territoire), NaN when no known point can be located.
# `metres_nearest`: mean over inhabitants of the length to the nearest placed point of each (straight line, or
# walked on the network: `Analysis.travel`); `minutes_nearest`: walking minutes of the same, NaN when none.
# `nearest_id` (nullable Int64) and `nearest_name`: structure serving at the point that most inhabitants reach
# first. `n_points`: known points, `n_near`: those within the threshold of someone, `n_unplaced`: known points
# that could not be placed. `n_inside`, `n_500`: placed points in the quartier, and in or at most 500 m from
# its boundary (straight line). `minutes_boundary`: walking minutes to a placed point from the inhabitants'
# point closest to one («l'habitant le plus proche»), NaN when none. `threshold_minutes`: NaN for the gamme
# territoire.
# `fragile`: the state would flip if positions moved by their precision or the threshold by 20 %.
# `reliable`, `reason` (French): see `reseau.gaps.states`.
GAPS = (
    "quartier_id", "quartier_code", "quartier_name", "type_code", "state", "share", "minutes_nearest",
    "metres_nearest", "nearest_id", "nearest_name", "n_points", "n_near", "n_unplaced", "n_inside", "n_500",
    "minutes_boundary", "threshold_minutes", "fragile", "reliable", "reason",
)  # fmt: skip

# One row per action. `quartiers`: codes; `partners`: tuple of (structure_id, name, role);
# `counts`: dict of known counts.
ACTIONS = (
    "uid", "title", "form", "theme", "publics", "languages", "quartiers", "type_code", "host_id", "host_name",
    "place", "lon", "lat", "starts_on", "start_time", "end_time", "recurrence", "ends_on", "team", "status",
    "partners", "counts", "outcome", "note", "version",
)  # fmt: skip

# One row per count of an expressed need. `on`: date or None.
NEEDS = (
    "quartier_id", "quartier_code", "quartier_name", "theme", "count", "on", "collected", "note", "source",
    "version",
)  # fmt: skip

# Editors only.
CONTACTS = ("structure_id", "structure_name", "name", "role", "phone", "email", "note", "version")
JOURNAL = ("structure_id", "structure_name", "on", "kind", "text", "author", "version")

# Beside the directory, never counted (see `reseau.model.context.Repere`). geometry: Point.
REPERES = (
    "uid", "name", "type_code", "lon", "lat", "address", "phone", "website", "opening_hours", "finess",
    "tags", "source", "updated_on", "geometry",
)  # fmt: skip
# `reseau.model.context.Iris`. geometry: Polygon or MultiPolygon.
IRIS = ("code", "name", "insee", "indicators", "year", "source", "geometry")
# `reseau.model.context.Square`. geometry: Point (centre). Figures are NaN when unknown.
SQUARES = (
    "code", "epsg", "x", "y", "lon", "lat", "people", "households", "poor_households", "indicators", "year",
    "source", "geometry",
)  # fmt: skip
# `reseau.model.context.Commune`. geometry: Polygon, MultiPolygon or None.
COMMUNES = (
    "code", "name", "kind", "parent", "epci", "epci_name", "postcodes", "population", "source", "geometry",
)  # fmt: skip
