"""What reporters are told beside a text, as Markdown and as HTML: contact, byline and logo.

All of it stands in the adopted policy (`desk.trust.press`) and is public.
"""

from __future__ import annotations

from html import escape

from desk.trust.press import Press, said

_WORDS = {
    # whom to ask, which languages, byline, logo, what it shows, how it may be used
    "vi": ("Liên hệ báo chí", "Ngôn ngữ", "Thực hiện", "Biểu trưng", "Mô tả", "Cách sử dụng"),
    "en": ("Press contact", "Languages", "Byline", "Logo", "What it shows", "How it may be used"),
}


def _words(language: str) -> tuple[str, ...]:
    return _WORDS.get(language, _WORDS["en"])


def _logo(press: Press, language: str) -> list[tuple[str, str]]:
    """What is said of the logo: label and text of each line."""
    told = zip(_words(language)[4:], (press.logo_alt, press.logo_use), strict=True)
    return [(word, said(names, language)) for word, names in told if names]


def as_markdown(press: Press, language: str) -> str:
    """Everything in that language, or in one there is; '' for a press part that says nothing."""
    contact, languages, byline, logo, *_rest = _words(language)
    blocks = []
    if press.post:
        lines = [f"## {contact}", "", said(press.post, language), ""]
        lines += [f"- {one}" for one in (press.phone, press.email) if one]
        lines += [f"- {languages}: {', '.join(press.languages)}"] if press.languages else []
        blocks.append("\n".join(lines))
    if press.byline:
        blocks.append(f"## {byline}\n\n{said(press.byline, language)}")
    if lines := [f"- {word}: {text}" for word, text in _logo(press, language)]:
        blocks.append("\n".join([f"## {logo}", "", *lines]))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def byline_html(press: Press | None, language: str) -> str:
    """One paragraph with the byline; '' without one."""
    if press is None or not press.byline:
        return ""
    return f"<p>{_words(language)[2]}: {escape(said(press.byline, language))}</p>\n"


def aside_html(press: Press | None, language: str) -> str:
    """The contact and what is said of the logo, to stand below an article; '' without either."""
    if press is None:
        return ""
    contact, languages, _byline, logo, *_rest = _words(language)
    parts = []
    if press.post:
        parts += [f"<h2>{contact}</h2>", f"<p>{escape(said(press.post, language))}</p>"]
        ways = []
        if press.phone:
            ways.append(f'<a href="tel:{escape(press.dial)}">{escape(press.phone)}</a>')
        if press.email:
            ways.append(f'<a href="mailto:{escape(press.email)}">{escape(press.email)}</a>')
        parts.append(f"<p>{' · '.join(ways)}</p>")
        if press.languages:
            parts.append(f"<p>{languages}: {escape(', '.join(press.languages))}</p>")
    if told := _logo(press, language):
        parts.append(f"<h2>{logo}</h2>")
        parts += [f"<p>{word}: {escape(text)}</p>" for word, text in told]
    return "\n".join(["<aside>", *parts, "</aside>", ""]) if parts else ""
