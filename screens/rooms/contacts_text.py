"""Contacts and enquiries, written out: cells, deadlines, everything about one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from textual.content import Content

from desk.clock import to_wall
from desk.locales import N_, _, dates
from screens.source.contacts_room import BoardRow, ContactCard, EnquiryRow
from screens.states import LANGUAGES, State, word
from screens.widgets.plain import TONES, line, lines
from screens.widgets.virtual_table import Cell, Tone

SOON = 3600  # seconds before a deadline in which it is urgent
DUTY: dict[str, State] = {
    "on-duty": State("✔", N_("on duty"), "good"),
    "deputy": State("◐", N_("deputy on duty"), "accent"),
    "away": State("‖", N_("away"), "bad"),
    "off": State("○", N_("off duty"), "dim"),
    "none": State("–", N_("no rota"), "dim"),
}
ENQUIRY: dict[str, State] = {
    "open": State("○", N_("unanswered")),
    "answering": State("✎", N_("answering"), "accent"),
    "approval": State("◔", N_("in approval"), "accent"),
    "approved": State("●", N_("all approved"), "good"),
    "answered": State("✔", N_("answered"), "good"),
    "declined": State("⊘", N_("declined"), "dim"),
}
CLOSED = ("answered", "declined")
"""States of a question that wait for nobody any more."""
DEEDS = {"added": N_("added"), "changed": N_("changed"), "removed": N_("removed")}


_SHORT = {"người phát ngôn": "NPN", "spokesperson": "SP"}
_SPOKESPERSON = re.compile("|".join(_SHORT), re.IGNORECASE)


def moment(at: datetime | None, zone: str, now: datetime) -> str:
    """A time of today, or a day and a time."""
    if at is None:
        return "–"
    wall = to_wall(at, zone)
    if wall.date() == now.date():
        return dates.short_time(wall)
    return f"{wall:%d/%m} {dates.short_time(wall)}"


def duty_cell(row: BoardRow) -> Cell:
    """Whether somebody is on duty now, by glyph and word."""
    state = DUTY[row.duty]
    return str(state), state.tone


def by_duty(contacts: Iterable[BoardRow]) -> list[tuple[str, str]]:
    """Contacts to choose from, ids with names: who is on duty now first, away last."""
    order = tuple(DUTY)
    found = sorted(contacts, key=lambda one: order.index(one.duty))
    return [(o.key, f"{DUTY[o.duty].glyph} {o.name} · {_(DUTY[o.duty].word)}") for o in found]


def short(name: str) -> str:
    """A post's name for a narrow column: what all posts share is abbreviated, as on paper."""
    return _SPOKESPERSON.sub(lambda found: _SHORT[found[0].casefold()], name)


def deputies_cell(row: BoardRow) -> Cell:
    """The deputies, or a warning that there is none. Where the focal point is, is not repeated."""
    house = row.focal.partition(" – ")[0] + " – "
    names = ", ".join(short(one.removeprefix(house)) for one in row.deputies)
    return (names, "") if names else ("⚠ " + _("no deputy"), "warn")


def left_cell(row: EnquiryRow, now: datetime) -> Cell:
    """The clock of a deadline: how long is left, or since when it is over."""
    if row.state in CLOSED:
        return "", "dim"
    left = (row.due - now).total_seconds()
    if left < 0:
        return f"✖ −{dates.countdown(-left)}", "bad"
    tone: Tone = "warn" if left < SOON else "strong"
    return f"{'⚠' if left < SOON else ' '} {dates.countdown(left)}", tone


def state_cell(row: EnquiryRow) -> Cell:
    """How far the answer is."""
    state = ENQUIRY[row.state]
    text = f"{state} {row.done}/{row.steps}" if row.state == "approval" else str(state)
    return text, state.tone


def question_cell(row: EnquiryRow) -> Cell:
    """Outlet and question; behind the seal for who may not read them."""
    if row.sealed:
        return "▒ " + _("sealed"), "dim"
    mark = "⚠ " if row.flags else ""
    first = " ".join(row.question.split())
    return f"{mark}{row.outlet}: {first}", "warn" if row.flags else ""


def _pair(label: str, value: str) -> Content:
    return line((f"{label}  ", TONES["dim"]), value)


def topic_text(row: BoardRow, zone: str, now: datetime) -> Content:
    """A topic with who speaks to it and when."""
    rows = [
        _pair(_("Agency"), row.agency_name or row.agency),
        _pair(_("Focal point"), row.focal or "–"),
        *(_pair(_("Deputy"), one) for one in row.deputies),
        line((_("Now") + "  ", TONES["dim"]), (duty_cell(row)[0], TONES[duty_cell(row)[1]])),
    ]
    if row.who:
        until = moment(row.until, zone, now)
        rows.append(_pair(_("On duty"), f"{row.who}, " + _("until {day}").format(day=until)))
    if row.phone or row.email:
        rows.append(_pair("☎", " · ".join(one for one in (row.phone, row.email) if one)))
    if row.next_who:
        rows.append(_pair(_("Next"), f"{row.next_who}, {moment(row.next_at, zone, now)}"))
    if row.gap_from:
        span = f"{moment(row.gap_from, zone, now)} – {moment(row.gap_to, zone, now)}"
        rows.append(line(("⚠ " + _("Next gap") + f"  {span}", TONES["warn"])))
    return lines(*rows)


def card_text(card: ContactCard, zone: str) -> Content:
    """A contact with its numbers and history."""
    rows = [_pair(code, name) for code, name in sorted(card.names.items())]
    rows.append(_pair(_("Agency"), card.agency_name or card.agency))
    spoken = ", ".join(word(LANGUAGES, code) for code in card.languages)
    facts = (
        (_("Languages"), spoken),
        (_("Telephone"), card.phone),
        (_("Mail"), card.email),
        (_("Web"), card.url),
        (_("In the roster"), card.person),
    )
    rows += [_pair(label, value) for label, value in facts if value]
    rows += [_pair(_("Rota") if not n else "    ", text) for n, (_id, text) in enumerate(card.rota)]
    private = (card.private_phone, card.private_email, card.private_note)
    if not card.may_know:
        rows.append(line(("▒ " + _("Private numbers are sealed, and not for you."), TONES["dim"])))
    elif any(private):
        rows.append(line(("▒ " + _("Private: not for the public"), TONES["warn"])))
        rows += [line("  " + one) for one in private if one]
    for at, person, deed in card.history:
        when = f"{to_wall(at, zone):%d/%m/%Y %H:%M}"
        rows.append(line((f"{when}  {person}  {_(DEEDS.get(deed, deed))}", TONES["dim"])))
    return lines(*rows)


def enquiry_text(row: EnquiryRow, zone: str, now: datetime) -> Content:
    """An enquiry with its question, its journalist and its deadline."""
    left, tone = left_cell(row, now)
    state, state_tone = state_cell(row)
    due = dates.date(to_wall(row.due, zone)) + " " + dates.short_time(to_wall(row.due, zone))
    rows = [
        line((state, TONES[state_tone]), "  ", (left, TONES[tone])),
        _pair(_("Needed by"), due),
        _pair(
            _("Topic"),
            " · ".join((row.topic, row.agency_name or row.agency, word(LANGUAGES, row.language))),
        ),
        _pair(_("Goes to"), row.contact or "–"),
    ]
    facts = ((_("Outlet"), row.outlet), (_("Journalist"), row.journalist), (_("Item"), row.item))
    rows += [_pair(label, value) for label, value in facts if value]
    rows += [line((f"⚠ {flag}", TONES["warn"])) for flag in row.flags]
    if row.sealed:
        rows.append(line(("▒ " + _("The question is sealed, and not for you."), TONES["dim"])))
    rows += [line(""), *(line(text) for text in row.question.split("\n"))]
    if row.reason:
        rows += [line(""), _pair(_("Declined because"), row.reason)]
    return lines(*rows)
