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
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, default="", server_default="")


def _json(name: str) -> Column[object]:
    return Column(name, JSON, nullable=False, default=list)


def _territoire() -> Column[int]:
    return Column(
        "territoire_id", ForeignKey("territoires.id", ondelete="CASCADE"), nullable=False, index=True
    )


def _structure(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, ForeignKey("structures.id", ondelete="CASCADE"), nullable=nullable, index=True)


def _lifecycle() -> tuple[Column[object], ...]:
    """`overrides`: fields a person corrected, which an import leaves alone. Deletion is a date."""
    return (
        Column("source", Text, nullable=False, default="saisie", server_default="saisie"),
        _json("overrides"),
        Column("version", Integer, nullable=False, default=1, server_default="1"),
        Column("updated_at", DateTime, nullable=False),
        Column("deleted_at", DateTime),
    )


def _origin() -> Column[str]:
    """Fingerprint of the key under which a file named the row, whatever a person corrected since."""
    return _text("origin")


def _position() -> tuple[Column[object], ...]:
    return (Column("lon", Float), Column("lat", Float))


territoires = Table(
    "territoires",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    _json("communes"),
    Column("radius_km", Float),
    _text("pivot_uid"),
    Column("minutes_proximite", Integer, nullable=False),
    Column("minutes_intermediaire", Integer, nullable=False),
    Column("near_share", Float, nullable=False),
    Column("walking_kmh", Float, nullable=False),
    Column("detour_factor", Float, nullable=False),
    Column("fictional", Boolean, nullable=False),
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
)

structures = Table(
    "structures",
    metadata,
    Column("id", Integer, primary_key=True),
    _territoire(),
    Column("uid", String(300), nullable=False),
    Column("name", Text, nullable=False),
    _json("types"),
    _text("description"),
    _text("address"),
    _text("address_extra"),
    _text("postcode"),
    _text("commune"),
    _text("insee"),
    *_position(),
    _text("position_precision"),
    _text("phone"),
    _text("email"),
    _text("website"),
    _text("opening_hours"),
    _text("hours_text"),
    _json("publics"),
    _json("languages"),
    Column("free", Boolean),
    Column("no_appointment", Boolean),
    Column("accessible", Boolean),
    _text("access_conditions"),
    _json("reception_modes"),
    _json("served_quartiers"),
    _text("finess"),
    _text("siret"),
    Column("closed", Boolean, nullable=False, default=False),
    _text("internal_note"),
    *_lifecycle(),
    UniqueConstraint("territoire_id", "uid"),
    Index("ix_structures_finess", "territoire_id", "finess"),
)

# Other identifiers under which files name a structure: the spreadsheet's own once FINESS had it first.
aliases = Table(
    "aliases",
    metadata,
    Column("territoire_id", ForeignKey("territoires.id", ondelete="CASCADE"), primary_key=True),
    Column("uid", String(300), primary_key=True),
    _structure("structure_id"),
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
    _territoire(),
    Column("code", String(60), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("generation", Integer),
    _json("communes"),
    _json("commune_names"),
    Column("population", Integer),
    _text("population_source"),
    _json("languages"),
    Column("wkb", LargeBinary, nullable=False),
    Column("data_date", Date),
    *_lifecycle(),
    UniqueConstraint("territoire_id", "code"),
)

relations = Table(
    "relations",
    metadata,
    Column("id", Integer, primary_key=True),
    _territoire(),
    _structure("from_id"),
    _structure("to_id"),
    Column("purpose", String(40), nullable=False),
    Column("direction", String(20), nullable=False),
    Column("intensity", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    _text("declared_by"),
    Column("confirmed", Boolean),
    _text("referent_from"),
    _text("referent_to"),
    Column("started_on", Date),
    Column("renewal_on", Date),
    Column("last_contact_on", Date),
    _text("evidence"),
    _text("note"),
    _origin(),
    *_lifecycle(),
)

permanences = Table(
    "permanences",
    metadata,
    Column("id", Integer, primary_key=True),
    _territoire(),
    _structure("structure_id"),
    Column("type_code", String(60), nullable=False),
    _structure("host_id", nullable=True),
    _text("place"),
    *_position(),
    _text("opening_hours"),
    _text("hours_text"),
    Column("free", Boolean),
    Column("no_appointment", Boolean),
    _json("languages"),
    Column("started_on", Date),
    Column("ended_on", Date),
    _text("note"),
    _origin(),
    *_lifecycle(),
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", Integer, primary_key=True),
    _territoire(),
    _structure("structure_id"),
    Column("name", Text, nullable=False),
    _text("role"),
    _text("phone"),
    _text("email"),
    _text("note"),
    _origin(),
    *_lifecycle(),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    _territoire(),
    _structure("structure_id"),
    Column("on", Date, nullable=False),
    Column("kind", String(20), nullable=False),
    _text("text"),
    _text("author"),
    _origin(),
    *_lifecycle(),
)

actions = Table(
    "actions",
    metadata,
    Column("id", Integer, primary_key=True),
    _territoire(),
    Column("uid", String(300), nullable=False),
    Column("title", Text, nullable=False),
    Column("form", String(40), nullable=False),
    _text("theme"),
    _json("publics"),
    _json("languages"),
    _json("quartiers"),
    _text("type_code"),
    _structure("host_id", nullable=True),
    _text("place"),
    *_position(),
    Column("starts_on", Date),
    _text("start_time"),
    _text("end_time"),
    _text("recurrence"),
    Column("ends_on", Date),
    _text("team"),
    Column("status", String(20), nullable=False),
    Column("counts", JSON, nullable=False, default=dict),
    _text("outcome"),
    _text("note"),
    *_lifecycle(),
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
    _territoire(),
    Column("quartier_id", ForeignKey("quartiers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("type_code", String(60), nullable=False),
    Column("on", Date, nullable=False),
    _text("author"),
    _text("note"),
    UniqueConstraint("quartier_id", "type_code"),
)

imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    _territoire(),
    Column("source", String(60), nullable=False),
    _text("filename"),
    Column("on", DateTime, nullable=False),
    Column("data_date", Date),
    Column("created", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("out_of_scope", Integer, nullable=False),
    _json("refused"),
    _json("claims"),
    _json("scope_communes"),
    Column("scope_radius_km", Float),
    _json("notes"),
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
