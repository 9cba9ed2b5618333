"""Taking part in an exercise: join by a code on a phone, without an account, and rate."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from forwhom.errors import OptionError
from forwhom.languages.catalog import speaking, tr
from forwhom.languages.retelling import told
from forwhom.web.exercise.questions import questions_of, rows_of
from forwhom.web.forms.items import form_of
from forwhom.web.server.rendering import language_of, page
from forwhom.web.server.safety import Stale, masked, unmasked
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Parts
from forwhom.workspace.database import new_id
from forwhom.workspace.exercise import Cell, Given, Participant
from forwhom.workspace.exercises import Opened, steps_of
from forwhom.workspace.outcomes import FEWEST

routes = APIRouter(prefix="/x")

#: How long a phone is known, in seconds; most ratings that it sends at once.
_AGE, _BATCH = 90 * 24 * 3600, 300


@dataclass(frozen=True)
class Present:
    """Somebody at an exercise; ``who`` is None before they joined."""

    found: Opened
    who: Participant | None
    token: str


class Sent(BaseModel):
    """What a phone sends."""

    model_config = ConfigDict(extra="forbid")

    ratings: list[Given] = Field(min_length=1, max_length=_BATCH)


class NoSuchCode(Exception):
    """Nobody gave out this code."""


def present(code: str, request: Request, parts: Parts) -> Present:
    """Return who is at the exercise of a code."""
    found = parts.exercises.by_code(code)
    if found is None:
        parts.limits.check("code", "wrong")
        raise NoSuchCode
    token = request.cookies.get(_cookie_name(found), "")
    who = parts.exercises.participant(found.id, token) if token else None
    return Present(found, who, token)


Here = Annotated[Present, Depends(present)]


def rater(here: Here, request: Request, sent: str = "") -> Participant:
    """Return who rates, from a page that their own phone was shown."""
    if here.who is None:
        raise Stale
    said = request.headers.get("x-secret") or sent
    if not secrets.compare_digest(unmasked(said), _secret(here.token)):
        raise Stale
    return here.who


@routes.get("")
def ask(request: Request, code: str = "") -> Response:
    """Ask for a code, or go to the exercise of one."""
    if code.strip():
        safe = "".join(sign for sign in code if sign.isalnum() and sign.isascii())[:16]
        return RedirectResponse(f"/x/{safe or '-'}", 303)
    with speaking(language_of(request)):
        return page(request, "exercise/code.html.jinja", problem="", code="")


def no_such_code(request: Request, _: Exception) -> Response:
    """Ask for a code again."""
    with speaking(language_of(request)):
        problem = tr("There is no exercise with this code. Look at it again, or ask who gave it.")
        code = request.path_params.get("code", "")
        return page(request, "exercise/code.html.jinja", 404, problem=problem, code=code)


@routes.get("/{code}")
def show(request: Request, parts: Parts, here: Here) -> Response:
    """Show where the exercise stands for this person."""
    with speaking(here.found.setup.language):
        return _shown(request, parts, here)


@routes.post("/{code}/join")
def join(
    request: Request, parts: Parts, here: Here, form: Annotated[FormData, Depends(form_of)]
) -> Response:
    """Let somebody take part, and let their phone keep a token."""
    found = here.found
    parts.limits.check("code", found.code)
    wanted = {
        name.removeprefix("speaks:"): str(value)
        for name, value in form.items()
        if name.startswith("speaks:")
    }
    name = str(form.get("name", ""))
    if here.who is None:
        try:
            token, _ = parts.exercises.join(found, wanted, name)
        except OptionError as error:
            with speaking(found.setup.language):
                problem = " ".join(told(t) for t in (error.problem, error.advice) if t)
                return _shown(
                    request, parts, here, 422, problem=problem, typed={**wanted, "": name}
                )
    answer = RedirectResponse(f"/x/{found.code}", 303)
    if here.who is None:
        answer.set_cookie(
            _cookie_name(found), token, max_age=_AGE, path="/x", httponly=True, samesite="lax",
            secure=parts.settings.https,
        )  # fmt: skip
    return answer


@routes.post("/{code}/ratings")
def ratings(request: Request, parts: Parts, code: str, sent: Sent) -> Response:
    """Keep ratings that a phone sends, and say of each what became of it."""
    # All in one go: a dependency would wait for a thread of its own.
    here = present(code, request, parts)
    who = rater(here, request)
    parts.limits.check("rate", who.id)
    done = parts.exercises.rate(here.found, who, sent.ratings)
    with speaking(here.found.setup.language):
        refused = [{"id": key, "why": tr(why)} for key, why in done.refused]
    return JSONResponse({"kept": done.kept, "refused": refused})


@routes.post("/{code}/rate")
def rate(
    request: Request, parts: Parts, here: Here, form: Annotated[FormData, Depends(form_of)]
) -> Response:
    """Keep ratings of a form, from a phone without scripts; or those of the round before."""
    who = rater(here, request, str(form.get("secret", "")))
    parts.limits.check("rate", who.id)
    turn = here.found.state.round
    if form.get("keep"):
        said = parts.exercises.own(who, turn)
        values = {
            cell: value
            for cell, value in parts.exercises.own(who, turn - 1).items()
            if cell not in said
        }
    else:
        values = dict(_typed(form))
    given = [Given(id=new_id(), round=turn, value=v, **c._asdict()) for c, v in values.items()]
    done = parts.exercises.rate(here.found, who, given[:_BATCH])
    if done.refused:
        raise OptionError(done.refused[0][1])
    return RedirectResponse(f"/x/{here.found.code}", 303)


@routes.get("/{code}/live")
async def live(parts: Parts, here: Here, after: int = 0) -> StreamingResponse:
    """Tell a phone whenever the exercise is taken a step on."""
    key = here.found.id
    return StreamingResponse(
        parts.hub.follow(f"exercise {key}", "", after, partial(steps_of, key=key)),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


def _typed(form: FormData) -> list[tuple[Cell, int | None]]:
    made = []
    for name, value in form.items():
        parts = name.split("|")
        if len(parts) != len(Cell._fields):
            continue
        text = str(value)
        if text and not text.lstrip("-").isdecimal():
            raise OptionError(tr("A rating is a whole number on the scale that is shown."))
        made.append((Cell(*parts), int(text) if text else None))
    return made


def _shown(
    request: Request, parts: Services, here: Present, status: int = 200, **more: object
) -> Response:
    found, who, state = here.found, here.who, here.found.state
    asked, rows, outcome = [], [], None
    if who is not None and found.takes_ratings and state.stage == "rating":
        own = parts.exercises.own
        asked = questions_of(found, who, own(who, state.round), own(who, state.round - 1))
    if who is not None and state.round and state.stage in ("revealed", "closed"):
        outcome = parts.outcomes.of(found)
        rows = rows_of(found, outcome)
    values: dict[str, object] = {
        "found": found, "who": who, "questions": asked, "rows": rows, "outcome": outcome,
        "phone_secret": masked(_secret(here.token)) if who is not None else "",
        "problem": "", "typed": {}, "few": _few(parts, here), **more,
    }  # fmt: skip
    return page(request, "exercise/phone.html.jinja", status, **values)


def _few(parts: Services, here: Present) -> int:
    """Return how many take part, with who looks, where results of so few are withheld; else 0."""
    if not here.found.setup.anonymous or here.found.state.stage not in ("gathering", "rating"):
        return 0
    here_too = here.who is None
    number = len(parts.exercises.participants(here.found.id)) + here_too
    return number if number < FEWEST else 0


def _secret(token: str) -> str:
    """Return what the pages of a phone send back, which no page of others knows."""
    return hashlib.sha256(f"page {token}".encode()).hexdigest()


def _cookie_name(found: Opened) -> str:
    return f"x-{found.id}"
