"""The guides are true: their commands run, in order, on the examples that they name."""

from __future__ import annotations

import random
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from forwhom.cli.main import cli
from forwhom.documents.canvas import parse_canvas, read_canvas

pytestmark = pytest.mark.usefixtures("swift")

ROOT = Path(__file__).parents[1]
#: Each with the example that it begins with; of a page with more, the section that is one.
GUIDES = {
    "first-canvas": "penny-path",
    "alignment-workshop": "clinic-notes",
    "from-segmentation-to-canvas": "",
    "testing-a-hypothesis": "",
    "experiments#An example": "",
    "over-time#An example": "",
}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(guide: str, language: str) -> list[str]:
    page, _, section = guide.partition("#")
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    if section:
        text = text.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return [m[2] for m in BLOCK.finditer(text) if m[1] == language]


def lines(guide: str) -> list[str]:
    return [line for block in blocks(guide, "sh") for line in block.splitlines() if line.strip()]


def customers(path: Path, seed: int, share: float) -> None:
    """Two kinds of customers: those who come often and buy online, and the others."""
    rng = random.Random(seed)
    rows = ["customer_id,visits,spend,channel"]
    for i in range(240):
        often = rng.random() < share
        visits = rng.randint(8, 14) if often else rng.randint(0, 4)
        spend = round(rng.lognormvariate(4 if often else 2, 0.5), 2)
        online = rng.random() < (0.9 if often else 0.2)
        rows.append(f"{i:05d},{visits},{spend},{'online' if online else 'store'}")
    path.write_text("\n".join(rows) + "\n")


def reviews(path: Path, about: Path) -> None:
    """What customers wrote: of the store that one waits there, of the rest that it is easy."""
    rows = [line.split(",") for line in about.read_text().splitlines()[1:]]
    said = {
        "store": "I had to wait at the till, so slow.",
        "online": "It is easy and quick to order.",
    }
    lines = [f'{row[0]},"{said[row[3]]} Paid {row[2]}."' for row in rows]
    path.write_text("\n".join(["customer_id,review", *lines]) + "\n")


def prepare(guide: str, place: Path) -> None:
    """Write what a guide begins with: an example, what it shows itself, or customers."""
    if GUIDES[guide]:
        shutil.copytree(ROOT / "examples" / GUIDES[guide], place, dirs_exist_ok=True)
    elif code := blocks(guide, "python"):
        for canvas in blocks(guide, "yaml")[:1]:
            (place / "canvas.yaml").write_text(canvas)
        exec("".join(code), {})
    else:
        customers(place / "customers.csv", 1, 0.4)
        reviews(place / "reviews.csv", place / "customers.csv")
        customers(place / "customers-2027.csv", 2, 0.55)


@pytest.mark.parametrize("guide", GUIDES)
def test_the_commands_of_a_guide_run_in_order(
    guide: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    prepare(guide, tmp_path)
    assert lines(guide)
    said = ""
    for line in lines(guide):
        command, _, remark = line.partition("  # ")
        program, *words = shlex.split(command)
        assert program == "forwhom"
        expected = 1 if remark == "exit code 1" else 0
        done = CliRunner().invoke(cli, words)
        assert done.exit_code == expected, f"{line}\n{done.stdout}{done.stderr}"
        assert done.stdout.strip(), line
        said += done.stdout
        for name in re.findall(r"(?:-o|--output) (\S+)", command):
            assert Path(name).exists(), line
    if (tmp_path / "canvas.yaml").exists():
        read_canvas(tmp_path)
    if blocks(guide, "python"):  # then what is said is always the same
        for line in "".join(blocks(guide, "text")).splitlines():
            assert line in said
    if guide == "testing-a-hypothesis":
        kept = (ROOT / "docs" / "pictures" / "effects.svg").read_text(encoding="utf-8")
        assert Path("effects.svg").read_text(encoding="utf-8") == kept


@pytest.mark.parametrize("text", [t for g in GUIDES for t in blocks(g, "yaml")])
def test_canvases_that_people_copy_from_a_guide_are_valid(text: str) -> None:
    assert parse_canvas(text).segments
