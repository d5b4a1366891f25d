"""Two versions of one text, written out so that a person can choose."""

from __future__ import annotations

from textual.content import Content

from desk.items.diff import diff_content, render
from desk.locales import _
from screens.rooms.item_room_fields import FIELDS
from screens.source.item_room import Both, Entry, ItemText
from screens.widgets.plain import TONES, line, lines

_TONE = {"-": "$text-error", "+": "bold $text-success", "@": "$text-accent"}


def plain_fields(text: ItemText) -> dict[str, object]:
    """A text as a document to compare."""

    def rows(entries: tuple[Entry, ...]) -> list[dict[str, str]]:
        return [{name: value for name, value in vars(one).items() if value} for one in entries]

    return {
        "headline": text.headline,
        "summary": text.summary,
        "body": text.body,
        "sources": rows(text.sources),
        "legal": rows(text.legal),
        "edit_note": text.edit_note,
        "section": text.section,
        "urgency": text.urgency or "",
        "subjects": list(text.subjects),
        "places": list(text.places),
    }


def difference(old: ItemText, new: ItemText) -> Content:
    """What changed from one to the other, line by line, each field under its name."""
    rows = []
    for row in render(diff_content(plain_fields(old), plain_fields(new))):
        shown = row
        if row.startswith("@@ "):
            shown = "@ " + (_(FIELDS[row[3:]]) if row[3:] in FIELDS else row[3:])
        rows.append(line((shown, _TONE.get(row[0], ""))))
    return lines(*rows) if rows else line((_("Nothing has changed in it."), TONES["dim"]))


def both_text(both: Both, mine: ItemText, me: str) -> Content:
    """What the other side did, and what I did, since the text that both began from."""
    if both.revision:
        who = _("{who} submitted rev {n} meanwhile.").format(who=both.by, n=both.revision)
    elif both.by == me:
        who = _("Another desk of yours has stored this draft meanwhile.")
    else:
        who = _("{who} has stored this draft meanwhile.").format(who=both.by)
    return lines(
        line((who, "bold")),
        line((_("Nothing is lost: what gives way stays in the history."), TONES["dim"])),
        "",
        line((_("They changed:"), TONES["strong"])),
        difference(both.base, both.theirs),
        "",
        line((_("You changed:"), TONES["strong"])),
        difference(both.base, mine),
    )
