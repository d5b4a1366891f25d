"""The policy document holds what guards releases, and nothing else."""

from __future__ import annotations

import json

import pytest

from desk.errors import TrustError
from desk.newsroom.policy import not_adoptable, policy_diff, policy_document
from desk.trust.policy import read_document
from tests.newsroom.sample import GOOD, config, with_change

KEY = "ab" * 32
LIMITS = {"headline": [1, 160], "summary": [40, 900], "body": [200, 60_000]}


def changed(old: str, new: str) -> list[str]:
    before = policy_document(config())
    return policy_diff(before, policy_document(config(with_change(old, new))))


def test_the_document_has_its_fixed_shape() -> None:
    text = with_change('8601", l', f'8601/", key: {KEY}, l')
    assert policy_document(config(text)) == {
        "format": 1,
        "newsroom": "desk-test",
        "zone": "Asia/Ho_Chi_Minh",
        "languages": ["vi", "en"],
        "agencies": ["thong-ke", "y-te"],
        "kinds": {
            "news": {"chain": ["review"], "gates": ["summary"], "languages": ["vi"],
                     "limits": LIMITS, "urgent": False},
            "statement": {"chain": ["appraise", "review", "check"],
                          "gates": ["summary", "sources", "translation"],
                          "languages": ["vi", "en"], "limits": LIMITS, "urgent": False},
            "urgent": {"chain": ["check"], "gates": [], "languages": ["vi", "en"],
                       "limits": LIMITS, "urgent": True},
        },
        "channels": {
            "portal": {"driver": "desk", "url": "http://127.0.0.1:8601",
                       "languages": ["vi", "en"], "required": True, "key": KEY},
            "press": {"driver": "folder", "path": "var/press",
                      "languages": ["vi", "en"], "required": False},
        },
        "releases": {"signers": 2, "stage_ahead": 600, "publish_within": 900,
                     "not_after": 900, "clock_bound_ms": 500},
        "withdraw_roles": ["lead"],
    }  # fmt: skip


def test_the_document_is_what_the_trust_core_reads() -> None:
    policy = read_document(policy_document(config()), 1)
    assert policy.signers == 2
    assert policy.span("stage_ahead") == 600
    assert len(policy.projection(["news"], ["portal"])) == 64


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("newsroom:\n", "# a comment\nnewsroom:\n"),
        ("Cục Thống kê", "Tổng cục Thống kê"),
        ('at: "09:30"', 'at: "10:30"'),
        ("2026-11-22T00:00", "2026-11-23T00:00"),
        ("slots:\n", "alerts: [{when: [held], to: {webhook: 'https://a.example'}}]\nslots:\n"),
        ("slots:\n", "mail: {server: localhost, from: a@example.org}\nslots:\n"),
        ("signers: 2,", "signers: 2, min_gap: 2m,"),
        ("stage_ahead: 10m", "stage_ahead: 600s"),
        ("gates: [summary, sources, translation]", "gates: [translation, sources, summary]"),
        ("chain: [check], urgent: true", "urgent: true, chain: [check], languages: [en, vi]"),
        (
            '  - {id: portal, driver: desk, url: "http://127.0.0.1:8601", languages: [vi, en]}\n',
            '  - {id: portal, driver: desk, url: "http://127.0.0.1:8601/", languages: [en, vi]}\n',
        ),
    ],
)
def test_what_does_not_guard_releases_changes_nothing(old: str, new: str) -> None:
    good, other = policy_document(config()), policy_document(config(with_change(old, new)))
    assert json.dumps(other) == json.dumps(good)
    assert policy_diff(good, other) == []


def test_the_order_of_agencies_and_channels_changes_nothing() -> None:
    lines = GOOD.splitlines(keepends=True)
    for noun in ("agencies", "channels"):
        at = next(i for i, line in enumerate(lines) if line.startswith(noun)) + 1
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    assert policy_document(config("".join(lines))) == policy_document(config())


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("signers: 2", "signers: 1", "! releases: signers: 2 -> 1"),
        ("signers: 2", "signers: 3", "  releases: signers: 2 -> 3"),
        ("not_after: 15m", "not_after: 1h", "! releases: not_after: 900 s -> 3600 s"),
        ("stage_ahead: 10m", "stage_ahead: 5m", "! releases: stage_ahead: 600 s -> 300 s"),
        (
            "[appraise, review, check]",
            "[review, check]",
            "! kind statement: chain: appraise, review, check -> review, check",
        ),
        ("[summary, sources, t", "[summary, t",
         "! kind statement: gates: summary, sources, translation -> summary, translation"),
        ("gates: [summary],", "gates: [summary, sources],",
         "  kind news: gates: summary -> summary, sources"),
        ("127.0.0.1:8601", "203.0.113.9:80",
         "! channel portal: url: http://127.0.0.1:8601 -> http://203.0.113.9:80"),
        ('8601", l', f'8601", key: {KEY}, l', f"! channel portal: key: {KEY}"),
        (", required: false", "", "  channel press: required: no -> yes"),
        ('8601", l', '8601", required: false, l', "! channel portal: required: yes -> no"),
        ("signers: 2,", "signers: 2, withdraw_roles: [lead, admin],",
         "! roles that may withdraw: lead -> admin, lead"),
        ("  - {id: y-te, name: {vi: Bộ Y tế, en: Health}}\n", "", "  agencies removed: y-te"),
        ("  urgent: {chain: [check], urgent: true}\n", "", "! kind urgent removed"),
        ("{chain: [review], ", "{chain: [review], spokesperson: required, ",
         "  kind news: spokesperson: warned -> required"),
    ],
)  # fmt: skip
def test_attack_13_the_people_who_adopt_see_what_lowers_the_guard(
    old: str, new: str, line: str
) -> None:
    assert changed(old, new) == [line]


def test_attack_13_who_takes_the_spokesperson_out_is_seen_and_older_policies_stay_as_they_are() -> (
    None
):
    required = with_change("{chain: [review], ", "{chain: [review], spokesperson: required, ")
    before, after = policy_document(config(required)), policy_document(config())
    assert policy_diff(before, after) == ["! kind news: spokesperson: required -> warned"]
    assert "spokesperson" not in after["kinds"]["news"]
    warned = with_change("{chain: [review], ", "{chain: [review], spokesperson: warned, ")
    assert policy_document(config(warned)) == after
    read_document(before, 1)
    before["kinds"]["news"]["spokesperson"] = "whenever"
    with pytest.raises(TrustError, match="Malformed policy"):
        read_document(before, 1)


def test_the_first_policy_is_told_whole() -> None:
    lines = policy_diff(None, policy_document(config()))
    assert (
        "  kind statement added: appraise → review → check; gates summary, sources, translation"
        in lines
    )
    assert "  channel portal added: desk to http://127.0.0.1:8601, vi, en, required" in lines
    assert "  releases: signers: 2" in lines
    assert not [line for line in lines if line.startswith("!")]


def test_a_portal_without_a_receipt_key_cannot_be_adopted() -> None:
    (problem,) = not_adoptable(config())
    assert (problem.line, problem.path) == (16, "channels[0].key")
    assert not_adoptable(config(with_change('8601", l', f'8601", key: {KEY}, l'))) == []


PRESS = """press:
  contact: {post: {vi: Báo chí, en: Press}, phone: "+84 24 555 0100", languages: [vi, en, fr]}
  byline: {vi: Nội dung, en: Content}
slots:
"""


def test_attack_13_another_number_for_reporters_is_seen_by_who_adopts_it() -> None:
    with_press = with_change("slots:\n", PRESS)
    other = with_change("0100", "0199", with_press)
    before, after = (policy_document(config(text)) for text in (with_press, other))
    assert policy_diff(before, after) == [
        "! press: contact: phone: +84 24 555 0100 -> +84 24 555 0199"
    ]
    first = policy_diff(policy_document(config()), before)
    assert "  press: contact: phone: +84 24 555 0100" in first
    assert "  press: byline: Nội dung / Content" in first
    assert read_document(after, 1).press is not None
    assert read_document(before, 1).projection(["news"], ["portal"]) == read_document(
        after, 1
    ).projection(["news"], ["portal"])
