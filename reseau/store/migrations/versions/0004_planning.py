"""Expected types by size with versions, needs, walking networks, scenarios, snapshots, capacities."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEW_TABLES = ("expectation_versions", "needs", "networks", "scenarios", "snapshots")
NEW_COLUMNS = {
    "structures": ("capacity", "capacity_unit"),
    "territoires": ("use_network", "social_indicator", "weight_to_link", "weight_needs"),
    "type_settings": ("weight", "from_inhabitants"),
}


def upgrade() -> None:
    op.create_table(
        "expectation_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territoire_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("on", sa.DateTime(), nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["territoire_id"],
            ["territoires.id"],
            name=op.f("fk_expectation_versions_territoire_id_territoires"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expectation_versions")),
        sa.UniqueConstraint(
            "territoire_id", "number", name=op.f("uq_expectation_versions_territoire_id_number")
        ),
    )
    op.create_index(
        op.f("ix_expectation_versions_territoire_id"), "expectation_versions", ["territoire_id"], unique=False
    )
    op.create_table(
        "networks",
        sa.Column("territoire_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("data_date", sa.Date(), nullable=True),
        sa.Column("loaded_at", sa.DateTime(), nullable=False),
        sa.Column("nodes", sa.Integer(), nullable=False),
        sa.Column("edges", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["territoire_id"],
            ["territoires.id"],
            name=op.f("fk_networks_territoire_id_territoires"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("territoire_id", name=op.f("pk_networks")),
    )
    op.create_table(
        "scenarios",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territoire_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["territoire_id"],
            ["territoires.id"],
            name=op.f("fk_scenarios_territoire_id_territoires"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenarios")),
    )
    op.create_index(op.f("ix_scenarios_territoire_id"), "scenarios", ["territoire_id"], unique=False)
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territoire_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("content", sa.JSON(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(
            ["territoire_id"],
            ["territoires.id"],
            name=op.f("fk_snapshots_territoire_id_territoires"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
    )
    op.create_index(op.f("ix_snapshots_territoire_id"), "snapshots", ["territoire_id"], unique=False)
    op.create_table(
        "needs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territoire_id", sa.Integer(), nullable=False),
        sa.Column("quartier_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("collected", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="saisie", nullable=False),
        sa.Column("overrides", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["quartier_id"], ["quartiers.id"], name=op.f("fk_needs_quartier_id_quartiers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["territoire_id"],
            ["territoires.id"],
            name=op.f("fk_needs_territoire_id_territoires"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
    )
    op.create_index(op.f("ix_needs_quartier_id"), "needs", ["quartier_id"], unique=False)
    op.create_index(op.f("ix_needs_territoire_id"), "needs", ["territoire_id"], unique=False)
    op.add_column("structures", sa.Column("capacity", sa.Float(), nullable=True))
    op.add_column("structures", sa.Column("capacity_unit", sa.Text(), server_default="", nullable=False))
    op.add_column("territoires", sa.Column("use_network", sa.Boolean(), server_default="1", nullable=False))
    op.add_column(
        "territoires", sa.Column("social_indicator", sa.Text(), server_default="tp60", nullable=False)
    )
    op.add_column(
        "territoires", sa.Column("weight_to_link", sa.Float(), server_default="0.2", nullable=False)
    )
    op.add_column("territoires", sa.Column("weight_needs", sa.Float(), server_default="1.0", nullable=False))
    op.add_column("type_settings", sa.Column("weight", sa.Float(), nullable=True))
    op.add_column("type_settings", sa.Column("from_inhabitants", sa.Integer(), nullable=True))


def downgrade() -> None:
    for name in NEW_TABLES:
        op.drop_table(name)
    for table, names in NEW_COLUMNS.items():
        for name in names:
            op.drop_column(table, name)
