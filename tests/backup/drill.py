"""A drill: a newsroom with real processes, of which only the portals and a backup file survive."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from desk.demo import newsroom as demo
from desk.newsroom.room import Room
from desk.publisher.home import Home
from desk.trust.keyfile import Cost, seal_seed
from tests.attacks.harness import PROJECT, Desk, desk, wait_for

PHRASE = "một câu thật dài để nhớ"
CHANNELS = ("portal", "foreign")


class Drill:
    """One newsroom, before and after. `d` is the harness, whose root changes with the restore."""

    def __init__(self, d: Desk) -> None:
        self.d = d
        self.before = d.root
        self.seed = d.root / "recovery.seed"
        self.seed.write_text(d.n.seeds["recovery"].hex() + "\n")
        self._keys(demo.ADMIN)

    def _keys(self, person: str) -> None:
        """A key file of little cost for a post."""
        folder = self.before / "home" / "config" / "desk" / "keys" / "desk-vn"
        folder.mkdir(parents=True)
        for each in (folder, folder.parent):
            each.chmod(0o700)
        cost = Cost(iterations=1, lanes=1, memory_kib=8192)
        path = folder / f"{person}.key"
        data = seal_seed(
            "desk-vn", person, self.d.n.seeds[person], bytearray(PHRASE.encode()), cost
        )
        path.write_bytes(data)
        path.chmod(0o600)

    def types(self, *words: str, key: str = "", code: int = 0) -> Any:
        """The JSON of a command in the present newsroom, which must end with that code."""
        home = self.before / "home"
        environment = {
            **os.environ,
            "PYTHONPATH": str(PROJECT),
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_STATE_HOME": str(home / "state"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }
        reading, writing = os.pipe()
        os.write(writing, PHRASE.encode() + b"\n")
        os.close(writing)
        signing = ["--key", key, "--passphrase-fd", str(reading)] if key else []
        try:
            ran = subprocess.run(
                [sys.executable, "-m", "desk", *words, "--newsroom", str(self.d.root), *signing,
                 "--json"],
                capture_output=True, text=True, env=environment, cwd=self.before, check=False,
                pass_fds=(reading,), timeout=120,
            )  # fmt: skip
        finally:
            os.close(reading)
        assert ran.returncode == code, (words, ran.returncode, ran.stdout, ran.stderr)
        return json.loads(ran.stdout)

    # -- the bad day --------------------------------------------------------------------------

    def back_up(self, name: str = "desk.backup", *, publisher: bool = True) -> Path:
        """A backup while everything runs, made by the publisher's user, and proved."""
        file = self.before / name
        words = ["--publisher-state", str(self.d.root / "publisher")] if publisher else []
        made = self.types(
            "backup", "create", "--to", str(file), "--verify", "--recovery-seed", str(self.seed),
            *words, key="" if publisher else demo.ADMIN,
        )  # fmt: skip
        assert made["proved"]
        return file

    def destroy(self) -> None:
        """The newsroom's machine is gone, in the middle of its work."""
        self.d.kill()
        for name in ("var", "publisher"):
            shutil.rmtree(self.d.root / name)
        (self.d.root / "calendar.yaml").unlink()

    def restore(self, file: Path, folder: str = "restored") -> dict[str, Any]:
        """Restore into a new folder, and go on there. The portals are where they were."""
        to = self.before / folder
        view: dict[str, Any] = self.types(
            "backup", "restore", str(file), "--to", str(to), "--recovery-seed", str(self.seed),
            "--root", self.d.n.fingerprint,
        )  # fmt: skip
        (to / "portals").symlink_to(self.before / "portals")
        room = Room.open(to, to / "var" / "desk.db", fingerprint=self.d.n.fingerprint)
        self.d.n = replace(self.d.n, root=to, room=room, home=Home(to / "publisher"), items=[])
        self.d.root = to
        return view

    # -- what it says -------------------------------------------------------------------------

    def quarantine(self) -> dict[str, Any]:
        """The publisher's report."""
        report: dict[str, Any] = self.d.status().get("quarantine") or {}
        return report

    def looked(self) -> dict[str, Any]:
        """Wait until every channel was asked and nothing bars a resume; the report."""

        def ready() -> bool:
            report = self.quarantine()
            return bool(report.get("since")) and not any(
                finding["blocking"] for finding in report["findings"]
            )

        wait_for(ready, f"every channel was asked: {self.quarantine()}")
        return self.quarantine()

    def resume(self) -> None:
        """As an administrator does it."""
        self.looked()
        done = self.types("backup", "resume", "--yes", "--wait", "30", key=demo.ADMIN)
        assert not done["already"]


@contextlib.contextmanager
def drill() -> Iterator[Drill]:
    """A newsroom with two portals and a folder channel; nothing is written yet."""
    with desk(items=0, portals=CHANNELS) as d:
        one = Drill(d)
        try:
            yield one
        except BaseException:
            if d.root != one.before:  # the harness shows what was written before the restore
                sys.stderr.write(d.log_text()[-6000:])
                sys.stderr.write(json.dumps({**d.status(), "latest": []}, indent=1))
            raise
