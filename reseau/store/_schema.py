"""What every table is made of."""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, Float, ForeignKey, Integer, MetaData, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def text(name: str) -> Column[str]:
    """Text, empty when unknown."""
    return Column(name, Text, nullable=False, default="", server_default="")


def json_list(name: str) -> Column[object]:
    """A list of codes."""
    return Column(name, JSON, nullable=False, default=list)


def json_dict(name: str) -> Column[object]:
    """Values by name."""
    return Column(name, JSON, nullable=False, default=dict, server_default="{}")


def of_territoire() -> Column[int]:
    """The territory a row belongs to."""
    return Column(
        "territoire_id", ForeignKey("territoires.id", ondelete="CASCADE"), nullable=False, index=True
    )


def of_structure(name: str, *, nullable: bool = False) -> Column[int]:
    """The structure a row hangs on."""
    return Column(name, ForeignKey("structures.id", ondelete="CASCADE"), nullable=nullable, index=True)


def lifecycle() -> tuple[Column[object], ...]:
    """`overrides`: fields a person corrected, which an import leaves alone. Deletion is a date."""
    return (
        Column("source", Text, nullable=False, default="saisie", server_default="saisie"),
        json_list("overrides"),
        Column("version", Integer, nullable=False, default=1, server_default="1"),
        Column("updated_at", DateTime, nullable=False),
        Column("deleted_at", DateTime),
    )


def origin() -> Column[str]:
    """Fingerprint of the key under which a file named the row, whatever a person corrected since."""
    return text("origin")


def position() -> tuple[Column[object], ...]:
    """WGS84 degrees, None when unknown."""
    return (Column("lon", Float), Column("lat", Float))
