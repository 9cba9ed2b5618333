"""How often somebody may try: by session, link, token or address they name, never by place."""

from __future__ import annotations

import math
import time

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
    "call": parse("600/minute"),
}


class TooOften(OptionError):
    """Somebody tries too often, and may try again after some seconds."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__("This was tried too often.", "Wait a few minutes, then try again.")


class Limits:
    """Counts in moving windows, in this process."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def check(self, kind: str, key: str) -> None:
        """Count one try, or refuse it."""
        if not self._limiter.hit(KINDS[kind], kind, key):
            again = self._limiter.get_window_stats(KINDS[kind], kind, key).reset_time
            raise TooOften(max(1, math.ceil(again - time.time())))
