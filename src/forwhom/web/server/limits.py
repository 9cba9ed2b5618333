"""How often somebody may try: by session, link or address they name, never by place alone."""

from __future__ import annotations

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from forwhom.errors import OptionError

#: What is limited, and to how much.
KINDS = {
    "sign-in": parse("10/5 minutes"),
    "guess": parse("60/minute"),
    "code": parse("120/minute"),
    "rate": parse("240/minute"),
    "upload": parse("20/minute"),
}


class TooOften(OptionError):
    """Somebody tries too often."""


class Limits:
    """Counts in moving windows, in this process."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def check(self, kind: str, key: str) -> None:
        """Count one try, or refuse it."""
        if not self._limiter.hit(KINDS[kind], kind, key):
            raise TooOften("This was tried too often.", "Wait a few minutes, then try again.")
