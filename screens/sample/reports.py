"""The sample's reports: three months of two agencies."""

from __future__ import annotations

from desk.clock import written
from desk.reports.facts import Going
from desk.reports.outings import Outing
from desk.reports.report import ALL, Figures, Report, StepTime
from screens.sample.items import AGENCIES
from screens.sample.memory import ZONE, Memory, called
from screens.source.reports_room import ReportsView

_LATE = (2.0, 3.1, 1.8, 2.2, 4.0, 2.1, 11.0, 2.4, 5.2, 3.3, 2.7, 1.9, 2.5, 38.0, 2.2, 6.1)
_STEPS = (
    StepTime("appraise", 61, 1_260, 3_900, 9_400),
    StepTime("review", 58, 2_040, 5_400, 14_700),
    StepTime("check", 57, 840, 2_100, 7_200),
)


def _figures(month: str, agency: str, releases: int, late: int) -> Figures:
    return Figures(
        month, agency, releases, releases - late, late, 0, 0, 0, 3 * releases, 2.4, 11.0, 38.0,
        2 * releases, releases // 4, releases // 9, 1 if agency == ALL else 0, releases // 7, 2,
        1, 1, 2, _STEPS,
    )  # fmt: skip


class SampleReports(Memory):
    """Answers the reports room."""

    def reports(self, going: Going | None = None) -> ReportsView:
        """The figures, the newest month first."""
        self._check()
        months = ("2026-11", "2026-10", "2026-09", ALL)
        figures = tuple(
            _figures(month, agency, releases, late)
            for month, counts in zip(
                months, ((57, 1), (61, 0), (48, 3), (166, 4)), strict=True
            )
            for agency, releases, late in (
                (ALL, *counts), ("thong-ke", counts[0] // 3, 0),
                ("van-phong-tw", counts[0] // 2, counts[1]),
            )
        )  # fmt: skip
        outings = tuple(
            Outing(
                f"r-{n}", f"BT-{n:02}", written(self.day(-n // 3, 9 + n % 3 * 4)),
                ("thong-ke" if n % 3 else "van-phong-tw",), "late" if late > 30 else "on-time",
                (("portal", late), ("press", late / 2)),
            )
            for n, late in enumerate(_LATE, 1)
        )  # fmt: skip
        names = {id: called(vi, en) for id, vi, en in AGENCIES}
        return ReportsView(Report(ZONE, figures, outings), names)

    def reports_export(self) -> tuple[str, ...]:
        """Nothing is written."""
        self._done("export-reports")
        return ("reports-1200-figures.csv", "reports-1200-releases.csv")
