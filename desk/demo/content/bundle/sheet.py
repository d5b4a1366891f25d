"""The fact sheet of the press kit as one HTML page for printing on A4.

It is set from the press kit's own text and chart, so the PDF cannot say anything else.
"""

from __future__ import annotations

import re
from html import escape

from desk.demo.content import SampleText
from desk.demo.content.bundle.chart import chart

_WORDS = {
    "vi": ("TỜ THÔNG TIN", "Nguồn và căn cứ pháp lý"),
    "en": ("FACT SHEET", "Sources and legal basis"),
}
_STYLE = """
@page { size: A4; margin: 12mm 20mm }
body { font: 9.4pt/1.42 Inter, 'DejaVu Sans', sans-serif; color: #14213d; margin: 0 }
.kind { color: #b3262e; font-weight: 700; letter-spacing: .08em; font-size: 9pt; margin: 0 }
h1 { font-size: 21pt; line-height: 1.2; margin: 2mm 0 3mm }
h2 { font-size: 12.5pt; margin: 4mm 0 1mm; break-after: avoid }
p { margin: 0 0 2mm }
.lead { font-size: 11pt; color: #5b6478; margin-bottom: 4mm }
svg { width: 74%; height: auto; display: block; margin: 0 0 4mm }
ul { margin: 0 0 2mm; padding-left: 5mm }
li { break-inside: avoid }
sup { font-size: 7pt; line-height: 0; color: #b3262e }
.sources { font-size: 8pt; color: #5b6478; break-inside: avoid }
"""


def sheet(lang: str, text: SampleText) -> str:
    """The page in `lang` for `text`, the press kit in that language; complete HTML."""
    from markdown_it import MarkdownIt

    kind, heading = _WORDS[lang]
    body = MarkdownIt("commonmark", {"html": False}).render(text.body)
    body = re.sub(r"\[\^(l?\d+)\]", r"<sup>\1</sup>", body)
    entries = "".join(
        f"<p><sup>{entry['id']}</sup> {escape(entry['title'])}"
        + (f" ({escape(entry['number'])})" if "number" in entry else "")
        + f", {escape(entry['url'])}</p>"
        for entry in (*text.sources, *text.legal)
    )
    return (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8">'
        f"<title>{escape(text.headline)}</title><style>{_STYLE}</style>"
        f'<p class="kind">{kind}</p><h1>{escape(text.headline)}</h1>'
        f'<p class="lead">{escape(text.summary)}</p>{chart(lang)}{body}'
        f'<div class="sources"><h2>{heading}</h2>{entries}</div></html>'
    )
