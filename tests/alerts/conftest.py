"""Servers on loopback that alerts are sent to, and the newsroom that they tell of."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.alerts.servers import Hook, Post
from tests.certificate import Certificate, make
from tests.verbs.house import House, build, copied


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The newsroom as founded; not to be changed."""
    return build(tmp_path_factory.mktemp("founded"))


@pytest.fixture
def house(founded: House, tmp_path: Path) -> House:
    """A newsroom of this test's own."""
    return copied(founded, tmp_path / "room")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Made once; nobody but a test that names it as authority trusts it."""
    return make(tmp_path_factory.mktemp("certificate"), "mail.example.org")


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server that takes everything."""
    server = Post()
    yield server
    server.stop()


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A web server that takes everything."""
    server = Hook()
    yield server
    server.stop()


@dataclass
class Trap:
    """A listener that says nothing, and counts who comes and what they say."""

    port: int
    connections: int = 0
    received: bytes = b""
    came: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def trap() -> Iterator[Trap]:
    """A server that hangs: it takes the connection and is silent."""
    listener = socket.create_server(("127.0.0.1", 0))
    caught = Trap(listener.getsockname()[1])
    held: list[socket.socket] = []

    def take() -> None:
        while True:
            try:
                one, _ = listener.accept()
            except OSError:
                return
            caught.connections += 1
            caught.came.set()
            held.append(one)
            threading.Thread(target=listen, args=[one], daemon=True).start()

    def listen(one: socket.socket) -> None:
        try:
            while data := one.recv(4096):
                caught.received += data
        except OSError:
            return

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    yield caught
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for one in held:
        one.close()
    thread.join(5)
