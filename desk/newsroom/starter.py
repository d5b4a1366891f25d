"""The calendar.yaml that a new newsroom begins with: small, whole, and commented."""

from __future__ import annotations

import json

TEXT = """\
# The newsroom in one file. Desk reads it and never rewrites it.
#
#   desk newsroom check    every mistake in this file, with line, column and hint
#   desk newsroom adopt    what concerns releases takes effect: signed by administrators

newsroom:
  id: {id}
  name:
    vi: {vi}
    en: {en}
  zone: {zone}
  languages: [vi, en]

sections:
  activity-news: {{vi: Tin hoạt động, en: Activity news}}
  documents:     {{vi: Văn bản, en: Documents}}

# Who contributes. Add one entry an agency; rights are given in the roster.
agencies:
  - id: van-phong
    name: {{vi: Văn phòng, en: Central office}}
    sections: [activity-news, documents]

# What is written, and who has to approve it in which order.
kinds:
  news:
    name: {{vi: Tin, en: News}}
    chain: [review]
    gates: [summary, sources]
    languages: [vi]
  statement:
    name: {{vi: Thông cáo, en: Statement}}
    chain: [appraise, review, check]
    gates: [summary, sources, legal]
    languages: [vi, en]

# Where it goes. A folder is the simplest; see docs/operations.md for portals.
channels:
  - id: press
    name: {{vi: Báo chí, en: Press}}
    driver: folder
    path: var/press
    languages: [vi, en]
    required: true

slots:
  - id: morning
    name: {{vi: Bản tin sáng, en: Morning news}}
    rule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    at: "09:30"
    kinds: [news, statement]
    channels: [press]

releases:
  signers: 2
  stage_ahead: 10m
  publish_within: 15m
"""


def calendar_text(newsroom: str, vietnamese: str, english: str, zone: str) -> str:
    """A calendar.yaml with these names in it; names stand quoted, whatever they hold."""
    quoted = (json.dumps(name, ensure_ascii=False) for name in (vietnamese, english))
    vi, en = quoted
    return TEXT.format(id=newsroom, vi=vi, en=en, zone=zone)
