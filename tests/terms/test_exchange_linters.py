"""Rules of Vale and prh from elsewhere: those that are lists of words are read, others told."""

from __future__ import annotations

import pytest

from desk.terms.check import check
from desk.terms.exchange import read
from desk.terms.exchange.words import NotWords, expanded
from desk.terms.termbase import Termbase


def test_vale_patterns_that_are_lists_of_words_are_read_and_others_told() -> None:
    raw = b"""extends: substitution
message: Use '%s' instead of '%s'
level: error
ignorecase: true
action: {name: replace}
swap:
  "(?:e-?mail|electronic mail)": email
  "[Hh]and ?set": phone
  "colou?rs?": hue|tint
  "\\\\d+ pages": many pages
  "(?<=a)b": c
"""
    back = read(raw, "vale", "rules.yml", "en")
    forms = {entry.suggestions: {form.text for form in entry.variants} for entry in back.entries}
    assert forms == {
        ("email",): {"e-mail", "electronic mail"},
        ("phone",): {"Hand set", "Handset", "hand set", "handset"},
        ("hue", "tint"): {"colour", "colours", "color", "colors"},
    }
    assert {entry.severity for entry in back.entries} == {"error"}
    assert [loss.what for loss in back.losses] == [
        "action of the rule",
        "the pattern \\d+ pages: the escape \\d",
        "the pattern (?<=a)b: a look-around or a flag",
    ]
    assert all(loss.entry.startswith("line ") for loss in back.losses)


def test_prh_rules_are_read_with_their_specs() -> None:
    raw = b"""version: 1
imports: [other.yml]
rules:
  - expected: Cookie
    patterns: [cookie, "/cooky|cookey/"]
    specs: [{from: a cookie here, to: a Cookie here}]
    prh: As the product writes it.
  - expected: jQuery
  - pattern: x
"""
    back = read(raw, "prh", "prh.yml", "en")
    cookie, jquery = back.entries
    assert [form.text for form in cookie.variants] == ["cookie", "cooky", "cookey"]
    assert cookie.match[0] == "a cookie here"
    assert cookie.rule == "As the product writes it."
    assert [form.text for form in jquery.variants] == ["jquery"]
    assert [loss.what for loss in back.losses] == [
        "imports of the file",
        "a rule without expected",
    ]


@pytest.mark.parametrize(
    ("rule", "text", "seen"),
    [
        ("expected: jQuery", "Jquery, JQuery and jQuery", ["Jquery", "JQuery"]),
        ("{expected: GitHub, pattern: /git hub/i}", "Git Hub, GitHub", ["Git Hub"]),
        ("{expected: email, pattern: /e-mails?/i}", "E-mails and email", ["E-mails"]),
        ("{expected: email, pattern: /e-mail/}", "E-mail, e-mail", ["e-mail"]),
    ],
)  # fmt: skip
def test_a_rule_of_prh_holds_for_the_cases_that_it_says(
    rule: str, text: str, seen: list[str]
) -> None:
    """Without a pattern prh speaks against the same letters in another case."""
    back = read(f"version: 1\nrules:\n  - {rule}\n".encode(), "prh", "prh.yml", "en")
    found = check(f"Use {text}.", Termbase(back.entries), language="en", patterns=False)
    assert [one.found for one in found] == seen
    assert back.losses == ()


def test_a_rule_of_prh_without_letters_of_two_cases_says_nothing_and_is_told() -> None:
    back = read("version: 1\nrules: [なるほど]\n".encode(), "prh", "prh.yml", "en")
    assert [loss.what for loss in back.losses] == [
        "なるほど: no wrong form is listed; kept as a standard"
    ]


@pytest.mark.parametrize(
    "pattern", ["a*", "(a", "a)", "[^a]", "a{2}", r"\w", "(?i)a", "^", ".", ""]
)
def test_patterns_that_are_no_words_are_said_to_be_none(pattern: str) -> None:
    with pytest.raises(NotWords):
        expanded(pattern)


def test_a_pattern_of_too_many_words_stops_early() -> None:
    with pytest.raises(NotWords, match="more than"):
        expanded("(a|b)" * 60)
