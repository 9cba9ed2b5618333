"""Write what can be read from the code: parts of the docs, and the JSON Schemas.

A part stands between ``<!-- begin: NAME -->`` and ``<!-- end -->``. Run
``python scripts/fill_docs.py`` after changing an option of a command or a key of the study; a
test fails until then.
"""

from __future__ import annotations

import inspect
import re
import types
import typing
from pathlib import Path

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

import forwhom
from forwhom.cli.main import cli
from forwhom.documents import schema_text, segmentation_schema, study, study_schema

DOCS = Path(__file__).parents[1] / "docs"
SCHEMAS = Path(__file__).parents[1] / "schemas"
#: The functions of the library behind each command.
TWINS = {
    "profile": ("open_table", "profile_table"),
    "study": ("draft_study",),
    "discover": ("discover",),
    "show": ("read_segmentation", "summary_text"),
    "score": ("score",),
    "sql": ("scoring_sql",),
    "report": ("write_report",),
    "compare": ("compare",),
}
PART = re.compile(r"(<!-- begin: ([\w.]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def fill(text: str) -> str:
    """Return a page with its parts filled."""
    return PART.sub(lambda m: f"{m[1]}\n{write_part(m[2])}\n{m[3]}", text)


def write_part(name: str) -> str:
    """Return one part: the commands, the library, or a model of the study such as ``Events``."""
    if name == "commands":
        return "\n".join(write_command(command) for command in cli.commands.values())
    if name == "library":
        return write_library()
    return write_keys(getattr(study, name))


def write_library() -> str:
    """Return the table of public names with the first sentence of each docstring."""
    lines = ["| name | what it is |", "|---|---|"]
    for name in sorted(forwhom.__all__, key=str.lower):
        paragraph = (inspect.getdoc(getattr(forwhom, name)) or "").split("\n\n")[0]
        lines.append(f"| `{name}` | {' '.join(paragraph.split())} |")
    return "\n".join([*lines, ""])


def write_command(command: click.Command) -> str:
    """Return the section of one command."""
    parent = click.Context(cli, info_name="forwhom", **cli.context_settings)
    context = click.Context(command, info_name=command.name, parent=parent)
    usage = command.get_usage(context).removeprefix("Usage: ")
    paragraphs = [" ".join(p.split()) for p in (command.help or "").split("\n\n")]
    twins = " and ".join(f"`forwhom.{name}`" for name in TWINS[str(command.name)])
    lines = [
        f"## forwhom {command.name}",
        "",
        *_between(paragraphs),
        "",
        f"In Python: {twins}.",
        "",
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
    given = isinstance(default, str | int | float | Path) and not option.is_flag
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
    for name, field in model.model_fields.items():
        key = f"`{field.alias or name}`"
        lines.append(
            f"| {key} | {say_type(field.annotation)} | {_default(field)} | {field.description} |"
        )
    return "\n".join([*lines, ""])


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    return "" if value in (None, "", [], {}) else f"`{value}`"


def say_type(annotation: object) -> str:
    """Return a type in words that a writer of YAML knows."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        said = [say_type(a) for a in arguments if a is not type(None)]
        return " or ".join(dict.fromkeys(said))
    if origin is typing.Literal:
        return ", ".join(f"`{a}`" for a in arguments)
    if origin is list:
        return f"list of {say_type(arguments[0])}"
    if origin is dict:
        return f"{say_type(arguments[0])} to {say_type(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    words = {"str": "text", "int": "whole number", "float": "number", "bool": "`true` or `false`"}
    name = getattr(annotation, "__name__", str(annotation))
    return words.get(name, name)


def main() -> None:
    """Fill every page, and write the schemas."""
    for page in sorted(DOCS.rglob("*.md")):
        _write(page, fill(page.read_text(encoding="utf-8")))
    for name, schema in (("study", study_schema()), ("segmentation", segmentation_schema())):
        _write(SCHEMAS / f"{name}.schema.json", schema_text(schema))


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(DOCS.parent)}")


if __name__ == "__main__":
    main()
