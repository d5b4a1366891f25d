"""The portal's log: one JSON object a line on stderr, with names and numbers only.

No text of a message, no key, no token: what a line may hold is listed here.
"""

from __future__ import annotations

import json
import logging
import sys
import time

_FIELDS = (
    "address", "assets", "asset", "bad", "bundles", "code", "durable_late_us", "item", "items",
    "path", "task", "type",
)  # fmt: skip


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        value: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        value |= {name: record.__dict__[name] for name in _FIELDS if name in record.__dict__}
        return json.dumps(value, ensure_ascii=True)


def to_stderr() -> None:
    """Send the portal's log to stderr. Exceptions of libraries are named, never quoted."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    for name in ("desk.portal", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
    logging.getLogger("desk.portal").setLevel(logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
