"""A PostgreSQL server of the tests' own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _initdb() -> Path:
    found = sorted(str(path) for path in Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = found[-1] if found else shutil.which("initdb")
    if initdb is None:
        pytest.skip("PostgreSQL's initdb is not installed")
    return Path(initdb).resolve()


def _run(folder: Path, *command: object) -> str:
    user: dict[str, object] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        nobody = pwd.getpwnam("nobody")
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid}
    told = [str(part) for part in command]
    done = subprocess.run(told, check=False, cwd=folder, capture_output=True, text=True, **user)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


@contextmanager
def server() -> Iterator[Path]:
    """Start a server on a socket in a folder of its own; give the folder."""
    tools = _initdb().parent
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    data = folder / "data"
    started = False
    try:
        _run(folder, tools / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync")
        (data / "pg_hba.conf").write_text("local all postgres trust\nlocal all all scram-sha-256\n")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        _run(
            folder, tools / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start"
        )
        started = True
        yield folder
    finally:
        if started:
            _run(folder, tools / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def ask(folder: Path, sql: str) -> list[list[str]]:
    """Run statements, and return the rows of the last."""
    psql = _initdb().parent / "psql"
    told = _run(
        folder, psql, "-h", folder, "-U", "postgres", "-d", "postgres",
        "-v", "ON_ERROR_STOP=1", "-qAt", "-F", "\t", "-c", sql,
    )  # fmt: skip
    return [line.split("\t") for line in told.splitlines()]
