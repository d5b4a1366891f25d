"""Open the desk on the sample: `python -m screens.sample [vi|en] [room]`."""

from __future__ import annotations

import sys

from desk.locales import set_language
from screens.app import DeskApp
from screens.sample import SampleSource

set_language(sys.argv[1] if len(sys.argv) > 1 else "vi")
DeskApp(SampleSource(), room=sys.argv[2] if len(sys.argv) > 2 else "calendar").run()
