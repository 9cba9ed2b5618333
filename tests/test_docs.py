"""The docs are complete and true: they are compared with the code, and their examples run."""

import ast
import importlib.util
import inspect
import re
import shlex
import tomllib
from pathlib import Path
from types import ModuleType
from typing import get_args

import click
import numpy as np
import polars as pl
import pytest
from pydantic import BaseModel

import forwhom
from forwhom import errors
from forwhom.cli.main import cli
from forwhom.documents.canvas import Canvas, parse_canvas
from forwhom.documents.canvas.frameworks import Framework
from forwhom.documents.study import Study
from forwhom.documents.studyfile import parse_study
from forwhom.documents.yamlfile import parse_yaml
from forwhom.lint import all_rules
from forwhom.wording import counted

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def identify(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(page: Path, *languages: str) -> list[str]:
    return [m[2] for m in BLOCK.finditer(page.read_text(encoding="utf-8")) if m[1] in languages]


def load_script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES, ids=identify)
def test_generated_parts_are_current(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert load_script("fill_docs").fill(text) == text, "run: python scripts/fill_docs.py"


def test_every_command_and_public_name_stands_in_a_generated_part() -> None:
    commands = (DOCS / "commands.md").read_text()
    assert all(f"## forwhom {path}\n" in commands for path, _ in load_script("fill_docs").leaves())
    twins = {name for names in load_script("fill_docs").TWINS.values() for name in names}
    assert twins <= set(forwhom.__all__)
    library = (DOCS / "library.md").read_text()
    assert [name for name in forwhom.__all__ if f"| `{name}` |" not in library] == []


def test_the_wheel_is_tried_with_every_command() -> None:
    tried = load_script("try_wheel").COMMANDS
    commands = [f"forwhom {path} " for path, _ in load_script("fill_docs").leaves()]
    missing = [one for one in commands if not any(line.startswith(one) for line in tried)]
    assert missing == [], "add them to COMMANDS in scripts/try_wheel.py"


def parts_of(model: type[BaseModel]) -> set[type[BaseModel]]:
    """The model and all those that its keys hold, however deep, of the same folder."""
    home = model.__module__.rpartition(".")[0]
    found: set[type[BaseModel]] = set()
    asked: list[object] = [model]
    while asked:
        one = asked.pop()
        asked += get_args(one)
        known = isinstance(one, type) and issubclass(one, BaseModel) and one not in found
        if known and one.__module__.startswith(home):
            found.add(one)
            asked += [field.annotation for field in one.model_fields.values()]
    return found


@pytest.mark.parametrize(
    ("name", "model"), [("study.md", Study), ("canvas.md", Canvas), ("frameworks.md", Framework)]
)
def test_every_key_of_a_document_is_described(name: str, model: type[BaseModel]) -> None:
    page, models = (DOCS / name).read_text(), parts_of(model)
    assert {m.__name__ for m in models} == set(re.findall(r"begin: (\w+)", page))
    assert [
        f"{m.__name__}.{n}" for m in models for n, f in m.model_fields.items() if not f.description
    ] == []


STUDIES = [
    *blocks(DOCS / "study.md", "yaml"),
    *(p.read_text(encoding="utf-8") for p in (ROOT / "examples").rglob("study.yaml")),
]


@pytest.mark.parametrize("text", STUDIES)
def test_studies_that_people_copy_are_valid(text: str) -> None:
    assert parse_study(text, "study.yaml").forwhom == 1


@pytest.mark.parametrize("text", blocks(DOCS / "canvas.md", "yaml"))
def test_canvases_that_people_copy_are_valid(text: str) -> None:
    assert parse_canvas(text).forwhom == 1


@pytest.mark.parametrize("text", blocks(DOCS / "frameworks.md", "yaml"))
def test_frameworks_that_people_copy_are_valid(text: str) -> None:
    parsed = parse_yaml(text, "framework.yaml").data
    assert Framework.model_validate(parsed).forwhom == 1


def test_every_error_is_described_with_its_builtin() -> None:
    page = (DOCS / "errors.md").read_text()
    for name, error in inspect.getmembers(errors, inspect.isclass):
        if issubclass(error, errors.ForwhomError):
            row = re.search(rf"^\| `{name}` \| `(\w+)` \|", page, re.MULTILINE)
            assert row, f"docs/errors.md does not describe {name}"
            assert row[1] in {base.__name__ for base in error.__mro__}


def test_every_dependency_has_a_reason() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [
        *settings["project"]["dependencies"],
        *settings["build-system"]["requires"],
        *(r for rs in settings["project"]["optional-dependencies"].values() for r in rs),
        *(r for rs in settings["dependency-groups"].values() for r in rs),
    ]
    names = {re.match(r"[\w.-]+", r)[0] for r in wanted} - {"forwhom"}  # type: ignore[index]
    described = set(
        re.findall(r"^\| `([\w.-]+)` \|", (DOCS / "dependencies.md").read_text(), re.MULTILINE)
    )
    assert names - described == set(), "give each a reason in docs/dependencies.md"
    assert described - names == set(), "docs/dependencies.md describes what is not needed"


def test_the_pictures_show_what_forwhom_writes_today() -> None:
    made = load_script("draw_pictures")
    for name, text in made.drawings().items():
        assert (made.PICTURES / name).read_text(encoding="utf-8") == text, "run: make pictures"
    noted = (made.PICTURES / "report.sha256").read_text(encoding="utf-8").strip()
    assert made.digest(made.report()) == noted, "run: make pictures"


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("page", PAGES, ids=identify)
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{identify(page)} links to {link}"
        assert not anchor or anchor in anchors(target), f"{identify(page)} links to {link}"


TESTS = re.compile(r"`(tests/[\w/]+\.py)((?:::\w+)+)`")


@pytest.mark.parametrize(
    ("file", "names"), sorted(set(TESTS.findall((DOCS / "cases.md").read_text(encoding="utf-8"))))
)
def test_what_keeps_a_case_right_is_a_test(file: str, names: str) -> None:
    body: list[ast.stmt] = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
    for name in names.split("::")[1:]:
        found = [
            n for n in body if isinstance(n, ast.ClassDef | ast.FunctionDef) and n.name == name
        ]
        assert found, f"{file} has no {name}"
        body = found[0].body


def test_every_case_is_kept_by_a_test() -> None:
    rows = [r for r in (DOCS / "cases.md").read_text(encoding="utf-8").splitlines() if "|" in r]
    cases = [r for r in rows if not r.startswith(("|---", "| case |", "| data |"))]
    assert len(cases) > 30
    assert [case for case in cases if not TESTS.search(case)] == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        links = LINK.findall(page.read_text(encoding="utf-8"))
        waiting += [(page.parent / link.partition("#")[0]).resolve() for link in links]
        folders = [(page.parent / link).resolve() for link in links if link.endswith("/")]
        waiting += [p for folder in folders for p in folder.glob("*.md")]
    assert [identify(p) for p in PAGES if p.resolve() not in reached] == []


def command_lines() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for block in blocks(page, "sh", "console"):
            lines = block.replace("\\\n", " ").splitlines()
            found += [(identify(page), line.removeprefix("$ ").strip()) for line in lines]
    return [(page, line) for page, line in found if line.startswith(("forwhom ", "make "))]


@pytest.mark.parametrize(("page", "line"), command_lines())
def test_commands_in_the_docs_exist(page: str, line: str) -> None:
    program, *words = shlex.split(line, comments=True)
    if program == "make":
        targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert [w for w in words if "=" not in w and w not in targets] == []
        return
    if words[0].startswith("-"):
        assert words[0] in ("--help", "--version")
        return
    command: click.Command = cli
    parent = click.Context(cli, info_name="forwhom", **cli.context_settings)
    while isinstance(command, click.Group) and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    try:
        command.make_context(str(command.name), words, parent=parent)
    except click.UsageError as error:
        pytest.fail(f"{page}: {line}: {error.format_message()}")
    except click.exceptions.Exit:
        assert "--help" in words


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the tables that the examples of the docs read: two kinds of customers."""
    rng = np.random.default_rng(7)
    n = 400
    often = rng.random(n) < 0.4
    customers = pl.DataFrame(
        {
            "customer_id": [f"{i:05d}" for i in range(n)],
            "visits": rng.poisson(np.where(often, 12, 2)),
            "spend": np.round(rng.lognormal(np.where(often, 5.0, 3.0), 0.4), 2),
            "channel": np.where(rng.random(n) < np.where(often, 0.8, 0.2), "online", "store"),
            "satisfaction": rng.integers(1, 6, n),
            "age": rng.integers(18, 80, n),
        }
    )
    customers.write_csv(tmp_path / "customers.csv")
    customers.head(30).write_csv(tmp_path / "new.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


#: Its example needs a server: tests/web/api/test_guide.py runs it against one.
ELSEWHERE = {"api.md"}


@pytest.mark.parametrize(
    "page", [p for p in PAGES if blocks(p, "python") and p.name not in ELSEWHERE], ids=identify
)
@pytest.mark.usefixtures("shop", "swift")
def test_python_examples_run(page: Path) -> None:
    names: dict[str, object] = {}
    for block in blocks(page, "python"):
        exec(compile(ast.parse(block), identify(page), "exec"), names)


def test_nothing_points_outside_the_repository() -> None:
    outside = re.compile(r"\.\./sha" + r"red|/wo" + r"rk/")
    texts = [
        p
        for folder in ("src", "tests", "scripts", "benchmarks", ".ci")
        for p in (ROOT / folder).rglob("*")
    ]
    texts = [p for p in texts if p.suffix in {".py", ".sh", ".html", ".css", ".yaml", ".json", ""}]
    for path in [*PAGES, ROOT / "Makefile", *(p for p in texts if p.is_file())]:
        assert not outside.search(path.read_text(encoding="utf-8")), identify(path)


def test_decisions_are_numbered_one_by_one() -> None:
    pages = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    assert all(p.read_text("utf-8").startswith(f"# {int(p.name[:4])}. ") for p in pages)


def test_the_readme_counts_rules_and_frameworks() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shipped = list((ROOT / "src" / "forwhom" / "documents" / "frameworks").glob("*.yaml"))
    assert f"with {len(all_rules())} rules" in text
    assert f"**{counted(len(shipped), 'framework').capitalize()}**" in text
