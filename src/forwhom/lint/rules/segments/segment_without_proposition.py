from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW205")
def segment_without_proposition(view: View) -> Iterator[Finding]:
    """A segment is served, and no proposition is for it.

    ## What it checks

    Segments with the status `serve`: that a proposition names them, or a note of the topic
    `value_propositions` is for them. A note that names neither segments nor propositions is for
    all.

    ## Why it matters

    A distinct offer is the first of the five criteria that make groups separate segments. A segment
    that is served with nothing of its own is either part of another segment, or forgotten. Source:
    Osterwalder and Pigneur, "Business Model Generation" (2010).

    ## Example

    ```yaml
    segments:
      - {id: talents, name: Freelancers, status: serve}
    ```

    ## Better

    ```yaml
    segments:
      - {id: talents, name: Freelancers, status: serve}
    propositions:
      - {id: steady, name: A steady stream of projects, segments: [talents]}
    ```
    """
    reached = view.reached("value_propositions")
    for index, segment in view.served:
        if not view.propositions_of[segment.id] and segment.id not in reached:
            yield Finding(
                ("segments", index),
                f"the segment {segment.id!r} is served, and no proposition is for it.",
                "Name it in the 'segments' of a proposition, or do not serve it.",
            )
