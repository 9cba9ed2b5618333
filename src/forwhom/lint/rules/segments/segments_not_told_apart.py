from collections.abc import Iterator

from forwhom.documents.separation import CALLED
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import listed


@rule("FW213")
def segments_not_told_apart(view: View) -> Iterator[Finding]:
    """Nothing that is known makes two segments separate.

    ## What it checks

    Every two segments that are served or may be, by offer (needs, propositions), channel,
    relationship, profitability and what they pay for: something is known of both, and nothing of
    it differs. Where both say it under `separate`, their words decide. Other roles in the purchase
    and other sides of a platform keep segments apart. `forwhom canvas separate` shows all pairs.

    ## Why it matters

    Two segments that get the same offer over the same channel are one segment with two names, and
    cost a team two of everything. These five criteria make customers separate segments: Osterwalder
    and Pigneur, "Business Model Generation" (2010); the text on customer segments of Product Acuity
    Consulting.

    ## Example

    ```yaml
    segments: [{id: students, name: Students}, {id: retired, name: Pensioners}]
    blocks:
      channels: [{text: The library on Main Street, segments: [students, retired]}]
    ```

    ## Better

    ```yaml
    segments: [{id: students, name: Students}, {id: retired, name: Pensioners}]
    blocks:
      channels:
        - {text: The library on Main Street, segments: [retired]}
        - {text: Reading lists of the university, segments: [students]}
    ```
    """
    for pair in view.pairs:
        if pair.not_told_apart:
            same = listed([CALLED[c] for c in pair.by("same")], most=None)
            unknown = listed([CALLED[c] for c in pair.by("unknown")], most=None)
            yield Finding(
                ("segments", pair.second_number - 1),
                f"nothing tells {pair.second!r} and {pair.first!r} apart: the same {same}"
                f"{f'; nobody has compared {unknown}' if unknown else ''}.",
                "Make one segment of them, or say under 'separate' of both what differs.",
            )
