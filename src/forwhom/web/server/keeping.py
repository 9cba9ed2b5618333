"""What is worked out once and given to all who ask for the same, while the others wait for it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The values that were asked for last, by key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Future[T]] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return a value; who asks while somebody makes it waits, and who makes it in vain fails.

        The key names all that the value depends on; what goes wrong is not kept.
        """
        with self._guard:
            value = self._values.get(key)
            is_mine = value is None
            if value is None:
                value = self._values[key] = Future()
                while len(self._values) > self._most:
                    self._values.popitem(last=False)
            self._values.move_to_end(key)
        if is_mine:
            try:
                value.set_result(make())
            except BaseException as error:
                with self._guard:
                    self._values.pop(key, None)
                value.set_exception(error)
        return value.result()
