"""The database as untrusted storage: nothing readable in it, nothing lost when it fails."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desk.approvals import decide
from desk.errors import DeskError, Refused, TrustError, Unavailable
from desk.items import drafts, revisions
from desk.newsroom import administer
from desk.newsroom.pins import PinFile
from desk.newsroom.room import Actor
from desk.releases import hold
from desk.store import session
from desk.trust.keys import Identity
from desk.trust.log import GENESIS
from tests.verbs.house import POLICY, House, change_roster

CANARY = "chim hoàng yến 7f3a91"
FORMS = [CANARY.encode(), CANARY.encode("utf-16-le"), b"7f3a91", CANARY.encode().hex().encode()]


def files_with_canary(*folders: Path) -> list[str]:
    found = []
    for folder in folders:
        for path in [p for p in folder.rglob("*") if p.is_file()]:
            data = path.read_bytes()
            found += [str(path) for form in FORMS if form in data]
        found += [str(p) for p in folder.rglob("*") if "7f3a91" in p.name]
    return found


def test_attack_14_no_sealed_word_lies_readable_in_any_file_of_the_newsroom(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    temporary, outside = tmp_path / "tmp", tmp_path / "outside"
    for folder in (temporary, outside):
        folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    file = outside / "chim-7f3a91.txt"
    file.write_text(CANARY, encoding="utf-8")
    item = house.draft(
        changes={
            "headline": CANARY,
            "body": f"{CANARY} " * 20,
            "summary": CANARY,
            "sources": [{"id": "1", "title": CANARY}],
        }
    )
    drafts.attach(house.room, house["editor"], item, file, role="text", alt=CANARY)
    assert files_with_canary(house.root, temporary) == []
    # Keep the write-ahead log from being emptied while it is searched.
    with sqlite3.connect(house.database) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from log").fetchone()
        revisions.submit(house.room, house["editor"], item, notes=CANARY)
        decide.give_back(house.room, house["reviewer"], item, CANARY)
        release = house.planned(item)
        hold.hold(house.room, house["editor"], release, reason=CANARY)
        drafts.edit(house.room, house["editor"], item)
        assert list(house.database.parent.glob("*-wal"))
        assert files_with_canary(house.root, temporary) == []
    decided = decide.reason_of(house.room, house["editor"], item)
    assert decided == CANARY  # it is there, for who may read it
    backup = tmp_path / "backup.db"
    with sqlite3.connect(house.database) as source, sqlite3.connect(backup) as target:
        source.backup(target)
    assert not any(form in backup.read_bytes() for form in FORMS)
    assert "7f3a91" not in caplog.text


def test_attack_14_an_error_of_the_database_tells_no_parameter(house: House) -> None:
    item = house.draft(changes={"headline": CANARY})
    with house.room.store.write() as connection:
        connection.exec_driver_sql("drop table drafts")
    with pytest.raises(Unavailable) as error:
        drafts.save(house.room, house["editor"], item, {"body": CANARY})
    told = f"{error.value} {error.value.hint} {error.value.__cause__} {error.value.__context__!r}"
    assert "7f3a91" not in str(error.value) + error.value.hint
    assert item not in told or "7f3a91" not in told


def test_attack_08_an_older_copy_of_the_database_is_refused_by_the_pin(
    house: House, tmp_path: Path
) -> None:
    pins = PinFile(tmp_path / "state", house.root)
    old = tmp_path / "old.db"
    with sqlite3.connect(house.database) as source, sqlite3.connect(old) as target:
        source.backup(target)
    with house.room.reading() as view:
        document = administer.with_key_ended(
            view.roster, "reviewer", "revoked", house.room.instant()
        )
    change_roster(house, document)
    with house.opened(pins).reading():
        pass
    for path in house.database.parent.glob("desk.db*"):
        path.unlink()
    shutil.copy(old, house.database)
    for action in ("reading", "acting"):
        with pytest.raises(TrustError, match="rolled back"), getattr(house.opened(pins), action)():
            pass


def test_attack_08_a_policy_rolled_back_is_refused_by_the_pin(house: House, tmp_path: Path) -> None:
    pins = PinFile(tmp_path / "state", house.root)
    with house.room.reading() as view:
        envelope = administer.propose_policy(
            view, {**POLICY, "withdraw_roles": ["lead", "check"]}, house.room.instant()
        )
        proposal = administer.countersign(view, envelope, house["admin"])
    administer.enact(house.room, proposal.act.envelope)
    with house.opened(pins).reading():
        pass
    with house.room.store.write() as connection:
        connection.exec_driver_sql(
            "delete from log where seq = (select max(seq) from log where kind = 'policy')"
        )
    with pytest.raises(TrustError, match="rolled back"), house.opened(pins).reading():
        pass


def test_attack_08_another_root_in_the_same_place_is_refused(
    house: House, founded: House, tmp_path: Path
) -> None:
    from tests.verbs.house import build

    pins = PinFile(tmp_path / "state", house.root)
    with house.opened(pins).reading():
        pass
    other = build(tmp_path / "other")
    house.room.store.close()
    shutil.copy(other.database, house.database)
    from desk.newsroom.room import Room

    with pytest.raises(TrustError), Room.open(house.root, house.database, pins=pins).reading():
        pass


def test_attack_16_ciphertexts_swapped_between_rows_do_not_open(house: House) -> None:
    first, second = house.submitted(), house.submitted()
    with house.room.store.write() as connection:
        rows = connection.exec_driver_sql(
            "select id, ciphertext from sealed where kind = 'revision' and part = 'content'"
        ).all()
        (a, one), (b, two) = rows
        for row, data in ((a, two), (b, one)):
            connection.exec_driver_sql(
                "update sealed set ciphertext = ? where id = ? and part = 'content'", (data, row)
            )
    for item in (first, second):
        with house.room.reading(item) as view, pytest.raises(TrustError, match="seal"):
            revisions.load(view, house["reviewer"], item)


def test_attack_27_a_busy_database_loses_no_approval(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "BUSY_MS", 10)
    room = house.opened()
    item = house.submitted()
    with sqlite3.connect(house.database, isolation_level=None) as other:
        other.execute("begin immediate")
        with pytest.raises(Unavailable, match="busy"):
            decide.approve(room, house["reviewer"], item)
        other.execute("rollback")
    assert decide.approve(room, house["reviewer"], item).state == "approved"


@contextmanager
def read_only(database: Path) -> Iterator[None]:
    """A database whose pages cannot be written, as on a disk mounted read-only."""
    with pytest.MonkeyPatch.context() as patch:
        original = session._on_connect

        def connect(raw: sqlite3.Connection, record: object) -> None:
            original(raw, record)
            raw.execute("pragma query_only = on")

        patch.setattr(session, "_on_connect", connect)
        yield


def test_attack_27_a_read_only_database_says_so_and_recovers(house: House) -> None:
    item = house.submitted()
    with read_only(house.database), pytest.raises(Unavailable, match="read-only"):
        decide.approve(house.opened(), house["reviewer"], item)
    assert not decide.approve(house.room, house["reviewer"], item).already


FULL = """
import resource, signal, sys
from pathlib import Path
from desk.approvals import decide
from desk.clock import FakeClock
from desk.errors import Unavailable
from desk.items import drafts
from desk.newsroom.room import Actor, Room
from desk.trust.keys import Identity

root, fingerprint, verb, who, item, seed, spare = sys.argv[1:]
room = Room.open(Path(root), Path(root, "var/desk.db"), fingerprint=fingerprint,
                 clock=FakeClock("2026-11-20T01:00:00Z"))
actor = Actor(who, Identity.from_seed(bytes.fromhex(seed)))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(spare), int(spare)))
try:
    if verb == "save":
        drafts.save(room, actor, item, {"body": "x" * 900_000})
    else:
        decide.approve(room, actor, item)
except Unavailable as error:
    sys.stdout.write(error.title)
"""


def on_a_full_disk(house: House, verb: str, who: str, item: str, seed: bytes, spare: int) -> str:
    """Try it in a process whose files may grow to `spare` bytes; the title of what it is told."""
    house.room.store.close()
    ran = subprocess.run(
        [sys.executable, "-c", FULL, str(house.root), house.fingerprint, verb, who, item,
         seed.hex(), str(spare)],
        capture_output=True, text=True, check=False, timeout=60, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def with_seed(house: House, who: str) -> bytes:
    """Give a post a key whose seed another process can be handed."""
    seed = os.urandom(32)
    new = Identity.from_seed(seed)
    with house.room.reading() as view:
        keys = administer.PublicKeys(new.sign_public, new.read_public)
        document = administer.with_new_key(view.roster, who, keys, house.room.instant())
    change_roster(house, document)
    house.people = {**house.people, who: Actor(who, new)}
    return seed


def test_attack_27_a_full_disk_keeps_what_was_saved_and_says_so(house: House) -> None:
    seed = with_seed(house, "editor")
    item = house.draft()
    told = on_a_full_disk(house, "save", "editor", item, seed, 512 * 1024)
    assert told == "The disk is full or failing"
    with house.room.reading(item) as view:
        draft, _ = drafts.load(view, house["editor"], item)
    assert draft.version == 1
    assert drafts.save(house.room, house["editor"], item, {"body": "y" * 900_000}).version == 2


@pytest.mark.parametrize("spare", [0, 8_192, 40_000])
def test_attack_27_an_approval_on_a_full_disk_is_told_and_can_be_given_again(
    house: House, spare: int
) -> None:
    seed = with_seed(house, "reviewer")
    item = house.submitted()
    told = on_a_full_disk(house, "approve", "reviewer", item, seed, spare)
    assert told == "The disk is full or failing"
    done = decide.approve(house.room, house["reviewer"], item)
    assert (done.state, done.already) == ("approved", False)
    assert set(administer.rebuild(house.room).values()) == {0}


def test_a_refused_act_leaves_no_trace_in_log_or_tables(house: House) -> None:
    item = house.submitted()
    with house.room.store.read() as connection:
        before = connection.exec_driver_sql("select count(*), max(hash) from log").one()
    for who in ("editor", "lead-1"):
        with pytest.raises((Refused, DeskError)):
            decide.approve(house.room, house[who], item)
    with house.room.store.read() as connection:
        assert connection.exec_driver_sql("select count(*), max(hash) from log").one() == before
        first = connection.exec_driver_sql("select previous from log where seq = 1").scalar()
    assert first == GENESIS
