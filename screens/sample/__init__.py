"""A made-up newsroom in memory: for tests, pictures, and trying the keys without a newsroom.

`python -m screens.sample [vi|en] [room]` opens the desk on it. Nothing is kept. One file for each
room answers its calls; `texts` holds what the items say.
"""

from __future__ import annotations

from screens.sample.calendar import many_rows
from screens.sample.memory import PASSPHRASE, ZONE
from screens.sample.source import SampleSource

__all__ = ["PASSPHRASE", "ZONE", "SampleSource", "many_rows"]
