"""The catalogues are whole, compiled and well formed; dates read as people write them."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import locales
from desk.errors import UsageError
from desk.locales import dates, files

WHEN = datetime(2026, 11, 20, 15, 0, 0, tzinfo=timezone(timedelta(hours=7)))


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    before = locales.language()
    yield
    locales.set_language(before)


def test_no_message_is_missing_stale_untranslated_or_not_compiled() -> None:
    assert [str(fault) for fault in files.faults()] == [], (
        "run: python -m desk.locales update, and translate what it names"
    )


def test_translations_keep_the_fields_of_their_messages() -> None:
    def fields(text: str) -> set[str | None]:
        return {name for _text, name, _spec, _conv in string.Formatter().parse(text) if name}

    for code in locales.LANGUAGES:
        for message in files.read(code):
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            strings = [message.string] if isinstance(message.string, str) else message.string
            if not ids[0] or "%(" in ids[0] or '{"' in ids[0]:
                continue
            for translated in filter(None, strings or ()):
                assert fields(translated) == fields(ids[-1]), (code, ids)


def test_messages_are_not_hidden_inside_f_strings() -> None:
    """Gathering does not look inside them on every Python that Desk runs on."""
    hidden = re.compile(r"f\"[^\"\n]*\{(_|ngettext)\(['\"]|f'[^'\n]*\{(_|ngettext)\(['\"]")
    for folder in files.SOURCES:
        for path in (files.ROOT / folder).rglob("*.py"):
            assert not hidden.search(path.read_text(encoding="utf-8")), path


def test_vietnamese_is_composed() -> None:
    import unicodedata

    text = files.po_path("vi").read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)


def test_the_language_is_chosen_by_code() -> None:
    locales.set_language("vi")
    assert locales._("released") == "đã công bố"
    assert locales.ngettext("{n} item", "{n} items", 1) == "{n} tin"
    locales.set_language("en")
    assert locales._("released") == "released"
    assert locales.ngettext("{n} item", "{n} items", 2) == "{n} items"
    with pytest.raises(UsageError):
        locales.set_language("xx")


@pytest.mark.parametrize(
    ("code", "day", "number"),
    [("vi", "Hôm nay · Thứ Sáu 20/11", "1.234,5"), ("en", "Today · Friday 20/11", "1,234.5")],
)
def test_dates_and_numbers(code: str, day: str, number: str) -> None:
    locales.set_language(code)
    assert dates.date(WHEN) == "20/11/2026"
    assert dates.clock_time(WHEN) == "15:00:00"
    assert dates.day(WHEN, WHEN) == day
    assert dates.offset(WHEN) == "GMT+7"
    assert dates.number(1234.5, 1) == number
    assert dates.number(-0.4, 1).startswith("−0")


@given(st.floats(-10, 200_000, allow_nan=False))
def test_a_countdown_never_shows_less_than_is_left(seconds: float) -> None:
    locales.set_language("en")
    text = dates.countdown(seconds)
    days, _sep, clock = text.rpartition(" ")
    hours, minutes, rest = (int(part) for part in clock.split(":"))
    shown = hours * 3600 + minutes * 60 + rest + (int(days.split()[0]) * 86400 if days else 0)
    assert 0 <= shown - max(0.0, seconds) <= 1


def test_offsets_with_minutes() -> None:
    assert dates.offset(datetime(2026, 1, 1, tzinfo=UTC)) == "GMT+0"
    zone = timezone(-timedelta(hours=3, minutes=30))
    assert dates.offset(datetime(2026, 1, 1, tzinfo=zone)) == "GMT-3:30"
