from collections.abc import Iterator

from forwhom.languages.catalog import later
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import listed


@rule("FW1401", "note")
def actor_half_known(view: View) -> Iterator[Finding]:
    """An actor has no interest, no power, or no rules.

    ## What it checks

    `actors`: that each says what it wants (`interest`), how much it can do (`power`), and by which
    `rules` it lives.

    ## Why it matters

    An organization that is only named explains nothing. What it wants says whether it helps, its
    power whether that matters, and its rules what it may sign and until when. Source: the
    text on the political economy of aid of the Principles for Digital Development.

    ## Example

    ```yaml
    actors: [{id: ministry, name: Ministry of health}]
    ```

    ## Better

    ```yaml
    actors:
      - {id: ministry, name: Ministry of health, interest: One system, power: high, rules: [A year]}
    ```
    """
    for index, actor in enumerate(view.canvas.actors):
        parts = (
            (later("interest"), actor.interest.strip()), (later("power"), actor.power),
            (later("rules"), actor.rules),
        )  # fmt: skip
        lacking = [name for name, said in parts if not said]
        if lacking:
            yield Finding(
                ("actors", index),
                f"the actor {actor.name!r} has no {listed(lacking, last='or')}.",
                "Say what it wants, how much it can do, and by which rules it lives; ask it.",
            )
