"""Where results stand already, or cannot be written: a message, and nothing half written."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from forwhom.cli.main import cli

from .refusals import check, contents, put, table


@pytest.mark.parametrize(
    ("files", "command", "words"),
    [
        ({}, "discover customers.csv -o {run}", ("already holds files", "--force")),
        ({}, "show {run} --segment 7", ("no segment 7", "1 to 2")),
        ({}, "sql {run} --table t --dialect klingon", ("klingon",)),
        ({"new.csv": ""}, "score {run} new.csv", ("new.csv", "empty")),
        ({"new.csv": "a,b\n1,2\n"}, "score {run} new.csv", ("new.csv", "visits")),
        ({}, "score {run} customers.csv -o scored.ods", (".ods", ".xlsx", ".parquet")),
        ({"s.csv": "x"}, "score {run} customers.csv -o s.csv", ("s.csv", "--force")),
        ({}, "sql {run}", ("one table", "--features")),
        ({}, "sql {run} --table a --table b", ("one table", "--features")),
        ({}, "sql {run} --table a --cutoff 2024-01-01", ("--cutoff", "--features")),
        ({}, "sql {run} --features --table a", ("one row per customer", "no id")),
        ({}, "sql {run} --features --table a --table b=c", ("--table a", "NAME=a")),
        ({}, "features customers.csv -o customers.ods", (".ods", ".parquet")),
        ({"s.csv": "x"}, "features customers.csv -o s.csv", ("s.csv", "--force")),
        ({}, "score {run} customers.csv -o no/such.csv", ("no/such.csv",)),
        ({"report.html": "x"}, "report {run}", ("report.html", "--force")),
        ({"m.csv": "customer_id,segment\nx,1\n"}, "compare {run} m.csv", ("in common",)),
    ],
)
def test_bad_input_after_a_run(folder, segments, files, command, words):
    for name, text in files.items():
        put(name, text)
    before, kept = contents(folder), contents(segments)
    found = CliRunner().invoke(cli, shlex.split(command.format(run=segments)))
    check(found, before, folder, words)
    assert contents(segments) == kept


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere"
)
def test_a_folder_without_permission(folder):
    closed = folder / "closed"
    closed.mkdir(mode=0o555)
    found = CliRunner().invoke(cli, ["discover", "customers.csv", "-o", "closed/run"])
    check(found, contents(folder), folder, ("closed", "permission"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", ["show {run}", "show {run} --json", "profile customers.csv"])
def test_a_full_disk_is_no_mistake_of_forwhom(folder, segments, command):
    program = [sys.executable, "-m", "forwhom.cli.main"]
    arguments = shlex.split(command.format(run=segments))
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            program + arguments, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2, done.stderr
    assert "No space left" in done.stderr
    assert "hint: " in done.stderr


def test_a_link_that_leads_to_itself_is_no_place(folder, segments):
    Path("loop.csv").symlink_to("loop.csv")
    found = CliRunner().invoke(cli, ["score", str(segments), "customers.csv", "-o", "loop.csv"])
    assert found.exit_code == 2
    assert "loop.csv" in found.stderr


#: Ctrl-C exactly when the fit begins, however fast or busy the machine is.
STOPPED = """
import os, signal
from forwhom.cli import main, progress

def stop(self, what, fraction):
    if "segments" in what:
        os.kill(os.getpid(), signal.SIGINT)

progress._Lines.__call__ = stop
main.main()
"""


def test_ctrl_c_in_the_middle_leaves_nothing(folder):
    put("big.csv", table(300))
    program = [sys.executable, "-c", STOPPED, "discover", "big.csv", "-o", "out"]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    stdout, stderr = done.stdout, done.stderr
    assert done.returncode == 130, stderr
    assert stdout == ""
    assert stderr.splitlines()[-1] == "stopped, nothing written"
    assert "Traceback" not in stderr
    assert sorted(p.name for p in folder.iterdir()) == ["big.csv", "customers.csv"]
