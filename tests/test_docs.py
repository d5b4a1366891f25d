"""The pages say what the program does: commands exist, links lead somewhere, the tour works."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest

from desk import __version__
from desk.cli import NOUNS, docs, main, root
from desk.locales import language, set_language
from tests.founded import FOUNDING
from tests.scenarios import scenario

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("desk/handbook/pages/**/*.md")]
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
STARTS = re.compile(r"(?:\bdesk(?:\.py)?|\bas_post [a-z0-9-]+) (?=[a-z])")
SHELL = ("sh", "console", "ini", "bash")


def page_id(page: Path) -> str:
    return str(page.relative_to(ROOT))


def context_of(noun: str) -> tuple[click.Command | None, click.Context]:
    above = click.Context(root, info_name="desk")
    made = root.get_command(above, noun) if noun in NOUNS else None
    return made, click.Context(made or root, info_name=noun, parent=above)


def commands_in(text: str) -> Iterator[list[str]]:
    """The words after each `desk` or `as_post WHO`, up to what ends a command in a shell."""
    for found in STARTS.finditer(text):
        rest = text[found.end() :].split("\n", 1)[0]
        rest = re.split(r"[|;)`]|, | && | > | < |  +\(| #|“|”", rest)[0]
        try:
            words = shlex.split(rest)
        except ValueError:
            words = rest.split()
        yield words


def wrong_with(words: list[str]) -> str:
    """Why these words are no command of Desk, or ''. Prose after a noun is not looked at."""
    words = [word.rstrip(".,:…") for word in words]
    made, context = context_of(words[0])
    if made is None:
        return f"no noun {words[0]}"
    rest = words[1:]
    if isinstance(made, click.Group):
        if not rest or rest[0].startswith("-") or rest[0].isupper():
            return ""
        child = made.get_command(context, rest[0])
        if child is None:
            return f"{words[0]} has no verb {rest[0]}"
        made, rest = child, rest[1:]
    known = {name for param in made.params for name in (*param.opts, *param.secondary_opts)}
    known |= {"--help", "-h"}
    for word in rest:
        name = word.split("=", 1)[0]
        if name.startswith("--") and name != "--" and name not in known:
            return f"{words[0]} has no option {name}"
    return ""


def test_pages_are_found():
    assert {"README.md", "CHANGELOG.md", "docs/commands.md"} <= set(map(page_id, PAGES))


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_command_on_a_page_exists(page: Path):
    text = page.read_text("utf-8")
    blocks = [body for kind, body in FENCE.findall(text) if kind in SHELL]
    told = [block.replace("\\\n", " ") for block in blocks]
    for span in INLINE.findall(FENCE.sub("", text)):
        # In prose other things begin with the word, such as labels of key derivation.
        if (words := span.split())[:1] == ["desk"] and words[1:2] and words[1] in NOUNS:
            told.append(span)
    faults = [
        f"{' '.join(words)}: {fault}"
        for part in told
        for words in commands_in(part)
        if words and (fault := wrong_with(words))
    ]
    assert faults == []


def _hints() -> Iterator[tuple[str, str]]:
    """Every text in the program that names a command: errors, hints, help."""
    for folder in ("desk", "screens"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                text = getattr(node, "value", None)
                if isinstance(text, str) and re.search(r"\bdesk [a-z]+ [a-z]", text):
                    yield f"{page_id(path)}:{getattr(node, 'lineno', 0)}", text


def test_every_command_that_a_hint_names_exists():
    faults = []
    for where, text in _hints():
        # A command stands by itself, or after a colon or bracket; elsewhere the word is prose.
        text = re.sub(r"desk [a-z ]+ v\d", "", text)  # a label of key derivation
        told = re.findall(r"(?:^|[:(`“>] ?|  |[Tt]hen )(desk [a-z]+ [a-z]+.*)", text, re.MULTILINE)
        for words in (words for part in told for words in commands_in(part)):
            if words[0] in NOUNS and (fault := wrong_with(words)):
                faults.append(f"{where}: desk {' '.join(words)}: {fault}")
    assert faults == []


def test_a_command_that_does_not_exist_would_be_found():
    assert wrong_with(["release", "sing", "r-7h2kq0vbmx"])
    assert wrong_with(["release", "sign", "r-7h2kq0vbmx", "--yess"])
    assert wrong_with(["relaese", "sign"])
    assert not wrong_with(["release", "sign", "r-7h2kq0vbmx", "--expect", "3f9a", "--json"])
    assert list(commands_in("x=$(desk item new --kind news | get item)")) == [
        ["item", "new", "--kind", "news"]
    ]


def anchors(text: str) -> set[str]:
    """The anchors that headings get on the usual hosts."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_and_images_lead_somewhere(page: Path):
    text = page.read_text("utf-8")
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", text)):
        if re.match(r"https?://|mailto:", target):
            continue
        file, _, anchor = target.partition("#")
        other = (page.parent / file) if file else page
        if not other.exists() or (anchor and anchor not in anchors(other.read_text("utf-8"))):
            broken.append(target)
    assert broken == []


def test_every_page_of_docs_is_reached_from_the_readme():
    reached = set(re.findall(r"\]\((docs/[^)#]+)", (ROOT / "README.md").read_text("utf-8")))
    direct = {page_id(page) for page in PAGES if page.parent == ROOT / "docs"}
    assert direct <= reached


@pytest.mark.parametrize("path", ["docs/commands.md", "docs/portal-openapi.json", "README.md"])
def test_generated_pages_are_current(path: str):
    made = {page.path: page.text for page in docs.pages(ROOT)}
    assert (ROOT / path).read_text("utf-8") == made[path], "run: make docs"


def test_a_stale_page_is_found_then_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text(f"words\n{docs.BEGIN}\nold\n{docs.END}\n", "utf-8")
    monkeypatch.setattr(docs, "source_folder", lambda: tmp_path)
    assert main(["docs", "write", "--check", "--json"]) == 4
    assert not (tmp_path / "docs" / "commands.md").exists()
    assert main(["docs", "write"]) == 0
    assert (tmp_path / "docs" / "commands.md").read_text("utf-8") == docs.reference()
    assert main(["docs", "write", "--check"]) == 0
    capsys.readouterr()
    (tmp_path / "README.md").write_text("no place for figures", "utf-8")
    assert main(["docs", "write"]) == 4
    assert docs.BEGIN in capsys.readouterr().err


def test_the_reference_is_english_whatever_the_interface_speaks():
    try:
        set_language("vi")
        assert "Options of every command" in docs.reference()
        assert language() == "vi"
        assert docs.reference() == (ROOT / "docs" / "commands.md").read_text("utf-8")
    finally:
        set_language("en")


def test_making_the_reference_leaves_the_commands_as_they_were(capsys: pytest.CaptureFixture[str]):
    docs.reference()
    for words in (["-h"], ["item", "-h"], ["item", "list", "-h"], ["demo", "-h"]):
        assert main(words) == 0
        assert "--help" in capsys.readouterr().out


def test_the_reference_names_every_verb_and_option():
    text = docs.reference()
    for noun in NOUNS:
        made, context = context_of(noun)
        assert made is not None
        verbs = made.list_commands(context) if isinstance(made, click.Group) else [""]
        for verb in verbs:
            assert f"# desk {noun} {verb}".rstrip() + "\n" in text
            command = made.get_command(context, verb) if isinstance(made, click.Group) else made
            assert command is not None
            for param in command.params:
                if isinstance(param, click.Option) and not param.hidden:
                    assert f"`{param.opts[0]}" in text or param.opts[0] in text


def test_the_measured_figures_come_from_the_results(tmp_path: Path):
    (tmp_path / "benchmarks").mkdir()
    figures = [
        {"what": "p50", "value": 4.1234, "unit": "ms", "budget": 6, "met": True},
        {"what": "p99", "value": 16.5, "unit": "ms", "budget": 15, "met": False},
        {"what": "signatures", "value": 12345.6, "unit": "/s", "budget": None, "met": None},
    ]
    value = {"machine": "2 cores", "figures": figures}
    (tmp_path / "benchmarks" / "results.json").write_text(json.dumps(value))
    readme = f"before\n{docs.BEGIN}\nold\n{docs.END}\nafter\n"
    made = docs.with_figures(readme, tmp_path)
    assert made.startswith("before\n")
    assert made.endswith("\nafter\n")
    assert "old" not in made
    assert "| p50 | 4.12 ms | at most 6 ms | met |" in made
    assert "| p99 | 16.5 ms | at most 15 ms | **missed** |" in made
    assert "| signatures | 12,346 /s |  |  |" in made
    assert docs.with_figures(made, tmp_path) == made


def test_the_changelog_has_an_entry_for_this_version():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## \[([^\]]+)\] - (unreleased|\d{4}-\d\d-\d\d)$", text, re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == __version__
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_a_module_run_ends_with_the_exit_code_that_the_reference_promises(tmp_path: Path):
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    for program in (["-m", "desk"], [str(ROOT / "desk.py")]):
        done = subprocess.run(
            [sys.executable, *program, "item", "shwo"], capture_output=True, env=environment,
            cwd=tmp_path, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 2


def _alarm_codes() -> set[str]:
    """The codes that the publisher raises alarms with, from its source."""
    codes = set()
    for path in (ROOT / "desk" / "publisher").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "attr", "")
            if isinstance(node, ast.Call) and name in ("alarm", "_alarm", "alarm_once"):
                code = node.args[1 if name == "alarm_once" else 0]
                codes |= {code.value} if isinstance(code, ast.Constant) else set()
    return codes


def test_operations_says_what_to_do_for_every_alarm_of_the_publisher():
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    table = text.split("\n## Alarms\n", 1)[1].split("\n## ", 1)[0]
    told = set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE))
    assert len(_alarm_codes()) >= 8
    assert _alarm_codes() <= told


# -- the tour -------------------------------------------------------------------------------------


def tour() -> str:
    """The blocks of the README's tour as one script, due in seconds instead of minutes."""
    text = (ROOT / "README.md").read_text("utf-8")
    section = text.split("\n## A tour of ten minutes\n", 1)[1].split("\n## ", 1)[0]
    blocks = [body for kind, body in FENCE.findall(section) if kind == "sh"]
    assert len(blocks) >= 6
    script = "".join(blocks)
    assert script.count("timedelta(minutes=3)") == 1
    return script.replace("timedelta(minutes=3)", "timedelta(seconds=40)")


@contextmanager
def kept_demo() -> Iterator[Path]:
    """The newsroom of `desk demo --dir ~/desk-tour`, with its processes; that home."""
    from desk.demo import keep
    from desk.demo.headless import build

    with tempfile.TemporaryDirectory(prefix="desk-tour-", ignore_cleanup_errors=True) as home:
        folder = Path(home) / "desk-tour"
        folder.mkdir(mode=0o700)
        with FOUNDING:
            stage = build(folder, 6, lambda _text: None, canary=False)
        try:
            keep.keep(stage)
            yield Path(home)
        finally:
            stage.services.stop()


@pytest.mark.instants
@scenario
def test_the_tour_of_the_readme_can_be_followed() -> None:
    with kept_demo() as home:
        follow(home)


def follow(home: Path) -> None:
    """Type the tour in that home, and look at what it said."""
    environment = {**os.environ, "HOME": str(home), "LC_ALL": "C.UTF-8"}
    environment.pop("DESK_NEWSROOM", None)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", tour()], env=environment, cwd=home, text=True,
        capture_output=True, stdin=subprocess.DEVNULL, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("exit code 3") == 2
    assert "authors may not approve or sign" in done.stderr
    assert "Signed: 2 of 2 leads" in done.stdout
    assert "The log holds." in done.stdout
    assert (
        done.stderr.count("In force: the publisher has acknowledged it.") == 3
    )  # hold, lift, withdraw
    assert (home / "desk-tour" / "public.ics").read_text("utf-8").startswith("BEGIN:VCALENDAR")
    press = home / "desk-tour" / "var" / "press"
    pages = [page for page in press.glob("*/r-*/**/*") if page.is_file()]
    assert pages
    assert [page for page in pages if b"125.000" in page.read_bytes()] == []  # withdrawn
