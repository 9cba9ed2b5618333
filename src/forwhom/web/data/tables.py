"""Tables of people: brought, looked at, changed in what each column is for, and discovered in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, get_args

from fastapi import APIRouter, File, Form, UploadFile
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forwhom.documents.base import Measure
from forwhom.documents.study import COLUMNS_OF_EVENTS, Study
from forwhom.errors import OptionError
from forwhom.languages.catalog import later, speaking, tr
from forwhom.suffixes import TABLES
from forwhom.web.data.segmentations import onward, segmentation_in
from forwhom.web.forms.items import Typed
from forwhom.web.server.rendering import is_part, language_of, page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Editor, Member, NotAllowed, NotHere, Parts
from forwhom.workspace.changes import Put
from forwhom.workspace.datasets import DATA, KINDS, Dataset, changed_uses, readable
from forwhom.workspace.jobs import Job
from forwhom.workspace.people import Role
from forwhom.workspace.segmentations import SEGMENTATION

routes = APIRouter(prefix="/w/{workspace}")

#: What a column can be for, in plain words.
USES = {
    "active": later("Forms the segments"),
    "descriptor": later("Describes the segments"),
    "protected": later("Protected: only checked for fairness"),
    "id": later("Says who the customer is"),
    "weight": later("Weighs each customer"),
    "text": later("Free text: takes no part"),
    "ignore": later("Takes no part"),
}
MEASURES = {
    "binary": later("Yes or no"),
    "nominal": later("Kinds without an order"),
    "ordinal": later("Levels in an order"),
    "count": later("How often: 0, 1, 2, …"),
    "continuous": later("A number, below zero too"),
    "positive": later("An amount, never below zero"),
}
#: What a column of events can be for.
EVENTS = {
    "customer": later("Who the customer is"),
    "time": later("When it happened"),
    "amount": later("Money of a line"),
    "quantity": later("Units of a line"),
    "price": later("Price of one unit"),
    "discount": later("Money off a line"),
    "order": later("Which purchase it belongs to"),
    "order_amount": later("Money of the whole order"),
    "refunded": later("Money that was given back"),
    "item": later("What was bought"),
    "channel": later("Where or how"),
}
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
_MOST_SEGMENTS = 20


@dataclass(frozen=True)
class Column:
    """A column of customers on the page: what is in it, what it is for, what it could be for."""

    key: str
    seen: dict[str, Any]
    use: str
    measure: str
    label: str
    uses: tuple[str, ...]


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
    parts.limits.check("upload", who.who.id)
    chosen: list[tuple[str, Any]] = [
        (one.filename, one.file) for one in files or () if one.filename
    ]
    if path.strip():
        found = readable(path.strip(), parts.settings.readable)
        chosen.append((found.name, found))
    if len(chosen) > parts.settings.most_files:
        raise OptionError(
            f"{len(chosen)} files are more than this server takes at once.",
            f"Choose at most {parts.settings.most_files}.",
        )
    key = parts.datasets.create(who.workspace, who.who, chosen)
    parts.jobs.ask(who.workspace, key, "look", who.who, {})
    return onward(request, f"/w/{who.workspace}/data/{key}")


@routes.get("/data/{data}")
def show(request: Request, who: Editor, parts: Parts, data: str) -> Response:
    """Show what is in tables, what each column will be used for and why, and what was found."""
    found = data_in(parts, who, data)
    look, study = parts.datasets.look(data), found.study
    with speaking(language_of(request)):
        return page(
            request, "data/dataset.html.jinja", who=who, found=found, title=found.title, look=look,
            study=study, jobs=parts.jobs.of(data), tables=list(_tables(look, study)),
            events=list(_events(look, study)), words=_words(), ends=_ends(parts, found),
            place=str(parts.datasets.rows(data)) if parts.settings.is_local else "",
            is_here=bool(parts.datasets.names(data)),
            named=[str(one) for one in parts.datasets.places(data)],
            may_own=who.may(Role.OWNER), most_segments=_MOST_SEGMENTS,
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
    _change(parts, who, data_in(parts, who, data), form, version)
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
    if not found.text:
        raise OptionError("Nobody has looked at these tables yet.", "Wait until that is done.")
    if not 1 <= k_max <= _MOST_SEGMENTS:
        raise OptionError(f"{k_max} segments cannot be tried.", f"Give 1 to {_MOST_SEGMENTS}.")
    if members and not who.may(Role.OWNER):
        raise NotAllowed
    if any(not one.is_over for one in parts.jobs.of(data)):
        raise OptionError("These tables are being worked on.", "Wait, or cancel that first.")
    if like:
        segmentation_in(parts, who, like)
    if version:
        _change(parts, who, found, form, version)
    options = {"like": like, "k_max": k_max, "title": title.strip(), "members": bool(members)}
    parts.jobs.ask(who.workspace, data, "discover", who.who, options)
    return onward(request, f"/w/{who.workspace}/data/{data}")


@routes.post("/data/{data}/delete")
def delete(request: Request, who: Editor, parts: Parts, data: str) -> Response:
    """Delete the rows now, and what was seen in them."""
    data_in(parts, who, data)
    for one in parts.jobs.of(data):
        parts.jobs.cancel(one.id, who.who)
    parts.datasets.delete(data, who.who)
    return onward(request, f"/w/{who.workspace}/data")


@routes.get("/job/{job}")
def progress(request: Request, who: Editor, parts: Parts, job: str) -> Response:
    """Show how far a job is; once it is over, go where its result is."""
    found = job_in(parts, who, job)
    if is_part(request) and found.is_over:
        return Response(status_code=204, headers={"HX-Redirect": _after(found)})
    if not is_part(request):
        return RedirectResponse(_after(found), 303)
    with speaking(language_of(request)):
        return page(request, "data/job.part.jinja", who=who, job=found, words=_words())


@routes.post("/job/{job}/cancel")
def cancel(request: Request, who: Editor, parts: Parts, job: str) -> Response:
    """Give a job up."""
    found = job_in(parts, who, job)
    parts.jobs.cancel(job, who.who)
    return onward(request, f"/w/{who.workspace}/data/{found.document}")


def _change(parts: Services, who: Member, found: Dataset, form: FormData, version: int) -> None:
    """Write what was chosen for columns, where it is other than before."""
    look, study = parts.datasets.look(found.document), found.study
    if look is None or study is None:
        raise OptionError("Nobody has looked at these tables yet.", "Wait until that is done.")
    columns = [one for _, several in _tables(look, study) for one in several]
    asked = {one.seen["name"]: said for one in columns if (said := _said(one, form))}
    protected = frozenset(one.seen["name"] for one in columns if one.seen["protected"])
    changes = [*changed_uses(study, asked, protected), *_of_events(look, study, form)]
    parts.datasets.change(found.document, who.who, version, changes)


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


def _ends(parts: Services, found: Dataset) -> str:
    """Return the day on which tables are deleted by themselves; empty for never."""
    if not parts.settings.keep_days:
        return ""
    began = datetime.fromisoformat(found.created)
    return (began + timedelta(days=parts.settings.keep_days)).date().isoformat()


def _tables(
    look: dict[str, Any] | None, study: Study | None
) -> Iterator[tuple[dict[str, Any], list[Column]]]:
    """Yield the tables of customers, and their columns as the study has them now."""
    if look is None or study is None:
        return
    for at, table in enumerate(look["tables"]):
        if table["role"] in ("customers", "table"):
            columns = [_column(f"{at}.{i}", one, study) for i, one in enumerate(table["columns"])]
            yield table, columns


def _column(key: str, seen: dict[str, Any], study: Study) -> Column:
    name = seen["name"]
    said = study.variables.get(name)
    customer = study.customers is not None and study.customers.id == name
    use = "id" if customer else (said and said.use) or seen["use"] or ""
    measure = (said and said.measure) or seen["measure"] or ""
    label = (said and said.label) or seen["label"]
    uses: tuple[str, ...] = tuple(one for one in USES if one != "text" or use == "text")
    if seen["protected"]:
        uses = ("protected", "ignore")
    elif not use:
        uses = ()
    elif use not in uses:
        uses = (use, *uses)
    return Column(key, seen, use, str(measure), str(label), uses)


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


def _events(
    look: dict[str, Any] | None, study: Study | None
) -> Iterator[tuple[int, dict[str, Any], list[str], list[tuple[str, str]]]]:
    """Yield the tables of events: the columns that each has, and what is which."""
    seen = {one["name"]: one for one in (look or {}).get("tables", ())}
    for at, spec in enumerate(study.events if study is not None else ()):
        if spec.table in seen:
            names = [one["name"] for one in seen[spec.table]["columns"]]
            said = [(key, getattr(spec, key) or "") for key in COLUMNS_OF_EVENTS]
            yield at, seen[spec.table], names, said


def _of_events(look: dict[str, Any], study: Study, form: FormData) -> Iterator[Put]:
    for at, _, names, said in _events(look, study):
        for key, before in said:
            chosen = form.get(f"events.{at}.{key}")
            if isinstance(chosen, str) and chosen != before:
                if chosen and chosen not in names:
                    raise OptionError(f"There is no column {chosen[:60]!r}.", "Choose one.")
                yield Put(at=("events", at, key), value=chosen or None)


def _words() -> dict[str, dict[str, str]]:
    tables = {
        "uses": USES, "measures": MEASURES, "events": EVENTS, "roles": ROLES,
        "kinds": KINDS_OF_JOBS, "states": STATES,
    }  # fmt: skip
    return {name: {key: tr(said) for key, said in one.items()} for name, one in tables.items()}
