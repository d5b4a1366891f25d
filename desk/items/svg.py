"""SVG: a graphic that only draws. Scripts, events, outside references, entities are refused.

Read by expat, which reports document types and entities before it would expand them. What may
stand is an allow-list of elements; whatever is new in a browser is refused until looked at.
"""

from __future__ import annotations

import re
from typing import NoReturn
from xml.parsers import expat

from desk.errors import UsageError
from desk.items.number_words import words
from desk.phrase import phrase
from desk.text import one_line

NAMESPACE = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
DEEPEST = 64
MOST_ELEMENTS = 100_000
_ELEMENTS = words(
    """svg g defs symbol use title desc metadata path rect circle ellipse line polyline polygon
    text tspan textPath linearGradient radialGradient stop pattern clipPath mask marker style
    filter feGaussianBlur feOffset feBlend feMerge feMergeNode feColorMatrix feFlood feComposite
    feDropShadow"""
)
# Metadata that drawing programs leave behind. It draws nothing; its own elements are let be.
_FOREIGN_OK = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://purl.org/dc/elements/1.1/",
    "http://creativecommons.org/ns#",
    "http://www.inkscape.org/namespaces/inkscape",
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
)
_CSS_URL = re.compile(r"url\s*\(\s*([\"']?)\s*([^\s)\"']{0,200})", re.IGNORECASE)
_CSS_BAD = re.compile(
    r"@import|image-set|//|expression\s*\(|javascript:|data:|-moz-binding|behavior\s*:", re.I
)
_LENGTH = re.compile(r"\s*(\d{1,6})(?:\.\d{0,6})?(?:px)?\s*")
_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*){0,5}"
    rb"(?:<!DOCTYPE[^>\[]{0,400}(?:\[.{0,4000}?\]\s*)?>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*){0,5}"
    rb"<(?:[A-Za-z_][\w.-]{0,40}:)?svg[\s>/]",
    re.DOTALL,
)


def looks_like(data: bytes) -> bool:
    """Whether the first bytes open an SVG document. Looks at 20 KB, no more."""
    return bool(_START.match(data[:20_000]))


def check(data: bytes) -> tuple[int, int]:
    """Refuse an SVG that does anything but draw; width and height in pixels, 0 if not said.

    Raises UsageError with the line of what is refused.
    """
    reader = _Reader()
    parser = reader.parser
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        what = phrase(
            "line {line}: {why}",
            line=error.lineno,
            why=expat.ErrorString(error.code),
        )
        raise UsageError("The SVG cannot be read", what, "Save it again as plain SVG") from None
    except ValueError:  # an encoding that expat and Python do not share
        raise UsageError("The SVG cannot be read", "unknown encoding", "Save it as UTF-8") from None
    return reader.size


class _Reader:
    def __init__(self) -> None:
        self.size = (0, 0)
        self.depth = 0
        self.count = 0
        self.styles: list[str] | None = None
        self.ids: list[str] = []  # of the elements around the present one, "" for none
        self.used: set[str] = set()  # ids that a use refers to
        self.users: set[str] = set()  # ids of elements that hold a use
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.ExternalEntityRefHandler = self._entity
        parser.ProcessingInstructionHandler = self._instruction
        parser.buffer_text = True

    def _refuse(self, what: str) -> NoReturn:
        where = phrase(
            "line {line}: {what}",
            line=self.parser.CurrentLineNumber,
            what=one_line(what, 100),
        )
        raise UsageError(
            "This SVG does more than draw", where, "Save it as plain SVG with text as paths"
        )

    def _entity(self, *_: object) -> int:
        self._refuse("an entity is declared")

    def _instruction(self, target: str, _data: str) -> None:
        self._refuse(f"a processing instruction, {target}")

    def _doctype(
        self, _name: str, _system: str | None, _public: str | None, internal: bool
    ) -> None:
        if internal:
            self._refuse("a document type with declarations of its own")

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        space, _, name = qualified.rpartition(" ")
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST:
            self._refuse(f"elements nested deeper than {DEEPEST}")
        if self.count > MOST_ELEMENTS:
            self._refuse(f"more than {MOST_ELEMENTS} elements")
        if self.depth == 1:
            if (space, name) != (NAMESPACE, "svg"):
                self._refuse("the root element is not svg in the SVG namespace")
            self.size = _length(attributes.get("width")), _length(attributes.get("height"))
        if space == NAMESPACE:
            if name not in _ELEMENTS:
                self._refuse(f"the element {name}")
        elif space not in _FOREIGN_OK:
            self._refuse(f"the element {name} of another language")
        if name == "style":
            self.styles = []
        self.ids.append(attributes.get("id", ""))
        for key, value in attributes.items():
            self._attribute(name, key, value)

    def _attribute(self, element: str, qualified: str, value: str) -> None:
        space, _, name = qualified.rpartition(" ")
        if name.casefold().startswith("on"):
            self._refuse(f"the event handler {name}")
        if name == "href" or (space == XLINK and name != "title"):
            if name == "href":
                self._reference(element, value.strip())
        elif name in ("src", "base") and space in ("", _XML):
            self._refuse(f"the attribute {name}")
        elif not space:
            self._css(value)

    def _reference(self, element: str, target: str) -> None:
        if not target.startswith("#"):
            self._refuse(f"a reference to something outside: {target}")
        if element == "use":
            self.used.add(target[1:])
            self.users.update(self.ids)

    def _css(self, text: str) -> None:
        # A backslash could spell "url" or "@import" in a way that the patterns do not see.
        if "\\" in text or _CSS_BAD.search(text):
            self._refuse("a style that loads or runs something")
        for match in _CSS_URL.finditer(text):
            if not match[2].startswith("#"):
                self._refuse(f"a reference to something outside: {match[2]}")

    def _text(self, text: str) -> None:
        if self.styles is not None:
            self.styles.append(text)

    def _end(self, qualified: str) -> None:
        self.depth -= 1
        self.ids.pop()
        if self.styles is not None and qualified.rpartition(" ")[2] == "style":
            style = "".join(self.styles)
            self._css(style)  # as it stands, since a string may hide the marks of a comment
            self._css(_without_comments(style))
            self.styles = None
        if self.depth == 0 and self.used & self.users:
            self._refuse("a use of something that itself uses, which can grow without bound")


def _without_comments(style: str) -> str:
    kept, at = [], 0
    while (start := style.find("/*", at)) >= 0 and (end := style.find("*/", start + 2)) >= 0:
        kept.append(style[at:start])
        at = end + 2
    return "".join([*kept, style[at:]])


def _length(value: str | None) -> int:
    match = _LENGTH.fullmatch(value or "")
    return int(match[1]) if match else 0
