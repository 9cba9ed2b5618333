"""What every page stands on: the database, its people and documents, and who is listening."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from forwhom.web.server.hub import Hub
from forwhom.web.server.limits import Limits
from forwhom.web.server.settings import Settings
from forwhom.web.server.working import Working
from forwhom.workspace.audit import Audit
from forwhom.workspace.canvases import Canvases
from forwhom.workspace.comments import Comments
from forwhom.workspace.database import Database
from forwhom.workspace.datasets import Datasets
from forwhom.workspace.documents import Documents
from forwhom.workspace.exercises import Exercises
from forwhom.workspace.files import Files
from forwhom.workspace.jobs import Jobs
from forwhom.workspace.migrating import migrate
from forwhom.workspace.outcomes import Outcomes
from forwhom.workspace.people import People
from forwhom.workspace.segmentations import Segmentations
from forwhom.workspace.shares import Shares
from forwhom.workspace.tokens import Tokens
from forwhom.workspace.weighing import Weighings


@dataclass(frozen=True)
class Services:
    """The parts that pages use."""

    settings: Settings
    database: Database
    people: People
    documents: Documents
    files: Files
    canvases: Canvases
    exercises: Exercises
    outcomes: Outcomes
    comments: Comments
    audit: Audit
    segmentations: Segmentations
    datasets: Datasets
    jobs: Jobs
    weighings: Weighings
    work: Working
    shares: Shares
    tokens: Tokens
    hub: Hub
    limits: Limits


def opened(settings: Settings) -> Services:
    """Open the database, bring it to the shape of today, and set up what pages use."""
    database = Database(settings.database)
    migrate(database)
    settings.folder.mkdir(parents=True, exist_ok=True)
    files = Files(database, settings.folder / "files")
    jobs, datasets = Jobs(database), Datasets(database, settings.folder / "tables")
    segmentations = Segmentations(database, files)
    canvases, exercises = Canvases(database, files), Exercises(database)
    return Services(
        settings=settings,
        database=database,
        people=People(database),
        documents=Documents(database),
        files=files,
        canvases=canvases,
        exercises=exercises,
        outcomes=Outcomes(exercises, canvases),
        comments=Comments(database),
        audit=Audit(database),
        segmentations=segmentations,
        datasets=datasets,
        jobs=jobs,
        weighings=Weighings(database),
        work=Working(settings, jobs, datasets, segmentations),
        shares=Shares(database),
        tokens=Tokens(database),
        hub=Hub(database),
        limits=Limits(),
    )


def services(connection: HTTPConnection) -> Services:
    """Return the services of the app that answers."""
    found: Services = connection.app.state.services
    return found
