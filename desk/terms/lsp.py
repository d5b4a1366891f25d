"""The language server: the checker's findings, fixes and sources in any editor that speaks LSP.

LSP 3.17 over standard input and output (pygls). Documents are followed by increments; a scan waits
until typing pauses for a moment and reads changed paragraphs only.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter, lsp_method
from pygls.uris import to_fs_path

from desk.errors import DeskError
from desk.locales import N_, _, language
from desk.terms.finding import Finding
from desk.terms.ignores import Ignore, ignore
from desk.terms.lsp_document import Edit, Opened, opened
from desk.terms.lsp_frames import Frames
from desk.terms.lsp_text import Encoding, Text
from desk.terms.termbase import Termbase
from desk.text import safe_text

_LOG: Final = logging.getLogger(__name__)
NAME: Final = "desk-terms"
IGNORE: Final = "desk.terms.ignore"
PAUSE: Final = 0.15
"""Seconds without a change after which a document is scanned."""
FIX_ALL: Final = f"{lsp.CodeActionKind.SourceFixAll.value}.{NAME}"
REASONS: Final = (
    N_("quoted as it was written"), N_("part of a name"), N_("another sense of the word"),
)  # fmt: skip
"""Why a finding may stay: editors offer these, since they cannot ask for words."""
_GRADES: Final = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "info": lsp.DiagnosticSeverity.Information,
}


@dataclass(frozen=True)
class Settings:
    """What the server checks with. `ignores` is the file of ignores, made when first needed."""

    termbase: Termbase
    author: str
    ignores: Path
    day: date
    language: str | None = None
    pause: float = PAUSE


class _Protocol(LanguageServerProtocol):
    """The protocol without a copy of the documents of its own: `Server` keeps them, since lines
    there also end at U+2028 and the like, which those of editors do not."""

    asked = False

    def structure_message(self, data: dict[str, Any]) -> Any:
        """A message as an object; a request that is none is answered, since somebody waits."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data and self.writer is not None:
                told = {"code": error.code, "message": error.message}
                answer = json.dumps({"jsonrpc": "2.0", "id": data["id"], "error": told}).encode()
                self.writer.write(b"Content-Length: %d\r\n\r\n" % len(answer) + answer)
            raise

    @lsp_method(lsp.SHUTDOWN)
    def lsp_shutdown(self, *given: Any) -> Any:
        self.asked = True
        return (yield from super().lsp_shutdown(*given))

    @lsp_method(lsp.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: lsp.DidOpenTextDocumentParams) -> Any:
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: lsp.DidChangeTextDocumentParams) -> Any:
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: lsp.DidCloseTextDocumentParams) -> Any:
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CLOSE], (params,), None


class Server(LanguageServer):
    """The server and the documents that are open."""

    def __init__(self, settings: Settings, version: str) -> None:
        super().__init__(NAME, version, protocol_cls=_Protocol, converter_factory=default_converter)
        self.settings = settings
        self.documents: dict[str, Opened] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def serve(self, given: BinaryIO, answers: BinaryIO) -> bool:
        """Serve until the editor leaves; whether it asked for the shutdown before, as it must."""
        self.start_io(cast(BinaryIO, Frames(given)), answers)
        return self.asked

    @property
    def asked(self) -> bool:
        """Whether the editor has asked for the shutdown."""
        return isinstance(self.protocol, _Protocol) and self.protocol.asked

    @property
    def encoding(self) -> Encoding:
        """The unit of columns that was agreed on when the editor said hello."""
        chosen = self.server_capabilities.position_encoding or lsp.PositionEncodingKind.Utf16
        name = chosen.value if isinstance(chosen, lsp.PositionEncodingKind) else str(chosen)
        return name  # type: ignore[return-value]  # pygls chooses one of the three

    @property
    def versioned(self) -> bool:
        """Whether the editor takes edits that name the version they are for."""
        workspace = self.client_capabilities.workspace
        edit = workspace.workspace_edit if workspace else None
        return bool(edit and edit.document_changes)

    def open(self, item: lsp.TextDocumentItem) -> None:
        """Begin to follow a document."""
        self.documents[item.uri] = opened(
            item.uri, to_fs_path(item.uri) or item.uri, str(item.language_id),
            Text(item.text, self.encoding), item.version, self.settings.termbase,
            language=self.settings.language, ignores=self.ignores, day=self.settings.day,
        )  # fmt: skip
        self.soon(item.uri, 0)

    def change(self, params: lsp.DidChangeTextDocumentParams) -> None:
        """Follow a change, each increment on the text that the one before has made."""
        document = self.documents.get(params.text_document.uri)
        if document is None:
            return
        for one in params.content_changes:
            if isinstance(one, lsp.TextDocumentContentChangePartial):
                first, last = one.range.start, one.range.end
                document.text = document.text.changed(
                    (first.line, first.character), (last.line, last.character), one.text
                )
            else:
                document.text = Text(one.text, self.encoding)
        document.version = params.text_document.version
        self.soon(params.text_document.uri, self.settings.pause)

    def close(self, uri: str) -> None:
        """Follow it no longer, and take what was said of it back."""
        self.documents.pop(uri, None)
        self._publish(uri, None, [])

    def soon(self, uri: str, pause: float) -> None:
        """Scan and tell, unless it changes again within the pause."""
        task = asyncio.get_running_loop().create_task(self._scan(uri, pause))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _scan(self, uri: str, pause: float) -> None:
        document = self.documents.get(uri)
        if document is None:
            return
        version = document.version
        await asyncio.sleep(pause)
        if document.version == version and await document.scan() and self.documents.get(uri):
            told = [self.diagnostic(document, one) for one in document.findings]
            self._publish(uri, version, told)

    def _publish(self, uri: str, version: int | None, told: list[lsp.Diagnostic]) -> None:
        self.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(uri=uri, version=version, diagnostics=told)
        )

    def diagnostic(self, document: Opened, finding: Finding) -> lsp.Diagnostic:
        """A finding as editors show it."""
        return lsp.Diagnostic(
            range=spanned(document, finding.start, finding.end),
            message=finding.said(language()), severity=_GRADES[finding.severity],
            code=finding.entry, source="desk terms",
        )  # fmt: skip

    def actions(self, document: Opened, params: lsp.CodeActionParams) -> Iterator[lsp.CodeAction]:
        """Each suggestion at the place, all safe fixes, and keeping it with a reason."""
        only = params.context.only
        for finding in document.within(*offsets(document, params.range)):
            told = self.diagnostic(document, finding)
            if wanted(lsp.CodeActionKind.QuickFix.value, only):
                yield from self._fixes(document, finding, told)
                yield from self._ignores(document, finding, told)
        safe = document.safe_fixes()
        if safe and wanted(FIX_ALL, only):
            title = _("Make all {n} safe fixes").format(n=len(safe))
            yield lsp.CodeAction(title, kind=FIX_ALL, edit=edited(document, safe, self.versioned))

    def _fixes(
        self, document: Opened, finding: Finding, told: lsp.Diagnostic
    ) -> Iterator[lsp.CodeAction]:
        for number, edit in enumerate(document.fixes(finding)):
            title = _("Write “{text}”").format(text=edit[2]) if edit[2] else _("Take it out")
            yield lsp.CodeAction(
                title, kind=lsp.CodeActionKind.QuickFix, diagnostics=[told],
                is_preferred=finding.safe and not number,
                edit=edited(document, [edit], self.versioned),
            )  # fmt: skip

    def _ignores(
        self, document: Opened, finding: Finding, told: lsp.Diagnostic
    ) -> Iterator[lsp.CodeAction]:
        for number, reason in enumerate(REASONS):
            title = _("Keep “{text}”: {reason}").format(text=finding.found, reason=_(reason))
            arguments: list[Any] = [document.uri, finding.entry, finding.start, number]
            yield lsp.CodeAction(
                title, kind=lsp.CodeActionKind.QuickFix, diagnostics=[told],
                command=lsp.Command(title=title, command=IGNORE, arguments=arguments),
            )  # fmt: skip

    def ignores(self) -> Sequence[Ignore]:
        """What is kept, as the file says now; one that cannot be read keeps nothing."""
        from desk.terms.kept import read_ignores

        if not self.settings.ignores.exists():
            return ()
        try:
            return read_ignores(self.settings.ignores)
        except DeskError as error:
            _LOG.warning("%s", safe_text(error))
            return ()

    def keep(self, uri: str, entry: str, start: int, reason: int) -> None:
        """Keep one finding: a line in the file of ignores. Raises DeskError."""
        from desk.terms.kept import read_ignores, text_of
        from desk.terms.overlay import put

        document = self.documents.get(uri)
        found = [one for one in document.findings if (one.entry, one.start) == (entry, start)] \
            if document else []  # fmt: skip
        if document is None or not found:
            return
        made = ignore(found[0], document.text.text, reason=_(REASONS[reason]),
                      author=self.settings.author)  # fmt: skip
        known = read_ignores(self.settings.ignores) if self.settings.ignores.exists() else ()
        put(self.settings.ignores, text_of(dict.fromkeys([*known, made])))
        for one in self.documents.values():
            one.forget()
            self.soon(one.uri, 0)


def wanted(kind: str, only: Sequence[lsp.CodeActionKind | str] | None) -> bool:
    """Whether the editor asked for a kind of action: a kind stands for those below it."""
    if only is None:
        return True
    asked = [one.value if isinstance(one, lsp.CodeActionKind) else one for one in only]
    return any(one in ("", kind) or kind.startswith(one + ".") for one in asked)


def spanned(document: Opened, start: int, end: int) -> lsp.Range:
    """A span of code points in the editor's lines and columns."""
    places = (document.text.place(start), document.text.place(end))
    return lsp.Range(*(lsp.Position(line, column) for line, column in places))


def offsets(document: Opened, span: lsp.Range) -> tuple[int, int]:
    """The editor's span in code points."""
    text = document.text
    return (text.offset((span.start.line, span.start.character)),
            text.offset((span.end.line, span.end.character)))  # fmt: skip


def edited(document: Opened, edits: Sequence[Edit], versioned: bool) -> lsp.WorkspaceEdit:
    """Edits of one document, good for the version that was scanned, if the editor knows such."""
    made = [lsp.TextEdit(spanned(document, start, end), new) for start, end, new in edits]
    if not versioned:
        return lsp.WorkspaceEdit(changes={document.uri: made})
    identifier = lsp.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    change = lsp.TextDocumentEdit(identifier, list(made))
    return lsp.WorkspaceEdit(document_changes=[change])


def build(settings: Settings, version: str) -> Server:
    """The server with its features, ready for `serve`."""
    server = Server(settings, version)

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def did_open(params: lsp.DidOpenTextDocumentParams) -> None:
        server.open(params.text_document)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(params: lsp.DidChangeTextDocumentParams) -> None:
        server.change(params)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def did_close(params: lsp.DidCloseTextDocumentParams) -> None:
        server.close(params.text_document.uri)

    kinds = [lsp.CodeActionKind.QuickFix, FIX_ALL]

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=kinds))
    async def code_action(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        document = server.documents.get(params.text_document.uri)
        if document is None or not await document.scan():
            return []
        return list(server.actions(document, params))

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        document = server.documents.get(params.text_document.uri)
        if document is None or not await document.scan():
            return None
        return hovered(document, params.position)

    @server.command(IGNORE)
    async def keep(uri: str, entry: str, start: int, reason: int) -> None:
        try:
            server.keep(str(uri), str(entry), int(start), int(reason) % len(REASONS))
        except DeskError as error:
            server.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, str(error)))

    return server


def hovered(document: Opened, position: lsp.Position) -> lsp.Hover | None:
    """What is said of a place: the message, what to write, the rule and where it is written."""
    at = document.text.offset((position.line, position.character))
    found = document.within(at, at)
    if not found:
        return None
    parts = []
    for one in found:
        lines = [one.said(language()), *(f"→ {text}" for text in one.suggestions), one.rule,
                 one.source]  # fmt: skip
        parts.append("\n".join(line for line in lines if line))
    content = lsp.MarkupContent(lsp.MarkupKind.PlainText, "\n\n".join(parts))
    return lsp.Hover(content, spanned(document, found[0].start, found[0].end))
