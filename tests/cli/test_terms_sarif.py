"""SARIF 2.1.0 and annotations for GitHub: what their readers ask for, checked by hand."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.cli.running import Ran

WRONG = "Tổng bí thư"
BAD = f"Sáng nay, {WRONG} đến thăm xã.\n"
Desk = Callable[..., Ran]


def run_of(log: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    """The one run of a log, after all that the schema and its readers ask of one is held true."""
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in rules)
    (invocation,) = run["invocations"]
    assert isinstance(invocation["executionSuccessful"], bool)
    for result in run["results"]:
        assert result["level"] in ("none", "note", "warning", "error")
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        (location,) = result["locations"]
        held(location["physicalLocation"], run, texts)
        for fix in result.get("fixes", ()):
            (change,) = fix["artifactChanges"]
            assert change["artifactLocation"] == location["physicalLocation"]["artifactLocation"]
            assert all("text" in one["insertedContent"] for one in change["replacements"])
            assert change["replacements"][0]["deletedRegion"]["charLength"] > 0
    for notice in invocation["toolExecutionNotifications"]:
        assert (notice["level"], bool(notice["message"]["text"])) == ("error", True)
        for location in notice["locations"]:
            held(location["physicalLocation"], run, {})
    found: dict[str, Any] = run
    return found


def held(where: dict[str, Any], run: dict[str, Any], texts: dict[str, str]) -> None:
    """A physical location: an address that is one, and a region that is the text it says."""
    address, region = where["artifactLocation"], where["region"]
    assert run["artifacts"][address["index"]]["location"] == {
        key: value for key, value in address.items() if key != "index"
    }
    assert re.fullmatch(r"(?:file://)?(?:[A-Za-z0-9/._~-]|%[0-9A-F]{2})+", address["uri"])
    if urlsplit(address["uri"]).scheme:
        assert "uriBaseId" not in address
    else:
        assert address["uriBaseId"] in run["originalUriBaseIds"]
        assert not address["uri"].startswith(("/", "..", "./"))
    assert region["startLine"] >= 1
    assert region["startColumn"] >= 1
    text = texts.get(unquote(address["uri"]))
    if text is not None:
        lines = re.split("(?<=\n)", text)
        start = sum(map(len, lines[: region["startLine"] - 1])) + region["startColumn"] - 1
        end = sum(map(len, lines[: region["endLine"] - 1])) + region["endColumn"] - 1
        assert (start, end - start) == (region["charOffset"], region["charLength"])


def test_a_log_holds_rules_places_and_fixes(desk: Desk, folder: Path) -> None:
    texts = {
        "tệp 1.md": BAD,
        "a/b:c%#?.txt": f"Dòng một 😀.\n\nSáng nay, Tổng bí\nthư đến, đồng chí {WRONG} dự.\n",
        "sạch.txt": "Không có gì.\n",
    }
    (folder / "a").mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    ran = desk("terms", "check", "tệp 1.md", "./a", "sạch.txt", "none.md", "--sarif")
    assert ran.code == 3
    run = run_of(json.loads(ran.out), texts)
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["tong-bi-thu"]
    assert [one["level"] for one in run["results"]] == ["error"] * 3
    places = [one["locations"][0]["physicalLocation"] for one in run["results"]]
    assert [one["artifactLocation"]["uri"] for one in places] == [
        "t%E1%BB%87p%201.md", "a/b%3Ac%25%23%3F.txt", "a/b%3Ac%25%23%3F.txt",
    ]  # fmt: skip
    assert places[0]["region"] == {
        "startLine": 1, "startColumn": 11, "endLine": 1, "endColumn": 22,
        "charOffset": 10, "charLength": 11,
    }  # fmt: skip
    assert (places[1]["region"]["startLine"], places[1]["region"]["endLine"]) == (3, 4)
    change = run["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert change["insertedContent"]["text"] == "Tổng Bí thư"
    assert len(run["artifacts"]) == 4
    assert run["invocations"][0]["executionSuccessful"] is False
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notice["message"]["text"] == "there is no such file"


def test_a_run_without_faults_succeeds_and_says_so(desk: Desk, folder: Path) -> None:
    (folder / "good.txt").write_text("Không có gì.\n", "utf-8")
    ran = desk("terms", "check", "good.txt", "--sarif")
    run = run_of(json.loads(ran.out), {})
    assert (ran.code, run["results"]) == (0, [])
    assert run["invocations"][0] == {
        "executionSuccessful": True, "toolExecutionNotifications": [],
    }  # fmt: skip


def test_files_outside_the_folder_have_an_absolute_address(desk: Desk, folder: Path) -> None:
    outside = folder.parent / "bài viết.md"
    outside.write_text(BAD, "utf-8")
    for name in ("../bài viết.md", str(outside)):
        run = run_of(json.loads(desk("terms", "check", name, "--sarif").out), {})
        uri = run["artifacts"][0]["location"]["uri"]
        assert os.path.realpath(unquote(uri).removeprefix("file://")) == os.path.realpath(outside)


def test_a_file_within_by_an_absolute_name_is_told_from_the_folder(
    desk: Desk, folder: Path
) -> None:
    (folder / "x.md").write_text(BAD, "utf-8")
    run = run_of(json.loads(desk("terms", "check", str(folder / "x.md"), "--sarif").out), {})
    assert run["artifacts"][0]["location"] == {"uri": "x.md", "uriBaseId": "SRCROOT"}


def test_a_name_that_is_no_unicode_is_written_by_its_bytes(desk: Desk, folder: Path) -> None:
    name = os.fsdecode(b"t\xe9p.md")
    try:
        (folder / name).write_text(BAD, "utf-8")
    except OSError:
        pytest.skip("this file system holds Unicode names only")
    run = run_of(json.loads(desk("terms", "check", ".", "--sarif").out), {})
    assert run["artifacts"][0]["location"]["uri"] == "t%E9p.md"
    assert "::error file=" in desk("terms", "check", ".", "--github").out
    assert desk("terms", "check", ".").code == 3


def command(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as the runner reads it: properties, then the message, unescaped."""
    match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
    assert match, line
    given = dict(one.split("=", 1) for one in match[2].split(","))
    for code, mark in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        given = {key: value.replace(code, mark) for key, value in given.items()}
    return match[1], given, match[3]


def test_annotations_for_github_come_through_the_runner(desk: Desk, folder: Path) -> None:
    name = "a,b:c%=\n::d.md"
    (folder / name).write_text(f"{BAD}\nHôm nay, Tổng bí\nthư đến.", "utf-8")
    lines = desk("terms", "check", name, "none.md", "--github").out.splitlines()
    assert len(lines) == 3
    level, given, message = command(lines[0])
    assert (level, given) == ("error", {
        "file": name, "line": "1", "col": "11", "endColumn": "22", "title": "tong-bi-thu",
    })  # fmt: skip
    assert "%0A" in message
    # Columns count within one line only.
    assert command(lines[1])[1] == {
        "file": name, "line": "3", "endLine": "4", "title": "tong-bi-thu",
    }  # fmt: skip
    assert command(lines[2])[1]["file"] == "none.md"


def test_a_message_with_percent_signs_is_escaped(desk: Desk, folder: Path) -> None:
    (folder / "own.yaml").write_text(
        "format: 1\nlanguage: vi\nsources:\n  S: {title: \"100%: một, hai\"}\nentries:\n"
        "  - id: phan-tram\n    forms: [{text: \"phần trăm\", status: preferred},"
        " {text: \"fần%\", status: deprecated}]\n    severity: error\n    rule: \"50%\"\n"
        "    source: S\n    examples: {match: [\"Tăng 5 fần%.\"]}\n", "utf-8",
    )  # fmt: skip
    (folder / "a.txt").write_text("Tăng 5 fần% nữa.\n", "utf-8")
    (line,) = desk("terms", "check", "a.txt", "--terms", "own.yaml", "--github").out.splitlines()
    message = command(line)[2]
    assert "fần%25" in message or "phần trăm" in message
    assert "50%25 (100%25: một, hai)" in message
