"""One test body for both databases: SQLite in a file, and PostgreSQL where it is installed."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from forwhom.workspace.canvases import Canvases
from forwhom.workspace.database import Database
from forwhom.workspace.files import Files
from forwhom.workspace.log import Author
from forwhom.workspace.migrating import migrate
from forwhom.workspace.people import People, Role

CANVAS = """\
# What we know about our customers.
forwhom: 1
kind: canvas
title: Bread
segments:
  - id: early  # they come at six
    name: Early birds
  - id: late
    name: Late risers
blocks:
  channels:
    - text: The shop   # since 1950
    # Only in summer.
    - text: The market
    - {text: The van, segments: [early]}
"""

_numbers = itertools.count()


class Team(NamedTuple):
    """A workspace with two people."""

    database: Database
    people: People
    canvases: Canvases
    place: str
    ana: Author
    ben: Author


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    return str(request.param)


@pytest.fixture(scope="session")
def on_postgres(
    postgres: Path, ask_postgres: Callable[[str], list[list[str]]]
) -> Callable[[str], str]:
    """Make a database on the server, like another one; return its address."""

    def made(template: str) -> str:
        name = f"workspace{next(_numbers)}"
        ask_postgres(f"CREATE DATABASE {name} TEMPLATE {template}")
        return f"postgresql://postgres@/{name}?host={postgres}"

    return made


@pytest.fixture
def address(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if kind == "sqlite":
        return str(tmp_path / "forwhom.db")
    return str(request.getfixturevalue("on_postgres")("template1"))


def _migrated(address: Path | str) -> None:
    made = Database(address)
    migrate(made)
    made.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite in the shape of today, which tests get copies of."""
    place = tmp_path_factory.mktemp("migrated") / "forwhom.db"
    _migrated(place)
    return place


@pytest.fixture(scope="session")
def migrated_on_postgres(on_postgres: Callable[[str], str]) -> str:
    """The name of a database on the server in the shape of today."""
    _migrated(address := on_postgres("template1"))
    return address.split("?")[0].rpartition("/")[2]


@pytest.fixture
def database(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database in the shape of today."""
    if kind == "sqlite":
        address = str(tmp_path / "forwhom.db")
        shutil.copyfile(request.getfixturevalue("migrated"), address)
    else:
        template = request.getfixturevalue("migrated_on_postgres")
        address = request.getfixturevalue("on_postgres")(template)
    made = Database(address)
    yield made
    made.close()


@pytest.fixture
def team(database: Database, tmp_path: Path) -> Team:
    people = People(database)
    ana, ben = people.enroll("Ana"), people.enroll("Ben")
    place = people.new_workspace("Bakery", ana)
    people.join(place, ben.id, Role.EDITOR)
    return Team(database, people, Canvases(database, Files(database, tmp_path)), place, ana, ben)


@pytest.fixture
def quick_team(migrated: Path, tmp_path: Path) -> Iterator[Team]:
    """A workspace with two people on SQLite alone, for what no database decides."""
    shutil.copyfile(migrated, place := tmp_path / "forwhom.db")
    database = Database(str(place))
    people = People(database)
    ana, ben = people.enroll("Ana"), people.enroll("Ben")
    room = people.new_workspace("Bakery", ana)
    people.join(room, ben.id, Role.EDITOR)
    canvases = Canvases(database, Files(database, tmp_path))
    yield Team(database, people, canvases, room, ana, ben)
    database.close()
