"""Headings and labels of stories, in the language in which they are told."""

from forwhom.documents.results.stories import Stories
from forwhom.languages.catalog import later, speaking, tr

#: Headings and labels.
LABELS: dict[str, str] = {
    "stories": later("Stories"),
    "sources": later("Where this comes from"),
    "lacks": later("What this story lacks"),
    "whole": later("Nothing is lacking that a story needs."),
    "untold": later("Not told here: {n} more of their needs."),
    "changed": later("Evidence has changed: look again"),
    "no_evidence": later("no evidence is cited"),
    "in_canvas": later("in the canvas: {key}"),
    "nobody": later("No segment is served or may be, so there is nobody to tell of."),
    "summary": later("{n} stories; {whole} whole, {lacking} with something missing."),
    "rests": later("Every sentence says from which item of the canvas it comes. Nothing is added."),
    "made": later("Made by forwhom. This page loads nothing from elsewhere."),
}


def labels_of(found: Stories) -> dict[str, str]:
    """Return headings and labels in the language of the stories."""
    with speaking(found.told_in):
        return {key: tr(label) for key, label in LABELS.items()}
