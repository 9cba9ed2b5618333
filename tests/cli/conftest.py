"""A folder with customers, and a way to run commands in it."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forwhom.cli.main import cli

from .refusals import table

HEADER = ["customer_id", "visits", "spend", "channel"]


def two_kinds(n: int, seed: int = 1) -> list[list[object]]:
    """Customers of two kinds: those who come often, spend much and buy online, and the others."""
    rng = random.Random(seed)
    rows: list[list[object]] = []
    for i in range(n):
        often = rng.random() < 0.4
        visits = rng.randint(8, 14) if often else rng.randint(0, 4)
        spend = round(rng.lognormvariate(4 if often else 2, 0.5), 2)
        online = rng.random() < (0.9 if often else 0.2)
        rows.append([f"{i:05d}", visits, spend, "online" if online else "store"])
    return rows


def write(path: Path | str, rows: list[list[object]], header: list[str] | None = None) -> None:
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header or HEADER)
        writer.writerows(rows)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with customers.csv."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORWHOM_TRACEBACK", raising=False)
    write("customers.csv", two_kinds(120))
    return tmp_path


@pytest.fixture(scope="session")
def segments(tmp_path_factory) -> Path:
    """A folder of results."""
    place = tmp_path_factory.mktemp("run")
    (place / "customers.csv").write_text(table())
    done = CliRunner().invoke(
        cli,
        ["discover", str(place / "customers.csv"), "-o", str(place / "segments"), "--k", "2",
         "--starts", "4"],
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    return place / "segments"


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, list(args))
