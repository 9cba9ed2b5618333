from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import listed


@rule("FW1403")
def funding_feature_without_effect(view: View) -> Iterator[Finding]:
    """A feature of how money is given has no meaning for the model, or no place in it.

    ## What it checks

    `funding_features`: that each says what it `means` for the model, and in which `block` that is
    answered.

    ## Why it matters

    That money comes earmarked, for a year, or from one agency is a fact about others until it
    changes something here: the price, the service that is sold, who is a partner. Source: the
    text on the political economy of aid of the Principles for Digital Development.

    ## Example

    ```yaml
    funding_features: [{id: year, feature: Money for one year at a time}]
    ```

    ## Better

    ```yaml
    funding_features:
      - id: year
        feature: Money for one year at a time
        means: Sell a yearly service
        block: revenue_streams
    ```
    """
    for index, one in enumerate(view.canvas.funding_features):
        lacking = [repr(key) for key in ("means", "block") if not getattr(one, key).strip()]
        if lacking:
            yield Finding(
                ("funding_features", index),
                f"the feature {one.feature!r} has no {listed(lacking, last='or')}.",
                "Say what it means for the model, and the block where that is answered.",
            )
