"""Tables of people: brought, looked at, changed in what each column is for, and discovered in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, get_args

from fastapi import APIRouter, File, Form, UploadFile
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forwhom.documents.base import Measure
from forwhom.documents.yamlfile import Location
from forwhom.errors import OptionError
from forwhom.languages.catalog import later, speaking, tr
from forwhom.suffixes import TABLES
from forwhom.web.data.segmentations import onward, segmentation_in
from forwhom.web.data.uses import (
    EVENTS,
    MEASURES,
    TYPES,
    USES,
    Column,
    change_uses,
    columns_of,
    events_of,
    looked_at,
)
from forwhom.web.forms.items import Typed, both_texts, kept, over, plain
from forwhom.web.server.rendering import is_part, language_of, page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Editor, Member, NotAllowed, NotHere, Parts
from forwhom.workspace.conflict import Conflict, NotNow
from forwhom.workspace.datasets import DATA, KINDS, Dataset, readable
from forwhom.workspace.jobs import Job
from forwhom.workspace.people import Role
from forwhom.workspace.segmentations import SEGMENTATION

routes = APIRouter(prefix="/w/{workspace}")

ROLES = {
    "customers": later("One row for each customer."),
    "table": later("More about the same customers."),
    "events": later("Many rows for a customer: they become how recently, how often, how much."),
    "lookup": later("Joined to the events."),
}
KINDS_OF_JOBS = {
    "look": later("Looking at the tables"),
    "discover": later("Finding segments"),
}
STATES = {
    "queued": later("Waits for its turn."),
    "running": later("Is being worked on."),
    "done": later("Done."),
    "failed": later("Could not be done."),
    "cancelled": later("Cancelled."),
}
#: The most segments that are tried.
MOST_SEGMENTS = 20


@routes.get("/data")
def listed(request: Request, who: Editor, parts: Parts) -> Response:
    """Show the tables of a workspace, and how to bring more."""
    found = [one for one in parts.documents.listed(who.workspace) if one.kind == DATA]
    with speaking(language_of(request)):
        return page(
            request, "data/data.html.jinja", who=who, found=found, title=tr("Data"),
            settings=parts.settings, kinds=", ".join(f".{end}" for end in KINDS),
            named=list(TABLES), most=parts.settings.most_bytes // 1_000_000,
        )  # fmt: skip


@routes.post("/data")
def bring(
    request: Request, who: Editor, parts: Parts,
    files: Annotated[list[UploadFile] | None, File()] = None,
    path: Annotated[str, Form(max_length=2000)] = "",
) -> Response:  # fmt: skip
    """Take tables in, or name one that the server may read; then look at them."""
    chosen: list[tuple[str, Any]] = [
        (one.filename, one.file) for one in files or () if one.filename
    ]
    if path.strip():
        found = readable(path.strip(), parts.settings.readable)
        chosen.append((found.name, found))
    key = take_tables(parts, who, chosen)
    return onward(request, f"/w/{who.workspace}/data/{key}")


@routes.get("/data/{data}")
def show(request: Request, who: Editor, parts: Parts, data: str) -> Response:
    """Show what is in tables, what each column will be used for and why, and what was found."""
    found = data_in(parts, who, data)
    look, study = parts.datasets.look(data), found.study
    with speaking(language_of(request)):
        return page(
            request, "data/dataset.html.jinja", who=who, found=found, title=found.title, look=look,
            study=study, jobs=parts.jobs.of(data), tables=list(columns_of(look, study)),
            events=list(events_of(look, study)), words=_words(), ends=ends_on(parts, found),
            place=str(parts.datasets.rows(data)) if parts.settings.is_local else "",
            is_here=bool(parts.datasets.names(data)),
            named=[str(one) for one in parts.datasets.places(data)],
            may_own=who.may(Role.OWNER), most_segments=MOST_SEGMENTS,
            earlier=[
                one for one in parts.documents.listed(who.workspace) if one.kind == SEGMENTATION
            ],
        )  # fmt: skip


@routes.get("/data/{data}/study.yaml")
def study_file(who: Editor, parts: Parts, data: str) -> Response:
    """Return the study as the file that the command line reads."""
    found = data_in(parts, who, data)
    headers = {"content-disposition": 'attachment; filename="study.yaml"'}
    return Response(found.text, media_type="application/yaml", headers=headers)


@routes.post("/data/{data}/uses")
def change(
    request: Request, who: Editor, parts: Parts, data: str, form: Typed,
    version: Annotated[int, Form()],
) -> Response:  # fmt: skip
    """Change what columns are for."""
    data_in(parts, who, data)
    try:
        done = _change(request, parts, who, parts.datasets.at(data, version), form)
    except Conflict as conflict:
        return _both(request, conflict)
    if is_part(request):
        return kept(done.number)
    return onward(request, f"/w/{who.workspace}/data/{data}")


@routes.post("/data/{data}/discover")
def discover(
    request: Request, who: Editor, parts: Parts, data: str, form: Typed,
    version: Annotated[int, Form()] = 0, title: Annotated[str, Form(max_length=200)] = "",
    k_max: Annotated[int, Form()] = 8, members: Annotated[str, Form(max_length=10)] = "",
    like: Annotated[str, Form(max_length=40)] = "",
) -> Response:  # fmt: skip
    """Ask for segments, with what was chosen for columns; a process of its own looks for them."""
    found = data_in(parts, who, data)
    if members and not who.may(Role.OWNER):
        raise NotAllowed
    check_search(parts, who, found, k_max, like)
    if version:
        try:
            _change(request, parts, who, parts.datasets.at(data, version), form)
        except Conflict as conflict:
            return _both(request, conflict)
    ask_for_segments(parts, who, found, k_max=k_max, like=like, title=title, members=bool(members))
    return onward(request, f"/w/{who.workspace}/data/{data}")


@routes.post("/data/{data}/delete")
def delete(request: Request, who: Editor, parts: Parts, data: str) -> Response:
    """Delete the rows now, and what was seen in them."""
    data_in(parts, who, data)
    delete_tables(parts, who, data)
    return onward(request, f"/w/{who.workspace}/data")


@routes.get("/job/{job}")
def progress(request: Request, who: Editor, parts: Parts, job: str) -> Response:
    """Show how far a job is; once it is over, go where its result is."""
    found = job_in(parts, who, job)
    if not is_part(request):
        return RedirectResponse(_after(found), 303)
    with speaking(language_of(request)):
        made = page(
            request,
            "data/job.part.jinja",
            who=who,
            job=found,
            words=_words(),
            after=_after(found),
        )
    if found.is_over:  # it asks no more
        made.headers["HX-Reswap"] = "outerHTML"
    return made


@routes.post("/job/{job}/cancel")
def cancel(request: Request, who: Editor, parts: Parts, job: str) -> Response:
    """Give a job up."""
    found = job_in(parts, who, job)
    parts.jobs.cancel(job, who.who)
    return onward(request, f"/w/{who.workspace}/data/{found.document}")


def _both(request: Request, conflict: Conflict) -> Response:
    """Show what two people want of the same columns, in the words of the page."""
    with speaking(language_of(request)):
        return both_texts(request, conflict, _called, _worded)


def _worded(at: Location | None, value: Any) -> str:
    """Return a value of a study in the words of the page."""
    known = {"use": USES, "measure": MEASURES}.get(str(at[-1]) if at else "", {})
    return tr(known[value]) if value in known else plain(value)


def _called(at: Location | None) -> str:
    """Return what a place in a study is called on the page: the column, and what of it."""
    names = {"use": tr("Use"), "measure": tr("Measure"), "label": tr("In plain words")}
    steps = [str(step) for step in at or ()]
    if steps[:1] == ["events"]:
        return tr(EVENTS[steps[-1]]) if steps[-1] in EVENTS else steps[-1]
    return ": ".join((*steps[1:-1], names.get(steps[-1], steps[-1]))) if steps else ""


def _change(
    request: Request, parts: Services, who: Member, found: Dataset, form: FormData
) -> Dataset:
    """Write what was chosen for columns, where it is other than in the version looked at."""
    look, study = looked_at(parts, found)
    columns = [one for _, several in columns_of(look, study) for one in several]
    asked = {one.seen["name"]: said for one in columns if (said := _said(one, form))}
    events = {
        table["name"]: _chosen(form, f"events.{at}.", said)
        for at, table, _, said in events_of(look, study)
    }
    return change_uses(parts, who, found, found.number, asked, events, over(request))


def data_in(parts: Services, who: Member, key: str) -> Dataset:
    """Return tables of this workspace."""
    if parts.documents.workspace_of(key) != who.workspace:
        raise NotHere
    return parts.datasets.head(key)


def job_in(parts: Services, who: Member, key: str) -> Job:
    """Return a job of this workspace."""
    found = parts.jobs.find(key)
    if found is None or found.workspace != who.workspace:
        raise NotHere
    return found


def _after(job: Job) -> str:
    if job.state == "done" and job.kind == "discover":
        return f"/w/{job.workspace}/segmentation/{job.result}"
    return f"/w/{job.workspace}/data/{job.document}"


def ends_on(parts: Services, found: Dataset) -> str:
    """Return the day on which tables are deleted by themselves; empty for never."""
    if not parts.settings.keep_days:
        return ""
    began = datetime.fromisoformat(found.created)
    return (began + timedelta(days=parts.settings.keep_days)).date().isoformat()


def _said(column: Column, form: FormData) -> dict[str, str | None]:
    """Return what somebody chose for a column, where it is other than before."""
    found: dict[str, str | None] = {}
    for part, before, known in (
        ("use", column.use, USES), ("measure", column.measure, get_args(Measure)),
        ("label", column.label, None),
    ):  # fmt: skip
        chosen = form.get(f"{part}.{column.key}")
        if not isinstance(chosen, str) or chosen == before or (not column.uses):
            continue
        if known is not None and chosen not in known:
            raise OptionError(f"{chosen[:40]!r} is nothing that a column can be.", "Choose one.")
        found[part] = " ".join(chosen.split())
    return found


def _chosen(form: FormData, prefix: str, said: list[tuple[str, str]]) -> dict[str, str]:
    """Return what somebody chose for the columns of a table of events."""
    chosen = ((key, form.get(f"{prefix}{key}")) for key, _ in said)
    return {key: one for key, one in chosen if isinstance(one, str)}


def take_tables(parts: Services, who: Member, chosen: Sequence[tuple[str, Any]]) -> str:
    """Take tables in, and ask for a look at them."""
    parts.limits.check("upload", who.who.id)
    if len(chosen) > parts.settings.most_files:
        raise OptionError(
            f"{len(chosen)} files are more than this server takes at once.",
            f"Choose at most {parts.settings.most_files}.",
        )
    key = parts.datasets.create(who.workspace, who.who, chosen)
    parts.jobs.ask(who.workspace, key, "look", who.who, {})
    return key


def check_search(parts: Services, who: Member, found: Dataset, k_max: int, like: str) -> None:
    """Refuse a search for segments that cannot be begun now, or with these options."""
    if not found.text:
        raise NotNow("Nobody has looked at these tables yet.", "Wait until that is done.")
    if not 1 <= k_max <= MOST_SEGMENTS:
        raise OptionError(f"{k_max} segments cannot be tried.", f"Give 1 to {MOST_SEGMENTS}.")
    if any(not one.is_over for one in parts.jobs.of(found.document)):
        raise NotNow("These tables are being worked on.", "Wait, or cancel that first.")
    if like:
        segmentation_in(parts, who, like)


def ask_for_segments(
    parts: Services, who: Member, found: Dataset, *, k_max: int, title: str, like: str,
    members: bool,
) -> str:  # fmt: skip
    """Ask for segments after `check_search`, and return the job."""
    options = {"like": like, "k_max": k_max, "title": title.strip(), "members": members}
    return parts.jobs.ask(who.workspace, found.document, "discover", who.who, options)


def delete_tables(parts: Services, who: Member, data: str) -> None:
    """Delete the rows, and give up what was asked for."""
    for one in parts.jobs.of(data):
        parts.jobs.cancel(one.id, who.who)
    parts.datasets.delete(data, who.who)


def _words() -> dict[str, dict[str, str]]:
    tables = {
        "uses": USES, "measures": MEASURES, "events": EVENTS, "roles": ROLES,
        "kinds": KINDS_OF_JOBS, "states": STATES, "types": TYPES,
    }  # fmt: skip
    return {name: {key: tr(said) for key, said in one.items()} for name, one in tables.items()}
