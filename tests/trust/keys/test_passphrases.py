"""Passphrases: from a descriptor or a terminal, never an argument; attack 14."""

from __future__ import annotations

import os

import pytest

from desk.errors import UsageError
from desk.trust.passphrase import SHORTEST, from_descriptor, from_terminal
from tests.trust.keys.samples import PHRASE


def test_attack_14_a_passphrase_comes_from_a_descriptor() -> None:
    reading, writing = os.pipe()
    os.write(writing, f"{PHRASE}\r\nsecond line".encode())
    os.close(writing)
    ask = from_descriptor(reading)
    assert ask("it", True) == PHRASE.encode()
    assert ask("it", False) == PHRASE.encode()  # a command may need it twice
    os.close(reading)


@pytest.mark.parametrize("raw", [b"", b"\n", b"\xff\xfe\n", b"x" * 9000, b"short\n"])
def test_a_passphrase_that_will_not_do_is_refused(raw: bytes) -> None:
    reading, writing = os.pipe()
    os.write(writing, raw)
    os.close(writing)
    with pytest.raises(UsageError) as caught:
        from_descriptor(reading)("it", True)
    os.close(reading)
    assert "short\n" not in str(caught.value)


def test_a_closed_descriptor_is_a_usage_error() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    os.close(reading)
    with pytest.raises(UsageError, match="Cannot read the passphrase"):
        from_descriptor(reading)("it", False)


def test_on_a_terminal_a_new_passphrase_is_typed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([PHRASE, PHRASE, PHRASE, "something else", PHRASE])
    monkeypatch.setattr("desk.trust.passphrase._need_terminal", lambda what: None)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    assert from_terminal("it", True) == PHRASE.encode()
    with pytest.raises(UsageError, match="differ"):
        from_terminal("it", True)
    assert from_terminal("it", False) == PHRASE.encode()
    assert len(PHRASE) >= SHORTEST
