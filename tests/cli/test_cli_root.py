"""`desk` itself: help, mistakes, exit codes, faults, and what it does not import."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from desk import __version__, cli
from desk.cli import NOUNS, root
from desk.cli.context import Run, VerbCommand, noun, verb
from desk.errors import (
    Conflict,
    DeskError,
    NotFound,
    Reason,
    Refused,
    TrustError,
    Unavailable,
    UsageError,
)
from tests.cli.running import PROGRAM, Ran

Desk = Callable[..., Ran]


def test_help_names_every_noun_and_every_exit_code(desk: Desk) -> None:
    shown = desk("--help")
    assert shown.code == 0
    assert shown.err == ""
    for name in NOUNS:
        assert f"\n  {name} " in shown.out
    for code in ("0 done", "2 usage", "3 refused", "4 not found", "5 unavailable", "6 trust"):
        assert code in shown.out


def test_without_a_noun_and_without_a_terminal_the_help_is_shown(desk: Desk) -> None:
    assert desk().out == desk("--help").out


@pytest.mark.parametrize("name", NOUNS)
def test_the_help_of_every_noun_and_verb_renders(desk: Desk, name: str) -> None:
    context = click.Context(root, info_name="desk")
    try:
        command = root.get_command(context, name)
    except UsageError:
        assert "not part of this build" in desk(name, "--help").err
        return
    assert desk(name, "--help").code == 0
    if isinstance(command, click.Group):
        for verb_name in command.list_commands(click.Context(command)):
            shown = desk(name, verb_name, "-h")
            assert shown.code == 0
            assert f"Usage: desk {name} {verb_name}" in shown.out


@pytest.mark.parametrize("name", NOUNS)
def test_every_verb_takes_the_shared_options(name: str) -> None:
    try:
        command = root.get_command(click.Context(root), name)
    except UsageError:
        return
    verbs = command.commands.values() if isinstance(command, click.Group) else [command]
    for each in verbs:
        options = {option for param in each.params for option in param.opts}
        wanted = {"--newsroom", "--key", "--lang", "--json", "--passphrase-fd", "--quiet"}
        assert wanted <= options, each.name


def test_help_imports_nothing_heavy() -> None:
    heavy = ["sqlmodel", "sqlalchemy", "textual", "rich", "httpx", "cryptography", "pydantic"]
    heavy += ["yaml", "keyring", "jinja2", "alembic", "asyncio", "babel", "starlette"]
    code = (
        "import sys; from desk.cli import main; main(['--help']);"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(PROGRAM[1]).parent,
        capture_output=True,
        check=True,
    )
    assert ended.stderr.strip() == b"[]"


@pytest.mark.parametrize(
    ("typed", "meant"), [("relase", "release"), ("newsrom", "newsroom"), ("kye", "key")]
)
def test_a_mistyped_noun_is_answered_with_what_was_meant(
    desk: Desk, typed: str, meant: str
) -> None:
    told = desk(typed)
    assert told.code == 2
    assert f"“{meant}”" in told.err


def test_a_mistyped_verb_and_a_missing_verb_are_answered_with_the_verbs(desk: Desk) -> None:
    assert "“show”" in desk("key", "shwo").err
    missing = desk("key")
    assert missing.code == 2
    assert "export, import, list, new, script-new, script-show, show" in missing.err


def test_a_noun_that_this_build_lacks_is_a_plain_error(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "NOUNS", nouns_with("press", "desk.cli.no_such_module"))
    assert desk("--help").code == 0
    told = desk("press", "list")
    assert told.code == 2
    assert "not part of this build" in told.err


def test_the_version(desk: Desk) -> None:
    assert desk("--version").out == f"desk {__version__}\n"
    assert desk("--version", "--json").json == {"desk": __version__}


def test_the_script_beside_the_package_works_from_any_folder(program: Desk, tmp_path: Path) -> None:
    assert program("--version", cwd=tmp_path).out.startswith("desk ")


def nouns_with(name: str, module: str) -> dict[str, cli.Noun]:
    return {**NOUNS, name: cli.Noun(module, "For this test.", "Rules")}


@pytest.fixture
def test_noun(monkeypatch: pytest.MonkeyPatch) -> click.Group:
    """A noun `trial` to hang verbs on, known to `desk` for one test."""
    group = noun("trial", "For one test.")
    module = type(sys)("desk.cli.trial")
    module.command = group  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "desk.cli.trial", module)
    monkeypatch.setattr(cli, "NOUNS", nouns_with("trial", "desk.cli.trial"))
    return group


@pytest.mark.parametrize(
    ("error", "code", "name"),
    [
        (DeskError("x"), 1, "error"),
        (UsageError("x"), 2, "usage"),
        (Refused("x", [Reason("four-eyes", "an author", ("lead-1",))]), 3, "refused"),
        (NotFound("x"), 4, "not_found"),
        (Conflict("x"), 4, "conflict"),
        (Unavailable("x"), 5, "unavailable"),
        (TrustError("x"), 6, "trust"),
    ],
)
def test_errors_end_with_their_exit_code_and_are_told_to_people_and_scripts(
    desk: Desk, test_noun: click.Group, error: DeskError, code: int, name: str
) -> None:
    @verb(test_noun, "fail")
    def fail(run: Run) -> None:
        raise error

    plain = desk("trial", "fail")
    assert (plain.code, plain.out) == (code, "")
    assert plain.err.startswith("✖ x\n")
    scripted = desk("trial", "fail", "--json")
    assert scripted.code == code
    assert scripted.json["error"]["code"] == name
    assert scripted.json["error"]["exit_code"] == code
    assert scripted.err == plain.err


def test_a_refusal_says_the_rule_and_who_could_act(desk: Desk, test_noun: click.Group) -> None:
    @verb(test_noun, "refuse")
    def refuse(run: Run) -> None:
        raise Refused("Not by its author", [Reason("four-eyes", "you wrote it", ("lead-2",))])

    told = desk("trial", "refuse", "--json")
    assert "you wrote it [four-eyes]" in told.err
    assert "→ Who could still act: lead-2" in told.err
    reasons = told.json["error"]["details"]["reasons"]
    assert reasons == [{"rule": "four-eyes", "text": "you wrote it", "who": ["lead-2"]}]


def test_a_mistake_among_the_options_is_json_too(desk: Desk) -> None:
    told = desk("key", "list", "--jsn", "--json")
    assert told.code == 2
    assert "--jsn" in told.json["error"]["title"]
    assert "--json" in told.json["error"]["hint"]


def test_shared_options_work_before_the_noun_and_after_the_verb(
    desk: Desk, test_noun: click.Group, tmp_path: Path
) -> None:
    @verb(test_noun, "tell")
    def tell(run: Run) -> None:
        run.out.say("narration")
        run.out.emit({"key": run.key, "newsroom": run.newsroom})

    before = desk("--key", "a", "--newsroom", str(tmp_path), "--json", "trial", "tell")
    after = desk("trial", "tell", "--key", "a", "--newsroom", str(tmp_path), "--json", "--quiet")
    assert before.json == after.json == {"key": "a", "newsroom": str(tmp_path)}
    assert (before.err, after.err) == ("narration\n", "")
    assert desk("--key", "a", "trial", "tell", "--key", "b", "--json").json["key"] == "b"


def test_a_fault_of_desk_leaves_no_traceback_and_a_report_without_values(
    desk: Desk, test_noun: click.Group, home: Path
) -> None:
    @verb(test_noun, "break")
    @click.argument("text")
    def break_down(run: Run, text: str) -> None:
        secret = f"CANARY {text}"
        try:
            raise ValueError(secret)
        except ValueError as error:
            raise ExceptionGroup(secret, [KeyError(secret)]) from error

    told = desk("trial", "break", "CANARY-7", "--json")
    assert told.code == 70
    assert told.json["error"]["code"] == "crash"
    report = Path(told.json["error"]["details"]["report"])
    assert report.parent == home / "state/desk/crashes"
    assert report.stat().st_mode & 0o777 == 0o600
    written = report.read_text(encoding="utf-8")
    for shown in (told.out, told.err, written):
        assert "CANARY" not in shown
        assert "Traceback" not in shown
    for wanted in ("ExceptionGroup", "KeyError", "ValueError", "break_down", "trial break"):
        assert wanted in written


def test_a_fault_is_told_also_where_no_report_can_be_written(
    desk: Desk, test_noun: click.Group, home: Path
) -> None:
    (home / "state").write_text("a file where a folder should be", encoding="utf-8")

    @verb(test_noun, "break")
    def break_down(run: Run) -> None:
        raise RuntimeError("CANARY")

    told = desk("trial", "break")
    assert told.code == 70
    assert "no report could be written" in told.err
    assert "CANARY" not in told.err


@pytest.mark.parametrize("stop", [KeyboardInterrupt, click.Abort])
def test_stopping_ends_with_130(
    desk: Desk, test_noun: click.Group, stop: type[BaseException]
) -> None:
    @verb(test_noun, "wait")
    def wait(run: Run) -> None:
        raise stop

    assert desk("trial", "wait") == Ran(130, "", "Stopped.\n")


def test_a_broken_socket_is_a_fault_and_not_a_reader_who_left(
    desk: Desk, test_noun: click.Group
) -> None:
    @verb(test_noun, "send")
    def send(run: Run) -> None:
        raise BrokenPipeError

    assert desk("trial", "send").code == 70


def test_a_reader_who_leaves_ends_the_program_without_a_word() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [*PROGRAM, "--help"], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (128 + signal.SIGPIPE, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_stdout_is_an_error_with_an_exit_code() -> None:
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [*PROGRAM, "--version"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert ended.returncode == 5
    assert "Cannot write the output" in ended.stderr.decode()


@pytest.mark.parametrize(
    "env",
    [
        {"LANG": "C", "LC_ALL": "C"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1", "NO_COLOR": "1"},
        {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_streams_that_are_not_utf8_survive(program: Desk, env: dict[str, str]) -> None:
    ended = program("viec", "--json", env=env)
    assert ended.code == 2
    assert "“viec”" in ended.json["error"]["message"]  # JSON is UTF-8 whatever the locale
    assert "viec" in ended.err
    assert ended.err[0] in "x✖"


def test_a_closed_stdout_is_no_fault(program: Desk) -> None:
    command = f'"{PROGRAM[0]}" "{PROGRAM[1]}" --version >&-'
    ended = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_shell_can_complete_nouns_and_verbs(program: Desk) -> None:
    env = {"_DESK_COMPLETE": "bash_complete", "COMP_WORDS": "desk key ", "COMP_CWORD": "2"}
    assert "plain,show" in program(env=env).out.splitlines()


def test_every_verb_is_a_verb_command() -> None:
    """So that its help lists its own options first."""
    command = root.get_command(click.Context(root), "key")
    assert isinstance(command, click.Group)
    assert all(isinstance(each, VerbCommand) for each in command.commands.values())


@pytest.mark.parametrize("lines", ["{", "[]", "newsroom: 3", "newsroom: {id: [a]}", "&a [*a]", ""])
def test_a_calendar_without_an_id_is_an_error_that_says_so(
    desk: Desk, room: Path, lines: str
) -> None:
    (room / "calendar.yaml").write_text(lines, encoding="utf-8")
    told = desk("key", "list", "--json")
    assert told.code == 2
    assert json.dumps(told.json["error"]["hint"]) == '"Run: desk newsroom check"'


def test_the_newsroom_is_found_by_option_and_environment(
    room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "calendar.yaml").write_text("newsroom: {id: other}\n", encoding="utf-8")
    asked = Run()
    asked.newsroom = str(other)
    assert asked.newsroom_id == "other"
    assert Run().newsroom_id == "desk-vn"
    monkeypatch.delenv("DESK_NEWSROOM")
    monkeypatch.chdir(other)
    assert Run().newsroom_id == "other"


def test_the_language_comes_from_option_settings_and_locale(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "vi_VN.UTF-8")
    assert Run().language() == "vi"
    monkeypatch.setenv("LC_ALL", "C")
    assert Run().language() == "en"
    settings = home / "config/desk/settings.yaml"
    settings.parent.mkdir(parents=True)
    settings.write_text("language: vi\n", encoding="utf-8")
    assert Run().language() == "vi"
    asked = Run()
    asked.lang = "en"
    assert asked.language() == "en"


def test_settings_with_a_mistake_keep_nobody_from_the_help(desk: Desk, home: Path) -> None:
    settings = home / "config/desk/settings.yaml"
    settings.parent.mkdir(parents=True)
    settings.write_text("languge: vi\n", encoding="utf-8")
    assert desk("--help").code == 0
    assert desk("key", "list", "--help").code == 0
    told = desk("key", "list", "--json")
    assert told.code == 2
    assert told.json["error"]["details"]["problems"][0]["hint"] == "Did you mean 'language'?"


def test_a_verb_of_another_noun_is_offered_as_the_whole_command(desk: Desk) -> None:
    """An approver types `desk queue approve`; the verb belongs to the item."""
    told = desk("queue", "approve", "i-1")
    assert told.code == 2
    assert "“desk item approve”" in told.err
    assert "“desk release hold”" in desk("item", "hold").err
    assert "See: desk queue --help" in desk("queue", "zzzz").err
