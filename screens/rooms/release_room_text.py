"""The text of the release screen: its head, one item in full, what is signed, who acts."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from desk.clock import to_wall
from desk.locales import N_, _, dates, told
from screens.rooms.release_text import digest_words, gate_marks, when_text
from screens.source.release_room import (
    BoardChannel,
    BoardItem,
    ReleaseBoard,
)
from screens.states import (
    CHANNEL,
    ITEM,
    STEPS,
    State,
    late_text,
    late_tone,
    release_state,
    word,
)
from screens.widgets.plain import TONES, line, lines

CHANNEL_STATES = {"planned": "waiting", "staged": "staged", "released": "published",
                  "failed": "failed", "missed": "missed"}  # fmt: skip
DAY = 86400  # seconds
PAST = {
    "release.plan": N_("planned"),
    "release.edit": N_("edited"),
    "release.move": N_("moved"),
    "release.confirm": N_("confirmed"),
    "release.postpone": N_("postponed"),
    "release.cancel": N_("cancelled"),
    "release.recall": N_("sign-off taken back"),
    "release.grant": N_("granted to a script"),
}


def channel_look(state: str) -> State:
    """How far a channel or an item on it is."""
    return CHANNEL[CHANNEL_STATES.get(state, "waiting")]


def head_text(board: ReleaseBoard, zone: str, now: datetime) -> Content:
    """When, in which state, what is left; what is still to be done for it."""
    view = board.view
    state = release_state(view.state, view.held)
    left = (view.at - now).total_seconds()
    parts: list[str | tuple[str, str]] = [(str(state), TONES[state.tone])]
    if left > 0 and view.state not in ("cancelled", "postponed"):
        parts += ["  " + _("in") + " ", (dates.countdown(left), "bold $text-accent")]
        ends = ((_("left to change"), board.change_until), (_("left to sign"), board.sign_until))
        for label, until in ends:
            rest = max(0.0, (until - now).total_seconds())
            if rest > DAY:  # nobody counts these seconds yet
                continue
            parts.append((f"  {label} {dates.countdown(rest)}", TONES["dim" if rest else "bad"]))
    if not board.confirmed and view.state == "provisional":
        parts.append(("  " + _("not announced yet"), TONES["warn"]))
    return lines(line((view.title, "bold")), when_text(view, zone), line(*parts))


def item_detail(item: BoardItem) -> Content:
    """The item under the cursor: its gates with their words, its steps with who took them."""
    state, number = ITEM.get(item.state, ITEM["submitted"]), _("rev {n}").format(n=item.revision)
    head = line(
        ("▸ ", TONES["accent"]), (item.headline, "bold"),
        f"  {item.language} · {item.agency} · {item.kind} · {number}",
        "  ", (str(state), TONES[state.tone]), (f"  {digest_words(item.digest, 2)}", TONES["dim"]),
    )  # fmt: skip
    rows = [head]
    if item.newer:
        rows.append(line(("⚠ " + _("a newer revision is ready: sign it anew, or leave it"),
                          TONES["warn"])))  # fmt: skip
    if item.gates:
        rows.append(line("  ") + gate_marks(item.gates))
    parts: list[str | tuple[str, str]] = ["  "]
    for step in item.steps:
        name = word(STEPS, step.step)
        if step.by:
            parts += [("✔ ", TONES["good"]), f"{name} {step.by}   "]
        else:
            who = ", ".join(step.who) or _("nobody can")
            parts += [("○ ", TONES["warn"]), f"{name} → {who}   "]
    return lines(*rows, line(*parts)) if item.steps else lines(*rows)


def channel_text(one: BoardChannel) -> Content:
    """One channel: how far it is, whether the release waits for it, how late it was."""
    look = channel_look(one.state)
    parts: list[str | tuple[str, str]] = [(str(look), TONES[look.tone]), f"  {one.name}"]
    if not one.required:
        parts.append(("  " + _("not waited for"), TONES["dim"]))
    if one.late_ms is not None:
        parts.append((f"  {late_text(one.late_ms)}", TONES[late_tone(one.late_ms)]))
    if one.code:
        parts.append((f"  {one.code}", TONES["bad"]))
    return line(*parts)


def board_text(board: ReleaseBoard, zone: str) -> Content:
    """What is signed, by whom, who speaks, what holds it, what is missing, how it came about."""
    return lines(
        *_manifest(board), *_speaking(board), *_holds(board, zone), *_script(board, zone),
        *needed_text(board, zone), "", *(channel_text(one) for one in board.channels), "",
        *_past(board, zone),
    )  # fmt: skip


def _manifest(board: ReleaseBoard) -> list[Content]:
    view = board.view
    signed = _("signed {done} of {needed}").format(done=len(view.signed), needed=view.signers)
    if view.signed:
        signed += ": " + ", ".join(view.signed)
    versions = _("roster v{roster} · rules v{rules} · terms {terms}").format(
        roster=board.roster, rules=board.policy, terms=board.termbase or "v0"
    )
    enough = len(view.signed) >= view.signers
    return [
        line((_("manifest, digest"), TONES["dim"])),
        # Two rows of eight groups: as they are read aloud, and as 80 columns hold them.
        line((digest_words(view.manifest[:32]), "bold")),
        line((digest_words(view.manifest[32:]), "bold")),
        line((signed, TONES["good" if enough else "warn"]), (f"  {versions}", TONES["dim"])),
    ]


def _speaking(board: ReleaseBoard) -> list[Content]:
    view = board.view
    rows = []
    if view.speakers:
        rows.append(line((_("speaks") + " ", TONES["dim"]), ", ".join(view.speakers),
                         ("  ✔ " + _("said so"), TONES["good"])))  # fmt: skip
    elif view.nobody_speaks:
        rows.append(line(("⚠ " + _("Nobody has said that they can speak on it."), TONES["warn"])))
    if board.on_duty:
        rows.append(line((_("on duty then") + " ", TONES["dim"]), ", ".join(board.on_duty)))
    return rows


def _holds(board: ReleaseBoard, zone: str) -> list[Content]:
    rows = []
    for hold in board.holds:
        since = dates.clock_time(to_wall(hold.since, zone))
        what = _("everything is held by {person} since {time}") if hold.everything else (
            _("held by {person} since {time}"))  # fmt: skip
        lifted = _("lifted by {done} of {needed}").format(done=len(hold.lifts), needed=hold.needed)
        if hold.lifts:
            lifted += ": " + ", ".join(hold.lifts)
        text = what.format(person=hold.person, time=since)
        rows.append(line((f"‖ {text}", TONES["bad"]), f"  {lifted}"))
    return rows


def _script(board: ReleaseBoard, zone: str) -> list[Content]:
    one = board.trigger
    if one is None:
        return []
    until = to_wall(one.until, zone)
    if one.fired:
        said = _("said so at {time}").format(time=one.fired)
    elif one.ended:
        said = _("the grant is over: {why}").format(why=_(PAST.get(one.ended, one.ended)))
    elif one.waits:
        said = _("is waited for until {time}").format(time=dates.moment(until))
    else:
        said = _("never came")
    return [line((_("script") + " ", TONES["dim"]), (one.script, "bold"), f"  {said}",
                 ("  " + _("key") + " " + digest_words(one.key, 4), TONES["dim"]))]  # fmt: skip


def needed_text(board: ReleaseBoard, zone: str) -> list[Content]:
    """What is missing, who can do it, until when; what else speaks against it."""
    rows = []
    for one in board.needed:
        until = dates.clock_time(to_wall(one.until, zone))
        who, by = ", ".join(one.who) or _("nobody can"), _("until {time}").format(time=until)
        rows.append(line(("○ ", TONES["warn"]), one.what, ("  → " + who, "bold"),
                         ("  " + by, TONES["dim"])))  # fmt: skip
    told_already = {"chain", "confirmed", "sign-off", "signers", "held"}
    for reason in board.reasons:
        if reason.rule not in told_already:
            who = f"  → {', '.join(reason.who)}" if reason.who else ""
            rows.append(line(("✖ ", TONES["bad"]), told(reason.text), (who, "bold"),
                             (f"  [{reason.rule}]", TONES["dim"])))  # fmt: skip
    return rows


def _past(board: ReleaseBoard, zone: str) -> list[Content]:
    rows = []
    for one in board.past:
        wall = to_wall(one.time, zone)
        what = _(PAST[one.kind]) if one.kind in PAST else one.kind
        when = dates.moment(wall)
        rows.append(line((f"{when}  ", TONES["dim"]), f"{what}  {one.person}  {one.note}".rstrip()))
    return rows
