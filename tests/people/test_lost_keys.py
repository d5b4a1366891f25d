"""A forgotten passphrase, a stolen laptop, somebody who leaves: by commands alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tests.cli.newsroom_story import VI, Story


def rekeyed(story: Story, person: str, *words: str) -> Any:
    """That person makes a new key, and the administrator puts it into the roster."""
    return story.gets("admin", "people", "rekey", person, "--from-file", story.key(person), *words)


def drafted(story: Story) -> str:
    """The editor's draft of a new item, not submitted."""
    path = story.file("draft.md", VI.replace("code: SAO", "code: TRE"))
    return str(story.gets("editor", "item", "new", "--file", path)["item"])


def rules_of(story: Story, release: str) -> set[str]:
    shown = story.gets("reviewer", "release", "show", release)
    return {reason["rule"] for reason in shown["reasons"]}


def test_a_forgotten_passphrase_voids_nothing_and_everything_can_be_read_again(
    story: Story,
) -> None:
    vi, _ = story.approved_pair()
    item = drafted(story)
    release = story.planned(vi)
    for person in ("reviewer", "lead-2", "editor"):
        rekeyed(story, person)
    # What was signed before keeps counting.
    assert rules_of(story, release) == {"sign-off", "translation"}
    story.refused("reviewer", "item", "show", vi)
    story.refused("editor", "item", "edit", item)
    done = story.gets("checker", "people", "rewrap")
    assert {one["item"] for one in done} >= {vi}
    assert {one["problem"] for one in done} == {""}
    assert story.gets("checker", "people", "rewrap") == []
    assert story.gets("reviewer", "item", "show", vi)
    seed = str(story.home / "recovery.seed")
    recovered = story.gets("admin", "people", "recover-drafts", "--recovery-seed", seed)
    assert recovered == [{"item": item, "author": "editor", "problem": ""}]
    assert story.gets("admin", "people", "recover-drafts", "--recovery-seed", seed) == []
    assert story.gets("editor", "item", "edit", item)["code"] == "TRE"
    story.gets("editor", "item", "submit", item)


def test_a_stolen_key_opens_no_recovered_draft_and_voids_what_it_signed(story: Story) -> None:
    vi, en = story.approved_pair()
    release = story.planned(vi, en)
    item = drafted(story)
    for lead in ("lead-1", "lead-2"):
        story.gets(lead, "release", "sign", release, "--yes")
    assert rules_of(story, release) == set()
    stolen = {person: _public(story, person) for person in ("lead-2", "editor")}
    rekeyed(story, "lead-2", "--compromised")
    assert rules_of(story, release) == {"signers", "signer"}
    story.gets("lead-2", "release", "sign", release, "--yes")
    assert rules_of(story, release) == set()
    rekeyed(story, "editor", "--compromised")
    assert "author-key" in rules_of(story, release)
    story.gets("admin", "people", "recover-drafts", "editor", "--recovery-seed",
               str(story.home / "recovery.seed"))  # fmt: skip
    story.gets("checker", "people", "rewrap")
    engine = create_engine(f"sqlite:///{story.room / 'var' / 'desk.db'}")
    with engine.connect() as connection:
        readers = set(connection.scalars(text("SELECT reader FROM wraps")))
    engine.dispose()
    assert not readers & {keys["read"] for keys in stolen.values()}
    assert story.gets("editor", "item", "edit", item)["code"] == "TRE"


def _public(story: Story, person: str) -> dict[str, str]:
    found: dict[str, str] = story.gets(person, "key", "show")
    return found


def test_the_wrong_seed_recovers_nothing(story: Story) -> None:
    drafted(story)
    rekeyed(story, "editor")
    wrong = story.file("wrong.seed", "ab" * 32)
    words = ("people", "recover-drafts", "--recovery-seed")
    assert story.rules("admin", *words, wrong) == {"recovery"}
    story.refused("admin", *words, story.file("short.seed", "ab"), code=2)
    story.refused("admin", *words, str(story.home / "missing.seed"), code=4)


@pytest.fixture
def two(story: Story) -> Story:
    """The same with a root of two administrators, both of whom must sign."""
    for person in ("admin-2", "admin-3"):
        story.gets("admin", "roster", "add", person, "--name", f"Quản trị – {person}", "--role",
                   "admin", "--from-file", story.key(person))  # fmt: skip
    story.gets("admin", "roster", "root", "--add", "admin-2", "--threshold", "2", "--yes")
    return story


def test_a_new_key_takes_two_administrators_where_the_root_does(two: Story, tmp_path: Path) -> None:
    public, proposal = two.key("lead-1"), str(tmp_path / "rekey.json")
    words = ("people", "rekey", "lead-1", "--from-file", public)
    two.refused("admin", *words, code=2)
    assert two.gets("admin", *words, "--out", proposal)["signed"] == 1
    two.refused("admin", "roster", "apply", proposal)
    two.refused("lead-2", "roster", "sign", proposal, "--yes")
    two.gets("admin-2", "roster", "sign", proposal, "--yes")
    two.gets("admin", "roster", "apply", proposal)
    vi, _ = two.pair()
    assert two.gets("lead-1", "item", "show", vi)


def test_the_last_administrators_cannot_leave_but_can_be_given_new_keys(
    two: Story, tmp_path: Path
) -> None:
    assert two.rules("admin", "people", "leave", "admin-2", "--yes") == {"last-admin"}
    assert two.rules("admin", "people", "leave", "admin", "--yes") == {"last-admin"}
    first, second = str(tmp_path / "add.json"), str(tmp_path / "rekey.json")
    two.gets("admin", "roster", "root", "--add", "admin-3", "--yes", "--out", first)
    two.gets("admin-2", "roster", "sign", first, "--yes")
    two.gets("admin", "roster", "apply", first)
    # The laptop of admin-2 is stolen: the other two give a new key, and the root keeps its three.
    two.gets("admin", "people", "rekey", "admin-2", "--from-file", two.key("admin-2"),
             "--compromised", "--out", second)  # fmt: skip
    assert two.rules("admin-2", "roster", "sign", second, "--yes") == {"root"}
    two.gets("admin-3", "roster", "sign", second, "--yes")
    two.gets("admin", "roster", "apply", second)
    document = two.gets("admin", "roster", "show")["document"]
    assert sorted(document["root"]["keys"]) == ["admin", "admin-2", "admin-3"]
    assert document["root"]["keys"]["admin-2"] == _public(two, "admin-2")["sign"]


def test_who_leaves_is_told_what_stays_behind_and_acts_no_more(story: Story) -> None:
    vi, en = story.approved_pair()
    release = story.planned(vi, en)
    path = story.file("tre.md", VI.replace("code: SAO", "code: TRE"))
    item = story.gets("writer", "item", "new", "--file", path)["item"]
    for lead in ("lead-1", "writer"):
        story.gets(lead, "release", "sign", release, "--yes")
    story.gets("writer", "people", "delegate", "appraiser", "--role", "lead", "--until",
               "2099-01-01T00:00:00Z", "--from", "2098-12-20T00:00:00Z", "--yes")  # fmt: skip
    story.gets("admin", "people", "deputies", "lead", "writer", "lead-2")
    left = story.gets("admin", "people", "leave", "writer", "--yes")["left"]
    assert (left["drafts"], left["signed"]) == ([item], [release])
    assert [(d["giver"], d["to"]) for d in left["delegations"]] == [("writer", "appraiser")]
    assert {"signer", "signers"} <= rules_of(story, release)
    shown = story.gets("admin", "people", "show")
    (gone,) = [p for p in shown["people"] if p["person"] == "writer"]
    assert (gone["roles"], gone["key"]) == ([], "")
    assert shown["deputies"] == {"lead:*": ["lead-2"]}
    assert [d["state"] for d in shown["delegations"]] == ["void"]
    assert "roster" in story.rules("writer", "item", "submit", item)
    assert story.gets("admin", "people", "leave", "writer", "--yes")["already"]
