"""Alt and a digit in a real terminal, which sends Escape and the digit."""

from __future__ import annotations

from pathlib import Path

from terminal import Terminal


def test_alt_and_a_digit_goes_to_a_room_also_from_a_field(tmp_path: Path) -> None:
    with Terminal("tests/pty/recorder.py", "plain", str(tmp_path / "acts")) as desk:
        desk.wait_for("SAO-MAI")
        desk.send(b"\x1b2")
        desk.wait_for("Since rev 4")
        desk.send(b"\x1b1")
        desk.wait_for("SAO-MAI")
        desk.send(b"/")
        desk.wait_for("agency: kind:")
        desk.read(0.3)  # the field is there; the cursor goes into it in the same moment
        desk.send("số".encode())
        desk.wait_for("số")
        desk.send(b"\x1b3")
        desk.wait_for("publisher")
        desk.send(b"\x1b1")
        desk.wait_for("số")
        assert not any(sign in desk.text() for sign in ("™", "số1", "số3"))
        desk.send("™".encode())  # typed as itself it is text
        desk.wait_for("số™")
        desk.send(b"\x11")
        assert desk.finish() == 0
