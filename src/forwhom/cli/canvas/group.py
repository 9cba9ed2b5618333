"""The group of commands that make and change a canvas."""

from __future__ import annotations

import click

from forwhom.cli.canvas.accept import accept
from forwhom.cli.canvas.convert import convert
from forwhom.cli.canvas.new import new
from forwhom.cli.canvas.seed import seed

EPILOG = """\b
Examples:
  forwhom canvas new --framework lean-canvas -o canvas.yaml
  forwhom canvas seed segments -o canvas.yaml
  forwhom canvas convert canvas.yaml --to canvas-13
"""


@click.group("canvas", epilog=EPILOG)
def canvas() -> None:
    """Make, seed, convert and draw a canvas: what a team knows and decides."""


for command in (new, seed, accept, convert):
    canvas.add_command(command)
