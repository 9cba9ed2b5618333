"""Comments, and who looked at what."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make this step."""
    op.create_table(
        "comment",
        sa.Column("id", sa.String(32), nullable=False),
        _of("comment", "workspace"),
        _of("comment", "document"),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("who", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("written", sa.String(32), nullable=False),
        sa.Column("resolved_by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
    )
    op.create_index("ix_comment_document", "comment", ["document"])
    op.create_table(
        "access",
        sa.Column("id", sa.String(32), nullable=False),
        _of("access", "workspace"),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access"),
    )
    op.create_index("ix_access_workspace", "access", ["workspace", "at"])


def _of(table: str, other: str) -> sa.Column[str]:
    key = sa.ForeignKey(f"{other}.id", name=f"fk_{table}_{other}_{other}", ondelete="CASCADE")
    return sa.Column(other, sa.String(32), key, nullable=False)
