"""Broken frames and rude endings: the language server goes on at the next header, or ends."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.terms.lsp_frames import LARGEST, Frames

PROJECT = Path(__file__).parents[2]
PATIENCE = 120  # seconds until a server that hangs is given up; it answers within one or two


def framed(message: object) -> bytes:
    data = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n" % len(data) + data


def said(method: str, number: int | None = None, **params: object) -> bytes:
    given = {"id": number} if number else {}
    return framed({"jsonrpc": "2.0", **given, "method": method, "params": params or None})


HELLO = said("initialize", 1, processId=None, rootUri=None, capabilities={})
SHUTDOWN, EXIT = said("shutdown", 9), said("exit")
LOST = b'{"jsonrpc":"2.0","id":5,"method":"x"}'


def served(folder: Path, given: bytes, *, leaves: bool) -> tuple[int, bytes]:
    """The server's exit code and what it wrote; an editor that does not leave keeps the pipe."""
    ours, theirs = os.pipe()
    process = subprocess.Popen(
        [sys.executable, str(PROJECT / "desk.py"), "terms", "lsp"],
        stdin=ours, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    os.close(ours)
    try:
        with os.fdopen(theirs, "wb") as pipe:
            pipe.write(given)
            pipe.flush()
            if leaves:
                pipe.close()
            answers, _ = process.communicate(timeout=PATIENCE)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    return process.returncode, answers


@pytest.mark.parametrize(
    "broken",
    [
        b"Content-Length: abc\r\n\r\n" + LOST,
        b"Content-Type: application/json\r\n\r\n" + LOST,
        b"Content-Length: -5\r\n\r\n" + LOST,
        b"Content-Length: 10737418240\r\n\r\n" + LOST,
        b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n" + LOST,
        b"Content-Length: 0\r\n\r\n",
        b"Content-Length: 10\r\n\r\n" + LOST,
        b"Content-Length: 5\r\n\r\n\xff{{{{",
        b"Content-Length: 2\r\n\r\n[]",
        b"\x00\xff hello\r\n\r\n\r\n",
        b"x" * 100_000,
    ],
    ids=["no number", "missing", "negative", "too large", "many figures", "nothing", "too short",
         "no JSON", "no message", "noise", "a long line"],
)  # fmt: skip
def test_after_a_broken_frame_the_server_answers_the_next(tmp_path: Path, broken: bytes) -> None:
    code, answers = served(tmp_path, HELLO + broken + SHUTDOWN + EXIT, leaves=False)
    assert (code, b'"id": 9' in answers or b'"id":9' in answers) == (0, True)


def test_a_request_whose_parameters_cannot_be_read_is_answered_with_an_error(
    tmp_path: Path,
) -> None:
    """JSON-RPC 2.0: an editor waits for the answer of each request that it numbered."""
    odd = said("textDocument/hover", 7, nothing=1) + said("workspace/executeCommand", 8, command=3)
    code, answers = served(tmp_path, HELLO + odd + SHUTDOWN + EXIT, leaves=False)
    told = {one["id"]: one for one in messages(answers) if "id" in one}
    assert code == 0
    assert told[7]["error"]["code"] == -32602
    assert "error" in told[8]
    assert "error" not in told[9]


def test_an_editor_leaves_amid_a_check_and_is_not_kept_waiting(tmp_path: Path) -> None:
    text = "Tổng bí thư và Bộ chính trị họp.\r\n\r\n" * 20_000
    item = {"uri": "file:///a.md", "languageId": "markdown", "version": 1, "text": text}
    opened = said("textDocument/didOpen", textDocument=item)
    code, answers = served(tmp_path, HELLO + opened + SHUTDOWN + EXIT, leaves=False)
    assert code == 0
    assert any(one.get("id") == 9 and one.get("result") is None for one in messages(answers))


def messages(answers: bytes) -> list[dict[str, Any]]:
    """The messages that a server wrote."""
    found, given = [], io.BytesIO(answers)
    while header := given.readline():
        size = int(header.split(b":")[1])
        while given.readline().strip():
            pass
        found.append(json.loads(given.read(size)))
    return found


@pytest.mark.parametrize(
    ("given", "leaves", "code"),
    [
        (HELLO + EXIT, False, 1),
        (EXIT, False, 1),
        (HELLO, True, 1),
        (HELLO + SHUTDOWN, True, 0),
        (HELLO + b"Content-Length: 999\r\n\r\n{", True, 1),
        (b"", True, 1),
    ],
    ids=["exit alone", "exit first", "gone", "gone after shutdown", "gone in a message", "nothing"],
)
def test_only_an_editor_that_asked_for_the_shutdown_ends_it_well(
    tmp_path: Path, given: bytes, leaves: bool, code: int
) -> None:
    assert served(tmp_path, given, leaves=leaves)[0] == code


def read(given: bytes) -> list[bytes]:
    """The messages as pygls reads them."""
    frames, found = Frames(io.BytesIO(given)), []
    while header := frames.readline():
        assert header.startswith(b"Content-Length: ")
        assert frames.readline() == b"\r\n"
        if body := frames.read(int(header[16:])):
            found.append(body)
    return found


def test_headers_that_other_editors_write_are_read() -> None:
    body = b'{"a": 1}'
    assert read(b"content-length:8\r\n\r\n" + body) == [body]
    assert read(b"CONTENT-LENGTH: 8 \n\n" + body) == [body]
    kind = b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n"
    assert read(b"Content-Length: 8\r\n" + kind + b"\r\n" + body) == [body]
    assert read(kind + b"Content-Length: 8\r\n\r\n" + body) == [body]


def test_a_length_beyond_all_texts_is_not_waited_for() -> None:
    assert read(b"Content-Length: %d\r\n\r\n" % (LARGEST + 1) + framed({})) == [b"{}"]


MESSAGES = st.lists(st.binary(min_size=1, max_size=40), max_size=5)


@given(MESSAGES)
def test_whole_messages_come_through_whatever_is_in_them(messages: list[bytes]) -> None:
    assert read(b"".join(b"Content-Length: %d\r\n\r\n" % len(m) + m for m in messages)) == messages


@given(st.binary(max_size=20_000) | st.integers(8_000, 8_400).map(lambda n: b"x" * n))
def test_after_any_noise_the_next_message_but_one_is_read(noise: bytes) -> None:
    """Noise may look like a header and take one message with it, but never two of some length."""
    body = b'{"method": "one"}' * 20
    whole = b"Content-Length: %d\r\n\r\n" % len(body) + body
    assert body in read(noise + b"\n" + whole + whole + whole)
