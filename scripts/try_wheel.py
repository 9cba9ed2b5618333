"""Build the wheel, install it as a person would, and run every command: what `make wheel` runs.

pip installs it into an environment of its own, where uv.lock counts for nothing: once with the
newest release of everything that forwhom needs, once with the lowest that pyproject.toml allows.
So a template that the wheel lacks, a method that a new release took away, and a lowest version
that was never tried are noticed here.
"""

from __future__ import annotations

import csv
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from importlib.metadata import distributions
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet

ROOT = Path(__file__).parents[1]
CANVAS = "examples/penny-path/canvas.yaml"

#: What a person types, in this order; later lines use what earlier ones wrote. A test says when a
#: command is missing. 0 is success, and 1 says that something was found.
COMMANDS = (
    "forwhom profile customers.csv purchases.parquet customers.xlsx",
    "forwhom study customers.csv purchases.parquet -o study.yaml",
    "forwhom features purchases.parquet -o features.parquet",
    "forwhom discover study.yaml -o segments --k 2 --starts 4 --stability 0",
    "forwhom discover customers.xlsx -o full --k-max 3 --covariance full --starts 4 --stability 4",
    "forwhom discover purchases.parquet -o rfm --method rfm",
    "forwhom discover customers.csv -o kmeans --method kmeans --k 2",
    "forwhom show segments",
    "forwhom defend segments",
    "forwhom rename segments 1 'Often here'",
    "forwhom report segments -o report.html",
    "forwhom report segments -o report.pptx",
    "forwhom score segments customers.csv purchases.parquet -o scored.parquet",
    "forwhom score full customers.csv -o scored.csv",
    "forwhom value segments customers.csv purchases.parquet --months 6",
    "forwhom refresh segments later.csv later.parquet --history history.parquet --day 2099-01-01",
    "forwhom history history.parquet --as-of 2098-01-01",
    "forwhom runs segments",
    "forwhom sql segments --table customers --create-view placed --dialect sqlite -o score.sql",
    "forwhom sql rfm --features --table purchases -o rfm.sql",
    "forwhom compare segments kmeans",
    "forwhom fairness segments customers.csv purchases.parquet",
    "forwhom experiment plan plan.yaml --statement 'A letter helps' --column visits --kind mean "
    "--baseline 8 --deviation 3 --effect 1 --arm control --arm letter",
    "forwhom experiment read plan.yaml trial.csv -o effects.png",
    "forwhom market segments --canvas examples/penny-path/canvas.yaml",
    "forwhom voices segments reviews.csv --text review --quotes quotes.csv -o voices.html",
    "forwhom canvas new --schema canvas.schema.json -o new.yaml",
    "forwhom canvas seed segments -o canvas.yaml",
    "forwhom canvas accept canvas.yaml",
    "forwhom defend canvas.yaml",
    "forwhom canvas convert canvas.yaml --to lean-canvas -o lean.yaml",
    "forwhom canvas compare canvas.yaml lean.yaml -o changes.html",
    "forwhom canvas draw canvas.yaml -o canvas.png",
    "forwhom canvas export canvas.yaml -o model.bmml",
    "forwhom canvas export canvas.yaml -o notes.csv",
    "forwhom canvas import model.bmml -o from-bmml.yaml",
    "forwhom canvas import notes.csv -o from-csv.yaml",
    f"forwhom canvas draw {CANVAS} -o board.html",
    f"forwhom canvas draw {CANVAS} -o board.pptx",
    f"forwhom canvas next {CANVAS} -o next.html",
    f"forwhom canvas jobs {CANVAS} -o jobs.html",
    f"forwhom canvas job-map {CANVAS} -o map.svg",
    f"forwhom canvas fit {CANVAS} -o fit.md",
    f"forwhom canvas separate {CANVAS} -o separate.html",
    f"forwhom canvas stories {CANVAS} -o stories.pdf",
    f"forwhom canvas curves {CANVAS} -o curves.svg",
    f"forwhom canvas participants {CANVAS} -o map.pdf",
    f"forwhom align {CANVAS} -o align.html",
    "forwhom align examples/penny-path/ratings.csv -o heat.svg",
    f"forwhom workshop {CANVAS} -o workshop.pdf",
    "forwhom serve examples --prepare",
    "forwhom backup -o forwhom.zip",
    "forwhom restore forwhom.zip --database restored.db",
    "forwhom mcp examples --list",
    f"forwhom decide {CANVAS} -o decide.json",
    f"forwhom decide {CANVAS} -o decide.pptx",
    f"forwhom align {CANVAS} -o align.pptx",
    "forwhom lint examples/penny-path examples/clinic-notes --format sarif",
    "forwhom funding flows.csv -o sankey.svg",
    "forwhom funding activities.xml -o funding.html",
)

IATI = """<?xml version="1.0"?>
<iati-activities version="2.03"><iati-activity default-currency="USD">
 <iati-identifier>AA-1</iati-identifier>
 <reporting-org ref="AA" type="40"><narrative>Agency</narrative></reporting-org>
 <transaction><transaction-type code="3"/><transaction-date iso-date="2026-02-03"/>
  <value value-date="2026-02-03">1250</value>
  <receiver-org type="22"><narrative>Clinic</narrative></receiver-org></transaction>
</iati-activity></iati-activities>
"""


def main() -> int:
    """Try the wheel in both ways, side by side; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="forwhom-wheel-") as name:
        folder = Path(name)
        run("build", "--wheel", "--out-dir", folder, ROOT)
        write_tables(folder / "given")
        (folder / "lowest.txt").write_text("\n".join(lowest_versions()), encoding="utf-8")
        ways = [("newest", []), ("lowest", ["--constraint", folder / "lowest.txt"])]
        with ThreadPoolExecutor() as pool:
            found = list(pool.map(lambda way: attempt(folder, *way), ways))
    print("\n".join(said for _, said in found))
    return 0 if all(works for works, _ in found) else 1


def attempt(folder: Path, title: str, constraints: list[str | Path]) -> tuple[bool, str]:
    """Install the wheel in one way and run the commands: whether all work, and what to say."""
    begun = time.monotonic()
    place = folder / title
    shutil.copytree(folder / "given", place / "work")
    failed = install(next(folder.glob("*.whl")), place / "venv", constraints) or walk(place)
    if failed:
        return False, f"{title}: {failed}"
    took = f"{time.monotonic() - begun:.0f} s"
    return True, f"{title}: {len(COMMANDS)} commands work in {took} with {versions(place / 'venv')}"


def run(*arguments: str | Path) -> None:
    """Run uv."""
    uv = subprocess.run(
        ["sh", ROOT / "scripts" / "bring-uv.sh"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()
    subprocess.run([uv, "--quiet", *arguments], check=True)


def lowest_versions() -> list[str]:
    """The lowest version of each direct dependency, as constraints for pip."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [
        *project["dependencies"],
        *extras["pdf"],
        *extras["slides"],
        *extras["web"],
        *extras["assistants"],
    ]
    # A constraint of pip names no extras of a package.
    return [re.sub(r"(\[.*?\])?>=([\d.]+).*", r"==\2", one) for one in wanted]


def install(wheel: Path, venv: Path, constraints: list[str | Path]) -> str:
    """Install the wheel with pip; what went wrong, or nothing.

    Modules are compiled when they are first imported: most of what pip brings never is.
    """
    run("venv", "--seed", "--python", sys.executable, venv)
    pip = [program(venv, "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "install", "--no-compile", f"{wheel}[pdf,slides,web,assistants]", *constraints],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stderr if done.returncode else ""


def program(venv: Path, name: str) -> Path:
    """A program of an environment."""
    return venv / ("Scripts" if os.name == "nt" else "bin") / name


def walk(place: Path) -> str:
    """Run the commands; what went wrong, or nothing."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL"))}
    environment["NUMBA_CACHE_DIR"] = str(place / "numba")
    forwhom, work = program(place / "venv", "forwhom"), place / "work"
    for command in COMMANDS:
        arguments = shlex.split(command)
        done = subprocess.run(
            [forwhom, *arguments[1:]],
            cwd=work, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        said = f"{command}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
        if done.returncode not in (0, 1):
            return f"{said}\nexit code {done.returncode}"
        written = work / arguments[arguments.index("-o") + 1] if "-o" in arguments else work
        if not written.exists() or written.stat().st_size == 0:
            return f"{said}\n{written.name} was not written"
    return ""


def versions(venv: Path) -> str:
    """What was installed of the packages that forwhom names, to read."""
    named = {re.split(r"[=]", one)[0] for one in lowest_versions()}
    site = next(venv.glob("[Ll]ib/**/site-packages"))
    found = {d.metadata["Name"].lower(): d.version for d in distributions(path=[str(site)])}
    return ", ".join(f"{name} {found[name]}" for name in sorted(named & found.keys()))


def write_tables(folder: Path) -> None:
    """Write small tables of each kind, and the examples beside them."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    chance = random.Random(1)
    rows: list[list[object]] = []
    bought: dict[str, list[object]] = {"customer_id": [], "bought_at": [], "amount": []}
    for number in range(300):
        often = chance.random() < 0.4
        visits = chance.randint(8, 14) if often else chance.randint(0, 4)
        channel = "online" if chance.random() < (0.9 if often else 0.2) else "store"
        spent = round(chance.lognormvariate(4 if often else 2, 0.5), 2)
        rows.append([f"C{number:03d}", visits, channel, spent, ("woman", "man")[number % 2]])
        for _ in range(1 + visits):
            bought["customer_id"].append(f"C{number:03d}")
            bought["bought_at"].append(date(2026, 1, 1) + timedelta(chance.randrange(180)))
            bought["amount"].append(round(chance.lognormvariate(3, 0.5), 2))
    said = ("the queue at the till was too long", "ordering online is easy and quick")
    with (folder / "reviews.csv").open("w", newline="", encoding="utf-8") as file:
        reviews = [[row[0], f"{said[row[2] == 'online']}, number {row[1]}"] for row in rows]
        csv.writer(file).writerows([["customer_id", "review"], *reviews])
    header = ["customer_id", "visits", "channel", "spent", "gender"]
    with (folder / "customers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    book = openpyxl.Workbook()
    for row in [header, *rows]:
        book.active.append(row)
    book.save(folder / "customers.xlsx")
    pa.parquet.write_table(pa.table(bought), folder / "purchases.parquet")
    trial = (f"{i},{'letter' if i % 2 else 'control'},{7 + i % 5}\n" for i in range(400))
    (folder / "trial.csv").write_text("customer,arm,visits\n" + "".join(trial), encoding="utf-8")
    half_a_year = [day + timedelta(181) for day in bought["bought_at"] if isinstance(day, date)]
    later = {**bought, "bought_at": half_a_year}
    pa.parquet.write_table(pa.table(later), folder / "later.parquet")
    with (folder / "later.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *([row[0], row[1], *row[2:]] for row in rows[:280])])
    flows = "from,to,amount,sector,country\nHarbor Fund,Clinic Network,300000,Health,Kenya\n"
    (folder / "flows.csv").write_text(flows, encoding="utf-8")
    (folder / "activities.xml").write_text(IATI, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
