"""`desk key`: making, showing, carrying a key, and whose key is used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desk.trust import keyfile
from desk.trust.keyfile import Cost
from tests.cli.running import Ran

Desk = Callable[..., Ran]
Phrase = Callable[..., str]


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Key files that cost little, and no keyring to look for."""
    real = keyfile.seal_seed
    monkeypatch.setattr(keyfile, "seal_seed", lambda *args: real(*args[:4], Cost(1, 1, 8192)))
    folder = home / "config" / "desk"
    folder.mkdir(parents=True)
    (folder / "settings.yaml").write_text("key_store: file\n", encoding="utf-8")


@pytest.fixture
def made(desk: Desk, room: Path, phrase: Phrase) -> dict[str, str]:
    """What `desk key new` said of editor-tk's key."""
    ran = desk("key", "new", "--person", "editor-tk", "--json", "--passphrase-fd", phrase())
    assert ran.code == 0, ran.err
    return ran.json  # type: ignore[no-any-return]


def test_a_new_key_shows_its_public_half_and_a_fingerprint_to_read_aloud(
    made: dict[str, str],
) -> None:
    assert set(made) == {"newsroom", "person", "sign", "read", "fingerprint"}
    assert (made["newsroom"], made["person"]) == ("desk-vn", "editor-tk")
    groups = made["fingerprint"].split(" ")
    assert len(groups) == 10
    assert all(len(group) == 4 for group in groups)


def test_show_and_list_find_it_again(desk: Desk, made: dict[str, str], phrase: Phrase) -> None:
    shown = desk("key", "show", "--json", "--passphrase-fd", phrase())
    assert shown.json == made
    plain = desk("key", "show", "--passphrase-fd", phrase())
    assert f"fingerprint  {made['fingerprint']}" in plain.out
    assert desk("key", "list").out == "person\neditor-tk\n"
    assert desk("key", "list", "--json").json == [{"newsroom": "desk-vn", "person": "editor-tk"}]


def test_a_second_key_for_the_same_person_is_refused(
    desk: Desk, made: dict[str, str], phrase: Phrase
) -> None:
    again = desk("key", "new", "--key", "editor-tk", "--passphrase-fd", phrase())
    assert again.code == 4
    assert "never overwritten" in again.err


def test_a_wrong_passphrase_ends_with_6(desk: Desk, made: dict[str, str], phrase: Phrase) -> None:
    told = desk("key", "show", "--passphrase-fd", phrase("another sentence\n"))
    assert told.code == 6
    assert "The passphrase does not open this key" in told.err


def test_a_key_travels_to_another_machine(
    desk: Desk, made: dict[str, str], phrase: Phrase, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = home / "stick"
    stick.mkdir(0o700)
    away = str(stick / "editor-tk.key")
    assert desk("key", "export", away, "--passphrase-fd", phrase()).code == 0
    assert desk("key", "export", away, "--passphrase-fd", phrase()).code == 4
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "other machine"))
    ran = desk(
        "key", "import", away, "--file", "--person", "editor-tk", "--json",
        "--passphrase-fd", phrase(),
    )  # fmt: skip
    assert ran.json == made
    told = desk("key", "import", away, "--file", "--person", "lead-1", "--passphrase-fd", phrase())
    assert told.code == 6
    assert "another's" in told.err


def test_a_key_is_not_exported_to_where_others_could_take_it(
    desk: Desk, made: dict[str, str], phrase: Phrase, home: Path
) -> None:
    public = home / "public"
    public.mkdir()
    public.chmod(0o755)
    told = desk("key", "export", str(public / "k"), "--passphrase-fd", phrase())
    assert told.code == 6
    assert list(public.iterdir()) == []


def test_attack_20_the_login_name_never_says_whose_key(
    desk: Desk, made: dict[str, str], phrase: Phrase, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("USER", "LOGNAME", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "lead-1")
    shown = desk("key", "show", "--json", "--passphrase-fd", phrase())
    assert shown.json["person"] == "editor-tk"


def test_with_two_keys_one_must_be_chosen(
    desk: Desk, made: dict[str, str], phrase: Phrase, home: Path
) -> None:
    assert desk("key", "new", "--person", "lead-1", "--passphrase-fd", phrase()).code == 0
    told = desk("key", "show")
    assert told.code == 2
    assert "editor-tk, lead-1" in told.err
    settings = home / "config/desk/settings.yaml"
    settings.write_text("key_store: file\nperson: lead-1\n", encoding="utf-8")
    ran = desk("key", "show", "--json", "--passphrase-fd", phrase())
    assert ran.json["person"] == "lead-1"
    ran = desk("key", "show", "--key", "editor-tk", "--json", "--passphrase-fd", phrase())
    assert ran.json == made


@pytest.mark.parametrize("person", ["../../x", "Editor", "a b", "", "\x1b]0;x\x07"])
def test_a_person_is_an_id(desk: Desk, room: Path, person: str) -> None:
    told = desk("key", "new", f"--person={person}", "--file")
    assert told.code == 2
    assert "\x1b" not in told.err
