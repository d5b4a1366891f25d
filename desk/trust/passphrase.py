"""Where a passphrase comes from: the terminal, or a file descriptor. Never argv or environment.

Arguments and environment of a process can be read by others (ps, /proc), and stay in histories.
A passphrase is asked as text, put in NFC so that every keyboard gives the same bytes, and handed
on as UTF-8 in a bytearray that its user clears.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable

from desk.errors import Unavailable, UsageError
from desk.locales import _, told
from desk.phrase import phrase
from desk.text import nfc

Passphrase = Callable[[str, bool], bytearray]
"""Asks for a passphrase: what it opens, and whether it is a new one (then it is asked twice)."""

SHORTEST = 12
LONGEST = 1024


def from_terminal(what: str, new: bool) -> bytearray:
    """Ask on the terminal, without echo. Raises Unavailable without one, UsageError."""
    _need_terminal(what)
    typed = getpass.getpass(_("Passphrase for {what}: ").format(what=told(what)))
    if new and getpass.getpass(_("The same again: ")) != typed:
        raise UsageError("The two passphrases differ", "", "Type the same one twice")
    return checked(typed, new)


def _need_terminal(what: str) -> None:
    """Without one getpass would read stdin, with echo on."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | getattr(os, "O_NOCTTY", 0)))
    except OSError:
        if os.name != "nt":
            raise Unavailable(
                "No terminal to ask for the passphrase on",
                what,
                "Give it through a file descriptor: --passphrase-fd 3 3<FILE",
            ) from None


def from_descriptor(fd: int) -> Passphrase:
    """Read it from a file descriptor: the first line, UTF-8. It is read once and kept, since
    one command may need it twice. Raises UsageError.
    """
    kept: list[str] = []

    def ask(what: str, new: bool) -> bytearray:
        if not kept:
            kept.append(_first_line(fd))
        return checked(kept[0], new)

    return ask


def checked(text: str, new: bool) -> bytearray:
    """A passphrase as bytes. Raises UsageError for an empty, overlong or, when new, a short one."""
    text = nfc(text)
    if not text:
        raise UsageError("The passphrase is empty")
    if len(text) > LONGEST:
        raise UsageError(
            "The passphrase is too long", phrase("more than {longest} characters", longest=LONGEST)
        )
    if new and len(text) < SHORTEST:
        raise UsageError(
            "The passphrase is too short",
            phrase("at least {shortest} characters", shortest=SHORTEST),
            "A sentence is easy to remember and hard to guess",
        )
    return bytearray(text.encode())


def _first_line(fd: int) -> str:
    raw = b""
    try:
        while b"\n" not in raw and len(raw) <= 4 * LONGEST:
            more = os.read(fd, 4096)
            if not more:
                break
            raw += more
    except OSError as error:
        raise UsageError(
            "Cannot read the passphrase",
            phrase("file descriptor {fd}: {strerror}", fd=fd, strerror=error.strerror),
        ) from None
    try:
        return raw.split(b"\n", 1)[0].removesuffix(b"\r").decode()
    except UnicodeDecodeError:
        raise UsageError(
            "Cannot read the passphrase", phrase("file descriptor {fd}: not UTF-8", fd=fd)
        ) from None
