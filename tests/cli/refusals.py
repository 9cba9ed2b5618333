"""Tables as people hand them in, and what must hold when a command refuses one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

HEADER = "customer_id,visits,spend,channel\n"


def row(i: int, visits: object = None, spend: object = None, channel: str | None = None) -> str:
    often = i % 3 == 0
    values = (
        f"{i:05d}",
        (8 + i % 7 if often else i % 5) if visits is None else visits,
        (50 + i % 17 * 3.5 if often else 5 + i % 11 * 0.7) if spend is None else spend,
        ("online" if i % 4 else "store") if channel is None else channel,
    )
    return ",".join(map(str, values)) + "\n"


def table(n: int = 60, **changed: Callable[[int], object]) -> str:
    return HEADER + "".join(
        row(i, **{name: value(i) for name, value in changed.items()}) for i in range(n)
    )


def put(name: str, text: str | bytes) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def check(found, before: dict[str, bytes], folder: Path, words: tuple[str, ...]) -> None:
    assert found.exit_code == 2, found.output
    assert found.stdout == ""
    message = found.stderr[found.stderr.index("error: ") :]
    # Several mistakes come with what to do on a line each.
    assert "\nhint: " in message or message.count("\n") > 1, "a message says what to do"
    assert "Traceback" not in found.stderr
    missing = [word for word in words if word not in message]
    assert not missing, message
    assert contents(folder) == before
