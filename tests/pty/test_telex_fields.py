"""Vietnamese typed through an input method, as raw bytes over a real pty, arrives as meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from terminal import Terminal

DEL = b"\x7f"


def burst(text: str) -> bytes:
    """`<` stands for the DEL that an input method sends."""
    return text.replace("<", "\x7f").encode()


TYPED = [
    ("Vie<êt<<ệt", "Việt"),
    ("Vie<êt<<ệt Nam", "Việt Nam"),
    ("tieng<<<<iếng", "tiếng"),
    ("d<đa<án", "đán"),
    ("a<ă<aa", "aa"),
    ("nghie<ê<ễ", "nghiễ"),
    ("Thu<ư<<<Thứ hai", "Thứ hai"),
    ("a<á<à<ả<ã<ạ", "ạ"),
    ("e\u0302\u0301", "ế"),
    ("abc<<<<<<đ", "đ"),
]


def meant(text: str) -> str:
    """What a field should hold after those keys, by the plainest reading of them."""
    out: list[str] = []
    for char in text:
        if char == "<":
            del out[-1:]
        else:
            out = list(unicodedata.normalize("NFC", "".join(out) + char))
    return "".join(out)


@pytest.fixture(params=["input", "area"])
def field(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """A running field: give it writes (bytes each), get back its value."""
    path = tmp_path / "value.txt"
    with Terminal("tests/pty/field_app.py", request.param, str(path)) as terminal:
        terminal.wait_for("READY")
        rounds = 0

        def type_in(*writes: bytes) -> str:
            nonlocal rounds
            rounds += 1
            for data in writes:
                terminal.send(data)
                if len(writes) > 1:
                    terminal.read(0.01)  # lets the program take this write by itself
            terminal.send(b"\x07")
            terminal.wait_for(f"WRITTEN {rounds}.")
            return path.read_text(encoding="utf-8")

        yield type_in


def test_bursts_in_one_write_arrive_in_order(field: Callable[..., str]) -> None:
    for typed, _value in TYPED:
        assert field(burst(typed)) == meant(typed)


def test_the_known_bursts_mean_what_people_expect() -> None:
    for typed, value in TYPED:
        assert meant(typed) == value


def test_a_burst_split_at_every_byte_arrives_in_order(field: Callable[..., str]) -> None:
    data = burst("Vie<êt<<ệt")
    for cut in range(1, len(data)):
        assert field(data[:cut], data[cut:]) == "Việt", cut


def test_cursor_keys_inside_a_burst_keep_their_place(field: Callable[..., str]) -> None:
    left, home, end, delete = b"\x1b[D", b"\x1b[H", b"\x1b[F", b"\x1b[3~"
    assert field(b"ac" + left + b"b") == "abc"
    assert field(b"bc" + home + b"a" + end + b"d") == "abcd"
    assert field(b"xabc" + home + delete + end + burst("a<â")) == "abcâ"


def test_long_text_typed_at_full_speed_is_whole(field: Callable[..., str]) -> None:
    word = "Vie<êt<<ệt Nam d<đo<ô<ộc la<ậ<ập, "
    assert field(burst(word * 20)) == meant(word) * 20


def test_pasted_text_is_cleaned_and_composed(field: Callable[..., str]) -> None:
    pasted = "Tie\u0302\u0301ng\u202e Vie\u0323\u0302t\x9b31m\u200f"
    value = field(b"\x1b[200~" + pasted.encode() + b"\x1b[201~")
    assert value == "Tiếng Việt31m"


def test_backspace_deletes_what_a_person_sees_as_one_letter(field: Callable[..., str]) -> None:
    family = "👨\u200d👩\u200d👧"
    assert field(b"\x1b[200~a" + family.encode() + b"b\x1b[201~" + DEL + DEL) == "a"
