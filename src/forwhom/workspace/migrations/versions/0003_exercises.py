"""Exercises, who takes part, and their ratings."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make this step."""
    _exercise()
    _participant()
    _rating()


def _exercise() -> None:
    op.create_table(
        "exercise",
        sa.Column("document", sa.String(length=32), nullable=False),
        sa.Column("canvas", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [name],
                ["document.id"],
                name=op.f(f"fk_exercise_{name}_document"),
                ondelete="CASCADE",
            )
            for name in ("document", "canvas")
        ),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_exercise")),
        sa.UniqueConstraint("code", name=op.f("uq_exercise_code")),
    )


def _participant() -> None:
    op.create_table(
        "participant",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("exercise", sa.String(length=32), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("speaks", sa.Text(), nullable=False),
        sa.Column("joined", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["exercise"],
            ["document.id"],
            name=op.f("fk_participant_exercise_document"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("token", name=op.f("uq_participant_token")),
        sa.UniqueConstraint("exercise", "number", name=op.f("uq_participant_exercise")),
    )


def _rating() -> None:
    op.create_table(
        "rating",
        sa.Column("participant", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("exercise", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("segment", sa.String(length=200), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{table}.id"],
                name=op.f(f"fk_rating_{name}_{table}"),
                ondelete="CASCADE",
            )
            for name, table in (("participant", "participant"), ("exercise", "document"))
        ),
        sa.PrimaryKeyConstraint("participant", "id", name=op.f("pk_rating")),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_exercise"), ["exercise", "round"], unique=False)
