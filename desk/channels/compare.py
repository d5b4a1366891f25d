"""Comparison after release: does the public see exactly what was signed?"""

from __future__ import annotations

from desk.channels.driver import PublicView
from desk.channels.page import marked_text
from desk.portal.contract.bundle import BundleItem
from desk.portal.contract.content import read_content
from desk.portal.contract.render import render_body
from desk.trust.canonical import canonical


def expected_marks(item: BundleItem) -> dict[str, str]:
    """What the marked elements of an item's page have to say, white space collapsed."""
    content = read_content(item.content)
    return {
        "headline": " ".join(content.headline.split()),
        "summary": " ".join(content.summary.split()),
        "body": marked_text(f'<div data-desk="body">{render_body(content)}</div>')["body"],
    }


def differences(view: PublicView, item: BundleItem) -> tuple[str, ...]:
    """Where a public view departs from a released item; empty when it does not.

    Names only (`state`, `ninjs`, `headline`, …), so that the answer can go into a log. The JSON
    is compared byte for byte in canonical form, the page by the text of its marked elements.
    """
    if view.state != "live":
        return (f"state:{view.state}",)
    found = []
    if view.ninjs is None or canonical(dict(view.ninjs)) != canonical(dict(item.ninjs)):
        found.append("ninjs")
    wanted = expected_marks(item)
    found += [mark for mark, text in wanted.items() if view.marked.get(mark) != text]
    return tuple(found)
