"""A segmentation as its reader's language has it: names, labels and sentences that a run kept.

A file is English whoever made it. What a person named, and what the data hold, is nobody's to
translate; what a run proposed, computed or found is said again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from forwhom.documents.again import again_of
from forwhom.documents.base import is_bare, is_number
from forwhom.documents.ids import in_id
from forwhom.documents.nouns import numbered
from forwhom.documents.refresh import Refresh
from forwhom.documents.segmentation import (
    Distinction,
    Evidence,
    Quality,
    Segment,
    Segmentation,
    TypicalMember,
    Variable,
    typical_text,
)
from forwhom.documents.separateness import PairVerdict, Separateness
from forwhom.documents.separating import pair_sentence, sentences_of, statement_of
from forwhom.documents.value import Value
from forwhom.documents.verdict import verdict_of
from forwhom.languages.catalog import SOURCE, language, later, tr
from forwhom.languages.phrases import About, label_told, name_told, phrase_told
from forwhom.languages.retelling import told, value_told
from forwhom.wording import apart, lowered, opened, typed

#: A segment that has no name but its number.
_NUMBERED = re.compile(r"(Segment|Group|Band|Cut) (\d+)")
_ANSWERS = (later("yes"), later("no"))
#: What stands for a label while the rest of its sentence is told.
_LABEL = "'\uf8ff'"


def told_segmentation(segmentation: Segmentation) -> Segmentation:
    """Return a segmentation as it is shown in the language that is spoken.

    What is not known to be ours stays as it is. It is for showing: files keep what was found.
    """
    if language() == SOURCE:
        return segmentation
    variables = [_variable(one) for one in segmentation.variables]
    labels = {
        before.label: after.label
        for before, after in zip(segmentation.variables, variables, strict=True)
    }
    known = {one.name: one for one in segmentation.variables}
    rules = segmentation.model.kind == "rules"
    segments = [_segment(one, known, rules=rules) for one in segmentation.segments]
    separateness = segmentation.separateness
    found = segmentation.model_copy(
        update={
            "variables": variables,
            "segments": segments,
            "separateness": separateness and _separateness(separateness, labels, segmentation.noun),
            "quality": _quality(segmentation.quality),
            "refreshed": segmentation.refreshed and _refreshed(segmentation.refreshed, labels),
            "value": segmentation.value and _value(segmentation.value),
        }
    )
    again = _said_again(found) | dict(_of_segments(segmentation, found))
    return found.model_copy(update={"evidence": [_evidence(one, again) for one in found.evidence]})


def written_segmentation(segmentation: Segmentation) -> Segmentation:
    """Return a segmentation as it is told where people write on: without the marks of pages."""
    if language() == SOURCE:
        return segmentation
    found = told_segmentation(segmentation)
    return found.model_copy(
        update={
            "segments": [
                Segment.model_validate(_typed(one.model_dump())) for one in found.segments
            ],
            "variables": [
                one.model_copy(update={"label": typed(one.label)}) for one in found.variables
            ],
            "evidence": [
                one.model_copy(
                    update={"statement": typed(one.statement), "method": typed(one.method)}
                )
                for one in found.evidence
            ],
        }
    )


def _typed(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _typed(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_typed(value) for value in data]
    return typed(data) if isinstance(data, str) else data


def _variable(variable: Variable) -> Variable:
    return variable.model_copy(
        update={"label": label_told(variable.label), "definition": told(variable.definition)}
    )


def _segment(segment: Segment, variables: Mapping[str, Variable], *, rules: bool) -> Segment:
    about = {one.phrase: _about(one, variables) for one in segment.distinctions if one.phrase}
    proposed = segment.proposed_name
    numbered_ = _NUMBERED.fullmatch(proposed)
    if numbered_ is not None:
        proposed = opened(numbered(numbered_[1].lower(), [int(numbered_[2])]))
    elif not rules:  # whose names a person wrote
        proposed = name_told(proposed, about)
    named = segment.name != segment.proposed_name  # by a person
    typical = segment.typical_member
    return segment.model_copy(
        update={
            "name": segment.name if named else proposed,
            "proposed_name": proposed,
            "distinctions": [_distinction(one, variables) for one in segment.distinctions],
            "typical_member": typical and _typical(typical, variables),
        }
    )


def _about(one: Distinction, variables: Mapping[str, Variable]) -> About:
    variable = variables.get(one.variable)
    if one.level is None or variable is None:
        return "number"
    if variable.measure == "ordinal" and all(map(is_bare, variable.levels)):
        return "number"  # of steps that are numbers, there is more and less
    return "answer" if variable.measure == "binary" else "level"


def _distinction(one: Distinction, variables: Mapping[str, Variable]) -> Distinction:
    label = variables[one.variable].label if one.variable in variables else ""
    said = {
        "statement": _stated(one.statement, label),
        "phrase": phrase_told(one.phrase, _about(one, variables)),
    }
    return one.model_copy(update=said)


def _stated(statement: str, label: str) -> str:
    """Return a statement in which a label is told as a label, whatever words it has."""
    for start, end in (("", ": "), ("Any ", ": "), (" (", "): "), (" (", "; ")):
        for written in (opened(label), label, lowered(label)):
            at = statement.find(f"{start}{written}{end}") if label else -1
            if at == 0 or (at > 0 and start == " ("):
                begin = at + len(start)
                marked = f"{statement[:begin]}{_LABEL}{statement[begin + len(written) :]}"
                said = label_told(label)
                said = opened(said) if at == 0 and not start else lowered(said)
                return told(marked).replace(_LABEL, apart(said) if said == written else said)
    return told(statement)


def _typical(member: TypicalMember, variables: Mapping[str, Variable]) -> TypicalMember:
    values = {name: _value_of(variables.get(name), value) for name, value in member.values.items()}
    return member.model_copy(update={"values": values})


def _value_of(variable: Variable | None, value: str) -> str:
    """Return an amount or a yes or no as it is said; a level of the data stays."""
    if variable is None or variable.levels or not is_number(variable.measure):
        is_answer = variable is not None and variable.measure == "binary" and value in _ANSWERS
        return tr(value) if is_answer else value
    return value_told(value) or value


def _separateness(found: Separateness, labels: Mapping[str, str], noun: str) -> Separateness:
    pairs = [_pair(one, labels, noun) for one in found.pairs]
    return found.model_copy(
        update={
            "pairs": pairs,
            "sentences": sentences_of(pairs, found.merges, noun),
            "notes": [told(note) for note in found.notes],
        }
    )


def _pair(pair: PairVerdict, labels: Mapping[str, str], noun: str) -> PairVerdict:
    criteria = [
        one.model_copy(update={"leading": [labels.get(name, name) for name in one.leading]})
        for one in pair.criteria
    ]
    sentence = pair_sentence(pair.first, pair.second, criteria, noun)
    return pair.model_copy(update={"criteria": criteria, "sentence": sentence})


def _quality(quality: Quality) -> Quality:
    # Notes of one kind are gathered before they are told.
    left_out = [one.model_copy(update={"why": told(one.why)}) for one in quality.left_out]
    warnings = [told(warning) for warning in quality.warnings]
    return quality.model_copy(update={"left_out": left_out, "warnings": warnings})


def _refreshed(found: Refresh, labels: Mapping[str, str]) -> Refresh:
    moves = [
        one.model_copy(update={"label": labels.get(one.label, one.label), "words": told(one.words)})
        for one in found.moves
    ]
    shifts = [
        one.model_copy(update={"label": labels.get(one.label, one.label)}) for one in found.shifts
    ]
    notes = [told(note) for note in found.notes]
    return found.model_copy(update={"moves": moves, "shifts": shifts, "notes": notes})


def _value(value: Value) -> Value:
    said = {"unchecked": told(value.unchecked), "unknown": told(value.unknown)}
    return value.model_copy(update=said)


def _said_again(found: Segmentation) -> dict[str, str]:
    """Return the statements of evidence that are made of what the document holds, by their ids."""
    k, noun = len(found.segments), found.noun
    again = dict(_typical_statements(found))
    if found.structure is not None:
        known = {one.name: one for one in found.variables}
        again["segments.structure"] = verdict_of(found.structure, k, found.n, known)
    if found.stability is not None and found.stability.of(k) is not None:
        again["segments.stability"] = again_of(found.stability, k, noun)
    again |= _refresh_statements(found.refreshed)
    for pair in () if found.separateness is None else found.separateness.pairs:
        for one in pair.criteria:
            id_ = f"segments-{pair.first}-{pair.second}.{one.criterion}"
            again[id_] = statement_of(pair, one, noun)
    return again


def _refresh_statements(found: Refresh | None) -> dict[str, str]:
    if found is None:
        return {}
    again = {"refresh.verdict": found.headline}
    for one in [*([found.shift] if found.shift else []), *found.shifts]:
        id_ = f"refresh.composition.{in_id(one.variable)}" if one.variable else "refresh.sizes"
        again[id_] = one.said(found.noun)
    return again


def _of_segments(before: Segmentation, after: Segmentation) -> Iterator[tuple[str, str]]:
    """Yield the statements about single segments that hold labels, by their ids."""
    labels = {one.name: one.label for one in before.variables}
    said: dict[str, str] = {}
    about: dict[str, str] = {}
    for one, told_of in zip(before.segments, after.segments, strict=True):
        both = zip(one.distinctions, told_of.distinctions, strict=True)
        said |= {was.statement: now.statement for was, now in both}
        for what in ("revenue", "orders"):
            brought = getattr(one.worth, what, None)
            if brought is not None:
                about[f"segment-{one.id}.{what}"] = labels.get(brought.variable, brought.variable)
    for item in before.evidence:
        if item.statement in said:
            yield item.id, said[item.statement]
        elif item.id in about:
            yield item.id, _stated(item.statement, about[item.id])


def _typical_statements(found: Segmentation) -> Iterator[tuple[str, str]]:
    labels = {one.name: one.label for one in found.variables}
    for segment in found.segments:
        if segment.typical_member is not None:
            values = segment.typical_member.values
            text = typical_text({labels.get(name, name): v for name, v in values.items()})
            yield f"segment-{segment.id}.typical", text


def _evidence(one: Evidence, again: Mapping[str, str]) -> Evidence:
    said = again.get(one.id) or told(one.statement)
    return one.model_copy(update={"statement": said, "method": told(one.method)})
