"""A newsroom driven by commands alone: its posts' key files, and a driver that types for them."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.newsroom.pins import PinFile
from desk.trust.keyfile import Cost, seal_seed
from desk.trust.keys import Identity
from tests.cli.running import Ran
from tests.founded import kept_folder

PHRASE = "một câu thật dài để nhớ"
POSTS = {
    "editor": ["author:thong-ke"],
    "writer": ["author:thong-ke", "review", "lead"],
    "appraiser": ["appraise"],
    "reviewer": ["review"],
    "checker": ["check", "review"],
    "lead-1": ["lead"],
    "lead-2": ["lead"],
}
CALENDAR = """\
newsroom:
  {id: desk-vn, name: {vi: Tòa soạn, en: Desk}, zone: Asia/Ho_Chi_Minh, languages: [vi, en]}
agencies:
  - {id: thong-ke, name: {vi: Cục Thống kê, en: National Statistics Office}, sections: [documents]}
kinds:
  statement:
    chain: [appraise, review, check]
    gates: [summary, sources, legal, translation, assets, length]
  news: {chain: [review], gates: [summary, sources]}
  urgent: {chain: [check], gates: [summary], urgent: true}
channels:
  - {id: portal, driver: folder, path: var/portal, languages: [vi, en], required: true}
  - {id: press, driver: folder, path: var/press, languages: [vi], required: false}
slots:
  - {id: briefing, name: {vi: Họp báo, en: Briefing}, rule: "FREQ=DAILY", at: "15:00",
     kinds: [statement], channels: [portal, press]}
blackouts:
  - {from: 2099-01-01T00:00, to: 2099-01-03T00:00, why: {vi: Nghỉ Tết, en: New Year}}
releases: {signers: 2}
"""
VI = """\
---
kind: statement
agency: thong-ke
language: vi
code: SAO
headline: Tổng sản phẩm trong nước quý III tăng
summary: Tổng sản phẩm trong nước quý III tăng 7,4% so với cùng kỳ năm trước.
sources:
  - {id: 1, title: "Cục Thống kê, bảng 3", date: 2026-10-06}
---
Tổng sản phẩm trong nước quý III tăng 7,4%[^1] so với cùng kỳ năm trước. Kết quả này do khu vực
dịch vụ và công nghiệp mang lại, trong khi nông nghiệp giữ mức tăng ổn định trong cả chín tháng.
"""
EN = """\
---
language: en
headline: Gross domestic product rose in the third quarter
summary: Gross domestic product rose by 7.4% in the third quarter against last year.
sources:
  - {id: 1, title: "National Statistics Office, table 3", date: 2026-10-06}
---
Gross domestic product rose by 7.4%[^1] in the third quarter against the same quarter of last year.
Services and industry brought this result, while agriculture kept growing at a steady rate.
"""


@dataclass
class Story:
    """Types commands as some post. `types` gives a run; `gets` its JSON after exit code 0."""

    room: Path
    home: Path
    run: Callable[..., Ran]

    def types(self, who: str, *words: str) -> Ran:
        """A command with that person's key, the passphrase from a descriptor."""
        reading, writing = os.pipe()
        try:
            os.write(writing, PHRASE.encode() + b"\n")
            os.close(writing)
            return self.run(*words, "--key", who, "--passphrase-fd", str(reading))
        finally:
            os.close(reading)

    def gets(self, who: str, *words: str) -> Any:
        """The JSON of a command that must succeed."""
        ran = self.types(who, *words, "--json")
        assert ran.code == 0, ran.err
        return ran.json

    def refused(self, who: str, *words: str, code: int = 3) -> dict[str, Any]:
        """The error of a command that must fail with that exit code."""
        ran = self.types(who, *words, "--json")
        assert ran.code == code, (ran.code, ran.err, ran.out)
        error: dict[str, Any] = ran.json["error"]
        assert error["exit_code"] == code
        return error

    def rules(self, who: str, *words: str) -> set[str]:
        """The rules that refuse a command."""
        reasons = self.refused(who, *words)["details"]["reasons"]
        return {reason["rule"] for reason in reasons}

    def file(self, name: str, content: str) -> str:
        """A text file outside the newsroom."""
        path = self.home / name
        path.write_text(content, encoding="utf-8")
        return str(path)

    def key(self, person: str) -> str:
        """A key file of little cost for a post; the JSON that `desk key show` would print."""
        folder = self.home / "config" / "desk" / "keys" / "desk-vn"
        folder.mkdir(parents=True, exist_ok=True)
        for each in (folder, folder.parent):
            each.chmod(0o700)
        identity, seed = Identity.generate()
        cost = Cost(iterations=1, lanes=1, memory_kib=8192)
        path = folder / f"{person}.key"
        path.write_bytes(seal_seed("desk-vn", person, seed, bytearray(PHRASE.encode()), cost))
        path.chmod(0o600)
        public = {"newsroom": "desk-vn", "person": person, "sign": identity.sign_public,
                  "read": identity.read_public}  # fmt: skip
        return self.file(f"{person}.json", json.dumps(public))

    def founded(self) -> Story:
        """Keys, newsroom, roster and policy by commands; once in each process, then copied."""
        kept = _kept()
        if (kept / "room").exists():
            shutil.copytree(kept, self.home, dirs_exist_ok=True)
            state = self.home / "state" / "desk"
            (pinned,) = (state / "pins").iterdir()  # it is called after the newsroom's folder
            pinned.rename(PinFile(state, self.room).path)
        else:
            self._found()
            shutil.copytree(self.home, kept, dirs_exist_ok=True)
        return self

    def _found(self) -> None:
        (self.room / "calendar.yaml").write_text(CALENDAR, encoding="utf-8")
        self.key("admin")
        self.gets("admin", "newsroom", "init", "--recovery-out", str(self.home / "recovery.seed"))
        for person, roles in POSTS.items():
            options = [word for role in roles for word in ("--role", role)]
            self.gets("admin", "roster", "add", person, "--name", f"Văn phòng – {person}", *options,
                      "--from-file", self.key(person))  # fmt: skip
        self.gets("admin", "newsroom", "adopt", "--yes")

    def pair(self) -> tuple[str, str]:
        """A statement in both languages, submitted."""
        vi = self.gets("editor", "item", "new", "--file", self.file("vi.md", VI))["item"]
        self.gets("editor", "item", "submit", vi)
        en = self.gets("editor", "item", "new", "--translates", vi, "--file",
                       self.file("en.md", EN))["item"]  # fmt: skip
        self.gets("editor", "item", "submit", en)
        return vi, en

    def approved_pair(self) -> tuple[str, str]:
        """The same, approved at every step."""
        pair = self.pair()
        for person in ("appraiser", "reviewer", "checker"):
            for item in pair:
                self.gets(person, "item", "approve", item)
        return pair

    def planned(self, *items: str) -> str:
        """A confirmed release of the items, in the next free briefing."""
        words = [word for item in items for word in ("--item", item)]
        made = self.gets("lead-1", "release", "plan", "--slot", "briefing", "--code", "MAI", *words)
        release = str(made["release"])
        self.gets("lead-1", "release", "confirm", release)
        return release


@functools.cache
def _kept() -> Path:
    """Where the home of the first story of this process is kept as it was founded."""
    return kept_folder()


def ids(text: str) -> list[str]:
    """Every item and release named in a text."""
    return re.findall(r"\b[ir]-[0-9a-z]{10}\b", text)
