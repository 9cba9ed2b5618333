"""What a link shows to those who take no part: one canvas, and nothing else of its workspace."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from forwhom.languages.catalog import speaking
from forwhom.report.canvas.board import board_of
from forwhom.web.canvas.boards import Column, View, columns_of, elsewhere_of, labels, layout_of
from forwhom.web.server.rendering import page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import NotHere, Parts
from forwhom.workspace.canvases import Version

routes = APIRouter(prefix="/r/{token}")


@routes.get("")
def shared(request: Request, parts: Parts, token: str, view: View = "board") -> Response:
    """Show the board, or the same content as an outline."""
    found = _found(parts, token)
    with speaking(found.canvas.language):
        drawn = board_of(found.canvas)
        answer = page(
            request, "canvas/shared.html.jinja", found=found, board=drawn, view=view,
            base=f"/r/{token}",
            columns=_plain(columns_of(drawn)), elsewhere=_plain(elsewhere_of(drawn)),
            names={one.number: one.name for one in drawn.members}, may_edit=False,
            title=drawn.title, labels=labels(), segments=found.canvas.segments,
        )  # fmt: skip
    answer.headers["x-robots-tag"] = "noindex"
    answer.headers["referrer-policy"] = "no-referrer"
    return answer


@routes.get("/places.css")
def layout(parts: Parts, token: str) -> Response:
    """Return where the blocks of the framework stand."""
    return layout_of(_found(parts, token))


def _found(parts: Services, token: str) -> Version:
    key = parts.shares.shown(token)
    if key is None:
        raise NotHere
    return parts.canvases.head(key)


def _plain(columns: list[Column]) -> list[Column]:
    """Return blocks whose cards lead nowhere: the form of a part is not for everybody."""
    return [
        replace(one, cards=tuple(replace(card, at="", index=-1) for card in one.cards), drop="")
        for one in columns
    ]
