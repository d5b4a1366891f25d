"""Checks that relate two places of calendar.yaml: references, repeated ids, order, zone changes.

They look at the plain values, not at the typed configuration, and step over whatever has the
wrong type, so that one run finds these problems too when single values are bad.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from desk.clock import to_instant
from desk.errors import UsageError
from desk.newsroom import values
from desk.newsroom.config import DEFAULT_SECTIONS, ROLES, STEPS
from desk.newsroom.marks import Path
from desk.newsroom.recurrence import Rule, parse_rule
from desk.newsroom.zones import changes
from desk.phrase import Phrase, phrase

# Years in which a slot may not meet a gap. Fixed, so that a file that is good stays good;
# should a zone change its mind later, the schedule skips the slot and says so.
HORIZON = (2026, 2040)
_LEAP_CYCLE = timedelta(days=366 * 8)

_T = TypeVar("_T")


@dataclass(frozen=True)
class Found:
    """Something wrong at `path`; at its key rather than its value when `at_key`."""

    path: Path
    what: str
    hint: str = ""
    at_key: bool = False


class View:
    """The plain values of the file, read with forgiveness."""

    def __init__(self, root: Any, drivers: Iterable[str], gates: Iterable[str]) -> None:
        self.root: dict[str, Any] = root if isinstance(root, dict) else {}
        self.drivers = tuple(drivers)
        self.gates = tuple(gates)
        newsroom = self.mapping(self.root.get("newsroom"))
        self.languages = self._languages(newsroom)
        self.zone = self.parsed(values.parse_zone, newsroom.get("zone"))
        self.kinds = self.mapping(self.root.get("kinds"))
        sections = self.root.get("sections")
        self.sections = DEFAULT_SECTIONS if sections is None else self.mapping(sections)
        self.channel_ids = self.ids("channels")

    def _languages(self, newsroom: dict[str, Any]) -> list[str]:
        """The newsroom's languages; none when one is wrong, lest every name be told for it."""
        words = self.words(newsroom, ("newsroom",), "languages")
        known = [self.parsed(values.parse_language, word) for _, word in words]
        return [] if None in known else [word for _, word in words]

    @staticmethod
    def mapping(value: Any) -> dict[str, Any]:
        """The mapping, or an empty one for anything else."""
        return value if isinstance(value, dict) else {}

    def at(self, path: Path) -> Any:
        """The value at a path of mappings; None where there is none."""
        here: Any = self.root
        for step in path:
            here = self.mapping(here).get(str(step))
        return here

    def each(self, noun: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        """The mappings in a top-level list, or in the top-level mapping of kinds."""
        value = self.root.get(noun)
        pairs: Iterable[tuple[str | int, Any]] = ()
        if isinstance(value, dict):
            pairs = value.items()
        elif isinstance(value, tuple):
            pairs = enumerate(value)
        return (((noun, key), part) for key, part in pairs if isinstance(part, dict))

    def ids(self, noun: str) -> list[str]:
        """The ids given in a top-level list."""
        return [part["id"] for _, part in self.each(noun) if isinstance(part.get("id"), str)]

    @staticmethod
    def words(part: dict[str, Any], path: Path, key: str) -> list[tuple[Path, str]]:
        """The texts in a list under `key`, each with its path."""
        value = part.get(key)
        found = enumerate(value) if isinstance(value, tuple) else ()
        return [((*path, key, i), word) for i, word in found if isinstance(word, str)]

    @staticmethod
    def parsed(parse: Callable[[object], _T], value: object) -> _T | None:
        """The parsed value, or None when it is absent or wrong (another check says so)."""
        try:
            return None if value is None else parse(value)
        except values.BadValue:
            return None


def check_relations(view: View) -> Iterator[Found]:
    """Everything wrong between places of the file, in no order."""
    for check in (
        _repeated_ids,
        _repeated_words,
        _unknown_words,
        _names,
        _chains,
        _drivers,
        _spans,
        _blackouts,
        _slots,
        _alerts,
        _mail,
        _press,
    ):
        yield from check(view)


def _repeated_ids(view: View) -> Iterator[Found]:
    for noun in ("agencies", "slots", "channels"):
        seen: set[str] = set()
        for path, part in view.each(noun):
            one = part.get("id")
            if isinstance(one, str) and one in seen:
                what = phrase("the id {found} is taken", found=values.shown(one))
                yield Found((*path, "id"), what, "Ids are unique")
            elif isinstance(one, str):
                seen.add(one)
    taken: dict[str, str] = {}
    for path, part in view.each("channels"):
        folder = view.parsed(values.parse_path, part.get("path"))
        if folder and folder in taken:
            yield Found(
                (*path, "path"),
                phrase(
                    "{found} is already the folder of '{channel}'",
                    found=values.shown(folder),
                    channel=taken[folder],
                ),
                "Give each channel a folder of its own",
            )
        elif folder:
            taken[folder] = str(part.get("id", "another"))


_LANGUAGE = phrase("language")
_CHANNEL = phrase("channel")
_Words = tuple[list[tuple[Path, str]], Phrase, Sequence[str] | None]


def _word_lists(view: View) -> Iterator[_Words]:
    """Every list of words with what a word of it is called, and the words known (None: any)."""
    newsroom = view.mapping(view.root.get("newsroom"))
    releases = view.mapping(view.root.get("releases"))
    yield view.words(newsroom, ("newsroom",), "languages"), _LANGUAGE, None
    yield view.words(releases, ("releases",), "withdraw_roles"), phrase("role"), ROLES
    for path, part in view.each("agencies"):
        yield view.words(part, path, "sections"), phrase("section"), list(view.sections)
    for path, part in view.each("kinds"):
        yield view.words(part, path, "chain"), phrase("step"), STEPS
        yield view.words(part, path, "gates"), phrase("gate"), view.gates
        yield view.words(part, path, "languages"), _LANGUAGE, view.languages or None
    for path, part in view.each("channels"):
        yield view.words(part, path, "languages"), _LANGUAGE, view.languages or None
    for path, part in view.each("slots"):
        yield view.words(part, path, "kinds"), phrase("kind"), list(view.kinds)
        yield view.words(part, path, "channels"), _CHANNEL, view.channel_ids
    for path, part in view.each("blackouts"):
        yield view.words(part, path, "channels"), _CHANNEL, view.channel_ids
    for path, part in view.each("alerts"):
        yield view.words(part, path, "when"), phrase("event"), None
    press = view.mapping(view.at(("press", "contact")))
    yield view.words(press, ("press", "contact"), "languages"), _LANGUAGE, None


def _repeated_words(view: View) -> Iterator[Found]:
    for words, noun, _ in _word_lists(view):
        seen: set[str] = set()
        for path, word in words:
            if word in seen:
                what = phrase(
                    "the {noun} {found} is listed twice", noun=noun, found=values.shown(word)
                )
                yield Found(path, what, "Keep one")
            seen.add(word)


def _unknown_words(view: View) -> Iterator[Found]:
    for words, noun, known in _word_lists(view):
        for path, word in words:
            if known is not None and word not in known:
                what = phrase("unknown {noun} {found}", noun=noun, found=values.shown(word))
                yield Found(path, what, values.closest(word, known))


def _names(view: View) -> Iterator[Found]:
    """Names have every language of the newsroom; reasons (`why`) at least one; none another."""
    places: list[tuple[Path, Any, bool]] = [
        (("newsroom", "name"), view.mapping(view.root.get("newsroom")).get("name"), True)
    ]
    places += [
        (("sections", key), names, True)
        for key, names in view.mapping(view.root.get("sections")).items()
    ]
    for noun in ("agencies", "kinds", "channels", "slots"):
        places += [((*path, "name"), part.get("name"), True) for path, part in view.each(noun)]
    places += [((*path, "why"), part.get("why"), False) for path, part in view.each("blackouts")]
    places += [(path, view.at(path), True) for path in _PRESS_TEXTS]
    for path, names, every in places:
        if not isinstance(names, dict) or not names or not view.languages:
            continue
        for key in names:
            if key not in view.languages:
                hint = values.closest(key, view.languages)
                what = phrase("unknown language {found}", found=values.shown(key))
                yield Found((*path, key), what, hint, True)
        missing = [language for language in view.languages if language not in names]
        if every and missing:
            listed = ", ".join(missing)
            yield Found(
                path,
                phrase("no text in {languages}", languages=listed),
                phrase("Add {language}: … beside the others", language=missing[0]),
            )


_PRESS_TEXTS: tuple[Path, ...] = (
    ("press", "contact", "post"),
    ("press", "byline"),
    ("press", "logo", "alt"),
    ("press", "logo", "use"),
)


def _press(view: View) -> Iterator[Found]:
    """Reporters can reach the press contact."""
    contact = view.at(("press", "contact"))
    if isinstance(contact, dict) and not {"phone", "email"} & contact.keys():
        what = phrase("nobody can reach the press contact")
        yield Found(("press", "contact"), what, "Add phone: or email:", at_key=True)


def _chains(view: View) -> Iterator[Found]:
    for path, part in view.each("kinds"):
        steps = [word for _, word in view.words(part, path, "chain") if word in STEPS]
        if steps != sorted(steps, key=STEPS.index):
            right = ", ".join(sorted(set(steps), key=STEPS.index))
            hint = phrase("Write [{right}]", right=right)
            yield Found((*path, "chain"), "the steps stand in another order", hint)
        if part.get("urgent") is not True:
            continue
        if isinstance(part.get("chain"), tuple) and len(part["chain"]) > 1:
            yield Found(
                (*path, "chain"),
                "an urgent kind has a chain of one step",
                "Keep one step, or take urgent: true out",
            )
        for gate_path, gate in view.words(part, path, "gates"):
            if gate == "translation":
                yield Found(
                    gate_path,
                    "an urgent kind does not wait for its translation",
                    "Take the gate out, or urgent: true",
                )


def _drivers(view: View) -> Iterator[Found]:
    needs = {"desk": ("url", ("path",)), "folder": ("path", ("url", "key", "credential"))}
    for path, part in view.each("channels"):
        driver = part.get("driver")
        if not isinstance(driver, str):
            continue
        if driver not in view.drivers:
            hint = values.closest(driver, view.drivers)
            what = phrase("unknown driver {found}", found=values.shown(driver))
            yield Found((*path, "driver"), what, hint)
        if driver not in needs:
            continue
        needed, foreign = needs[driver]
        if part.get(needed) is None:
            example = "https://portal.example.org" if needed == "url" else "var/press"
            hint = phrase("Write for example {key}: {example}", key=needed, example=example)
            what = phrase("a {driver} channel needs '{key}'", driver=driver, key=needed)
            yield Found(path, what, hint)
        for key in foreign:
            if key in part:
                what = phrase("a {driver} channel has no '{key}'", driver=driver, key=key)
                yield Found((*path, key), what, "Take it out", at_key=True)


def _spans(view: View) -> Iterator[Found]:
    part = view.mapping(view.root.get("releases"))
    within = view.parsed(values.parse_span, part.get("publish_within", "900s"))
    after = view.parsed(values.parse_span, part.get("not_after", "900s"))
    if within is not None and after is not None and within > after:
        place = "publish_within" if "publish_within" in part else "not_after"
        yield Found(
            ("releases", place),
            phrase(
                "publish_within ({within} s) is longer than not_after ({after} s)",
                within=within,
                after=after,
            ),
            "Nothing goes out after not_after: make publish_within as long or shorter",
        )


def _blackouts(view: View) -> Iterator[Found]:
    for path, part in view.each("blackouts"):
        start = view.parsed(values.parse_wall, part.get("from"))
        end = view.parsed(values.parse_wall, part.get("to"))
        if start and end and start >= end:
            yield Found((*path, "to"), "the blackout ends before it begins", "Exchange from and to")
        for key, wall in (("from", start), ("to", end)):
            if wall and view.zone and is_skipped(wall, view.zone):
                yield Found(
                    (*path, key),
                    phrase(
                        "{wall} does not exist in {zone}",
                        wall=f"{wall:%Y-%m-%d %H:%M}",
                        zone=view.zone,
                    ),
                    "Clocks are put forward then: choose a time before or after",
                )


def is_skipped(wall: datetime, zone_name: str) -> bool:
    """Whether the zone has no such wall time (naive), since clocks are put forward over it."""
    try:
        to_instant(wall, zone_name, "earlier")
    except UsageError:
        return True
    return False


@dataclass(frozen=True)
class _Slot:
    """What a slot says about its days, as far as it can be read."""

    path: Path
    rule: Rule
    at: time | None
    first: date | None
    last: date | None


def _slots(view: View) -> Iterator[Found]:
    for path, part in view.each("slots"):
        first = view.parsed(values.parse_day, part.get("from"))
        last = view.parsed(values.parse_day, part.get("until"))
        rule = view.parsed(parse_rule, part.get("rule"))
        if first and last and first > last:
            yield Found((*path, "until"), "the slot ends before it begins", "Exchange the dates")
        elif rule and rule.interval > 1 and not first:
            yield Found(
                (*path, "rule"),
                phrase(
                    "every {interval} of what? The rule has nothing to count from",
                    interval=rule.interval,
                ),
                "Give the slot its first date: from: 2026-01-05",
            )
        elif rule:
            at = view.parsed(values.parse_time, part.get("at"))
            yield from _slot_days(_Slot(path, rule, at, first, last), view.zone)


def _slot_days(slot: _Slot, zone_name: str | None) -> Iterator[Found]:
    start = slot.first or date(HORIZON[0], 1, 1)
    end = min(slot.last or date.max, start + _LEAP_CYCLE * slot.rule.interval, date(2299, 1, 1))
    if next(slot.rule.iterate(start, end, slot.first), None) is None:
        hint = "Look at its parts again"
        yield Found((*slot.path, "rule"), "the rule never falls on a day", hint)
    elif slot.at and zone_name and (day := _skipped_day(slot, slot.at, zone_name)):
        yield Found(
            (*slot.path, "at"),
            phrase(
                "{time} does not exist in {zone} on {day}",
                time=f"{slot.at:%H:%M}",
                zone=zone_name,
                day=day,
            ),
            "Clocks are put forward then: choose a time before or after",
        )


def _skipped_day(slot: _Slot, at: time, zone_name: str) -> date | None:
    """The first day on which the slot's wall time does not exist."""
    for change in changes(zone_name, *HORIZON):
        # A gap may begin before midnight and end after it.
        for day in sorted({change.start.date(), change.end.date()}):
            if (
                change.gap
                and change.covers(datetime.combine(day, at))
                and (slot.last is None or day <= slot.last)
                and slot.rule.days(day, day, slot.first)
            ):
                return day
    return None


def _alerts(view: View) -> Iterator[Found]:
    for path, part in view.each("alerts"):
        for key in ("to", "escalate_to"):
            yield from _target(view, (*path, key), part.get(key))
        words = [word for _, word in view.words(part, path, "when")]
        if "escalate_to" in part and not any(word.startswith(values.AHEAD) for word in words):
            yield Found(
                (*path, "escalate_to"),
                "nothing here waits for people, so nothing is escalated",
                "Add waiting or unsigned-30m to when:, or take it out",
                at_key=True,
            )
        if "escalate_after" in part and "escalate_to" not in part:
            what = "nobody is told after that span"
            yield Found((*path, "escalate_after"), what, "Write escalate_to: too", at_key=True)


def _target(view: View, path: Path, value: Any) -> Iterator[Found]:
    """A mail address needs a mail server, a webhook beyond this machine TLS."""
    target = view.mapping(value)
    if value == {} or target.keys() == {"credential"}:
        yield Found(path, "nobody is told", "Write smtp: or webhook:")
    if "smtp" in target and "mail" not in view.root:
        yield Found(
            (*path, "smtp"),
            "there is no mail server to send it by",
            "Write for example mail: {server: smtp.example.org, from: desk@example.org}",
        )
    url = view.parsed(values.parse_url, target.get("webhook"))
    if url and url.startswith("http:") and not values.is_loopback(url):
        what = "a webhook outside this machine is spoken to over https"
        yield Found((*path, "webhook"), what, "Start it with https://")
    if "credential" in target and "webhook" not in target:
        what = "only a webhook has a secret here"
        hint = "The mail server's stands in mail: as credential"
        yield Found((*path, "credential"), what, hint, at_key=True)


def _mail(view: View) -> Iterator[Found]:
    """No password without a user, nor either over a line that others can read."""
    part = view.mapping(view.root.get("mail"))
    host = view.parsed(values.parse_host, part.get("server"))
    if part.get("security") == "none" and host and not values.is_loopback_host(host):
        yield Found(
            ("mail", "security"),
            "a mail server on another host is spoken to with TLS",
            "Write starttls (port 587) or tls (port 465)",
        )
    for one, other in (("user", "credential"), ("credential", "user")):
        if one in part and other not in part:
            what = phrase("'{key}' needs '{other}'", key=one, other=other)
            yield Found(("mail", one), what, phrase("Add {key}:", key=other), at_key=True)
