"""The group: what errors become, and how fast help comes."""

from __future__ import annotations

import shlex
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from forwhom.cli.main import Group, cli
from forwhom.errors import DataError

HEAVY = "numpy duckdb numba pandas polars pyarrow sklearn scipy rich pydantic narwhals sqlglot"


def run(*args: str):
    return CliRunner().invoke(cli, list(args))


def failing(error: BaseException) -> click.Command:
    @click.group(cls=Group)
    def group() -> None: ...

    @group.command()
    def fail() -> None:
        raise error

    return group


def outcome(error: BaseException):
    return CliRunner().invoke(failing(error), ["fail"])


def test_importing_the_command_line_imports_nothing_heavy():
    code = (
        f"import sys, forwhom.cli.main\nprint([m for m in {HEAVY.split()!r} if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def leaves(group, *above):
    """Every command that does something, and every group, by the words that call them."""
    for name, command in group.commands.items():
        yield (*above, name), command
        if isinstance(command, click.Group):
            yield from leaves(command, *above, name)


COMMANDS = dict(leaves(cli))
GROUPS = {(): cli} | {path: c for path, c in COMMANDS.items() if isinstance(c, click.Group)}
SINGLE = {path: c for path, c in COMMANDS.items() if path not in GROUPS}


@pytest.mark.parametrize("path", SINGLE, ids=" ".join)
def test_every_example_in_help_parses(path):
    command = SINGLE[path]
    shown = run(*path, "--help").stdout
    assert command.examples
    for example in command.examples:
        assert example in shown
        words = shlex.split(example)
        assert words[: len(path) + 1] == ["forwhom", *path]
        command.make_context(path[-1], words[len(path) + 1 :])


@pytest.mark.parametrize("path", GROUPS, ids=" ".join)
def test_the_examples_of_a_group_parse(path):
    shown = (GROUPS[path].epilog or "").splitlines()
    lines = [x.strip() for x in shown if x.strip().startswith("forwhom")]
    assert len(lines) >= 3
    for line in lines:
        _, *words = shlex.split(line)
        called = max((p for p in SINGLE if tuple(words[: len(p)]) == p), key=len)
        SINGLE[called].make_context(called[-1], words[len(called) :])


@pytest.mark.parametrize("path", SINGLE, ids=" ".join)
def test_every_command_has_json_and_help_that_explains(path):
    flags = {flag for p in SINGLE[path].params for flag in p.opts}
    assert "--json" in flags
    assert len((SINGLE[path].help or "").split()) >= 8


def test_an_error_of_ours_is_a_message_a_hint_and_code_2():
    found = outcome(DataError("customers.csv has no rows.", "Give a table with customers."))
    assert found.exit_code == 2
    assert found.stdout == ""
    assert found.stderr == (
        "error: customers.csv has no rows.\nhint: Give a table with customers.\n"
    )


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), RuntimeError("Query interrupted"), click.Abort()]
)
def test_ctrl_c_says_that_nothing_was_written(error):
    found = outcome(error)
    assert found.exit_code == 130
    assert found.stderr.strip() == "stopped, nothing written"


def test_ctrl_c_inside_another_error_is_still_ctrl_c():
    wrapped = RuntimeError("engine")
    wrapped.__cause__ = KeyboardInterrupt()
    assert outcome(wrapped).exit_code == 130


def test_an_unexpected_error_asks_for_a_report_and_quotes_no_data(monkeypatch):
    monkeypatch.delenv("FORWHOM_TRACEBACK", raising=False)
    found = outcome(RuntimeError("jane@example.org"))
    assert found.exit_code == 70
    assert "report" in found.stderr
    assert "RuntimeError" in found.stderr
    assert "jane" not in found.stderr
    assert "Traceback" not in found.stderr


def test_the_traceback_is_there_on_request(monkeypatch):
    monkeypatch.setenv("FORWHOM_TRACEBACK", "1")
    assert "Traceback" in outcome(RuntimeError("why")).stderr


def test_memory_is_named():
    found = outcome(MemoryError())
    assert found.exit_code == 2
    assert "memory" in found.stderr


def test_usage_errors_point_to_help():
    found = run("discover")
    assert found.exit_code == 2
    assert "hint: 'forwhom discover --help'" in found.stderr


def test_an_unknown_command_is_suggested():
    assert "discover" in run("disover").stderr


def test_version():
    found = run("--version")
    assert found.exit_code == 0
    assert found.stdout.startswith("forwhom, version ")


def test_a_closed_pipe_is_silent():
    command = f"{shlex.quote(sys.executable)} -m forwhom.cli.main discover --help | true"
    found = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert found.stderr == ""


@pytest.mark.parametrize(("arguments", "code"), [(["--version"], 0), (["lint", "no.yaml"], 2)])
def test_a_closed_output_is_no_fault(arguments, code, monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)  # what Python has where a shell closed it (>&-)
    with pytest.raises(SystemExit) as left:
        cli.main(arguments, prog_name="forwhom")
    assert left.value.code == code


def test_a_command_of_the_canvas_is_found_without_its_group():
    found = CliRunner().invoke(cli, ["draw", "x.yaml"])
    assert found.exit_code == 2
    assert "You mean 'forwhom canvas draw'." in found.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "x" * 5000],
        ["lint", "x" * 5000],
        ["profile", "x" * 300],
        ["restore", "folder", "--database", "new.db"],
        ["align", "canvas.yaml"],
    ],
    ids=["show", "lint", "profile", "restore", "align"],
)
def test_a_path_that_cannot_be_used_is_no_fault(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    far = f"need_ratings: {'x' * 5000}\nalignment: {{file: {'y' * 5000}}}\n"
    (tmp_path / "canvas.yaml").write_text(f"forwhom: 1\nkind: canvas\n{far}")
    found = run(*arguments)
    assert found.exit_code == 2
    assert found.stderr.startswith("error: ")
    assert len(found.stderr) < 700
    assert "forwhom itself failed" not in found.stderr
