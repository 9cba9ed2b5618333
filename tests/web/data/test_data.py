"""Tables of people in the browser: limits, kinds, what columns are for, who may, and deletion."""

from __future__ import annotations

import io
import os
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import Client, Team, take_segmentation

from forwhom.errors import DataError, SourceError
from forwhom.progress import silent
from forwhom.web.server import worker
from forwhom.web.server.services import opened
from forwhom.web.server.settings import Settings
from forwhom.web.server.working import Working
from forwhom.workspace.people import Role

AsRole = Callable[[Role | None], Client]
ORDERS = (
    "order_id,customer_id,order_date,total\n"
    + "\n".join(f"{i},{i % 40},2025-{1 + i % 12:02}-11,{5 + i % 7}.50" for i in range(300))
).encode()


def shop(rows: int = 120) -> bytes:
    """Two groups of customers that nobody would take for one."""
    draw = random.Random(7)
    lines = ["person,visits,spend,gender,note"]
    for i in range(rows):
        often = i % 2
        visits, spend = draw.randint(1, 4) + 12 * often, draw.gauss(20 + 60 * often, 4)
        gender = draw.choice(["female", "male"])
        lines.append(f"p{i:04},{visits},{spend:.2f},{gender},{draw.choice('abc')}{i}")
    return "\n".join(lines).encode()


def send(client: Client, team: Team, *files: tuple[str, bytes], path: str = "") -> Any:
    headers = {"x-secret": client.secret("/sign-in"), "hx-request": "true"}
    sent = [("files", one) for one in files]
    return client.post(
        f"/w/{team.place}/data", files=sent or None, data={"path": path}, headers=headers
    )


def brought(client: Client, team: Team, *files: tuple[str, bytes]) -> str:
    answer = send(client, team, *files)
    assert answer.status_code == 204, answer.text
    return str(answer.headers["hx-redirect"].rpartition("/")[2])


def task(team: Team, key: str, into: Path, **limits: int) -> worker.Task:
    data = team.parts.datasets
    most = {"most_rows": 1000, "most_cells": 10_000, "most_unpacked": 10_000_000, **limits}
    return worker.Task(
        "look", str(data.rows(key)), data.names(key), str(into), data.head(key).text, {}, **most
    )


@pytest.fixture
def looked(
    client: Client, team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """Bring tables, and look at them here and now."""

    def made(*files: tuple[str, bytes]) -> str:
        key = brought(client, team, *files)
        monkeypatch.chdir(tmp_path)
        worker.look(task(team, key, tmp_path), silent)
        study, look = ((tmp_path / name).read_text() for name in (worker.STUDY, worker.LOOK))
        team.parts.datasets.drafted(key, team.who, study, look)
        team.parts.jobs.done(team.parts.jobs.of(key)[0].id, key)
        return key

    return made


@pytest.mark.parametrize(("name", "said"), [
    ("photo.png", "no table that is read"), ("run.exe", "no table that is read"),
    ("", "No file was chosen"),
])  # fmt: skip
def test_what_is_no_table_is_refused_in_words(
    client: Client, team: Team, name: str, said: str
) -> None:
    answer = send(client, team, *([(name, b"x")] if name else []))
    assert answer.status_code == 422
    assert said in answer.text
    assert team.parts.documents.listed(team.place)[0].kind == "canvas"


def test_names_lead_nowhere_and_meet_nowhere(client: Client, team: Team) -> None:
    files = [("../../etc/a*b.csv", b"x"), ("a_b.csv", b"y"), ("C:\\x\\#1 [q].csv", b"z")]
    key = brought(client, team, *files)
    assert team.parts.datasets.names(key) == ["_1 _q_.csv", "a_b.csv", "another a_b.csv"]


def test_more_than_the_server_takes_is_refused(team: Team) -> None:
    small = replace(team.parts.settings, most_bytes=2000, most_files=2)
    client = Client(replace(team.parts, settings=small))
    many = [(f"{i}.csv", b"a,b") for i in range(3)]
    assert "at most 2" in send(client, team, *many).text
    assert send(client, team, ("big.csv", b"x" * 4000)).status_code == 413


def test_a_bomb_is_not_unpacked(client: Client, team: Team, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(3_000_000))
    key = brought(client, team, ("book.xlsx", packed.getvalue()))
    with pytest.raises(SourceError, match=r"book\.xlsx takes more than 1 MB unpacked"):
        worker.look(task(team, key, tmp_path, most_unpacked=1 << 20), silent)


@pytest.mark.parametrize(("limit", "said"), [
    ({"most_rows": 100}, "120 rows"), ({"most_cells": 500}, "120 rows of 5 columns"),
])  # fmt: skip
def test_a_table_that_is_too_large_is_refused_before_it_is_looked_at(
    client: Client, team: Team, tmp_path: Path, limit: dict[str, int], said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    key = brought(client, team, ("shop.csv", shop()))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=said):
        worker.look(task(team, key, tmp_path, **limit), silent)


def test_a_path_is_read_only_where_the_server_may(team: Team, tmp_path: Path) -> None:
    folder, outside = tmp_path / "may", tmp_path / "must not"
    folder.mkdir()
    outside.mkdir()
    for place in (folder, outside):
        (place / "shop.csv").write_bytes(shop())
    (folder / "link.csv").symlink_to(outside / "shop.csv")
    allowed = replace(team.parts.settings, readable=(folder,))
    client = Client(replace(team.parts, settings=allowed))
    for path in (outside / "shop.csv", folder / "link.csv", folder / "none.csv", folder):
        refused = send(client, team, path=str(path))
        assert refused.status_code == 404
        assert "that this server may read" in refused.text
    assert send(Client(team.parts), team, path=str(folder / "shop.csv")).status_code == 404
    answer = send(client, team, path=str(folder / "shop.csv"))
    key = answer.headers["hx-redirect"].rpartition("/")[2]
    assert team.parts.datasets.places(key) == [folder / "shop.csv"]
    team.parts.datasets.delete(key, team.who)
    assert (folder / "shop.csv").exists()


def test_the_page_says_what_each_column_is_for_and_why(
    client: Client, team: Team, looked: Callable[..., str]
) -> None:
    key = looked(("shop.csv", shop()))
    text = client.get(f"/w/{team.place}/data/{key}").text
    assert 'value="id" selected' in text
    assert "One row for each customer." in text
    assert "Where the rows are" in text
    assert str(team.parts.datasets.rows(key)) in text
    ends = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    assert ends in text
    assert "p0001" not in text


def fields(team: Team, key: str, **chosen: str) -> dict[str, str]:
    """Return what the form sends: the version, and choices by the name of a column."""
    look = team.parts.datasets.look(key)
    assert look is not None
    at = {one["name"]: f"0.{i}" for i, one in enumerate(look["tables"][0]["columns"])}
    said = {f"{k.partition('_')[0]}.{at[k.partition('_')[2]]}": v for k, v in chosen.items()}
    return {"version": str(team.parts.datasets.head(key).number), **said}


def test_uses_measures_and_labels_are_changed_in_the_log(
    client: Client, team: Team, looked: Callable[..., str]
) -> None:
    key = looked(("shop.csv", shop()))
    sent = fields(team, key, use_visits="descriptor", label_spend="Euros a month",
                  measure_visits="continuous")  # fmt: skip
    answer = client.submit(f"/w/{team.place}/data/{key}/uses", **sent)
    assert answer.status_code == 204, answer.text
    study = team.parts.datasets.head(key).study
    assert study is not None
    assert study.variables["visits"].use == "descriptor"
    assert study.variables["visits"].measure == "continuous"
    assert study.variables["spend"].label == "Euros a month"
    again = client.submit(f"/w/{team.place}/data/{key}/uses", **sent)
    assert again.status_code == 204  # what somebody else wants, too, is no clash
    assert "use: descriptor" in client.get(f"/w/{team.place}/data/{key}/study.yaml").text


def test_a_protected_attribute_never_forms_segments(
    client: Client, team: Team, looked: Callable[..., str]
) -> None:
    key = looked(("shop.csv", shop()))
    for use in ("active", "descriptor", "weight", "id"):
        sent = fields(team, key, use_gender=use)
        refused = client.submit(f"/w/{team.place}/data/{key}/uses", **sent)
        assert refused.status_code == 422
        assert "protected attribute" in refused.text
    sent = fields(team, key, use_gender="ignore")
    assert client.submit(f"/w/{team.place}/data/{key}/uses", **sent).status_code == 204


def test_what_was_chosen_and_not_saved_goes_with_the_question_for_segments(
    client: Client, team: Team, looked: Callable[..., str]
) -> None:
    key = looked(("shop.csv", shop()))
    path = f"/w/{team.place}/data/{key}/discover"
    refused = client.submit(path, **fields(team, key, use_gender="active"))
    assert refused.status_code == 422
    assert not any(one.kind == "discover" for one in team.parts.jobs.of(key))
    assert client.submit(path, **fields(team, key, use_spend="descriptor")).status_code == 204
    study = team.parts.datasets.head(key).study
    assert study is not None
    assert study.variables["spend"].use == "descriptor"
    assert team.parts.jobs.of(key)[0].kind == "discover"


def test_another_column_says_who_the_customer_is(
    client: Client, team: Team, looked: Callable[..., str]
) -> None:
    key = looked(("shop.csv", shop()))
    sent = fields(team, key, use_note="id")
    assert client.submit(f"/w/{team.place}/data/{key}/uses", **sent).status_code == 204
    study = team.parts.datasets.head(key).study
    assert study is not None
    assert study.customers is not None
    assert study.customers.id == "note"
    assert study.variables["person"].use == "ignore"


def test_two_who_change_uses_do_not_overwrite_each_other(
    client: Client, team: Team, looked: Callable[..., str]
) -> None:
    key = looked(("shop.csv", shop()))
    first = fields(team, key, use_visits="descriptor")
    second = fields(team, key, use_spend="descriptor")
    client.submit(f"/w/{team.place}/data/{key}/uses", **first)
    assert client.submit(f"/w/{team.place}/data/{key}/uses", **second).status_code == 204
    study = team.parts.datasets.head(key).study
    assert study is not None
    assert [study.variables[name].use for name in ("visits", "spend")] == ["descriptor"] * 2
    third = {**fields(team, key, use_visits="ignore"), "version": first["version"]}
    refused = client.submit(f"/w/{team.place}/data/{key}/uses", **third)
    assert refused.status_code == 409
    assert "changed the same while you were writing" in refused.text


def test_customers_and_events_are_joined_and_columns_of_events_can_be_named(
    client: Client, team: Team, looked: Callable[..., str]
) -> None:
    key = looked(("orders.csv", ORDERS))
    text = client.get(f"/w/{team.place}/data/{key}").text
    assert "Many rows for a customer" in text
    study = team.parts.datasets.head(key).study
    assert study is not None
    assert (study.events[0].customer, study.events[0].time) == ("customer_id", "order_date")
    sent = {"version": team.parts.datasets.head(key).number, "events.0.order": ""}
    assert client.submit(f"/w/{team.place}/data/{key}/uses", **sent).status_code == 204
    changed = team.parts.datasets.head(key).study
    assert changed is not None
    assert changed.events[0].order is None
    wrong = {**sent, "events.0.customer": "nobody"}
    assert client.submit(f"/w/{team.place}/data/{key}/uses", **wrong).status_code == 422


def test_only_who_may_edit_sees_data_and_only_owners_keep_members(
    team: Team, as_role: AsRole, looked: Callable[..., str]
) -> None:
    key = looked(("shop.csv", shop()))
    commenter, editor = as_role(Role.COMMENTER), as_role(Role.EDITOR)
    assert commenter.get(f"/w/{team.place}/data/{key}").status_code == 403
    path = f"/w/{team.place}/data/{key}/discover"
    assert editor.submit(path, members="on").status_code == 403
    assert editor.submit(path, k_max=99).status_code == 422
    assert editor.submit(path, k_max=3).status_code == 204
    assert "being worked on" in editor.submit(path, k_max=3).text


def test_another_workspace_reaches_neither_data_nor_jobs(client: Client, team: Team) -> None:
    key = brought(client, team, ("shop.csv", shop()))
    elsewhere = team.parts.people.new_workspace("Elsewhere", team.who)
    for place in (f"data/{key}", f"data/{key}/study.yaml", f"job/{team.parts.jobs.of(key)[0].id}"):
        assert client.get(f"/w/{elsewhere}/{place}").status_code == 404


def test_rows_are_really_deleted_and_what_was_asked_for_is_given_up(
    client: Client, team: Team
) -> None:
    key = brought(client, team, ("shop.csv", shop()))
    assert client.submit(f"/w/{team.place}/data/{key}/delete").status_code == 204
    assert not team.parts.datasets.rows(key).parent.exists()
    assert client.get(f"/w/{team.place}/data/{key}").status_code == 404
    assert team.parts.jobs.of(key)[0].state == "cancelled"
    kept = [p for p in team.parts.settings.folder.rglob("*") if b"p0001" in _bytes(p)]
    assert kept == []


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def test_rows_are_deleted_by_themselves_after_their_days(client: Client, team: Team) -> None:
    key = brought(client, team, ("shop.csv", shop()))
    found = take_segmentation(team, b"PAR1 rows")
    work, today = team.parts.work, datetime.now(UTC)
    work.sweep(today + timedelta(days=29))
    assert team.parts.datasets.rows(key).exists()
    assert team.parts.segmentations.has_members(found)
    work.sweep(today + timedelta(days=31))
    assert not team.parts.datasets.rows(key).exists()
    assert not team.parts.segmentations.has_members(found)


def test_what_nothing_names_is_cleared_away(client: Client, team: Team) -> None:
    key = brought(client, team, ("shop.csv", shop()))
    root = team.parts.datasets.rows(key).parents[1]
    for name, age in (("left", 7200), ("begun", 60)):
        (root / name / "rows").mkdir(parents=True)
        then = datetime.now(UTC).timestamp() - age
        os.utime(root / name, (then, then))
    (team.parts.datasets.rows(key) / ".tmp").mkdir()
    team.parts.work.sweep(datetime.now(UTC))
    assert sorted(one.name for one in root.iterdir()) == sorted([key, "begun"])
    assert team.parts.datasets.names(key) == ["shop.csv"]


def test_nothing_is_deleted_by_itself_where_the_setting_says_so(tmp_path: Path) -> None:
    settings = Settings(str(tmp_path / "f.db"), tmp_path / "files", keep_days=0)
    parts = opened(settings)
    who = parts.people.of_this_machine()
    place = parts.people.new_workspace("Ours", who)
    key = parts.datasets.create(place, who, [("shop.csv", io.BytesIO(shop()))])
    assert isinstance(parts.work, Working)
    parts.work.sweep(datetime.now(UTC) + timedelta(days=9999))
    assert parts.datasets.rows(key).exists()
    parts.database.close()
