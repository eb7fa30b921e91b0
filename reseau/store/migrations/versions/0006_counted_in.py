"""Where the opinion of a resident was counted, once accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("participations", sa.Column("counted_in", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("participations", "counted_in")
