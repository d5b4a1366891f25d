"""What a browser is shown: the page with the terminal, and pages that say no in plain words.

Nothing comes from elsewhere: the terminal's script, its style and its font are files of
textual-serve and are served from here; the policy below forbids the browser anything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from importlib.util import find_spec
from pathlib import Path

from desk.errors import Unavailable
from desk.locales import _, language

FILES: Mapping[str, tuple[str, str]] = {
    "textual.js": ("js/textual.js", "text/javascript"),
    "xterm.css": ("css/xterm.css", "text/css"),
    "mono.ttf": ("fonts/RobotoMono-VariableFont_wght.ttf", "font/ttf"),
    "mono-italic.ttf": ("fonts/RobotoMono-Italic-VariableFont_wght.ttf", "font/ttf"),
}
"""What may be fetched below /static/: the name, the file of textual-serve, its type."""

STYLE = """\
@font-face { font-family: "Roboto Mono"; src: url("mono.ttf"); font-weight: 100 700; }
@font-face { font-family: "Roboto Mono"; src: url("mono-italic.ttf"); font-style: italic; }
html, body { margin: 0; height: 100%; background: #10151c; color: #e6e9ee; }
body, button, a { font: 16px/1.5 "Roboto Mono", monospace; }
main { max-width: 42em; margin: 0 auto; padding: 15vh 1em; }
h1 { font-size: 20px; }
a { color: #7dbdf0; }
#terminal { position: absolute; inset: 0; }
#ended { display: none; position: absolute; inset: 0; z-index: 10; background: #10151c; }
body.-closed #ended { display: block; }
"""

SCRIPT = """\
"use strict";
// What stands in the terminal is foreign text: a click on an address in it leads nowhere.
window.open = () => null;
// Keys go to the terminal from the first picture on, and to the way back when it has ended.
const places = [["-closed", "#ended a"], ["-first-byte", ".xterm-helper-textarea"]];
let before = null;
new MutationObserver(() => {
  const now = places.find(([state]) => document.body.classList.contains(state));
  if (now && now !== before) document.querySelector(now[1])?.focus();
  before = now;
}).observe(document.body, { attributeFilter: ["class"] });
// Pasted text presses no keys: xterm.js lets through what would end a bracketed paste.
addEventListener("paste", (event) => {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const clean = text.replace(/[^\\P{Cc}\\t\\n\\r]/gu, "");
  if (clean === text) return;
  event.stopImmediatePropagation();
  event.preventDefault();
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", clean);
  event.target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
}, true);
"""

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


OURS: Mapping[str, tuple[bytes, str]] = {
    "desk.css": (STYLE.encode(), "text/css"),
    "desk.js": (SCRIPT.encode(), "text/javascript"),
}
"""What is fetched below /static/ besides: the name, the bytes, their type."""


def policy(authority: str) -> str:
    """The Content-Security-Policy. The terminal sets styles itself: unsafe-inline for those."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        f"font-src 'self'; img-src 'self' data:; connect-src 'self' ws://{authority}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def static_file(name: str) -> tuple[bytes, str]:
    """A file of the terminal and its type. Raises KeyError, Unavailable."""
    if name in OURS:
        return OURS[name]
    inside, kind = FILES[name]
    package = find_spec("textual_serve")
    if package is None or package.origin is None:
        raise Unavailable("The browser's terminal is not installed", "textual-serve")
    try:
        return (Path(package.origin).parent / "static" / inside).read_bytes(), kind
    except OSError as error:
        what = f"{inside}: {error.strerror}"
        raise Unavailable("The browser's terminal is not installed", what) from None


def terminal(websocket: str) -> str:
    """The page with the terminal; it opens the websocket and says so when the session has ended."""
    ended = _("The session has ended. Nothing that was stored is lost.")
    again = _("Begin again")
    body = (
        f'<div id="ended"><main><h1>Desk</h1><p>{escape(ended)}</p>'
        f'<p><a href="/">{escape(again)}</a></p></main></div>\n'
        '<div id="start"></div>\n'
        f'<div id="terminal" class="textual-terminal" data-font-size="16" '
        f'data-session-websocket-url="{escape(websocket)}"></div>'
    )
    head = (
        '<link rel="stylesheet" href="/static/xterm.css">\n'
        '<script src="/static/desk.js" defer></script>\n'
        '<script src="/static/textual.js" defer></script>'
    )
    return _page(body, head)


def onwards() -> str:
    """The answer to the link: goes on by itself.

    A redirect would be part of the navigation that brought the person here, maybe from a link in
    a message, and a SameSite=Strict cookie is not sent with that.
    """
    onwards = escape(_("Open the desk"))
    body = f'<main><h1>Desk</h1><p><a href="/">{onwards}</a></p></main>'
    return _page(body, '<meta http-equiv="refresh" content="0;url=/">')


def told(title: str, text: str) -> str:
    """A page of words."""
    return _page(f"<main><h1>{escape(title)}</h1><p>{escape(text)}</p></main>", "")


def _page(body: str, head: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        f'<title>Desk</title>\n<link rel="icon" href="data:,">\n'
        f'<link rel="stylesheet" href="/static/desk.css">\n{head}\n</head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )
