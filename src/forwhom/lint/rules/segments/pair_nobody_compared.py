from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import count, listed


@rule("FW214", "note")
def pair_nobody_compared(view: View) -> Iterator[Finding]:
    """Nobody has looked at what makes two segments separate.

    ## What it checks

    Pairs of segments that are served or may be, of which nothing is known by which they could
    differ: no needs, propositions, channels, relationships or revenue of both, and nothing under
    `separate`. All such pairs are one finding.

    ## Why it matters

    A list of segments is a list of names until somebody asks whether they need another offer, are
    reached another way, or pay for something else. Source: Osterwalder and Pigneur, "Business Model
    Generation" (2010).

    ## Example

    ```yaml
    segments: [{id: students, name: Students}, {id: retired, name: Pensioners}]
    ```

    ## Better

    ```yaml
    segments:
      - {id: students, name: Students, separate: {offer: {text: Books for an exam}}}
      - {id: retired, name: Pensioners, separate: {offer: {text: Large print}}}
    ```
    """
    pairs = [pair for pair in view.pairs if pair.unseen]
    if pairs:
        named = listed([f"{pair.first!r} and {pair.second!r}" for pair in pairs[:3]], last="and")
        left = count(len(pairs) - 3, "more pair")
        yield Finding(
            ("segments", pairs[0].second_number - 1),
            f"nobody has looked at what makes these segments separate: {named}"
            f"{f', and {left}' if len(pairs) > 3 else ''}.",
            "Say whose needs, channels and revenue are whose, or fill in 'separate'; 'forwhom "
            "canvas separate' shows what is missing.",
        )
