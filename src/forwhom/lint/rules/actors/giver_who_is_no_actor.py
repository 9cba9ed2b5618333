from collections.abc import Iterator

from forwhom.documents.names import name_key
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW1404", "note")
def giver_who_is_no_actor(view: View) -> Iterator[Finding]:
    """Somebody gives money, and stands among no actors.

    ## What it checks

    `funding` of a canvas that has `actors`: that each giver is the name of an actor, of a
    participant's organization, of a segment, or one of ours.

    ## Why it matters

    Whoever pays has an interest and rules, and is the first whom a political economy is about.
    Source: the text on the
    political economy of aid of the Principles for Digital Development.

    ## Example

    ```yaml
    actors: [{id: ministry, name: Ministry, interest: One system, power: low, rules: [A year]}]
    funding: [{from: Health Fund, amount: 90000}]
    ```

    ## Better

    ```yaml
    actors:
      - {id: ministry, name: Ministry, interest: One system, power: low, rules: [A year]}
      - {id: fund, name: Health Fund, interest: Numbers, power: high, rules: [Two years]}
    funding: [{from: Health Fund, amount: 90000}]
    ```
    """
    canvas = view.canvas
    if not canvas.actors:
        return
    known = [*canvas.names.ours, *(one.name for one in canvas.actors)]
    known += [one.name for one in canvas.segments]
    known += [name for one in canvas.participants for name in (one.name, one.organization)]
    names = {name_key(name) for name in known}
    for index, flow in enumerate(canvas.funding):
        if name_key(flow.giver) not in names:
            yield Finding(
                ("funding", index),
                f"{flow.giver!r} gives money and is no actor.",
                "Add it under 'actors': what it wants, how much it can do, its rules.",
            )
