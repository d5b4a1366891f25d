"""The language server, driven over stdio: by a client written here, and by pygls' own."""

from __future__ import annotations

import asyncio
import json
import os
import queue
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from desk.terms.lsp_text import ENCODINGS, Text

PROJECT = Path(__file__).parents[2]
COMMAND = [sys.executable, str(PROJECT / "desk.py"), "terms", "lsp", "--language", "vi"]
URI = "file:///bai-viet.md"
BAD, GOOD = "Tổng bí thư", "Tổng Bí thư"


class Raw:
    """A language client of thirty lines: frames, requests, notifications, and waiting."""

    def __init__(self, folder: Path, *, encodings: list[str] | None) -> None:
        environment = {**os.environ, "DESK_LANGUAGE": "en"}
        self.process = subprocess.Popen(
            [*COMMAND, "--ignores", str(folder / "ignores.yaml"), "--author", "bien-tap-1"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder, env=environment,
        )  # fmt: skip
        self.messages: queue.Queue[dict[str, Any]] = queue.Queue()
        self.kept: list[dict[str, Any]] = []
        self.number = 0
        threading.Thread(target=self._read, daemon=True).start()
        general = {"positionEncodings": encodings} if encodings else {}
        edit = {"workspaceEdit": {"documentChanges": True}}
        capabilities = {"general": general, "workspace": edit}
        self.hello = self.request(
            "initialize", {"processId": None, "rootUri": None, "capabilities": capabilities}
        )
        self.notify("initialized", {})

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            size = 0
            while header.strip():
                name, _, value = header.partition(b":")
                size = int(value) if name.lower() == b"content-length" else size
                header = stream.readline()
            self.messages.put(json.loads(stream.read(size)))

    def send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.process.stdin.flush()

    def wait(self, wanted: Any) -> dict[str, Any]:
        for message in [*self.kept]:
            if wanted(message):
                self.kept.remove(message)
                return message
        while True:
            message = self.messages.get(timeout=60)
            if wanted(message):
                return message
            self.kept.append(message)

    def request(self, method: str, params: Any) -> Any:
        self.number += 1
        number = self.number
        self.send({"id": number, "method": method, "params": params})
        answer = self.wait(lambda one: one.get("id") == number and "method" not in one)
        assert "error" not in answer, answer
        return answer["result"]

    def notify(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    def open(self, text: str, uri: str = URI, kind: str = "markdown") -> list[dict[str, Any]]:
        item = {"uri": uri, "languageId": kind, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return self.told(1, uri)

    def told(self, version: int, uri: str = URI) -> list[dict[str, Any]]:
        """The diagnostics of exactly that version."""
        found = self.wait(
            lambda one: one.get("method") == "textDocument/publishDiagnostics"
            and one["params"]["uri"] == uri and one["params"].get("version") == version
        )  # fmt: skip
        told: list[dict[str, Any]] = found["params"]["diagnostics"]
        return told

    def change(self, version: int, *changes: dict[str, Any]) -> None:
        document = {"uri": URI, "version": version}
        self.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": list(changes)}
        )

    def actions(self, span: dict[str, Any], only: list[str] | None = None) -> list[dict[str, Any]]:
        context: dict[str, Any] = {"diagnostics": []} | ({"only": only} if only else {})
        found: list[dict[str, Any]] = self.request(
            "textDocument/codeAction",
            {"textDocument": {"uri": URI}, "range": span, "context": context},
        )
        return found

    def end(self) -> int:
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.process.wait(timeout=90)


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Raw]:
    """A client that speaks UTF-16, as most do."""
    client = Raw(tmp_path, encodings=None)
    yield client
    if client.process.poll() is None:
        client.process.kill()
        client.process.wait()


def at(line: int, start: int, end: int) -> dict[str, Any]:
    return {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}


@pytest.mark.parametrize(
    ("encodings", "chosen", "start", "end"),
    [
        (None, "utf-16", 4, 15),
        (["utf-16"], "utf-16", 4, 15),
        (["utf-8", "utf-16"], "utf-8", 7, 22),  # é 2, the face 4; ổ 3, í 2, ư 2
        (["utf-32", "utf-8"], "utf-32", 3, 14),
        (["utf-7"], "utf-16", 4, 15),
    ],
)
def test_columns_are_in_the_unit_that_was_agreed_on(
    tmp_path: Path, encodings: list[str] | None, chosen: str, start: int, end: int
) -> None:
    client = Raw(tmp_path, encodings=encodings)
    assert client.hello["capabilities"]["positionEncoding"] == chosen
    (told,) = client.open(f"é😀 {BAD} đến dự.\n")
    assert told["range"] == at(0, start, end)
    assert (told["severity"], told["source"]) == (1, "desk terms")
    assert client.end() == 0


def test_decomposed_text_is_marked_where_it_stands_and_mended_as_it_is_written(
    editor: Raw,
) -> None:
    text = unicodedata.normalize("NFD", f"Đồng chí {BAD} dự lễ 😀.")
    (told,) = editor.open(text)
    term = unicodedata.normalize("NFD", BAD)
    start = text.index(term)
    assert told["range"] == at(0, start, start + len(term))
    fix = editor.actions(told["range"], ["quickfix"])[0]
    (edit,) = fix["edit"]["documentChanges"][0]["edits"]
    mended = (
        text[: edit["range"]["start"]["character"]] + edit["newText"] + text[start + len(term) :]
    )
    assert mended == unicodedata.normalize("NFD", f"Đồng chí {GOOD} dự lễ 😀.")


def test_increments_are_followed_and_the_newest_version_is_told(editor: Raw) -> None:
    assert editor.open("Dòng một\n\nDòng hai\n") == []
    editor.change(2, {"range": at(2, 8, 8), "text": f" {BAD}"})
    (told,) = editor.told(2)
    assert told["range"] == at(2, 9, 20)
    # Two increments in one change: the second counts on the text that the first has made.
    editor.change(
        3,
        {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 2, "character": 0}},
         "text": "😀 "},
        {"range": at(0, 3, 11), "text": "Thưa"},
    )  # fmt: skip
    (told,) = editor.told(3)
    assert told["range"] == at(0, 8, 19)
    editor.change(4, {"text": "Sạch sẽ.\n"})
    assert editor.told(4) == []


def test_a_column_past_the_end_and_odd_line_breaks(editor: Raw) -> None:
    assert editor.open("Một\u2028hai\x0bba\r\nbốn\rnăm") == []
    editor.change(2, {"range": at(1, 999, 999), "text": f" {BAD}"})
    (told,) = editor.told(2)
    assert told["range"] == at(1, 4, 15)
    editor.change(3, {"range": at(9, 0, 0), "text": f"\n{BAD}"})
    assert [one["range"]["start"]["line"] for one in editor.told(3)] == [1, 3]


def test_a_burst_of_keys_is_told_once(editor: Raw) -> None:
    editor.open("")
    for number, char in enumerate(BAD):
        editor.change(number + 2, {"range": at(0, number, number), "text": char})
    assert len(editor.told(len(BAD) + 1)) == 1
    versions = [one["params"]["version"] for one in editor.kept
                if one.get("method") == "textDocument/publishDiagnostics"]  # fmt: skip
    assert len(versions) < len(BAD) / 2


def test_pointing_at_a_finding_shows_the_source(editor: Raw) -> None:
    editor.open(f"Đồng chí {BAD} dự lễ.")
    place = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 12}}
    told = editor.request("textDocument/hover", place)
    assert told["contents"]["kind"] == "plaintext"
    assert GOOD in told["contents"]["value"]
    assert "30/2020" in told["contents"]["value"]
    assert told["range"] == at(0, 9, 20)
    nowhere = {**place, "position": {"line": 0, "character": 2}}
    assert editor.request("textDocument/hover", nowhere) is None


def test_every_suggestion_and_all_safe_fixes_at_once(editor: Raw) -> None:
    editor.open(f"{BAD} dự lễ.\n\nĐồng chí {BAD} phát biểu.\n")
    fixes = editor.actions(at(0, 3, 3), ["quickfix"])
    assert GOOD in fixes[0]["title"]
    assert fixes[0]["isPreferred"]
    (every,) = editor.actions(at(0, 0, 0), ["source.fixAll"])
    change = every["edit"]["documentChanges"][0]
    assert change["textDocument"] == {"uri": URI, "version": 1}
    assert [edit["newText"] for edit in change["edits"]] == [GOOD, GOOD]
    assert editor.actions(at(0, 0, 0), ["refactor"]) == []


def test_a_finding_is_kept_with_a_reason_and_void_when_the_text_changes(
    editor: Raw, tmp_path: Path
) -> None:
    (told,) = editor.open(f"{BAD} dự lễ.")
    keep = next(one for one in editor.actions(told["range"]) if "command" in one)
    assert "quoted" in keep["title"]
    editor.request("workspace/executeCommand", {
        "command": keep["command"]["command"], "arguments": keep["command"]["arguments"],
    })  # fmt: skip
    assert editor.told(1) == []
    written = (tmp_path / "ignores.yaml").read_text("utf-8")
    assert "bien-tap-1" in written
    assert "quoted as it was written" in written
    editor.change(2, {"range": at(0, 12, 14), "text": "hội"})
    assert len(editor.told(2)) == 1


def test_closing_takes_back_what_was_said(editor: Raw) -> None:
    editor.open(BAD)
    editor.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    gone = editor.wait(lambda one: one.get("method") == "textDocument/publishDiagnostics")
    assert gone["params"]["diagnostics"] == []
    editor.change(2, {"text": BAD})  # a stray change of a closed document does no harm
    assert editor.end() == 0


def test_a_damaged_file_of_ignores_and_strange_texts_do_no_harm(
    editor: Raw, tmp_path: Path
) -> None:
    (tmp_path / "ignores.yaml").write_text("ignores: [1, {", "utf-8")
    assert len(editor.open(f"{BAD}\x00\u202e\ud7ff 😀")) >= 1
    answer = editor.actions(at(0, 0, 5))
    assert answer
    assert len(editor.open("<p>" + BAD + "</p><script>" + BAD + "</script>", "untitled:x",
                           "html")) == 1  # fmt: skip


def test_pygls_own_client_sees_the_same(tmp_path: Path) -> None:
    async def talk() -> tuple[list[lsp.Diagnostic], str, int]:
        client = LanguageClient("tests", "1")
        told: asyncio.Queue[lsp.PublishDiagnosticsParams] = asyncio.Queue()

        @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: lsp.PublishDiagnosticsParams) -> None:
            told.put_nowait(params)

        await client.start_io(*COMMAND, "--ignores", str(tmp_path / "none.yaml"))
        await client.initialize_async(lsp.InitializeParams(capabilities=lsp.ClientCapabilities()))
        client.initialized(lsp.InitializedParams())
        item = lsp.TextDocumentItem(URI, "markdown", 1, f"# Tin\n\n{BAD} dự lễ.\n")
        client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        params = await asyncio.wait_for(told.get(), 60)
        document = lsp.TextDocumentIdentifier(URI)
        context = lsp.CodeActionContext(list(params.diagnostics))
        actions = await client.text_document_code_action_async(
            lsp.CodeActionParams(document, params.diagnostics[0].range, context)
        )
        assert actions
        first = actions[0]
        assert isinstance(first, lsp.CodeAction)
        assert first.edit is not None
        assert first.edit.changes is not None, "this client knows no versions"
        (edit,) = first.edit.changes[URI]
        await client.shutdown_async(None)
        client.exit(None)
        server = client._server  # the process, to see how it ends
        code = await asyncio.wait_for(server.wait(), 30) if server else -1
        await client.stop()
        return list(params.diagnostics), edit.new_text, code

    found, new, code = asyncio.run(talk())
    assert [one.range.start.line for one in found] == [2]
    assert (new, code) == (GOOD, 0)


def test_it_tells_a_person_who_starts_it_by_hand() -> None:
    import pty

    master, slave = pty.openpty()
    done = subprocess.run(COMMAND, stdin=slave, capture_output=True, text=True, timeout=60)
    os.close(slave)
    os.close(master)
    assert done.returncode == 2
    assert "desk terms edit" in done.stderr


TEXTS = st.text(st.sampled_from("aệ\u0323\u0302e😀\n\r\u2028 đ"), max_size=30)


@given(TEXTS, st.sampled_from(ENCODINGS), st.data())
def test_places_lead_back_to_their_offsets(text: str, encoding: Any, data: st.DataObject) -> None:
    whole = Text(text, encoding)
    at_ = data.draw(st.integers(0, len(text)))
    if not (0 < at_ < len(text) and text[at_ - 1 : at_ + 1] == "\r\n"):
        assert whole.offset(whole.place(at_)) == at_


@given(TEXTS, TEXTS, st.sampled_from(ENCODINGS), st.data())
def test_an_increment_is_the_edit_it_says(
    text: str, new: str, encoding: Any, data: st.DataObject
) -> None:
    whole = Text(text, encoding)
    ends = [n for n in range(len(text) + 1) if text[n - 1 : n + 1] != "\r\n" or n == 0]
    first, last = sorted(data.draw(st.tuples(st.sampled_from(ends), st.sampled_from(ends))))
    made = whole.changed(whole.place(first), whole.place(last), new)
    assert made.text == text[:first] + new + text[last:]
