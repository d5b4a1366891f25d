"""Termbases for other tools: what comes back, what is said to be lost, which file is which."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings

from desk.errors import ConfigError, Conflict, NotFound, UsageError
from desk.terms.check import check
from desk.terms.entry import SCOPES, Entry, Form
from desk.terms.exchange import FORMATS, Imported, Loss, format_of, read, write
from desk.terms.exchange.files import read_path, write_path
from desk.terms.exchange.words import escaped, expanded
from desk.terms.termbase import Termbase, shipped
from tests.terms.exchanging import FULL, SOURCE, TEXT, entries


@settings(max_examples=60)
@given(entries())
def test_csv_gives_back_everything(entries: tuple[Entry, ...]) -> None:
    exported = write(entries, "csv")
    assert exported.losses == ()
    assert read(exported.files["terms.csv"], "csv", "terms.csv") == Imported(entries, ())


@settings(max_examples=60)
@given(entries())
def test_prh_gives_back_every_entry_that_is_a_rule(entries: tuple[Entry, ...]) -> None:
    exported = write(entries, "prh")
    rules = tuple(one for one in entries if one.variants)
    assert [loss.entry for loss in exported.losses] == [e.id for e in entries if not e.variants]
    assert read(exported.files["prh.yml"], "prh", "prh.yml") == Imported(rules, ())


def test_a_pattern_of_prh_ends_where_words_of_any_alphabet_do() -> None:
    """JavaScript's `\\b` knows ASCII letters: prh would find no "thư" and refuse the example."""
    rules = yaml.safe_load(write(shipped().entries, "prh").files["prh.yml"])["rules"]
    edges = [("(?<![\\p{L}\\p{N}])", r"(?<![^\W_])"), ("(?![\\p{L}\\p{N}])", r"(?![^\W_])")]
    tried = 0
    for rule in rules:
        assert not rule.get("options", {}).get("wordBoundary")
        whole = "|".join(f"(?:{pattern[1:-1]})" for pattern in rule["patterns"])
        for theirs, ours in edges:
            whole = whole.replace(theirs, ours)
        for spec in rule.get("specs", ()):
            assert re.sub(whole, rule["expected"], spec["from"]) == spec["to"] != spec["from"]
            tried += 1
    assert tried > 600


def test_a_rule_of_prh_that_somebody_changed_counts_as_it_is_now() -> None:
    raw = write([FULL], "prh").files["prh.yml"].decode()
    assert read(raw.encode(), "prh", "prh.yml").entries == (FULL,)
    for old, new in (
        ('expected: "Liên hợp quốc"', 'expected: "Liên Hợp Quốc"'),
        ("Hội quốc liên(?!", "Hội Quốc Liên(?!"),
        ('prh: "Viết Liên hợp quốc."', 'prh: "Viết khác."'),
        ('"severity": "error"', '"severity": "grave"'),
        ("desk: {", "desk: [{}, {"),
    ):
        changed = raw.replace(old, new, 1)
        assert changed != raw
        changed = changed.rstrip() + ("]\n" if "[{}, {" in new else "\n")
        back = read(changed.encode(), "prh", "prh.yml", "vi")
        (entry,) = back.entries
        assert entry.severity == "warning"
        assert len(back.losses) == 1
        assert "{" not in back.losses[0].what


@settings(max_examples=60)
@given(entries())
def test_tbx_gives_back_forms_concepts_rules_and_examples(entries: tuple[Entry, ...]) -> None:
    back = read(write(entries, "tbx").files["terms.tbx"], "tbx", "terms.tbx")
    assert back.losses == ()
    found = {(entry.language, entry.id): entry for entry in back.entries}
    assert len(found) == len(entries)
    for entry in entries:
        other = found[entry.language, entry.id]
        status = {"forbidden": "deprecated"}
        assert [(f.text, status.get(f.status, f.status)) for f in entry.forms] == [
            (f.text, f.status) for f in other.forms
        ]
        assert (other.concept, other.rule, str(other.source)) == (
            entry.concept, entry.rule, str(entry.source),
        )  # fmt: skip
        assert set(other.match) == set(entry.match)
        assert other.clean == entry.clean


@settings(max_examples=100)
@given(TEXT)
@example("\\b")
@example("a\\\\b")
@example("$")
def test_a_form_as_a_pattern_stands_for_just_itself(text: str) -> None:
    assert expanded(escaped(text)) == [text]


@pytest.mark.parametrize("format", ["vale", "prh"])
@settings(max_examples=40)
@given(entries=entries())
def test_rules_of_linters_give_back_what_to_replace_with_what(
    format: str, entries: tuple[Entry, ...]
) -> None:
    exported = write(entries, format)
    back: dict[str, str] = {}
    for name, raw in exported.files.items():
        for entry in read(raw, format, name, "en").entries:
            back |= {form.text: entry.suggestions[0] for form in entry.variants}
    for entry in entries:
        for form in entry.variants:
            if form.text in back and "|" not in entry.forms[0].text:
                rights = [
                    e.forms[0].text for e in entries if form.text in {f.text for f in e.forms}
                ]
                assert back[form.text] in rights


def test_shipped_terms_pass_through_tbx_and_csv_and_still_find_their_examples() -> None:
    for format, name in (("csv", "terms.csv"), ("tbx", "terms.tbx")):
        back = read(write(shipped().entries, format).files[name], format, name)
        assert back.losses == ()
        termbase = Termbase(back.entries)
        assert len(back.entries) == len(shipped().entries)
        found = check("Thủ tướng chính phủ đến Liên hiệp quốc.", termbase, language="vi",
                      patterns=False)  # fmt: skip
        assert [one.entry for one in found] == ["thu-tuong-chinh-phu", "lien-hop-quoc"]


LOST = {
    "csv": set(),
    "tbx": {
        "severity", "case policy", "scope", "contexts", "dates", "historical exemption",
        "exceptions", "owner", "date and address of the source",
        "status forbidden, written as deprecated",
    },
    "vale": {
        "rule and source", "status of forms", "concept", "scope", "contexts", "dates",
        "exceptions", "examples", "owner", "UNO.: Vale misses what begins or ends with a mark",
    },
    "prh": set(),
}  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
def test_what_a_format_cannot_hold_is_listed(format: str) -> None:
    assert {loss.what for loss in write([FULL], format).losses} == LOST[format]


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_not_listed_as_lost_comes_back(format: str) -> None:
    exported = write([FULL], format)
    (back,) = (
        entry
        for name, raw in exported.files.items()
        for entry in read(raw, format, name, "vi").entries
    )
    lost = LOST[format]
    for field, what in (("severity", "severity"), ("case", "case policy"), ("scope", "scope"),
                        ("left", "contexts"), ("since", "dates"), ("exceptions", "exceptions"),
                        ("owner", "owner"), ("concept", "concept")):  # fmt: skip
        if what not in lost:
            assert getattr(back, field) == getattr(FULL, field), field
    assert [form.text for form in back.variants] == [form.text for form in FULL.variants]


def test_an_entry_without_variants_cannot_be_a_rule_of_a_linter() -> None:
    only = Entry("x", "en", (Form("Desk", "preferred"),), "Write Desk.", SOURCE, "x",
                 scope=frozenset(SCOPES))  # fmt: skip
    for format in ("vale", "prh"):
        losses = write([only], format).losses
        assert Loss("x", "the whole entry: it has no variant") in losses
    with pytest.raises(UsageError):
        write_path(Path("nowhere"), write([only], "vale"))


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    for format in ("tbx", "csv", "vale", "prh"):
        with pytest.raises(ConfigError, match="bytes"):
            read(b" " * 32_000_001, format, "large")


@pytest.mark.parametrize(
    ("raw", "format", "what"),
    [
        (b"a,b\n1,2\n", "csv", "the first row names no column"),
        (b"wrong,right\nb\xff,B\n", "csv", "the byte 0xff is not UTF-8"),
        (b'wrong,right\n"b" x,B\n', "csv", "this is not a CSV"),
        (b"", "csv", "the first row names no column"),
        (b"extends: existence\ntokens: [a]\n", "vale", "not a substitution rule"),
        (b"extends: substitution\n", "vale", "no swap"),
        (b"extends: substitution\nswap: &a {x: y}\n", "vale", "anchor"),
        (b"a: [", "prh", "not YAML"),
        (b"version: 1\n", "prh", "no list of rules"),
    ],
)
def test_malformed_tables_and_rules_are_refused(raw: bytes, format: str, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(raw, format, "bad")
    assert what in caught.value.message


def test_the_format_is_told_by_the_name_or_asked_for() -> None:
    assert format_of("a.tbx") == "tbx"
    assert format_of("A.CSV") == "csv"
    assert format_of("r.yml", b"extends: substitution\nswap: {}") == "vale"
    assert format_of("r.yaml", b"version: 1\nrules: []") == "prh"
    for name in ("a.docx", "r.yml"):
        with pytest.raises(UsageError):
            format_of(name)


def test_files_are_not_overwritten_unless_asked(tmp_path: Path) -> None:
    target = tmp_path / "out.tbx"
    exported = write([FULL], "tbx")
    assert write_path(target, exported) == [target]
    with pytest.raises(Conflict):
        write_path(target, exported)
    assert write_path(target, exported, replace=True) == [target]
    with pytest.raises(NotFound):
        read_path(tmp_path / "none.tbx")
    folder = tmp_path / "style"
    several = write(shipped().entries, "vale")
    assert {path.parent for path in write_path(folder, several)} == {folder}
