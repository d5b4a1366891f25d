"""The publisher's log for operators: one JSON object a line on stderr, ids and codes only.

No headline, no body, no key or token ever reaches it: callers pass ids, states and numbers.
"""

from __future__ import annotations

import json
import sys
from typing import IO, Any

from desk.clock import Clock, now, written
from desk.text import safe_text


class Journal:
    """Writes events. Values are cut at 200 characters and made harmless."""

    def __init__(self, clock: Clock, stream: IO[str] | None = None, *, who: str = "") -> None:
        self._clock = clock
        self._stream = stream or sys.stderr
        self._who = who

    def __call__(self, event: str, **values: Any) -> None:
        """Write one event with its values."""
        entry: dict[str, Any] = {"time": written(now(self._clock)), "event": event}
        if self._who:
            entry["publisher"] = self._who
        for name, value in values.items():
            entry[name] = safe_text(value)[:200] if isinstance(value, str) else value
        try:
            self._stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
            self._stream.flush()
        except OSError:
            return  # a full disk under the log must not stop a release
