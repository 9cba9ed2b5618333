"""One test body for both databases: SQLite in a file, and PostgreSQL where it is installed."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
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
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return str(tmp_path / "forwhom.db")
    folder = request.getfixturevalue("postgres")
    name = f"workspace{next(_numbers)}"
    request.getfixturevalue("ask_postgres")(f"CREATE DATABASE {name}")
    return f"postgresql://postgres@/{name}?host={folder}"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite in the shape of today, which tests get copies of."""
    place = tmp_path_factory.mktemp("migrated") / "forwhom.db"
    made = Database(place)
    migrate(made)
    made.close()
    return place


@pytest.fixture
def database(address: str, migrated: Path) -> Iterator[Database]:
    """A database in the shape of today."""
    made = Database(address)
    if made.is_sqlite:
        shutil.copyfile(migrated, address)
    else:
        migrate(made)
    yield made
    made.close()


@pytest.fixture
def team(database: Database, tmp_path: Path) -> Team:
    people = People(database)
    ana, ben = people.enroll("Ana"), people.enroll("Ben")
    place = people.new_workspace("Bakery", ana)
    people.join(place, ben.id, Role.EDITOR)
    return Team(database, people, Canvases(database, Files(database, tmp_path)), place, ana, ben)
