"""Lists of documents, a part at a time."""

from typing import Annotated

from fastapi import Query

from forwhom.web.api.models import Entries, Entry
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Member
from forwhom.workspace.documents import Listed

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="How many are left out before.")]


def entries(parts: Services, who: Member, kind: str, limit: int, offset: int) -> Entries:
    """Return some of the documents of a kind in a workspace."""
    found = [one for one in parts.documents.listed(who.workspace) if one.kind == kind]
    return Entries(items=[_entry(one) for one in found[offset : offset + limit]], total=len(found))


def entry(parts: Services, key: str) -> Entry:
    """Return one document as it stands in a list."""
    return _entry(parts.documents.one(key))


def _entry(one: Listed) -> Entry:
    return Entry(
        id=one.id, title=one.title, version=one.version, created=one.created, changed=one.changed,
        framework=one.framework or None,
    )  # fmt: skip
