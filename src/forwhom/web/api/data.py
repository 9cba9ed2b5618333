"""Tables of customers: brought, looked at, and segments looked for in them, as long work."""

from typing import Annotated

from fastapi import APIRouter, File, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from forwhom.web.api.access import Analyst, Caller
from forwhom.web.api.bodies import NOT_NOW, OF_A_VERSION, YAML, Answers, Seen, versioned
from forwhom.web.api.listing import Limit, Offset, entries
from forwhom.web.api.models import (
    ColumnChanges,
    ColumnSeen,
    Entries,
    EventColumns,
    JobState,
    Profile,
    Search,
    Tables,
    TableSeen,
    job_state,
)
from forwhom.web.api.problems import changed, not_allowed
from forwhom.web.data.tables import (
    ask_for_segments,
    check_search,
    data_in,
    delete_tables,
    ends_on,
    job_in,
    take_tables,
)
from forwhom.web.data.uses import change_uses, columns_of, events_of, looked_at
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Parts
from forwhom.workspace.datasets import DATA, Dataset

routes = APIRouter(prefix="/workspaces/{workspace}", tags=["data"])

_ONE = "/data/{data}"
Files = Annotated[list[UploadFile], File(description="Tables, or archives of them.")]
_STUDY: Answers = {
    200: {
        "description": "The study; its version is the ETag.",
        "content": {YAML[0]: {"schema": {}}},
    }
}


@routes.get("/data")
def list_data(who: Analyst, parts: Parts, limit: Limit = 100, offset: Offset = 0) -> Entries:
    """List the tables that were brought, the newest first."""
    return entries(parts, who, DATA, limit, offset)


@routes.post("/data", status_code=201)
def bring_data(who: Analyst, parts: Parts, files: Files, response: Response) -> Tables:
    """Bring tables; a job looks at them at once."""
    chosen = [(one.filename, one.file) for one in files if one.filename]
    key = take_tables(parts, who, chosen)
    response.headers["location"] = _address(who, key)
    return _told(parts, data_in(parts, who, key))


@routes.get(_ONE)
def read_data(who: Analyst, parts: Parts, data: str) -> Tables:
    """Say what is known of tables, and what was asked for."""
    return _told(parts, data_in(parts, who, data))


@routes.delete(_ONE, status_code=204)
def delete_data(who: Analyst, parts: Parts, data: str) -> None:
    """Delete the rows now, and what was seen in them; what was found of them stays."""
    data_in(parts, who, data)
    delete_tables(parts, who, data)


@routes.get(f"{_ONE}/profile", responses=NOT_NOW)
def profile(who: Analyst, parts: Parts, data: str) -> Profile:
    """Say what is in tables and what each column is for: no row, no rare value."""
    found = data_in(parts, who, data)
    look, study = looked_at(parts, found)
    parts.audit.note(who.workspace, who.who, "looked", found.title, once=True)
    columns = {table["name"]: several for table, several in columns_of(look, study)}
    events = {table["name"]: (names, said) for _, table, names, said in events_of(look, study)}
    return Profile(
        version=found.number, notes=look["notes"], undecided=str(look["undecided"] or ""),
        way_out=look["way_out"],
        tables=[
            TableSeen(
                name=one["name"], headline=one["headline"], role=one["role"],
                columns=[
                    ColumnSeen(
                        **{k: c.seen[k] or "" for k in ("type", "values", "missing", "why")},
                        name=c.seen["name"], label=c.label, use=c.use, uses=list(c.uses),
                        measure=c.measure, protected=c.seen["protected"],
                    )
                    for c in columns.get(one["name"], ())
                ],
                events=_events(*events[one["name"]]) if one["name"] in events else None,
            )
            for one in look["tables"]
        ],
    )  # fmt: skip


@routes.get(f"{_ONE}/study", responses=_STUDY, response_class=Response)
def read_study(request: Request, who: Analyst, parts: Parts, data: str) -> Response:
    """Read the study of tables, as the command line takes it."""
    found = data_in(parts, who, data)
    return versioned(request, found.text, YAML[0], found.number)


@routes.patch(f"{_ONE}/columns", responses={**OF_A_VERSION, **NOT_NOW})
def change_columns(
    who: Analyst, parts: Parts, data: str, seen: Seen, sent: ColumnChanges, response: Response
) -> Tables:
    """Change what columns are for, in the version of the profile that you read (If-Match)."""
    found = data_in(parts, who, data)
    if seen != found.number:
        raise changed(found.number)
    asked = {name: one.model_dump(exclude_none=True) for name, one in sent.columns.items()}
    done = change_uses(parts, who, found, seen, asked, sent.events)
    response.headers["etag"] = f'"{done.number}"'
    return _told(parts, done)


@routes.post(f"{_ONE}/jobs", status_code=202, responses=NOT_NOW)
def discover(who: Analyst, parts: Parts, data: str, sent: Search, response: Response) -> JobState:
    """Look for segments in tables; a process of its own does, and may take minutes."""
    found = data_in(parts, who, data)
    if sent.members and not who.bearer.may("members"):
        raise not_allowed("members", has_scope="members" in who.bearer.scopes)
    check_search(parts, who, found, sent.k_max, sent.like)
    key = ask_for_segments(
        parts, who, found, k_max=sent.k_max, title=sent.title, like=sent.like,
        members=sent.members,
    )  # fmt: skip
    response.headers["location"] = f"/api/v1/workspaces/{who.workspace}/jobs/{key}"
    return job_state(job_in(parts, who, key))


@routes.get("/jobs/{job}")
def read_job(who: Analyst, parts: Parts, job: str) -> JobState:
    """Say how far a job is; once it is done, which segmentation it made."""
    return job_state(job_in(parts, who, job))


@routes.post("/jobs/{job}/cancel")
def cancel_job(who: Analyst, parts: Parts, job: str) -> JobState:
    """Give a job up; one that is over stays as it is."""
    job_in(parts, who, job)
    parts.jobs.cancel(job, who.who)
    return job_state(job_in(parts, who, job))


def _told(parts: Services, found: Dataset) -> Tables:
    return Tables(
        id=found.document, title=found.title, version=found.number, created=found.created,
        files=parts.datasets.names(found.document), deleted_on=ends_on(parts, found) or None,
        jobs=[job_state(one) for one in parts.jobs.of(found.document)],
    )  # fmt: skip


def _events(names: list[str], said: list[tuple[str, str]]) -> EventColumns:
    return EventColumns(columns=names, roles=dict(said))


def _address(who: Caller, key: str) -> str:
    return f"/api/v1/workspaces/{who.workspace}/data/{key}"
