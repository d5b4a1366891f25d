"""A hostile environment: proxies, certificate authorities and the like that somebody has set."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from .harness import desk

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "FTP_PROXY", "http_proxy", "https_proxy",
         "all_proxy")  # fmt: skip


@contextmanager
def trap() -> Iterator[tuple[int, list[bytes]]]:
    """A listener on loopback, and what anybody says to it."""
    said: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            while True:
                try:
                    one, _ = listener.accept()
                except OSError:  # closed: the test is over
                    return
                with one:
                    said.append(one.recv(65536))

        threading.Thread(target=listen, daemon=True).start()
        yield listener.getsockname()[1], said
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.instants
def test_attack_30_a_release_goes_past_proxies_and_its_secrets_stay_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    """Real publisher and portal; whoever set these variables hears nothing, and stops nothing."""
    authority = tmp_path / "authority.pem"
    authority.write_text("not a certificate\n")
    with trap() as (port, said):
        for name in NAMES:
            monkeypatch.setenv(name, f"http://user:secret@127.0.0.1:{port}")
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"):
            monkeypatch.setenv(name, str(authority))
        monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
        monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        with desk(items=2) as d:
            token = d.n.home.credential("portal")
            d.start_publisher()
            d.release()
            d.released()
            d.caught_up()
            d.once()
            logs = "".join(path.read_text("utf-8") for path in d.root.glob("*.log"))
        assert said == []
        assert token not in logs
        assert "user:secret" not in logs
