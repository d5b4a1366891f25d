"""The newsroom's configuration as calendar.yaml says it: typed, frozen, checked value by value.

What relates two places of the file (references, order of dates, zone changes) is in `checks`.
Spans are whole seconds, wall times naive and in the newsroom's zone, ids unique in their list.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import partial
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from desk.errors import NotFound
from desk.newsroom import addresses, values
from desk.newsroom.marks import Marks, Path
from desk.newsroom.recurrence import Rule, parse_rule
from desk.phrase import phrase

STEPS = ("appraise", "review", "check")
"""The steps a chain may have, in the order in which they are taken."""
ROLES = ("author", *STEPS, "lead", "spokesperson", "admin")
KNOWN_GATES = ("summary", "sources", "legal", "terms", "translation", "assets", "length")
KNOWN_DRIVERS = ("desk", "folder")

Id = Annotated[str, BeforeValidator(values.parse_id)]
Label = Annotated[str, BeforeValidator(values.parse_label)]
Language = Annotated[str, BeforeValidator(values.parse_language)]
Day = Annotated[date, BeforeValidator(values.parse_day)]
TimeOfDay = Annotated[time, BeforeValidator(values.parse_time)]
Wall = Annotated[datetime, BeforeValidator(values.parse_wall)]
Zone = Annotated[str, BeforeValidator(values.parse_zone)]
Url = Annotated[str, BeforeValidator(addresses.parse_url)]
Folder = Annotated[str, BeforeValidator(values.parse_path)]
HexKey = Annotated[str, BeforeValidator(values.parse_key)]
Email = Annotated[str, BeforeValidator(addresses.parse_email)]
Event = Annotated[str, BeforeValidator(values.parse_event)]
Phone = Annotated[str, BeforeValidator(addresses.parse_phone)]
Host = Annotated[str, BeforeValidator(addresses.parse_host)]
MailSecurity = Annotated[str, BeforeValidator(addresses.parse_mail_security)]
SlotRule = Annotated[Rule, PlainValidator(parse_rule)]
Names = Annotated[Mapping[Language, Label], Field(min_length=1)]
"""A text in several languages: language tag -> text."""

DEFAULT_SECTIONS: dict[str, dict[str, str]] = {
    "introduction": {"vi": "Giới thiệu", "en": "Introduction"},
    "activity-news": {"vi": "Tin hoạt động", "en": "Activity news"},
    "party-building": {"vi": "Xây dựng Đảng", "en": "Party building"},
    "documents": {"vi": "Văn bản", "en": "Documents"},
}


class _Part(BaseModel):
    """Strict and frozen, and it knows no key that is not named here."""

    # Each part alone would be compiled too, besides its place in the whole.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Newsroom(_Part):
    """The installation itself: its id, public name, home zone, and languages, main one first."""

    id: Id = Field(examples=["desk-vn"])
    name: Names = Field(examples=["{vi: Tòa soạn, en: Newsroom}"])
    zone: Zone = Field(examples=["Asia/Ho_Chi_Minh"])
    languages: tuple[Language, ...] = Field(min_length=1, examples=["[vi, en]"])


class Agency(_Part):
    """A contributing organisation and the sections of its pages."""

    id: Id = Field(examples=["thong-ke"])
    name: Names = Field(examples=["{vi: Cục Thống kê, en: National Statistics Office}"])
    sections: tuple[Id, ...] = ()


def _lengths(top: int) -> BeforeValidator:
    return BeforeValidator(partial(values.parse_lengths, top=top))


class Limits(_Part):
    """The least and the most characters (code points of plain text) for the length gate."""

    headline: Annotated[tuple[int, int], _lengths(1_000)] = (1, 160)
    summary: Annotated[tuple[int, int], _lengths(5_000)] = (40, 900)
    body: Annotated[tuple[int, int], _lengths(500_000)] = (200, 60_000)


class Kind(_Part):
    """A kind of item: who approves it, what must be ready, in which languages it goes out."""

    name: Names | None = None
    chain: tuple[str, ...] = Field(min_length=1, examples=["[review]"])
    gates: tuple[str, ...] = Field(default=(), examples=["[summary, sources]"])
    languages: tuple[Language, ...] | None = Field(default=None, min_length=1)
    urgent: bool = False
    spokesperson: Annotated[str, BeforeValidator(values.parse_spokesperson)] = "warned"
    limits: Limits = Limits()


class Slot(_Part):
    """A recurring place in the calendar: days by `rule`, time of day `at`, both wall time."""

    id: Id = Field(examples=["morning"])
    name: Names | None = None
    rule: SlotRule = Field(examples=['"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"'])
    at: TimeOfDay = Field(examples=['"09:30"'])
    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="until")
    kinds: tuple[Id, ...] = Field(min_length=1, examples=["[news]"])
    channels: tuple[Id, ...] = Field(min_length=1, examples=["[portal]"])


class Blackout(_Part):
    """A span of wall time, end excluded, in which nothing goes out on `channels` (none: on all)."""

    start: Wall = Field(alias="from", examples=["2026-11-21T00:00"])
    end: Wall = Field(alias="to", examples=["2026-11-22T00:00"])
    why: Names = Field(examples=["{vi: bảo trì cổng, en: portal maintenance}"])
    channels: tuple[Id, ...] | None = Field(default=None, min_length=1)


class Channel(_Part):
    """A destination. `desk` has a url, folder a path; `key` signs the portal's receipts."""

    id: Id = Field(examples=["portal"])
    name: Names | None = None
    driver: str = Field(examples=["desk"])
    url: Url | None = None
    path: Folder | None = None
    languages: tuple[Language, ...] = Field(min_length=1, examples=["[vi, en]"])
    required: bool = True
    credential: Id | None = None
    key: HexKey | None = None


DAY = 86_400


def _span(least: int, most: int) -> BeforeValidator:
    return BeforeValidator(partial(values.parse_span, least=least, most=most))


class Releases(_Part):
    """The rules of release. All spans in seconds, `clock_bound_ms` in milliseconds."""

    signers: int = Field(ge=1, le=20, examples=["2"])
    stage_ahead: Annotated[int, _span(30, DAY)] = 600
    publish_within: Annotated[int, _span(0, 7 * DAY)] = 900
    not_after: Annotated[int, _span(1, 7 * DAY)] = 900
    clock_bound_ms: int = Field(default=500, ge=1, le=60_000)
    min_gap: Annotated[int, _span(0, DAY)] = 0
    withdraw_roles: tuple[str, ...] = Field(default=("lead",), min_length=1)


class Mail(_Part):
    """The mail server that alerts leave by. `credential` names the password of `user`."""

    server: Host = Field(examples=["smtp.example.org"])
    port: int | None = Field(default=None, ge=1, le=65_535)
    security: MailSecurity = "starttls"
    sender: Email = Field(alias="from", examples=["desk@example.org"])
    user: Label | None = None
    credential: Id | None = None


class AlertTarget(_Part):
    """Where an alert goes: a mail address, a webhook, or both.

    `credential` names the shared secret that signs what the webhook gets; without it `webhook`.
    """

    smtp: Email | None = None
    webhook: Url | None = None
    credential: Id | None = None


class Alert(_Part):
    """Who is told about which events, and who else when people are still waited for later."""

    when: tuple[Event, ...] = Field(min_length=1, examples=["[held, missed]"])
    to: AlertTarget = Field(examples=["{smtp: desk@example.org}"])
    escalate_to: AlertTarget | None = None
    escalate_after: Annotated[int, _span(60, DAY)] = 900


class PressContact(_Part):
    """Whom reporters ask: a post, its public number and mail address, the languages it speaks."""

    post: Names = Field(examples=["{vi: Phòng Báo chí, en: Press office}"])
    phone: Phone | None = None
    email: Email | None = None
    languages: tuple[Language, ...] = Field(min_length=1, examples=["[vi, en]"])


class Logo(_Part):
    """The newsroom's logo in words: what it shows, and what reporters may do with it."""

    alt: Names = Field(examples=["{vi: Biểu trưng của tòa soạn, en: The newsroom's logo}"])
    use: Names = Field(examples=["{vi: Dùng kèm tin, en: Use it beside news}"])


class PressPart(_Part):
    """What the public pages and the press kit tell reporters. All of it is public."""

    contact: PressContact | None = None
    byline: Names | None = None
    logo: Logo | None = None


_Named = TypeVar("_Named", Agency, Channel, Slot)


class NewsroomConfig(_Part):
    """Everything calendar.yaml says. Made by `load`, never by hand."""

    newsroom: Newsroom
    sections: Mapping[Id, Names] = Field(default=DEFAULT_SECTIONS)
    agencies: tuple[Agency, ...] = Field(min_length=1)
    kinds: Mapping[Id, Kind] = Field(min_length=1)
    channels: tuple[Channel, ...] = Field(min_length=1)
    slots: tuple[Slot, ...] = ()
    blackouts: tuple[Blackout, ...] = ()
    releases: Releases = Field(examples=["{signers: 2}"])
    alerts: tuple[Alert, ...] = ()
    mail: Mail | None = None
    press: PressPart | None = None
    _marks: Marks = Marks()

    @property
    def marks(self) -> Marks:
        """Where each value stands in the file this was read from."""
        return self._marks

    def at_marks(self, marks: Marks) -> NewsroomConfig:
        """This configuration, knowing where its values stand. For the loader."""
        known: NewsroomConfig = self.model_copy()
        known._marks = marks
        return known

    def agency(self, agency_id: str) -> Agency:
        """The agency of that id. Raises NotFound."""
        return _find("agency", agency_id, self.agencies)

    def channel(self, channel_id: str) -> Channel:
        """The channel of that id. Raises NotFound."""
        return _find("channel", channel_id, self.channels)

    def slot(self, slot_id: str) -> Slot:
        """The slot of that id. Raises NotFound."""
        return _find("slot", slot_id, self.slots)

    def kind(self, kind_id: str) -> Kind:
        """The kind of that id. Raises NotFound."""
        if kind_id not in self.kinds:
            raise NotFound(
                phrase("No kind '{kind_id}'", kind_id=kind_id),
                "",
                values.closest(kind_id, self.kinds),
            )
        return self.kinds[kind_id]

    def kind_languages(self, kind_id: str) -> tuple[str, ...]:
        """The languages items of that kind go out in; the newsroom's, unless the kind says."""
        return self.kind(kind_id).languages or self.newsroom.languages

    def name(self, names: Mapping[str, str] | None, language: str, fallback: str = "") -> str:
        """A text in `language`, else in the newsroom's main language, else the fallback."""
        found = names or {}
        return found.get(language) or found.get(self.newsroom.languages[0]) or fallback


NewsroomConfig.model_rebuild()  # now, since the first to ask may be two threads


def _find(noun: str, wanted: str, among: tuple[_Named, ...]) -> _Named:
    for one in among:
        if one.id == wanted:
            return one
    raise NotFound(
        phrase("No {noun} '{wanted}'", noun=noun, wanted=wanted),
        "",
        values.closest(wanted, [one.id for one in among]),
    )


def model_at(path: Path) -> tuple[type[BaseModel] | None, Any]:
    """The model that describes the mapping at `path` of the file, and the annotation there."""
    from typing import get_args, get_origin

    here: Any = NewsroomConfig
    for step in path:
        here = _unwrapped(here)
        if isinstance(here, type) and issubclass(here, BaseModel):
            found = [f for n, f in here.model_fields.items() if (f.alias or n) == step]
            if not found:
                return None, None
            here = found[0].annotation
        elif get_origin(here) is not None and get_args(here):
            here = get_args(here)[-1] if get_origin(here) is not tuple else get_args(here)[0]
        else:
            return None, None
    here = _unwrapped(here)
    is_model = isinstance(here, type) and issubclass(here, BaseModel)
    return (here if is_model else None), here


def _unwrapped(annotation: Any) -> Any:
    """The annotation without Optional and Annotated."""
    from types import NoneType, UnionType
    from typing import Union, get_args, get_origin

    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in {Union, UnionType}:
            annotation = next(a for a in get_args(annotation) if a is not NoneType)
        else:
            return annotation
