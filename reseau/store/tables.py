"""Every table, once. Nothing outside `reseau.store` sees them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from reseau.store._schema import (
    json_dict,
    json_list,
    lifecycle,
    metadata,
    of_structure,
    of_territoire,
    origin,
    position,
    text,
)
from reseau.store.context_tables import communes, iris, reperes, squares
from reseau.store.planning_tables import expectation_versions, needs, networks, scenarios, snapshots
from reseau.store.screen_tables import participations, screen_messages, screen_places, screens
from reseau.store.trust_tables import feeds, import_changes, merges, pair_answers, statements

__all__ = [
    "absences", "action_partners", "actions", "aliases", "communes", "contacts", "expectation_versions",
    "feeds", "geocoding_cache", "graph_positions", "import_changes", "imports", "iris", "journal", "merges",
    "metadata", "needs", "networks", "pair_answers", "participations", "permanences", "provenance",
    "quartiers", "relations", "reperes", "scenarios", "screen_messages", "screen_places", "screens",
    "snapshots", "squares", "statements", "structures", "territoires", "type_settings",
]  # fmt: skip

territoires = Table(
    "territoires",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    json_list("communes"),
    Column("radius_km", Float),
    Column("qpv_codes", JSON, nullable=False, default=list, server_default="[]"),
    text("pivot_uid"),
    Column("minutes_proximite", Integer, nullable=False),
    Column("minutes_intermediaire", Integer, nullable=False),
    Column("near_share", Float, nullable=False),
    Column("walking_kmh", Float, nullable=False),
    Column("detour_factor", Float, nullable=False),
    Column("fictional", Boolean, nullable=False),
    Column("use_network", Boolean, nullable=False, default=True, server_default="1"),
    Column("social_indicator", Text, nullable=False, default="tp60", server_default="tp60"),
    Column("weight_to_link", Float, nullable=False, default=0.2, server_default="0.2"),
    Column("weight_needs", Float, nullable=False, default=1.0, server_default="1.0"),
    Column("data_version", Integer, nullable=False, default=1, server_default="1"),
    Column("created_at", DateTime, nullable=False),
)

type_settings = Table(
    "type_settings",
    metadata,
    Column("territoire_id", ForeignKey("territoires.id", ondelete="CASCADE"), primary_key=True),
    Column("type_code", String(60), primary_key=True),
    Column("expected", Boolean, nullable=False),
    Column("gamme", String(20), nullable=False),
    Column("review_days", Integer),
    # None: that of the reference, as for rows made before a territory could choose them.
    Column("weight", Float),
    Column("from_inhabitants", Integer),
)

structures = Table(
    "structures",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("uid", String(300), nullable=False),
    Column("name", Text, nullable=False),
    json_list("types"),
    text("description"),
    text("address"),
    text("address_extra"),
    text("postcode"),
    text("commune"),
    text("insee"),
    *position(),
    text("position_precision"),
    text("phone"),
    text("email"),
    text("website"),
    text("opening_hours"),
    text("hours_text"),
    json_list("publics"),
    json_list("languages"),
    Column("free", Boolean),
    Column("no_appointment", Boolean),
    Column("accessible", Boolean),
    text("access_conditions"),
    json_list("reception_modes"),
    json_list("served_quartiers"),
    text("finess"),
    text("siret"),
    text("uai"),
    Column("closed", Boolean, nullable=False, default=False),
    text("internal_note"),
    Column("reviewed_on", Date),
    Column("review_days", Integer),
    Column("capacity", Float),
    text("capacity_unit"),
    # The structure it was merged into; it is then put aside too, and can come back.
    Column("merged_into", Integer, index=True),
    *lifecycle(),
    UniqueConstraint("territoire_id", "uid"),
    Index("ix_structures_finess", "territoire_id", "finess"),
)

# Other identifiers under which files name a structure: the spreadsheet's own once FINESS had it first.
aliases = Table(
    "aliases",
    metadata,
    Column("territoire_id", ForeignKey("territoires.id", ondelete="CASCADE"), primary_key=True),
    Column("uid", String(300), primary_key=True),
    of_structure("structure_id"),
)

provenance = Table(
    "provenance",
    metadata,
    Column("structure_id", ForeignKey("structures.id", ondelete="CASCADE"), primary_key=True),
    Column("field", String(60), primary_key=True),
    Column("source", String(60), nullable=False),
    Column("on", Date, nullable=False),
)

quartiers = Table(
    "quartiers",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("code", String(60), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("generation", Integer),
    json_list("communes"),
    json_list("commune_names"),
    Column("population", Integer),
    text("population_source"),
    json_list("languages"),
    json_dict("indicators"),
    Column("wkb", LargeBinary, nullable=False),
    Column("data_date", Date),
    *lifecycle(),
    UniqueConstraint("territoire_id", "code"),
)

relations = Table(
    "relations",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    of_structure("from_id"),
    of_structure("to_id"),
    Column("purpose", String(40), nullable=False),
    Column("direction", String(20), nullable=False),
    Column("intensity", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    text("declared_by"),
    Column("confirmed", Boolean),
    text("referent_from"),
    text("referent_to"),
    Column("started_on", Date),
    Column("renewal_on", Date),
    Column("last_contact_on", Date),
    text("evidence"),
    text("note"),
    origin(),
    *lifecycle(),
)

permanences = Table(
    "permanences",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    of_structure("structure_id"),
    Column("type_code", String(60), nullable=False),
    of_structure("host_id", nullable=True),
    text("place"),
    *position(),
    text("opening_hours"),
    text("hours_text"),
    Column("free", Boolean),
    Column("no_appointment", Boolean),
    json_list("languages"),
    Column("started_on", Date),
    Column("ended_on", Date),
    text("note"),
    origin(),
    *lifecycle(),
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    of_structure("structure_id"),
    Column("name", Text, nullable=False),
    text("role"),
    text("phone"),
    text("email"),
    text("note"),
    origin(),
    *lifecycle(),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    of_structure("structure_id"),
    Column("on", Date, nullable=False),
    Column("kind", String(20), nullable=False),
    text("text"),
    text("author"),
    origin(),
    *lifecycle(),
)

actions = Table(
    "actions",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("uid", String(300), nullable=False),
    Column("title", Text, nullable=False),
    Column("form", String(40), nullable=False),
    text("theme"),
    json_list("publics"),
    json_list("languages"),
    json_list("quartiers"),
    text("type_code"),
    of_structure("host_id", nullable=True),
    text("place"),
    *position(),
    Column("starts_on", Date),
    text("start_time"),
    text("end_time"),
    text("recurrence"),
    Column("ends_on", Date),
    text("team"),
    Column("status", String(20), nullable=False),
    Column("counts", JSON, nullable=False, default=dict),
    text("outcome"),
    text("note"),
    *lifecycle(),
    UniqueConstraint("territoire_id", "uid"),
)

action_partners = Table(
    "action_partners",
    metadata,
    Column("action_id", ForeignKey("actions.id", ondelete="CASCADE"), primary_key=True),
    Column("structure_id", ForeignKey("structures.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("rank", Integer, nullable=False),
)

absences = Table(
    "absences",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("quartier_id", ForeignKey("quartiers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("type_code", String(60), nullable=False),
    Column("on", Date, nullable=False),
    text("author"),
    text("note"),
    UniqueConstraint("quartier_id", "type_code"),
)

imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("source", String(60), nullable=False),
    text("filename"),
    Column("on", DateTime, nullable=False),
    Column("data_date", Date),
    Column("created", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("out_of_scope", Integer, nullable=False),
    json_list("refused"),
    json_list("claims"),
    json_list("scope_communes"),
    Column("scope_radius_km", Float),
    json_list("notes"),
    # What made a later import of the same bytes pointless: see `reseau.services.importing`.
    text("fingerprint"),
    Column("data_version", Integer),
    Column("closed", Integer, nullable=False, default=0, server_default="0"),
    Column("skipped", Integer, nullable=False, default=0, server_default="0"),
    Column("undone_at", DateTime),
)

graph_positions = Table(
    "graph_positions",
    metadata,
    Column("structure_id", ForeignKey("structures.id", ondelete="CASCADE"), primary_key=True),
    Column("x", Float, nullable=False),
    Column("y", Float, nullable=False),
    Column("apart", Boolean, nullable=False),
)

geocoding_cache = Table(
    "geocoding_cache",
    metadata,
    Column("key", String(400), primary_key=True),
    Column("answer", JSON),
    Column("on", DateTime, nullable=False),
)
