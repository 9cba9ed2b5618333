"""Workspaces: what a token reaches, and what it may do there."""

from fastapi import APIRouter

from forwhom.web.api.access import Anybody
from forwhom.web.api.models import WorkspaceEntry, Workspaces
from forwhom.web.server.visits import Parts
from forwhom.workspace.tokens import SCOPES

routes = APIRouter(prefix="/workspaces", tags=["workspaces"])


@routes.get("")
def list_workspaces(who: Anybody, parts: Parts) -> Workspaces:
    """List the workspaces that the token reaches: a token is for one."""
    one = WorkspaceEntry(
        id=who.workspace, name=parts.people.workspace_name(who.workspace),
        role=who.role.name.lower(), scopes=[scope for scope in SCOPES if who.may(scope)],
    )  # fmt: skip
    return Workspaces(items=[one])
