"""Rules of Vale and prh from elsewhere: those that are lists of words are read, others told."""

from __future__ import annotations

import pytest

from desk.terms.exchange import read
from desk.terms.exchange.words import NotWords, expanded


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
    assert jquery.variants == ()
    assert [loss.what for loss in back.losses] == [
        "imports of the file",
        "jQuery: no wrong form is listed; kept as a standard",
        "a rule without expected",
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
