"""A program for the pty tests: the desk on the sample newsroom, which notes each act in a file."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from desk.errors import Reason, Refused
from screens.app import DeskApp
from screens.sample import SampleSource
from screens.source import (
    CalendarRow,
    DeskView,
    DueRelease,
    Monitor,
    Outcome,
    Pulse,
    QueueEntry,
    ReleaseView,
    Review,
    Standby,
)
from screens.source.queue_room import OpenStep

EVIL = (
    "\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x07\x1b[31m\x1b[?1049l\x9b31m\x9d0;x\x9c\x90q\x9c"
    "\u202eabc\u2066\u200f\x08\x7f\r\n[@click=app.quit]CLICK[/][bold]b[/]\u2028end"
)


class Noting(SampleSource):
    """Writes each act as a line."""

    path = Path()

    def _done(self, *call: str) -> None:
        super()._done(*call)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(" ".join(call[:2]) + "\n")


class Evil(Noting):
    """Every text in every view is hostile."""

    def desk(self) -> DeskView:
        return replace(super().desk(), newsroom=EVIL, name=EVIL)

    def pulse(self) -> Pulse:
        pulse = super().pulse()
        assert pulse.next is not None
        return replace(pulse, next=replace(pulse.next, title=EVIL))

    def calendar_page(self, after: str, limit: int, query: str) -> list[CalendarRow]:
        return [
            replace(row, title=EVIL, agency=EVIL, languages=(EVIL,), warnings=(EVIL,))
            for row in super().calendar_page(after, limit, query)
        ]

    def release(self, release: str) -> ReleaseView:
        view = super().release(release)
        items = tuple(
            replace(
                item,
                headline=EVIL,
                language=EVIL,
                gates=tuple(replace(gate, note=EVIL) for gate in item.gates),
            )
            for item in view.items
        )
        return replace(
            view, title=EVIL, channels=(EVIL,) * 3, items=items, signed=(EVIL,), note=EVIL
        )

    def queue(self) -> list[QueueEntry]:
        return [replace(entry, headline=EVIL, agency=EVIL, step=EVIL) for entry in self.entries]

    def review(self, revision: str) -> Review:
        view = super().review(revision)
        return replace(
            view,
            headline=EVIL,
            language=EVIL,
            since_by=EVIL,
            text=EVIL,
            diff=tuple(replace(part, text=EVIL) for part in view.diff),
            gates=tuple(replace(gate, gate=EVIL, note=EVIL) for gate in view.gates),
            authors=(EVIL,),
            approvals=tuple(replace(step, step=EVIL, by=EVIL) for step in view.approvals),
            who=((EVIL, (EVIL,)),),
        )

    def monitor(self) -> Monitor:
        view = super().monitor()
        due = tuple(self._evil(release) for release in view.due)
        assert view.publisher is not None
        publisher = replace(
            view.publisher, name=EVIL, standbys=(Standby(EVIL, True, 0.5),), offsets=((EVIL, 0.4),)
        )
        return replace(view, due=due, publisher=publisher, alarms=(EVIL,))

    @staticmethod
    def _evil(release: DueRelease) -> DueRelease:
        channels = tuple(replace(one, name=EVIL, note=EVIL) for one in release.channels)
        return replace(release, title=EVIL, channels=channels)

    def confirm(self, release: str) -> Outcome:
        super().confirm(release)
        return Outcome(EVIL)

    def queue_who(self, revision: str) -> list[OpenStep]:
        return [
            replace(step, step=EVIL, people=tuple(replace(one, person=EVIL, name=EVIL, why=EVIL,
                                                          stands_for=(EVIL,))
                                                  for one in step.people))
            for step in super().queue_who(revision)
        ]  # fmt: skip

    def approve(self, revision: str, digest: str, passphrase: str, warnings: str = "") -> Outcome:
        raise Refused(EVIL, (Reason(EVIL, EVIL, (EVIL,)),), EVIL)


if __name__ == "__main__":
    kind, Noting.path = sys.argv[1], Path(sys.argv[2])
    chosen = {"plain": Noting, "evil": Evil}[kind]
    DeskApp(chosen(asks_passphrase=False)).run()
