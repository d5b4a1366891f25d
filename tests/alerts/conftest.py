"""Servers on loopback that alerts are sent to, and the newsroom that they tell of."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.alerts.servers import Hook, Post
from tests.verbs.house import House, build, copied


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The newsroom as founded; not to be changed."""
    return build(tmp_path_factory.mktemp("founded"))


@pytest.fixture
def house(founded: House, tmp_path: Path) -> House:
    """A newsroom of this test's own."""
    return copied(founded, tmp_path / "room")


@dataclass(frozen=True)
class Certificate:
    """A certificate for 127.0.0.1 that is its own authority, with its key."""

    cert: Path
    key: Path

    @property
    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        return context


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Made once; nobody but a test that names it as authority trusts it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example.org")])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    cert = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1).not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=36_500))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    return Certificate(folder / "cert.pem", folder / "key.pem")


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
