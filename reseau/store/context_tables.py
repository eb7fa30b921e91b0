"""What surrounds the partners: another map's places, statistical blocks, squares, communes."""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from reseau.store._schema import json_dict, json_list, lifecycle, metadata, of_territoire, position, text

reperes = Table(
    "reperes",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("uid", String(300), nullable=False),
    Column("name", Text, nullable=False),
    text("type_code"),
    *position(),
    text("address"),
    text("phone"),
    text("website"),
    text("opening_hours"),
    text("finess"),
    json_dict("tags"),
    *lifecycle(),
    UniqueConstraint("territoire_id", "uid"),
)

iris = Table(
    "iris",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("code", String(60), nullable=False),
    Column("name", Text, nullable=False),
    text("insee"),
    Column("wkb", LargeBinary, nullable=False),
    json_dict("indicators"),
    Column("year", Integer),
    *lifecycle(),
    UniqueConstraint("territoire_id", "code"),
)

squares = Table(
    "squares",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("code", String(60), nullable=False),
    Column("epsg", Integer, nullable=False),
    Column("x", Float, nullable=False),
    Column("y", Float, nullable=False),
    *position(),
    Column("people", Float),
    Column("households", Float),
    Column("poor_households", Float),
    json_dict("indicators"),
    Column("year", Integer),
    *lifecycle(),
    UniqueConstraint("territoire_id", "code"),
)

communes = Table(
    "communes",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("code", String(60), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    text("parent"),
    text("epci"),
    text("epci_name"),
    json_list("postcodes"),
    Column("population", Integer),
    Column("wkb", LargeBinary, nullable=False),
    *lifecycle(),
    # A delegated commune may keep the code of the commune it is part of.
    UniqueConstraint("territoire_id", "code", "kind"),
)
