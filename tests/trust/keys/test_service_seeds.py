"""A service's seed: a private file, or a credential of systemd."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from desk.errors import Conflict, NotFound, TrustError
from desk.trust.keyfile import load_service_seed, save_service_seed
from tests.trust.keys.samples import SEED


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
