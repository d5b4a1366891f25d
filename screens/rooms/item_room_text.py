"""An item's surroundings written out: its line, its warnings, findings, sources, files."""

from __future__ import annotations

from datetime import date, datetime, time

from textual.content import Content

from desk.clock import to_wall
from desk.items.assets import MB
from desk.locales import N_, _, dates, ngettext, told
from screens import states
from screens.rooms.review_text import asked_text
from screens.source.item_room import (
    Entry,
    ItemAround,
    ItemCheck,
    ItemFile,
    ItemFinding,
    ItemText,
    ItemView,
    RevisionEntry,
)
from screens.states import LANGUAGES, word
from screens.widgets.plain import TONES, line, lines

ROLE_NAMES = {
    "picture": N_("picture: a photograph, shown in the text"),
    "graphic": N_("graphic: a chart or a drawing, shown in the text"),
    "video": N_("video"),
    "document": N_("document: to download"),
    "text": N_("plain text: to download"),
}

SEVERITY = {
    "error": ("✖", "bad"),
    "warning": ("⚠", "warn"),
    "info": ("·", "dim"),
}


def item_line(view: ItemView, saved: str, tone: str, zone: str) -> Content:
    """Which item, which language, what is stored, when it goes out."""
    pair = f" ⇄ {view.pair[1]}" if view.pair else ""
    state = states.ITEM.get(view.state)
    parts: list[str | tuple[str, str]] = [
        (f"{word(LANGUAGES, view.language)}{pair}", "bold"),
        " · ",
        (view.code or view.item, TONES["accent"]),
        " · ",
    ]
    kind, agency = view.kind_name or view.kind, view.agency_name or view.agency
    rest = f" · {kind} · {agency}"  # what may be cut off where there is no room
    if view.due is not None:
        wall = to_wall(view.due, zone)
        rest = f" · {dates.short_time(wall)} {wall:%d/%m}{rest}"
    if view.refusals and state is not None:
        parts += [(str(state), TONES[state.tone]), " · ", (_("read only"), TONES["warn"])]
        return line(*parts, rest)
    after = _("after rev {n}").format(n=view.number) if view.number else _("first draft")
    if view.corrects:
        after = _("corrects rev {n}").format(n=view.corrects)
    return line(*parts, (saved, TONES[tone]), " · ", after, rest)


def warning_text(view: ItemView, around: ItemAround, zone: str) -> Content:
    """What the writer must know before going on; empty when there is nothing."""
    rows = asked_text(view.asked, zone)
    if around.newer:
        text = _("{who} has submitted rev {n} meanwhile; ^G shows both texts").format(
            who=around.newer_by, n=around.newer
        )
        rows.append(line(("⚠ " + text, TONES["bad"])))
    if around.open:
        text = _("also open at: {who}").format(who=", ".join(around.open))
        rows.append(line(("⌨ " + text, TONES["warn"])))
    elif around.drafts:
        text = _("also being written by: {who}").format(who=", ".join(around.drafts))
        rows.append(line(("✎ " + text, TONES["warn"])))
    if view.returned:
        rows.append(line(("↩ " + _("returned:") + " ", TONES["bad"]), view.returned))
    if view.refusals:
        for reason in view.refusals:
            who = " → " + ", ".join(reason.who) if reason.who else ""
            rows.append(line(("✖ ", TONES["bad"]), told(reason.text) + who))
    return lines(*rows) if rows else Content("")


def counter(label: str, length: int, most: int) -> Content:
    """A field's name and how full it is; too full says so with a sign."""
    if not most:
        return line((label, "bold"))
    tone = "bad" if length > most else "dim"
    sign = " ✖" if length > most else ""
    return line((label, "bold"), (f"  {length}/{most}{sign}", TONES[tone]))


def findings_title(check: ItemCheck | None, trouble: str) -> Content:
    """How many of each, or that they are being looked for."""
    if trouble:
        return line(("✖ " + trouble, TONES["bad"]))
    if check is None:
        return line((_("checking…"), TONES["dim"]))
    errors = sum(one.severity == "error" for one in check.findings)
    warnings = sum(one.severity == "warning" for one in check.findings)
    if not errors and not warnings:
        return line(("✔ " + _("nothing to mend"), TONES["good"]))
    parts: list[str | tuple[str, str]] = []
    if errors:
        text = ngettext("{n} error", "{n} errors", errors).format(n=errors)
        parts.append(("✖ " + text + "  ", TONES["bad"]))
    if warnings:
        text = ngettext("{n} warning", "{n} warnings", warnings).format(n=warnings)
        parts.append(("⚠ " + text, TONES["warn"]))
    return line(*parts)


def finding_text(one: ItemFinding, names: dict[str, str]) -> Content:
    """One finding: its sign, its place, what is wrong, what to do."""
    sign, tone = SEVERITY[one.severity]
    place = names.get(one.field, one.field)
    if one.line:  # of the full version the numbers alone; of another field its name as well
        spot = f"{one.line}:{one.column}"
        place = spot if one.field == "body" else f"{place} {spot}"
    return line((f"{sign} ", TONES[tone]), (f"{place} ", TONES["dim"]), one.message)


def facts_rows(view: ItemView, text: ItemText) -> list[tuple[str, str]]:
    """Where a text belongs and what it is about, in the order of the dialog: names and values."""
    names = dict(view.sections)
    return [
        (_("section"), names.get(text.section, text.section)),
        (_("urgency"), urgency_text(text.urgency)),
        (_("subjects"), "; ".join(text.subjects)),
        (_("places"), "; ".join(text.places)),
        (_("note to readers"), text.edit_note),
    ]


def urgency_text(urgency: int) -> str:
    """IPTC's number, with a word where it has one."""
    word = {1: _("the most urgent"), 5: _("usual"), 9: _("the least urgent")}.get(urgency)
    return f"{urgency} – {word}" if word else str(urgency or "")


def facts_line(view: ItemView, text: ItemText) -> Content:
    """The same in short: what is said of them."""
    said = [value for _name, value in facts_rows(view, text)[:-1] if value]
    about = " · ".join(said) or "–"
    return lines(line((_("where it belongs"), "bold"), f"  {about}"))


def entries_text(sources: tuple[Entry, ...], legal: tuple[Entry, ...]) -> Content:
    """Sources and legal texts, one line each."""
    sourced, grounds = _("sources"), _("legal basis")
    head = f"{sourced} {len(sources)} · {grounds} {len(legal)}"
    return lines(line((head, "bold")), *(entry_text(one) for one in (*sources, *legal)))


def entry_text(one: Entry) -> Content:
    """One source or legal text with its mark."""
    missing = ("  ⚠ " + _("no address"), TONES["warn"])
    more = " · ".join(part for part in (one.number, day_text(one.date)) if part)
    tail = [missing] if one.id.startswith("l") and not one.url else []
    return line(
        (f"[^{one.id}] ", TONES["accent"]), one.title, (f" {more}" if more else "", "$text-muted"),
        *tail,
    )  # fmt: skip


def day_text(text: str) -> str:
    """A date of a source as people write it; what is no date stays as it is."""
    try:
        return dates.date(datetime.combine(date.fromisoformat(text), time()))
    except ValueError:
        return text


def role_text(role: str) -> str:
    """What a file is, in one word: the name of its role before the colon."""
    return _(ROLE_NAMES[role]).partition(":")[0] if role in ROLE_NAMES else role


def size_text(size: int) -> str:
    """A size in bytes as people read it."""
    if size >= MB:
        return f"{dates.number(size / MB, 1)} MB"
    return f"{dates.number(size / 1024, 1)} KB" if size >= 1024 else f"{size} B"


def files_text(files: tuple[ItemFile, ...]) -> Content:
    """The files, one line each."""
    head = line((_("files") + f" {len(files)}", "bold"))
    return lines(head, *(file_line(one) for one in files))


def file_line(one: ItemFile) -> Content:
    """One file in short."""
    alt = "" if one.alt else "  ⚠ " + _("no description")
    return line(
        one.name,
        (f"  {role_text(one.role)} {size_text(one.size)}", TONES["dim"]),
        (alt, "$warning"),
    )


def file_text(one: ItemFile) -> Content:
    """One file in full."""
    return lines(
        line(
            (one.name, "bold"),
            f"  {role_text(one.role)} · {one.media_type} · {size_text(one.size)}",
        ),
        line(
            (f"  sha256 {one.sha256[:16]}… ", TONES["dim"]), one.alt or "⚠ " + _("no description")
        ),
    )


def revision_text(one: RevisionEntry, zone: str, marked: bool) -> Content:
    """One line of the history."""
    sign = "◆ " if marked else "  "
    at = ""
    if one.at is not None:
        wall = to_wall(one.at, zone)
        at = dates.moment(wall)
    if one.number < 0:
        return line(sign, (_("words that gave way"), "bold"), f"  {one.by}")
    name = _("rev {n}").format(n=one.number) if one.number else _("your draft")
    state = states.ITEM.get(one.state)
    tail = (f"  {state}", TONES[state.tone]) if state and one.number else ("", "")
    return line((sign, TONES["accent"]), (name, "bold"), f"  {at}  {one.by}", tail)


def saved_text(at: datetime | None, now: datetime, zone: str) -> str:
    """When the draft was stored, in words that stay true: a time, and how long ago."""
    if at is None:
        return _("nothing stored yet")
    wall = to_wall(at, zone)
    ago = max(0, int((now - wall).total_seconds()))
    if ago < 60:
        return _("saved {n} s ago").format(n=ago)
    return _("saved at {time}").format(time=dates.clock_time(wall))
