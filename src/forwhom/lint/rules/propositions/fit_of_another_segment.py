from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import listed


@rule("FW603")
def fit_of_another_segment(view: View) -> Iterator[Finding]:
    """A proposition answers a need of other segments than its own.

    ## What it checks

    Fits whose need names segments, none of which is a segment of the proposition.

    ## Why it matters

    Either the proposition is for that segment too, and nobody plans a channel for it, or the need
    was taken for one that its customers have. In a market with several sides this is how one side
    is built for the other's wishes.

    ## Example

    ```yaml
    segments: [{id: guests, name: Guests}, {id: hosts, name: Hosts}]
    needs: [{id: income, statement: Earn from an empty room, segments: [hosts]}]
    propositions: [{id: stay, name: Stay with locals, segments: [guests], fit: [{need: income}]}]
    ```

    ## Better

    ```yaml
    segments: [{id: guests, name: Guests}, {id: hosts, name: Hosts}]
    needs: [{id: income, statement: Earn from an empty room, segments: [hosts]}]
    propositions: [{id: rent, name: Rent out safely, segments: [hosts], fit: [{need: income}]}]
    ```
    """
    for index, proposition in enumerate(view.canvas.propositions):
        for position, fit in enumerate(proposition.fit):
            owners = view.needs[fit.need].segments
            if owners and proposition.segments and not set(owners) & set(proposition.segments):
                yield Finding(
                    ("propositions", index, "fit", position),
                    f"the proposition {proposition.name!r} answers {fit.need!r}, which only "
                    f"{listed(owners)} need.",
                    "Add that segment to the proposition, or the need to its segments.",
                )
