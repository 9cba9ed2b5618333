"""Read and write the plan of an experiment, and seal it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from forwhom.documents.base import expect
from forwhom.documents.edits import Edits
from forwhom.documents.experiment import ExperimentPlan, fingerprint_of, mistakes_of_plan
from forwhom.documents.files import write_text_atomically
from forwhom.documents.mistakes import Mistake, refused, validated
from forwhom.documents.study import Origin
from forwhom.documents.yamlfile import YamlText, parse_yaml, read_text
from forwhom.documents.yamlwriting import dump_yaml
from forwhom.errors import OptionError
from forwhom.suffixes import path_asked
from forwhom.wording import listed

#: A plan, or the path of its file: what functions that work on one take.
AnyPlan: TypeAlias = ExperimentPlan | str | os.PathLike[str]

_WHAT = "a plan"


def plan_of(value: AnyPlan) -> ExperimentPlan:
    """Return the plan that a value stands for: itself, or the one in a file."""
    if isinstance(value, ExperimentPlan):
        return value
    if not isinstance(value, str | os.PathLike):
        raise OptionError(
            f"A plan was expected, and this is a {type(value).__name__}.",
            "Give what forwhom.plan_experiment returned, or the path of its file.",
        )
    return read_plan(value)


def read_plan(path: str | os.PathLike[str]) -> ExperimentPlan:
    r"""Read the plan of an experiment.

    Parameters
    ----------
    path
        A YAML file.

    Returns
    -------
    ExperimentPlan
        It remembers its file, so that later messages name line and column.

    Raises
    ------
    SourceMissing
        There is no such file.
    DocumentError
        It is not a sound plan; every mistake is listed with file, line and column.
    """
    place = path_asked(path)
    return parse_plan(read_text(place, "the plan of an experiment (YAML)"), place)


def parse_plan(text: str, path: Path | None = None) -> ExperimentPlan:
    """Read a plan from its text."""
    return _plan_in(parse_yaml(text, "plan" if path is None else str(path)), path)


def _plan_in(source: YamlText, path: Path | None) -> ExperimentPlan:
    plan = validated(ExperimentPlan, source, _WHAT)
    plan._origin = Origin(path=path, source=source)
    check_plan(plan)
    return plan


def check_plan(plan: ExperimentPlan) -> None:
    """Refuse a plan that contradicts itself."""
    mistakes = [Mistake(*wrong) for wrong in mistakes_of_plan(plan)]
    if mistakes:
        raise refused(mistakes, lambda location: plan.place(*location))


def plan_text(plan: ExperimentPlan) -> str:
    """Return a plan as YAML; what is not said is left out."""
    return dump_yaml(_said(plan))


def _said(plan: ExperimentPlan) -> dict[str, Any]:
    return plan.model_dump(mode="json", exclude_defaults=True)


def write_plan(plan: ExperimentPlan, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write a plan, whole or not at all."""
    expect(plan, ExperimentPlan, "A plan", "forwhom.read_plan")
    check_plan(plan)
    return write_text_atomically(path, plan_text(plan), overwrite=overwrite)


def sealed(
    plan: ExperimentPlan, computed: ExperimentPlan, today: date, *, again: bool = False
) -> tuple[ExperimentPlan, str]:
    """Return a plan with what was computed and with a seal, and its text.

    What a person wrote stays as it is. A plan that was sealed and changed since is refused, unless
    it is to be sealed ``again``; the earlier seal is kept.
    """
    old = plan.sealed
    if old is not None and plan.changes() and not again:
        raise OptionError(
            f"{plan.place()}: the plan changed since it was sealed on {old.date}: "
            f"{listed(plan.changes(), most=None)}.",
            "Take the change back. If nobody has seen any data yet, seal it again (--again).",
        )
    if old is not None and computed.parts() == old.parts and not plan.changes():
        return plan, _text_of(plan)
    seal: dict[str, Any] = {
        "date": today.isoformat(),
        "fingerprint": fingerprint_of(computed.parts(), today.isoformat()),
        "parts": computed.parts(),
    }
    if old is not None:
        was = {"date": old.date, "fingerprint": old.fingerprint}
        seal["before"] = [*(one.model_dump() for one in old.before), was]
    edits = Edits(_source_of(plan))
    for key, value in _said(computed).items():
        if key != "sealed" and value != _said(plan).get(key):
            _set(edits, key, value, _said(plan).get(key))
    _set(edits, "sealed", seal, None if old is None else old.model_dump(mode="json"))
    done = edits.written()
    return _plan_in(done, plan._origin.path), done.text


def _set(edits: Edits, key: str, value: Any, before: Any) -> None:
    """Set what is new of a part, so that the rest keeps its form."""
    if isinstance(value, Mapping) and isinstance(before, Mapping):
        for inner, one in value.items():
            if one != before.get(inner):
                edits.set((key, inner), one)
    elif isinstance(value, list) and isinstance(before, list) and len(value) == len(before):
        written = edits.data.get(key)
        for index, (one, was) in enumerate(zip(value, before, strict=True)):
            if not isinstance(written[index], Mapping):
                edits.set((key, index), one)
                continue
            for inner in one:
                if one[inner] != was.get(inner):
                    edits.set((key, index, inner), one[inner])
    else:
        edits.set((key,), value)


def _source_of(plan: ExperimentPlan) -> YamlText:
    source = plan._origin.source
    if isinstance(source, YamlText) and validated(ExperimentPlan, source, _WHAT) == plan:
        return source
    return parse_yaml(plan_text(plan), "plan")


def _text_of(plan: ExperimentPlan) -> str:
    return _source_of(plan).text
