"""What is sent and what is answered, where no document of forwhom is meant."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from forwhom.documents.base import Measure, Use
from forwhom.documents.segmentation import Evidence
from forwhom.web.data.tables import MOST_SEGMENTS
from forwhom.workspace.jobs import Job, State
from forwhom.workspace.tokens import Scope


class Part(BaseModel):
    """What every model shares: what is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WorkspaceEntry(Part):
    """A workspace, and what the token may do in it."""

    id: str
    name: str
    role: str = Field(description="Role of the person of the token: viewer to owner.")
    scopes: list[Scope] = Field(description="What the token may do at the moment.")


class Workspaces(Part):
    """The workspaces that a token reaches."""

    items: list[WorkspaceEntry]


class Entry(Part):
    """A document in a list."""

    id: str
    title: str
    version: int = Field(description="Number of the event that made it what it is.")
    created: str = Field(description="ISO 8601, UTC.")
    changed: str = Field(description="When that event was: ISO 8601, UTC.")
    framework: str | None = Field(
        description="Of a canvas: the framework that it is drawn in; null for other documents."
    )


class Entries(Part):
    """Some of the documents of a kind, those last changed first."""

    items: list[Entry]
    total: int = Field(description="How many there are in all.")


class EvidenceFound(Part):
    """Some of the evidence of a segmentation."""

    items: list[Evidence]
    total: int = Field(description="How many there are in all.")


class ExportEntry(Part):
    """Something that can be taken out of a canvas."""

    of: str = Field(description="What: the canvas, or what follows from it.")
    name: str
    forms: list[str] = Field(description="Its forms: exports/{of}/{form} gives one.")


class Exports(Part):
    """What can be taken out of a canvas as it is now."""

    items: list[ExportEntry]


class JobState(Part):
    """Long work: how far it is, and how it ended."""

    id: str
    kind: Literal["look", "discover"] = Field(
        description="look: what is in the tables; discover: the segments."
    )
    data: str = Field(description="The tables that it works on.")
    state: State = Field(description="It is over when it is done, failed or cancelled.")
    fraction: float = Field(description="The part that is done, 0 to 1.")
    words: str = Field(description="What is being done.")
    problem: str = Field(description="What is wrong, where it failed.")
    advice: str = Field(description="What to do about it.")
    created: str
    segmentation: str | None = Field(description="What it found, where it is done and looked for.")


class Tables(Part):
    """Tables that were brought."""

    id: str
    title: str
    version: int = Field(description="Version of the study: what each column is for.")
    created: str
    files: list[str] = Field(description="Empty where the rows are not on this server any more.")
    deleted_on: str | None = Field(description="Day on which the rows delete themselves.")
    jobs: list[JobState] = Field(description="What was asked for, the newest first.")


class ColumnSeen(Part):
    """A column of customers: what is in it, and what it is for. No row, no rare value."""

    name: str
    label: str
    type: str
    values: str = Field(description="What is in it, in words that tell of nobody.")
    missing: str
    why: str = Field(description="Why it was proposed for this.")
    use: str = Field(description="What it is for now; empty: for nothing.")
    uses: list[str] = Field(description="What it can be for.")
    measure: str
    protected: bool = Field(description="Then it never forms segments, whoever asks.")


class EventColumns(Part):
    """Which column of a table of events is what."""

    columns: list[str]
    roles: dict[str, str] = Field(description="customer, time, amount, …: the column, or empty.")


class TableSeen(Part):
    """A table, and what was seen in it."""

    name: str
    headline: str
    role: Literal["customers", "table", "events", "lookup"]
    columns: list[ColumnSeen] = Field(description="Of tables with one row for each customer.")
    events: EventColumns | None = Field(description="Of tables with many rows for a customer.")


class Profile(Part):
    """What is in tables, and what each column will be used for."""

    version: int
    notes: list[str]
    undecided: str = Field(description="What a person must say first; empty: nothing.")
    way_out: str = Field(description="How.")
    tables: list[TableSeen]


class ColumnChange(Part):
    """What a column is to be for; what is left out stays."""

    use: Use | None = None
    measure: Measure | None = None
    label: str | None = Field(default=None, max_length=500)


class ColumnChanges(Part):
    """What columns are to be for."""

    columns: dict[str, ColumnChange] = Field(
        default_factory=dict, description="By the name of a column of customers."
    )
    events: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="By the name of a table of events: which column is customer, time, amount, …",
    )


class Search(Part):
    """How segments are looked for: what the page asks."""

    k_max: int = Field(
        default=8, ge=1, le=MOST_SEGMENTS, description="The most segments that are tried."
    )
    title: str = Field(default="", max_length=200)
    like: str = Field(
        default="", max_length=40, description="A segmentation whose numbers and names are kept."
    )
    members: bool = Field(
        default=False, description="Keep who belongs where; needs the scope members."
    )


class Seeding(Part):
    """Into which canvas a segmentation goes."""

    framework: str = Field(default="business-model-canvas", max_length=100)
    canvas: str = Field(
        default="", max_length=40,
        description="A canvas that is brought up to date; left out: a new one is made.",
    )  # fmt: skip
    language: str = Field(
        default="en", max_length=20, description="Code of the language of a new canvas."
    )
    same_numbers: bool = Field(
        default=False, description="Segments keep their numbers from the earlier segmentation."
    )


def job_state(job: Job) -> JobState:
    """Return a job as it is told."""
    found: dict[str, Any] = {
        name: getattr(job, name)
        for name in ("id", "kind", "state", "fraction", "words", "problem", "advice", "created")
    }
    segmentation = job.result if job.kind == "discover" and job.state == "done" else None
    return JobState(**found, data=job.document, segmentation=segmentation)
