from collections.abc import Iterator
from datetime import date

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.rules.money.flows import ours
from forwhom.lint.view import View, day

#: Half a year is about what the next proposal takes.
_SOON = 183


@rule("FW1201")
def funding_that_ends(view: View) -> Iterator[Finding]:
    """Funding of ours ends soon, or has ended.

    ## What it checks

    Flows of `funding` to us (the receiver is one of `names: ours`, or empty) whose `until` is less
    than half a year away or past, when no other flow from the same giver goes on for longer.

    ## Why it matters

    Money in the aid sector comes as grants and contracts with an end, and humanitarian money with a
    near one. What happens to users on the day after is part of the model. Source: the text on the
    political economy of aid of the Principles for Digital Development.

    ## Example

    ```yaml
    names: {ours: [Clinic Line]}
    funding: [{from: Health Fund, to: Clinic Line, amount: 90000, until: "2025-12-31"}]
    ```

    ## Better

    ```yaml
    names: {ours: [Clinic Line]}
    funding: [{from: Health Fund, to: Clinic Line, amount: 90000, until: "2098-12-31"}]
    ```
    """
    flows = list(ours(view))
    for index, flow in flows:
        end = day(flow.until)
        if end is None or (end - view.today).days >= _SOON:
            continue
        if all((day(f.until) or date.max) <= end for _, f in flows if f.giver == flow.giver):
            verb = "ended" if end < view.today else "ends"
            yield Finding(
                ("funding", index),
                f"the funding by {flow.giver!r} {verb} on {end}.",
                "Say what pays after that day: another flow, or a revenue stream.",
            )
