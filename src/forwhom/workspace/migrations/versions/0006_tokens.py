"""Tokens with which programs use a workspace."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make this step."""
    op.create_table(
        "token",
        sa.Column("id", sa.String(32), nullable=False),
        _of("workspace"),
        _of("person"),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("scopes", sa.String(100), nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("expires", sa.String(32), nullable=False),
        sa.Column("used", sa.String(32), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        _key("workspace"),
        _key("person"),
        sa.PrimaryKeyConstraint("id", name="pk_token"),
        sa.UniqueConstraint("digest", name="uq_token_digest"),
    )
    op.create_index("ix_token_workspace", "token", ["workspace"])


def _of(table: str) -> sa.Column[str]:
    return sa.Column(table, sa.String(32), nullable=False)


def _key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [table], [f"{table}.id"], name=f"fk_token_{table}_{table}", ondelete="CASCADE"
    )
