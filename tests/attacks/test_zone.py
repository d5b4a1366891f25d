"""Attack 24, the zones: a wall time that does not exist or occurs twice never becomes an instant
by accident, and the instant that is signed is the only one there is."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.clock import parse_instant, to_instant, to_wall, written
from desk.errors import UsageError

ZONES = ("Asia/Ho_Chi_Minh", "Europe/Paris", "America/New_York", "Australia/Lord_Howe",
         "Asia/Kathmandu", "America/St_Johns")  # fmt: skip


def test_attack_24_a_wall_time_in_a_gap_is_refused() -> None:
    with pytest.raises(UsageError, match="does not exist"):
        to_instant(datetime(2027, 3, 28, 2, 30), "Europe/Paris")


def test_attack_24_a_wall_time_that_occurs_twice_must_be_chosen() -> None:
    wall = datetime(2026, 10, 25, 2, 30)
    with pytest.raises(UsageError, match="occurs twice"):
        to_instant(wall, "Europe/Paris")
    early, late = (to_instant(wall, "Europe/Paris", fold) for fold in ("earlier", "later"))
    assert (written(early), written(late)) == ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")


@given(st.integers(1_767_225_600, 2_082_758_400), st.sampled_from(ZONES))
def test_attack_24_every_instant_comes_back_from_its_wall_time(second: int, zone: str) -> None:
    """Never an hour early: the wall time and its fold name the instant, in every zone."""
    instant = datetime.fromtimestamp(second, tz=parse_instant("2026-01-01T00:00:00Z").tzinfo)
    local = to_wall(instant, zone)
    fold = "later" if local.fold else "earlier"
    assert to_instant(local.replace(tzinfo=None, fold=0), zone, fold) == instant
