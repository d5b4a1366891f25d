"""The reports' views and calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from desk.reports.facts import Going
    from desk.reports.report import Report


@dataclass(frozen=True)
class ReportsView:
    """The report, and what its agencies are called. Nothing in it was sealed."""

    report: Report
    names: Mapping[str, str]


class ReportsSource(Protocol):
    """What happened, counted."""

    def reports(self, going: Going | None = None) -> ReportsView | None:
        """The figures of every month and agency. Raises Unavailable, TrustError.

        `going` is told how far the count is, and may end it: then there is no answer, and the
        next call goes on from there.
        """
        ...

    def reports_export(self) -> tuple[str, ...]:
        """Write the tables to new CSV files; their paths. Raises Unavailable, Conflict."""
        ...
