from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW702", words=True)
def vague_threshold(view: View) -> Iterator[Finding]:
    """The threshold of a hypothesis has no number.

    ## What it checks

    Thresholds that hold neither a digit nor a word such as "half" or "nobody".

    ## Why it matters

    "Many" is whatever was observed. A threshold is a promise that a number can break. Source: the
    test card of Strategyzer: right if.

    ## Example

    ```yaml
    hypotheses:
      - {id: pay, statement: Parents pay, metric: Orders, threshold: many parents order}
    ```

    ## Better

    ```yaml
    hypotheses:
      - {id: pay, statement: Parents pay, metric: Orders, threshold: 5 of 100 visitors order}
    ```
    """
    for index, hypothesis in enumerate(view.canvas.hypotheses):
        text = hypothesis.threshold.strip()
        numeric = any(character.isdigit() for character in text)
        if text and not numeric and not view.words.find("numbers", text):
            yield Finding(
                ("hypotheses", index, "threshold"),
                f"the threshold {brief(text)} has no number.",
                "Say from which number on we are right.",
            )
