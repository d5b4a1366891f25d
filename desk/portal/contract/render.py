"""The body as HTML: CommonMark (0.31) with tables, without raw HTML or pictures from elsewhere.

Both sides use this: the portal to show a body, the publisher to know what the public must see.
Footnotes are not written in the body; `[^2]` points at source 2, `[^l1]` at legal text l1.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from html import escape
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from desk.portal.contract.content import Content

_CITE = re.compile(r"\[\^(l?[0-9]{1,4})\]")


def _allowed(url: str) -> bool:
    """Links lead to the web or to a mailbox; everything else stays text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.hostname) and parts.username is None and parts.password is None
    return parts.scheme == "mailto"


def _cite(state: StateInline, silent: bool) -> bool:
    """Inline rule for `[^label]`, where the label is one of the content's."""
    found = _CITE.match(state.src, state.pos)
    if not found or found.group(1) not in state.env.get("labels", ()):
        return False
    if not silent:
        token = state.push("cite", "", 0)
        token.content = found.group(1)
        seen = state.env.setdefault("seen", {})
        seen[token.content] = seen.get(token.content, 0) + 1
        token.meta = {"time": seen[token.content]}
    state.pos = found.end()
    return True


def shown(label: str) -> str:
    """A footnote label as readers see it: sources `2`, legal texts `§1`."""
    return f"§{label[1:]}" if label.startswith("l") else label


def _render_cite(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    label = escape(tokens[index].content)
    time = tokens[index].meta["time"]
    name = f"cite-{label}" if time == 1 else f"cite-{label}-{time}"
    return (
        f'<sup class="cite"><a id="{name}" href="#note-{label}">[{escape(shown(label))}]</a></sup>'
    )


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    parser.validateLink = _allowed  # type: ignore[method-assign]
    parser.inline.ruler.before("link", "cite", _cite)
    parser.add_render_rule("cite", _render_cite)
    return parser


def body_tokens(body: str, labels: Collection[str], env: EnvType | None = None) -> list[Token]:
    """The body as the parser's tokens; `labels` are the marks that may be cited."""
    return _parser().parse(body, {"labels": labels} if env is None else env)


def render_body(content: Content) -> str:
    """The body as HTML. Headings start at level 2, since the page's first is the headline."""
    labels = frozenset([s.id for s in content.sources] + [entry.id for entry in content.legal])
    parser = _parser()
    env: dict[str, object] = {"labels": labels}
    tokens = body_tokens(content.body, labels, env)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + 1)}"
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet("rel", "external noopener")
    return str(parser.renderer.render(tokens, parser.options, env))
