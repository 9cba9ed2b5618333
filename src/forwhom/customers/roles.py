"""What each column is for: as the study says, else as the data suggest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from forwhom.customers.exclusions import rules_others_out, with_exclusions
from forwhom.customers.opening import Part, Tables
from forwhom.customers.wholes import Wholes
from forwhom.documents.base import Measure, Use, is_number
from forwhom.documents.segmentation import LeftOut, Variable
from forwhom.documents.study import Study, StudyVariable
from forwhom.errors import ColumnMissing, DataError
from forwhom.features import Feature
from forwhom.tables import VariableProfile
from forwhom.tables.scales import is_answer_scale

#: What the data suggest for a column, before the study has its say.
Suggestion: TypeAlias = VariableProfile | Feature

#: Uses that put a column into the segmentation; the others are left out, with a reason.
USED: tuple[Use, ...] = ("active", "descriptor", "protected")


@dataclass
class Roles:
    """The variables of one part, and what is left out of it."""

    variables: list[Variable] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    weight: str | None = None
    named: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)


def suggestions(part: Part, tables: Tables) -> Sequence[Suggestion]:
    """Return what the data suggest for each column of a part, but its id."""
    if part.features is not None:
        return part.features.dictionary
    columns = with_exclusions(part.table, tables.profile(part.reference))
    return [c for c in columns if c.name != part.id]


def decide(study: Study, found: Iterable[Suggestion], wholes: Wholes) -> Roles:
    """Decide use and measure of each column: the study first, inference for the rest."""
    roles = Roles()
    for column in found:
        said = study.variables.get(column.name, StudyVariable())
        use = said.use or _suggested_use(study, column, wholes)
        if said.use == "active":
            roles.named.add(column.name)
            if column.use == "protected":
                roles.warnings.append(_despite_its_name(study, said, column))
        if use == "weight":
            _set_weight(roles, column.name)
        elif use not in USED:
            roles.left_out.append(LeftOut(name=column.name, why=_why_not(said, column, use)))
        else:
            _add(roles, said, column, use, wholes)
            shares = wholes.uncounted(column.name)
            if shares is not None and use == "descriptor":
                why = f"described, but not used to form segments: {shares.why}"
                roles.left_out.append(LeftOut(name=column.name, why=why))
            if rules_others_out(column):
                _say_ruled_out(roles, column, use)
    return roles


def _despite_its_name(study: Study, said: StudyVariable, column: Suggestion) -> str:
    """Say that what looks protected forms segments; refused unless it is not who people are."""
    if said.basis in (None, "demographic"):
        where = study.place("variables", column.name)
        raise DataError(
            f"{where}{': ' if where else ''}{column.name!r} is to form segments, and a protected "
            f"attribute never does. {column.why}",
            "Give it 'use: protected': it is audited, then. Where its name misleads, and it is "
            "what people do and not who they are, say so: 'basis: behavioral'.",
        )
    return (
        f"{column.name!r} forms segments because the study says that it is {said.basis}; its name "
        "is one of a protected attribute. If it tells who people are, give it 'use: protected'."
    )


def _say_ruled_out(roles: Roles, column: Suggestion, use: Use) -> None:
    if use == "active":
        roles.warnings.append(
            f"{column.name!r} forms segments because the study says so, but it is part of an order "
            f"or of one answer: {column.why}"
        )
    else:
        roles.left_out.append(LeftOut(name=column.name, why=column.why))


def _suggested_use(study: Study, column: Suggestion, wholes: Wholes) -> Use:
    """Return what a column is for where the study does not say it of the column itself."""
    if any(column.name in whole.parts for whole in study.wholes.values()):
        return "active"
    if wholes.uncounted(column.name) is not None and column.use == "active":
        return "descriptor"
    if wholes.counts(column.name) and column.use not in USED:
        return "descriptor"
    return column.use


def _add(
    roles: Roles, said: StudyVariable, column: Suggestion, use: Use, wholes: Wholes
) -> None:  # fmt: skip
    measure = said.measure or column.measure or _measure_of_type(column)
    whole = wholes.of(column.name) if use == "active" else None
    if whole is not None and not is_number(measure):
        measure = "positive"
    if wholes.counts(column.name) and not is_number(measure):
        measure = "count"
    if measure is None:
        if said.use == "active":
            raise DataError(
                f"the variable {column.name!r} is to form segments, but it holds a {column.type}.",
                "Give it another use in the study, or turn it into a number (days since) first.",
            )
        roles.left_out.append(LeftOut(name=column.name, why=column.why))
        return
    if said.family is not None and not is_number(measure):
        raise DataError(
            f"the variable {column.name!r} has the family {said.family!r}, which is for numbers, "
            f"but it is {measure}.",
            "Take 'family' from it in the study, or give it the measure of a number.",
        )
    roles.variables.append(
        Variable(
            name=column.name,
            label=said.label or column.label,
            measure=measure,
            use=use,
            basis=said.basis or column.basis,
            role=said.role or column.role,
            criterion=said.criterion or column.criterion,
            minimum=said.minimum,
            unit=said.unit or column.unit,
            question=said.question or "",
            definition=column.definition,
            why="as the study says" if said.use or said.measure else column.why,
            levels=said.levels or _steps(column, measure),
            family=said.family,
            whole=whole and whole.name,
            items=whole and whole.items,
        )
    )


def _steps(column: Suggestion, measure: Measure) -> list[str]:
    """Return all steps of a scale, also those that nobody chose."""
    levels = () if isinstance(column, Feature) else column.levels
    return list(levels) if levels and measure == "ordinal" and is_answer_scale(levels) else []


def _measure_of_type(column: Suggestion) -> Measure | None:
    by_type: dict[str, Measure] = {"number": "continuous", "text": "nominal", "boolean": "binary"}
    return by_type.get(column.type)


def _why_not(said: StudyVariable, column: Suggestion, use: Use) -> str:
    if said.use is None or said.use == column.use:
        return column.why
    return "the study says to ignore it" if use == "ignore" else f"the study says it is {_a(use)}"


def _a(use: Use) -> str:
    return {"id": "an id", "text": "free text"}.get(use, use)


def _set_weight(roles: Roles, name: str) -> None:
    if roles.weight is not None:
        raise DataError(
            f"two columns hold weights: {roles.weight!r} and {name!r}.",
            "Give 'use: weight' to one of them in the study, and 'use: ignore' to the other.",
        )
    roles.weight = name


def check_all_placed(study: Study, names: Iterable[str]) -> None:
    """Refuse a study that names a variable which no table has, with the nearest that one has."""
    known = list(names)
    for name, said in study.variables.items():
        if name not in known and said.use != "ignore":
            where = study.place("variables", name)
            raise ColumnMissing.of(name, "the tables of the study", known, where)
