"""What alerts need to be sent: secrets of their owner alone, one sender, certificates that last."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.alerts import certificates
from desk.alerts.home import Home
from desk.errors import Conflict, TrustError, UsageError
from tests.alerts.conftest import Certificate, Trap
from tests.alerts.servers import Hook, stopping

SECRET = "a shared secret of good length"


def test_a_secret_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "state")
    for text in ("first secret", SECRET):
        home.keep_secret("mail", f"{text}\n")
    assert home.secret("mail") == SECRET
    kept = tmp_path / "state" / "credentials" / "mail"
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.chmod(0o640)
    with pytest.raises(TrustError) as caught:
        home.secret("mail")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("text", ["", "short", "two\nlines of it", "mật khẩu dài", "x" * 5000])
def test_a_secret_that_cannot_be_one_is_refused_without_repeating_it(
    tmp_path: Path, text: str
) -> None:
    with pytest.raises(UsageError) as caught:
        Home(tmp_path / "state").keep_secret("mail", text)
    assert not text or text not in str(caught.value) + caught.value.hint


def test_a_secret_that_systemd_hands_over_goes_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "state")
    home.keep_secret("mail", SECRET)
    given = tmp_path / "given"
    given.mkdir(0o700)
    (given / "mail").write_text("from systemd\n")
    (given / "mail").chmod(0o400)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given))
    assert home.secret("mail") == "from systemd"
    (given / "mail").chmod(0o644)
    with pytest.raises(TrustError):
        home.secret("mail")


def test_one_process_alone_sends_from_a_directory(tmp_path: Path) -> None:
    first, second = Home(tmp_path / "state"), Home(tmp_path / "state")
    first.lock()
    with pytest.raises(Conflict):
        second.lock()
    first.close()
    second.lock()
    second.close()


def test_a_directory_that_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(0o755)
    with pytest.raises(TrustError):
        Home(tmp_path / "state")


async def test_the_end_of_a_portals_certificate_is_read_by_a_handshake_alone(
    certificate: Certificate, trap: Trap
) -> None:
    with stopping(Hook(certificate.server)) as server:
        channels = {
            "portal": {"url": server.url},
            "gone": {"url": "https://127.0.0.1:1"},
            "plain": {"url": f"http://127.0.0.1:{trap.port}"},
            "press": {"path": "press"},
        }
        ends = await certificates.ends(channels, certificate.cert)
        assert ends == {"portal": "2119-12-08T00:00:00Z"}
        assert await certificates.ends(channels, None) == {}, "not one that does not hold"
        assert server.requests == []
    assert trap.connections == 0
