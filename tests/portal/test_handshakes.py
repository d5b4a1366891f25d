"""A portal that ends TLS itself: who never ends the handshake takes no place from anybody."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from desk.errors import UsageError
from desk.portal import home
from desk.portal.handshakes import context
from tests.attacks.harness import PROJECT, wait_for
from tests.certificate import Certificate, make

FILES = 160  # what the portal may open
CROWD = 400


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make(tmp_path_factory.mktemp("tls"), "portal")


@pytest.fixture
def portal(tmp_path: Path, certificate: Certificate) -> Iterator[tuple[int, int]]:
    """A portal with a certificate of its own as a process: its id and port."""
    state = tmp_path / "portal"
    home.init(state, "desk-vn", "ab" * 32)
    process = subprocess.Popen(
        [sys.executable, "-m", "desk", "portal", "serve", "--state", str(state), "--port", "0",
         "--certificate", str(certificate.cert), "--tls-key", str(certificate.key), "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "HOME": str(tmp_path)},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        assert url.startswith("https://")
        yield process.pid, int(url.rpartition(":")[2])
        process.terminate()
        assert process.wait(60) == 0, "it ends cleanly, whoever is still at the door"
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def asked(port: int, certificate: Certificate, *, requests: int = 1) -> list[bytes]:
    """The answers on one connection, whose first request leaves with the end of the handshake."""
    trusting = ssl.create_default_context(cafile=str(certificate.cert))
    raw = socket.create_connection(("127.0.0.1", port), 60)
    with raw, trusting.wrap_socket(raw, server_hostname="127.0.0.1") as one:
        found = []
        for number in range(requests):
            last = b"Connection: close\r\n" if number == requests - 1 else b""
            one.sendall(b"GET /v1/time HTTP/1.1\r\nHost: x\r\n" + last + b"\r\n")
            answer = one.recv(65536)
            while b"}" not in answer:
                answer += one.recv(65536)
            found.append(answer)
        return found


def answers(port: int, certificate: Certificate) -> bool:
    with contextlib.suppress(OSError):
        return b'"sure":true' in asked(port, certificate)[0]
    return False


def test_it_speaks_tls_and_keeps_a_connection(
    portal: tuple[int, int], certificate: Certificate
) -> None:
    _, port = portal
    for answer in asked(port, certificate, requests=3):
        assert answer.startswith(b"HTTP/1.1 200")
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: answers(port, certificate), range(24)))


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01"])
def test_attack_25_a_crowd_that_never_ends_its_handshake_keeps_nobody_out(
    portal: tuple[int, int], certificate: Certificate, said: bytes
) -> None:
    pid, port = portal
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (FILES, FILES))
    with contextlib.ExitStack() as crowd:
        for _ in range(CROWD):
            one = crowd.enter_context(socket.socket())
            one.setblocking(False)
            with contextlib.suppress(OSError):
                one.connect(("127.0.0.1", port))
                one.send(said)
        wait_for(lambda: answers(port, certificate), "the portal answers")
        assert len(os.listdir(f"/proc/{pid}/fd")) < FILES


def test_a_certificate_that_is_none_is_told(tmp_path: Path, certificate: Certificate) -> None:
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("no certificate")
    for chain, key in ((wrong, certificate.key), (certificate.cert, wrong), (tmp_path, None)):
        with pytest.raises(UsageError, match="cannot be used"):
            context(chain, key)
