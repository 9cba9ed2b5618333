from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View

_AGAINST = {"opposes": "is against it", "unknown": "nobody knows what it thinks of it"}


@rule("FW1402")
def powerful_actor_against_it(view: View) -> Iterator[Finding]:
    """A powerful actor is against the model, or nobody knows, and no hypothesis is about it.

    ## What it checks

    Actors with `power: high` whose `stance` is `opposes` or was not said, where neither a
    hypothesis is about them (`about`) nor a feature of funding names them.

    ## Why it matters

    Who can stop a model and wants to will do so at the worst time. What would change their mind is
    something that can be believed and tested like everything else. Source: the text on the
    political economy of aid of the Principles for Digital Development.

    ## Example

    ```yaml
    actors: [{id: union, name: Union, interest: Jobs, power: high, stance: opposes}]
    ```

    ## Better

    ```yaml
    actors: [{id: union, name: Union, interest: Jobs, power: high, stance: opposes}]
    hypotheses:
      - {id: union-agrees, statement: The union agrees if no job is lost, about: [union]}
    ```
    """
    known = {one for hypothesis in view.canvas.hypotheses for one in hypothesis.about}
    known |= {one for feature in view.canvas.funding_features for one in feature.actors}
    for index, actor in enumerate(view.canvas.actors):
        if actor.power == "high" and actor.stance in _AGAINST and actor.id not in known:
            yield Finding(
                ("actors", index),
                f"{actor.name!r} has much power and {_AGAINST[actor.stance]}.",
                "Write down what would bring it to agree, as a hypothesis 'about' it, and test it.",
            )
