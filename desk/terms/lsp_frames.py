"""The frames of JSON-RPC on a stream (LSP 3.17, base protocol), read so that a broken one is left.

Each message follows a header that says its length. Where a header cannot be used, nobody knows how
long the message after it is: the stream is read on to the next header that can be.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

_LOG: Final = logging.getLogger(__name__)
LARGEST: Final = 256 * 1024 * 1024
"""Bytes of one message. A text that is checked has an eighth of it, and JSON may escape it."""
_LINE: Final = 8192
"""Bytes of a header's line that are read at once; no header is as long."""
_FAR: Final = 64
"""Bytes of a line's end that are kept, since a header may begin in them."""
_OTHER = re.compile(rb"(?!(?i:content-length))[!#$%&'*+.^_`|~0-9A-Za-z-]++[ \t]*+:[^\r\n]*+\r?\n")
# A message ends without a line break, so that the next header may stand on its last line.
_LENGTH = re.compile(rb"content-length[ \t]*+:[ \t]*+(\d{1,12})[ \t]*+\r?\n\Z", re.IGNORECASE)


class Frames:
    """A stream of whole messages, to be read by lines and bytes as pygls does.

    Every header that comes out is `Content-Length: N` alone, with N from 1 to `LARGEST`. At the end
    of the stream, and for a message that it cuts off, there are no more bytes.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lines: Iterator[bytes] = iter(())
        self._lost = False

    def readline(self, size: int = -1, /) -> bytes:
        """The next line of a header: that of the length, then the empty one."""
        line = next(self._lines, b"")
        if not line and (length := self._next()):
            self._lines = iter((b"\r\n",))
            return b"Content-Length: %d\r\n" % length
        return line

    def read(self, size: int, /) -> bytes:
        """The message, or nothing when the stream ends within it."""
        body = self._stream.read(size)
        if len(body) == size:
            return body
        _LOG.warning("the input ended within a message: %d of %d bytes", len(body), size)
        return b""

    def _next(self) -> int:
        """The length of the next message that can be read, 0 at the end of the stream."""
        length, before = 0, b""
        while piece := self._stream.readline(_LINE):
            line = before + piece
            if not line.endswith(b"\n"):  # no header, but its end may be the begin of one
                self._leave()
                length, before = 0, line[-_FAR:]
                continue
            before = b""
            if line in (b"\r\n", b"\n"):
                if length:
                    self._lost = False
                    return length
                continue
            said = _LENGTH.search(line)
            if said is None and _OTHER.fullmatch(line):
                continue
            length = int(said[1]) if said else 0
            if said is None or said.start() or length > LARGEST:
                self._leave()
            length = length if length <= LARGEST else 0
        return 0

    def _leave(self) -> None:
        """Tell once that something is skipped, and nothing of it: it may be text of a document."""
        if not self._lost:
            _LOG.warning("no header of a message that can be read: reading on to the next")
        self._lost = True
