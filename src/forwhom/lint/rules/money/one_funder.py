from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.rules.money.flows import ours
from forwhom.lint.view import View, day
from forwhom.wording import percent

#: Above half, all others together cannot replace a funder.
_MOST = 0.5


@rule("FW1202", "note")
def one_funder(view: View) -> Iterator[Finding]:
    """One funder gives more than half of the money.

    ## What it checks

    Flows of `funding` to us (the receiver is one of `names: ours`, or empty) that have not ended.
    Amounts in several currencies are compared with `funding_rates`; without the rate of one of
    them, nothing is said.

    ## Why it matters

    Whoever gives more than all others together decides whether the model goes on. Source: the text
    on the political economy of aid of the Principles for Digital Development, on funding flows and
    their effect.

    ## Example

    ```yaml
    names: {ours: [Clinic Line]}
    funding:
      - {from: Health Fund, to: Clinic Line, amount: 90000}
      - {from: City, to: Clinic Line, amount: 10000}
    ```

    ## Better

    ```yaml
    names: {ours: [Clinic Line]}
    funding:
      - {from: Health Fund, to: Clinic Line, amount: 40000}
      - {from: City, to: Clinic Line, amount: 30000}
      - {from: Subscriptions, to: Clinic Line, amount: 30000}
    ```
    """
    given: dict[str, float] = {}
    flows = [f for _, f in ours(view) if (day(f.until) or view.today) >= view.today]
    rates = view.canvas.funding_rates
    single = len({flow.currency for flow in flows}) == 1
    if not flows or (not single and not {flow.currency for flow in flows} <= set(rates)):
        return
    for flow in flows:
        rate = 1.0 if single else rates[flow.currency]
        given[flow.giver] = given.get(flow.giver, 0.0) + flow.amount * rate
    total = sum(amount for amount in given.values() if amount > 0)  # some was paid back
    for giver, amount in given.items():
        if total > 0 and amount / total > _MOST:
            yield Finding(
                ("funding",),
                f"{giver!r} gives {percent(amount / total)} of the money.",
                "Say in a hypothesis or a block how the model lives without this funder.",
            )
