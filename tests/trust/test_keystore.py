"""Where seeds live: key files, the system's keyring, a service's seed; attacks 14 and 17."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.errors import Conflict, NotFound, TrustError, Unavailable, UsageError
from desk.settings import Settings
from desk.trust.keyfile import Cost, load_service_seed, open_seed, save_service_seed, seal_seed
from desk.trust.keystore import (
    KNOWN,
    AutoStore,
    KeyFile,
    OSKeyring,
    clear,
    open_store,
    refuse_unknown_backend,
    within,
)
from desk.trust.passphrase import SHORTEST, checked, from_descriptor, from_terminal

PROGRAM = [sys.executable, str(Path(__file__).parents[2] / "desk.py")]
CHEAP = Cost(iterations=1, lanes=1, memory_kib=8192)
SEED = bytes(range(32))
PHRASE = "một câu thật dài để nhớ"


def answers(text: str = PHRASE) -> Callable[[str, bool], bytearray]:
    return lambda what, new: checked(text, new)


@pytest.fixture(autouse=True)
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No keyring, no settings, no credential of whoever runs the tests."""
    for name in list(os.environ):
        if name.startswith(("PYTHON_KEYRING", "KEYRING_", "DESK_", "CREDENTIALS_", "DBUS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def files(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "keys", answers(), CHEAP)


# Key files


def test_a_key_file_gives_back_the_seed(files: KeyFile) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    loaded = files.load("desk-vn", "editor-tk")
    assert loaded == SEED
    clear(loaded)
    assert loaded == bytes(32)
    assert files.list("desk-vn") == ("editor-tk",)
    assert files.list("another") == ()
    files.delete("desk-vn", "editor-tk")
    with pytest.raises(NotFound):
        files.load("desk-vn", "editor-tk")
    with pytest.raises(NotFound):
        files.delete("desk-vn", "editor-tk")


def test_a_key_file_is_private_and_holds_no_seed(files: KeyFile) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    path = files.path("desk-vn", "editor-tk")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path.parent, files.folder)] == [
        0o700
    ] * 2
    content = path.read_bytes()
    assert SEED not in content
    assert SEED.hex().encode() not in content
    assert [each.name for each in path.parent.iterdir()] == ["editor-tk.key"]  # no draft is left


def test_a_key_file_is_never_overwritten(files: KeyFile) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    with pytest.raises(Conflict):
        files.save("desk-vn", "editor-tk", bytes(32))
    assert files.load("desk-vn", "editor-tk") == SEED


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_file_open_to_others_is_refused(files: KeyFile, mode: int) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    files.path("desk-vn", "editor-tk").chmod(mode)
    with pytest.raises(TrustError, match="Open to other users"):
        files.load("desk-vn", "editor-tk")


def test_a_folder_open_to_others_is_refused(files: KeyFile) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    for folder in (files.folder, files.folder / "desk-vn"):
        folder.chmod(0o750)
        with pytest.raises(TrustError, match="Open to other users"):
            files.load("desk-vn", "editor-tk")
        with pytest.raises(TrustError, match="Open to other users"):
            files.save("desk-vn", "lead-1", SEED)
        folder.chmod(0o700)


def test_symlinks_in_place_of_file_or_folder_are_refused(files: KeyFile, tmp_path: Path) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    path = files.path("desk-vn", "editor-tk")
    moved = path.rename(path.with_name("moved"))
    path.symlink_to(moved)
    with pytest.raises(TrustError):
        files.load("desk-vn", "editor-tk")
    path.unlink()
    moved.rename(path)
    elsewhere = path.parent.rename(tmp_path / "elsewhere")
    path.parent.symlink_to(elsewhere)
    with pytest.raises(TrustError):
        files.load("desk-vn", "editor-tk")


def test_a_pipe_in_place_of_a_key_file_does_not_hang(files: KeyFile) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    path = files.path("desk-vn", "editor-tk")
    path.unlink()
    os.mkfifo(path, 0o600)
    with pytest.raises(TrustError, match="private file"):
        files.load("desk-vn", "editor-tk")


@pytest.mark.parametrize("name", ["../x", "", "a/b", "-a", "A", "a" * 65, "a\n", ".."])
def test_names_never_become_paths(files: KeyFile, name: str) -> None:
    for newsroom, person in ((name, "editor-tk"), ("desk-vn", name)):
        with pytest.raises(TrustError, match="Not an id"):
            files.load(newsroom, person)


def test_a_wrong_passphrase_says_so(files: KeyFile) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    wrong = KeyFile(files.folder, answers("another sentence"), CHEAP)
    with pytest.raises(TrustError, match="passphrase does not open"):
        wrong.load("desk-vn", "editor-tk")


def test_the_passphrase_is_the_same_from_every_keyboard(files: KeyFile) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    decomposed = "một câu thật dài để nhớ"
    import unicodedata

    other = KeyFile(files.folder, answers(unicodedata.normalize("NFD", decomposed)), CHEAP)
    assert other.load("desk-vn", "editor-tk") == SEED


def test_a_key_file_under_another_name_is_refused() -> None:
    content = seal_seed("desk-vn", "editor-tk", SEED, bytearray(b"x"), CHEAP)
    for newsroom, person in (("other", "editor-tk"), ("desk-vn", "lead-1")):
        with pytest.raises(TrustError, match="another's"):
            open_seed(content, newsroom, person, bytearray(b"x"))
        renamed = {**json.loads(content), "newsroom": newsroom, "person": person}
        with pytest.raises(TrustError):
            open_seed(compact(renamed), newsroom, person, bytearray(b"x"))


def compact(document: dict[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("memory_kib", 1 << 30),
        ("memory_kib", 16),
        ("iterations", 10**9),
        ("iterations", True),
        ("iterations", 0),
        ("lanes", 0),
        ("lanes", 1 << 20),
        ("kdf", "scrypt"),
        ("cipher", "none"),
        ("format", 2),
        ("format", True),
        ("salt", ""),
        ("nonce", "zz" * 12),
        ("sealed", "00"),
        ("person", ["editor-tk"]),
        ("more", 1),
    ],
)
def test_a_hostile_key_file_is_refused_before_any_passphrase_is_asked(
    files: KeyFile, name: str, value: object
) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    path = files.path("desk-vn", "editor-tk")
    path.write_bytes(compact({**json.loads(path.read_bytes()), name: value}))

    def never(what: str, new: bool) -> bytearray:
        raise AssertionError("asked for a passphrase")

    with pytest.raises(TrustError):
        KeyFile(files.folder, never).load("desk-vn", "editor-tk")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_altered_key_file_opens(data: st.DataObject) -> None:
    content = bytearray(SEALED)
    place = data.draw(st.integers(0, len(content) - 2))
    content[place] = data.draw(st.integers(0, 255).filter(lambda value: value != content[place]))
    with pytest.raises(TrustError):
        open_seed(bytes(content), "desk-vn", "editor-tk", bytearray(b"x"))


SEALED = seal_seed("desk-vn", "editor-tk", SEED, bytearray(b"x"), CHEAP)


def test_nothing_shows_a_seed(files: KeyFile) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    assert "keys" in repr(files)
    for shown in (repr(files), str(vars(files))):
        assert SEED.hex() not in shown
        assert PHRASE not in shown


# Passphrases


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


# The system's keyring


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


# The real program


def run_key(
    room: Path, *arguments: str, env: dict[str, str] | None = None, fds: tuple[int, ...] = ()
) -> subprocess.CompletedProcess[str]:
    (room / "calendar.yaml").write_text("newsroom: {id: desk-vn}\n", encoding="utf-8")
    return subprocess.run(
        [*PROGRAM, "key", *arguments, "--newsroom", str(room)],
        env={**os.environ, "LANG": "C.UTF-8", **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        start_new_session=True,
        pass_fds=fds,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "backend",
    [
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
        "keyring.backends.chainer.ChainerBackend",
        "keyrings.alt.file.PlaintextKeyring",
        "keyring.backends.SecretService.Keyring",
        "evil.Keyring",
    ],
)
def test_attack_17_environment_forced_backends_refuse_the_start(
    tmp_path: Path, backend: str
) -> None:
    marker = tmp_path / "imported"
    (tmp_path / "evil.py").write_text(f"open({str(marker)!r}, 'w')", encoding="utf-8")
    env = {"PYTHON_KEYRING_BACKEND": backend, "PYTHONPATH": str(tmp_path)}
    ended = run_key(tmp_path, "new", "--person", "editor-tk", env=env)
    assert ended.returncode == 6
    assert "The environment forces a keyring" in ended.stderr
    assert not marker.exists()


class MuteBus:
    """A session bus that greets its caller or not, and then says no more: so does a Secret Service
    that waits for an unlock dialog nobody sees.
    """

    def __init__(self, folder: Path, greets: bool) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        name = f"desk-test-{os.getpid()}-{folder.name}"  # abstract: paths are limited to 107 bytes
        self._socket.bind(f"\0{name}")
        self._socket.listen()
        self.address = f"unix:abstract={name}"
        if greets:
            threading.Thread(target=self._greet, daemon=True).start()

    def _greet(self) -> None:
        caller, _ = self._socket.accept()
        for line in caller.makefile("rb"):
            if b"AUTH EXTERNAL" in line:
                caller.sendall(b"OK 00112233445566778899aabbccddeeff\r\n")
            elif b"NEGOTIATE_UNIX_FD" in line:
                caller.sendall(b"AGREE_UNIX_FD\r\n")

    def close(self) -> None:
        self._socket.close()


@pytest.mark.skipif(sys.platform != "linux", reason="abstract sockets are Linux's")
@pytest.mark.parametrize("greets", [True, False])
def test_attack_17_a_locked_keyring_without_a_terminal_is_a_clear_error(
    tmp_path: Path, greets: bool
) -> None:
    bus = MuteBus(tmp_path, greets)
    env = {"DBUS_SESSION_BUS_ADDRESS": bus.address}
    ended = run_key(tmp_path, "new", "--person", "editor-tk", env=env)
    bus.close()
    assert ended.returncode == 5
    assert "The keyring does not answer" in ended.stderr
    assert ("within 1.5 s" in ended.stderr) or not greets
    assert "--file" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_attack_17_no_keyring_at_all_is_a_clear_error(tmp_path: Path) -> None:
    env = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/nobody"}
    ended = run_key(tmp_path, "new", "--person", "editor-tk", "--json", env=env)
    assert ended.returncode == 5
    assert json.loads(ended.stdout)["error"]["code"] == "unavailable"


def test_attack_14_no_secret_in_arguments_environment_output_or_crash(tmp_path: Path) -> None:
    """The passphrase comes by descriptor only; it and the seed are in nothing that others read."""
    reading, writing = os.pipe()
    os.write(writing, f"{PHRASE}\n".encode())
    os.close(writing)
    made = run_key(
        tmp_path, "new", "--person", "editor-tk", "--file", "--json",
        "--passphrase-fd", str(reading), fds=(reading,),
    )  # fmt: skip
    os.close(reading)
    assert made.returncode == 0, made.stderr
    public = json.loads(made.stdout)
    folder = tmp_path / "config/desk/keys"
    seed = KeyFile(folder, answers()).load("desk-vn", "editor-tk")
    for secret in (seed.hex(), PHRASE):
        assert secret not in made.stdout + made.stderr
        for file in tmp_path.rglob("*"):
            assert not file.is_file() or secret.encode() not in file.read_bytes()
    assert public["person"] == "editor-tk"
    assert len(public["fingerprint"].split()) == 10


def test_attack_14_there_is_no_option_or_variable_for_a_passphrase(tmp_path: Path) -> None:
    env = {"DESK_PASSPHRASE": PHRASE, "PASSPHRASE": PHRASE, "PYTHON_KEYRING_PASSWORD": PHRASE}
    ended = run_key(tmp_path, "new", "--person", "editor-tk", "--file", env=env)
    assert ended.returncode == 5
    assert "No terminal to ask for the passphrase on" in ended.stderr
    told = run_key(tmp_path, "new", "--passphrase", PHRASE)
    assert told.returncode == 2


# Services


def test_a_service_seed_is_private_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "publisher" / "key"
    save_service_seed(path, SEED)
    assert load_service_seed(path) == SEED
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(Conflict):
        save_service_seed(path, SEED)
    path.chmod(0o644)
    with pytest.raises(TrustError, match="Open to other users"):
        load_service_seed(path)
    path.chmod(0o600)
    path.parent.chmod(0o755)
    with pytest.raises(TrustError, match="Open to other users"):
        load_service_seed(path)
    with pytest.raises(NotFound):
        load_service_seed(tmp_path / "none" / "key")


@pytest.mark.parametrize("content", [b"", b"00" * 31, b"00" * 33, b"zz" * 32, b"\xff" * 64])
def test_what_is_no_service_seed_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "publisher" / "key"
    save_service_seed(path, SEED)
    path.write_bytes(content)
    with pytest.raises(TrustError, match="Not a key"):
        load_service_seed(path)


def test_a_service_seed_may_come_from_systemd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir(0o700)
    given_file = folder / "desk-publisher"
    given_file.write_text(SEED.hex() + "\n", encoding="ascii")
    given_file.chmod(0o440)  # systemd's ACLs show as group bits
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    assert load_service_seed(tmp_path / "none") == SEED
    given_file.chmod(0o444)
    with pytest.raises(TrustError, match="Open to other users"):
        load_service_seed(tmp_path / "none")
