"""The database: its shape, who writes, and what is said when it is not there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, select, update

from forwhom.errors import ForwhomError, OptionError, SourceError, SourceMissing
from forwhom.workspace import log
from forwhom.workspace.database import Database, address_of
from forwhom.workspace.documents import Documents
from forwhom.workspace.migrating import migrate
from forwhom.workspace.shape import metadata, workspace

from .conftest import CANVAS, Team


def test_the_steps_lead_to_the_shape_of_today(address: str) -> None:
    database = Database(address)
    migrate(database)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_several_servers_may_start_at_once(address: str) -> None:
    def start(_: int) -> None:
        made = Database(address)
        migrate(made)
        made.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(start, range(3)))


def test_a_database_of_a_newer_forwhom_is_left_alone(database: Database) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SourceError, match="made by a newer forwhom"):
        migrate(database)


def test_who_reads_and_then_writes_writes_alone(team: Team) -> None:
    """Eight who read a counter and write one more lose no step."""

    def count(_: int) -> None:
        with team.database.writing() as connection:
            row = connection.execute(
                select(workspace.c.sequence).where(workspace.c.id == team.place).with_for_update()
            ).scalar_one()
            connection.execute(
                update(workspace).where(workspace.c.id == team.place).values(sequence=row + 1)
            )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(80)))
    with team.database.reading() as connection:
        assert log.sequence_of(connection, team.place) == 80


def test_numbers_of_events_have_no_gaps_when_some_fail(team: Team) -> None:
    def write(number: int) -> None:
        try:
            with team.database.writing() as connection:
                log.append(connection, team.place, "tried", team.ana, {"number": number})
                if number % 3 == 0:
                    raise KeyError(number)
        except KeyError:
            pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(30)))
    with team.database.reading() as connection:
        events = log.events_since(connection, team.place, 0)
    assert [one.sequence for one in events] == list(range(1, 21))


def test_half_of_a_change_is_never_kept(team: Team) -> None:
    def twice() -> None:
        values = {"id": "new", "name": "x", "created": "x", "sequence": 0}
        with team.database.writing() as connection:
            connection.execute(insert(workspace).values(**values))
            connection.execute(insert(workspace).values(**values))

    with pytest.raises(ForwhomError):
        twice()
    with team.database.reading() as connection:
        found = connection.execute(select(workspace.c.id).where(workspace.c.id == "new"))
        assert found.first() is None


@pytest.mark.parametrize("number", [-1, 2**31, 10**30])
def test_a_version_that_no_database_has_is_refused_in_words(team: Team, number: int) -> None:
    key = team.canvases.create(team.place, team.ana, CANVAS).document
    with pytest.raises((SourceMissing, OptionError)):
        team.canvases.at(key, number)


def test_an_id_that_no_database_has_is_nowhere_or_refused(team: Team) -> None:
    with suppress(OptionError):  # PostgreSQL has no such text
        assert Documents(team.database).workspace_of("a\0b") is None


def test_addresses(tmp_path: Path) -> None:
    assert address_of("a.db") == "sqlite:///a.db"
    assert address_of("postgresql://h/d") == "postgresql+psycopg://h/d"
    with pytest.raises(OptionError, match="There is no database at 'mysql'"):
        Database("mysql://h/d")
    with pytest.raises(SourceError, match="its folder is not there"):
        Database(tmp_path / "no" / "f.db")
    with pytest.raises(OptionError, match="This is no address of a database"):
        Database("postgresql://user@host:port/name")


def test_canvases_of_an_older_database_are_listed_with_their_frameworks(address: str) -> None:
    made = Database(address)
    migrate(made, until="0006")
    texts = {
        "lean": "forwhom: 1\nkind: canvas\nframework: lean-canvas  # ours\n",
        "none": "forwhom: 1\nkind: canvas\n",
        "flow": "{forwhom: 1, kind: canvas, framework: lean-canvas}\n",
    }
    with made.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO workspace (id, name, created, sequence) VALUES ('w', 'W', '2026', 0)"
        )
        for key, text in texts.items():
            connection.exec_driver_sql(
                "INSERT INTO document (id, workspace, kind, title, version, text, created, gone) "
                f"VALUES ('{key}', 'w', 'canvas', '', 0, '{text}', '2026-01-02', false)"
            )
    migrate(made)
    found = {one.id: (one.framework, one.changed) for one in Documents(made).listed("w")}
    assert found == {
        "lean": ("lean-canvas", "2026-01-02"),
        "none": ("business-model-canvas", "2026-01-02"),
        "flow": ("", "2026-01-02"),
    }
    made.close()
