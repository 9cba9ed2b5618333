"""Segments that a canvas names by what they are called: each name stands for its id."""

from typing import Any

from forwhom.documents.names import Names

#: Keys under which segments are named: one, or several.
_ONE, _SEVERAL = ("segment", "sponsor"), "segments"


def with_segment_ids(data: Any) -> Any:
    """Return the values of a canvas with the ids of segments where their names stand.

    What may be several segments stays as it is, and is told as a reference to nothing.
    """
    listed = data.get("segments") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        return data
    known = {
        one["id"]: str(one.get("name") or "")
        for one in listed
        if isinstance(one, dict) and isinstance(one.get("id"), str)
    }
    names = Names("segment", "in the canvas", known)
    read = {key: _with_ids(value, names) for key, value in data.items()}
    decision = data.get("decision")
    if isinstance(decision, dict):
        read["decision"] = _judged(decision, names)
    return read


def _with_ids(value: Any, names: Names) -> Any:
    if isinstance(value, list):
        return [_with_ids(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    read: dict[str, Any] = {}
    for key, inner in value.items():
        if key in _ONE and isinstance(inner, str):
            read[key] = _id_of(inner, names)
        elif key == _SEVERAL and isinstance(inner, list):
            read[key] = [_id_of(one, names) if isinstance(one, str) else one for one in inner]
        else:
            read[key] = _with_ids(inner, names)
    return read


def _judged(decision: dict[str, Any], names: Names) -> dict[str, Any]:
    """The scores of a decision, by the ids of the segments."""
    read = dict(decision)
    scores = decision.get("scores")
    if isinstance(scores, dict):
        found = {_id_of(key, names): one for key, one in scores.items()}
        # Two names of one segment would hide each other.
        read["scores"] = found if len(found) == len(scores) else scores
    judges = decision.get("judges")
    if isinstance(judges, list):
        read["judges"] = [_judged(j, names) if isinstance(j, dict) else j for j in judges]
    return read


def _id_of(text: str, names: Names) -> str:
    meant = names.meant(text)
    return meant[0] if len(meant) == 1 else text
