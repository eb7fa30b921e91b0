"""What a team plans with: what it expects, what residents ask for, walking networks, scenarios, snapshots."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from reseau.store._schema import json_dict, json_list, lifecycle, metadata, of_territoire, origin, text

# Every set of expected types a team worked with, whole: `content` is a list of `TypeSetting` as dicts.
expectation_versions = Table(
    "expectation_versions",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("number", Integer, nullable=False),
    Column("on", DateTime, nullable=False),
    text("author"),
    text("note"),
    Column("content", JSON, nullable=False, default=list),
    UniqueConstraint("territoire_id", "number"),
)

needs = Table(
    "needs",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("quartier_id", ForeignKey("quartiers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("theme", String(40), nullable=False),
    Column("count", Integer, nullable=False),
    Column("on", Date),
    text("collected"),
    text("note"),
    origin(),
    *lifecycle(),
)

# The walking network kept with a territory; `content` is read by `reseau.store.networks` alone.
networks = Table(
    "networks",
    metadata,
    Column("territoire_id", ForeignKey("territoires.id", ondelete="CASCADE"), primary_key=True),
    Column("title", Text, nullable=False),
    Column("data_date", Date),
    Column("loaded_at", DateTime, nullable=False),
    Column("nodes", Integer, nullable=False),
    Column("edges", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

scenarios = Table(
    "scenarios",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("name", Text, nullable=False),
    text("note"),
    json_list("changes"),
    Column("version", Integer, nullable=False, default=1, server_default="1"),
    Column("created_at", DateTime, nullable=False),
    Column("updated_at", DateTime, nullable=False),
)

# Figures as they were on a day, to compare two dates.
snapshots = Table(
    "snapshots",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("on", Date, nullable=False),
    text("label"),
    Column("automatic", Boolean, nullable=False, default=False),
    json_dict("content"),
)
