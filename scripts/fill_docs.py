"""Write what can be read from the code: parts of the docs, and the JSON Schemas.

A part stands between ``<!-- begin: NAME -->`` and ``<!-- end -->``. Run
``python scripts/fill_docs.py`` after changing an option of a command or a key of the study; a
test fails until then.
"""

from __future__ import annotations

import importlib
import inspect
import re
import runpy
import tomllib
import types
import typing
from pathlib import Path

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

import forwhom
from forwhom.cli.main import cli
from forwhom.documents import (
    canvas_schema,
    experiment,
    framework_schema,
    layout,
    plan_schema,
    schema_text,
    segmentation_schema,
    study,
    study_schema,
)
from forwhom.documents.canvas import (
    economy,
    frameworks,
    kinds,
    model,
    people,
    personas,
    ratings,
    separateness,
    sides,
    strategy,
    value,
)
from forwhom.lint import all_rules, groups
from forwhom.web.api.app import bare
from forwhom.web.api.description import operations
from forwhom.web.api.problems import KINDS
from forwhom.web.people.tokens import USES
from forwhom.wording import lowered
from forwhom.workspace.tokens import SCOPES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SCHEMAS = ROOT / "schemas"
#: Where the models of the documents are, whose keys the docs list.
MODELS = (
    study, model, people, separateness, sides, economy, personas, value, ratings, strategy,
    frameworks, experiment,
)  # fmt: skip
#: The functions of the library behind each command.
TWINS = {
    "profile": ("open_table", "profile_table"),
    "study": ("draft_study",),
    "features": ("features_table",),
    "discover": ("discover",),
    "show": ("read_segmentation", "summary_text"),
    "defend": ("defense_of",),
    "rename": ("rename_segment",),
    "score": ("score",),
    "value": ("value_segments",),
    "refresh": ("refresh", "write_flows"),
    "history": ("read_history",),
    "runs": ("read_ledger",),
    "sql": ("scoring_sql", "features_sql"),
    "report": ("write_report",),
    "compare": ("compare",),
    "fairness": ("audit_fairness",),
    "experiment plan": ("plan_experiment", "ExperimentPlan", "read_plan", "write_plan"),
    "experiment read": ("read_experiment", "write_experiment"),
    "market": ("market_type",),
    "voices": ("find_voices", "propose_needs", "write_voices"),
    "funding": (
        "funding",
        "propose_participants",
        "write_funding",
        "funding_html",
        "sankey_svg",
        "flows_csv",
    ),
    "align": ("align", "write_alignment", "write_strategies"),
    "canvas new": ("new_canvas",),
    "canvas seed": ("seed_canvas",),
    "canvas next": ("next_steps", "write_next_steps"),
    "canvas accept": ("accept_claims",),
    "canvas compare": ("compare_canvases", "write_comparison"),
    "canvas convert": ("convert_canvas",),
    "canvas draw": ("draw_canvas", "write_drawing"),
    "canvas participants": ("purchase_map", "draw_purchase_map"),
    "canvas jobs": ("rank_needs", "write_choices"),
    "canvas job-map": ("map_jobs", "write_choices"),
    "canvas fit": ("assess_fit", "write_choices"),
    "canvas curves": ("compare_curves", "write_choices"),
    "canvas separate": ("separate_segments", "write_choices"),
    "canvas stories": ("tell_stories", "write_stories"),
    "decide": ("decide_segments", "write_choices"),
    "lint": ("lint_canvas",),
    "canvas import": ("import_canvas",),
    "canvas export": ("export_canvas",),
    "workshop": ("write_workshop",),
    "serve": (),
    "backup": (),
    "restore": (),
    "mcp": (),
}
#: What the ids under a key are ids of.
IDS_OF = {
    "segment": "segment",
    "segments": "segment",
    "need": "need",
    "needs": "need",
    "of": "need",
    "offer": "offer",
    "item": "need",
    "items": "need",
    "on": "participant",
    "vetoes": "participant",
    "propositions": "proposition",
    "by": "offer",
    "supports": "note",
    "actors": "actor",
    "sponsor": "segment or participant",
}
PART = re.compile(r"(<!-- begin: ([\w.]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def fill(text: str) -> str:
    """Return a page with its parts filled."""
    return PART.sub(lambda m: f"{m[1]}\n{write_part(m[2])}\n{m[3]}", text)


def write_part(name: str) -> str:
    """Return one part: the commands, the library, or a model of a document such as ``Events``."""
    if name == "session":
        said = runpy.run_path(str(ROOT / "scripts" / "assistant_session.py"))["taken_down"]()
        return str(said)
    if name == "commands":
        return "\n".join(write_command(path, command) for path, command in leaves())
    if name == "library":
        return write_library()
    if name == "rules":
        return write_rules()
    if name == "layouts":
        return write_layouts()
    if name == "rooms":
        return draw_rooms()
    if name in API:
        return API[name]()
    return write_keys(next(getattr(m, name) for m in MODELS if hasattr(m, name)))


def write_routes() -> str:
    """Return the table of the API's operations, from its description."""
    found = operations(bare().openapi())
    lines = ["| request | scope | what it does |", "|---|---|---|"]
    for one in found:
        scope = f"`{one.scope}`" if one.scope else "any"
        said = " ".join(one.summary.split())  # a row is one line
        lines.append(f"| `{one.method} {one.path}` | {scope} | {said} |")
    return "\n".join([*lines, ""])


def write_scopes() -> str:
    """Return the table of what a token may be for, and the role that each needs."""
    lines = ["| scope | what a token with it does | role of its person |", "|---|---|---|"]
    lines += [f"| `{one}` | {USES[one]} | {SCOPES[one].name.lower()} |" for one in SCOPES]
    return "\n".join([*lines, ""])


def write_problems() -> str:
    """Return the table of everything that the API refuses."""
    lines = ["| `type` | status | what it is |", "|---|---|---|"]
    lines += [f"| `/api/v1/#{one.name}` | {one.status} | {one.title} |" for one in KINDS]
    return "\n".join([*lines, ""])


API = {"routes": write_routes, "scopes": write_scopes, "problems": write_problems}


def draw_rooms() -> str:
    """Return the rooms as one picture: a box per layer, and the first line of each room's docs."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(c["layers"] for c in contracts["contracts"] if c["type"] == "layers")
    boxes = [[room.strip() for room in layer.split("|")] for layer in layers]
    said = {room: _said_of(room) for box in boxes for room in box}
    name = max(map(len, said))
    text = max(map(len, said.values()))
    edge = "─" * (name + text + 4)
    rows = ["\n".join(f"│ {r:<{name}}  {said[r]:<{text}} │" for r in box) for box in boxes]
    return "\n".join(["```text", f"┌{edge}┐", f"\n├{edge}┤\n".join(rows), f"└{edge}┘", "```", ""])


def _said_of(room: str) -> str:
    return (inspect.getdoc(importlib.import_module(f"forwhom.{room}")) or "").split("\n")[0]


def leaves(group: click.Group = cli, path: str = "") -> list[tuple[str, click.Command]]:
    """Return every command that does something, with its words after ``forwhom``."""
    found = []
    for name, command in group.commands.items():
        words = f"{path} {name}".strip()
        found += leaves(command, words) if isinstance(command, click.Group) else [(words, command)]
    return found


def write_rules() -> str:
    """Return the table of the linter's rules, and the documentation of each."""
    lines = ["| code | name | severity | finds |", "|---|---|---|---|"]
    for rule in all_rules():
        anchor = f"{rule.code}: {rule.name}".lower().replace(":", "").replace(" ", "-")
        link = f"[{rule.name}](#{anchor})"
        lines.append(f"| `{rule.code}` | {link} | {rule.severity} | {rule.summary} |")
    for group in groups():
        package = importlib.import_module(f"forwhom.lint.rules.{group}")
        lines += ["", f"## {group}", "", (package.__doc__ or "").strip()]
        for rule in (r for r in all_rules() if r.group == group):
            lines += ["", f"### {rule.code}: {rule.name}", "", rule.summary]
            for heading, text in rule.sections.items():
                lines += ["", f"**{heading}**", "", text]
    return "\n".join([*lines, ""])


def write_layouts() -> str:
    """Return a section for each layout of an export: how to read it, and what is done with it."""
    lines = ["| layout | export |", "|---|---|"]
    known = layout.known_layouts().values()
    lines += [f"| [`{one.name}`](#{one.name}) | {one.title} |" for one in known]
    for one in known:
        headings = ", ".join(f"`{heading}`" for heading in one.recognize)
        says = [f"- {said}" for said in one.says]
        says += [f"- It does not say {lowered(unknown)}." for unknown in one.unknown]
        says.append(f"- It is known by the headings {headings}. Described in: {one.source}.")
        command = f"`forwhom discover export.csv --layout {one.name}`"
        lines += ["", f"### {one.name}", "", f"{one.title}: {command}", "", *says]
    return "\n".join([*lines, ""])


def write_library() -> str:
    """Return the public names by subject, with the first sentence of each docstring."""
    lines: list[str] = []
    for subject, names in forwhom.SUBJECTS.items():
        lines += [f"### {subject}", "", "| name | what it is |", "|---|---|"]
        for name in names:
            paragraph = (inspect.getdoc(getattr(forwhom, name)) or "").split("\n\n")[0]
            lines.append(f"| `{name}` | {' '.join(paragraph.split())} |")
        lines.append("")
    return "\n".join(lines)


def write_command(path: str, command: click.Command) -> str:
    """Return the section of one command."""
    *above, _ = path.split()
    parent = click.Context(cli, info_name=" ".join(["forwhom", *above]), **cli.context_settings)
    context = click.Context(command, info_name=command.name, parent=parent)
    usage = command.get_usage(context).removeprefix("Usage: ")
    paragraphs = [" ".join(p.split()) for p in (command.help or "").split("\n\n")]
    twins = " and ".join(f"`forwhom.{name}`" for name in TWINS[path])
    lines = [
        f"## forwhom {path}",
        "",
        *_between(paragraphs),
        "",
        *([f"In Python: {twins}.", ""] if twins else []),
    ]
    lines += ["```text", " ".join(usage.split()), "```", ""]
    lines += ["| option | default | meaning |", "|---|---|---|"]
    options = [p for p in command.get_params(context) if isinstance(p, click.Option)]
    lines += [_write_option(option, context) for option in options]
    lines += ["", "```sh", *getattr(command, "examples", ()), "```", ""]
    return "\n".join(lines)


def _between(paragraphs: list[str]) -> list[str]:
    return [line for p in paragraphs for line in (p, "")][:-1]


def _write_option(option: click.Option, context: click.Context) -> str:
    names = ", ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])
    default = option.get_default(context)
    given = isinstance(default, str | int | float | Path) and default != "" and not option.is_flag
    shown = f"`{default}`" if given else ""
    meaning = option.help or ""
    if isinstance(option.type, click.Choice):
        choices = ", ".join(f"`{choice}`" for choice in option.type.choices)
        meaning = f"{meaning} One of {choices}.".strip()
    if option.required:
        meaning = f"{meaning} Required."
    return f"| {names} | {shown} | {meaning} |"


def write_keys(model: type[BaseModel]) -> str:
    """Return the table of a model's keys."""
    lines = ["| key | value | default | meaning |", "|---|---|---|---|"]
    hints = typing.get_type_hints(model, include_extras=True)
    for name, field in model.model_fields.items():
        key = f"`{field.alias or name}`"
        said = say_type(hints[name], IDS_OF.get(name, ""))
        lines.append(f"| {key} | {said} | {_default(field)} | {field.description} |")
    return "\n".join([*lines, ""])


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    nothing = isinstance(value, BaseModel) or value in (None, "", [], {})
    return "" if nothing else f"`{value}`"


def say_type(annotation: object, of: str = "") -> str:
    """Return a type in words that a writer of YAML knows; ``of`` is what an id is the id of."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        said = [say_type(a, of) for a in arguments if a is not type(None)]
        return " or ".join(dict.fromkeys(said))
    if origin is typing.Literal:
        return ", ".join(f"`{a}`" for a in arguments)
    if origin is list:
        if arguments[0] == kinds.Id:
            return f"list of ids of {of}s" if of else "list of ids"
        return (
            "list of citations"
            if arguments[0] == kinds.Citation
            else (f"list of {say_type(arguments[0])}")
        )
    if origin is dict:
        return f"{say_type(arguments[0])} to {say_type(arguments[1])}"
    if origin is typing.Annotated:
        return _say_annotated(annotation, of)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation.__module__ not in {m.__name__ for m in MODELS}:
            return "keys " + ", ".join(f"`{name}`" for name in annotation.model_fields)
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    plain = {"str": "text", "int": "whole number", "float": "number", "bool": "`true` or `false`"}
    name = getattr(annotation, "__name__", str(annotation))
    return plain.get(name, name)


def _say_annotated(annotation: object, of: str) -> str:
    if annotation == kinds.Id:
        return f"id of a {of}" if of else "id"
    named = {kinds.Citation: "citation", kinds.Day: "day (2026-11-25)"}
    return named.get(annotation) or say_type(typing.get_args(annotation)[0])


def main() -> None:
    """Fill every page, and write the schemas."""
    for page in [ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]:
        _write(page, fill(page.read_text(encoding="utf-8")))
    schemas = {
        "study": study_schema(),
        "segmentation": segmentation_schema(),
        "canvas": canvas_schema(),
        "framework": framework_schema(),
        "plan": plan_schema(),
    }
    for name, schema in schemas.items():
        _write(SCHEMAS / f"{name}.schema.json", schema_text(schema))


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
