"""What lets a team trust its data: what sources said, what imports did, who was merged with whom."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, ForeignKey, Integer, String, Table, Text

from reseau.store._schema import json_dict, metadata, of_structure, of_territoire, text

# What a source says of a field where something better is in force: a person's correction, a better source.
# `asks`: the source said something new under a person's correction, and the person has not answered yet.
statements = Table(
    "statements",
    metadata,
    Column("structure_id", ForeignKey("structures.id", ondelete="CASCADE"), primary_key=True),
    Column("field", String(60), primary_key=True),
    Column("source", String(60), primary_key=True),
    Column("value", JSON),
    Column("on", Date, nullable=False),
    Column("asks", Boolean, nullable=False, default=False),
)

# One row per row an import wrote: enough to undo it.
import_changes = Table(
    "import_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("import_id", ForeignKey("imports.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("row_id", Integer, nullable=False),
    Column("action", String(20), nullable=False),
    Column("before", JSON, nullable=False, default=dict),
    Column("after", JSON, nullable=False, default=dict),
)

merges = Table(
    "merges",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    of_structure("kept_id"),
    of_structure("gone_id"),
    Column("on", DateTime, nullable=False),
    text("author"),
    # What the merge changed, to put it back: see `reseau.services.duplicates`.
    json_dict("undo"),
    Column("undone_at", DateTime),
)

# Pairs a person looked at and said to be two different places.
pair_answers = Table(
    "pair_answers",
    metadata,
    Column("a_id", ForeignKey("structures.id", ondelete="CASCADE"), primary_key=True),
    Column("b_id", ForeignKey("structures.id", ondelete="CASCADE"), primary_key=True),
    Column("answer", String(20), nullable=False),
    Column("on", Date, nullable=False),
)

# Addresses a territory's tables are read from, on demand.
feeds = Table(
    "feeds",
    metadata,
    Column("id", Integer, primary_key=True),
    of_territoire(),
    Column("source", String(60), nullable=False),
    text("title"),
    Column("url", Text, nullable=False),
    Column("mapping", JSON),
    text("sheet"),
    Column("fetched_at", DateTime),
    text("etag"),
)
