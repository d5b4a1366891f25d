"""The output module: JSON, tables, narration, and attack 29 on the command line."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.cli.output import Column, Fields, Output, Table, plain, text_width, to_json
from desk.errors import DeskError
from tests.cli.running import PROGRAM, Ran

OURS = re.compile(rb"\x1b\[[0-9;]*m|\r\x1b\[K")
"""The control sequences that Desk itself writes to a terminal: colours, and progress."""

UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)

HOSTILE = [
    "\x1b]0;owned\x07",
    "\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b[2J\x1b[H",
    "\x9b31m\x9d0;title\x9c",
    "\x90q\x9c\x1bP$q\x1b\\",
    "\u202egnp.exe\u2066x\u2069",
    "a\rb\x08c\x7fd\u2028e",
    "[@click=app.quit]x[/] [bold red]y[/]",
    "\ud800",
]

hostile_text = st.one_of(
    st.sampled_from(HOSTILE), st.text(alphabet=st.characters(codec=None), max_size=20)
)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def clean(stream: bytes) -> str:
    """The text of a byte stream once what Desk itself may write is taken out; asserts the rest."""
    text = OURS.sub(b"", stream).decode("utf-8").replace("\r\n", "\n")
    found = UNSAFE.search(text)
    assert found is None, f"U+{ord(found.group()):04X} in {text!r}"
    return text


def shown(data: object, human: Callable[..., object] | None = None, **options: bool) -> str:
    """What `emit` writes when stdout is no terminal."""
    stream = io.StringIO()
    Output(stdout=stream, stderr=io.StringIO(), **options).emit(data, human)  # type: ignore[arg-type]
    return stream.getvalue()


class State(Enum):
    SIGNED = "signed"


@dataclass(frozen=True)
class View:
    id: str
    due: datetime
    state: State
    items: tuple[str, ...]
    note: str | None = None


VIEW = View("r-1", datetime(2026, 11, 20, 8, 0, tzinfo=UTC), State.SIGNED, ("i-1", "i-2"))


def test_json_is_one_line_sorted_in_utf8_with_plain_values() -> None:
    line = shown(
        {"view": VIEW, "tên": "Cục Thống kê", "path": Path("a/b"), "set": {2, 1}}, json=True
    )
    assert line.endswith("}\n")
    assert line.count("\n") == 1
    assert "Cục Thống kê" in line
    assert json.loads(line) == {
        "path": "a/b",
        "set": [1, 2],
        "tên": "Cục Thống kê",
        "view": {
            "due": "2026-11-20T08:00:00Z",
            "id": "r-1",
            "items": ["i-1", "i-2"],
            "note": None,
            "state": "signed",
        },
    }
    assert list(json.loads(line)) == sorted(json.loads(line))


def test_json_is_laid_out_for_people_on_a_terminal() -> None:
    stream = Terminal()
    Output(json=True, stdout=stream, stderr=io.StringIO()).emit({"a": [1]})
    assert stream.getvalue() == '{\n  "a": [\n    1\n  ]\n}\n'


@pytest.mark.parametrize("value", [b"seed", bytearray(b"seed"), object()])
def test_what_is_no_text_is_never_printed_by_accident(value: object) -> None:
    with pytest.raises(TypeError) as caught:
        plain({"a": value})
    assert "seed" not in str(caught.value)


def test_nan_is_no_json() -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_json(float("nan"))


def test_a_command_emits_one_document() -> None:
    out = Output(json=True, stdout=io.StringIO(), stderr=io.StringIO())
    out.emit({})
    with pytest.raises(RuntimeError):
        out.emit({})


def test_an_error_after_the_document_does_not_spoil_it() -> None:
    stream, narration = io.StringIO(), io.StringIO()
    out = Output(json=True, stdout=stream, stderr=narration)
    out.emit({"done": 1})
    out.fail(DeskError("Too bad"))
    assert json.loads(stream.getvalue()) == {"done": 1}
    assert "Too bad" in narration.getvalue()


def test_tables_for_pipes_are_aligned_also_in_vietnamese_and_chinese() -> None:
    table = Table(
        ["kênh", Column("số", right=True), "ghi chú"],
        [["cổng", 7, "tiếng\nViệt"], ["中文", 1234, ""]],
    )
    assert shown(None, lambda _: table) == (
        "kênh    số  ghi chú\n"
        "cổng     7  tiếng Việt\n"
        "中文  1234\n"
    )  # fmt: skip


def test_fields_keep_the_lines_of_a_value() -> None:
    block = Fields([("id", "r-1"), ("note", "one\ntwo"), ("items", ("a", "b")), ("none", None)])
    assert shown(None, lambda _: block) == (
        "id     r-1\nnote   one\n       two\nitems  a, b\nnone\n"
    )


def test_views_show_themselves_when_nothing_better_is_said() -> None:
    assert "state  signed" in shown(VIEW)
    assert shown([{"a": 1, "b": None}, {"a": 2, "c": [1, 2]}]) == "a  b  c\n1\n2     1, 2\n"


def test_an_empty_table_says_so_to_people_and_prints_no_data() -> None:
    stream, narration = io.StringIO(), io.StringIO()
    Output(stdout=stream, stderr=narration).emit([], lambda _: Table(["a"], []))
    assert (stream.getvalue(), narration.getvalue()) == ("", "Nothing to show.\n")


def test_quiet_keeps_warnings() -> None:
    narration = io.StringIO()
    out = Output(quiet=True, stdout=io.StringIO(), stderr=narration)
    out.say("chat")
    out.warn("mind this")
    assert narration.getvalue() == "! mind this\n"


def test_progress_shows_on_a_terminal_only_and_wipes_itself() -> None:
    for stream, quiet, expected in (
        (Terminal(), False, "\r\x1b[KStaging 0/2\r\x1b[KStaging 1/2\r\x1b[K"),
        (Terminal(), True, ""),
        (io.StringIO(), False, ""),
    ):
        out = Output(quiet=quiet, stdout=io.StringIO(), stderr=stream)
        with out.progress("Staging", 2) as step:
            step()
        assert stream.getvalue() == expected


@pytest.mark.parametrize("name", ["NO_COLOR", "TERM"])
def test_no_colour_where_none_is_wanted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "dumb")
    stream, narration = Terminal(), Terminal()
    out = Output(stdout=stream, stderr=narration)
    out.emit(1, lambda _: Table(["a"], [["b"]], "c"))
    out.fail(DeskError("d"))
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", stream.getvalue() + narration.getvalue())


@given(hostile_text)
def test_attack_29_no_field_reaches_a_stream_with_a_control(text: str) -> None:
    table = Table([text], [[text]], text)
    for stream in (io.StringIO(), Terminal()):
        out = Output(stdout=stream, stderr=stream)
        out.emit({text: text})
        out.emit(text, lambda _: [text, table, Fields([(text, text)])])
        out.say(text)
        out.warn(text)
        out.fail(DeskError(text, text, text))
        with out.progress(text, 1):
            pass
        clean(stream.getvalue().encode())


@given(hostile_text)
def test_attack_29_json_carries_the_same_text_without_a_control(text: str) -> None:
    line = to_json({"text": text})
    assert clean(line.encode()) == line
    assert json.loads(line) == {"text": text}


@given(st.text(max_size=30))
def test_attack_29_markup_of_widgets_is_text_here(text: str) -> None:
    stream = Terminal()
    marked = f"[@click=app.quit]{text}[/][bold]"
    Output(stdout=stream, stderr=io.StringIO()).emit(1, lambda _: f"{marked}")
    assert stream.getvalue().startswith("[@click=app.quit]")


@given(st.text(max_size=30))
def test_width_is_never_negative_nor_more_than_two_cells_a_character(text: str) -> None:
    assert 0 <= text_width(text) <= 2 * len(text)


HOSTILE_PROGRAM = """
import sys
from desk.cli.output import Output, Table, Fields
from desk.errors import Refused, Reason
from tests.cli.test_cli_output import HOSTILE
out = Output(json="--json" in sys.argv)
with out.progress(HOSTILE[0], 3) as step:
    step()
for text in HOSTILE:
    out.say(text)
    out.warn(text)
    if not out.json:
        out.emit({text: text}, lambda _: [Table([text, "b"], [[text, text]], text), text,
                                          Fields([(text, text)])])
if out.json:
    out.emit({text: text for text in HOSTILE})
for text in HOSTILE:
    out.fail(Refused(text, [Reason(text, text, (text,))]))
"""


@pytest.mark.parametrize("json_wanted", [False, True])
def test_attack_29_clean_byte_stream_on_a_pty(
    on_terminal: Callable[..., tuple[int, bytes]], json_wanted: bool
) -> None:
    command = [sys.executable, "-c", HOSTILE_PROGRAM, *(["--json"] if json_wanted else [])]
    code, seen = on_terminal(command, {"PYTHONPATH": str(Path(PROGRAM[1]).parent)})
    text = clean(seen)
    assert code == 0, text
    assert "[@click=app.quit]x" in text


@pytest.mark.parametrize("text", [each for each in HOSTILE if each.isascii() or "\x9b" in each])
def test_attack_29_arguments_come_back_harmless_from_the_real_program(
    on_terminal: Callable[..., tuple[int, bytes]], room: Path, home: Path, text: str
) -> None:
    for arguments in (
        [text],
        ["key", text],
        ["key", "list", f"--{text}"],
        ["key", "show", "--person", text],
        ["key", "list", "--newsroom", text],
        ["key", "import", text, "--person", "editor-tk"],
        ["--lang", text],
        ["key", "list", "--json", text],
    ):
        code, seen = on_terminal([*PROGRAM, *arguments])
        assert code in (2, 4, 5), clean(seen)
        assert "✖" in clean(seen)


def test_attack_29_a_hostile_settings_file_comes_back_harmless(
    on_terminal: Callable[..., tuple[int, bytes]], program: Callable[..., Ran], home: Path
) -> None:
    folder = home / "config" / "desk"
    folder.mkdir(parents=True)
    lines = '"\\e]0;x\\a": 1\nlanguage: "\\x9b31m\\u202e"\n"\\e[2J": 2\n'
    (folder / "settings.yaml").write_text(lines, encoding="utf-8")
    code, seen = on_terminal([*PROGRAM, "key", "list"])
    assert code == 2
    assert "settings.yaml:2:" in clean(seen).replace("\n", "")
    assert program("--help").code == 0
