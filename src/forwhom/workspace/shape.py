"""The tables of the database; `migrations` brings an older one to this shape."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: Longest of our own random ids, and of a name that a person gives.
_ID, _NAME = 32, 200
#: A moment in UTC, as ISO 8601 writes it; sorted as text it is sorted in time.
_WHEN = 32


def _key() -> Column[str]:
    return Column("id", String(_ID), primary_key=True)


def _of(table: str, *, name: str = "", optional: bool = False, key: bool = False) -> Column[str]:
    return Column(
        name or table,
        String(_ID),
        ForeignKey(f"{table}.id", ondelete="CASCADE"),
        nullable=optional,
        primary_key=key,
    )


workspace = Table(
    "workspace", metadata, _key(),
    Column("name", String(_NAME), nullable=False),
    Column("created", String(_WHEN), nullable=False),
    #: The last number that an event got: numbers have no gaps, and nobody reads past one.
    Column("sequence", Integer, nullable=False),
)  # fmt: skip

person = Table(
    "person", metadata, _key(),
    Column("name", String(_NAME), nullable=False),
    Column("email", String(320), unique=True),
    Column("password", String(400)),
    Column("created", String(_WHEN), nullable=False),
    Column("left", Boolean, nullable=False),
)  # fmt: skip

membership = Table(
    "membership", metadata, _of("workspace", key=True), _of("person", key=True),
    Column("role", String(20), nullable=False),
)  # fmt: skip

session = Table(
    "session", metadata,
    #: Who reads the database cannot sign in with what stands here.
    Column("token", String(64), primary_key=True),
    _of("person"),
    Column("secret", String(64), nullable=False),
    Column("created", String(_WHEN), nullable=False),
    Column("expires", String(_WHEN), nullable=False),
)  # fmt: skip

invitation = Table(
    "invitation", metadata, _key(), _of("workspace"),
    Column("token", String(64), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("made_by", String(_NAME), nullable=False),
    Column("created", String(_WHEN), nullable=False),
    Column("expires", String(_WHEN), nullable=False),
    Column("revoked", Boolean, nullable=False),
)  # fmt: skip

document = Table(
    "document", metadata, _key(), _of("workspace"),
    Column("kind", String(20), nullable=False),
    Column("title", Text, nullable=False),
    #: What shows the notes of a canvas; other documents have none.
    Column("framework", Text, nullable=False, default=""),
    #: The event that made it what it is, and the text that follows from all events up to there.
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("created", String(_WHEN), nullable=False),
    Column("gone", Boolean, nullable=False),
    Index(None, "workspace"),
)  # fmt: skip

event = Table(
    "event", metadata, _of("workspace", key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    _of("document", optional=True),
    Column("kind", String(30), nullable=False),
    Column("at", String(_WHEN), nullable=False),
    #: Who did it; the name stays when the person is gone.
    Column("who", String(_ID), nullable=False),
    Column("name", String(_NAME), nullable=False),
    #: The version that was looked at.
    Column("seen", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "document", "sequence"),
)  # fmt: skip

snapshot = Table(
    "snapshot", metadata, _of("document", key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
)  # fmt: skip

file = Table(
    "file", metadata, _key(), _of("document"),
    #: What the document calls it, relative to itself.
    Column("name", String(_NAME), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("document", "name"),
)  # fmt: skip

comment = Table(
    "comment", metadata, _key(), _of("workspace"), _of("document"),
    #: Key path of what it speaks of, in the version that its writer saw; and what that was called.
    Column("at", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("about", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("who", String(_ID), nullable=False),
    Column("name", String(_NAME), nullable=False),
    Column("written", String(_WHEN), nullable=False),
    Column("resolved_by", String(_NAME), nullable=False),
    Index(None, "document"),
)  # fmt: skip

#: Who looked at what, and who took it out.
access = Table(
    "access", metadata, _key(), _of("workspace"),
    Column("at", String(_WHEN), nullable=False),
    Column("who", String(_ID), nullable=False),
    Column("name", String(_NAME), nullable=False),
    Column("what", String(40), nullable=False),
    Column("about", Text, nullable=False),
    Index(None, "workspace", "at"),
)  # fmt: skip

#: An exercise is a document; here is what its phones need at once.
exercise = Table(
    "exercise", metadata, _of("document", key=True), _of("document", name="canvas"),
    #: What people type to join. It hangs on the wall, so it is no secret of the database.
    Column("code", String(16), nullable=False, unique=True),
    #: Grows with every rating and every step, so that open pages know that there is more.
    Column("moved", Integer, nullable=False),
)  # fmt: skip

participant = Table(
    "participant", metadata, _key(), _of("document", name="exercise"),
    Column("token", String(64), nullable=False, unique=True),
    Column("number", Integer, nullable=False),
    #: Empty where the exercise is anonymous.
    Column("name", String(_NAME), nullable=False),
    Column("speaks", Text, nullable=False),
    Column("joined", String(_WHEN), nullable=False),
    UniqueConstraint("exercise", "number"),
)  # fmt: skip

rating = Table(
    "rating", metadata, _of("participant", key=True),
    #: Made by the phone: what it sends twice is kept once.
    Column("id", String(40), primary_key=True),
    _of("document", name="exercise"),
    #: The order in which they came; of one cell and round, the last one counts.
    Column("sequence", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("segment", String(_NAME), nullable=False),
    Column("item", String(_NAME), nullable=False),
    Column("measure", String(20), nullable=False),
    #: Empty for "don't know".
    Column("value", Integer),
    #: Whether its round was over when it came.
    Column("late", Boolean, nullable=False),
    Column("at", String(_WHEN), nullable=False),
    Index(None, "exercise", "round"),
)  # fmt: skip

job = Table(
    "job", metadata, _key(), _of("workspace"), _of("document"),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("options", Text, nullable=False),
    Column("fraction", Float, nullable=False),
    #: What is being done; then what went wrong, and what to do about it.
    Column("words", Text, nullable=False),
    Column("problem", Text, nullable=False),
    Column("advice", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("who", String(_ID), nullable=False),
    Column("name", String(_NAME), nullable=False),
    Column("created", String(_WHEN), nullable=False),
    #: Until when a server holds it; empty where none does.
    Column("lease", String(_WHEN), nullable=False),
    Column("result", String(_ID), nullable=False),
    Index(None, "document"),
    Index(None, "state"),
)  # fmt: skip

#: Links with which somebody who takes no part may look at one canvas.
share = Table(
    "share", metadata, _key(), _of("document"),
    Column("token", String(64), nullable=False, unique=True),
    Column("made_by", String(_NAME), nullable=False),
    Column("created", String(_WHEN), nullable=False),
    Column("expires", String(_WHEN), nullable=False),
    Column("revoked", Boolean, nullable=False),
    Index(None, "document"),
)  # fmt: skip

#: What programs show to use a workspace in somebody's name.
token = Table(
    "token", metadata, _key(), _of("workspace"), _of("person"),
    Column("digest", String(64), nullable=False, unique=True),
    Column("name", String(_NAME), nullable=False),
    #: What it may be used for, with spaces between.
    Column("scopes", String(100), nullable=False),
    Column("created", String(_WHEN), nullable=False),
    Column("expires", String(_WHEN), nullable=False),
    #: Empty until it is used.
    Column("used", String(_WHEN), nullable=False),
    Column("revoked", Boolean, nullable=False),
    Index(None, "workspace"),
)  # fmt: skip
