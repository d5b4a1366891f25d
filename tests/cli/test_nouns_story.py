"""The whole way by commands: from an empty folder to a release that two leads have signed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.newsroom_story import CALENDAR, EN, PHRASE, VI, Story, ids
from tests.cli.running import Ran


@pytest.fixture
def story(room: Path, home: Path, desk: Callable[..., Ran]) -> Story:
    """A newsroom founded by commands."""
    return Story(room, home, desk).founded()


def test_from_an_empty_folder_to_a_signed_release_with_every_refusal(story: Story) -> None:
    vi, en = story.pair()
    assert story.rules("writer", "item", "approve", vi) == {"role"}
    story.gets("appraiser", "item", "approve", vi)
    story.gets("checker", "item", "approve", vi, "--step", "review")
    assert story.rules("checker", "item", "approve", vi, "--step", "check") == {"distinct"}
    assert story.rules("editor", "item", "approve", vi) == {"author-approves"}
    seen = story.gets("reviewer", "queue", "show", en)["digest"]
    story.gets("editor", "item", "edit", en, "--set", "urgency=3")
    story.gets("editor", "item", "submit", en)
    assert story.refused("appraiser", "item", "approve", en, "--expect", seen, code=4)


def test_the_release_is_signed_by_two_leads_and_by_nobody_else(story: Story) -> None:
    vi, en = story.approved_pair()
    made = story.gets("lead-1", "release", "plan", "--slot", "briefing", "--code", "MAI",
                      "--item", vi, "--item", en)  # fmt: skip
    release = made["release"]
    assert story.rules("lead-1", "release", "sign", release, "--yes") == {"confirmed"}
    assert not story.gets("lead-1", "release", "confirm", release)["already"]
    assert story.gets("lead-1", "release", "confirm", release)["already"]
    assert story.rules("editor", "release", "sign", release, "--yes") == {"role"}
    unasked = story.refused("lead-1", "release", "sign", release, code=2)
    assert unasked["hint"] == "Add --yes to agree beforehand"
    first = story.gets("lead-1", "release", "sign", release, "--yes")
    assert story.gets("lead-1", "release", "sign", release, "--yes")["already"]
    wrong = story.refused("lead-2", "release", "sign", release, "--yes", "--expect", "0" * 64,
                          code=4)  # fmt: skip
    assert "not what you looked at" in wrong["title"]
    second = story.gets("lead-2", "release", "sign", release, "--yes", "--expect",
                        first["manifest"])  # fmt: skip
    assert (second["state"], second["signers"]) == ("signed", ["lead-1", "lead-2"])
    shown = story.gets("editor", "release", "show", release)
    assert (shown["reasons"], shown["state"], shown["manifest"]) == (
        [],
        "signed",
        first["manifest"],
    )
    assert {item["item"] for item in shown["items"]} == {vi, en}
    assert story.gets("admin", "newsroom", "rebuild")["mended"] == 0
    audit = story.gets("admin", "audit", "verify")
    assert (audit["ok"], audit["voids"]) == (True, [])


def test_a_release_that_clashes_is_told_before_anything_is_signed(story: Story) -> None:
    vi, en = story.approved_pair()
    release = story.planned(vi, en)
    at = story.gets("lead-1", "release", "show", release)["at"]
    words = ("release", "plan", "--at", at, "--item", vi, "--channel", "portal", "--code", "HAI")
    before = len(story.gets("lead-1", "audit", "show", "--limit", "1000"))
    clash = story.refused("lead-1", *words, code=4)
    codes = ["channel-taken", "same-item"]
    assert [one["code"] for one in clash["details"]["conflicts"]] == codes
    black = story.refused("lead-1", "release", "plan", "--at", "2099-01-02 10:00", "--item", vi,
                          "--channel", "portal", "--code", "HAI", code=4)  # fmt: skip
    assert black["details"]["conflicts"][0]["code"] == "blackout"
    assert len(story.gets("lead-1", "audit", "show", "--limit", "1000")) == before
    assert story.gets("lead-1", *words, "--anyway")["conflicts"] == codes
    told = story.types("lead-1", "release", "sign", release, "--yes", "--json")
    assert told.code == 0
    assert f"{vi} also goes out in HAI" in told.err


def test_stops_say_whether_they_are_in_force(story: Story) -> None:
    release = story.planned(*story.approved_pair())
    held = story.gets("editor", "release", "hold", release)
    assert (held["confirmation"], held["confirmed"]) == ("no-publisher", False)
    assert story.gets("editor", "release", "hold", release)["already"]
    story.gets("admin", "roster", "publisher", "pub-1", "--from-file", story.key("pub-1"))
    asked = story.types("lead-1", "release", "hold", release, "--wait", "0", "--json")
    assert asked.code == 5
    assert asked.json["confirmation"] == "requested"
    assert "Requested, not confirmed" in asked.err
    assert story.gets("lead-1", "release", "lift", release, "--yes")["left"] == 2
    lifted = story.types("lead-2", "release", "lift", release, "--yes", "--wait", "0", "--json")
    assert (lifted.code, lifted.json["left"], lifted.json["confirmed"]) == (5, 0, False)
    assert story.gets("lead-2", "release", "lift", release, "--yes")["already"]


def test_what_is_repeated_says_already_and_ends_well(story: Story) -> None:
    vi, en = story.approved_pair()
    release = story.planned(vi, en)
    for who, words in (
        ("admin", ("newsroom", "adopt", "--yes")),
        ("admin", ("newsroom", "migrate")),
        ("admin", ("newsroom", "init", "--recovery", "ab" * 32)),
        ("appraiser", ("item", "approve", vi)),
        ("editor", ("item", "submit", vi)),
        ("editor", ("item", "discard", vi)),
    ):
        assert story.gets(who, *words)["already"], words
    at = story.gets("lead-1", "release", "show", release)["at"]
    assert story.gets("lead-1", "release", "move", release, "--at", at)["already"]
    for verb in ("postpone", "cancel"):
        words = ("release", verb, release, "--note", "Thôi", *(["--yes"] * (verb == "cancel")))
        assert not story.gets("lead-1", *words)["already"]
        assert story.gets("lead-1", *words)["already"]


def test_attack_20_a_forged_login_name_signs_nothing(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    vi, _ = story.pair()
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "appraiser")
    story.refused("lead-1", "item", "approve", vi)
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "nobody")
    story.gets("appraiser", "item", "approve", vi)
    acts = story.gets("admin", "audit", "show", vi)
    assert [(act["kind"], act["actor"]) for act in acts] == [
        ("item.approve", "appraiser"), ("item.revise", "editor"),
    ]  # fmt: skip


def test_attack_20_another_ones_key_under_that_name_is_refused(story: Story) -> None:
    vi, _ = story.pair()
    story.key("appraiser")  # a fresh key that no administrator has seen
    assert story.rules("appraiser", "item", "approve", vi) == {"roster"}


def test_attack_13_an_edited_calendar_changes_nothing_until_it_is_adopted(story: Story) -> None:
    vi, _ = story.pair()
    weaker = CALENDAR.replace("[appraise, review, check]", "[check]").replace(
        "signers: 2", "signers: 1"
    )
    (story.room / "calendar.yaml").write_text(weaker, encoding="utf-8")
    assert story.gets("editor", "newsroom", "show")["differs"]
    assert story.rules("checker", "item", "approve", vi, "--step", "check") == {"order"}
    assert story.refused("editor", "newsroom", "adopt", "--yes")["code"] == "refused"
    adopted = story.gets("admin", "newsroom", "adopt", "--yes")
    assert "! releases: signers: 2 -> 1" in adopted["changes"]


def test_attack_31_an_archive_or_a_flood_is_no_text(story: Story) -> None:
    packed = story.home / "bai.md"
    packed.write_bytes(gzip.compress(b"# Tin\n" * 1000))
    assert story.refused("editor", "item", "new", "--file", str(packed), code=2)["title"]
    flood = story.file("dai.md", VI + "a" * (2 * 1024 * 1024))
    told = story.refused("editor", "item", "new", "--file", flood, code=2)
    assert told["title"] == "That text is too long"
    # It never ends, and is read no further than that.
    endless = story.refused("editor", "item", "new", "--file", "/dev/zero", code=2)
    assert endless["title"] == "That text is too long"
    assert story.gets("editor", "item", "list") == []


def test_texts_can_stay_out_of_the_arguments(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    vi, _ = story.pair()
    told = story.types("editor", "item", "edit", vi, "--set", "headline=Lộ")
    assert "list of processes" in told.err
    path = story.file("headline.txt", "Kín")
    quiet = story.types("editor", "item", "edit", vi, "--set", f"headline=@{path}")
    assert "list of processes" not in quiet.err
    stdin = io.TextIOWrapper(io.BytesIO("Thiếu nguồn cho số 7,4%".encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    story.gets("appraiser", "item", "return", vi, "--reason", "-")
    assert story.gets("editor", "item", "reason", vi)["reason"] == "Thiếu nguồn cho số 7,4%"


def test_two_desks_over_one_draft_do_not_overwrite_each_other(story: Story) -> None:
    made = story.gets("editor", "item", "new", "--file", story.file("vi.md", VI))
    item = made["item"]
    story.gets("editor", "item", "edit", item, "--set", "urgency=2", "--version", "1")
    clash = story.refused("editor", "item", "edit", item, "--set", "urgency=3", "--version", "1",
                          code=4)  # fmt: skip
    assert clash["message"] == "you saw version 1, the stored one is 2"
    document = story.gets("editor", "item", "show", item)["document"]
    assert (document["urgency"], document["headline"]) == (2, VI.splitlines()[5][10:])


def test_attack_14_no_sealed_word_reaches_files_lists_or_errors(story: Story) -> None:
    canary = "chim hoàng yến 7f3a91"
    text = VI.replace("Tổng sản phẩm trong nước", canary)
    item = story.gets("editor", "item", "new", "--file", story.file("vi.md", text))["item"]
    (story.home / "vi.md").unlink()
    picture = story.file("7f3a91.txt", canary)
    story.gets("editor", "item", "attach", item, picture, "--role", "text", "--alt", "Ghi chú")
    Path(picture).unlink()
    story.gets("editor", "item", "submit", item)
    for words in (
        ("item", "list"), ("item", "history", item), ("audit", "show"), ("queue", "list", "--all"),
        ("newsroom", "show"), ("calendar", "agenda"), ("item", "show", item),
        ("release", "plan", "--slot", "briefing", "--item", item, "--code", "MAI"),
        ("release", "list"), ("calendar", "export", "--csv"), ("calendar", "export", "--ics"),
        ("audit", "export", str(story.home / "log.jsonl")),
    ):  # fmt: skip
        who = "admin" if words[:2] == ("item", "show") else "lead-1"  # no reader, and a reader
        ran = story.types(who, *words)
        assert "7f3a91" not in ran.out + ran.err, words
    found = [
        path for path in story.home.rglob("*")
        if path.is_file() and (b"7f3a91" in path.read_bytes() or "7f3a91" in path.name)
    ]  # fmt: skip
    assert found == []


def test_an_item_of_both_languages_is_listed_and_compared(story: Story) -> None:
    vi, en = story.pair()
    rows = story.gets("editor", "item", "list", "--state", "submitted")
    assert {row["id"] for row in rows} == {vi, en}
    assert {row["code"] for row in rows} == {"SAO"}
    story.gets("editor", "item", "edit", en, "--file",
               story.file("en.md", EN.replace("kept growing", "went on growing")))  # fmt: skip
    assert [row["item"] for row in story.gets("editor", "item", "list", "--drafts")] == [en]
    lines = story.gets("editor", "item", "diff", en)["diff"]
    assert any(line.startswith("+") and "went on" in line for line in lines)
    story.gets("editor", "item", "check", en)
    broken = story.types("editor", "item", "edit", en, "--set", "summary=")
    assert broken.code == 0
    assert story.types("editor", "item", "check", en).code == 3


def test_the_list_counts_the_leads_that_have_signed_out_of_those_it_takes(story: Story) -> None:
    release = story.planned(*story.approved_pair())

    def listed() -> tuple[int, int]:
        (row,) = (row for row in story.gets("lead-1", "release", "list") if row["id"] == release)
        return row["signed"], row["signers"]

    assert listed() == (0, 2)
    story.gets("lead-1", "release", "sign", release, "--yes")
    assert listed() == (1, 2)
    assert "1/2" in story.types("lead-1", "release", "list").out
    (act,) = story.gets("lead-1", "audit", "show", release, "--kind", "release.sign")
    assert (act["signed"], act["time"]) == (["lead-1"], "")
    human = story.types("lead-1", "audit", "show", release, "--kind", "release.sign").out
    assert f"≥ {act['not_before']}" in human
    assert "lead-1" in human


def test_the_agenda_shows_the_release_in_its_slot_in_local_time_and_utc(story: Story) -> None:
    release = story.planned(*story.approved_pair())
    rows = story.gets("lead-1", "calendar", "agenda", "--days", "3")
    mine = [row for row in rows if row["id"] == release]
    assert [(row["wall"][11:16], row["at"][11:16]) for row in mine] == [("15:00", "08:00")]
    taken = mine[0]["at"]
    assert all(row["at"] != taken for row in rows if row["what"] == "slot")
    human = story.types("lead-1", "calendar", "agenda", "--days", "3").out
    assert "Asia/Ho_Chi_Minh" in human


def test_the_agenda_tells_a_blackout_of_several_days_on_each_of_them(story: Story) -> None:
    asked = ("lead-1", "calendar", "agenda", "--days", "3", "--from", "2099-01-01")
    human = [line for line in story.types(*asked).out.splitlines() if "New Year" in line]
    assert [line.split()[0] for line in human] == ["2099-01-01", "2099-01-02"]
    assert all("until 2099-01-03 00:00" in line for line in human)
    assert len([row for row in story.gets(*asked) if row["what"] == "blackout"]) == 1
    second = story.types(*asked[:-1], "2099-01-02").out.splitlines()
    assert [line[:16] for line in second if "New Year" in line] == ["2099-01-02 00:00"]


def test_the_public_calendar_names_no_code_and_no_provisional_release(story: Story) -> None:
    vi, en = story.approved_pair()
    release = story.planned(vi, en)
    story.gets("lead-1", "release", "plan", "--at", "2098-05-05 15:00", "--item", vi, "--channel",
               "portal", "--code", "KIN", "--anyway")  # fmt: skip
    out = story.home / "c.ics"
    story.gets("lead-1", "calendar", "export", "--ics", "--out", str(out))
    text = out.read_bytes().decode()
    assert release in text
    assert "MAI" not in text
    assert "KIN" not in text
    assert "\r\n" in text


def test_several_administrators_found_and_adopt_by_files(
    room: Path, home: Path, desk: Callable[..., Ran]
) -> None:
    story = Story(room, home, desk)
    (room / "calendar.yaml").write_text(CALENDAR, encoding="utf-8")
    story.key("admin")
    other = json.loads(Path(story.key("admin-2")).read_text("utf-8"))
    roster = str(home / "roster.json")
    recovery = json.loads(Path(story.key("recovery")).read_text("utf-8"))["read"]
    both = ("newsroom", "init", "--threshold", "2", "--root-key",
            f"admin-2={other['sign']}:{other['read']}", "--out", roster)  # fmt: skip
    weak = story.refused("admin", *both, "--recovery", "00" * 32, code=6)
    assert weak["title"] == "Malformed roster"
    story.gets("admin", *both, "--recovery", recovery)
    assert story.rules("admin", "newsroom", "init", "--from", roster) == {"root"}
    story.key("stranger")
    assert story.rules("stranger", "roster", "sign", roster, "--yes") == {"root"}
    assert story.gets("admin-2", "roster", "sign", roster, "--yes")["signed"] == 2
    assert story.gets("admin-2", "roster", "sign", roster, "--yes")["already"]
    story.gets("admin", "newsroom", "init", "--from", roster)
    policy = str(home / "policy.json")
    assert story.refused("admin", "newsroom", "adopt", "--yes", code=2)
    story.gets("admin", "newsroom", "adopt", "--yes", "--out", policy)
    assert story.rules("admin", "newsroom", "adopt", "--from", policy) == {"root"}
    story.gets("admin-2", "roster", "sign", policy, "--yes")
    assert story.gets("admin", "newsroom", "adopt", "--from", policy)["version"] == 1
    assert story.gets("admin", "newsroom", "adopt", "--from", policy)["already"]


def test_administrators_are_added_and_dropped_but_never_below_the_quorum(story: Story) -> None:
    assert story.rules("admin", "roster", "revoke", "admin") == {"last-admin"}
    assert story.rules("admin", "roster", "root", "--drop", "admin", "--yes") == {"last-admin"}
    story.gets("admin", "roster", "root", "--add", "lead-1", "--threshold", "2", "--yes")
    assert story.gets("admin", "newsroom", "show")["threshold"] == 2
    change = str(story.home / "change.json")
    words = ("roster", "roles", "editor", "--role", "author:thong-ke", "--role", "lead")
    assert story.refused("admin", *words, code=2)  # one signature is not enough any more
    story.gets("admin", *words, "--out", change)
    assert story.rules("admin", "roster", "apply", change) == {"root"}
    story.gets("lead-1", "roster", "sign", change, "--yes")
    assert not story.gets("lead-2", "roster", "apply", change)["already"]
    assert story.gets("lead-2", "roster", "apply", change)["already"]


def test_a_failed_founding_leaves_neither_database_nor_recovery_key(
    room: Path, home: Path, desk: Callable[..., Ran]
) -> None:
    story = Story(room, home, desk)
    (room / "calendar.yaml").write_text(CALENDAR, encoding="utf-8")
    story.key("admin")
    seed = home / "recovery.seed"
    story.refused("admin", "newsroom", "init", "--threshold", "3", "--recovery-out", str(seed),
                  "--out", str(home / "r.json"), code=2)  # fmt: skip
    assert not seed.exists()
    assert not (room / "var").exists()
    story.gets("admin", "newsroom", "init", "--recovery-out", str(seed))
    assert seed.stat().st_mode & 0o777 == 0o600


def test_the_real_program_tells_the_root_the_first_time_on_a_machine(
    story: Story, program: Callable[..., Ran], tmp_path: Path
) -> None:
    spoken = story.gets("admin", "newsroom", "show")["spoken"]
    elsewhere = {"XDG_STATE_HOME": str(tmp_path / "elsewhere")}
    first = program("release", "list", "--json", env=elsewhere)
    assert spoken in first.err
    assert first.json == []
    assert spoken not in program("release", "list", env=elsewhere).err


def test_the_real_program_takes_the_passphrase_from_a_descriptor_only(
    story: Story, program: Callable[..., Ran], tmp_path: Path
) -> None:
    item = story.gets("editor", "item", "new", "--file", story.file("vi.md", VI))["item"]
    without = program("item", "show", item, "--key", "editor", "--json")
    assert without.code in (2, 5)
    phrase = tmp_path / "phrase"
    phrase.write_text(PHRASE + "\n", encoding="utf-8")
    with phrase.open("rb") as opened:
        ran = program("item", "show", item, "--key", "editor", "--json", "--passphrase-fd", "0",
                      stdin=opened)  # fmt: skip
    assert ran.json["item"] == item
    assert ids(ran.out)


@pytest.mark.parametrize(
    "noun", ["newsroom", "roster", "item", "queue", "release", "calendar", "audit", "publisher"]
)
def test_every_verb_has_help_with_an_example_and_takes_json(
    desk: Callable[..., Ran], noun: str
) -> None:
    from desk.cli import root

    group = root.get_command(None, noun)  # type: ignore[arg-type]
    for name, verb in group.commands.items():  # type: ignore[union-attr]
        told = desk(noun, name, "--help")
        assert told.code == 0
        assert f"desk {noun}" in told.out.split("Examples:")[1], name
        assert verb.help, name
        assert "--json" in told.out, name


def test_the_log_names_everybody_who_signed_one_act_together(story: Story) -> None:
    release = story.planned(*story.approved_pair())
    for lead in ("lead-1", "lead-2"):
        story.gets(lead, "release", "sign", release, "--yes")
    rows = story.gets("editor", "audit", "log", "kind:release.sign")
    assert [row["signed"] for row in rows] == [["lead-2"], ["lead-1"]]
    assert [row["actor"] for row in rows] == ["", ""], "it names one person, or nobody"
    listed = story.types("editor", "audit", "log", "kind:release.sign").out
    assert all(lead in listed for lead in ("lead-1", "lead-2"))
    cells = story.types("editor", "audit", "log", "--csv").out.splitlines()
    assert all(line.split(",")[-1] for line in cells)
