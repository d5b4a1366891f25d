"""What is printed when a bug ends the app: where, and what kind, but no values."""

from __future__ import annotations

import sys
import traceback

from rich.text import Text

from desk.locales import _
from desk.text import safe_text


def crash_report() -> Text:
    """The exception now being handled as files, lines and its kind.

    Neither its message nor local variables: both may hold text under embargo or a passphrase.
    """
    kind, _error, trace = sys.exc_info()
    name = kind.__name__ if kind is not None else "unknown"
    frames = [f"  {f.filename}:{f.lineno} in {f.name}" for f in traceback.extract_tb(trace)]
    head = _("The desk ended because of a fault in Desk ({name}). Releases go out without it.")
    lines = [head.format(name=name), *frames]
    return Text(safe_text("\n".join(lines), multiline=True))
