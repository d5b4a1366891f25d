"""Help for somebody who reads only Vietnamese: every verb, option and word of click."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from desk.cli import NOUNS, root
from desk.cli.helping import help_text, of_click, record
from desk.locales import _, set_language, told

THE_SAME = {"DATE", "HEX", "RRULE", "URL", "YYYY", "CSV", "HTTP", "SARIF"}


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    set_language("vi")
    yield
    set_language("en")


def commands() -> Iterator[tuple[click.Command, click.Context]]:
    """Every noun and every verb with the context it runs in."""
    top = click.Context(root, info_name="desk")
    for name in NOUNS:
        noun = root.get_command(top, name)
        assert noun is not None
        context = click.Context(noun, info_name=name, parent=top)
        yield noun, context
        if isinstance(noun, click.Group):
            for verb in noun.list_commands(context):
                made = noun.get_command(context, verb)
                assert made is not None
                yield made, click.Context(made, info_name=verb, parent=context)


def english() -> dict[str, str]:
    """Each command's help as it is written, by its path."""
    set_language("en")
    said = {context.command_path: help_text(made) for made, context in commands()}
    set_language("vi")
    return said


def test_every_verb_and_option_is_told_in_vietnamese() -> None:
    written = english()
    assert len(written) > 150, "the whole command line is read"
    for made, context in commands():
        path = context.command_path
        assert help_text(made) != written[path], path
        page = made.get_help(context)
        assert page.startswith("Cách dùng: desk"), path
        assert "Usage" not in page, path
        assert "Options" not in page, path
        for param in made.get_params(context):
            told_so = record(param, context)
            text = getattr(param, "help", None)
            if told_so is not None and text and re.search(r"[a-z]{4} [a-z]{2}", text):
                assert not told_so[1].startswith(text), (path, param.name)


def test_what_stands_in_capitals_is_vietnamese() -> None:
    for made, context in commands():
        usage = " ".join(made.collect_usage_pieces(context))
        for word in re.findall(r"\b[A-Z]{3,}\b", usage):
            assert _(word) != word or word in THE_SAME, (context.command_path, word)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("Invalid value for '--limit': 'x' is not a valid integer.",
         "Giá trị không hợp lệ cho '--limit': 'x' không phải số nguyên"),
        ("Invalid value for '--lang': 'fr' is not one of 'vi', 'en'.",
         "Giá trị không hợp lệ cho '--lang': 'fr' không thuộc 'vi', 'en'"),
        ("Option '--from' requires an argument.", "Tùy chọn '--from' cần một giá trị"),
        ("Got unexpected extra argument (b)", "Thừa đối số: b"),
        ("Invalid value for 'FILE': File 'x.md' does not exist.",
         "Giá trị không hợp lệ cho 'FILE': Không có tệp 'x.md'"),
    ],
)  # fmt: skip
def test_what_click_refuses_is_told_in_vietnamese(said: str, wanted: str) -> None:
    assert told(of_click(said)) == wanted


def test_what_nobody_foresaw_stays_in_clicks_own_words() -> None:
    assert told(of_click("Something {new} happened.")) == "Something {new} happened"
