"""Where a person's 32-byte seed lives: the system's keyring, or a key file under a passphrase.

The `keyring` library finds its backend by environment, configuration files and entry points, any
of which can lead to a plaintext or a null one. Desk does not ask it: it takes the classes it knows,
one by one, and uses the first that this machine offers and that gives back what was written to it.
"""

from __future__ import annotations

import os
import secrets
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from desk import dumps
from desk.errors import Conflict, NotFound, TrustError, Unavailable
from desk.phrase import phrase
from desk.trust.keyfile import SEED_BYTES, KeyFile, clear
from desk.trust.passphrase import Passphrase, from_terminal

if TYPE_CHECKING:
    from desk.settings import Settings

__all__ = ["AutoStore", "KeyFile", "KeyStore", "OSKeyring", "clear", "open_store"]

T = TypeVar("T")
KNOWN = (
    ("keyring.backends.macOS", "Keyring"),
    ("keyring.backends.Windows", "WinVaultKeyring"),
    ("keyring.backends.SecretService", "Keyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
)
"""The backends trusted with a seed, in the order they are tried: encrypted by the system."""

WAIT = 1.5  # the whole command has answered within 2 s
WAIT_FOR_PERSON = 60.0
_FORCED = ("PYTHON_KEYRING_BACKEND", "KEYRING_PROPERTY_")
_FILE_HINT = "Use a key file instead: desk key new --person ID --file"


class KeyStore(Protocol):
    """Keeps seeds by newsroom and person. What `load` returns is the caller's to clear."""

    @property
    def kind(self) -> str:
        """What people call it: keyring, file, auto."""
        ...

    def load(self, newsroom: str, person: str) -> bytearray:
        """The seed, 32 bytes. Raises NotFound, Unavailable, TrustError."""
        ...

    def save(self, newsroom: str, person: str, seed: bytes | bytearray) -> None:
        """Keep a new seed. Raises Conflict when that person has one already."""
        ...

    def delete(self, newsroom: str, person: str) -> None:
        """Forget a seed. Raises NotFound."""
        ...

    def list(self, newsroom: str) -> tuple[str, ...]:
        """Whose seeds are here, sorted."""
        ...


class OSKeyring:
    """The system's keyring, through one known backend that passed a write, read, delete test.

    `wait` is how many seconds the keyring may take before it counts as locked or dead.
    """

    kind = "keyring"

    def __init__(self, backend: Any = None, wait: float | None = None) -> None:
        self._wait = wait or (WAIT_FOR_PERSON if _person_can_unlock() else WAIT)
        refuse_forced_backend()
        if backend is not None:
            refuse_unknown_backend(backend)
        self._backend = self._within(lambda: _tested(backend or _find_backend()))

    def __repr__(self) -> str:
        return f"OSKeyring({type(self._backend).__module__})"

    def load(self, newsroom: str, person: str) -> bytearray:
        """The seed. Raises NotFound, Unavailable, TrustError (what lies there is no seed)."""
        dumps.conceal()
        found = self._get(newsroom, person)
        if found is None:
            raise NotFound(
                phrase("No key of {person}", person=person),
                phrase("nothing in the keyring for {newsroom}", newsroom=newsroom),
                phrase("Make one: desk key new --person {person}", person=person),
            )
        try:
            seed = bytearray.fromhex(found)
        except ValueError:
            seed = bytearray()
        if len(seed) != SEED_BYTES:
            raise TrustError("The keyring holds no key of Desk there", f"{newsroom}, {person}")
        return seed

    def save(self, newsroom: str, person: str, seed: bytes | bytearray) -> None:
        """Keep a new seed, then read it back. Raises Conflict, Unavailable."""
        if self._get(newsroom, person) is not None:
            raise Conflict(
                phrase("{person} has a key already", person=person),
                "in the keyring",
                "It is never overwritten",
            )
        self._within(
            lambda: self._backend.set_password(_service(newsroom), person, bytes(seed).hex())
        )
        kept = self.load(newsroom, person)
        same = secrets.compare_digest(kept, bytes(seed))
        clear(kept)
        if not same:
            raise Unavailable("The keyring did not keep the key", "", _FILE_HINT)
        self._write_index(newsroom, {*self.list(newsroom), person})

    def delete(self, newsroom: str, person: str) -> None:
        """Forget a seed. Raises NotFound, Unavailable."""
        if self._get(newsroom, person) is None:
            raise NotFound(phrase("No key of {person}", person=person), "nothing in the keyring")
        self._within(lambda: self._backend.delete_password(_service(newsroom), person))
        self._write_index(newsroom, set(self.list(newsroom)) - {person})

    def list(self, newsroom: str) -> tuple[str, ...]:
        """Whose seeds are here. Keyrings list nothing themselves: an entry of ours does."""
        found = self._get(newsroom, _INDEX) or ""
        return tuple(sorted(filter(None, found.split(","))))

    def _write_index(self, newsroom: str, people: set[str]) -> None:
        names = ",".join(sorted(people))
        self._within(lambda: self._backend.set_password(_service(newsroom), _INDEX, names))

    def _get(self, newsroom: str, name: str) -> str | None:
        return self._within(lambda: _text(self._backend.get_password(_service(newsroom), name)))

    def _within(self, call: Callable[[], T]) -> T:
        return within(self._wait, call)


class AutoStore:
    """A person's key file where there is one, else the system's keyring."""

    kind = "auto"

    def __init__(self, files: KeyFile, keyring: Callable[[], OSKeyring] = OSKeyring) -> None:
        self._files = files
        self._keyring = keyring

    def _of(self, newsroom: str, person: str) -> KeyStore:
        return self._files if person in self._files.list(newsroom) else self._keyring()

    def load(self, newsroom: str, person: str) -> bytearray:
        """The seed, from the one place or the other."""
        return self._of(newsroom, person).load(newsroom, person)

    def save(self, newsroom: str, person: str, seed: bytes | bytearray) -> None:
        """Keep a new seed in the keyring. Raises Conflict when there is a key file."""
        self._of(newsroom, person).save(newsroom, person, seed)

    def delete(self, newsroom: str, person: str) -> None:
        """Forget a seed."""
        self._of(newsroom, person).delete(newsroom, person)

    def list(self, newsroom: str) -> tuple[str, ...]:
        """Whose seeds are in key files and, when there is a keyring, in it."""
        people = set(self._files.list(newsroom))
        try:
            people |= set(self._keyring().list(newsroom))
        except Unavailable:
            if not people:
                raise
        return tuple(sorted(people))


def open_store(settings: Settings, ask: Passphrase = from_terminal) -> KeyStore:
    """The key store that the settings choose; `ask` gives the passphrase of key files.

    Raises Unavailable (no keyring, locked, not answering), TrustError (one that is not trusted).
    """
    files = key_files(settings, ask)
    if settings.key_store == "file":
        return files
    return OSKeyring() if settings.key_store == "keyring" else AutoStore(files)


def key_files(settings: Settings, ask: Passphrase = from_terminal) -> KeyFile:
    """This user's key files, whatever the settings choose."""
    from desk.settings import config_folder

    return KeyFile(settings.key_folder or config_folder() / "keys", ask)


def refuse_forced_backend() -> None:
    """Refuse to go on when the environment chooses or bends the keyring. Raises TrustError."""
    for name in os.environ:
        if name.startswith(_FORCED):
            raise TrustError(
                "The environment forces a keyring",
                phrase("{name} is set, and may lead to one that keeps keys in the open", name=name),
                phrase("Run: unset {name}", name=name),
            )


def refuse_unknown_backend(backend: Any) -> None:
    """Refuse a backend whose class is not one of KNOWN itself. Raises TrustError."""
    found = type(backend)
    name = (found.__module__, found.__qualname__)
    if name in KNOWN and getattr(sys.modules.get(name[0]), name[1], None) is found:
        return
    raise TrustError("This keyring is not trusted with a key", ".".join(name), _FILE_HINT)


def within(seconds: float, call: Callable[[], T]) -> T:
    """What `call` returns, if it does within so many seconds; its thread is left to die alone.

    Raises Unavailable when it does not, or when the keyring says no.
    """
    box: SimpleQueue[tuple[T | None, Exception | None]] = SimpleQueue()

    def run() -> None:
        try:
            box.put((call(), None))
        except Exception as error:
            box.put((None, error))

    threading.Thread(target=run, name="keyring", daemon=True).start()
    try:
        value, error = box.get(timeout=seconds)
    except Empty:
        raise _no_answer(f"within {seconds:g} s") from None
    if error is not None:
        raise _told(error) from None
    return value  # type: ignore[return-value]  # no error: it is what `call` returned


def _no_answer(when: str) -> Unavailable:
    return Unavailable(
        "The keyring does not answer",
        phrase("not {when}: it is locked, or waits for a dialog nobody sees", when=when),
        phrase("Unlock it and try again. {file_hint}", file_hint=_FILE_HINT),
    )


def _told(error: Exception) -> Exception:
    from keyring.errors import KeyringError, KeyringLocked

    from desk.errors import DeskError

    if isinstance(error, DeskError):
        return error
    if isinstance(error, TimeoutError):
        return _no_answer("in the time that D-Bus gives it")
    if isinstance(error, KeyringLocked):
        return Unavailable(
            "The keyring is locked",
            "",
            phrase("Unlock it and try again. {file_hint}", file_hint=_FILE_HINT),
        )
    if isinstance(error, (KeyringError, RuntimeError, OSError)):
        return Unavailable("The keyring does not work", type(error).__name__, _FILE_HINT)
    return error


def _find_backend() -> Any:
    """The first known backend that this machine offers. Raises Unavailable."""
    for module_name, class_name in KNOWN:
        found = getattr(import_module(module_name), class_name, None)
        if found is None:
            continue
        try:
            found.priority  # noqa: B018 - raises RuntimeError where the backend cannot work
        except RuntimeError:
            continue
        backend = found()
        refuse_unknown_backend(backend)
        return backend
    why = "no keyring that Desk knows answers here"
    raise Unavailable("No keyring on this machine", why, _FILE_HINT)


def _tested(backend: Any) -> Any:
    """The backend, after it wrote, gave back and forgot a word. Raises Unavailable."""
    name, word = f"test-{secrets.token_hex(8)}", secrets.token_hex(16)
    backend.set_password(_TEST_SERVICE, name, word)
    if backend.get_password(_TEST_SERVICE, name) == word:
        backend.delete_password(_TEST_SERVICE, name)
        if backend.get_password(_TEST_SERVICE, name) is None:
            return backend
    raise Unavailable("The keyring does not keep, or not forget, what it is told", "", _FILE_HINT)


_INDEX = "people,"  # the comma keeps it apart from every person's id
_TEST_SERVICE = "desk: test"


def _service(newsroom: str) -> str:
    return f"desk: {newsroom}"


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _person_can_unlock() -> bool:
    """Whether somebody sits there who could answer an unlock dialog."""
    return sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()
