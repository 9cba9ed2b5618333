from collections.abc import Iterator

from forwhom.documents.separation import CALLED
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import count, opened


@rule("FW216")
def pair_measured_otherwise(view: View) -> Iterator[Finding]:
    """Data contradict what the canvas says of two segments.

    ## What it checks

    Pairs of segments that are served or may be, for which evidence is cited under `pairs`. The
    canvas says that they differ by a criterion, in its own place under `separate` or by whose
    needs, notes and propositions are whose, and the evidence says *equivalent*; or it says the same
    of both, and the evidence says *different*. Evidence that is *undecided* contradicts nothing.
    All such pairs of a criterion are one finding.

    ## Why it matters

    Two offers for people who do not differ cost twice; one offer for people who do misses half of
    them. Either the team means something else than what was measured, and says so, or it is wrong.
    Source: Osterwalder and Pigneur, "Business Model Generation" (2010).

    ## Example

    ```yaml
    segments: [{id: students, name: Students}, {id: retired, name: Pensioners}]
    blocks:
      channels: [{text: The library on Main Street, segments: [students, retired]}]
    pairs: [{segments: [students, retired], evidence: [segments-1-2.channel@a1]}]
    evidence:
      - {id: segments-1-2.channel, statement: V = 0.45, verdict: different, fingerprint: a1}
    ```

    ## Better

    ```yaml
    segments: [{id: students, name: Students}, {id: retired, name: Pensioners}]
    blocks:
      channels:
        - {text: The library on Main Street, segments: [retired]}
        - {text: Reading lists of the university, segments: [students]}
    pairs: [{segments: [students, retired], evidence: [segments-1-2.channel@a1]}]
    evidence:
      - {id: segments-1-2.channel, statement: V = 0.45, verdict: different, fingerprint: a1}
    ```
    """
    for criterion, called in CALLED.items():
        for said, measured in (("same", "different"), ("different", "equivalent")):
            pairs = [
                pair
                for pair in view.pairs
                for one in pair.criteria
                if one.criterion == criterion and one.contradicted and one.verdict == said
            ]
            if pairs:
                named = ", ".join(f"{pair.first!r} and {pair.second!r}" for pair in pairs[:3])
                left = count(len(pairs) - 3, "more pair")
                claim = "the same" if said == "same" else "different"
                yield Finding(
                    ("segments", pairs[0].second_number - 1),
                    f"{opened(called)}: the canvas says {claim} of {named}"
                    f"{f' and {left}' if len(pairs) > 3 else ''}, and data say "
                    f"{measured}.",
                    "Say whose is whose, or under 'separate' what you mean by it; 'forwhom canvas "
                    "separate' shows what was measured.",
                )
