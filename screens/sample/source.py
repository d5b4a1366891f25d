"""The whole sample: every call of every room, answered from memory."""

from __future__ import annotations

from screens.sample.house import SampleHouse
from screens.sample.log import SampleLog
from screens.sample.monitor import SampleMonitor
from screens.sample.queue import SampleQueue
from screens.sample.release import SampleReleases
from screens.sample.reports import SampleReports
from screens.sample.search import SampleSearch
from screens.sample.unsent import SampleUnsent


class SampleSource(
    SampleHouse,
    SampleReleases,
    SampleQueue,
    SampleMonitor,
    SampleSearch,
    SampleLog,
    SampleReports,
    SampleUnsent,
):
    """A `Source` that remembers in `calls` what was done to it.

    Its contents lie round the moment of its clock, so that a clock that stands still gives the
    same pictures on every machine.
    """
