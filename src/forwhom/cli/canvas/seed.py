from pathlib import Path

import click

from forwhom.cli import options, terminal
from forwhom.suffixes import YAML
from forwhom.wording import count


@options.command(
    "forwhom canvas seed segments -o canvas.yaml",
    "forwhom canvas seed segments/segmentation.json --framework lean-canvas -o canvas.yaml",
    "forwhom canvas seed segments --language de -o canvas.yaml",
)
@options.segmentation
@options.output(
    "The canvas; one that exists is brought up to date, and nothing a person wrote changes.",
    default="canvas.yaml",
)
@click.option(
    "--framework", "-f", default=None,
    help="Framework of a new canvas; left out: business-model-canvas.",
)  # fmt: skip
@click.option(
    "--language", default=None, help="Code of the language of a new canvas; left out: English."
)
@click.option(
    "--claims", type=click.IntRange(1), default=5, show_default=True,
    help="Most claims about each segment.",
)  # fmt: skip
@click.option(
    "--same-numbers", is_flag=True,
    help="The numbers mean the same segments as before, although the run does not continue the one "
    "that the canvas came from.",
)  # fmt: skip
def seed(
    segmentation: Path, output: Path, framework: str | None, language: str | None, claims: int,
    same_numbers: bool, as_json: bool,
) -> None:  # fmt: skip
    """Make a canvas from a segmentation, or bring one up to date after a refit.

    Segments and drafts of personas get claims that cite evidence; what data cannot say stays an
    open question. After a refit, claims whose evidence changed are suspect until a person looks
    and runs 'forwhom canvas accept'.
    """
    from forwhom.documents import segmentation_path
    from forwhom.documents.canvas import seed_canvas
    from forwhom.documents.changing import changing

    source = segmentation_path(segmentation)
    options.check_place(output, True, *YAML)
    before = output if output.exists() else None
    with changing(output) as write:
        done = seed_canvas(
            source, before, framework=framework, source=str(source), claims=claims,
            same_numbers=same_numbers, language=language,
        )  # fmt: skip
        write(done.text)
    lines = [f"{'Wrote' if before is None else 'Brought up to date:'} {output}"]
    if done.added:
        new = count(len(done.added), "new segment")
        lines.append(f"{new}: {'; '.join(done.added)}")
    if done.changed or done.gone:
        items = count(len(done.changed), "item of evidence", "items of evidence")
        lines.append(f"{items} changed, {len(done.gone)} gone.")
    if done.suspect:
        lines.append(f"Suspect until a person looks: {', '.join(done.suspect)}")
        lines.append(f"Then: forwhom canvas accept {output} CLAIM --by NAME")
    found = {"added": done.added, "changed": done.changed, "gone": done.gone}
    told = {"canvas": str(output)} | found | {"suspect": done.suspect}
    terminal.tell(told, *lines, as_json=as_json)
