"""What sources said and imports did, merges, other maps, figures and communes around the partners."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NEW_TABLES = (
    "statements", "pair_answers", "merges", "import_changes", "squares", "reperes", "iris", "feeds",
    "communes",
)  # fmt: skip
NEW_COLUMNS = {
    "imports": ("fingerprint", "data_version", "closed", "skipped", "undone_at"),
    "quartiers": ("indicators",),
    "structures": ("uai", "reviewed_on", "review_days", "merged_into"),
    "territoires": ("qpv_codes",),
    "type_settings": ("review_days",),
}


def upgrade() -> None:
    op.create_table(
        "communes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territoire_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("parent", sa.Text(), server_default="", nullable=False),
        sa.Column("epci", sa.Text(), server_default="", nullable=False),
        sa.Column("epci_name", sa.Text(), server_default="", nullable=False),
        sa.Column("postcodes", sa.JSON(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("wkb", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.Text(), server_default="saisie", nullable=False),
        sa.Column("overrides", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["territoire_id"],
            ["territoires.id"],
            name=op.f("fk_communes_territoire_id_territoires"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communes")),
        sa.UniqueConstraint(
            "territoire_id", "code", "kind", name=op.f("uq_communes_territoire_id_code_kind")
        ),
    )
    op.create_index(op.f("ix_communes_territoire_id"), "communes", ["territoire_id"], unique=False)

    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territoire_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=True),
        sa.Column("sheet", sa.Text(), server_default="", nullable=False),
        sa.Column("fetched_at", sa.DateTime(), nullable=True),
        sa.Column("etag", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["territoire_id"],
            ["territoires.id"],
            name=op.f("fk_feeds_territoire_id_territoires"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
    )
    op.create_index(op.f("ix_feeds_territoire_id"), "feeds", ["territoire_id"], unique=False)

    op.create_table(
        "iris",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territoire_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("insee", sa.Text(), server_default="", nullable=False),
        sa.Column("wkb", sa.LargeBinary(), nullable=False),
        sa.Column("indicators", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), server_default="saisie", nullable=False),
        sa.Column("overrides", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["territoire_id"],
            ["territoires.id"],
            name=op.f("fk_iris_territoire_id_territoires"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_iris")),
        sa.UniqueConstraint("territoire_id", "code", name=op.f("uq_iris_territoire_id_code")),
    )
    op.create_index(op.f("ix_iris_territoire_id"), "iris", ["territoire_id"], unique=False)

    op.create_table(
        "reperes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territoire_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=300), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type_code", sa.Text(), server_default="", nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("website", sa.Text(), server_default="", nullable=False),
        sa.Column("opening_hours", sa.Text(), server_default="", nullable=False),
        sa.Column("finess", sa.Text(), server_default="", nullable=False),
        sa.Column("tags", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("source", sa.Text(), server_default="saisie", nullable=False),
        sa.Column("overrides", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["territoire_id"],
            ["territoires.id"],
            name=op.f("fk_reperes_territoire_id_territoires"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reperes")),
        sa.UniqueConstraint("territoire_id", "uid", name=op.f("uq_reperes_territoire_id_uid")),
    )
    op.create_index(op.f("ix_reperes_territoire_id"), "reperes", ["territoire_id"], unique=False)

    op.create_table(
        "squares",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territoire_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("epsg", sa.Integer(), nullable=False),
        sa.Column("x", sa.Float(), nullable=False),
        sa.Column("y", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("people", sa.Float(), nullable=True),
        sa.Column("households", sa.Float(), nullable=True),
        sa.Column("poor_households", sa.Float(), nullable=True),
        sa.Column("indicators", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), server_default="saisie", nullable=False),
        sa.Column("overrides", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["territoire_id"],
            ["territoires.id"],
            name=op.f("fk_squares_territoire_id_territoires"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_squares")),
        sa.UniqueConstraint("territoire_id", "code", name=op.f("uq_squares_territoire_id_code")),
    )
    op.create_index(op.f("ix_squares_territoire_id"), "squares", ["territoire_id"], unique=False)

    op.create_table(
        "import_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["imports.id"],
            name=op.f("fk_import_changes_import_id_imports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_changes")),
    )
    op.create_index(op.f("ix_import_changes_import_id"), "import_changes", ["import_id"], unique=False)

    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territoire_id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.DateTime(), nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("undo", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["gone_id"], ["structures.id"], name=op.f("fk_merges_gone_id_structures"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["structures.id"], name=op.f("fk_merges_kept_id_structures"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["territoire_id"],
            ["territoires.id"],
            name=op.f("fk_merges_territoire_id_territoires"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index(op.f("ix_merges_gone_id"), "merges", ["gone_id"], unique=False)
    op.create_index(op.f("ix_merges_kept_id"), "merges", ["kept_id"], unique=False)
    op.create_index(op.f("ix_merges_territoire_id"), "merges", ["territoire_id"], unique=False)

    op.create_table(
        "pair_answers",
        sa.Column("a_id", sa.Integer(), nullable=False),
        sa.Column("b_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["a_id"], ["structures.id"], name=op.f("fk_pair_answers_a_id_structures"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["b_id"], ["structures.id"], name=op.f("fk_pair_answers_b_id_structures"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("a_id", "b_id", name=op.f("pk_pair_answers")),
    )
    op.create_table(
        "statements",
        sa.Column("structure_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id"],
            ["structures.id"],
            name=op.f("fk_statements_structure_id_structures"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("structure_id", "field", "source", name=op.f("pk_statements")),
    )
    op.add_column("imports", sa.Column("fingerprint", sa.Text(), server_default="", nullable=False))
    op.add_column("imports", sa.Column("data_version", sa.Integer(), nullable=True))
    op.add_column("imports", sa.Column("closed", sa.Integer(), server_default="0", nullable=False))
    op.add_column("imports", sa.Column("skipped", sa.Integer(), server_default="0", nullable=False))
    op.add_column("imports", sa.Column("undone_at", sa.DateTime(), nullable=True))

    op.add_column("quartiers", sa.Column("indicators", sa.JSON(), server_default="{}", nullable=False))

    op.add_column("structures", sa.Column("uai", sa.Text(), server_default="", nullable=False))
    op.add_column("structures", sa.Column("reviewed_on", sa.Date(), nullable=True))
    op.add_column("structures", sa.Column("review_days", sa.Integer(), nullable=True))
    op.add_column("structures", sa.Column("merged_into", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_structures_merged_into"), "structures", ["merged_into"], unique=False)

    op.add_column("territoires", sa.Column("qpv_codes", sa.JSON(), server_default="[]", nullable=False))

    op.add_column("type_settings", sa.Column("review_days", sa.Integer(), nullable=True))


def downgrade() -> None:
    for name in NEW_TABLES:
        op.drop_table(name)
    op.drop_index(op.f("ix_structures_merged_into"), "structures")
    for table, names in NEW_COLUMNS.items():
        for name in names:
            op.drop_column(table, name)
