"""Single values as people type them in calendar.yaml: ids, spans, wall times, words.

Each `parse_*` takes what stood in the file (already NFC) and returns the typed value, or raises
`BadValue` with what is wrong and how to mend it. Nothing here knows about any other value.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import PurePosixPath

from desk.errors import UsageError
from desk.phrase import phrase
from desk.text import one_line

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SPAN = re.compile(r"(?:([0-9]{1,3})h)?(?:([0-9]{1,4})m)?(?:([0-9]{1,6})s)?")
_WALL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
_LANGUAGE = re.compile(r"([a-z]{2})(?:-[A-Z]{2}|-[A-Z][a-z]{3})?")
_HEX_KEY = re.compile(r"[0-9a-f]{64}")
_YEARS = range(2000, 2200)

# ISO 639-1, so that a country written for a language (`vn`) is caught where it stands.
_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da
de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy
hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg
li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or
os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta
te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
LANGUAGES = frozenset(_CODES.split())
_COUNTRY_FOR_LANGUAGE = {"vn": "vi", "us": "en", "gb": "en", "cn": "zh", "jp": "ja", "kh": "km"}


class BadValue(ValueError):
    """One value that cannot be used: `what` is wrong with it, and a `hint` how to mend it."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


def shown(value: object, width: int = 40) -> str:
    """A value from the file in quotes, on one safe line of bounded length."""
    return f"'{one_line(str(value)[: width * 4], width)}'"


def closest(word: str, choices: Iterable[str]) -> str:
    """A hint: the choice that `word` was probably meant to be, or all of them."""
    options = sorted(choices)[:500]
    folded = {option.lower(): option for option in options}
    near = difflib.get_close_matches(word.lower()[:64], folded, n=1, cutoff=0.6)
    if near:
        return phrase("Did you mean '{meant}'?", meant=folded[near[0]])
    if not options:
        return ""
    listed = ", ".join(options[:12]) + (", …" if len(options) > 12 else "")
    return phrase("Known here: {listed}", listed=listed)


def text_value(value: object, expected: str) -> str:
    """The value, which is a text; `expected` names what it should be. Raises BadValue."""
    if isinstance(value, str):
        return value
    raise BadValue(
        phrase(
            "expected {expected}, found {described}", expected=expected, described=described(value)
        ),
        'Put it in quotes: "…"',
    )


def described(value: object) -> str:
    """What kind of thing stands in the file, in words."""
    if value is None:
        return phrase("nothing")
    if isinstance(value, bool):
        return phrase("true or false")
    if isinstance(value, (int, float)):
        return phrase("the number {found}", found=shown(value))
    if isinstance(value, str):
        return phrase("the text {found}", found=shown(value))
    return phrase("a mapping") if isinstance(value, dict) else phrase("a list")


def parse_id(value: object) -> str:
    """An id: lower ASCII letters, digits and single hyphens, at most 64 characters."""
    text = text_value(value, phrase("an id"))
    if len(text) > 64 or not _ID.fullmatch(text):
        raise BadValue(
            phrase("{found} is not an id", found=shown(text)),
            "Use lower letters a-z, digits and hyphens, for example thong-ke; names go into 'name'",
        )
    return text


def parse_label(value: object) -> str:
    """A name or sentence that people read: one line, not blank, at most 300 characters."""
    text = " ".join(text_value(value, phrase("text")).split())
    if not text:
        raise BadValue("the text is empty", "Write what readers should see")
    if len(text) > 300:
        raise BadValue(
            phrase("the text has {count} characters", count=len(text)), "Use at most 300"
        )
    return text


def parse_span(value: object, *, least: int = 0, most: int | None = None) -> int:
    """A span such as `90s`, `10m`, `2h` or `1h30m`, as whole seconds between two bounds."""
    if isinstance(value, int) and not isinstance(value, bool):
        raise BadValue(
            phrase("the span {number} has no unit", number=value),
            phrase("Write {number}s, {number}m or {number}h", number=value),
        )
    text = text_value(value, phrase("a span such as 10m"))
    match = _SPAN.fullmatch(text)
    if not text or not match:
        raise BadValue(
            phrase("{found} is not a span", found=shown(text)), "Write it as 90s, 10m, 2h or 1h30m"
        )
    hours, minutes, secs = (int(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + secs
    if total < least:
        raise BadValue(
            phrase("the span {found} is too short", found=text),
            phrase("Use {least} or more", least=written_span(least)),
        )
    if most is not None and total > most:
        raise BadValue(
            phrase("the span {found} is too long", found=text),
            phrase("Use {most} or less", most=written_span(most)),
        )
    return total


def written_span(total: int) -> str:
    """Whole seconds as `parse_span` reads them: 5400 is `1h30m`."""
    hours, rest = divmod(total, 3600)
    parts = ((hours, "h"), (rest // 60, "m"), (rest % 60, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0s"


def parse_day(value: object) -> date:
    """A date `YYYY-MM-DD` of the years 2000 to 2199."""
    text = text_value(value, phrase("a date"))
    if not _DAY.fullmatch(text):
        raise BadValue(
            phrase("{found} is not a date", found=shown(text)), "Write it as YYYY-MM-DD: 2026-11-21"
        )
    return _day(text)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadValue(
            phrase("there is no day {found}", found=shown(text)), "Look at a calendar"
        ) from None
    if day.year not in _YEARS:
        raise BadValue(
            phrase("the year {year} is out of range", year=day.year), "Use a year from 2000 to 2199"
        )
    return day


def parse_time(value: object) -> time:
    """A time of day `HH:MM` or `HH:MM:SS`, naive wall time."""
    text = text_value(value, phrase("a time of day"))
    if not _TIME.fullmatch(text):
        raise BadValue(
            phrase("{found} is not a time of day", found=shown(text)),
            'Write it as "09:30" or "09:30:00"',
        )
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise BadValue(
            phrase("there is no time {found}", found=shown(text)),
            "Hours go from 00 to 23, minutes from 00 to 59",
        ) from None


def parse_wall(value: object) -> datetime:
    """A wall time `YYYY-MM-DDTHH:MM`, naive: the newsroom's zone says which instant it is."""
    text = text_value(value, phrase("a wall time"))
    match = _WALL.fullmatch(text)
    if not match:
        offset = text[-1:] in {"Z", "z"} or re.search(r"[+-][0-9]{2}:?[0-9]{2}$", text[10:])
        raise BadValue(
            phrase("{found} is not a wall time", found=shown(text)),
            "Leave the offset out: wall times are in the newsroom's zone"
            if offset
            else "Write it as 2026-11-21T00:00",
        )
    return datetime.combine(_day(match[1]), parse_time(match[2]))


def parse_zone(value: object) -> str:
    """The name of an IANA time zone."""
    from desk.clock import zone

    text = text_value(value, phrase("a time zone"))
    try:
        if text.isascii():
            return zone(text).key
    except UsageError:
        pass
    raise BadValue(phrase("unknown time zone {found}", found=shown(text)), closest_zone(text))


def closest_zone(text: str) -> str:
    """A hint towards the IANA name that was probably meant."""
    from zoneinfo import available_timezones

    names = {name.lower(): name for name in available_timezones()}
    wanted = text.lower().replace(" ", "_")[:64]
    cities = {name.rsplit("/", 1)[-1]: name for name in names}
    near = difflib.get_close_matches(wanted, [*names, *cities], n=1, cutoff=0.7)
    if near:
        return phrase("Did you mean '{meant}'?", meant=names[cities.get(near[0], near[0])])
    return phrase("Use an IANA name such as Asia/Ho_Chi_Minh")


def parse_language(value: object) -> str:
    """A language tag (BCP 47, ISO 639-1 with an optional script or region): `vi`, `en`, `zh-CN`."""
    text = text_value(value, phrase("a language"))
    match = _LANGUAGE.fullmatch(text)
    if match and match[1] in LANGUAGES:
        return text
    meant = _COUNTRY_FOR_LANGUAGE.get(text.lower())
    raise BadValue(
        phrase("unknown language {found}", found=shown(text)),
        phrase("Did you mean '{meant}'?", meant=meant)
        if meant
        else "Use an ISO 639-1 code such as vi or en",
    )


def parse_path(value: object) -> str:
    """A folder, relative to the newsroom's or absolute, that does not climb with `..`."""
    text = text_value(value, phrase("a folder"))
    if not text.strip() or len(text) > 1000 or "\x00" in text:
        raise BadValue("the folder's path is empty or too long", "Write for example var/press")
    if "\\" in text or text.startswith("~") or "$" in text:
        raise BadValue(
            phrase("{found} is not taken as a path", found=shown(text)),
            "Use plain names with /; nothing is expanded",
        )
    path = PurePosixPath(text)
    if ".." in path.parts:
        raise BadValue(
            phrase("{found} climbs with '..'", found=shown(text)),
            "Write a folder inside the newsroom's",
        )
    if path in {PurePosixPath("."), PurePosixPath("/")}:
        raise BadValue(
            phrase("{found} is not a folder of its own", found=shown(text)),
            "Write for example var/press",
        )
    return str(path)


def parse_key(value: object) -> str:
    """An Ed25519 public key: 64 lower hex digits."""
    text = text_value(value, phrase("a key"))
    if not _HEX_KEY.fullmatch(text):
        raise BadValue(
            phrase("{found} is not a key", found=shown(text)),
            "A key is 64 lower hex digits; the portal's operator reads it from: desk portal status",
        )
    return text


def parse_lengths(value: object, *, top: int) -> tuple[int, int]:
    """The least and the most characters: `[40, 400]`, or `400` for none to 400."""
    least, most = value if isinstance(value, tuple) and len(value) == 2 else (0, value)
    if type(least) is not int or type(most) is not int:
        raise BadValue(
            phrase(
                "expected one or two whole numbers, found {described}", described=described(value)
            ),
            "Write the most characters, 400, or the least and the most, [40, 400]",
        )
    if not 0 <= least <= most or not 1 <= most <= top:
        raise BadValue(
            phrase("{least} to {most} characters is not a range", least=least, most=most),
            phrase("Use numbers up to {top}, the less first", top=top),
        )
    return least, most


ALERT_EVENTS = (
    "alarm", "altered", "clock", "enquiry-due", "expiring", "held", "lifted", "log", "missed",
    "partial", "released", "restored", "sign-again", "unreachable", "waiting",
)  # fmt: skip
AHEAD = ("unsigned", "waiting")
"""Events that take a span before the release: unsigned-30m, waiting-2h."""


def parse_event(value: object) -> str:
    """What an alert is about: one of ALERT_EVENTS, or one of AHEAD with a span (1 s to 31 days)."""
    text = text_value(value, phrase("an event"))
    if text in ALERT_EVENTS:
        return text
    for word in AHEAD:
        if text.startswith(f"{word}-"):
            parse_span(text.removeprefix(f"{word}-"), least=1, most=31 * 86_400)
            return text
    raise BadValue(
        phrase("unknown event {found}", found=shown(text)),
        closest(text, [*ALERT_EVENTS, "unsigned-30m"]),
    )


SPOKESPERSON = ("required", "warned")


def parse_spokesperson(value: object) -> str:
    """Whether a release of a kind may be signed while nobody can speak to it: SPOKESPERSON."""
    text = text_value(value, phrase("a word"))
    if text not in SPOKESPERSON:
        raise BadValue(
            phrase("{found} is neither required nor warned", found=shown(text)),
            closest(text, SPOKESPERSON),
        )
    return text
