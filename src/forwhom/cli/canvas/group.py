import click

from forwhom.cli.canvas.accept import accept
from forwhom.cli.canvas.compare import compare
from forwhom.cli.canvas.convert import convert
from forwhom.cli.canvas.draw import draw
from forwhom.cli.canvas.exchange import export, import_
from forwhom.cli.canvas.new import new
from forwhom.cli.canvas.nextsteps import next_
from forwhom.cli.canvas.participants import participants
from forwhom.cli.canvas.seed import seed
from forwhom.cli.canvas.stories import stories
from forwhom.cli.choices import curves, fit, job_map, jobs, separate

EPILOG = """\b
Examples:
  forwhom canvas new --framework lean-canvas -o canvas.yaml
  forwhom canvas seed segments -o canvas.yaml
  forwhom canvas next canvas.yaml
  forwhom canvas compare before.yaml canvas.yaml
  forwhom canvas convert canvas.yaml --to canvas-13
  forwhom canvas import model.bmml -o canvas.yaml
  forwhom canvas draw canvas.yaml -o canvas.pdf
"""


@click.group("canvas", epilog=EPILOG)
def canvas() -> None:
    """Make, seed, convert and draw a canvas: what a team knows and decides."""


for command in (
    new, seed, next_, accept, compare, convert, import_, export, jobs, job_map, fit, curves,
    separate, stories, draw, participants,
):  # fmt: skip
    canvas.add_command(command)
