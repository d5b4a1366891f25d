"""`desk settings`: one line changes, everything else in the file stays as a person wrote it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import UsageError
from desk.settings import load
from desk.settings_file import changed

ROOT = Path(__file__).resolve().parents[2]
MINE = "# của tôi\nlanguage: vi   # tiếng Việt\nkeys:\n  approve: f8\n# hết\nidle_minutes: 10\n"


def desk(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    import os

    environment = os.environ | {"XDG_CONFIG_HOME": str(folder), "LANG": "en_US.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "desk", "settings", *arguments, "--json"],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip


def test_comments_and_order_stay(tmp_path: Path) -> None:
    assert changed(MINE, "language", "en") == ("vi", MINE.replace("vi ", "en ", 1))
    assert changed(MINE, "idle_minutes", None) == ("10", MINE.replace("idle_minutes: 10\n", ""))
    before, text = changed(MINE, "keys.approve", None)
    assert before == "f8"
    assert text == "# của tôi\nlanguage: vi   # tiếng Việt\n# hết\nidle_minutes: 10\n"


@given(
    st.sampled_from(["language", "theme", "person", "database", "keys.approve"]),
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20),
)
def test_what_is_set_is_read_again_and_unset_again(name: str, value: str) -> None:
    import yaml

    _before, text = changed(MINE, name, value)
    read = yaml.safe_load(text)
    assert (read["keys"]["approve"] if name == "keys.approve" else read[name]) == value or (
        str(read[name]) == value
    )
    assert text.startswith("# của tôi")
    assert "# hết" in text
    _before, after = changed(text, name, None)
    assert name not in (yaml.safe_load(after) or {})


@pytest.mark.parametrize("name", ["colour", "keys", "theme.x", "keys.", "keys.A B", ""])
def test_a_setting_that_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        changed(MINE, name, "x")


def test_the_verbs_change_the_file_and_refuse_what_cannot_be(tmp_path: Path) -> None:
    file = tmp_path / "desk" / "settings.yaml"
    assert json.loads(desk(tmp_path, "set", "theme", "light").stdout)["before"] is None
    assert file.stat().st_mode & 0o777 == 0o600
    assert load(file).theme == "light"
    wrong = desk(tmp_path, "set", "theme", "pink")
    assert wrong.returncode == 2
    assert "theme: wants one of: dark, light" in wrong.stdout
    assert str(file) in wrong.stdout
    assert ".settings" not in wrong.stdout, "the file beside it, which nobody knows of"
    assert desk(tmp_path, "set", "keys.approve", "backspace").returncode == 2
    assert load(file).theme == "light"
    assert not list(file.parent.glob(".settings*"))
    assert json.loads(desk(tmp_path, "set", "theme", "light").stdout)["already"]
    desk(tmp_path, "set", "database", "postgresql://desk:secret@127.0.0.1/desk")
    shown = desk(tmp_path, "show")
    assert "secret" not in shown.stdout + shown.stderr
    assert json.loads(shown.stdout)["settings"]["theme"] == "light"
