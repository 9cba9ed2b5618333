from pathlib import Path

import click

from forwhom.cli import options, terminal


@options.command(
    "forwhom canvas accept canvas.yaml",
    "forwhom canvas accept canvas.yaml c-segment-1.distinction.recency --by Ada",
    "forwhom canvas accept canvas.yaml --all --restate --by Ada",
)
@options.canvas
@click.argument("claims", nargs=-1)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Accept every suspect claim, and take citations in that were written by hand.",
)
@click.option(
    "--restate", is_flag=True,
    help="Let claims say what the evidence says now, where nobody put them in other words.",
)  # fmt: skip
@click.option("--by", default="", help="Who looked; kept in the history of the canvas.")
@click.option("--note", default="", help="Why the claims hold; kept in the history.")
def accept(
    canvas: Path, claims: tuple[str, ...], everything: bool, restate: bool, by: str, note: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Clear claims whose evidence changed, after a person looked at them.

    Without claims, list what is suspect and change nothing (exit code 1 when there is some). A
    size takes its new share; a claim whose evidence is gone needs other evidence, or must go.
    Citations that were written by hand, without a fingerprint, get the one of their evidence.
    """
    from forwhom.documents.canvas import accept_claims, canvas_path
    from forwhom.documents.changing import changing
    from forwhom.wording import count, listed

    place = canvas_path(canvas)
    if not claims and not everything:
        click.get_current_context().exit(_listed(place, as_json))
    with changing(place) as write:
        done = accept_claims(place, claims, by=by, note=note, restate=restate)
        if done.cleared or done.taken:
            write(done.text)
    told = {
        name: list(dict.fromkeys(s.item for s in found))
        for name, found in (("accepted", done.cleared), ("kept", done.kept), ("gone", done.gone))
    } | {"taken": [f"{s.item}: {s.evidence.id}" for s in done.taken]}
    lines = [f"Accepted: {', '.join(told['accepted']) or 'nothing'}"]
    if told["taken"]:
        number = count(len(told["taken"]), "citation")
        lines.append(f"Took in, written by hand: {number} ({listed(told['taken'])})")
    if told["kept"]:
        lines.append(f"Not restated, because somebody chose the words: {', '.join(told['kept'])}")
    if told["gone"]:
        lines.append(
            f"Still suspect, because the evidence is gone: {', '.join(told['gone'])}. Cite other "
            "evidence, or take these away."
        )
    terminal.tell(told, *lines, as_json=as_json)


def _listed(place: Path, as_json: bool) -> int:
    """Print what is suspect; the exit code."""
    from forwhom.documents.canvas import read_canvas, suspects

    found = suspects(read_canvas(place))
    if as_json:
        rows = [
            {
                "claim": s.item,
                "evidence": s.evidence.id,
                "gone": s.gone,
                "before": s.evidence.previous or None,
                "now": None if s.gone else s.evidence.statement,
            }
            for s in found
        ]
        terminal.print_json({"suspect": rows})
        return 1 if rows else 0
    for suspect in found:
        terminal.write(suspect.item)
        evidence = suspect.evidence
        if suspect.gone:
            terminal.write(f"  its evidence is gone; it said: {evidence.statement}")
            continue
        if evidence.previous:
            terminal.write(f"  the evidence said: {evidence.previous}")
        terminal.write(f"  it says now:       {evidence.statement}")
    if not found:
        terminal.write("Nothing is suspect.")
    return 1 if found else 0
