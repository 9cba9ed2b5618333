"""The answer as plain text, for a terminal."""

from __future__ import annotations

from forwhom.documents.base import expect
from forwhom.documents.segmentation import Segmentation
from forwhom.languages.catalog import speaking_asked, tr
from forwhom.report.outline.text import WEAKENS, bulleted
from forwhom.report.segmentation.cards import Card
from forwhom.report.segmentation.summary import Summary, summarize
from forwhom.wording import beside, folded, joined


def summary_text(
    segmentation: Segmentation, width: int = 80, *, language: str | None = None
) -> str:
    """Return the answer as plain text: segments, who they are, how sure, what weakens it.

    Parameters
    ----------
    segmentation
        The segments and their evidence.
    width
        Columns of the terminal; lines are wrapped to it, at least 40.
    language
        What forwhom says is said in this language: ``en``, ``de`` or ``ar``; left out: English.

    Returns
    -------
    str
        Lines without markup or colors, ending with a line break.

    Raises
    ------
    OptionError
        forwhom does not say this in that language.

    Examples
    --------
    >>> from forwhom.documents.segmentation import Segmentation
    >>> def segment(number, name, n):
    ...     return {
    ...         "id": number, "name": name, "proposed_name": name, "n": n, "share": n / 50,
    ...         "share_interval": {"low": n / 50 - 0.1, "high": n / 50 + 0.1},
    ...         "certainty": {"mean_probability": 1.0, "sure": 1.0},
    ...     }
    >>> segmentation = Segmentation.model_validate({
    ...     "created": "2026-01-02T03:04:05Z", "version": "0.1.0", "n": 50, "variables": [],
    ...     "model": {"kind": "rules", "rules": [{"name": "Loyal", "when": "visits > 9"}]},
    ...     "fit": {"method": "rules", "seed": 0}, "overlap": [[1.0, 0.0], [0.0, 1.0]],
    ...     "segments": [segment(1, "Everyone else", 30), segment(2, "Loyal", 20)],
    ... })
    >>> print(summary_text(segmentation, width=60), end="")
    Two segments among 50 customers
    The segments are rules that a person wrote. Membership
    follows from the rules; nothing tests whether the groups are
    real.
    <BLANKLINE>
      1  Everyone else
         60% (50–70%), 30 customers
    <BLANKLINE>
      2  Loyal
         40% (30–50%), 20 customers
    """
    expect(segmentation, Segmentation, "A segmentation", "forwhom.read_segmentation")
    with speaking_asked(language):
        return "\n".join(_lines(summarize(segmentation), max(width, 40))) + "\n"


def _lines(summary: Summary, width: int) -> list[str]:
    told = summary.answer
    lines: list[str] = []
    if summary.title:
        lines += [*folded(summary.title, width), ""]
    for sentence in (told.headline, *told.sentences):
        lines += folded(sentence, width)
    if not told.mass_market:
        for card in summary.cards:
            lines += ["", *_segment_lines(card, width)]
    for remarks in (summary.remarks, summary.asides):
        lines += [""] if remarks else []
        lines += [line for remark in remarks for line in folded(remark, width)]
    lines += bulleted(tr(WEAKENS), told.warnings, width)
    return lines


def _segment_lines(card: Card, width: int) -> list[str]:
    number = f"{card.id:>3}  "
    indent = " " * len(number)
    lines = folded(card.name, width, number, indent)
    size = joined([f"{card.share_text} ({card.interval_text})", card.customers])
    lines += folded(beside(filter(None, [size, card.sureness])), width, indent, indent)
    brings = card.brings.sentence if card.brings else ""
    statements = [*filter(None, [brings, card.standing]), *(d.statement for d in card.first[:2])]
    for statement in statements:
        lines += folded(statement, width, indent, indent)
    return lines
