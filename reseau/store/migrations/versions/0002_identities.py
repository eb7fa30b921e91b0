"""What a file calls things: other identifiers of a structure, keys under which rows came."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEYED = ("relations", "permanences", "contacts", "journal")


def upgrade() -> None:
    op.create_table(
        "aliases",
        sa.Column("territoire_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=300), nullable=False),
        sa.Column("structure_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id"],
            ["structures.id"],
            name=op.f("fk_aliases_structure_id_structures"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["territoire_id"],
            ["territoires.id"],
            name=op.f("fk_aliases_territoire_id_territoires"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("territoire_id", "uid", name=op.f("pk_aliases")),
    )
    with op.batch_alter_table("aliases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aliases_structure_id"), ["structure_id"], unique=False)
    for name in KEYED:
        # Not in batch mode: nothing is copied, so that a large database is migrated at once.
        op.add_column(name, sa.Column("origin", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    for name in KEYED:
        op.drop_column(name, "origin")
    op.drop_table("aliases")
