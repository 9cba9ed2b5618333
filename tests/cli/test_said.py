"""What every command says, word for word as it was when a person last read it.

After a change that is meant, read what changed in ``said.txt`` after: ``python -m
tests.cli.test_said``.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shlex
import shutil
import tempfile
from pathlib import Path

from click.testing import CliRunner
from tests.report import canvases

from forwhom.cli.main import cli
from forwhom.version import __version__

from ..choices import test_fit, test_jobmaps, test_stories  # noqa: TID252
from ..funders.everything import FLOWS  # noqa: TID252
from .refusals import table

SAID = Path(__file__).with_name("said.txt")
EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = {
    "customers.csv": table(), "full.yaml": canvases.FULL, "stories.yaml": test_stories.FULL,
    "maps.yaml": test_jobmaps.CANVAS, "fit.yaml": test_fit.CANVAS, "flows.csv": FLOWS,
    "decisions.yaml": canvases.DECISIONS, "tied.yaml": canvases.TIED,
    "few.csv": table(7), "notes.csv": "block,note\ncustomer_segments,Parents\nweather,Sunny\n",
    "broken.yaml": "forwhom: 1\nkind: canvas\nsegments: {}\n",
    "lines.csv": "customer,day,amount\n" + "".join(
        f"c{i % 40},2025-{1 + i % 9:02}-{1 + i % 27:02},{5 + i % 13}.5\n" for i in range(400)
    ),
}  # fmt: skip
#: The last digits of a computed number are those of a machine and its processor.
LONG = re.compile(r"\b\d+\.\d{7,}(?:[eE][-+]?\d+)?")
#: One after the other, in one folder; what each says is kept under it.
COMMANDS = """
profile customers.csv
profile customers.csv lines.csv --json
profile few.csv --exact
study customers.csv
study customers.csv -o study.yaml
study customers.csv --json
discover customers.csv -o segments --k 2 --starts 4 --stability 4
discover customers.csv -o segments --k 2
discover customers.csv -o grid --method rfm
discover customers.csv -o one --k 1 --keep-ids --stability 0
show segments
show one
show segments --segment 2
show segments --segment 3
show segments --segment 1 --json
rename segments 2 'Weekly stock-up'
rename segments 2 '' --json
rename segments 9 Nobody
report segments -o again.html
report segments -o again.html --json
score segments customers.csv few.csv
score segments few.csv -o few.parquet
score segments few.csv -o few.parquet --force --json
sql segments --table crm.customers
sql segments --table customers --dialect bigquery -o score.sql
sql segments --table customers --dialect postgres --json
sql segments
sql segments --table one --table two
sql segments --table one --cutoff 2025-01-01
sql segments --features --table one --table two=three
compare segments one
compare segments segments --json
features lines.csv -o made.csv
features lines.csv -o made.csv
features lines.csv -o made.csv --force --json --cutoff 2025-06-01
align clinic/canvas.yaml --replicates 40
align clinic/canvas.yaml --replicates 40 --write-strategies
align fit.yaml
decide decisions.yaml --draws 200
decide tied.yaml --draws 200 -o decide.svg
decide tied.yaml --draws 200 -o decide.md --json
canvas jobs penny/canvas.yaml
canvas job-map maps.yaml
canvas fit fit.yaml
canvas curves full.yaml
canvas separate full.yaml
canvas stories stories.yaml
canvas stories stories.yaml --segment planners --segment bank -o stories.md
canvas compare full.yaml fit.yaml
canvas compare tied.yaml decisions.yaml -o changes.md --json
canvas compare fit.yaml fit.yaml
canvas next fit.yaml --today 2026-11-25
canvas next fit.yaml --today 2026-11-25 -o next.html --json
canvas participants full.yaml
canvas participants stories.yaml -o map.svg
canvas participants fit.yaml --json
canvas new
canvas new
canvas new --list
canvas new --framework lean-canvas --schema canvas.schema.json -o lean.yaml --json
canvas seed segments -o seeded.yaml
canvas seed segments -o seeded.yaml
canvas seed one -o seeded.yaml --same-numbers
canvas seed one -o seeded.yaml --claims 1 --framework lean-canvas
canvas accept seeded.yaml
canvas accept seeded.yaml nothing --by Ada
canvas accept seeded.yaml --all --by Ada
canvas convert full.yaml --to lean-canvas
canvas convert full.yaml --to lean-canvas -o lean-full.yaml --json
canvas import notes.csv -o imported.yaml
canvas import notes.csv -o imported.yaml --force --json
canvas export full.yaml -o full.csv
canvas export full.yaml -o full.bmml
canvas export full.yaml -o full.bmml --json
canvas draw full.yaml -o full.svg
canvas draw full.yaml -o full.html --framework lean-canvas --json
funding flows.csv --today 2026-11-25 --rate EUR=1.25
funding flows.csv --today 2026-11-25 --rate EUR=1.25 -o flows.svg --middle sector
funding flows.csv --today 2026-11-25
funding flows.csv --today 2026-11-25 --rate EUR=1.25 --json
funding flows.csv --today 2026-11-25 --rate EUR=1.25 --propose tied.yaml --economy
lint full.yaml --today 2026-11-25
lint full.yaml fit.yaml broken.yaml --today 2026-11-25
lint fit.yaml --select FW1 --ignore FW101
lint fit.yaml --select nothing
lint fit.yaml --format json
lint fit.yaml --format github
lint fit.yaml --format sarif
lint --explain FW101
lint --list
workshop fit.yaml
"""


def all_that_is_said() -> dict[str, str]:
    """Each command and what it says, with its exit code; what is long is kept as a digest."""
    said: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name, text in FILES.items():
            Path(name).write_text(text, encoding="utf-8")
        for name, example in (("clinic", "clinic-notes"), ("penny", "penny-path")):
            shutil.copytree(EXAMPLES / example, name)
        environment = {"COLUMNS": "100", "TERM": "dumb"}
        for number, command in enumerate(COMMANDS.strip().splitlines()):
            found = CliRunner(env=environment).invoke(cli, shlex.split(command))
            told = found.stderr + found.stdout.replace(__version__, "VERSION")
            told = told.replace(os.path.realpath(folder), ".").replace(folder, ".")
            lines = [line for line in told.splitlines() if not re.match(r"\[ *\d+%\]", line)]
            if "--json" in command or len(lines) > 60:
                told = LONG.sub(lambda one: f"{float(one[0]):.6g}", "\n".join(lines))
                digest = hashlib.sha256(told.encode()).hexdigest()[:12]
                lines = [f"{len(lines)} lines, {digest}"]
            kept = [line.rstrip() for line in lines]
            said[f"{number + 1}. {command}"] = "\n".join([f"exit code {found.exit_code}", *kept])
    return said


def written(said: dict[str, str]) -> str:
    return "".join(
        f"$ {command}\n{re.sub('(?m)^(?=.)', '  ', text)}\n\n" for command, text in said.items()
    )


def test_commands_say_what_was_read() -> None:
    kept = SAID.read_text(encoding="utf-8")
    other = {c: text for c, text in all_that_is_said().items() if written({c: text}) not in kept}
    assert other == {}, "Read what they say; if it is right: python -m tests.cli.test_said"


if __name__ == "__main__":
    SAID.write_text(written(all_that_is_said()), encoding="utf-8")
