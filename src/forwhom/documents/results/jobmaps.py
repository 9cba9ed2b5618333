"""Maps of jobs: what people must get done at each step of a main job, and how it is answered."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.canvas.kinds import JobKind, JobStep, NeedKind
from forwhom.documents.results.fits import Strength


class StatementForm(Document):
    """A statement in its parts; a part that is not there is empty."""

    verb: str = Field(description="Of a job: what people do. Of an outcome: which way.")
    object: str = Field(description="Of a job: to what. Of an outcome: what is measured.")
    circumstances: str = Field(default="", description="When, for whom, how.")


class MappedNeed(Document):
    """A need at its place in the map of a job."""

    need: str = Field(description="Id of the need.")
    statement: str
    kind: NeedKind
    job: JobKind | None = None
    importance: float | None = Field(default=None, description="0 to 10, as the canvas says it.")
    satisfaction: float | None = Field(default=None, description="0 to 10, as the canvas says it.")
    strength: Strength = Field(description="How far a proposition answers it, at best.")
    answered_by: list[str] = Field(description="Names of the propositions that answer it.")
    form: StatementForm | None = Field(
        default=None, description="Of jobs and outcomes, where the language is known."
    )


class MappedStep(Document):
    """A step of the map, with the needs that come up there."""

    step: JobStep
    needs: list[MappedNeed] = Field(description="Empty: nobody has said what happens here.")


class JobMap(Document):
    """A main job with its steps, what is related to it, and by what it is done well."""

    main: MappedNeed
    segments: list[str] = Field(description="Names of the segments that have the job.")
    numbers: list[int] = Field(description="Numbers of these segments on the board.")
    steps: list[MappedStep] = Field(description="All eight, in order.")
    related: list[MappedNeed] = Field(description="Jobs that belong to it at no step.")
    whole: list[MappedNeed] = Field(description="Outcomes, fears and others of the job as a whole.")
    sentences: list[str] = Field(description="What it says, in words.")

    @property
    def mapped(self) -> bool:
        """Whether anything stands at a step."""
        return any(one.needs for one in self.steps)

    @property
    def silent(self) -> list[JobStep]:
        """Steps of which nobody said anything."""
        return [one.step for one in self.steps if not one.needs]


class JobMaps(Document):
    """Every main job of a canvas with its map, and the jobs that have none."""

    forwhom: Literal[1] = 1
    kind: Literal["job-maps"] = "job-maps"
    title: str = ""
    language: str = Field(default="en", description="Language of the texts of the canvas.")
    maps: list[JobMap]
    unmapped: list[MappedNeed] = Field(description="Jobs to which no other need belongs.")
    notes: list[str] = Field(default_factory=list, description="What weakens it.")
