"""What can be written: the help of a command names the forms that its report has."""

from __future__ import annotations

import pytest

from forwhom.cli.align import align
from forwhom.cli.canvas.draw import draw
from forwhom.cli.canvas.participants import participants
from forwhom.cli.canvas.stories import stories as stories_command
from forwhom.cli.choices import curves, decide, fit, job_map, jobs, separate
from forwhom.cli.funding import funding
from forwhom.cli.report import report as report_command
from forwhom.report import alignment, canvas, choices, segmentation, stories
from forwhom.report import funding as money

FORMS = (
    (align, alignment.FORMS),
    (curves, choices.FORMS),
    (separate, choices.FORMS),
    (job_map, choices.FORMS),
    (decide, choices.FORMS),
    (draw, canvas.FORMS),
    (fit, choices.FORMS),
    (funding, money.FORMS),
    (jobs, choices.FORMS),
    (participants, canvas.MAP_FORMS),
    (stories_command, stories.FORMS),
    (report_command, segmentation.FORMS),
)


@pytest.mark.parametrize(("command", "forms"), FORMS, ids=lambda one: getattr(one, "name", ""))
def test_help_names_every_form_that_a_command_writes(command, forms):
    (output,) = [one for one in command.params if "--output" in one.opts]
    said = f"{output.help} {output.default}"
    assert [form for form in forms if f".{form}" not in said] == []
