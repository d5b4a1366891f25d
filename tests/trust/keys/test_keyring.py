"""The system's keyring: only backends that keep what they are given; attack 17."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk.errors import Conflict, NotFound, TrustError, Unavailable
from desk.settings import Settings
from desk.trust.keystore import (
    KNOWN,
    AutoStore,
    KeyFile,
    OSKeyring,
    open_store,
    refuse_unknown_backend,
    within,
)
from tests.trust.keys.samples import SEED, answers


class Kept:
    """What a working keyring keeps, put under the real SecretService class."""

    def __init__(self) -> None:
        self.words: dict[tuple[str, str], str] = {}

    def set_password(self, _: object, service: str, name: str, word: str) -> None:
        self.words[service, name] = word

    def get_password(self, _: object, service: str, name: str) -> str | None:
        return self.words.get((service, name))

    def delete_password(self, _: object, service: str, name: str) -> None:
        del self.words[service, name]


@pytest.fixture
def secret_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """The real SecretService backend class, with its D-Bus calls answered from memory."""
    from keyring.backends import SecretService

    kept = Kept()
    for name in ("set_password", "get_password", "delete_password"):
        method = getattr(kept, name)
        monkeypatch.setattr(SecretService.Keyring, name, lambda *args, method=method: method(*args))
    bus = SecretService.secretstorage
    monkeypatch.setattr(bus, "dbus_init", lambda: socket.socket())
    monkeypatch.setattr(bus, "check_service_availability", lambda connection: True)
    return kept


def test_the_keyring_gives_back_the_seed(secret_service: Kept) -> None:
    store = OSKeyring()
    store.save("desk-vn", "editor-tk", SEED)
    store.save("desk-vn", "lead-1", bytes(32))
    assert store.load("desk-vn", "editor-tk") == SEED
    assert OSKeyring().list("desk-vn") == ("editor-tk", "lead-1")
    assert store.list("other") == ()
    with pytest.raises(Conflict):
        store.save("desk-vn", "editor-tk", bytes(32))
    store.delete("desk-vn", "editor-tk")
    assert store.list("desk-vn") == ("lead-1",)
    with pytest.raises(NotFound):
        store.load("desk-vn", "editor-tk")
    assert not [name for service, name in secret_service.words if "test" in service]
    assert "SecretService" in repr(store)


def test_what_is_no_seed_in_the_keyring_is_refused(secret_service: Kept) -> None:
    store = OSKeyring()
    for word in ("", "secret-words", "00" * 31):
        secret_service.words["desk: desk-vn", "editor-tk"] = word
        with pytest.raises(TrustError) as caught:
            store.load("desk-vn", "editor-tk")
        assert "secret-words" not in str(caught.value)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"get_password": lambda *_: "something else"},
        {"get_password": lambda *_: None},
        {"set_password": lambda *_: None},
        {"delete_password": lambda *_: None},
    ],
)
def test_attack_17_a_keyring_that_does_not_keep_or_forget_is_refused(
    secret_service: Kept, monkeypatch: pytest.MonkeyPatch, spoilt: dict[str, Any]
) -> None:
    from keyring.backends import SecretService

    for name, method in spoilt.items():
        monkeypatch.setattr(SecretService.Keyring, name, method)
    with pytest.raises(Unavailable, match="does not keep"):
        OSKeyring()


class Impostor:
    """A plaintext keyring under the name of a known one."""


Impostor.__module__, Impostor.__qualname__ = KNOWN[2]


def test_attack_17_unknown_backends_are_refused_by_class() -> None:
    from keyring.backends import chainer, fail, null

    backends = [null.Keyring(), fail.Keyring(), chainer.ChainerBackend(), Impostor(), object()]
    for backend in backends:
        with pytest.raises(TrustError, match="not trusted"):
            refuse_unknown_backend(backend)
        with pytest.raises(TrustError, match="not trusted"):
            OSKeyring(backend)


def test_attack_17_a_subclass_of_a_known_backend_is_refused() -> None:
    from keyring.backends import SecretService

    class Plaintext(SecretService.Keyring):
        """Writes down what it is given."""

    with pytest.raises(TrustError, match="not trusted"):
        OSKeyring(Plaintext())


def test_attack_17_whatever_was_set_as_the_keyring_is_not_used(secret_service: Kept) -> None:
    import keyring
    from keyring.backends import null

    before = keyring.get_keyring()
    keyring.set_keyring(null.Keyring())
    try:
        store = OSKeyring()
        store.save("desk-vn", "editor-tk", SEED)
        assert store.load("desk-vn", "editor-tk") == SEED
    finally:
        keyring.set_keyring(before)


def test_attack_17_a_configuration_file_of_keyring_changes_nothing(
    secret_service: Kept, tmp_path: Path
) -> None:
    folder = tmp_path / "config" / "python_keyring"
    folder.mkdir(parents=True)
    (folder / "keyringrc.cfg").write_text(
        f"[backend]\ndefault-keyring=evil.Keyring\nkeyring-path={tmp_path}\n", encoding="utf-8"
    )
    (tmp_path / "evil.py").write_text("raise SystemExit('loaded')", encoding="utf-8")
    OSKeyring().save("desk-vn", "editor-tk", SEED)
    assert str(tmp_path) not in sys.path


@pytest.mark.parametrize(
    "name", ["PYTHON_KEYRING_BACKEND", "KEYRING_PROPERTY_PREFERRED_COLLECTION"]
)
def test_attack_17_the_environment_may_not_choose_or_bend_the_keyring(
    secret_service: Kept, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "keyring.backends.SecretService.Keyring")
    with pytest.raises(TrustError, match="environment forces"):
        OSKeyring()


def test_a_locked_or_broken_keyring_says_so(
    secret_service: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keyring.backends import SecretService
    from keyring.errors import InitError, KeyringLocked

    for error, title in (
        (KeyringLocked("CANARY"), "locked"),
        (InitError("CANARY"), "does not work"),
        (OSError("CANARY"), "does not work"),
    ):

        def refuse(*_: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(SecretService.Keyring, "set_password", refuse)
        with pytest.raises(Unavailable, match=title) as caught:
            OSKeyring()
        assert "CANARY" not in str(caught.value)
        assert "--file" in caught.value.hint


def test_attack_17_a_keyring_that_never_answers_is_given_up() -> None:
    never = threading.Event()
    with pytest.raises(Unavailable, match="does not answer"):
        within(0.01, never.wait)
    never.set()


def test_the_settings_choose_the_store(
    secret_service: Kept, files: KeyFile, tmp_path: Path
) -> None:
    assert isinstance(open_store(Settings(key_store="file", key_folder=tmp_path)), KeyFile)
    assert isinstance(open_store(Settings(key_store="keyring")), OSKeyring)
    auto = open_store(Settings(key_folder=files.folder), answers())
    assert isinstance(auto, AutoStore)
    files.save("desk-vn", "editor-tk", SEED)
    auto.save("desk-vn", "lead-1", bytes(32))
    assert auto.list("desk-vn") == ("editor-tk", "lead-1")
    assert auto.load("desk-vn", "editor-tk") == SEED
    assert auto.load("desk-vn", "lead-1") == bytes(32)
    assert ("desk: desk-vn", "editor-tk") not in secret_service.words
    with pytest.raises(Conflict):
        auto.save("desk-vn", "editor-tk", SEED)
    auto.delete("desk-vn", "lead-1")
    assert auto.list("desk-vn") == ("editor-tk",)
