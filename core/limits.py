"""Rate limits on sign-in, codes and everything that can be guessed: so many tries an address and door in a moving window.

Counted in memory with the `limits` library (the one behind flask-limiter, whose own command-line part would cost every
`flask` command a fifth of a second). Several processes need a shared store here first."""

import functools
import math
from collections.abc import Callable, Collection
from typing import Any

from flask import request

from core import clock
from core.errors import Refused
from core.i18n import N_

View = Callable[..., Any]


SAID_IN_SECONDS = 120
WAIT = (
    N_("Too many tries. Try again in %(count)s minutes; this protects everybody's account."),
    N_("Too many tries. Try again in %(count)s seconds; this protects everybody's account."),
)
"""By whether the wait is short enough to be told in seconds."""


class TooMany(Refused):
    """Too many tries from one address; nothing was done. `wait`: whole seconds until the next one counts."""

    status = 429

    def __init__(self, wait: int) -> None:
        seconds = wait <= SAID_IN_SECONDS
        super().__init__("too_many", WAIT[seconds], values={"count": wait if seconds else math.ceil(wait / 60)})
        self.wait = wait


class Limiter:
    """`@limiter.limit("10 per minute")` on a view, below its route. Off while `enabled` is false."""

    def __init__(self) -> None:
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self.enabled = True
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def limit(self, rule: str, methods: Collection[str] = ()) -> Callable[[View], View]:
        from limits import parse

        item = parse(rule)

        def guard(view: View) -> View:
            @functools.wraps(view)
            def door(*args: Any, **values: Any) -> Any:
                if self.enabled and (not methods or request.method in methods):
                    self._count(item, view.__qualname__)
                return view(*args, **values)

            return door

        return guard

    def _count(self, item: Any, name: str) -> None:
        key = (name, request.remote_addr or "nobody")
        if not self._window.hit(item, *key):
            reset = self._window.get_window_stats(item, *key).reset_time
            raise TooMany(max(1, math.ceil(reset - clock.now().timestamp())))

    def reset(self) -> None:
        """Forget all counts (for tests)."""
        self._window.storage.reset()
