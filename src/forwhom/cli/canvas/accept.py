"""`forwhom canvas accept`: somebody looked, and the claims hold."""

from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import options


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom canvas accept canvas.yaml",
        "forwhom canvas accept canvas.yaml c-segment-1.distinction.recency --by Ada",
        "forwhom canvas accept canvas.yaml --all --restate --by Ada",
    ),
)
@click.argument("canvas", type=click.Path(path_type=Path))
@click.argument("claims", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Accept every suspect claim.")
@click.option("--restate", is_flag=True, help="Let claims and sizes say what the evidence says.")
@click.option("--by", default="", help="Who looked; kept in the history of the canvas.")
@click.option("--note", default="", help="Why the claims hold; kept in the history.")
@options.as_json
def accept(
    canvas: Path, claims: tuple[str, ...], everything: bool, restate: bool, by: str, note: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Clear claims whose evidence changed, after a person looked at them.

    Without claims, list what is suspect and change nothing (exit code 1 when there is some).
    """
    from forwhom.cli import terminal
    from forwhom.documents import write_text_atomically
    from forwhom.documents.canvas import (
        accept_claims,
        canvas_path,
        parse_canvas,
        read_canvas_text,
        suspects,
    )

    place = canvas_path(canvas)
    text = read_canvas_text(place)
    if not claims and not everything:
        found = suspects(parse_canvas(text, place))
        rows = [
            {"claim": s.item, "evidence": s.evidence.id, "now": s.evidence.statement} for s in found
        ]
        if as_json:
            terminal.print_json({"suspect": rows})
        else:
            lines = [f"{r['claim']}: {r['evidence']} now says: {r['now']}" for r in rows]
            click.echo("\n".join(lines) or "Nothing is suspect.")
        click.get_current_context().exit(1 if found else 0)
    text, cleared = accept_claims(text, claims, by=by, note=note, restate=restate, path=str(place))
    write_text_atomically(place, text, overwrite=True)
    if as_json:
        terminal.print_json({"accepted": [s.item for s in cleared]})
    else:
        click.echo(f"Accepted: {', '.join(dict.fromkeys(s.item for s in cleared)) or 'nothing'}")
