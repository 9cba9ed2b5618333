from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.grammar import missing_verb, one_word
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW104", words=True)
def job_without_verb(view: View) -> Iterator[Finding]:
    """A job statement has no verb, or nothing that the verb is about.

    ## What it checks

    Needs of kind `job` that are one word, or that begin with a word that cannot be a verb: an
    article, a comparison ("better", "more"), a noun ("happiness"). In doubt, a statement has a
    verb.

    ## Why it matters

    "Better sleep" is a hope, "health" a topic. Only an action on something can be watched, timed
    and improved: a job is a verb, its object, and the circumstances. Source: Ulwick, "What
    Customers Want" (2005).

    ## Example

    ```yaml
    needs:
      - {id: sleep, statement: Better sleep}
    ```

    ## Better

    ```yaml
    needs:
      - {id: sleep, statement: Fall asleep soon after a late shift}
    ```
    """
    for location, statement, said, core in view.jobs:
        if one_word(said):
            yield Finding(
                location,
                f"{brief(statement)} is one word.",
                "Say a verb and what it is about: 'teach my kids how to handle money'.",
            )
        elif missing_verb(core, view.words):
            yield Finding(
                location,
                f"{brief(statement)} has no verb where a job has one.",
                "Say what people do: a verb, what it is about, and when. A hope is a need of the "
                "kind 'gain'.",
            )
