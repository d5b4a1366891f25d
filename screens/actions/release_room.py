"""The release screen's actions."""

from __future__ import annotations

from desk.locales import N_
from screens.actions.action import Action


def _action(
    name: str, keys: str, title: str, tooltip: str, twin: str = "", footer: int = 0
) -> Action:
    return Action(f"release.{name}", "release", name, keys, title, tooltip, twin, footer)


ACTIONS: tuple[Action, ...] = (
    _action("sign", "s,f9", N_("sign"), N_("Sign off exactly the manifest shown"),
            "desk release sign RELEASE", 1),
    _action("hold", "h,f8", N_("hold"), N_("Stop this release; anyone may, with a reason"),
            "desk release hold RELEASE", 2),
    _action("lift", "l,f7", N_("lift"), N_("Let a held release go on; takes two people"),
            "desk release lift RELEASE", 8),
    _action("leave_out", "x,f11", N_("leave out"),
            N_("Take the item under the cursor out and sign the rest, until 30 s before"),
            "desk release leave-out RELEASE ITEM", 3),
    _action("fix", "f,f2", N_("quick fix"),
            N_("Mend a slip of at most 40 characters in the item under the cursor"),
            "desk item quick-fix ITEM --set FIELD=VALUE", 4),
    _action("preview", "V,f4", N_("preview"),
            N_("The item under the cursor as the public will get it, on every channel"),
            "desk item preview ITEM", 6),
    _action("people", "p,f10", N_("people"),
            N_("What is still needed, who can do it, until when; who speaks"),
            "desk release show RELEASE", 7),
    _action("back", "escape,ctrl+z", N_("back"), N_("Back to the room it was opened from"),
            footer=5),
    _action("confirm", "c,f6", N_("confirm"), N_("Announce the date"),
            "desk release confirm RELEASE"),
    _action("edit", "e,ctrl+e", N_("edit"),
            N_("Change its items, its channels, its code name"),
            "desk release edit RELEASE --add ITEM --add-channel ID"),
    _action("move", "m,f3", N_("move"), N_("Move it to another time; the public is told why"),
            "desk release move RELEASE --at TIME --note TEXT"),
    _action("postpone", "z,ctrl+w", N_("postpone"),
            N_("Take its date away until there is a new one; the public is told why"),
            "desk release postpone RELEASE --note TEXT"),
    _action("cancel", "K,ctrl+x", N_("cancel"),
            N_("Cancel it for good; the public is told why"),
            "desk release cancel RELEASE --note TEXT"),
    _action("now", "n,ctrl+n", N_("now"),
            N_("Bring it forward to twenty seconds from now, confirm and sign it"),
            "desk release now RELEASE --note TEXT"),
    _action("recall", "r,ctrl+u", N_("recall"),
            N_("Take the sign-off back; it can be changed and signed again"),
            "desk release recall RELEASE"),
    _action("grant", "t,ctrl+g", N_("trigger"),
            N_("Let a script open it inside a window, and see whether it has"),
            "desk release grant RELEASE --script ID --public HEX --until TIME"),
    _action("rehearse", "y,ctrl+y", N_("rehearse"),
            N_("Try everything that its instant needs, except the commit"),
            "desk publisher rehearse RELEASE --state FOLDER"),
    _action("speak", "a,ctrl+a", N_("who speaks"),
            N_("Note that a contact can, or cannot, speak on it"),
            "desk contacts ack RELEASE"),
    _action("withdraw", "w,f12", N_("withdraw"),
            N_("Take the public item under the cursor back for good, with a public note"),
            "desk item withdraw ITEM --note TEXT", 10),
    _action("takedown", "d,ctrl+d", N_("take down"),
            N_("Take the public item down for the time being, with a public note"),
            "desk item withdraw ITEM --mode takedown --note TEXT"),
    _action("kill", "ctrl+k", N_("kill"),
            N_("Say that the public item must never be used, with a public note"),
            "desk item withdraw ITEM --mode kill --note TEXT"),
    _action("restore", "b,ctrl+b", N_("put back"),
            N_("Put back what was taken down for the time being; takes two people"),
            "desk item restore ITEM"),
    _action("correct", "o,ctrl+o", N_("open or correct"),
            N_("Open the item; what is public is corrected by a newer revision"),
            "desk item edit ITEM", 9),
)  # fmt: skip
