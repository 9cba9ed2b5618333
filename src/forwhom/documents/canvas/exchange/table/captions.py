import json
from collections.abc import Mapping

from forwhom.documents.canvas.model import Canvas
from forwhom.documents.canvas.references import items

#: How far a need is answered, as a card begins.
_ANSWERED = {
    "full": "Answered in full",
    "partial": "Answered in part",
    "none": "Not answered",
    "": "Answered, nobody has said how far",
}


class Cards:
    """Says in words what a row says in ids and numbers."""

    def __init__(self, canvas: Canvas) -> None:
        self._texts = {item.id: item.text for item in items(canvas)}

    def said(self, row: Mapping[str, str]) -> str:
        """Return the words on the card of a row: its text, or what it says without one."""
        text = row.get("text", "")
        match row["kind"]:
            case "canvas":
                return f"{row['id']}: {text}" if text else row["id"]
            case "fit":
                opening = _ANSWERED.get(row.get("strength", ""), _ANSWERED[""])
                return _joined(f"{opening}: {self._named(row.get('need', ''))}", text)
            case "rating":
                said = f"{self._named(row.get('need', ''))} for {self._named(row['segments'])}"
                return f"{said}: {row.get('value', '')} by {row.get('by', '')}"
            case "value-curve":
                return f"Value curve for {self._named(row['segments'])}"
            case "funding":
                return _flow(row)
            case "exchange":
                extra = json.loads(row.get("extra") or "{}")
                return f"{extra.get('from', '')} to {extra.get('to', '')}: {text}"
            case "change":
                extra = json.loads(row.get("extra") or "{}")
                return _joined(f"{extra.get('item', '')} was {extra.get('what', '')}", text)
        return text

    def _named(self, name: str) -> str:
        return self._texts.get(name) or name


def _joined(said: str, more: str) -> str:
    return f"{said}. {more}" if more else said


def _flow(row: Mapping[str, str]) -> str:
    """The money that flows: ``'Harbor Fund to Clinic: 300 USD'``."""
    extra = json.loads(row.get("extra") or "{}")
    receiver = extra.get("to") or "nobody named yet"
    amount = f"{row.get('value', '')} {extra.get('currency', 'USD')}"
    return f"{extra.get('from', '')} to {receiver}: {amount}"
