"""Waiting-room screens, their messages, what is said of a place there, and what residents left by touch."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from reseau.store._schema import json_dict, metadata, of_territoire, text

# `key` is in the address of the screen; `settings` is a `Screen` as plain JSON values, its name apart.
screens = Table(
    "screens",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("key", String(40), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    json_dict("settings"),
    Column("logo", LargeBinary),
    Column("version", Integer, nullable=False, default=1, server_default="1"),
    Column("created_at", DateTime, nullable=False),
    Column("updated_at", DateTime, nullable=False),
    UniqueConstraint("territoire_id", "name"),
)

# `starts_at` and `ends_at` are local times of the territory.
screen_messages = Table(
    "screen_messages",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("screen_id", ForeignKey("screens.id", ondelete="CASCADE"), index=True),
    Column("emergency", Boolean, nullable=False, default=False),
    json_dict("texts"),
    Column("starts_at", DateTime),
    Column("ends_at", DateTime),
    Column("version", Integer, nullable=False, default=1, server_default="1"),
    Column("updated_at", DateTime, nullable=False),
)

screen_places = Table(
    "screen_places",
    metadata,
    Column("structure_id", ForeignKey("structures.id", ondelete="CASCADE"), primary_key=True),
    Column("hidden", Boolean, nullable=False, default=False),
    Column("needs", JSON),
    Column("show_mobile", Boolean, nullable=False, default=False),
    json_dict("texts"),
    Column("version", Integer, nullable=False, default=1, server_default="1"),
    Column("updated_at", DateTime, nullable=False),
)

# A day, not an hour; a theme, not a word: nothing here can tell who touched the screen.
# `counted_in`: code of the quartier whose expressed needs count it, empty while none does.
participations = Table(
    "participations",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("screen_id", ForeignKey("screens.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("key", String(40), nullable=False, unique=True),
    Column("on", Date, nullable=False),
    Column("need", String(40), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("lon", Float),
    Column("lat", Float),
    text("status"),
    Column("decided_on", Date),
    text("counted_in"),
)
