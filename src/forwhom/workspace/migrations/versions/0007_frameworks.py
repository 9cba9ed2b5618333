"""The framework of a canvas beside its title, so that a list needs no text of a canvas."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_DOCUMENT = sa.table("document", *map(sa.column, ("id", "kind", "text", "framework")))
#: As canvases say it; one that says it in another way is listed without, until it is changed.
_SAID = re.compile(r"^framework:[ \t]*[\"']?([\w./-]+)", re.MULTILINE)


def upgrade() -> None:
    """Make this step."""
    op.add_column("document", sa.Column("framework", sa.Text(), nullable=False, server_default=""))
    connection, table = op.get_bind(), _DOCUMENT.c
    wanted = sa.select(table.id, table.text).where(table.kind == "canvas")
    for key, text in connection.execute(wanted).all():
        found = _SAID.search(text)
        name = found[1] if found else "" if "framework" in text else "business-model-canvas"
        connection.execute(sa.update(_DOCUMENT).where(table.id == key).values(framework=name))
